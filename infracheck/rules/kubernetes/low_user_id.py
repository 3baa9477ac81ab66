"""Container runs with a low user id, or with the one its image names.

User ids below 10,000 are those of the node's own users. A process that gets out of its container, or that shares a
directory with the node, then has the rights of whichever user of the node happens to have the same number. Where no
`runAsUser` is written the image decides, and images count from 0 or 1000.

## Fix

Give the workload a user id of its own of 10,000 or more: `runAsUser: 10001`.

## References

- [Configure a Security Context for a Pod or Container](https://kubernetes.io/docs/tasks/configure-pod-container/security-context/)
- [Users and groups, Kubernetes documentation](https://kubernetes.io/docs/concepts/security/linux-kernel-security-constraints/)

## Bad: the pod's, and one container's

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  securityContext:
    runAsUser: 1000 # finding
  containers:
    - name: web
      image: registry.example/web:1.4.0
    - name: proxy
      image: registry.example/proxy:1.4.0
      securityContext:
        runAsUser: 101 # finding
```

## Bad: the image decides

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  initContainers:
    - name: setup
      image: registry.example/setup:1.4.0
      securityContext:
        runAsUser: 10001
  containers:
    - name: web
      image: registry.example/web:1.4.0
      securityContext: # finding
        runAsNonRoot: true
```

## Good: a high number, and a low one that no container takes

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  securityContext:
    runAsUser: 10001
  containers:
    - name: web
      image: registry.example/web:1.4.0
---
apiVersion: v1
kind: Pod
metadata:
  name: worker
spec:
  securityContext:
    runAsUser: 180
  containers:
    - name: worker
      image: registry.example/worker:1.4.0
      securityContext:
        runAsUser: 12000
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.kubernetes.matches import some
from infracheck.rule import Target, rule
from infracheck.rules.kubernetes._security_contexts import security_contexts
from infracheck.source.field import judge_each

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from infracheck.kubernetes.container import Container
    from infracheck.kubernetes.pod import PodSpec
    from infracheck.rule import Violation
    from infracheck.source.field import Field


LOWEST = 10_000
"""Ids below may belong to users of the node."""


@rule(
    Target.POD_SPEC,
    severity=Severity.LOW,
    category=Category.SECURITY,
    priority=Priority.P3,
    aliases=(
        "CKV_K8S_40",
        "AVD-KSV-0020",
        "KSV-0020",
        "kube-score:container-security-context-user-group-id",
    ),
    remedy="Set `runAsUser` to 10,000 or more.",
    default=False,
)
def low_user_id(pod: PodSpec) -> Iterator[Violation]:
    """Yield each user id that is written and low, and each container without one; user 0 is another rule's."""
    if pod.is_windows:
        return

    def judge(place: tuple[str, Field]) -> Iterator[Violation]:
        whose, context = place
        written = context["runAsUser"]
        number = written.number()
        if number is None or not 0 < number < LOWEST:
            return
        if context.path != pod.security_context.path or some(_inherits(container) for container in pod.containers):
            message = f"{whose} runs with user id {number}, which may be one of the node's"
            yield pod.violation(written, message)

    def judge_absence(container: Container) -> Iterator[Violation]:
        written = container.effective_security("runAsUser")
        if not written.exists:
            whose = f"container {container.shown_name} of {pod.address}"
            yield pod.violation(written, f"{whose} runs with the user id of its image: runAsUser is not set")

    yield from judge_each(security_contexts(pod), judge)
    yield from judge_each(pod.containers, judge_absence)


def _inherits(container: Container) -> Callable[[], bool]:
    """Whether its user id is the pod's."""
    return lambda: not container.security_context["runAsUser"].exists
