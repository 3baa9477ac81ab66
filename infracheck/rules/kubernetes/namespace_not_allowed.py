"""Object stands in a namespace that is not the team's.

The configuration lists the namespaces of the team. What stands in another is out of reach of their network policies,
quotas, roles and alerts, and out of sight of whoever looks after them. The usual cause is a slip, or an overlay that
lacks its `namespace`.

The rule runs where `[namespaces]` are configured, and names the first object in each other namespace.

## Fix

Correct the namespace, or add it to the configuration.

## References

- [Namespaces](https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/)

## Bad: a slip in an overlay, and an object that says nothing

```toml infracheck.toml
[namespaces.core-api]
[namespaces.front-end]
```

```yaml overlays/production/kustomization.yaml
namespace: core-apis # finding
resources:
  - ../../base
```

```yaml base/kustomization.yaml
resources:
  - pod.yaml
```

```yaml base/pod.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers: [{name: app, image: "web:1.0"}]
```

```yaml other/pod.yaml
apiVersion: v1
kind: Pod
metadata: # finding
  name: shell
spec:
  containers: [{name: app, image: "web:1.0"}]
```

## Good: listed, without a namespace of its own, and the cluster's own

```toml infracheck.toml
[namespaces.core-api]
```

```yaml pods.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
  namespace: core-api
spec:
  containers: [{name: app, image: "web:1.0"}]
---
apiVersion: v1
kind: Namespace
metadata:
  name: core-api
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: auth-reader
  namespace: kube-system
subjects: []
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: extension-apiserver-authentication-reader}
```

## Good: nothing is configured

```yaml pods.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
  namespace: anywhere
spec:
  containers: [{name: app, image: "web:1.0"}]
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Severity
from infracheck.rule import Target, rule
from infracheck.rules.kubernetes._namespaces import SYSTEM
from infracheck.source.field import judge_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.manifest import Manifest
    from infracheck.kubernetes.objects import Objects
    from infracheck.rule import Violation


@rule(
    Target.OBJECTS,
    severity=Severity.MEDIUM,
    category=Category.CORRECTNESS,
    remedy="Correct the namespace, or add it to `[namespaces]`.",
)
def namespace_not_allowed(objects: Objects) -> Iterator[Violation]:
    """Yield the first object in each namespace that is not configured."""
    allowed = objects.context.settings.namespaces.keys()
    seen: set[str] = set()

    def judge(manifest: Manifest) -> Iterator[Violation]:
        is_one = manifest.is_kind("Namespace") and not manifest.group
        if manifest.is_cluster_scoped and not is_one:
            return
        namespace = manifest.name if is_one else manifest.namespace
        if not namespace or namespace in allowed or namespace in SYSTEM or namespace in seen:
            return
        seen.add(namespace)
        where = manifest.address if is_one else f"{manifest.address} stands in namespace {namespace}, which"
        message = f"{where} is not among the configured namespaces"
        yield manifest.violation("metadata.name" if is_one else "metadata.namespace", message)

    if allowed:
        yield from judge_each(objects.manifests, judge)
