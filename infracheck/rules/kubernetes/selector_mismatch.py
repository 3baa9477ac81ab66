"""Workload selects other pods than those it makes.

The selector of a workload must match the labels of its own pod template. If it does not, the API server refuses the
object: "selector does not match template labels". The release stops there, in an overlay often after the labels of the
template were changed and the selector, which can't be changed later, was not.

## Fix

Give the pod template the labels the selector asks for. The selector of an existing workload can't be changed: delete
and re-create the workload if it must.

## References

- [Deployments: selector](https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#selector)

## Bad: another label

```yaml manifest.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  selector: # finding
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app.kubernetes.io/name: web}
    spec:
      containers: [{name: app, image: "web:1.0"}]
```

## Bad: none at all

```yaml manifest.yaml
apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: agent
spec: # finding
  template:
    metadata:
      labels: {app: agent}
    spec:
      containers: [{name: app, image: "agent:1.0"}]
```

## Bad: older kinds, whose selector is a plain map

```yaml manifest.yaml
apiVersion: v1
kind: ReplicationController
metadata:
  name: web
spec:
  selector: {app: web} # finding
  template:
    metadata:
      labels: {app: shop}
    spec:
      containers: [{name: app, image: "web:1.0"}]
---
apiVersion: apps.openshift.io/v1
kind: DeploymentConfig
metadata:
  name: web
spec:
  selector: {app: web} # finding
  template:
    spec:
      containers: [{name: app, image: "web:1.0"}]
```

## Good: older kinds, which take the labels of their template

```yaml manifest.yaml
apiVersion: v1
kind: ReplicationController
metadata:
  name: web
spec:
  template:
    metadata:
      labels: {app: web}
    spec:
      containers: [{name: app, image: "web:1.0"}]
---
apiVersion: apps.openshift.io/v1
kind: DeploymentConfig
metadata:
  name: web
spec:
  template:
    metadata:
      labels: {app: web}
    spec:
      containers: [{name: app, image: "web:1.0"}]
```

## Good: a part without a template, which the schema finds wanting

```yaml manifest.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec: {}
```

## Bad: no labels where it is applied

```yaml overlays/production/web.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec: # finding
  template:
    spec:
      containers: [{name: app, image: "web:1.0"}]
```

## Good: the template has them, and more

```yaml manifest.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web, version: v2}
    spec:
      containers: [{name: app, image: "web:1.0"}]
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.kubernetes.selector import describe
from infracheck.rule import Target, rule
from infracheck.source.field import NotJudged
from infracheck.source.values import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.workload import Workload
    from infracheck.rule import Violation

PLAIN = ("ReplicationController", "DeploymentConfig")
"""Kinds whose selector is a plain map, and is made of the labels of the template where it is empty."""


@rule(
    Target.WORKLOAD,
    kinds=(
        "apps/Deployment",
        "apps/StatefulSet",
        "apps/DaemonSet",
        "apps/ReplicaSet",
        *PLAIN,
    ),
    severity=Severity.HIGH,
    category=Category.CORRECTNESS,
    priority=Priority.P1,
    aliases=(
        "kube-linter:mismatching-selector",
        "kube-score:deployment-pod-selector-labels-match-template-metadata-labels",
        "kube-score:statefulset-pod-selector-labels-match-template-metadata-labels",
    ),
    remedy="Give the pod template the labels the selector asks for.",
)
def selector_mismatch(workload: Workload) -> Iterator[Violation]:
    """Yield the selector if the pods of the workload don't fit it. Outside of apps/v1 it can be left out."""
    selector = workload.selector
    if workload.kind in PLAIN and not len(selector.field):
        return
    if not selector.field.require().exists:
        # Without a template it is a part that others complete, or the schema's fault to name.
        if workload.version == "v1" and workload.at("spec.template").exists:
            if not workload.context.environment and not workload.pod_labels.exists:
                reason = "neither a selector nor labels: another kustomization may bring both"
                raise NotJudged(Unknown(reason, workload.at("spec").origin), "spec.selector")
            yield workload.violation("spec.selector", f"{workload.address} has no selector for its pods")
    elif not selector.matches(workload.pod_labels):
        yield workload.violation(
            "spec.selector",
            f"{workload.address} selects {describe(selector) or 'nothing'}, which its own pods don't have",
            related=[("the labels of its pods", workload.pod_labels)],
        )
