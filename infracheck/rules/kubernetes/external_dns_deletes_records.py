"""External DNS deletes every record it did not make.

With `--registry=noop` External DNS keeps no note of which records are its own, and with the policy `sync`, the default,
it deletes what no Ingress or Service asks for. Together: the first run empties the zone of every record made by hand,
by Terraform or by another cluster.

## Fix

Use the registry `txt` (the default) with an owner id of its own, or `--policy=upsert-only`.

## References

- [External DNS: registry](https://kubernetes-sigs.github.io/external-dns/latest/docs/registry/registry/)
- [External DNS: flags, policy](https://kubernetes-sigs.github.io/external-dns/latest/docs/flags/)

## Bad: in an overlay

```yaml base/kustomization.yaml
resources: [deployment.yaml]
```

```yaml base/deployment.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: external-dns
spec:
  selector:
    matchLabels: {app: external-dns}
  template:
    metadata:
      labels: {app: external-dns}
    spec:
      containers:
        - name: external-dns
          image: registry.k8s.io/external-dns/external-dns:v0.15.0
          args:
            - --source=ingress
            - --registry=txt
```

```yaml overlays/production/kustomization.yaml
resources: [../../base]
patches:
  - target: {kind: Deployment}
    patch: |
      - op: replace
        path: /spec/template/spec/containers/0/args/1
        value: --registry=noop # finding
```

## Good: it keeps notes, or deletes nothing

```yaml manifest.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: external-dns
spec:
  selector:
    matchLabels: {app: external-dns}
  template:
    metadata:
      labels: {app: external-dns}
    spec:
      containers:
        - name: external-dns
          image: registry.k8s.io/external-dns/external-dns:v0.15.0
          args: [--source=ingress, --policy=sync, --txt-owner-id=violet]
        - name: second
          image: registry.k8s.io/external-dns/external-dns:v0.15.0
          args: [--source=ingress, --policy=upsert-only, --registry=noop]
```

## Good: other software

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: shop
spec:
  containers:
    - name: app
      image: shop:1.0
      args: [--registry=noop]
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.kubernetes.external_dns import flag, is_external_dns
from infracheck.rule import Target, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.container import Container
    from infracheck.rule import Violation


@rule(
    Target.CONTAINER,
    severity=Severity.HIGH,
    category=Category.AVAILABILITY,
    priority=Priority.P0,
    remedy="Use `--registry=txt`, or `--policy=upsert-only`.",
)
def external_dns_deletes_records(container: Container) -> Iterator[Violation]:
    """Yield the registry of External DNS if it keeps no notes and the policy deletes."""
    if not is_external_dns(container):
        return
    registries, place = flag(container, "registry")
    if place is None or registries[-1:] != ["noop"]:
        return
    policies, _ = flag(container, "policy")
    if (policies[-1:] or ["sync"])[0] == "sync":
        yield container.violation(
            place,
            f"External DNS of {container.address} deletes every record it did not make: registry noop, policy sync",
        )
