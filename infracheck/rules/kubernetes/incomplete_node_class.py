"""Node class does not say where its nodes go.

Karpenter finds subnets, security groups and images by the terms of the EC2NodeClass, and needs a role for the nodes.
The API refuses a class without one of them; an empty list is refused as well. In v1 that includes the image.

## Fix

Select by the tag of the cluster: `subnetSelectorTerms: [{tags: {karpenter.sh/discovery: my-cluster}}]`, the same for
`securityGroupSelectorTerms`, and name the `role`.

## References

- [Karpenter: NodeClasses](https://karpenter.sh/docs/concepts/nodeclasses/)

## Bad: no security groups, no role, an empty list of images

```yaml manifest.yaml
apiVersion: karpenter.k8s.aws/v1
kind: EC2NodeClass
metadata:
  name: general
spec: # finding: 2
  amiSelectorTerms: [] # finding
  subnetSelectorTerms:
    - tags: {karpenter.sh/discovery: violet}
```

## Good: all are there

```yaml manifest.yaml
apiVersion: karpenter.k8s.aws/v1
kind: EC2NodeClass
metadata:
  name: general
spec:
  role: nodes
  amiSelectorTerms:
    - alias: al2023@v20250920
  subnetSelectorTerms:
    - tags: {karpenter.sh/discovery: violet}
  securityGroupSelectorTerms:
    - tags: {karpenter.sh/discovery: violet}
---
apiVersion: karpenter.k8s.aws/v1beta1
kind: EC2NodeClass
metadata:
  name: old
spec:
  amiFamily: AL2
  instanceProfile: nodes
  subnetSelectorTerms: [{id: subnet-1}]
  securityGroupSelectorTerms: [{id: sg-1}]
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.rule import Target, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.karpenter import NodeClass
    from infracheck.rule import Violation

TERMS = {
    "subnetSelectorTerms": ("v1", "v1beta1"),
    "securityGroupSelectorTerms": ("v1", "v1beta1"),
    "amiSelectorTerms": ("v1",),
}
"""The lists that must not be empty, and the versions that demand them."""


@rule(
    Target.MANIFEST,
    kinds=("karpenter.k8s.aws/EC2NodeClass",),
    severity=Severity.HIGH,
    category=Category.CORRECTNESS,
    priority=Priority.P2,
    remedy="Add the selector terms, and the role.",
)
def incomplete_node_class(node_class: NodeClass) -> Iterator[Violation]:
    """Yield each thing without which the class is refused."""
    spec = node_class.field["spec"]
    for key, versions in TERMS.items():
        if node_class.version in versions and not len(spec[key]):
            yield node_class.violation(f"spec.{key}", f"{node_class.address} is refused: it has no {key}")
    if not spec["role"].exists and not spec["instanceProfile"].exists:
        yield node_class.violation(
            "spec.role", f"{node_class.address} is refused: it has neither role nor instanceProfile"
        )
