"""Tiller, the server half of Helm 2, is deployed.

Tiller does whatever it is asked, mostly as cluster administrator, and asks nobody who they are: every pod that reaches
its port 44134 owns the cluster. Helm 2 has had no fixes since November 2020.

## Fix

Move the releases to Helm 3 with the `2to3` plugin, and remove Tiller, its Service and its role binding.

## References

- [Helm 2 and the charts project are now unsupported](https://helm.sh/blog/helm-2-becomes-unsupported/)
- [How to migrate from Helm v2 to Helm v3](https://helm.sh/docs/topics/v2_v3_migration/)

## Bad: the server, and the way to it

```yaml manifest.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: tiller-deploy
  namespace: kube-system
spec:
  selector:
    matchLabels: {app: helm, name: tiller}
  template:
    metadata:
      labels: {app: helm, name: tiller}
    spec:
      containers:
        - name: tiller
          image: ghcr.io/helm/tiller:v2.17.0 # finding
---
apiVersion: v1
kind: Service
metadata:
  name: tiller-deploy
  namespace: kube-system
spec:
  selector: # finding
    app: helm
    name: tiller
  ports: [{name: tiller, port: 44134}]
```

## Bad: an image of another name

```yaml manifest.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: tiller-deploy
  namespace: kube-system
spec:
  selector:
    matchLabels: {app: helm, name: tiller}
  template:
    metadata:
      labels:
        app: helm
        name: tiller # finding
    spec:
      containers:
        - name: tiller
          image: registry.example/mirror/helm-server:2.17.0
```

## Good: something else

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: tools
spec:
  containers: [{name: helm, image: "registry.example/tillerless/helm:3.16.0"}]
---
apiVersion: v1
kind: Service
metadata:
  name: tools
spec:
  selector: {app: tools}
  ports: [{port: 8080}]
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.kubernetes.matches import every
from infracheck.kubernetes.service import Service
from infracheck.kubernetes.workload import Workload
from infracheck.rule import Target, rule
from infracheck.source.field import judge_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.container import Container
    from infracheck.kubernetes.manifest import Manifest
    from infracheck.rule import Violation


@rule(
    Target.MANIFEST,
    severity=Severity.CRITICAL,
    category=Category.SECURITY,
    priority=Priority.P1,
    aliases=("CKV_K8S_34", "CKV_K8S_44", "CKV_K8S_45", "AVD-KSV-0102", "KSV-0102"),
    remedy="Move to Helm 3 and remove Tiller.",
)
def helm_tiller(manifest: Manifest) -> Iterator[Violation]:
    """Yield each container that runs Tiller, pods that say they are it, and the Service that leads to it."""

    def judge(container: Container) -> Iterator[Violation]:
        if _is_tiller(container):
            shown = f"container {container.shown_name} of {container.address}"
            yield container.violation("image", f"{shown} is Tiller, which obeys every pod that reaches it")

    if isinstance(manifest, Workload):
        yield from judge_each(manifest.containers, judge)
        name = manifest.pod_labels["name"]
        if every((lambda: name.text() == "tiller", lambda: not any(_is_tiller(one) for one in manifest.containers))):
            yield manifest.violation(name, f"{manifest.address} is Tiller by its label, which obeys every pod")
    elif isinstance(manifest, Service) and manifest.at("spec.selector")["name"].text() == "tiller":
        yield manifest.violation("spec.selector", f"{manifest.address} leads to Tiller, which obeys whoever calls")


def _is_tiller(container: Container) -> bool:
    image = container.image
    return image is not None and image.basename == "tiller"
