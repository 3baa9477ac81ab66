"""Two entries of a list share what must be theirs alone.

Containers and volumes of a pod are told apart by name, mounts of a container by path, ports of a Service by name and by
number with protocol. The API server refuses an object that holds one of these twice (`Duplicate value`), and a Service
with several ports of which one has no name. Often a component adds what the base already has, with a JSON patch that
appends. Environment variables, which are accepted twice, have a rule of their own.

## Fix

Remove one of the two, or give it a name, path or number of its own. A strategic merge patch finds the entry by its key
and changes it, where a JSON patch with `/-` appends another.

## References

- [Update API objects in place: strategic merge patches](https://kubernetes.io/docs/tasks/manage-kubernetes-objects/update-api-object-kubectl-patch/)
- [Services: multi-port Services](https://kubernetes.io/docs/concepts/services-networking/service/#multi-port-services)

## Bad: in one file

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  initContainers:
    - name: app
      image: fill:1.0
  containers:
    - name: app # finding
      image: web:1.0
      volumeMounts:
        - {name: cache, mountPath: /cache}
        - {name: other, mountPath: /cache} # finding
  volumes:
    - {name: cache, emptyDir: {}}
    - {name: other, emptyDir: {}}
    - {name: cache, emptyDir: {}} # finding
---
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  ports:
    - {name: http, port: 80}
    - {name: http, port: 8080} # finding
    - {name: again, port: 80} # finding
    - port: 443 # finding
```

## Bad: a patch appends what is there

```yaml base/deployment.yaml
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
      containers:
        - name: app
          image: web:1.0
      volumes:
        - {name: cache, emptyDir: {}}
```

```yaml base/kustomization.yaml
resources: [deployment.yaml]
```

```yaml overlays/production/volumes.yaml
- op: add
  path: /spec/template/spec/volumes/-
  value:
    name: cache # finding
    emptyDir: {sizeLimit: 1Gi}
```

```yaml overlays/production/kustomization.yaml
resources: [../../base]
patches:
  - target: {kind: Deployment}
    path: volumes.yaml
```

## Good: each its own

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: app
      image: web:1.0
      volumeMounts:
        - {name: cache, mountPath: /cache}
        - {name: cache, mountPath: /tmp, subPath: tmp}
    - name: proxy
      image: proxy:1.0
      volumeMounts:
        - {name: cache, mountPath: /cache}
  volumes:
    - {name: cache, emptyDir: {}}
---
apiVersion: v1
kind: Service
metadata:
  name: dns
spec:
  ports:
    - {name: udp, port: 53, protocol: UDP}
    - {name: tcp, port: 53}
---
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  ports: [{port: 80}]
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.kubernetes.place import entries
from infracheck.kubernetes.service import Service
from infracheck.kubernetes.workload import Workload
from infracheck.rule import Target, rule
from infracheck.source.field import judge_each

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator

    from infracheck.kubernetes.manifest import Manifest
    from infracheck.rule import Violation
    from infracheck.source.field import Field


@rule(
    Target.MANIFEST,
    severity=Severity.HIGH,
    category=Category.CORRECTNESS,
    priority=Priority.P1,
    remedy="Remove one of the two, or give it a name, path or number of its own.",
)
def duplicate_entry(manifest: Manifest) -> Iterator[Violation]:
    """Yield each entry of a list that shares its key with an earlier one."""
    if isinstance(manifest, Workload):
        pod = manifest.pod
        yield from judge_each(
            (
                lambda: _repeated(manifest, "containers", (one.field["name"] for one in pod.containers)),
                lambda: _repeated(manifest, "volumes", (one["name"] for one in entries(pod.field["volumes"]))),
                *(_mounts(manifest, container.field, container.shown_name) for container in pod.containers),
            ),
            lambda look: look(),
        )
    elif isinstance(manifest, Service):
        yield from _ports(manifest)


def _mounts(workload: Workload, container: Field, name: str) -> Callable[[], Iterator[Violation]]:
    paths = (mount["mountPath"] for mount in entries(container["volumeMounts"]))
    return lambda: _repeated(workload, f"mounts of container {name}", paths)


def _repeated(manifest: Manifest, what: str, fields: Iterable[Field]) -> Iterator[Violation]:
    seen: dict[Hashable, Field] = {}

    def judge(field: Field) -> Iterator[Violation]:
        text = field.text()
        if text and text in seen:
            message = f"two {what} of {manifest.address} share {text}"
            yield manifest.violation(field, message, related=[("the first", seen[text])])
        elif text:
            seen[text] = field

    yield from judge_each(fields, judge)


def _ports(service: Service) -> Iterator[Violation]:
    ports = entries(service.field.at("spec.ports"))
    yield from _repeated(service, "ports", (port["name"] for port in ports))
    seen: dict[Hashable, Field] = {}

    def judge(port: Field) -> Iterator[Violation]:
        if len(ports) > 1 and not port["name"].text():
            yield service.violation(port["port"], f"{service.address} has {len(ports)} ports, of which one has no name")
        key = (port["port"].number(), port["protocol"].text("TCP") or "TCP")
        if key[0] is not None and key in seen:
            message = f"two ports of {service.address} are {key[0]}/{key[1]}"
            yield service.violation(port["port"], message, related=[("the first", seen[key])])
        seen.setdefault(key, port["port"])

    yield from judge_each(ports, judge)
