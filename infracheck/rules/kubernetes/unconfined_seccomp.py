"""Seccomp profile is switched off.

`Unconfined` lets a container make every system call the kernel knows, those too that the runtime's profile refuses
because exploits use them and applications don't: `keyctl`, `bpf`, `mount`, `userfaultfd`. It also overrides a cluster
that gives all pods the runtime's profile (`seccompDefault`). A type that does not exist is refused by the API server.

## Fix

Set `seccompProfile.type: RuntimeDefault`, or write a profile for the one call that is missing and name it with
`Localhost`.

## References

- [Restrict a Container's Syscalls with seccomp](https://kubernetes.io/docs/tutorials/security/seccomp/)
- [Pod Security Standards, baseline: seccomp](https://kubernetes.io/docs/concepts/security/pod-security-standards/)

## Bad: one container, and a type that is none

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  securityContext:
    seccompProfile:
      type: RuntimeDefault
  initContainers:
    - name: setup
      image: registry.example/setup:1.4.0
      securityContext:
        seccompProfile:
          type: runtime/default # finding
  containers:
    - name: web
      image: registry.example/web:1.4.0
    - name: proxy
      image: registry.example/proxy:1.4.0
      securityContext:
        seccompProfile:
          type: Unconfined # finding
```

## Bad: an overlay, for the whole pod

```yaml base/kustomization.yaml
resources: [web.yaml]
```

```yaml base/web.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      securityContext:
        seccompProfile: {type: RuntimeDefault}
      containers: [{name: web, image: "registry.example/web:1.4.0"}]
```

```yaml overlays/dev/kustomization.yaml
resources: [../../base]
patches:
  - path: debug.yaml
```

```yaml overlays/dev/debug.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  template:
    spec:
      securityContext:
        seccompProfile:
          type: Unconfined # finding
```

## Good: two profiles

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  securityContext:
    seccompProfile: {type: RuntimeDefault}
  containers:
    - name: web
      image: registry.example/web:1.4.0
      securityContext:
        seccompProfile: {type: Localhost, localhostProfile: profiles/web.json}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Severity
from infracheck.kubernetes.facts.pod_security import PROFILE_TYPES
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
    aliases=("AVD-KSV-0030", "KSV-0030", "AVD-KSV-0104", "KSV-0104"),
    tags=("pss-baseline", "pss-restricted"),
    remedy="Set `seccompProfile.type: RuntimeDefault`.",
)
def unconfined_seccomp(pod: PodSpec) -> Iterator[Violation]:
    """Yield each type of profile that confines nothing, for the pod or a container."""

    def judge(place: tuple[str, Field]) -> Iterator[Violation]:
        whose, context = place
        kind = context["seccompProfile"]["type"]
        if not kind.exists or kind.text() in PROFILE_TYPES:
            return
        if kind.text() == "Unconfined":
            yield pod.violation(kind, f"{whose} switches its seccomp profile off")
        else:
            yield pod.violation(kind, f"{whose} names a type of seccomp profile that does not exist: {kind.text()}")

    yield from judge_each(security_contexts(pod), judge)
