"""Namespace does not keep privileged pods out.

Pod Security Admission is built into Kubernetes and does nothing until a namespace carries the label
`pod-security.kubernetes.io/enforce`, or the API server is configured with a standard for those that carry none. Without
either whoever may create a pod may take its node. `audit` and `warn` tell, and stop nobody; `enforce: privileged`
allows all there is.

The rule looks at namespaces in which workloads of the manifests run, and leaves those alone that Kyverno, Gatekeeper
or a ValidatingAdmissionPolicy among the manifests may guard; Kyverno and Gatekeeper also where a stack that belongs to
no environment holds them. On OpenShift every pod has to pass a security context constraint: where the manifests speak
of OpenShift, nothing is reported.

## Fix

Add the label, `restricted` where the workloads allow it and `baseline` at least:

```yaml
metadata:
  labels:
    pod-security.kubernetes.io/enforce: restricted
```

## References

- [Enforce Pod Security Standards with namespace labels](https://kubernetes.io/docs/tasks/configure-pod-container/enforce-standards-namespace-labels/)
- [Configure the admission controller](https://kubernetes.io/docs/tasks/configure-pod-container/enforce-standards-admission-controller/)
- [Managing security context constraints, OKD](https://docs.okd.io/latest/authentication/managing-security-context-constraints.html)
- CIS Kubernetes Benchmark v1.9.0, 5.2.1: at least one active policy control mechanism

## Bad: none, warnings alone, and a standard that allows everything

```yaml manifest.yaml
apiVersion: v1
kind: Namespace
metadata: # finding
  name: a
---
apiVersion: v1
kind: Pod
metadata:
  name: a
  namespace: a
spec:
  containers: [{name: app, image: "web:1.0"}]
---
apiVersion: v1
kind: Namespace
metadata:
  name: b
  labels: # finding
    pod-security.kubernetes.io/warn: restricted
---
apiVersion: v1
kind: Pod
metadata:
  name: b
  namespace: b
spec:
  containers: [{name: app, image: "web:1.0"}]
---
apiVersion: v1
kind: Namespace
metadata:
  name: c
  labels:
    pod-security.kubernetes.io/enforce: privileged # finding
---
apiVersion: v1
kind: Pod
metadata:
  name: c
  namespace: c
spec:
  containers: [{name: app, image: "web:1.0"}]
```

## Bad: its labels come from the kustomization, where this one has no business

```yaml kustomization.yaml
resources:
  - manifest.yaml
labels:
  - pairs: {team: a}
```

```yaml manifest.yaml
apiVersion: v1
kind: Namespace
metadata: # finding
  name: a
---
apiVersion: v1
kind: Pod
metadata:
  name: a
  namespace: a
spec:
  containers: [{name: app, image: "web:1.0"}]
```

## Good: enforced, and nothing runs there

```yaml manifest.yaml
apiVersion: v1
kind: Namespace
metadata:
  name: a
  labels:
    pod-security.kubernetes.io/enforce: baseline
---
apiVersion: v1
kind: Pod
metadata:
  name: a
  namespace: a
spec:
  containers: [{name: app, image: "web:1.0"}]
---
apiVersion: v1
kind: Namespace
metadata:
  name: b
```

## Good: a component adds it for the production environment

```yaml base/kustomization.yaml
resources:
  - manifest.yaml
```

```yaml base/manifest.yaml
apiVersion: v1
kind: Namespace
metadata:
  name: a
  labels: {team: a}
---
apiVersion: v1
kind: Pod
metadata:
  name: a
  namespace: a
spec:
  containers: [{name: app, image: "web:1.0"}]
```

```yaml overlays/production/kustomization.yaml
resources:
  - ../../base
patches:
  - target: {kind: Namespace}
    patch: |-
      - op: add
        path: /metadata/labels/pod-security.kubernetes.io~1enforce
        value: restricted
```

## Good: Kyverno

```yaml manifest.yaml
apiVersion: v1
kind: Namespace
metadata:
  name: a
---
apiVersion: v1
kind: Pod
metadata:
  name: a
  namespace: a
spec:
  containers: [{name: app, image: "web:1.0"}]
---
apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata:
  name: restricted
spec: {}
```

## Good: OpenShift

```yaml manifest.yaml
apiVersion: v1
kind: Namespace
metadata:
  name: a
---
apiVersion: v1
kind: Pod
metadata:
  name: a
  namespace: a
spec:
  containers: [{name: app, image: "web:1.0"}]
---
apiVersion: route.openshift.io/v1
kind: Route
metadata:
  name: a
  namespace: a
spec:
  to: {kind: Service, name: a}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Profile, Severity
from infracheck.kubernetes.facts.labels import POD_SECURITY_PREFIX
from infracheck.kubernetes.operators import OPENSHIFT
from infracheck.rule import Target, rule
from infracheck.rules.kubernetes._namespaces import SYSTEM
from infracheck.source.field import find

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.manifest import Manifest
    from infracheck.rule import Violation

GUARDS = ("kyverno.io", "constraints.gatekeeper.sh", "templates.gatekeeper.sh", "policies.kyverno.io")
"""API groups of other admission policies."""
STANDARDS = ("baseline", "restricted")
"""The standards that keep privileged pods out."""


@rule(
    Target.MANIFEST,
    kinds=("Namespace",),
    severity=Severity.MEDIUM,
    category=Category.SECURITY,
    profiles={Profile.DEVELOPMENT: None},
    tags=("pss-baseline", "pss-restricted"),
    remedy="Add the label `pod-security.kubernetes.io/enforce`, with `restricted` or `baseline`.",
)
def namespace_without_pod_security(namespace: Manifest) -> Iterator[Violation]:
    """Yield a namespace with workloads for which no standard is enforced."""
    if namespace.group or namespace.name in SYSTEM or _is_guarded(namespace):
        return
    if find(namespace.objects.workloads, lambda workload: workload.namespace == namespace.name) is None:
        return
    label = namespace.label(f"{POD_SECURITY_PREFIX}enforce")
    standard = label.text("") or ""
    if standard == "privileged":
        yield namespace.violation(label, f"{namespace.address} enforces `privileged`: it admits every pod")
    elif standard and standard not in STANDARDS:
        yield namespace.violation(label, f"{namespace.address} enforces `{standard}`, which is no such standard")
    elif not standard:
        # Labels that a kustomization gives to all its objects are not the place for one that only this needs.
        shared = [one.origin.step == "labels" for _, one in namespace.labels.items()]
        place = namespace.at("metadata") if shared and all(shared) else label
        message = f"{namespace.address} enforces no Pod Security Standard: it may admit privileged pods"
        yield namespace.violation(place, message)


def _is_guarded(namespace: Manifest) -> bool:
    """Whether a policy may judge its pods, one of a stack without environment too, or the cluster always has one."""
    objects = namespace.objects
    if objects.of_kind("ValidatingAdmissionPolicy") or not objects.beside.groups.isdisjoint(GUARDS):
        return True
    return any(one.group in GUARDS or one.group.endswith(OPENSHIFT) for one in objects.manifests)
