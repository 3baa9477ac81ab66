"""Container may run as root.

Nothing keeps the container from running as user 0: neither `runAsNonRoot: true` nor a `runAsUser` other than 0 is set,
so the image decides, and most images say root. Root in a container is root towards every file and device it can reach;
a flaw in the kernel or the runtime, or a mount of the host, makes it root on the node. In a pod with users of its own
(`hostUsers: false`) root is nobody on the node: such pods are left out, as the Pod Security Standards do since 1.34.
User 0 and `runAsNonRoot: true` contradict each other: the kubelet then refuses to start the container.

## Fix

Set `runAsNonRoot: true` and a `runAsUser` above 0, for the pod or the container, and build the image for that user.

## References

- [User Namespaces, Kubernetes documentation](https://kubernetes.io/docs/concepts/workloads/pods/user-namespaces/)
- [Pod Security Standards, restricted: running as non-root](https://kubernetes.io/docs/concepts/security/pod-security-standards/)
- CIS Kubernetes Benchmark v1.9.0, 5.2.7: minimize the admission of root containers

## Bad: the image decides

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: registry.example/web:1.4.0
      securityContext: # finding
        readOnlyRootFilesystem: true
```

## Bad: user 0, and an exception for one container

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  securityContext:
    runAsNonRoot: true
  containers:
    - name: web
      image: registry.example/web:1.4.0
      securityContext:
        runAsNonRoot: false # finding
    - name: proxy
      image: registry.example/proxy:1.4.0
      securityContext:
        runAsUser: 0 # finding
```

## Bad: the pod says 0, an init container inherits it

```yaml manifest.yaml
apiVersion: batch/v1
kind: CronJob
metadata:
  name: report
spec:
  schedule: "0 3 * * *"
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          securityContext:
            runAsUser: 0 # finding
          initContainers:
            - name: fetch
              image: registry.example/fetch:1.4.0
          containers:
            - name: report
              image: registry.example/report:1.4.0
              securityContext:
                runAsUser: 10001
```

## Bad: user 0, and refused by its pod

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  securityContext:
    runAsNonRoot: true
  containers:
    - name: web
      image: registry.example/web:1.4.0
      securityContext:
        runAsUser: 0 # finding
```

## Good: for all containers of the pod

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  securityContext:
    runAsNonRoot: true
    runAsUser: 10001
  containers:
    - name: web
      image: registry.example/web:1.4.0
```

## Good: a user other than root

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: registry.example/web:1.4.0
      securityContext:
        runAsUser: 10001
```

## Good: root of a user namespace

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: builder
spec:
  hostUsers: false
  containers:
    - name: builder
      image: registry.example/builder:1.4.0
      securityContext:
        runAsUser: 0
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from infracheck.findings.severity import Category, Severity
from infracheck.rule import Target, rule
from infracheck.source.field import NotJudged

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.container import Container
    from infracheck.kubernetes.pod import PodSpec
    from infracheck.rule import Violation
    from infracheck.source.field import Field


class Fault(NamedTuple):
    """What is wrong with a container.

    Attributes:
        setting: the guilty field, its own or its pod's.
        does: what the container therefore does.
        why: the value of the setting.
    """

    setting: Field
    does: str
    why: str


@rule(
    Target.POD_SPEC,
    severity=Severity.MEDIUM,
    category=Category.SECURITY,
    aliases=(
        "CKV_K8S_23",
        "CKV_K8S_40",
        "AVD-KSV-0012",
        "KSV-0012",
        "AVD-KSV-0020",
        "KSV-0020",
        "AVD-KSV-0105",
        "KSV-0105",
        "kube-linter:run-as-non-root",
        "kube-score:container-security-context-user-group-id",
        "polaris:runAsRootAllowed",
    ),
    tags=("pss-restricted",),
    remedy="Set `runAsNonRoot: true` and a `runAsUser` above 0.",
)
def runs_as_root(pod: PodSpec) -> Iterator[Violation]:
    """Yield each setting by which containers run as user 0, or that leaves the choice to their images."""
    if pod.is_windows or pod.has_user_namespace:
        return
    # A setting of the pod is one cause, so the message names all containers that have it from there.
    found: dict[tuple[str, str], tuple[Fault, list[str]]] = {}
    unsure: NotJudged | None = None
    for container in pod.containers:
        try:
            fault = _fault(container)
        except NotJudged as cause:
            unsure = unsure or cause
            continue
        if fault is not None:
            found.setdefault((fault.setting.path, fault.does), (fault, []))[1].append(container.shown_name)
    for fault, names in found.values():
        yield pod.violation(fault.setting, _message(pod, fault, names))
    if unsure is not None:
        raise unsure


def _message(pod: PodSpec, fault: Fault, names: list[str]) -> str:
    if len(names) == 1:
        return f"container {names[0]} of {pod.address} {fault.does}: {fault.why}"
    listed = f"{', '.join(names[:-1])} and {names[-1]}"
    return f"containers {listed} of {pod.address} {fault.does.replace('runs', 'run')}: {fault.why}"


def _fault(container: Container) -> Fault | None:
    user, must_not = container.effective_security("runAsUser"), container.effective_security("runAsNonRoot")
    if user.number() == 0:
        if must_not.boolean(default=False) is True:
            return Fault(user, "cannot start", "runAsUser is 0, and runAsNonRoot is true")
        return Fault(user, "runs as root", "runAsUser is 0")
    if not user.exists and must_not.boolean(default=False) is False:
        return Fault(must_not, "may run as root", "runAsNonRoot is not true")
    return None
