"""NetworkPolicy selects no pods.

The pods it was written for are as open, or as closed, as if it were not there, while everybody believes that it
applies. The usual cause is a label that was renamed in the workload, or a namespace that differs. The rule speaks up
where the manifests hold workloads of the policy's namespace and none fits. A label of the team's own that no pod of
the namespace carries is left alone: pods opt in with it, elsewhere or later. Where no workload has any of the labels,
and a chart or an operator may make the pods, that is not judged.

## Fix

Make `podSelector` match labels of the pod template, in the same namespace.

## References

- [Network Policies](https://kubernetes.io/docs/concepts/services-networking/network-policies/)

## Bad: another label

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
  labels: {app: web}
spec:
  containers: [{name: app, image: "web:1.0"}]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
spec:
  podSelector: # finding
    matchLabels: {app: webb}
```

## Bad: an overlay's patch

```yaml base/kustomization.yaml
resources:
  - all.yaml
```

```yaml base/all.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
  labels: {app: web}
spec:
  containers: [{name: app, image: "web:1.0"}]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
spec:
  podSelector: # finding
    matchLabels: {app: web}
```

```yaml overlays/production/kustomization.yaml
resources:
  - ../../base
patches:
  - target: {kind: Pod}
    patch: |-
      - op: replace
        path: /metadata/labels/app
        value: shop-web
```

## Good: it matches; all pods; a label to opt in with; a namespace whose pods are not here

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
  labels: {app: web}
spec:
  containers: [{name: app, image: "web:1.0"}]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
spec:
  podSelector:
    matchLabels: {app: web}
---
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
  name: internet
spec:
  podSelector:
    matchLabels: {access.shop.example/internet: "true"}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: kafka
  namespace: kafka
spec:
  podSelector:
    matchLabels: {strimzi.io/cluster: events}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Confidence, Severity
from infracheck.kubernetes.selector import describe
from infracheck.rule import Target, rule
from infracheck.rules.kubernetes._selectors import is_for_others, is_opt_in
from infracheck.source.field import find

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.network import NetworkPolicy
    from infracheck.rule import Violation


@rule(
    Target.MANIFEST,
    kinds=("networking.k8s.io/NetworkPolicy", "extensions/NetworkPolicy"),
    severity=Severity.MEDIUM,
    category=Category.SECURITY,
    confidence=Confidence.MEDIUM,
    aliases=("kube-linter:dangling-networkpolicy", "kube-score:networkpolicy-targets-pod"),
    tags=("checklist:network-policies",),
    remedy="Make `podSelector` match the labels of the pods.",
)
def network_policy_selects_nothing(policy: NetworkPolicy) -> Iterator[Violation]:
    """Yield the selector if no pod of the namespace fits it; a namespace without any workload is not ours to know."""
    if policy.selects_all:
        return
    workloads = policy.objects.workloads
    here = find(workloads, lambda workload: workload.namespace == policy.namespace)
    if here is not None and not policy.workloads and not is_opt_in(policy.selector, policy.namespace, workloads):
        labels = (one.pod_labels for one in workloads if one.namespace == policy.namespace)
        if is_for_others(policy, policy.selector, labels, [policy.namespace]):
            return
        wanted = describe(policy.selector)
        yield policy.violation("spec.podSelector", f"{policy.address} selects no pods: none has {wanted}")
