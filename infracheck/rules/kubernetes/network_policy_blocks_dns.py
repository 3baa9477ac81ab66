"""Pods may connect, but not look up names.

Pods whose outgoing traffic is isolated reach only what some policy allows. Here policies allow connections to others,
yet none allows port 53 to anything that could be the cluster's DNS: every lookup times out, and so does every
connection to a name. It shows as `i/o timeout` or `Temporary failure in name resolution` when the policy is applied.

Pods that may not connect to anything are taken to be meant so, and `dnsPolicy: None` to resolve in another way.

## Fix

Allow port 53, UDP and TCP, to `kube-dns` in `kube-system`, for all pods of the namespace.

```yaml
egress:
  - to:
      - namespaceSelector:
          matchLabels: {kubernetes.io/metadata.name: kube-system}
        podSelector:
          matchLabels: {k8s-app: kube-dns}
    ports:
      - {protocol: UDP, port: 53}
      - {protocol: TCP, port: 53}
```

## References

- [Network Policies](https://kubernetes.io/docs/concepts/services-networking/network-policies/)
- [DNS for Services and Pods](https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/)

## Bad: the database alone

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
  name: default-deny
spec:
  podSelector: {}
  policyTypes: [Ingress, Egress]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
spec:
  podSelector:
    matchLabels: {app: web}
  policyTypes: [Egress]
  egress: # finding
    - to:
        - podSelector:
            matchLabels: {app: db}
      ports:
        - port: 5432
```

## Bad: port 53 of the wrong pods, and over TCP to another namespace

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
  podSelector: {}
  policyTypes: [Egress]
  egress: # finding
    - to:
        - podSelector: {}
    - to:
        - namespaceSelector:
            matchLabels: {kubernetes.io/metadata.name: front-end}
```

## Good: DNS in another policy, everything, an address range, no connections at all

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
  labels: {app: web}
spec:
  containers: [{name: app, image: "web:1.0"}]
---
apiVersion: v1
kind: Pod
metadata:
  name: own
  labels: {app: own}
spec:
  dnsPolicy: None
  containers: [{name: app, image: "web:1.0"}]
---
apiVersion: v1
kind: Pod
metadata:
  name: api
  namespace: open
  labels: {app: api}
spec:
  containers: [{name: app, image: "web:1.0"}]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
spec:
  podSelector: {}
  policyTypes: [Egress]
  egress:
    - to:
        - podSelector:
            matchLabels: {app: db}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: dns
spec:
  podSelector:
    matchLabels: {app: web}
  policyTypes: [Egress]
  egress:
    - to:
        - namespaceSelector: {}
      ports:
        - {protocol: UDP, port: 53}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: range
  namespace: open
spec:
  podSelector: {}
  policyTypes: [Egress]
  egress:
    - to:
        - ipBlock: {cidr: 10.0.0.0/8}
      ports:
        - {protocol: UDP, port: 50, endPort: 60}
---
apiVersion: v1
kind: Pod
metadata:
  name: cache
  namespace: closed
spec:
  containers: [{name: app, image: "web:1.0"}]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: closed
  namespace: closed
spec:
  podSelector: {}
  policyTypes: [Egress]
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Confidence, Priority, Severity
from infracheck.kubernetes.facts.labels import NAMESPACE_NAME
from infracheck.rule import Target, rule
from infracheck.source.field import NotJudged, find, judge_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.network import NetworkPolicy, NetworkRule, Peer
    from infracheck.kubernetes.objects import Objects
    from infracheck.kubernetes.workload import Workload
    from infracheck.rule import Violation

PORTS = (53, 5353)
"""Where DNS answers; OpenShift's pods listen on the second (https://docs.openshift.com, DNS operator)."""
NAMES = frozenset({"dns", "dns-udp", "dns-tcp"})
"""What pods of CoreDNS call the port."""
HOMES = frozenset({"kube-system", "openshift-dns"})
"""The namespaces the cluster's DNS runs in."""


@rule(
    Target.OBJECTS,
    severity=Severity.HIGH,
    category=Category.AVAILABILITY,
    confidence=Confidence.MEDIUM,
    priority=Priority.P1,
    tags=("checklist:network-policies",),
    remedy="Allow port 53, UDP and TCP, to `kube-dns` in `kube-system`.",
)
def network_policy_blocks_dns(objects: Objects) -> Iterator[Violation]:
    """Yield the first policy that lets some pods connect, where none lets them look up names."""
    shut_off: dict[NetworkPolicy, list[Workload]] = {}
    unsure: NotJudged | None = None
    for workload in objects.workloads:
        try:
            policy = _blocking(workload)
        except NotJudged as cause:
            unsure = unsure or cause
        else:
            if policy is not None:
                shut_off.setdefault(policy, []).append(workload)
    yield from judge_each(shut_off.items(), _report)
    if unsure is not None:
        raise unsure


def _report(item: tuple[NetworkPolicy, list[Workload]]) -> Iterator[Violation]:
    policy, workloads = item
    names = ", ".join(one.address for one in workloads[:3])
    more = f" and {len(workloads) - 3} more" if len(workloads) > 3 else ""
    yield policy.violation(
        "spec.egress", f"{policy.address} lets {names}{more} connect, but nothing lets them reach DNS"
    )


def _blocking(workload: Workload) -> NetworkPolicy | None:
    """The first policy that lets a workload's pods connect to something, if no policy lets them reach DNS."""
    pod = workload.pod
    if pod.at("dnsPolicy").text() == "None" or pod.at("hostNetwork").boolean(default=False) is True:
        return None
    isolating = [policy for policy in workload.network_policies if "Egress" in policy.policy_types]
    rules = [one for policy in isolating for one in policy.rules("Egress")]
    if not rules or find(rules, _reaches_dns) is not None:
        return None
    return rules[0].policy


def _reaches_dns(allowed: NetworkRule) -> bool:
    if find(PORTS, lambda port: allowed.allows_port(port, "UDP", names=NAMES)) is None:
        return False
    return allowed.allows_everybody or find(allowed.peers, _may_be_dns) is not None


def _may_be_dns(peer: Peer) -> bool:
    """Whether a peer may mean the cluster's DNS: an address range, or pods of a namespace that may be its home."""
    if peer.field["ipBlock"].exists:
        return True
    selector = peer.namespace_selector
    if not selector.field.exists:
        return peer.policy.namespace in HOMES
    for requirement in selector.requirements():
        if requirement.key == NAMESPACE_NAME and requirement.operator == "In":
            return find(requirement.values, lambda value: value.text() in HOMES) is not None
    # Other labels of the system's namespace are not among the manifests: whoever opens port 53 is taken to know them.
    return True
