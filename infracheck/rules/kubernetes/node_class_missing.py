"""Node pool names a node class that does not exist.

Without its class a NodePool is not ready and makes no nodes; its pods stay `Pending`. Since version 1 of the API the
reference needs `group`, `kind` and `name`; the `apiVersion` of older manifests is refused.

A class that is not among the manifests is reported where they hold other classes of that kind; elsewhere it is taken to
be made by somebody else, such as the cluster's Terraform.

## Fix

Correct `spec.template.spec.nodeClassRef`, or add the class.

## References

- [Karpenter: NodePools, nodeClassRef](https://karpenter.sh/docs/concepts/nodepools/#spectemplatespecnodeclassref)
- [Karpenter: v1 migration](https://karpenter.sh/docs/upgrading/v1-migration/)

## Bad: another name, and the old form

```yaml manifest.yaml
apiVersion: karpenter.k8s.aws/v1
kind: EC2NodeClass
metadata:
  name: general
spec: {}
---
apiVersion: karpenter.sh/v1
kind: NodePool
metadata:
  name: general
spec:
  template:
    spec:
      nodeClassRef: {group: karpenter.k8s.aws, kind: EC2NodeClass, name: default} # finding
---
apiVersion: karpenter.sh/v1
kind: NodePool
metadata:
  name: old
spec:
  template:
    spec:
      nodeClassRef: # finding
        apiVersion: karpenter.k8s.aws/v1beta1
        kind: EC2NodeClass
        name: general
```

## Good: it is there, or made elsewhere

```yaml manifest.yaml
apiVersion: karpenter.k8s.aws/v1
kind: EC2NodeClass
metadata:
  name: general
spec: {}
---
apiVersion: karpenter.sh/v1
kind: NodePool
metadata:
  name: general
spec:
  template:
    spec:
      nodeClassRef: {group: karpenter.k8s.aws, kind: EC2NodeClass, name: general}
---
apiVersion: karpenter.sh/v1
kind: NodePool
metadata:
  name: auto
spec:
  template:
    spec:
      nodeClassRef: {group: eks.amazonaws.com, kind: NodeClass, name: default}
---
apiVersion: karpenter.sh/v1beta1
kind: NodePool
metadata:
  name: old
spec:
  template:
    spec:
      nodeClassRef: {apiVersion: karpenter.k8s.aws/v1beta1, kind: EC2NodeClass, name: general}
```

## Good: classes of somebody else, beside one of ours, and no reference yet

```yaml a/manifest.yaml
apiVersion: karpenter.sh/v1
kind: NodePool
metadata:
  name: general
spec:
  template:
    spec:
      nodeClassRef: {group: karpenter.k8s.aws, kind: EC2NodeClass, name: default}
---
apiVersion: karpenter.sh/v1
kind: NodePool
metadata:
  name: draft
spec:
  template:
    spec:
      requirements: []
```

```yaml b/manifest.yaml
apiVersion: eks.amazonaws.com/v1
kind: NodeClass
metadata:
  name: gpu
spec: {}
---
apiVersion: karpenter.sh/v1
kind: NodePool
metadata:
  name: auto
spec:
  template:
    spec:
      nodeClassRef: {group: eks.amazonaws.com, kind: NodeClass, name: default}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Confidence, Priority, Severity
from infracheck.rule import Target, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.karpenter import NodePool
    from infracheck.rule import Violation

PARTS = ("group", "kind", "name")
BUILTIN = ("NodeClass", "default")
"""The class that EKS Auto Mode brings along."""


@rule(
    Target.MANIFEST,
    kinds=("karpenter.sh/NodePool",),
    severity=Severity.HIGH,
    category=Category.CORRECTNESS,
    confidence=Confidence.MEDIUM,
    priority=Priority.P1,
    remedy="Correct `nodeClassRef`, or add the class.",
)
def node_class_missing(pool: NodePool) -> Iterator[Violation]:
    """Yield the reference of a pool if it is incomplete or leads nowhere."""
    reference = pool.node["nodeClassRef"]
    if not reference.exists:
        return
    lacking = [part for part in PARTS if not reference[part].exists]
    if pool.version == "v1" and lacking:
        yield pool.violation(
            reference, f"{pool.address} is refused: its nodeClassRef has no {' and no '.join(lacking)}"
        )
        return
    kind = reference["kind"].text("EC2NodeClass") or "EC2NodeClass"
    name = reference["name"].text("") or ""
    if (kind, name) == BUILTIN:
        return
    if pool.objects.of_kind(kind) and not pool.objects.named(kind, name):
        yield pool.violation(reference["name"], f"{pool.address} makes no nodes: {kind} {name} does not exist")
