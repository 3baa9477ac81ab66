"""Image tag can move: `latest`, or no tag at all.

`latest` is whatever was pushed last. Two pods of one deployment can then run different code, a restart can bring a new
version at night, and `kubectl rollout undo` rolls back to the same moving tag. Nobody can say afterwards what ran.

## Fix

Name a version, and better its digest too: `registry.example/app:1.8.2@sha256:...`. In Kustomize set `newTag` or
`digest` under `images:`.

## References

- [Images, Kubernetes documentation](https://kubernetes.io/docs/concepts/containers/images/#image-names)
- [Configuration best practices: container images](https://kubernetes.io/docs/concepts/configuration/overview/)

## Bad: latest, and no tag

```yaml app.yaml
apiVersion: v1
kind: Pod
metadata:
  name: app
spec:
  containers:
    - name: web
      image: registry.example/web:latest # finding
    - name: proxy
      image: registry.example/proxy # finding
```

## Bad: an overlay moves the tag

```yaml base/kustomization.yaml
resources:
  - pod.yaml
```

```yaml base/pod.yaml
apiVersion: v1
kind: Pod
metadata:
  name: app
spec:
  containers:
    - name: web
      image: registry.example/web:1.4.0
```

```yaml overlays/sandbox/kustomization.yaml
resources:
  - ../../base
images:
  - name: registry.example/web
    newTag: latest # finding
```

## Good: a version, or a digest

```yaml app.yaml
apiVersion: v1
kind: Pod
metadata:
  name: app
spec:
  containers:
    - name: web
      image: registry.example/web:1.4.0
    - name: proxy
      image: registry.example/proxy@sha256:4bf0a2a4a09a5b7b6ac6d1b8b6b7d4a8fd5e0d8f4a0e1f3b6d3b2a1c0d9e8f7a
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
    severity=Severity.MEDIUM,
    category=Category.SECURITY,
    priority=Priority.P2,
    aliases=(
        "CKV_K8S_14",
        "AVD-KSV-0013",
        "KSV-0013",
        "kube-linter:latest-tag",
        "kube-score:container-image-tag",
        "polaris:tagNotSpecified",
    ),
    tags=("checklist:image-scanning",),
    remedy="Name a version, and better its digest too.",
)
def unpinned_image(container: Container) -> Iterator[Violation]:
    """Yield an image whose tag is `latest`, written or implied, and that no digest holds."""
    image = container.image
    if image is not None and image.valid and image.digest is None and image.effective_tag == "latest":
        shown = f"{container.shown_name} of {container.address}"
        yield container.violation("image", f"container {shown} runs `{image.text}`, which can change at any time")
