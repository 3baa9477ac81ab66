"""Nothing enforces that the container runs as another user than root.

A `runAsUser` above 0 says who the process is; only `runAsNonRoot: true` makes the kubelet refuse to start it as root,
when a patch, a new image or a container without its own user changes that. Namespaces that enforce the restricted
standard demand it in any case, and refuse a pod that writes `runAsNonRoot: false` or `runAsUser: 0` for the pod even
where every container says otherwise.

## Fix

Set `securityContext.runAsNonRoot: true` for the pod, and no other value below.

## References

- [Pod Security Standards, restricted: running as non-root](https://kubernetes.io/docs/concepts/security/pod-security-standards/)
- [Configure a Security Context for a Pod or Container](https://kubernetes.io/docs/tasks/configure-pod-container/security-context/)

## Bad: a user, but no promise

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  securityContext: # finding
    runAsUser: 10001
  containers:
    - name: web
      image: registry.example/web:1.4.0
    - name: proxy
      image: registry.example/proxy:1.4.0
      securityContext:
        runAsNonRoot: true
```

## Bad: the pod says no, its containers yes

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  securityContext:
    runAsNonRoot: false # finding
    runAsUser: 0 # finding
  containers:
    - name: web
      image: registry.example/web:1.4.0
      securityContext:
        runAsNonRoot: true
        runAsUser: 10001
```

## Good: for the pod, or each container

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  securityContext: {runAsNonRoot: true}
  containers: [{name: web, image: "registry.example/web:1.4.0"}]
---
apiVersion: v1
kind: Pod
metadata:
  name: worker
spec:
  containers:
    - name: worker
      image: registry.example/worker:1.4.0
      securityContext: {runAsNonRoot: true}
```

## Good: what may be root is another rule's

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers: [{name: web, image: "registry.example/web:1.4.0"}]
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.rule import Target, rule
from infracheck.source.field import judge_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.container import Container
    from infracheck.kubernetes.pod import PodSpec
    from infracheck.rule import Violation


@rule(
    Target.POD_SPEC,
    severity=Severity.LOW,
    category=Category.SECURITY,
    priority=Priority.P3,
    aliases=("AVD-KSV-0012", "KSV-0012", "kube-linter:run-as-non-root"),
    tags=("pss-restricted",),
    remedy="Set `runAsNonRoot: true` for the pod.",
    default=False,
)
def non_root_not_enforced(pod: PodSpec) -> Iterator[Violation]:
    """Yield what the restricted standard refuses although no container is about to run as root."""
    if pod.is_windows or pod.has_user_namespace:
        return

    reported: set[str] = set()

    def judge(container: Container) -> Iterator[Violation]:
        must_not = container.effective_security("runAsNonRoot")
        user = container.effective_security("runAsUser")
        if must_not.boolean() is True or not user.number():
            return
        if must_not.exists:
            at = must_not
        else:
            at = pod.at("securityContext.runAsNonRoot") if pod.security_context["runAsUser"].exists else must_not
        if at.path in reported:
            return
        reported.add(at.path)
        yield pod.violation(at, f"{pod.address} may run as root if its user changes: runAsNonRoot is not true")

    yield from judge_each(pod.containers, judge)
    yield from _overridden(pod)


def _overridden(pod: PodSpec) -> Iterator[Violation]:
    """What the pod says and no container follows: the standard refuses it all the same."""
    said = pod.security_context
    for key, wrong in (
        ("runAsNonRoot", said["runAsNonRoot"].boolean() is False),
        ("runAsUser", said["runAsUser"].number() == 0),
    ):
        if wrong and all(container.security_context[key].exists for container in pod.containers):
            message = (
                f"{pod.address} asks for root by {key}, which no container follows and the restricted standard refuses"
            )
            yield pod.violation(said[key], message)
