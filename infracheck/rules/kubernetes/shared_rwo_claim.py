"""Several pods share a volume that only one node can hold.

A ReadWriteOnce volume is attached to one node at a time. The pods of a Deployment all mount the claim it names: those
that the scheduler puts on another node wait in ContainerCreating with a Multi-Attach error, for ever, so that of three
replicas one or two run. With ReadWriteOncePod only one pod runs wherever the others are. The rule looks at the highest
number of pods, the autoscaler's maximum where there is one.

## Fix

Give each pod its own volume with the `volumeClaimTemplates` of a StatefulSet, use a volume that several nodes may mount
(ReadWriteMany, on EFS for instance), or run one pod.

## References

- [Persistent Volumes: access modes](https://kubernetes.io/docs/concepts/storage/persistent-volumes/#access-modes)
- [StatefulSet: stable storage](https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#stable-storage)

## Bad: three pods, one volume

```yaml manifest.yaml
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: uploads
spec:
  accessModes: [ReadWriteOnce]
---
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
      containers: [{name: app, image: "web:1.0"}]
      volumes:
        - name: uploads
          persistentVolumeClaim:
            claimName: uploads # finding
```

## Bad: an overlay adds the autoscaler

```yaml base/kustomization.yaml
resources: [manifest.yaml]
```

```yaml base/manifest.yaml
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: uploads
spec:
  accessModes: [ReadWriteOncePod]
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers: [{name: app, image: "web:1.0"}]
      volumes:
        - name: uploads
          persistentVolumeClaim:
            claimName: uploads # finding
```

```yaml overlays/production/kustomization.yaml
resources: [../../base, hpa.yaml]
```

```yaml overlays/production/hpa.yaml
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: web
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  minReplicas: 1
  maxReplicas: 4
```

## Good: one pod, a volume for each, or one for all nodes

```yaml manifest.yaml
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: uploads
spec:
  accessModes: [ReadWriteOnce]
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: media
spec:
  accessModes: [ReadWriteMany]
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
      containers: [{name: app, image: "web:1.0"}]
      volumes:
        - name: uploads
          persistentVolumeClaim: {claimName: uploads}
---
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
      containers: [{name: app, image: "web:1.0"}]
      volumes:
        - name: media
          persistentVolumeClaim: {claimName: media}
---
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: ledger
spec:
  replicas: 3
  selector:
    matchLabels: {app: ledger}
  template:
    metadata:
      labels: {app: ledger}
    spec:
      containers: [{name: app, image: "ledger:1.0"}]
  volumeClaimTemplates:
    - metadata: {name: data}
      spec:
        accessModes: [ReadWriteOnce]
```

## Good: pods that are held on one node by an affinity to themselves

```yaml manifest.yaml
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: cache
spec:
  accessModes: [ReadWriteOnce]
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 2
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      affinity:
        podAffinity:
          requiredDuringSchedulingIgnoredDuringExecution:
            - topologyKey: kubernetes.io/hostname
              labelSelector:
                matchLabels: {app: web}
      containers: [{name: app, image: "web:1.0"}]
      volumes:
        - name: cache
          persistentVolumeClaim: {claimName: cache}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Severity
from infracheck.kubernetes.facts.labels import HOSTNAME
from infracheck.kubernetes.scheduling import AffinityTerm, affinity_terms
from infracheck.kubernetes.storage import ClaimUse, claims_of
from infracheck.rule import Target, rule
from infracheck.source.field import judge_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.workload import Workload
    from infracheck.rule import Violation

SEVERAL = 2


@rule(
    Target.WORKLOAD,
    severity=Severity.HIGH,
    category=Category.AVAILABILITY,
    remedy="Give each pod its own volume, or use one that several nodes may mount.",
)
def shared_rwo_claim(workload: Workload) -> Iterator[Violation]:
    """Yield each claim that more pods mount than can."""
    if not workload.has_replicas:
        return
    shared = [use for use in claims_of(workload) if not use.per_pod]
    pods = (workload.highest_replicas or 0) if shared else 0
    if pods < SEVERAL:
        return

    def judge(use: ClaimUse) -> Iterator[Violation]:
        alone = "ReadWriteOncePod" in use.spec.access_modes
        if use.spec.is_single_node and (alone or not _held_together(workload)):
            yield workload.violation(
                use.field,
                f"{workload.address}: up to {pods} pods mount {use.field.text()}, a "
                f"{'ReadWriteOncePod' if alone else 'ReadWriteOnce'} claim: only {'1' if alone else 'those of 1 node'} "
                "can run",
                related=[("the number of pods", workload.lowest_replicas_field)],
            )

    yield from judge_each(shared, judge)


def _held_together(workload: Workload) -> bool:
    """Whether its pods must all run on one node: by an affinity to themselves, or to a node by name."""
    terms = affinity_terms(workload.pod.field.at("affinity.podAffinity"))
    if any(_binds(workload, term) for term in terms):
        return True
    return all(any(demand.key == HOSTNAME for demand in one) for one in workload.pod.node_alternatives)


def _binds(workload: Workload, term: AffinityTerm) -> bool:
    return term.required and term.topology_key == HOSTNAME and workload.is_selected_by(term.selector)
