"""The Application Load Balancer that an Ingress ends up on: its own, or the one it shares with its group.

Where a setting comes from: the IngressClassParams of the class, which go before everything; the Ingress's own
annotation; for settings of the load balancer as a whole, the annotation of any other Ingress of the group.

Sources: https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/,
https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/ingress_class/ and
`pkg/annotations/constants.go` of the controller.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from infracheck.kubernetes.service import Service

if TYPE_CHECKING:
    from infracheck.kubernetes.ingress import Backend, Ingress
    from infracheck.source.field import Field

AUTO_MODE: Final = "eks.amazonaws.com/alb"
"""The controller of EKS Auto Mode, which has other defaults."""

CLASS_PARAMETERS: Final[dict[str, str]] = {
    "ip-address-type": "spec.ipAddressType",
    "scheme": "spec.scheme",
    "ssl-policy": "spec.sslPolicy",
    "ssl-redirect": "spec.sslRedirectPort",
    "target-type": "spec.targetType",
    "inbound-cidrs": "spec.inboundCIDRs",
    "certificate-arn": "spec.certificateArn",
    "wafv2-acl-arn": "spec.wafv2AclArn",
    "wafv2-acl-name": "spec.wafv2AclName",
}
"""Annotations (short names) that an IngressClassParams can set for all Ingresses of its class, and its field."""

EXCLUSIVE: Final = (
    "load-balancer-name",
    "scheme",
    "ip-address-type",
    "subnets",
    "security-groups",
    "customer-owned-ipv4-pool",
    "wafv2-acl-arn",
    "waf-acl-id",
    "shield-advanced-protection",
    "ssl-redirect",
)
"""Annotations that must have one value in all Ingresses of a group that set them."""


def own_setting(ingress: Ingress, name: str) -> Field:
    """A setting of an Ingress by the short name of its annotation: that of its class, else its own; may be absent.

    Raises:
        NotJudged: the class is unknown.
    """
    path = CLASS_PARAMETERS.get(name)
    parameters = ingress.class_parameters if path else None
    if parameters is not None and path and parameters.field.at(path).exists:
        return parameters.at(path)
    return ingress.alb(name)


def setting(ingress: Ingress, name: str) -> Field:
    """A setting of its load balancer: its own, else that of another Ingress of the group; its own place if absent.

    Raises:
        NotJudged: it depends on an unknown class or group.
    """
    own = own_setting(ingress, name)
    if own.exists:
        return own
    return next((found for one in ingress.group_members if (found := own_setting(one, name)).exists), own)


def is_public(ingress: Ingress) -> bool:
    """Whether its load balancer has public addresses: by its own `scheme` or that of its group.

    Raises:
        NotJudged: that is unknown.
    """
    return setting(ingress, "scheme").text("internal") == "internet-facing"


def target_type(ingress: Ingress, service: Service | None = None) -> tuple[str, Field]:
    """How traffic reaches pods, "instance" or "ip", and where that is written; the Service's annotation goes first.

    Where nothing is written it is "instance", and "ip" in EKS Auto Mode.

    Raises:
        NotJudged: it is unknown.
    """
    if service is not None and (written := service_annotation(service, "target-type")).exists:
        return written.text("") or "", written
    own = own_setting(ingress, "target-type")
    default = "ip" if _controller(ingress) == AUTO_MODE else "instance"
    return own.text(default) or default, own


def service_annotation(service: Service, name: str) -> Field:
    """An annotation of the controller on a Service, by its short name."""
    return service.annotation(f"alb.ingress.kubernetes.io/{name}")


def service_of(ingress: Ingress, backend: Backend) -> Service | None:
    """The Service a backend leads to, if it is among the objects.

    Raises:
        NotJudged: its name is unknown.
    """
    if backend.is_action or not backend.service:
        return None
    found = ingress.objects.named("Service", backend.service, ingress.namespace).first
    return found if isinstance(found, Service) else None


def _controller(ingress: Ingress) -> str:
    name = ingress.class_name
    declared = ingress.objects.named("networking.k8s.io/IngressClass", name).first if name else None
    return "" if declared is None else declared.field.at("spec.controller").text("") or ""
