"""No node pool makes nodes for these pods.

Karpenter makes a node for a waiting pod only if some NodePool may: the pod tolerates the pool's taints, and what it
demands of nodes, by `nodeSelector` or required affinity, is possible there. Otherwise the pod stays `Pending`, for ever
and without an alarm of its own. The usual causes are a toleration that was forgotten beside the selector, and a pool
that an environment does not have.

Judged are demands of labels that Karpenter or one of the pools sets. Pods that ask for other nodes (a managed node
group, a host by name, a label no pool knows), DaemonSets and those in `kube-system` are not.

## Fix

Add the toleration, correct the selector, or let a pool make such nodes.

## References

- [Karpenter: scheduling](https://karpenter.sh/docs/concepts/scheduling/)
- [Taints and Tolerations](https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/)

## Bad: no toleration, another architecture

```yaml manifest.yaml
apiVersion: karpenter.sh/v1
kind: NodePool
metadata:
  name: spot
spec:
  template:
    metadata:
      labels: {violet.example/capacity: spot}
    spec:
      taints: [{key: violet.example/capacity, value: spot, effect: NoSchedule}]
      requirements:
        - {key: kubernetes.io/arch, operator: In, values: [arm64]}
        - {key: karpenter.sh/capacity-type, operator: In, values: [spot]}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: worker
spec:
  selector:
    matchLabels: {app: worker}
  template:
    metadata:
      labels: {app: worker}
    spec:
      nodeSelector: # finding
        violet.example/capacity: spot
      containers: [{name: app, image: "worker:1.0"}]
---
apiVersion: batch/v1
kind: CronJob
metadata:
  name: report
spec:
  schedule: "0 4 * * *"
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          tolerations: [{key: violet.example/capacity, operator: Exists}]
          affinity: # finding
            nodeAffinity:
              requiredDuringSchedulingIgnoredDuringExecution:
                nodeSelectorTerms:
                  - matchExpressions:
                      - {key: kubernetes.io/arch, operator: In, values: [amd64]}
          containers: [{name: app, image: "report:1.0"}]
```

## Bad: an overlay takes on-demand nodes away

```yaml base/kustomization.yaml
resources: [manifest.yaml]
```

```yaml base/manifest.yaml
apiVersion: karpenter.sh/v1
kind: NodePool
metadata:
  name: general
spec:
  template:
    spec:
      requirements:
        - {key: karpenter.sh/capacity-type, operator: In, values: [spot, on-demand]}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: ledger
spec:
  selector:
    matchLabels: {app: ledger}
  template:
    metadata:
      labels: {app: ledger}
    spec:
      nodeSelector: {karpenter.sh/capacity-type: on-demand} # finding
      containers: [{name: app, image: "ledger:1.0"}]
```

```yaml overlays/sandbox/kustomization.yaml
resources: [../../base]
patches:
  - target: {kind: NodePool}
    patch: |
      - op: replace
        path: /spec/template/spec/requirements/0/values
        value: [spot]
```

## Good: a pool fits, or the nodes are not Karpenter's

```yaml manifest.yaml
apiVersion: karpenter.sh/v1
kind: NodePool
metadata:
  name: spot
spec:
  template:
    metadata:
      labels: {violet.example/capacity: spot}
    spec:
      taints: [{key: violet.example/capacity, value: spot, effect: NoSchedule}]
      requirements:
        - {key: karpenter.sh/capacity-type, operator: In, values: [spot]}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: worker
spec:
  selector:
    matchLabels: {app: worker}
  template:
    metadata:
      labels: {app: worker}
    spec:
      nodeSelector: {violet.example/capacity: spot, karpenter.k8s.aws/instance-category: c}
      tolerations: [{key: violet.example/capacity, value: spot}]
      containers: [{name: app, image: "worker:1.0"}]
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: controller
spec:
  selector:
    matchLabels: {app: controller}
  template:
    metadata:
      labels: {app: controller}
    spec:
      nodeSelector: {eks.amazonaws.com/nodegroup: system, kubernetes.io/os: linux}
      containers: [{name: app, image: "controller:1.0"}]
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: anywhere
spec:
  selector:
    matchLabels: {app: anywhere}
  template:
    metadata:
      labels: {app: anywhere}
    spec:
      containers: [{name: app, image: "anywhere:1.0"}]
```

## Good: an agent for every node, a host by name, the system

```yaml manifest.yaml
apiVersion: karpenter.sh/v1
kind: NodePool
metadata:
  name: arm
spec:
  template:
    spec:
      requirements:
        - {key: kubernetes.io/arch, operator: In, values: [arm64]}
---
apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: agent
spec:
  selector:
    matchLabels: {app: agent}
  template:
    metadata:
      labels: {app: agent}
    spec:
      nodeSelector: {kubernetes.io/arch: amd64}
      containers: [{name: app, image: "agent:1.0"}]
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: pinned
spec:
  selector:
    matchLabels: {app: pinned}
  template:
    metadata:
      labels: {app: pinned}
    spec:
      nodeSelector: {kubernetes.io/hostname: ip-10-0-0-1, kubernetes.io/arch: amd64}
      containers: [{name: app, image: "pinned:1.0"}]
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: dns
  namespace: kube-system
spec:
  selector:
    matchLabels: {app: dns}
  template:
    metadata:
      labels: {app: dns}
    spec:
      nodeSelector: {kubernetes.io/arch: amd64}
      containers: [{name: app, image: "dns:1.0"}]
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: linux
spec:
  selector:
    matchLabels: {app: linux}
  template:
    metadata:
      labels: {app: linux}
    spec:
      nodeSelector: {kubernetes.io/os: linux}
      containers: [{name: app, image: "linux:1.0"}]
```

## Good: no pools are ours to know

```yaml manifest.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: worker
spec:
  selector:
    matchLabels: {app: worker}
  template:
    metadata:
      labels: {app: worker}
    spec:
      nodeSelector: {karpenter.sh/capacity-type: spot}
      containers: [{name: app, image: "worker:1.0"}]
```
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Confidence, Priority, Severity
from infracheck.kubernetes.facts.labels import OPERATING_SYSTEM
from infracheck.kubernetes.karpenter import AWS_PREFIX, WELL_KNOWN, NodePool
from infracheck.kubernetes.matches import some
from infracheck.rule import Target, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.workload import Workload
    from infracheck.rule import Violation
    from infracheck.source.field import Field

HOST = "kubernetes.io/hostname"


@rule(
    Target.WORKLOAD,
    severity=Severity.HIGH,
    category=Category.CORRECTNESS,
    confidence=Confidence.MEDIUM,
    priority=Priority.P1,
    remedy="Add the toleration, correct the selector, or let a pool make such nodes.",
)
def pod_without_node_pool(workload: Workload) -> Iterator[Violation]:
    """Yield what pods demand of nodes if no pool of the environment can meet it."""
    pools = workload.objects.views(NodePool)
    pod = workload.pod
    if not pools or workload.kind == "DaemonSet" or not _is_meant_for(workload, pools):
        return
    if not some(partial(pool.accepts, pod) for pool in pools):
        reasons = "; ".join(f"{pool.name}: {reason}" for pool in pools if (reason := pool.refusal(pod)))
        yield workload.violation(
            _place(pod.field, workload),
            f"no node pool makes nodes for {workload.address}" + (f" ({reasons})" if reasons else ""),
            related=[(pool.address, pool.at("spec.template.spec")) for pool in pools],
        )


def _is_meant_for(workload: Workload, pools: tuple[NodePool, ...]) -> bool:
    """Whether pods demand something of their nodes, and nothing that only nodes of others have."""
    demanded = {one.key for alternative in workload.pod.node_alternatives for one in alternative}
    if not demanded - {OPERATING_SYSTEM} or HOST in demanded or workload.namespace == "kube-system":
        return False
    set_by_pools = {one.key for pool in pools for one in pool.requirements}
    return all(key in WELL_KNOWN or key.startswith(AWS_PREFIX) or key in set_by_pools for key in demanded)


def _place(pod: Field, workload: Workload) -> Field:
    selector = pod["nodeSelector"]
    return selector if len(selector) else workload.pod.at("affinity")
