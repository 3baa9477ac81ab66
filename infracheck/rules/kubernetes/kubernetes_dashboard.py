"""Kubernetes Dashboard is deployed.

The Dashboard acts on the cluster with its own rights or those of a pasted token; left open it has handed over whole
clusters. The project was archived in January 2026: what is found in it now stays.

## Fix

Remove it. Headlamp, its successor under SIG UI, can run on the user's own machine with the user's own rights.

## References

- [Kubernetes Dashboard, archived](https://github.com/kubernetes-retired/dashboard)
- [Headlamp](https://headlamp.dev/)

## Bad: old and new images

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: dashboard
spec:
  containers:
    - name: dashboard
      image: docker.io/kubernetesui/dashboard:v2.7.0 # finding
    - name: api
      image: kubernetesui/dashboard-api:1.10.1 # finding
    - name: old
      image: k8s.gcr.io/kubernetes-dashboard-amd64:v1.10.1 # finding
```

## Bad: an image of another name

```yaml manifest.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: dashboard
spec:
  selector:
    matchLabels: {k8s-app: kubernetes-dashboard}
  template:
    metadata:
      labels:
        k8s-app: kubernetes-dashboard # finding
    spec:
      containers:
        - {name: dashboard, image: "registry.example/mirror/k8s-ui:2.7.0"}
```

## Good: another dashboard

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: dashboard
spec:
  containers: [{name: grafana, image: "registry.example/dashboard:11.3.0"}]
```
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Severity
from infracheck.rule import Target, rule
from infracheck.source.field import find, judge_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.container import Container
    from infracheck.kubernetes.workload import Workload
    from infracheck.rule import Violation

IMAGE = re.compile(r"(?:^|/)(?:kubernetesui/(?:dashboard|metrics-scraper)|kubernetes-dashboard)(?:-[a-z0-9]+)?$")
"""Repositories of the project: since version 2, and before."""
LABELS = ("k8s-app", "app")
"""Labels of its pods in the project's manifests and in those made after them."""


@rule(
    Target.WORKLOAD,
    severity=Severity.MEDIUM,
    category=Category.SECURITY,
    aliases=("CKV_K8S_33",),
    remedy="Remove the Dashboard.",
)
def kubernetes_dashboard(workload: Workload) -> Iterator[Violation]:
    """Yield each container that runs a part of the Dashboard, or the label by which pods say that they are it."""

    def judge(container: Container) -> Iterator[Violation]:
        if _is_dashboard(container):
            shown = f"container {container.shown_name} of {container.address}"
            yield container.violation("image", f"{shown} is the Kubernetes Dashboard, which nobody maintains any more")

    yield from judge_each(workload.containers, judge)
    label = find((workload.pod_labels[key] for key in LABELS), lambda one: one.text() == "kubernetes-dashboard")
    if label is not None and not any(map(_is_dashboard, workload.containers)):
        message = f"{workload.address} is the Kubernetes Dashboard by its label, which nobody maintains any more"
        yield workload.violation(label, message)


def _is_dashboard(container: Container) -> bool:
    image = container.image
    return image is not None and IMAGE.search(image.repository) is not None
