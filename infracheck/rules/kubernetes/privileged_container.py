"""Container runs privileged.

A privileged container has every capability and every device of its node. Whoever breaks into it owns the node, every
pod on it and whatever the node's role may do in the cloud: it is no container any more.

## Fix

Remove `privileged: true` and grant the one capability that is needed. Node agents that truly need the host belong into
a namespace of their own, with a suppression that says why.

## References

- [Pod Security Standards, baseline: privileged containers](https://kubernetes.io/docs/concepts/security/pod-security-standards/)
- CIS Kubernetes Benchmark v1.9.0, 5.2.2: minimize the admission of privileged containers

## Bad: a patch of one overlay

```yaml base/kustomization.yaml
resources:
  - agent.yaml
```

```yaml base/agent.yaml
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
      containers:
        - name: agent
          image: registry.example/agent:1.0.0
          securityContext:
            privileged: false
```

```yaml overlays/dev/kustomization.yaml
resources:
  - ../../base
patches:
  - path: agent.yaml
```

```yaml overlays/dev/agent.yaml
apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: agent
spec:
  template:
    spec:
      containers:
        - name: agent
          securityContext:
            privileged: true # finding
```

## Good: one capability

```yaml agent.yaml
apiVersion: v1
kind: Pod
metadata:
  name: agent
spec:
  containers:
    - name: agent
      image: registry.example/agent:1.0.0
      securityContext:
        privileged: false
        capabilities:
          drop: [ALL]
          add: [NET_BIND_SERVICE]
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.rule import Target, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.container import Container
    from infracheck.rule import Violation


@rule(
    Target.CONTAINER,
    severity=Severity.CRITICAL,
    category=Category.SECURITY,
    priority=Priority.P1,
    aliases=(
        "CKV_K8S_16",
        # A privileged container may do all that these forbid, whatever it says of it.
        "CKV_K8S_20",
        "CKV_K8S_28",
        "CKV_K8S_37",
        "AVD-KSV-0001",
        "KSV-0001",
        "AVD-KSV-0003",
        "KSV-0003",
        "AVD-KSV-0004",
        "KSV-0004",
        "kube-linter:drop-net-raw-capability",
        "kube-linter:privilege-escalation-container",
        "polaris:insecureCapabilities",
        "polaris:linuxHardening",
        "polaris:privilegeEscalationAllowed",
        "AVD-KSV-0017",
        "KSV-0017",
        "kube-linter:privileged-container",
        "kube-score:container-security-context-privileged",
        "polaris:runAsPrivileged",
    ),
    tags=("pss-baseline", "pss-restricted"),
    remedy="Remove `privileged: true` and add the one capability that is needed.",
)
def privileged_container(container: Container) -> Iterator[Violation]:
    """Yield a container that is privileged."""
    if container.at("securityContext.privileged").boolean():
        shown = f"{container.shown_name} of {container.address}"
        yield container.violation("securityContext.privileged", f"container {shown} runs privileged")
