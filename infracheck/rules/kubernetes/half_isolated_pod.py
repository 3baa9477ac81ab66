"""Pods are isolated in one direction only.

Isolation for what comes in and isolation for what goes out are two things: a pod is isolated in a direction as soon as
a policy that selects it names the direction in `policyTypes`. Where none is written, a policy without egress rules is
about what comes in, and the pods may still call every address, that of an intruder's server included.

It is off by default: many teams limit what comes in and nothing else. Pods that no policy selects are reported by
`kubernetes/pod-without-network-policy`.

## Fix

Name both directions in `policyTypes`, and allow what the pods need, DNS first; or add a default deny for the other
direction.

## References

- [Network Policies: the two sorts of pod isolation](https://kubernetes.io/docs/concepts/services-networking/network-policies/#the-two-sorts-of-pod-isolation)
- [Default deny all egress traffic](https://kubernetes.io/docs/concepts/services-networking/network-policies/#default-deny-all-egress-traffic)

## Bad: what comes in, and what goes out

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
  name: web
spec:
  podSelector:
    matchLabels: {app: web}
  ingress: [{ports: [{port: 8080}]}]
---
apiVersion: v1
kind: Pod
metadata:
  name: job # finding
  labels: {app: job}
spec:
  containers: [{name: app, image: "job:1.0"}]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: job
spec:
  podSelector:
    matchLabels: {app: job}
  policyTypes: [Egress]
```

## Good: both by two policies, by egress rules, none at all, and a pod in the network of its node

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
  name: web-egress
spec:
  podSelector:
    matchLabels: {app: web}
  policyTypes: [Egress]
---
apiVersion: v1
kind: Pod
metadata:
  name: job
  labels: {app: job}
spec:
  containers: [{name: app, image: "job:1.0"}]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: job
spec:
  podSelector:
    matchLabels: {app: job}
  egress: [{ports: [{port: 53, protocol: UDP}]}]
---
apiVersion: v1
kind: Pod
metadata:
  name: other
spec:
  containers: [{name: app, image: "other:1.0"}]
---
apiVersion: v1
kind: Pod
metadata:
  name: agent
  labels: {app: agent}
spec:
  hostNetwork: true
  containers: [{name: app, image: "agent:1.0"}]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: agent
spec:
  podSelector:
    matchLabels: {app: agent}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.kubernetes.matches import some
from infracheck.rule import Target, rule

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from infracheck.kubernetes.network import Direction, NetworkPolicy
    from infracheck.kubernetes.workload import Workload
    from infracheck.rule import Violation

OPEN: dict[Direction, str] = {"Ingress": "who may call them", "Egress": "whom they may call"}
"""What no policy limits, by the direction in which pods are not isolated."""


@rule(
    Target.WORKLOAD,
    severity=Severity.LOW,
    category=Category.SECURITY,
    priority=Priority.P3,
    aliases=("kube-score:pod-networkpolicy", "polaris:missingNetworkPolicy"),
    tags=("checklist:network-policies",),
    remedy="Name both directions in `policyTypes`.",
    default=False,
)
def half_isolated_pod(workload: Workload) -> Iterator[Violation]:
    """Yield a workload that policies isolate in one direction and leave open in the other."""
    if workload.pod.at("hostNetwork").boolean(default=False) is True or not workload.network_policies:
        return
    left_open = [what for direction, what in OPEN.items() if not _is_isolated(workload, direction)]
    if len(left_open) == 1:
        policy = workload.network_policies.certain[0]
        yield workload.violation(
            "metadata.name",
            f"NetworkPolicies isolate the pods of {workload.address} in one direction: none limits {left_open[0]}",
            related=[("a policy that selects them", policy.at("spec"))],
        )


def _is_isolated(workload: Workload, direction: Direction) -> bool:
    return some(_names(policy, direction) for policy in workload.network_policies)


def _names(policy: NetworkPolicy, direction: Direction) -> Callable[[], bool]:
    return lambda: direction in policy.policy_types
