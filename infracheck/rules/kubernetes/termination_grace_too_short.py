"""Pod is killed before its preStop hook is over.

The grace period begins when the pod is told to go, and the `preStop` hook runs within it. A hook that sleeps as long as
`terminationGracePeriodSeconds`, or longer, leaves the process no time after SIGTERM: it is killed with requests open,
on every release.

## Fix

Set `terminationGracePeriodSeconds` to the time of the hook plus what the process needs to finish its requests.

## References

- [Pod lifecycle: termination of Pods](https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination)
- [Container Lifecycle Hooks](https://kubernetes.io/docs/concepts/containers/container-lifecycle-hooks/)

## Bad: nothing is left

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  terminationGracePeriodSeconds: 15 # finding
  containers:
    - name: app
      image: web:1.0
      lifecycle:
        preStop:
          sleep: {seconds: 15}
```

## Bad: more than the default of 30 seconds

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec: # finding
  containers:
    - name: app
      image: web:1.0
      lifecycle:
        preStop:
          exec: {command: [/bin/sh, -c, sleep 45]}
```

## Bad: a script that sleeps before and after

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  terminationGracePeriodSeconds: 30 # finding
  containers:
    - name: app
      image: web:1.0
      lifecycle:
        preStop:
          exec: {command: [/bin/bash, -ec, "sleep 20; nginx -s quit && sleep 10"]}
```

## Good: time to finish

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  terminationGracePeriodSeconds: 45
  containers:
    - name: app
      image: web:1.0
      lifecycle:
        preStop:
          exec: {command: [sleep, "15"]}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Severity
from infracheck.rule import Target, rule
from infracheck.rules.kubernetes._pre_stop import hook, pre_stop_seconds
from infracheck.source.field import judge_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.container import Container
    from infracheck.kubernetes.pod import PodSpec
    from infracheck.rule import Violation


@rule(
    Target.POD_SPEC,
    severity=Severity.MEDIUM,
    category=Category.AVAILABILITY,
    remedy="Set `terminationGracePeriodSeconds` above the time of the hook.",
)
def termination_grace_too_short(pod: PodSpec) -> Iterator[Violation]:
    """Yield the grace period if a hook uses all of it."""

    def judge(container: Container) -> Iterator[Violation]:
        seconds = pre_stop_seconds(container)
        if seconds and seconds >= pod.grace_period:
            yield pod.violation(
                "terminationGracePeriodSeconds",
                f"{pod.address}: {pod.grace_period} s of grace, {seconds} s of them for the preStop hook of container "
                f"{container.shown_name}: {max(0, pod.grace_period - seconds)} s are left to finish",
                related=[("the hook", hook(container))],
            )

    yield from judge_each(pod.containers, judge)
