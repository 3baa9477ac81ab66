"""Service sets what its type or its ports do not allow, and the API server refuses it.

`kubectl apply` stops at the first object that is refused, and a pipeline that applies the overlay half is left half
applied. It happens where an overlay changes the `type` of a Service and the fields of the old type stay behind:
`nodePort`, `externalTrafficPolicy` or `loadBalancerSourceRanges` on a ClusterIP. Several ports need names that differ.
A port lies between 1 and 65535, and text in `targetPort`, be it `"8080"`, is looked at as the name of a port.

## Fix

Remove the field together with the type it belonged to (in a patch: `nodePort: null`), and name the ports.

## References

- [Service API](https://kubernetes.io/docs/reference/kubernetes-api/service-resources/service-v1/)
- [Service: multi-port Services](https://kubernetes.io/docs/concepts/services-networking/service/#multi-port-services)

## Bad: an overlay changes the type

```yaml base/kustomization.yaml
resources: [manifest.yaml]
```

```yaml base/manifest.yaml
apiVersion: v1
kind: Service
metadata:
  name: shop
spec:
  type: LoadBalancer
  externalTrafficPolicy: Local # finding
  loadBalancerSourceRanges: [203.0.113.0/24] # finding
  ports:
    - port: 80
      nodePort: 30080 # finding
```

```yaml overlays/dev/kustomization.yaml
resources: [../../base]
patches:
  - target: {kind: Service, name: shop}
    patch: |
      - op: replace
        path: /spec/type
        value: ClusterIP
```

## Bad: two ports

```yaml manifest.yaml
apiVersion: v1
kind: Service
metadata:
  name: shop
spec:
  ports:
    - port: 80 # finding
    - name: admin
      port: 8081
---
apiVersion: v1
kind: Service
metadata:
  name: clash
spec:
  ports:
    - {name: http, port: 80}
    - {name: http, port: 81} # finding
    - {name: again, port: 80} # finding
```

## Bad: ports that cannot be

```yaml manifest.yaml
apiVersion: v1
kind: Service
metadata:
  name: shop
spec:
  ports:
    - name: http
      port: 80
      targetPort: 80800 # finding
    - name: admin
      port: 80801 # finding
    - name: metrics
      port: 9090
      targetPort: prometheus-metrics # finding
    - name: grpc
      port: 9000
      targetPort: "9000" # finding
```

## Good: each field has its type

```yaml manifest.yaml
apiVersion: v1
kind: Service
metadata:
  name: shop
spec:
  type: LoadBalancer
  externalTrafficPolicy: Local
  loadBalancerSourceRanges: [203.0.113.0/24]
  ports:
    - port: 80
      nodePort: 30080
---
apiVersion: v1
kind: Service
metadata:
  name: node
spec:
  type: NodePort
  externalTrafficPolicy: Local
  ports:
    - {name: dns, port: 53, protocol: UDP, nodePort: 30053}
    - {name: dns-tcp, port: 53, protocol: TCP, nodePort: 0}
    - {name: stats, port: 65535, targetPort: dns-stats}
---
apiVersion: v1
kind: Service
metadata:
  name: plain
spec:
  externalTrafficPolicy: null
  loadBalancerSourceRanges: []
  externalIPs: [198.51.100.7]
  ports: [{port: 80, nodePort: 0}]
```

## Good: addresses that are reached from outside

```yaml manifest.yaml
apiVersion: v1
kind: Service
metadata:
  name: outside
spec:
  externalTrafficPolicy: Local
  externalIPs: [198.51.100.7]
  healthCheckNodePort: 0
  ports: [{port: 80}]
```

## Bad: a port for health checks, none of them named

```yaml manifest.yaml
apiVersion: v1
kind: Service
metadata:
  name: shop
spec:
  type: NodePort
  healthCheckNodePort: 30081 # finding
  ports:
    - port: 80 # finding
    - port: 81 # finding
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.kubernetes.place import is_collection
from infracheck.rule import Target, rule
from infracheck.rules.kubernetes._ports import HIGHEST, is_port_name, is_port_number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.service import Service, ServicePort
    from infracheck.rule import Violation
    from infracheck.source.field import Field

ALLOWED_IN = {
    "loadBalancerSourceRanges": ("LoadBalancer",),
    "loadBalancerClass": ("LoadBalancer",),
    "allocateLoadBalancerNodePorts": ("LoadBalancer",),
    "healthCheckNodePort": ("LoadBalancer",),
}
"""Fields the API server refuses for other types; `ValidateService` in `pkg/apis/core/validation/validation.go`."""


@rule(
    Target.MANIFEST,
    kinds=("Service",),
    severity=Severity.HIGH,
    category=Category.CORRECTNESS,
    priority=Priority.P2,
    aliases=("kube-linter:invalid-target-ports",),
    remedy="Remove the fields of the other type, and name the ports.",
)
def refused_service(service: Service) -> Iterator[Violation]:
    """Yield each field for which the API server refuses the Service."""
    if service.group:
        return
    kind, spec = service.type, service.field["spec"]
    for key, allowed in ALLOWED_IN.items():
        field = spec[key]
        if _is_set(field) and kind not in allowed:
            yield service.violation(
                field, f"{service.address} is refused: {key} is not allowed in a Service of type {kind}"
            )
    policy = spec["externalTrafficPolicy"]
    # Addresses of `externalIPs` are reached from outside too.
    if policy.exists and kind in ("ClusterIP", "ExternalName") and not len(spec["externalIPs"]):
        yield service.violation(
            policy, f"{service.address} is refused: externalTrafficPolicy is not allowed in a Service of type {kind}"
        )
    yield from _ports(service, kind)


def _is_set(field: Field) -> bool:
    """Whether the API server sees a value: an empty list and a port of 0 are as good as none."""
    if not field.exists or field.number() == 0:
        return False
    return len(field) > 0 if is_collection(field) else True


def _ports(service: Service, kind: str) -> Iterator[Violation]:
    ports = service.ports
    names: set[str] = set()
    numbers: set[tuple[int | None, str]] = set()
    for port in ports:
        node = port.field["nodePort"]
        if kind == "ClusterIP" and node.number(0):
            yield service.violation(
                node, f"{service.address} is refused: nodePort is not allowed in a Service of type ClusterIP"
            )
        if not port.name and len(ports) > 1:
            yield service.violation(
                port.field, f"{service.address} is refused: it has {len(ports)} ports, and port {port.number} no name",
                on_key=False,
            )  # fmt: skip
        if port.name and port.name in names:
            yield service.violation(
                port.field["name"], f"{service.address} is refused: two of its ports are called {port.name}"
            )
        if (port.number, port.protocol) in numbers:
            yield service.violation(
                port.field["port"], f"{service.address} is refused: port {port.number} ({port.protocol}) is there twice"
            )
        yield from _numbers(service, port)
        names.add(port.name)
        numbers.add((port.number, port.protocol))


def _numbers(service: Service, port: ServicePort) -> Iterator[Violation]:
    """The fields of a port that hold no port. A port that is missing is for the schema to say."""
    refused = f"{service.address} is refused"
    name = port.field["targetPort"].text()
    for key in ("port",) if name else ("port", "targetPort"):
        number = port.field[key].number()
        if number is not None and not is_port_number(number):
            yield service.violation(port.field[key], f"{refused}: {key} {number} lies outside 1 to {HIGHEST}")
    if name and not is_port_name(name):
        problem = f"targetPort `{name}` is text and no valid name of a port"
        yield service.violation(port.field["targetPort"], f"{refused}: {problem}")
