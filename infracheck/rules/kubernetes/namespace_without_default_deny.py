"""Namespace lets every pod of the cluster in.

Without a NetworkPolicy, each pod answers every other pod: whoever takes over the least important container of the
cluster reaches the databases and internal APIs of all teams. A policy that selects all pods and allows nothing turns
that round: what is not allowed by name is refused, for pods that are yet to come as well.

A namespace in which each workload is selected by a policy for ingress of its own is left alone, and so is one that is
ruled by policies of Cilium or Calico, or by policies for the whole cluster.

Policies are also looked for in the stacks that belong to no environment. Where they are applied from a stack of another
environment, give both the same one in the configuration. Jobs that declare no port are not counted: nothing listens
there.

On EKS, policies have no effect until the VPC CNI's network policy agent is switched on (`enableNetworkPolicy`), or
another engine is installed.

## Fix

Add a default deny to the namespace, then allow what is needed.

```yaml
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: default-deny
spec:
  podSelector: {}
  policyTypes: [Ingress, Egress]
```

## References

- [Default deny all ingress traffic](https://kubernetes.io/docs/concepts/services-networking/network-policies/#default-deny-all-ingress-traffic)
- CIS Kubernetes Benchmark v1.9.0, 5.3.2: all namespaces have network policies defined
- [Limit pod traffic with Kubernetes network policies, Amazon EKS](https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy.html)

## Bad: no policy, and one for another pod

```yaml manifest.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop # finding
spec:
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
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
  policyTypes: [Ingress]
```

## Bad: the policy stays behind, because an overlay changes the namespace

```yaml base/app/kustomization.yaml
resources:
  - web.yaml
```

```yaml base/app/web.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
spec:
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers: [{name: app, image: "web:1.0"}]
```

```yaml base/policies/kustomization.yaml
resources:
  - deny.yaml
```

```yaml base/policies/deny.yaml
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: default-deny
  namespace: shop
spec:
  podSelector: {}
  policyTypes: [Ingress]
```

```yaml overlays/sandbox/app/kustomization.yaml
namespace: shop-sandbox # finding
resources:
  - ../../../base/app
```

```yaml overlays/sandbox/kustomization.yaml
resources:
  - app
  - ../../base/policies
```

## Bad: a policy for outgoing traffic alone

```yaml manifest.yaml
apiVersion: v1
kind: Namespace
metadata:
  name: shop # finding
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
spec:
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers: [{name: app, image: "web:1.0"}]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: egress
  namespace: shop
spec:
  podSelector: {}
  policyTypes: [Egress]
```

## Good: a default deny

```yaml manifest.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
spec:
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers: [{name: app, image: "web:1.0"}]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: default-deny
  namespace: shop
spec:
  podSelector: {}
```

## Good: another stack holds the policy

```yaml apps/web/kustomization.yaml
namespace: shop
resources:
  - web.yaml
```

```yaml apps/web/web.yaml
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
```

```yaml common/policies/kustomization.yaml
namespace: shop
resources:
  - deny.yaml
```

```yaml common/policies/deny.yaml
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: default-deny
spec:
  podSelector: {}
  policyTypes: [Ingress]
```

## Good: nothing listens

```yaml manifest.yaml
apiVersion: batch/v1
kind: CronJob
metadata:
  name: report
  namespace: reports
spec:
  schedule: "0 4 * * *"
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          containers: [{name: app, image: "report:1.0"}]
```

## Good: each workload has its own; the host's network is out of reach; Cilium

```yaml manifest.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
spec:
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers: [{name: app, image: "web:1.0"}]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
  namespace: shop
spec:
  podSelector:
    matchLabels: {app: web}
---
apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: agent
  namespace: agents
spec:
  selector:
    matchLabels: {app: agent}
  template:
    metadata:
      labels: {app: agent}
    spec:
      hostNetwork: true
      containers: [{name: app, image: "agent:1.0"}]
---
apiVersion: v1
kind: Pod
metadata:
  name: shell
  namespace: tools
spec:
  containers: [{name: app, image: "shell:1.0"}]
---
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata:
  name: all
  namespace: tools
spec:
  endpointSelector: {}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Profile, Severity
from infracheck.kubernetes.network import NetworkPolicy
from infracheck.rule import Target, rule
from infracheck.rules.kubernetes._namespaces import SYSTEM, is_written, workloads_by_namespace
from infracheck.source.field import find, judge_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.objects import Objects
    from infracheck.kubernetes.workload import Workload
    from infracheck.rule import Violation

OTHER_POLICIES = (
    "cilium.io/CiliumNetworkPolicy",
    "crd.projectcalico.org/NetworkPolicy",
    "projectcalico.org/NetworkPolicy",
)
"""Policies of a namespace that other engines read."""
CLUSTER_POLICIES = (
    "cilium.io/CiliumClusterwideNetworkPolicy",
    "crd.projectcalico.org/GlobalNetworkPolicy",
    "projectcalico.org/GlobalNetworkPolicy",
    "policy.networking.k8s.io/AdminNetworkPolicy",
    "policy.networking.k8s.io/BaselineAdminNetworkPolicy",
    "policy.networking.k8s.io/ClusterNetworkPolicy",
)
"""Policies for the whole cluster."""

JOBS = ("batch/Job", "batch/CronJob")


@rule(
    Target.OBJECTS,
    severity=Severity.MEDIUM,
    category=Category.SECURITY,
    priority=Priority.P2,
    profiles={Profile.DEVELOPMENT: Severity.INFO},
    tags=("checklist:network-policies",),
    remedy="Add a NetworkPolicy that selects all pods of the namespace and allows nothing.",
)
def namespace_without_default_deny(objects: Objects) -> Iterator[Violation]:
    """Yield each namespace with workloads that nothing isolates."""
    if any(objects.of_kind(kind) or objects.beside.of_kind(kind) for kind in CLUSTER_POLICIES):
        return

    def judge(item: tuple[str, list[Workload]]) -> Iterator[Violation]:
        namespace, workloads = item
        if namespace in SYSTEM or not any(is_written(one) for one in workloads) or _is_ruled(objects, namespace):
            return
        within_reach = [one for one in workloads if _is_reachable(one)]
        open_ones = [one for one in within_reach if not _is_isolated(one)]
        if open_ones:
            # Stacks for several clusters hold the same object: it counts once.
            reached, total = (len({one.address for one in some}) for some in (open_ones, within_reach))
            message = (
                f"no NetworkPolicy here denies by default in namespace {namespace}: every pod of the cluster reaches "
                f"{reached} of its {total} workload{'s' if total > 1 else ''}"
            )
            declared = objects.named("Namespace", namespace).certain
            if declared:
                yield declared[0].violation("metadata.name", message)
            else:
                first = next((one for one in open_ones if is_written(one)), open_ones[0])
                yield first.violation("metadata.namespace", message)

    yield from judge_each(workloads_by_namespace(objects), judge)


def _is_ruled(objects: Objects, namespace: str) -> bool:
    """Whether all pods of a namespace are isolated, or isolated by an engine whose policies are not read here."""
    others = (one for kind in OTHER_POLICIES for one in objects.of_kind(kind))
    if find(others, lambda one: one.namespace == namespace) is not None:
        return True
    if any(objects.beside.of_kind(kind, namespace) for kind in OTHER_POLICIES):
        return True
    here = (one for one in objects.network_policies if one.namespace == namespace)
    beside = (one for one in objects.beside.of_kind("NetworkPolicy", namespace) if isinstance(one, NetworkPolicy))
    return find((*here, *beside), lambda one: one.selects_all and "Ingress" in one.policy_types) is not None


def _is_reachable(workload: Workload) -> bool:
    """Whether its pods have an address of their own and something that listens there."""
    if workload.pod.at("hostNetwork").boolean(default=False) is True:
        return False
    return not workload.is_kind(*JOBS) or any(container.ports for container in workload.containers)


def _is_isolated(workload: Workload) -> bool:
    return find(workload.network_policies, lambda one: "Ingress" in one.policy_types) is not None
