"""NetworkPolicy does not say which pods it is for.

The API declares `spec.podSelector` as not optional. What validates refuses the policy without it; what does not takes
the missing selector for `{}`, which is every pod of the namespace. Whichever comes, it is not what the name of the
policy says.

## Fix

Write the selector: the labels of the pods, or `podSelector: {}` for all pods of the namespace.

## References

- [NetworkPolicy v1](https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/network-policy-v1/)

## Bad: none, and null

```yaml manifest.yaml
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: db
spec: # finding
  policyTypes: [Ingress]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: db
  namespace: shop
spec:
  podSelector: null # finding
  policyTypes: [Ingress]
```

## Good: all pods, and some

```yaml manifest.yaml
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: deny
spec:
  podSelector: {}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: db
spec:
  podSelector:
    matchLabels: {app: db}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Severity
from infracheck.rule import Target, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.manifest import Manifest
    from infracheck.rule import Violation


@rule(
    Target.MANIFEST,
    # Any group: a policy with a slip in its `apiVersion` is meant to be one.
    kinds=("NetworkPolicy",),
    severity=Severity.MEDIUM,
    category=Category.CORRECTNESS,
    aliases=("AVD-KSV-0038", "KSV-0038"),
    tags=("checklist:network-policies",),
    remedy="Write `podSelector`: the labels of the pods, or `{}` for all.",
)
def network_policy_without_pod_selector(manifest: Manifest) -> Iterator[Violation]:
    """Yield a policy whose specification holds no pod selector."""
    if manifest.group.endswith("projectcalico.org"):
        return
    selector = manifest.at("spec.podSelector")
    if not selector.require().exists:
        yield manifest.violation(selector, f"{manifest.address} does not say which pods it is for")
