"""Image comes from a registry that is not allowed.

Images of registries the team does not own are neither scanned nor kept by it: they change, disappear or are rate
limited (Docker Hub), and a name that looks right can belong to anybody. The rule speaks only where `allowed-registries`
is set; an entry is a registry or the beginning of a path in one, up to a slash: `ghcr.io/violet` is not
`ghcr.io/violet-mirror`.

## Fix

Copy the image to an allowed registry (a pull-through cache of Amazon ECR does so by itself) and name it there, or add
the registry to `allowed-registries`.

## References

- [Amazon ECR: pull through cache](https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache.html)
- [Kubernetes security checklist: images](https://kubernetes.io/docs/concepts/security/security-checklist/#images)

## Bad: Docker Hub, a neighbour, and an overlay's mirror

```toml infracheck.toml
allowed-registries = ["123456789012.dkr.ecr.us-east-1.amazonaws.com", "ghcr.io/violet"]
```

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
      image: busybox:1.36 # finding
  containers:
    - name: web
      image: 123456789012.dkr.ecr.us-east-1.amazonaws.com/web:1.4.0
    - name: proxy
      image: ghcr.io/violet-mirror/proxy:1.4.0 # finding
```

```yaml overlays/sandbox/kustomization.yaml
resources: [../../base]
images:
  - name: 123456789012.dkr.ecr.us-east-1.amazonaws.com/web
    newName: quay.io/violet/web # finding
```

## Good: allowed ones, Docker Hub by either name

```toml infracheck.toml
allowed-registries = ["docker.io/library/", "ghcr.io/violet"]
```

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  initContainers:
    - name: setup
      image: busybox:1.36
    - name: again
      image: index.docker.io/library/busybox:1.36
  containers:
    - name: web
      image: ghcr.io/violet/web:1.4.0
```

## Good: nothing was said about registries

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers: [{name: web, image: "quay.io/violet/web:1.4.0"}]
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
        "AVD-KSV-0032",
        "KSV-0032",
        "AVD-KSV-0033",
        "KSV-0033",
        "AVD-KSV-0034",
        "KSV-0034",
        "AVD-KSV-0035",
        "KSV-0035",
        "AVD-KSV-0125",
        "KSV-0125",
    ),
    tags=("checklist:image-scanning",),
    remedy="Copy the image to an allowed registry and name it there.",
)
def untrusted_registry(container: Container) -> Iterator[Violation]:
    """Yield an image whose name begins with none of the allowed registries."""
    allowed = container.context.settings.allowed_registries
    image = container.image if allowed else None
    if image is not None and image.valid and not any(_covers(entry, image.name) for entry in allowed):
        shown = f"container {container.shown_name} of {container.address}"
        message = f"{shown} runs `{image.text}` of {image.registry}, which is not among the allowed registries"
        yield container.violation("image", message)


def _covers(entry: str, name: str) -> bool:
    return f"{name}/".startswith(f"{entry.rstrip('/')}/")
