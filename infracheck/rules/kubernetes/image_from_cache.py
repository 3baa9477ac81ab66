"""Image may be taken from the node although the tag has moved.

With `IfNotPresent` a node that once pulled a tag never asks the registry again, and with `Never` it can't: pods of one
Deployment run different images where a tag was pushed twice, and a pod may use a private image that another one pulled,
without credentials of its own. An image that a digest pins is the same everywhere and left out. For `latest`, or no
tag, it is certain to go wrong, and the finding weighs more.

## Fix

Pin the image by its digest, or set `imagePullPolicy: Always`: unchanged layers are not pulled again.

## References

- [Images: image pull policy, Kubernetes documentation](https://kubernetes.io/docs/concepts/containers/images/#image-pull-policy)
- [Admission controllers: AlwaysPullImages](https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/#alwayspullimages)

## Bad: by default, never, and latest

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  initContainers:
    - name: setup
      image: registry.example/setup:1.4.0
      imagePullPolicy: Never # finding
  containers:
    - name: web # finding
      image: registry.example/web:1.4.0
    - name: proxy
      image: registry.example/proxy:latest
      imagePullPolicy: IfNotPresent # finding
```

## Good: asked each time, by default for latest; or pinned

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: registry.example/web:1.4.0
      imagePullPolicy: Always
    - name: proxy
      image: registry.example/proxy
    - name: logs
      image: registry.example/logs:1.4.0@sha256:4bf0a2a4a09a5b7b6ac6d1b8b6b7d4a8fd5e0d8f4a0e1f3b6d3b2a1c0d9e8f7a
      imagePullPolicy: IfNotPresent
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.rule import Target, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.container import Container
    from infracheck.rule import Violation


@rule(
    Target.CONTAINER,
    severity=Severity.LOW,
    category=Category.OPERATIONS,
    priority=Priority.P3,
    aliases=("CKV_K8S_15", "kube-score:container-image-pull-policy", "polaris:pullPolicyNotAlways"),
    remedy="Pin the image by its digest, or set `imagePullPolicy: Always`.",
    default=False,
)
def image_from_cache(container: Container) -> Iterator[Violation]:
    """Yield an image by tag that the node does not ask the registry for."""
    image = container.image
    if image is None or not image.valid or image.is_pinned or container.pull_policy == "Always":
        return
    shown = f"container {container.shown_name} of {container.address}"
    yield container.violation(
        "imagePullPolicy",
        f"{shown} takes `{image.text}` from its node if it is there: imagePullPolicy is {container.pull_policy}",
        severity=Severity.MEDIUM if image.effective_tag == "latest" else None,
    )
