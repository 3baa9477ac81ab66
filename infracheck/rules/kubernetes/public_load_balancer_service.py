"""Service is open to the internet on a port that is not for the web.

A Service of type LoadBalancer gets a public address, unless it asks for an internal one, and everybody may connect to
each of its ports. For a database, a queue or an admin port that is a breach waiting for its first scan: such software
is found within hours.

An internal load balancer (by the annotation of AWS, Google Cloud or Azure, or by the default of the AWS Load Balancer
Controller), source ranges, and ports in the rule's setting `ports` (80 and 443 by default) are fine. Load balancers of
other classes, such as MetalLB's, may be on a private network and are not judged; nor are any where the manifests hold
the addresses that MetalLB, Cilium or PureLB give out.

## Fix

Make it internal: `service.beta.kubernetes.io/aws-load-balancer-scheme: internal`; or list who may connect in
`spec.loadBalancerSourceRanges`; or make it a ClusterIP.

## References

- [AWS Load Balancer Controller: Service annotations](https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/service/annotations/#lb-scheme)
- [Kubernetes: internal load balancer](https://kubernetes.io/docs/concepts/services-networking/service/#internal-load-balancer)

## Bad: a database, and an overlay that opens a queue

```yaml base/kustomization.yaml
resources: [manifest.yaml]
```

```yaml base/manifest.yaml
apiVersion: v1
kind: Service
metadata:
  name: database
spec:
  type: LoadBalancer # finding
  ports: [{port: 5432}]
---
apiVersion: v1
kind: Service
metadata:
  name: stream
  annotations:
    service.beta.kubernetes.io/aws-load-balancer-type: external
    service.beta.kubernetes.io/aws-load-balancer-scheme: internet-facing # finding
spec:
  type: LoadBalancer
  loadBalancerSourceRanges: ["0.0.0.0/0"]
  ports: [{port: 443}, {port: 8883}]
---
apiVersion: v1
kind: Service
metadata:
  name: queue
spec:
  ports: [{port: 5672}]
```

```yaml overlays/production/kustomization.yaml
resources: [../../base]
patches:
  - target: {kind: Service, name: queue}
    patch: |
      - op: add
        path: /spec/type
        value: LoadBalancer # finding
```

## Good: internal, restricted, or for the web

```yaml manifest.yaml
apiVersion: v1
kind: Service
metadata:
  name: database
  annotations:
    service.beta.kubernetes.io/aws-load-balancer-internal: "true"
spec:
  type: LoadBalancer
  ports: [{port: 5432}]
---
apiVersion: v1
kind: Service
metadata:
  name: queue
  annotations:
    service.beta.kubernetes.io/aws-load-balancer-type: external
spec:
  type: LoadBalancer
  ports: [{port: 5672}]
---
apiVersion: v1
kind: Service
metadata:
  name: cache
  annotations:
    networking.gke.io/load-balancer-type: Internal
spec:
  type: LoadBalancer
  ports: [{port: 6379}]
---
apiVersion: v1
kind: Service
metadata:
  name: office
spec:
  type: LoadBalancer
  loadBalancerSourceRanges: [203.0.113.0/24]
  ports: [{port: 8443}]
---
apiVersion: v1
kind: Service
metadata:
  name: ingress
spec:
  type: LoadBalancer
  ports: [{port: 80}, {port: 443}]
---
apiVersion: v1
kind: Service
metadata:
  name: lab
  annotations:
    metallb.universe.tf/address-pool: lab
spec:
  type: LoadBalancer
  ports: [{port: 5432}]
---
apiVersion: v1
kind: Service
metadata:
  name: plain
spec:
  ports: [{port: 5432}]
```

## Bad: the controller of AWS told to open it

```yaml manifest.yaml
apiVersion: v1
kind: Service
metadata:
  name: stream
  annotations:
    service.beta.kubernetes.io/aws-load-balancer-internal: "false"
spec:
  type: LoadBalancer # finding
  loadBalancerClass: service.k8s.aws/nlb
  ports: [{port: 8883}]
```

## Good: a cluster that gives out addresses of its own

```yaml manifest.yaml
apiVersion: metallb.io/v1beta1
kind: IPAddressPool
metadata:
  name: lab
  namespace: metallb-system
spec:
  addresses: [192.168.10.0/24]
---
apiVersion: v1
kind: Service
metadata:
  name: database
spec:
  type: LoadBalancer
  ports: [{port: 5432}]
```

## Good: the default of the class, and classes of other makers

```yaml manifest.yaml
apiVersion: v1
kind: Service
metadata:
  name: stream
spec:
  type: LoadBalancer
  loadBalancerClass: service.k8s.aws/nlb
  ports: [{port: 8883}]
---
apiVersion: v1
kind: Service
metadata:
  name: tailnet
spec:
  type: LoadBalancer
  loadBalancerClass: tailscale
  ports: [{port: 8883}]
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field

from infracheck.findings.severity import Category, Confidence, Priority, Severity
from infracheck.rule import Target, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.service import Service
    from infracheck.rule import Violation
    from infracheck.source.field import Field as Place

AWS = "service.beta.kubernetes.io/aws-load-balancer-"
RANGES = "service.beta.kubernetes.io/load-balancer-source-ranges"
INTERNAL = {
    f"{AWS}internal": ("true", "0.0.0.0/0"),
    f"{AWS}scheme": ("internal",),
    "networking.gke.io/load-balancer-type": ("internal",),
    "cloud.google.com/load-balancer-type": ("internal",),
    "service.beta.kubernetes.io/azure-load-balancer-internal": ("true",),
}
"""Annotations that ask for an address inside, and the values that do; `0.0.0.0/0` is an old spelling of true."""
CONTROLLER_TYPES = ("external", "nlb-ip")
CONTROLLER_CLASSES = ("service.k8s.aws/nlb", "eks.amazonaws.com/nlb")
"""What hands a Service to the AWS Load Balancer Controller, whose load balancers are internal by default."""
ON_PREMISES = ("metallb.", "lbipam.cilium.io/", "io.cilium/", "kube-vip.io/", "purelb.io/")
POOLS = ("metallb.io/IPAddressPool", "cilium.io/CiliumLoadBalancerIPPool", "purelb.io/ServiceGroup")
"""Kinds that hold the addresses which a cluster without a cloud gives to its load balancers."""
EVERYWHERE = frozenset({"0.0.0.0/0", "::/0"})


class Options(BaseModel):
    """What this rule lets a team set."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    ports: tuple[int, ...] = Field(default=(80, 443), description="Ports that may be open to the internet.")


@rule(
    Target.MANIFEST,
    kinds=("Service",),
    severity=Severity.HIGH,
    category=Category.SECURITY,
    confidence=Confidence.MEDIUM,
    priority=Priority.P1,
    settings=Options,
    remedy="Make the load balancer internal, or list who may connect.",
)
def public_load_balancer_service(service: Service, options: Options) -> Iterator[Violation]:
    """Yield what makes a Service public if it has ports beyond those of the web."""
    if service.group or service.type != "LoadBalancer":
        return
    ports = [str(port.number) for port in service.ports if port.number not in options.ports]
    if not ports or _is_elsewhere(service) or _is_restricted(service):
        return
    scheme = _public_place(service)
    if scheme is not None:
        word = "port" if len(ports) == 1 else "ports"
        yield service.violation(scheme, f"{service.address} opens {word} {', '.join(ports)} to the internet")


def _public_place(service: Service) -> Place | None:
    """What makes the load balancer public, or None where it is internal."""
    for key, values in INTERNAL.items():
        if (service.annotation(key).text("") or "").lower() in values:
            return None
    scheme = service.annotation(f"{AWS}scheme")
    if scheme.exists:
        return scheme
    by_class = service.field.at("spec.loadBalancerClass").text("") in CONTROLLER_CLASSES
    by_type = service.annotation(f"{AWS}type").text("") in CONTROLLER_TYPES
    if (by_class or by_type) and not service.annotation(f"{AWS}internal").exists:
        return None
    return service.at("spec.type")


def _is_elsewhere(service: Service) -> bool:
    """Whether a controller makes it that may well be on a private network."""
    objects = service.objects
    if any(objects.of_kind(kind) for kind in POOLS) or objects.beside.has(*POOLS):
        return True
    other = service.field.at("spec.loadBalancerClass").text("") or ""
    if other and other not in CONTROLLER_CLASSES:
        return True
    return any(key.startswith(ON_PREMISES) for key, _ in service.annotations.items())


def _is_restricted(service: Service) -> bool:
    ranges = service.field.at("spec.loadBalancerSourceRanges").texts()
    ranges += [part.strip() for part in (service.annotation(RANGES).text("") or "").split(",") if part.strip()]
    return bool(ranges) and not EVERYWHERE & set(ranges)
