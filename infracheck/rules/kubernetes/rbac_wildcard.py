"""Role grants every verb or every resource.

A `*` in a role grants what exists today and whatever a future version or operator adds. `verbs: ["*"]` includes
`deletecollection`, and on roles and bindings `escalate` and `bind`; `resources: ["*"]` includes Secrets. Nobody reading
the role can tell what its holder needs.

Three faults are lesser ones, of low severity. URLs that are no resources lead to metrics, health and versions.
`apiGroups: ["*"]` with named resources takes in whatever bears that name in any API to come. A wildcard within the API
groups of custom resources (`kustomize.toolkit.fluxcd.io`) reaches neither Secrets nor roles by itself; operators have
it for the resources that are their own.

## Fix

Name the verbs, the resources and the groups that are used. The audit log of the API server tells which.

## References

- [Role Based Access Control Good Practices](https://kubernetes.io/docs/concepts/security/rbac-good-practices/)
- CIS Kubernetes Benchmark v1.9.0, 5.1.3: minimize wildcard use in Roles and ClusterRoles

## Bad: verbs and resources

```yaml roles.yaml
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: deployer
rules:
  - apiGroups: [apps]
    resources: [deployments]
    verbs: ["*"] # finding
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: reader
  namespace: core-api
rules:
  - apiGroups: [""]
    resources: ["*"] # finding
    verbs: [get, list]
```

## Bad: every group

```yaml roles.yaml
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: reader
rules:
  - apiGroups:
      - "*" # finding
      - apps
    resources: [deployments]
    verbs: [get]
```

## Bad: an operator's own resources

```yaml roles.yaml
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: operator
rules:
  - apiGroups: [shop.example]
    resources: ["*"]
    verbs: ["*"] # finding
```

## Bad: URLs that are no resources

```yaml roles.yaml
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: scraper
rules:
  - nonResourceURLs: [/metrics]
    verbs: ["*"] # finding
```

## Bad: a patch widens it

```yaml base/kustomization.yaml
resources:
  - role.yaml
```

```yaml base/role.yaml
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: deployer
rules:
  - apiGroups: [apps]
    resources: [deployments]
    verbs: [get, patch]
```

```yaml overlays/dev/kustomization.yaml
resources:
  - ../../base
patches:
  - target:
      kind: ClusterRole
    patch: |-
      - op: add
        path: /rules/0/verbs/-
        value: "*" # finding
```

## Good: named, and one subresource of whatever can be scaled

```yaml roles.yaml
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: deployer
rules:
  - apiGroups: [apps]
    resources: [deployments]
    verbs: [get, list, watch, create, update, patch]
  - apiGroups: [apps]
    resources: ["*/scale"]
    verbs: [get, update]
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.kubernetes.operators import OPENSHIFT
from infracheck.kubernetes.place import entries
from infracheck.rule import Target, rule
from infracheck.source.field import judge_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.manifest import Manifest
    from infracheck.rule import Violation
    from infracheck.source.field import Field

PARTS = ("verbs", "resources", "apiGroups")
"""Where a wildcard may stand, the worst first."""
PLATFORM = (".k8s.io", OPENSHIFT)
"""What the names of the groups end in that belong to the platform; so do those without a dot (`apps`)."""
SHOWN = 2
"""Groups or resources that a message names."""


@rule(
    Target.MANIFEST,
    kinds=("rbac.authorization.k8s.io/Role", "rbac.authorization.k8s.io/ClusterRole"),
    severity=Severity.HIGH,
    category=Category.SECURITY,
    priority=Priority.P1,
    aliases=(
        "CKV_K8S_49",
        "AVD-KSV-0044",
        "KSV-0044",
        "AVD-KSV-0045",
        "KSV-0045",
        "AVD-KSV-0046",
        "KSV-0046",
        "AVD-KSV-0112",
        "KSV-0112",
        "kube-linter:wildcard-in-rules",
    ),
    tags=("checklist:rbac",),
    remedy="Name the verbs and the resources that are used.",
)
def rbac_wildcard(manifest: Manifest) -> Iterator[Violation]:
    """Yield the first wildcard of each rule of a role."""

    def judge(entry: Field) -> Iterator[Violation]:
        for name in PARTS:
            guilty = entry[name].first(lambda one: one.text() == "*")
            if guilty is not None:
                is_lesser = name == "apiGroups" or _is_custom_alone(entry) or not entry["resources"].exists
                severity = Severity.LOW if is_lesser else None
                yield manifest.violation(
                    guilty, f"{manifest.address} grants {_granted(entry, name)}", severity=severity
                )
                return

    yield from judge_each(manifest.at("rules"), judge)


def _is_custom_alone(entry: Field) -> bool:
    """Whether all groups are known to be those of custom resources."""
    groups = _known(entry["apiGroups"])
    is_known = 0 < len(groups) == len(entries(entry["apiGroups"]))
    return is_known and all("." in group and not group.endswith(PLATFORM) for group in groups)


def _granted(entry: Field, part: str) -> str:
    groups, resources = _known(entry["apiGroups"]), _known(entry["resources"])
    if part == "apiGroups":
        return "resources of that name in every API group"
    if not entry["resources"].exists:
        return f"every verb on URLs: {_listed(_known(entry['nonResourceURLs']))}"
    what = "every resource" if "*" in resources else _listed(resources)
    if what == "every resource" and groups and "*" not in groups:
        what += f" of {_listed([group or 'the core group' for group in groups])}"
    if part == "resources":
        return what
    return f"every verb on {what}" if what else "every verb"


def _known(field: Field) -> list[str]:
    return [one.text() or "" for one in entries(field) if not one.is_unknown]


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return (", " if more else " and ").join(names[:SHOWN]) + more
