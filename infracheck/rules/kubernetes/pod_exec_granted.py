"""Role lets its holder run commands in containers.

`create` on `pods/exec` opens a shell in any container of the namespace, `pods/attach` takes over its standard input.
Whoever may do that reads the container's secrets and its service account's token, sees customer data and changes what
runs, without a trace in any repository. Since `kubectl exec` may be sent as a GET request (a WebSocket), `get` is
enough.

## Fix

Take the subresources out of the role. Give them for a limited time when something burns, to a role of its own; for
debugging, an image with logs, metrics and traces needs no shell.

## References

- [Role Based Access Control Good Practices](https://kubernetes.io/docs/concepts/security/rbac-good-practices/)
- [Get a Shell to a Running Container](https://kubernetes.io/docs/tasks/debug/debug-application/get-shell-running-container/)

## Bad: among other resources, by `get`, and with every verb

```yaml roles.yaml
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: developer
rules:
  - apiGroups: [""]
    resources:
      - pods
      - pods/log
      - pods/exec # finding
    verbs: [get, list, create]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: debugger
  namespace: core-api
rules:
  - apiGroups: ["", apps]
    resources: [pods/attach] # finding
    verbs: [get]
  - apiGroups: ["*"]
    resources: [pods/exec] # finding
    verbs: ["*"]
```

## Bad: added by an overlay

```yaml base/kustomization.yaml
resources:
  - role.yaml
```

```yaml base/role.yaml
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: deployer
rules:
  - apiGroups: [""]
    resources: [pods]
    verbs: [get]
```

```yaml overlays/production/kustomization.yaml
resources:
  - ../../base
patches:
  - target:
      kind: Role
      name: deployer
    patch: |-
      - op: add
        path: /rules/-
        value:
          apiGroups: [""]
          resources: [pods/exec] # finding
          verbs: [create]
```

## Good: reading, forwarding ports, and a resource of that name in another group

```yaml roles.yaml
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: developer
rules:
  - apiGroups: [""]
    resources: [pods, pods/log]
    verbs: [get, list, watch]
  - apiGroups: [""]
    resources: [pods/portforward]
    verbs: [create]
  - apiGroups: [metrics.k8s.io]
    resources: [pods/exec]
    verbs: [create]
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Profile, Severity
from infracheck.rule import Target, rule
from infracheck.source.field import judge_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.rbac import PolicyRule, Role
    from infracheck.rule import Violation


@rule(
    Target.MANIFEST,
    kinds=("rbac.authorization.k8s.io/Role", "rbac.authorization.k8s.io/ClusterRole"),
    severity=Severity.MEDIUM,
    category=Category.SECURITY,
    priority=Priority.P2,
    profiles={Profile.DEVELOPMENT: Severity.INFO},
    aliases=(
        "AVD-KSV-0053",
        "KSV-0053",
        "AVD-KSV-0054",
        "KSV-0054",
        "CKV2_K8S_2",
        "polaris:clusterrolePodExecAttach",
        "polaris:rolePodExecAttach",
        "polaris:clusterrolebindingPodExecAttach",
        "polaris:rolebindingClusterRolePodExecAttach",
        "polaris:rolebindingRolePodExecAttach",
    ),
    tags=("checklist:rbac",),
    remedy="Take `pods/exec` and `pods/attach` out of the role.",
)
def pod_exec_granted(role: Role) -> Iterator[Violation]:
    """Yield the first such subresource of each rule of a role."""

    def judge(granted: PolicyRule) -> Iterator[Violation]:
        entry = granted.names(("create", "get"), ("pods/exec", "pods/attach"))
        if entry is not None:
            yield role.violation(entry, f"{role.address} lets its holder run commands in containers: {entry.text()}")

    yield from judge_each(role.rules, judge)
