"""External DNS has no owner id of its own.

External DNS marks the records it makes with an owner id, and leaves alone those of others. Without `--txt-owner-id` it
is "default", in every cluster: two of them that see the same zone take each other's records for their own, and with the
policy `sync`, the default, each deletes what the other made. All names of an environment vanish when a second cluster
is set up.

## Fix

Give each cluster an id: `--txt-owner-id=violet-production`. Changing it later leaves the old records without an owner.

## References

- [External DNS: registry](https://kubernetes-sigs.github.io/external-dns/latest/docs/registry/registry/)
- [External DNS: flags](https://kubernetes-sigs.github.io/external-dns/latest/docs/flags/)

## Bad: the default, and written

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
          args: # finding
            - --source=ingress
            - --provider=aws
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: second
spec:
  selector:
    matchLabels: {app: second}
  template:
    metadata:
      labels: {app: second}
    spec:
      containers:
        - name: external-dns
          image: bitnami/external-dns:0.15.0
          args:
            - --source=ingress
            - --txt-owner-id=default # finding
```

## Good: an id, by argument or variable, or no registry that has owners

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
          args: [--source=ingress, --provider=aws, --txt-owner-id, violet-production]
        - name: second
          image: registry.k8s.io/external-dns/external-dns:v0.15.0
          args: [--source=service]
          env:
            - {name: EXTERNAL_DNS_TXT_OWNER_ID, value: violet-services}
        - name: webhook
          image: registry.k8s.io/external-dns/external-dns:v0.15.0
          args: [--source=service, --registry=aws-sd]
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
      args: [--source=ingress]
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

WITH_OWNERS = ("txt", "dynamodb")
"""Registries that tell records apart by owner."""


@rule(
    Target.CONTAINER,
    severity=Severity.MEDIUM,
    category=Category.OPERATIONS,
    priority=Priority.P1,
    remedy="Set `--txt-owner-id` to a name of this cluster's own.",
)
def external_dns_without_owner_id(container: Container) -> Iterator[Violation]:
    """Yield the arguments of External DNS if they leave the owner at its default."""
    if not is_external_dns(container):
        return
    registries, _ = flag(container, "registry")
    owners, place = flag(container, "txt-owner-id")
    if (registries[-1:] or ["txt"])[0] in WITH_OWNERS and (place is None or owners[-1:] == ["default"]):
        yield container.violation(
            "args" if place is None else place,
            f"External DNS of {container.address} owns its records as 'default', as does every other one",
        )
