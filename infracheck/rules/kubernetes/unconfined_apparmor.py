"""Container switches its AppArmor profile off.

On nodes with AppArmor (Ubuntu, Debian, Container-Optimized OS) the runtime's profile keeps containers from mounting
filesystems and from writing to sensitive parts of `/proc` and `/sys`. `Unconfined` takes that away. Written by the old
annotation it does the same wherever no field says otherwise.

## Fix

Remove it, set `appArmorProfile.type: RuntimeDefault`, or load a profile of your own and name it with `Localhost`.

## References

- [Restrict a Container's Access to Resources with AppArmor](https://kubernetes.io/docs/tutorials/security/apparmor/)
- [Pod Security Standards, baseline: AppArmor](https://kubernetes.io/docs/concepts/security/pod-security-standards/)

## Bad: the pod, and a container

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: agent
spec:
  securityContext:
    appArmorProfile:
      type: Unconfined # finding
  initContainers:
    - name: setup
      image: registry.example/agent:1.4.0
      securityContext:
        appArmorProfile:
          type: Unconfined # finding
  containers:
    - name: agent
      image: registry.example/agent:1.4.0
      securityContext:
        appArmorProfile:
          type: RuntimeDefault
```

## Bad: the annotation of the pod template

```yaml manifest.yaml
apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: agent
spec:
  selector:
    matchLabels: {app: agent}
  template:
    metadata:
      labels: {app: agent}
      annotations:
        container.apparmor.security.beta.kubernetes.io/agent: unconfined # finding
        container.apparmor.security.beta.kubernetes.io/logs: runtime/default
    spec:
      containers:
        - {name: agent, image: "registry.example/agent:1.4.0"}
        - {name: logs, image: "registry.example/logs:1.4.0"}
```

## Good: a profile, or the default

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
  annotations:
    container.apparmor.security.beta.kubernetes.io/proxy: localhost/proxy
spec:
  containers:
    - name: web
      image: registry.example/web:1.4.0
      securityContext:
        appArmorProfile:
          type: Localhost
          localhostProfile: web
    - name: proxy
      image: registry.example/proxy:1.4.0
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Severity
from infracheck.kubernetes.facts.pod_security import APPARMOR_ANNOTATION, PROFILE_TYPES
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
    aliases=("AVD-KSV-0002", "KSV-0002"),
    tags=("pss-baseline", "pss-restricted"),
    remedy="Remove it, or set `appArmorProfile.type: RuntimeDefault`.",
)
def unconfined_apparmor(pod: PodSpec) -> Iterator[Violation]:
    """Yield each profile that confines nothing, whether written as a field or as an annotation."""

    def judge(place: tuple[str, Field]) -> Iterator[Violation]:
        whose, context = place
        kind = context["appArmorProfile"]["type"]
        if kind.exists and kind.text() not in PROFILE_TYPES:
            yield pod.violation(kind, f"{whose} switches its AppArmor profile off")

    def judge_annotation(entry: tuple[str, Field]) -> Iterator[Violation]:
        key, value = entry
        if not key.startswith(APPARMOR_ANNOTATION):
            return
        profile = value.text("") or ""
        if profile and profile != "runtime/default" and not profile.startswith("localhost/"):
            name = key.removeprefix(APPARMOR_ANNOTATION)
            yield pod.violation(value, f"container {name} of {pod.address} switches its AppArmor profile off")

    yield from judge_each(security_contexts(pod), judge)
    yield from judge_each(pod.workload.pod_annotations.items(), judge_annotation)
