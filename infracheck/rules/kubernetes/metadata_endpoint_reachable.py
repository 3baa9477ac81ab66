"""Pods may reach the instance metadata service.

The policy allows a range of addresses that contains 169.254.169.254. There any process on an EC2 instance gets the
credentials of the node's role: a server-side request forgery in one pod is enough to act as the node, if the node
answers pods at all (IMDSv1, or a hop limit above 1). Whoever writes `0.0.0.0/0` mostly means the internet.

A policy that names the address alone is taken to want it, as GKE's workload identity does, and one that opens outgoing
traffic altogether not to restrict it. Credentials of EKS Pod Identity come from 169.254.170.23, those of IAM roles for
service accounts from STS: neither needs this address.

## Fix

Add `169.254.169.254/32` to `except`, and set `httpTokens: required` with a hop limit of 1 on the nodes.

## References

- [Restrict access to the instance profile, EKS best practices](https://docs.aws.amazon.com/eks/latest/best-practices/identity-and-access-management.html)
- [Network Policies](https://kubernetes.io/docs/concepts/services-networking/network-policies/)

## Bad: the internet, and the internet without the private ranges

```yaml manifest.yaml
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: internet
spec:
  podSelector: {}
  policyTypes: [Egress]
  egress:
    - to:
        - ipBlock:
            cidr: 0.0.0.0/0 # finding
    - to:
        - ipBlock:
            cidr: 0.0.0.0/0 # finding
            except:
              - 10.0.0.0/8
              - 172.16.0.0/12
              - 192.168.0.0/16
      ports:
        - {protocol: TCP, port: 1, endPort: 1024}
```

## Bad: a patch drops the exception

```yaml base/kustomization.yaml
resources:
  - policy.yaml
```

```yaml base/policy.yaml
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: internet
spec:
  podSelector: {}
  policyTypes: [Egress]
  egress:
    - to:
        - ipBlock:
            cidr: 0.0.0.0/0 # finding
            except: [169.254.169.254/32]
```

```yaml overlays/sandbox/kustomization.yaml
resources:
  - ../../base
patches:
  - target: {kind: NetworkPolicy}
    patch: |-
      - op: remove
        path: /spec/egress/0/to/0/ipBlock/except
```

## Good: taken out, on other ports, elsewhere, or on purpose

```yaml manifest.yaml
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: internet
spec:
  podSelector: {}
  policyTypes: [Egress]
  egress:
    - to:
        - ipBlock:
            cidr: 0.0.0.0/0
            except: [169.254.0.0/16]
    - to:
        - ipBlock: {cidr: 0.0.0.0/0}
      ports:
        - {protocol: TCP, port: 443}
    - to:
        - ipBlock: {cidr: 10.0.0.0/8}
        - ipBlock: {cidr: 169.254.169.254/32}
        - ipBlock: {cidr: "::/0"}
    - {}
```
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network
from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Confidence, Severity
from infracheck.rule import Target, rule
from infracheck.source.field import judge_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.network import NetworkPolicy, NetworkRule, Peer
    from infracheck.rule import Violation

METADATA = IPv4Address("169.254.169.254")
"""Where EC2, and Google Cloud, answer about the instance, on port 80."""


@rule(
    Target.MANIFEST,
    kinds=("networking.k8s.io/NetworkPolicy", "extensions/NetworkPolicy"),
    severity=Severity.MEDIUM,
    category=Category.SECURITY,
    confidence=Confidence.MEDIUM,
    tags=("checklist:network-policies", "checklist:iam"),
    remedy="Add `169.254.169.254/32` to `except`.",
)
def metadata_endpoint_reachable(policy: NetworkPolicy) -> Iterator[Violation]:
    """Yield each range of addresses for outgoing traffic that holds the metadata service."""

    def judge(allowed: NetworkRule) -> Iterator[Violation]:
        if allowed.allows_port(80):
            yield from judge_each(allowed.peers, judge_peer)

    def judge_peer(peer: Peer) -> Iterator[Violation]:
        cidr = peer.cidr
        if cidr is None or not _holds(cidr) or _is_single(cidr):
            return
        excepted = peer.field["ipBlock"]["except"].first(lambda one: _holds(one.text() or ""))
        if excepted is None:
            message = f"{policy.address} lets pods reach the instance metadata service: {cidr} holds {METADATA}"
            yield policy.violation(peer.field["ipBlock"]["cidr"], message)

    if "Egress" in policy.policy_types:
        yield from judge_each(policy.rules("Egress"), judge)


def _holds(cidr: str) -> bool:
    network = _network(cidr)
    return network is not None and METADATA in network


def _is_single(cidr: str) -> bool:
    network = _network(cidr)
    return network is not None and network.num_addresses == 1


def _network(cidr: str) -> IPv4Network | None:
    """The range a text means; None for IPv6, and for what is none."""
    try:
        return IPv4Network(cidr, strict=False)
    except ValueError:
        return None
