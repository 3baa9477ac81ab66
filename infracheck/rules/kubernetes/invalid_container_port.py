"""Container port has a number or name that the API server refuses.

`containerPort` must lie between 1 and 65535. A name has at most fifteen of `a-z`, `0-9` and `-`, at least one letter,
no hyphen at its ends and no two in a row, and each name stands once in a container. An object that breaks this is not
accepted, and the release stops.

## Fix

Correct the number, or shorten the name and keep it unique: `http`, `metrics`.

## References

- [Container v1 core: ports, Kubernetes API](https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#ports)
- [RFC 6335, 5.1: service name syntax](https://www.rfc-editor.org/rfc/rfc6335#section-5.1)

## Bad: out of range, too long, capitals, twice

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: registry.example/web:1.4.0
      ports:
        - containerPort: 80800 # finding
        - name: prometheus-metrics # finding
          containerPort: 9090
        - name: HTTP # finding
          containerPort: 8080
        - name: "8443" # finding
          containerPort: 8443
        - name: admin
          containerPort: 9000
        - name: admin # finding
          containerPort: 9001
```

## Good: names within the rules; two containers may use the same

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: registry.example/web:1.4.0
      ports:
        - {name: http, containerPort: 8080}
        - {name: grpc-2-internal, containerPort: 65535}
        - containerPort: 1
    - name: proxy
      image: registry.example/proxy:1.4.0
      ports: [{name: metrics, containerPort: 9090}]
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Severity
from infracheck.kubernetes.place import entries
from infracheck.rule import Target, rule
from infracheck.rules.kubernetes._ports import HIGHEST, is_port_name, is_port_number
from infracheck.source.field import judge_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.container import Container
    from infracheck.rule import Violation
    from infracheck.source.field import Field


@rule(
    Target.CONTAINER,
    severity=Severity.HIGH,
    category=Category.CORRECTNESS,
    aliases=("kube-linter:invalid-target-ports", "kube-score:container-ports-check"),
    remedy="Correct the number or the name of the port.",
)
def invalid_container_port(container: Container) -> Iterator[Violation]:
    """Yield each number out of range, each name of the wrong form, and each name that was there before."""
    shown = f"container {container.shown_name} of {container.address}"
    seen: set[str] = set()

    def judge(port: Field) -> Iterator[Violation]:
        number = port["containerPort"].number()
        if number is not None and not is_port_number(number):
            yield container.violation(port["containerPort"], f"{shown} declares port {number}, outside 1 to {HIGHEST}")
        name = port["name"].text("") or ""
        if name and not is_port_name(name):
            message = f"{shown} names a port `{name}` ({len(name)} characters), which is no valid name of a port"
            yield container.violation(port["name"], message)
        elif name in seen:
            yield container.violation(port["name"], f"{shown} names two ports `{name}`")
        seen.update({name} - {""})

    yield from judge_each(entries(container.field["ports"]), judge)
