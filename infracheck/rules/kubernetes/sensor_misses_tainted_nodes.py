"""A sensor for logs, traces or metrics does not run on the nodes of a tainted pool.

Groundcover's sensor, the OpenTelemetry collector, log shippers and node exporters are DaemonSets: they see what runs on
their own node and nothing else. Nodes with a taint that they do not tolerate stay without one, and what runs there is
missing from every dashboard and alert, without a sign that anything is missing.

## Fix

Let the sensor tolerate the taint, or `operator: Exists` without a key: an agent of every node belongs on every node.

## References

- [groundcover documentation](https://docs.groundcover.com/)
- [Taints and Tolerations](https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/)
- [Karpenter: NodePools, taints](https://karpenter.sh/docs/concepts/nodepools/#spectemplatespectaints)

## Bad: no toleration for the spot pool

```yaml manifest.yaml
apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: groundcover-sensor
spec:
  selector:
    matchLabels: {app: sensor}
  template:
    metadata:
      labels: {app: sensor}
    spec: # finding
      containers: [{name: sensor, image: "public.ecr.aws/groundcovercom/sensor:1.9"}]
---
apiVersion: karpenter.sh/v1
kind: NodePool
metadata:
  name: spot
spec:
  template:
    spec:
      taints: [{key: capacity, value: spot, effect: NoSchedule}]
```

## Bad: a toleration for another taint

```yaml manifest.yaml
apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: collector
spec:
  selector:
    matchLabels: {app: collector}
  template:
    metadata:
      labels: {app: collector}
    spec:
      tolerations: [{key: gpu, operator: Exists}] # finding
      containers: [{name: agent, image: "otel/opentelemetry-collector-contrib:0.110.0"}]
---
apiVersion: karpenter.sh/v1
kind: NodePool
metadata:
  name: spot
spec:
  template:
    spec:
      taints: [{key: capacity, value: spot, effect: NoExecute}]
```

## Good: everywhere, for chosen nodes, or no sensor

```yaml manifest.yaml
apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: groundcover-sensor
spec:
  selector:
    matchLabels: {app: sensor}
  template:
    metadata:
      labels: {app: sensor}
    spec:
      tolerations: [{operator: Exists}]
      containers: [{name: sensor, image: "public.ecr.aws/groundcovercom/sensor:1.9"}]
---
apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: fluent-bit
spec:
  selector:
    matchLabels: {app: fluent-bit}
  template:
    metadata:
      labels: {app: fluent-bit}
    spec:
      nodeSelector: {team: data}
      containers: [{name: agent, image: "fluent/fluent-bit:3.1"}]
---
apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: warm-cache
spec:
  selector:
    matchLabels: {app: warm-cache}
  template:
    metadata:
      labels: {app: warm-cache}
    spec:
      containers: [{name: app, image: "cache:1.0"}]
---
apiVersion: karpenter.sh/v1
kind: NodePool
metadata:
  name: spot
spec:
  template:
    spec:
      taints:
        - {key: capacity, value: spot, effect: NoSchedule}
        - {key: hint, effect: PreferNoSchedule}
```
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Confidence, Severity
from infracheck.kubernetes.karpenter import NodePool
from infracheck.kubernetes.scheduling import tolerates_all
from infracheck.rule import Target, rule
from infracheck.source.field import judge_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.workload import Workload
    from infracheck.rule import Violation

SENSOR = re.compile(
    r"groundcover|opentelemetry-collector|otel-collector|fluent-?bit|fluentd|promtail|node-exporter|datadog|newrelic"
)
"""Images of agents that watch the node they run on."""


@rule(
    Target.WORKLOAD,
    kinds=("apps/DaemonSet",),
    severity=Severity.MEDIUM,
    category=Category.OPERATIONS,
    confidence=Confidence.MEDIUM,
    remedy="Tolerate the taint, or every taint: `tolerations: [{operator: Exists}]`.",
)
def sensor_misses_tainted_nodes(workload: Workload) -> Iterator[Violation]:
    """Yield a sensor's tolerations once for each node pool whose taints they do not cover."""
    pod = workload.pod
    images = [container.image for container in pod.main_containers]
    if not any(image is not None and SENSOR.search(image.repository) for image in images):
        return
    if any(pod.node_alternatives) or pod.field.at("affinity.nodeAffinity").exists:
        return

    def judge(pool: NodePool) -> Iterator[Violation]:
        if not tolerates_all(pod.tolerations, pool.taints):
            taint = next(one.key for one in pool.taints if one.repels)
            message = f"{workload.address} sees nothing of the nodes of {pool.address}: it does not tolerate {taint}"
            yield workload.violation(pod.at("tolerations"), message, related=[("the taints", pool.node["taints"])])

    yield from judge_each(workload.objects.views(NodePool), judge)
