"""Image is not pinned by its digest.

A tag is a name that whoever may push to the registry can move: `1.8.2` of today need not be `1.8.2` of the review. A
digest is the content itself; only with it do tests, scan, signature and what runs speak of the same image.

## Fix

Append the digest: `registry.example/app:1.8.2@sha256:...`. In Kustomize set `digest` under `images:`; let the release
workflow or Renovate keep it current.

## References

- [Images: image digests, Kubernetes documentation](https://kubernetes.io/docs/concepts/containers/images/#image-names)
- [OWASP Kubernetes Top Ten, K02: supply chain vulnerabilities](https://owasp.org/www-project-kubernetes-top-ten/2022/en/src/K02-supply-chain-vulnerabilities)

## Bad: a tag, in the overlay too

```yaml base/kustomization.yaml
resources: [web.yaml]
```

```yaml base/web.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  initContainers:
    - name: setup
      image: registry.example/setup:2.0.0 # finding
  containers:
    - name: web
      image: registry.example/web:1.4.0
```

```yaml overlays/sandbox/kustomization.yaml
resources: [../../base]
images:
  - name: registry.example/web
    newTag: 1.5.0 # finding
```

## Good: digests, one from the overlay

```yaml base/kustomization.yaml
resources: [web.yaml]
```

```yaml base/web.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  initContainers:
    - name: setup
      image: registry.example/setup:2.0.0@sha256:4bf0a2a4a09a5b7b6ac6d1b8b6b7d4a8fd5e0d8f4a0e1f3b6d3b2a1c0d9e8f7a
  containers:
    - name: web
      image: registry.example/web:1.4.0
```

```yaml overlays/sandbox/kustomization.yaml
resources: [../../base]
images:
  - name: registry.example/web
    digest: sha256:4bf0a2a4a09a5b7b6ac6d1b8b6b7d4a8fd5e0d8f4a0e1f3b6d3b2a1c0d9e8f7a
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
    category=Category.SECURITY,
    priority=Priority.P3,
    aliases=("CKV_K8S_43",),
    tags=("checklist:image-scanning",),
    remedy="Append the digest.",
    default=False,
)
def image_without_digest(container: Container) -> Iterator[Violation]:
    """Yield an image that only its tag names."""
    image = container.image
    if image is not None and image.valid and not image.is_pinned:
        shown = f"container {container.shown_name} of {container.address}"
        yield container.violation("image", f"{shown} runs `{image.text}`, which no digest pins")
