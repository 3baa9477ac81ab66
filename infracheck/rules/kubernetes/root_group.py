"""Container runs in the root group.

Group 0 owns much of what an image and its node hold, and group permissions on it are rarely looked at. A process of
that group may write `/etc/passwd` of many images and become root, and reads what the node shares with its own root
group.

## Fix

Set `runAsGroup`, `fsGroup` and `supplementalGroups` to groups of the workload's own, of 10,000 or more.

## References

- [Configure a Security Context for a Pod or Container](https://kubernetes.io/docs/tasks/configure-pod-container/security-context/)
- CIS Kubernetes Benchmark v1.9.0, 5.2.7: minimize the admission of root containers

## Bad: as each of the three

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  securityContext:
    runAsUser: 10001
    fsGroup: 0 # finding
    supplementalGroups:
      - 10001
      - 0 # finding
  containers:
    - name: web
      image: registry.example/web:1.4.0
      securityContext:
        runAsGroup: 0 # finding
```

## Good: groups of its own; root itself is another rule's

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  securityContext:
    runAsUser: 10001
    runAsGroup: 10001
    fsGroup: 10001
  containers:
    - name: web
      image: registry.example/web:1.4.0
  initContainers:
    - name: setup
      image: registry.example/setup:1.4.0
      securityContext:
        runAsUser: 0
        runAsGroup: 0
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Severity
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
    severity=Severity.LOW,
    category=Category.SECURITY,
    priority=Priority.P3,
    aliases=(
        "AVD-KSV-0021",
        "KSV-0021",
        "AVD-KSV-0116",
        "KSV-0116",
        "kube-score:container-security-context-user-group-id",
    ),
    remedy="Use groups of the workload's own.",
    default=False,
)
def root_group(pod: PodSpec) -> Iterator[Violation]:
    """Yield each group 0; where the user is root too, that is the fault to mend."""

    def judge(place: tuple[str, Field]) -> Iterator[Violation]:
        whose, context = place
        if context["runAsUser"].number() == 0:
            return
        for group in (context["runAsGroup"], context["fsGroup"], *context["supplementalGroups"]):
            if group.number() == 0:
                yield pod.violation(group, f"{whose} runs in the root group")

    yield from judge_each(security_contexts(pod), judge)
