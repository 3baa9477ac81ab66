"""Pods are isolated by no NetworkPolicy.

A pod that no policy selects answers every pod of the cluster, and may reach every address. It is off by default:
`kubernetes/namespace-without-default-deny` says the same once for each namespace. Select it for a list of all
workloads.

## Fix

Add a NetworkPolicy that selects the pods, or a default deny for the namespace.

## References

- [Network Policies](https://kubernetes.io/docs/concepts/services-networking/network-policies/)
- [Limit pod traffic with Kubernetes network policies, Amazon EKS](https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy.html)

## Bad: none, and one for others

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web # finding
  labels: {app: web}
spec:
  containers: [{name: app, image: "web:1.0"}]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: db
spec:
  podSelector:
    matchLabels: {app: db}
```

## Good: selected, or in the host's network, which policies don't reach

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
    matchExpressions:
      - {key: app, operator: In, values: [web, api]}
---
apiVersion: v1
kind: Pod
metadata:
  name: agent
spec:
  hostNetwork: true
  containers: [{name: app, image: "agent:1.0"}]
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Severity
from infracheck.rule import Target, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.workload import Workload
    from infracheck.rule import Violation


@rule(
    Target.WORKLOAD,
    severity=Severity.MEDIUM,
    category=Category.SECURITY,
    aliases=(
        "CKV2_K8S_6",
        "kube-linter:non-isolated-pod",
        "kube-score:pod-networkpolicy",
        "polaris:missingNetworkPolicy",
    ),
    tags=("checklist:network-policies",),
    remedy="Add a NetworkPolicy that selects the pods, or a default deny for the namespace.",
    default=False,
)
def pod_without_network_policy(workload: Workload) -> Iterator[Violation]:
    """Yield a workload that no policy selects."""
    if workload.pod.at("hostNetwork").boolean(default=False) is not True and not workload.network_policies:
        yield workload.violation("metadata.name", f"{workload.address} is isolated by no NetworkPolicy")
