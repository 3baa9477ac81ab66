"""Container has no CPU limit.

Without a CPU limit a container may use every cycle its neighbours leave over. That is often wanted: requests already
share the CPU fairly when it is scarce, and a limit throttles a service that could have answered sooner. Where teams pay
for what they use, or where latency must not depend on who else is on the node, a limit makes performance the same every
day. The rule therefore does not run unless it is selected.

## Fix

Set `resources.limits.cpu`, or a LimitRange with a default in the namespace.

## References

- [Resource Management for Pods and Containers](https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/)
- [Limit Ranges](https://kubernetes.io/docs/concepts/policy/limit-range/)

## Bad: memory only

```yaml manifest.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: search
spec:
  selector:
    matchLabels: {app: search}
  template:
    metadata:
      labels: {app: search}
    spec:
      containers:
        - name: app
          image: search:1.0
          resources:
            limits: # finding
              memory: 256Mi
```

## Good: limited

```yaml manifest.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: search
spec:
  selector:
    matchLabels: {app: search}
  template:
    metadata:
      labels: {app: search}
    spec:
      containers:
        - name: app
          image: search:1.0
          resources:
            limits: {cpu: 500m, memory: 256Mi}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.kubernetes.amounts import has_amount
from infracheck.rule import Target, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.container import Container
    from infracheck.rule import Violation


@rule(
    Target.CONTAINER,
    severity=Severity.LOW,
    category=Category.AVAILABILITY,
    priority=Priority.P3,
    aliases=(
        "CKV_K8S_11",
        "AVD-KSV-0011",
        "KSV-0011",
        "kube-linter:unset-cpu-requirements",
        "kube-score:container-resources",
        "polaris:cpuLimitsMissing",
    ),
    tags=("checklist:resource-limits",),
    remedy="Set `resources.limits.cpu`.",
    default=False,
)
def missing_cpu_limit(container: Container) -> Iterator[Violation]:
    """Yield the container if nothing limits its CPU."""
    if not container.is_ephemeral and not has_amount(container, "limits", "cpu"):
        yield container.violation(
            "resources.limits.cpu", f"container {container.shown_name} of {container.address} has no CPU limit"
        )
