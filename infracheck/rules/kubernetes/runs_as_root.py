"""Container may run as root.

Nothing keeps the container from running as user 0: neither `runAsNonRoot: true` nor a `runAsUser` other than 0 is set,
so the image decides, and most images say root. Root in a container is root towards every file and device it can reach;
a flaw in the kernel or the runtime, or a mount of the host, makes it root on the node. In a pod with users of its own
(`hostUsers: false`) root is nobody on the node: such pods are left out, as the Pod Security Standards do since 1.34.

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

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Severity
from infracheck.rule import Target, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.container import Container
    from infracheck.rule import Violation


@rule(
    Target.CONTAINER,
    severity=Severity.MEDIUM,
    category=Category.SECURITY,
    aliases=(
        "CKV_K8S_23",
        "AVD-KSV-0012",
        "KSV-0012",
        "AVD-KSV-0105",
        "KSV-0105",
        "kube-linter:run-as-non-root",
        "polaris:runAsRootAllowed",
    ),
    tags=("pss-restricted",),
    remedy="Set `runAsNonRoot: true` and a `runAsUser` above 0.",
)
def runs_as_root(container: Container) -> Iterator[Violation]:
    """Yield a container that runs as user 0, or that only its image keeps from it."""
    if container.pod.is_windows or container.pod.has_user_namespace:
        return
    shown = f"{container.shown_name} of {container.address}"
    user = container.effective_security("runAsUser")
    if user.number() == 0:
        yield container.violation(user, f"container {shown} runs as root: runAsUser is 0")
        return
    must_not = container.effective_security("runAsNonRoot")
    if not user.exists and must_not.boolean(default=False) is False:
        yield container.violation(must_not, f"container {shown} may run as root: runAsNonRoot is not true")
