"""Annotation asks for what Kubernetes no longer reads from it.

Some features began as annotations and became fields. Releases later the annotation is dropped without an error: the
object is accepted as before, and what was asked for does not happen. Pods that asked for a seccomp profile run without
one since 1.27, critical pods lost their priority in 1.16, and peers that must find each other before they are ready no
longer do since 1.24.

An annotation whose successor is set as well harms nobody and is not reported.

## Fix

Set the field that took the annotation's place (`securityContext.seccompProfile`, `priorityClassName`,
`publishNotReadyAddresses`) and remove the annotation.

## References

- [Restrict a Container's Syscalls with seccomp](https://kubernetes.io/docs/tutorials/security/seccomp/)
- [Kubernetes 1.16: deprecations and removals](https://github.com/kubernetes/kubernetes/blob/master/CHANGELOG/CHANGELOG-1.16.md#deprecations-and-removals)
- [Kubernetes 1.24 without tolerate-unready-endpoints](https://github.com/kubernetes/kubernetes/pull/108020)
- [Well-Known Labels, Annotations and Taints](https://kubernetes.io/docs/reference/labels-annotations-taints/)

## Bad: the seccomp profile of the pod

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
  annotations:
    seccomp.security.alpha.kubernetes.io/pod: runtime/default # finding
spec:
  containers:
    - name: web
      image: registry.example/web:1.4.0
```

## Bad: the profile of one container

```yaml manifest.yaml
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
      annotations:
        container.seccomp.security.alpha.kubernetes.io/proxy: localhost/proxy.json # finding
        container.seccomp.security.alpha.kubernetes.io/web: localhost/web.json
    spec:
      containers:
        - name: web
          image: registry.example/web:1.4.0
          securityContext:
            seccompProfile: {type: Localhost, localhostProfile: web.json}
        - name: proxy
          image: registry.example/proxy:1.4.0
```

## Bad: a critical pod, and endpoints before they are ready

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: dns
  labels: {app: dns}
  annotations:
    scheduler.alpha.kubernetes.io/critical-pod: "" # finding
spec:
  containers:
    - name: dns
      image: registry.example/dns:1.4.0
---
apiVersion: v1
kind: Service
metadata:
  name: peers
  annotations:
    service.alpha.kubernetes.io/tolerate-unready-endpoints: "true" # finding
spec:
  clusterIP: None
  selector: {app: dns}
  ports: [{port: 53}]
```

## Good: the field says it too, or nothing is asked for

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: dns
  labels: {app: dns}
  annotations:
    scheduler.alpha.kubernetes.io/critical-pod: ""
    seccomp.security.alpha.kubernetes.io/pod: runtime/default
    container.seccomp.security.alpha.kubernetes.io/gone: runtime/default
spec:
  priorityClassName: system-cluster-critical
  securityContext:
    seccompProfile: {type: RuntimeDefault}
  containers:
    - name: dns
      image: registry.example/dns:1.4.0
---
apiVersion: v1
kind: Pod
metadata:
  name: debug
  annotations:
    seccomp.security.alpha.kubernetes.io/pod: unconfined
spec:
  containers:
    - name: debug
      image: registry.example/debug:1.4.0
---
apiVersion: v1
kind: Service
metadata:
  name: peers
  annotations:
    service.alpha.kubernetes.io/tolerate-unready-endpoints: "true"
spec:
  clusterIP: None
  publishNotReadyAddresses: true
  selector: {app: dns}
  ports: [{port: 53}]
```

## Good: a cluster that reads it

```toml infracheck.toml
[environments.dev]
cluster-version = "1.24"
```

```yaml dev/manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
  annotations:
    seccomp.security.alpha.kubernetes.io/pod: runtime/default
spec:
  containers:
    - name: web
      image: registry.example/web:1.4.0
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.kubernetes.facts.pod_security import SECCOMP_ANNOTATIONS, SECCOMP_ANNOTATIONS_END
from infracheck.kubernetes.release import NEWEST, cluster_release
from infracheck.kubernetes.service import Service
from infracheck.kubernetes.workload import Workload
from infracheck.rule import Target, rule
from infracheck.source.field import find, judge_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.container import Container
    from infracheck.kubernetes.manifest import Manifest
    from infracheck.rule import Violation
    from infracheck.source.field import Field

CRITICAL_POD: Final = "scheduler.alpha.kubernetes.io/critical-pod"
UNREADY_ENDPOINTS: Final = "service.alpha.kubernetes.io/tolerate-unready-endpoints"


@rule(
    Target.MANIFEST,
    severity=Severity.LOW,
    category=Category.CORRECTNESS,
    priority=Priority.P3,
    tags=("pss-restricted",),
    remedy="Set the field that took the annotation's place.",
)
def annotation_without_effect(manifest: Manifest) -> Iterator[Violation]:
    """Yield each annotation of a pod or Service that the cluster ignores and that no field stands in for."""
    if isinstance(manifest, Workload):
        yield from judge_each(manifest.pod_annotations.items(), lambda one: _of_pods(manifest, *one))
    elif isinstance(manifest, Service):
        written = manifest.annotations[UNREADY_ENDPOINTS]
        if written.text() == "true" and not manifest.at("spec.publishNotReadyAddresses").boolean(default=False):
            yield from _ignored(manifest, written, UNREADY_ENDPOINTS, (1, 24), "set `publishNotReadyAddresses`")


def _of_pods(workload: Workload, name: str, written: Field) -> Iterator[Violation]:
    own, pods = SECCOMP_ANNOTATIONS
    if name == CRITICAL_POD:
        if not workload.pod.field["priorityClassName"].require().exists:
            yield from _ignored(workload, written, name, (1, 16), "set `priorityClassName`")
    elif (name == pods or name.startswith(own)) and written.text("unconfined") != "unconfined":
        meant = None if name == pods else name.removeprefix(own)
        bare = find(workload.containers, lambda container: _lacks_profile(container, meant))
        if bare is not None:
            then = f"container {bare.shown_name} runs without a seccomp profile"
            yield from _ignored(workload, written, name, SECCOMP_ANNOTATIONS_END, then)


def _lacks_profile(container: Container, meant: str | None) -> bool:
    """Whether a container that the annotation means (all for None) has no profile by a field."""
    if meant not in (None, container.name) or container.pod.is_windows or container.is_privileged:
        return False
    return not container.effective_security("seccompProfile.type").exists


def _ignored(manifest: Manifest, written: Field, name: str, end: tuple[int, int], then: str) -> Iterator[Violation]:
    if (cluster_release(manifest.context) or NEWEST) >= end:
        release = ".".join(map(str, end))
        message = f"{manifest.address}: annotation {name} has no effect since Kubernetes {release}: {then}"
        yield manifest.violation(written, message)
