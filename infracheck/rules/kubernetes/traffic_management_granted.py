"""Role changes where traffic goes.

Whoever may write Services, their endpoints or Ingresses leads the requests of others to pods of their own, in the
middle between caller and service. Written endpoints also make a load balancer or an Ingress call addresses that network
policies keep apart (CVE-2021-25740); Kubernetes took that right out of `edit` and `admin` in 1.22.

It is off by default: whoever deploys a service needs most of it. Select it where
roles of people and pipelines are reviewed.

## Fix

Keep Services and Ingresses to pipelines. Give endpoints to nobody but the controllers that publish them.

## References

- [Using RBAC Authorization: write access for EndpointSlices](https://kubernetes.io/docs/reference/access-authn-authz/rbac/#write-access-for-endpoints)
- [CVE-2021-25740: endpoint permissions allow cross-namespace forwarding](https://github.com/kubernetes/kubernetes/issues/103675)

## Bad: Services, endpoints and Ingresses

```yaml roles.yaml
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: developer
rules:
  - apiGroups: [""]
    resources: [pods, services] # finding
    verbs: [get, update]
  - apiGroups: [discovery.k8s.io]
    resources: [endpointslices] # finding
    verbs: [create]
  - apiGroups: ["*"]
    resources: [ingresses] # finding
    verbs: [deletecollection]
```

## Good: reading, and what belongs to somebody else

```yaml roles.yaml
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: developer
rules:
  - apiGroups: ["", discovery.k8s.io, networking.k8s.io]
    resources: [services, endpoints, endpointslices, ingresses]
    verbs: [get, list, watch]
  - apiGroups: [serving.knative.dev]
    resources: [services]
    verbs: [create]
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.kubernetes.rbac import WRITING
from infracheck.rule import Target, rule
from infracheck.source.field import judge_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.rbac import PolicyRule, Role
    from infracheck.rule import Violation

RESOURCES = {
    "": ("services", "endpoints"),
    "discovery.k8s.io": ("endpointslices",),
    "networking.k8s.io": ("ingresses",),
    "extensions": ("ingresses",),
}
"""What leads traffic, by API group."""


@rule(
    Target.MANIFEST,
    kinds=("rbac.authorization.k8s.io/Role", "rbac.authorization.k8s.io/ClusterRole"),
    severity=Severity.LOW,
    category=Category.SECURITY,
    priority=Priority.P3,
    aliases=("AVD-KSV-0056", "KSV-0056"),
    tags=("checklist:rbac",),
    remedy="Keep Services, endpoints and Ingresses to pipelines and controllers.",
    default=False,
)
def traffic_management_granted(role: Role) -> Iterator[Violation]:
    """Yield the first resource of each rule that leads traffic and may be written."""

    def judge(granted: PolicyRule) -> Iterator[Violation]:
        found = (granted.names(WRITING, resources, group) for group, resources in RESOURCES.items())
        entry = next((one for one in found if one is not None), None)
        if entry is not None:
            yield role.violation(entry, f"{role.address} may lead the traffic of others elsewhere: {entry.text()}")

    yield from judge_each(role.rules, judge)
