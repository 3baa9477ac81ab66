"""Workload runs in a namespace of Kubernetes itself.

Pods in `kube-system` may use the priority classes of the system, are often exempt from admission policies, and share
their accounts and Secrets with what runs the cluster: whoever takes over one is close to all of it. `kube-public` can
be read by everybody.

It is off by default, as add-ons of the cluster belong there.

## Fix

Give the workload a namespace of its own.

## References

- [Initial namespaces](https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/#initial-namespaces)

## Bad: both

```yaml pods.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
  namespace: kube-system # finding
spec:
  containers: [{name: app, image: "web:1.0"}]
---
apiVersion: batch/v1
kind: Job
metadata:
  name: export
  namespace: kube-public # finding
spec:
  template:
    spec:
      containers: [{name: app, image: "web:1.0"}]
```

## Good: another, the control plane, and configuration of the system

```yaml pods.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
  namespace: kube-tools
spec:
  containers: [{name: app, image: "web:1.0"}]
---
apiVersion: v1
kind: Pod
metadata:
  name: kube-apiserver
  namespace: kube-system
  labels: {component: kube-apiserver, tier: control-plane}
spec:
  containers: [{name: kube-apiserver, image: "registry.k8s.io/kube-apiserver:v1.34.1"}]
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: coredns-custom
  namespace: kube-system
data: {}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Severity
from infracheck.kubernetes.matches import every
from infracheck.rule import Target, rule
from infracheck.rules.kubernetes._namespaces import SYSTEM

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.workload import Workload
    from infracheck.rule import Violation

CONTROL_PLANE = ("kube-apiserver", "kube-controller-manager", "kube-scheduler", "etcd")
"""The `component` labels of the static pods that kubeadm writes, beside `tier: control-plane`."""


@rule(
    Target.WORKLOAD,
    severity=Severity.MEDIUM,
    category=Category.SECURITY,
    aliases=("AVD-KSV-0037", "KSV-0037"),
    remedy="Give the workload a namespace of its own.",
    default=False,
)
def system_namespace(workload: Workload) -> Iterator[Violation]:
    """Yield the namespace of a workload that stands among those of Kubernetes and is no part of it."""
    if every((lambda: workload.namespace in SYSTEM, lambda: not _is_control_plane(workload))):
        yield workload.violation("metadata.namespace", f"{workload.address} runs among the parts of the cluster itself")


def _is_control_plane(workload: Workload) -> bool:
    labels = workload.pod_labels
    return labels["tier"].text() == "control-plane" and labels["component"].text() in CONTROL_PLANE
