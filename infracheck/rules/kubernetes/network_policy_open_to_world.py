"""NetworkPolicy lets everybody in on every port.

A rule without peers and ports, or for `0.0.0.0/0`, allows all there is. Policies only add up: this one undoes the
default deny and every narrower policy for the pods it selects. An address range does not mean only the internet: it
covers the pods of the cluster as well.

Rules that name ports are left alone, as a public service needs them.

## Fix

Name who may connect (`podSelector`, `namespaceSelector`, the range of the load balancers) and to which ports.

## References

- [Network Policies](https://kubernetes.io/docs/concepts/services-networking/network-policies/)

## Bad: an empty rule, and the whole internet

```yaml manifest.yaml
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: all
spec:
  podSelector: {}
  ingress:
    - {} # finding
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: internet
spec:
  podSelector:
    matchLabels: {app: web}
  policyTypes: [Ingress]
  ingress:
    - from:
        - podSelector: {}
        - ipBlock:
            cidr: 0.0.0.0/0 # finding
        - ipBlock:
            cidr: "::/0" # finding
```

## Bad: a patch takes the peers away

```yaml base/kustomization.yaml
resources:
  - policy.yaml
```

```yaml base/policy.yaml
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
spec:
  podSelector: {}
  ingress:
    - from:
        - podSelector: {}
```

```yaml overlays/production/kustomization.yaml
resources:
  - ../../base
patches:
  - target: {kind: NetworkPolicy}
    patch: |-
      - op: replace
        path: /spec/ingress
        value: [{}] # finding
```

## Good: ports, peers, outgoing traffic, and rules that don't count

```yaml manifest.yaml
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
spec:
  podSelector:
    matchLabels: {app: web}
  policyTypes: [Ingress, Egress]
  ingress:
    - from:
        - ipBlock: {cidr: 0.0.0.0/0}
      ports:
        - port: 443
    - from:
        - namespaceSelector: {}
    - ports:
        - port: 8080
  egress:
    - {}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: outgoing
spec:
  podSelector: {}
  policyTypes: [Egress]
  ingress:
    - {}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Severity
from infracheck.rule import Target, rule
from infracheck.source.field import judge_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.network import NetworkPolicy, NetworkRule, Peer
    from infracheck.rule import Violation

WORLD = ("0.0.0.0/0", "::/0")


@rule(
    Target.MANIFEST,
    kinds=("networking.k8s.io/NetworkPolicy", "extensions/NetworkPolicy"),
    severity=Severity.MEDIUM,
    category=Category.SECURITY,
    tags=("checklist:network-policies",),
    remedy="Name who may connect and to which ports.",
)
def network_policy_open_to_world(policy: NetworkPolicy) -> Iterator[Violation]:
    """Yield each rule for incoming traffic that allows everybody on every port."""

    def judge(allowed: NetworkRule) -> Iterator[Violation]:
        if allowed.ports:
            return
        if allowed.allows_everybody:
            yield policy.violation(allowed.field, f"{policy.address} lets everybody in on every port", on_key=False)
        yield from judge_each(allowed.peers, judge_peer)

    def judge_peer(peer: Peer) -> Iterator[Violation]:
        if peer.cidr in WORLD and not peer.exceptions:
            message = f"{policy.address} lets every address in on every port: {peer.cidr}"
            yield policy.violation(peer.field["ipBlock"]["cidr"], message)

    if "Ingress" in policy.policy_types:
        yield from judge_each(policy.rules("Ingress"), judge)
