"""Anti-affinity keeps the pods away from nothing.

A pod anti-affinity keeps pods off nodes that run what its `labelSelector` matches. Where the selector of every term
fits neither the workload's own pods nor any other workload in its namespace, the replicas may all share a node, while
everybody believes that they don't. The usual cause is a label that was renamed, or a base that was copied.

## Fix

Select the labels of the pod template.

## References

- [Inter-pod affinity and anti-affinity](https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/#inter-pod-affinity-and-anti-affinity)

## Bad: a label the pods do not have

```yaml manifest.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 3
  selector:
    matchLabels: {app.kubernetes.io/name: web}
  template:
    metadata:
      labels: {app.kubernetes.io/name: web}
    spec:
      affinity:
        podAntiAffinity:
          preferredDuringSchedulingIgnoredDuringExecution:
            - weight: 100
              podAffinityTerm:
                topologyKey: kubernetes.io/hostname
                labelSelector: # finding
                  matchLabels: {app: web}
      containers: [{name: app, image: "web:1.0"}]
```

## Good: its own, another workload's, other namespaces', or one replica

```yaml manifest.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 3
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      affinity:
        podAntiAffinity:
          preferredDuringSchedulingIgnoredDuringExecution:
            - weight: 50
              podAffinityTerm:
                topologyKey: kubernetes.io/hostname
                labelSelector:
                  matchLabels: {app: web}
            - weight: 50
              podAffinityTerm:
                topologyKey: kubernetes.io/hostname
                labelSelector:
                  matchLabels: {app: somebody-elses}
      containers: [{name: app, image: "web:1.0"}]
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: cache
spec:
  replicas: 2
  selector:
    matchLabels: {app: cache}
  template:
    metadata:
      labels: {app: cache}
    spec:
      affinity:
        podAntiAffinity:
          requiredDuringSchedulingIgnoredDuringExecution:
            - topologyKey: kubernetes.io/hostname
              labelSelector:
                matchLabels: {app: web}
      containers: [{name: app, image: "cache:1.0"}]
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: agent
spec:
  replicas: 2
  selector:
    matchLabels: {app: agent}
  template:
    metadata:
      labels: {app: agent}
    spec:
      affinity:
        podAntiAffinity:
          requiredDuringSchedulingIgnoredDuringExecution:
            - topologyKey: kubernetes.io/hostname
              namespaces: [databases]
              labelSelector:
                matchLabels: {app: mysql}
      containers: [{name: app, image: "agent:1.0"}]
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: single
spec:
  selector:
    matchLabels: {app: single}
  template:
    metadata:
      labels: {app: single}
    spec:
      affinity:
        podAntiAffinity:
          requiredDuringSchedulingIgnoredDuringExecution:
            - topologyKey: kubernetes.io/hostname
              labelSelector:
                matchLabels: {app: other}
      containers: [{name: app, image: "single:1.0"}]
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Confidence, Profile, Severity
from infracheck.kubernetes.scheduling import affinity_terms
from infracheck.kubernetes.selector import describe
from infracheck.rule import Target, rule
from infracheck.rules.kubernetes._anti_affinity import is_aimed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.workload import Workload
    from infracheck.rule import Violation

SEVERAL = 2


@rule(
    Target.WORKLOAD,
    severity=Severity.MEDIUM,
    category=Category.AVAILABILITY,
    confidence=Confidence.MEDIUM,
    profiles={Profile.DEVELOPMENT: Severity.INFO},
    aliases=(
        "kube-linter:no-anti-affinity",
        "kube-score:deployment-has-host-podantiaffinity",
        "kube-score:statefulset-has-host-podantiaffinity",
    ),
    remedy="Select the labels of the pod template.",
)
def anti_affinity_selects_nothing(workload: Workload) -> Iterator[Violation]:
    """Yield the first selector if none of them fits a pod that is known here."""
    if not workload.has_replicas:
        return
    terms = affinity_terms(workload.pod.field.at("affinity.podAntiAffinity"))
    if not terms or workload.lowest_replicas < SEVERAL:
        return
    if is_aimed(workload, terms):
        return
    term = terms[0]
    yield workload.violation(
        term.selector.field,
        f"{workload.address}: {workload.lowest_replicas} replicas are kept away from pods with "
        f"{describe(term.selector) or 'no labels at all'}, and there are 0 of those here",
        related=[("the labels of the pods", workload.pod_labels)],
    )
