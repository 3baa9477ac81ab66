"""Pod chooses its own SELinux domain, user or role.

SELinux keeps processes of containers from files and processes of the node by their type `container_t`. Another type,
such as `spc_t` or `unconfined_t`, lifts that; a user or role of one's own can do the same. The baseline standard allows
the types made for containers and no user or role.

## Fix

Remove `type`, `user` and `role`; `level` is enough to share a volume. A custom policy gets a type that extends
`container_t`, with a suppression that says why.

## References

- [Pod Security Standards, baseline: SELinux](https://kubernetes.io/docs/concepts/security/pod-security-standards/)
- [Assign SELinux labels to a Container](https://kubernetes.io/docs/tasks/configure-pod-container/security-context/#assign-selinux-labels-to-a-container)

## Bad: a super-privileged type, a user and a role

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: agent
spec:
  securityContext:
    seLinuxOptions:
      type: spc_t # finding
  containers:
    - name: agent
      image: registry.example/agent:1.4.0
      securityContext:
        seLinuxOptions:
          user: system_u # finding
          role: system_r # finding
          level: s0
```

## Good: types for containers

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  securityContext:
    seLinuxOptions:
      level: "s0:c123,c456"
  containers:
    - name: web
      image: registry.example/web:1.4.0
      securityContext:
        seLinuxOptions:
          type: container_t
          user: ""
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Severity
from infracheck.kubernetes.facts.pod_security import SELINUX_TYPES
from infracheck.rule import Target, rule
from infracheck.rules.kubernetes._security_contexts import security_contexts
from infracheck.source.field import judge_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.pod import PodSpec
    from infracheck.rule import Violation
    from infracheck.source.field import Field


@rule(
    Target.POD_SPEC,
    severity=Severity.MEDIUM,
    category=Category.SECURITY,
    aliases=("AVD-KSV-0025", "KSV-0025"),
    tags=("pss-baseline", "pss-restricted"),
    remedy="Remove `type`, `user` and `role`.",
)
def custom_selinux_options(pod: PodSpec) -> Iterator[Violation]:
    """Yield each type that is not one of those for containers, each user and each role."""

    def judge(place: tuple[str, str, Field]) -> Iterator[Violation]:
        whose, key, option = place
        value = option.text("") or ""
        if value not in (SELINUX_TYPES if key == "type" else {""}):
            yield pod.violation(option, f"{whose} sets the SELinux {key} {value}, outside what confines containers")

    contexts = security_contexts(pod)
    places = ((whose, key, at["seLinuxOptions"][key]) for whose, at in contexts for key in ("type", "user", "role"))
    yield from judge_each(places, judge)
