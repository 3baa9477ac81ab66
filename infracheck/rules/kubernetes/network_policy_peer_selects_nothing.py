"""NetworkPolicy allows traffic with pods that do not exist.

One of its peers selects pods by labels that no pod has. The connection it should allow is refused, and shows as
timeouts in whatever calls. The usual cause is a label that was renamed in the workload, or a `namespaceSelector` that
is missing: without one, `podSelector` means pods of the policy's own namespace.

The rule looks at peers in the policy's own namespace and in namespaces selected by `kubernetes.io/metadata.name`,
where the manifests hold workloads of that namespace. Where none of them has any of the labels, and a chart or an
operator may make the pods, that is not judged.

## Fix

Correct the labels, or add the `namespaceSelector`.

## References

- [Behavior of to and from selectors](https://kubernetes.io/docs/concepts/services-networking/network-policies/#behavior-of-to-and-from-selectors)

## Bad: another label, and another namespace

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: db
  namespace: shop
  labels: {app: db}
spec:
  containers: [{name: app, image: "db:1.0"}]
---
apiVersion: v1
kind: Pod
metadata:
  name: web
  namespace: front
  labels: {app: storefront}
spec:
  containers: [{name: app, image: "web:1.0"}]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: db
  namespace: shop
spec:
  podSelector:
    matchLabels: {app: db}
  ingress:
    - from:
        - podSelector: # finding
            matchLabels: {app: storefront}
        - namespaceSelector:
            matchLabels: {kubernetes.io/metadata.name: front}
          podSelector: # finding
            matchLabels: {app: storefronts}
```

## Good: it matches, or is not ours to know

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: db
  namespace: shop
  labels: {app: db}
spec:
  containers: [{name: app, image: "db:1.0"}]
---
apiVersion: v1
kind: Pod
metadata:
  name: web
  namespace: front
  labels: {app: storefront}
spec:
  containers: [{name: app, image: "web:1.0"}]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: db
  namespace: shop
spec:
  podSelector: {}
  policyTypes: [Ingress, Egress]
  ingress:
    - from:
        - namespaceSelector:
            matchLabels: {kubernetes.io/metadata.name: front}
          podSelector:
            matchLabels: {app: storefront}
        - namespaceSelector:
            matchLabels: {team: data}
          podSelector:
            matchLabels: {app: airbyte}
        - podSelector: {}
  egress:
    - to:
        - namespaceSelector:
            matchLabels: {kubernetes.io/metadata.name: kube-system}
          podSelector:
            matchLabels: {k8s-app: kube-dns}
        - ipBlock: {cidr: 10.0.0.0/16}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Confidence, Severity
from infracheck.kubernetes.facts.labels import NAMESPACE_NAME
from infracheck.kubernetes.selector import describe
from infracheck.rule import Target, rule
from infracheck.rules.kubernetes._selectors import is_for_others, is_opt_in, nearly_selects
from infracheck.source.field import find, judge_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.network import Direction, NetworkPolicy, Peer
    from infracheck.rule import Violation

DIRECTIONS: tuple[Direction, ...] = ("Ingress", "Egress")


@rule(
    Target.MANIFEST,
    kinds=("networking.k8s.io/NetworkPolicy", "extensions/NetworkPolicy"),
    severity=Severity.MEDIUM,
    category=Category.CORRECTNESS,
    confidence=Confidence.MEDIUM,
    aliases=("kube-linter:dangling-networkpolicypeer-podselector",),
    tags=("checklist:network-policies",),
    remedy="Correct the labels, or add the `namespaceSelector`.",
)
def network_policy_peer_selects_nothing(policy: NetworkPolicy) -> Iterator[Violation]:
    """Yield the pod selector of each peer that fits no pod of the namespace it speaks of."""

    def judge(peer: Peer) -> Iterator[Violation]:
        selector = peer.pod_selector
        namespace = _namespace(peer)
        if not selector.field.exists or selector.is_empty or not namespace:
            return

        if _is_slip(peer, namespace):
            wanted = describe(selector)
            yield policy.violation(
                selector.field,
                f"{policy.address} allows traffic with pods {wanted}, of which namespace {namespace} has none",
            )

    rules = (one for direction in DIRECTIONS for one in policy.rules(direction))
    yield from judge_each((peer for one in rules for peer in one.peers), judge)


def _is_slip(peer: Peer, namespace: str) -> bool:
    """Whether no pod of a namespace fits, although the one that is meant should be known here."""
    selector = peer.pod_selector
    workloads = peer.policy.objects.workloads
    if find(workloads, lambda one: one.namespace == namespace and one.is_selected_by(selector)) is not None:
        return False
    if namespace == peer.policy.namespace:
        labels = [one.pod_labels for one in workloads if one.namespace == namespace]
        if not labels or is_opt_in(selector, namespace, workloads):
            return False
        return not is_for_others(peer.policy, selector, labels, [namespace])
    return find(workloads, lambda one: one.namespace == namespace and nearly_selects(selector, one)) is not None


def _namespace(peer: Peer) -> str:
    """The one namespace a peer speaks of, or "" where that is another question.

    Raises:
        NotJudged: it is unknown.
    """
    selector = peer.namespace_selector
    if not selector.field.require().exists:
        return peer.policy.namespace
    requirements = list(selector.requirements())
    if len(requirements) != 1 or requirements[0].key != NAMESPACE_NAME or requirements[0].operator != "In":
        return ""
    values = requirements[0].values
    return (values[0].text() or "") if len(values) == 1 else ""
