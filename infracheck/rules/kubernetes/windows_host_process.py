"""Windows container runs on its node as a process of the node.

A HostProcess container shares the node's network, files, registry and users; as the system account it is the node's
administrator. It is what `privileged: true` is on Linux.

## Fix

Remove `hostProcess: true`. Node agents that need it run in a namespace of their own, with a suppression that says why.

## References

- [Create a Windows HostProcess Pod](https://kubernetes.io/docs/tasks/configure-pod-container/create-hostprocess-pod/)
- [Pod Security Standards, baseline: HostProcess](https://kubernetes.io/docs/concepts/security/pod-security-standards/)

## Bad: the pod, and a container

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: agent
spec:
  os: {name: windows}
  hostNetwork: true
  securityContext:
    windowsOptions:
      hostProcess: true # finding
      runAsUserName: LocalSystem
  containers:
    - name: agent
      image: registry.example/agent:1.4.0
      securityContext:
        windowsOptions:
          hostProcess: true # finding
```

## Good: a user of the container

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  os: {name: windows}
  containers:
    - name: web
      image: registry.example/web:1.4.0
      securityContext:
        windowsOptions:
          hostProcess: false
          runAsUserName: ContainerUser
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.rule import Target, rule
from infracheck.rules.kubernetes._security_contexts import security_contexts
from infracheck.source.field import judge_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.pod import PodSpec
    from infracheck.rule import Violation
    from infracheck.source.field import Field


@rule(
    Target.POD_SPEC,
    severity=Severity.CRITICAL,
    category=Category.SECURITY,
    priority=Priority.P1,
    aliases=("AVD-KSV-0103", "KSV-0103", "polaris:hostProcess"),
    tags=("pss-baseline", "pss-restricted"),
    remedy="Remove `hostProcess: true`.",
)
def windows_host_process(pod: PodSpec) -> Iterator[Violation]:
    """Yield each place that makes containers processes of the node."""

    def judge(place: tuple[str, Field]) -> Iterator[Violation]:
        whose, context = place
        option = context["windowsOptions"]["hostProcess"]
        if option.boolean():
            yield pod.violation(option, f"{whose} runs as a process of its Windows node")

    yield from judge_each(security_contexts(pod), judge)
