"""Ingresses: hosts, paths, certificates, and what the AWS Load Balancer Controller is told by annotations.

Sources: https://kubernetes.io/docs/concepts/services-networking/ingress/,
https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from infracheck.kubernetes.facts.labels import DEFAULT_CLASS_INGRESS, LEGACY_INGRESS_CLASS
from infracheck.kubernetes.manifest import Manifest
from infracheck.kubernetes.matches import Matches, every, gather
from infracheck.kubernetes.place import descend, known_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.source.field import Field

ALB_PREFIX = "alb.ingress.kubernetes.io/"
ALB_CONTROLLERS = ("ingress.k8s.aws/alb", "eks.amazonaws.com/alb")
CERTIFIED = {
    "appgw.ingress.kubernetes.io/appgw-ssl-certificate": ".+",
    "ingress.gcp.kubernetes.io/pre-shared-cert": ".+",
    "networking.gke.io/managed-certificates": ".+",
    "nginx.ingress.kubernetes.io/ssl-passthrough": "true",
    "traefik.ingress.kubernetes.io/router.entrypoints": ".*(?:secure|https).*",
    "traefik.ingress.kubernetes.io/router.tls": "true",
}
"""Annotations by which other controllers encrypt without `tls`, and their values: a certificate kept in Azure or Google
Cloud, one of the pods', and for Traefik an entry point or a router with the certificate of the entry point.

Sources: https://azure.github.io/application-gateway-kubernetes-ingress/annotations/,
https://cloud.google.com/kubernetes-engine/docs/how-to/secure-traffic-management,
https://kubernetes.github.io/ingress-nginx/user-guide/tls/#ssl-passthrough,
https://doc.traefik.io/traefik/reference/routing-configuration/kubernetes/ingress/.
"""
LONGEST_JSON = 20_000
"""Characters of an annotation that are read as JSON."""


@dataclass(frozen=True, slots=True)
class Backend:
    """The Service a path leads to.

    Attributes:
        field: the `backend` mapping.
    """

    field: Field

    @property
    def service_field(self) -> Field:
        """Where the Service's name is written; absent for a backend that is no Service."""
        current = descend(self.field, "service.name")
        return current if current.exists else descend(self.field, "serviceName")

    @property
    def service(self) -> str:
        """The name of the Service, "" where it is no Service."""
        return self.service_field.text("") or ""

    @property
    def port_field(self) -> Field:
        """Where the port is written."""
        for path in ("service.port.number", "service.port.name", "servicePort"):
            found = descend(self.field, path)
            if found.exists:
                return found
        return descend(self.field, "service.port")

    @property
    def port(self) -> int | str | None:
        """The port's number or name; None where it is missing."""
        text = self.port_field.text()
        if text is not None:
            return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else text
        number = self.port_field.number()
        return number if isinstance(number, int) else None

    @property
    def is_action(self) -> bool:
        """Whether it is no Service but an `actions.` annotation of the AWS Load Balancer Controller."""
        return self.port == "use-annotation"


@dataclass(frozen=True, slots=True)
class IngressPath:
    """One path of one host.

    Attributes:
        host: the field of the host, which may be absent (all hosts).
        field: the entry in `paths`.
    """

    host: Field
    field: Field

    @property
    def path(self) -> str:
        """The path; "/" where none is written."""
        return self.field["path"].text("/") or "/"

    @property
    def path_type(self) -> str:
        """Exact, Prefix or ImplementationSpecific (the default of old versions)."""
        return self.field["pathType"].text("ImplementationSpecific") or "ImplementationSpecific"

    @property
    def backend(self) -> Backend:
        """Where it leads."""
        return Backend(descend(self.field, "backend"))


class Ingress(Manifest):
    """An Ingress."""

    @property
    def hosts(self) -> list[Field]:
        """The fields of the hosts of its rules, in order."""
        return [rule["host"] for rule in self.field.at("spec.rules") if rule["host"].exists]

    @property
    def paths(self) -> list[IngressPath]:
        """All paths of all rules."""
        rules = self.field.at("spec.rules")
        return [IngressPath(rule["host"], path) for rule in rules for path in rule.at("http.paths")]

    @property
    def backends(self) -> Iterator[Backend]:
        """Where its paths lead, the default backend first."""
        for path in ("spec.defaultBackend", "spec.backend"):
            if self.field.at(path).exists:
                yield Backend(self.at(path))
        for entry in self.paths:
            yield entry.backend

    @property
    def tls(self) -> list[Field]:
        """The entries of `spec.tls`, each with `hosts` and `secretName`."""
        return list(self.field.at("spec.tls"))

    @property
    def class_field(self) -> Field:
        """Where the class is written: `spec.ingressClassName`, else the old annotation."""
        current = self.at("spec.ingressClassName")
        legacy = self.annotation(LEGACY_INGRESS_CLASS)
        return legacy if legacy.exists and not current.exists else current

    @cached_property
    def class_name(self) -> str:
        """The name of its class; that of the default IngressClass among the objects where it names none, else "".

        Raises:
            NotJudged: it is unknown.
        """
        written = self.class_field.text("") or ""
        if written:
            return written
        defaults = (
            one.name
            for one in self.objects.of_kind("IngressClass")
            if known_text(one.annotation(DEFAULT_CLASS_INGRESS)) == "true"
        )
        return next(defaults, "")

    @cached_property
    def is_alb(self) -> bool:
        """Whether the AWS Load Balancer Controller serves it: by its class, or by its annotations where it has none.

        Raises:
            NotJudged: the class is unknown.
        """
        name = self.class_name
        if not name:
            return any(key.startswith(ALB_PREFIX) for key, _ in self.annotations.items())
        declared = self.objects.named("networking.k8s.io/IngressClass", name).first
        if declared is not None:
            return declared.field.at("spec.controller").text() in ALB_CONTROLLERS
        return name == "alb" or name.startswith("alb-")

    @cached_property
    def class_parameters(self) -> Manifest | None:
        """The IngressClassParams of its class, if class and parameters are among the objects.

        Raises:
            NotJudged: the class is unknown.
        """
        name = self.class_name
        declared = self.objects.named("networking.k8s.io/IngressClass", name).first if name else None
        if declared is None or declared.field.at("spec.parameters.kind").text() != "IngressClassParams":
            return None
        return self.objects.named("IngressClassParams", declared.field.at("spec.parameters.name").text("") or "").first

    @cached_property
    def group_name(self) -> str:
        """The explicit group of the AWS Load Balancer Controller it belongs to, "" where it has none.

        Raises:
            NotJudged: that is unknown.
        """
        parameters = self.class_parameters
        ordered = parameters.field.at("spec.group.name").text("") if parameters is not None else ""
        return ordered or self.alb("group.name").text("") or ""

    @cached_property
    def group_members(self) -> Matches[Ingress]:
        """The Ingresses that share its load balancer, itself among them.

        Raises:
            NotJudged: its own group is unknown.
        """
        name = self.group_name
        if not name:
            return Matches((self,))
        return gather(self.objects.ingresses, lambda one: every((lambda: one.is_alb, lambda: one.group_name == name)))

    def alb(self, name: str) -> Field:
        """An annotation of the AWS Load Balancer Controller by its short name: `alb("scheme")`.

        What takes effect may come from the class or from another Ingress of the group: see `infracheck.kubernetes.alb`.
        """
        return self.annotation(f"{ALB_PREFIX}{name}")

    @property
    def certificates(self) -> list[str]:
        """The ARNs of `certificate-arn`. Where there are none, the controller looks for one that fits the hosts."""
        return _listed(self.alb("certificate-arn").text("") or "")

    @property
    def listen_ports(self) -> list[tuple[str, int]] | None:
        """Protocol and port of each listener: HTTP 80 by default, HTTPS 443 where a certificate is named.

        None where the annotation is no JSON list of such pairs: the controller refuses the Ingress.

        Raises:
            NotJudged: the annotation is unknown.
        """
        written = self.alb("listen-ports")
        if not written.exists:
            return [("HTTPS", 443)] if self.alb("certificate-arn").exists else [("HTTP", 80)]
        pairs = read_json(written)
        if not isinstance(pairs, list):
            return None
        found: list[tuple[str, int]] = []
        for pair in pairs:
            if not isinstance(pair, dict):
                return None
            for protocol, port in pair.items():
                if protocol not in ("HTTP", "HTTPS") or not isinstance(port, int) or isinstance(port, bool):
                    return None
                found.append((protocol, port))
        return found

    @property
    def terminates_tls(self) -> bool:
        """Whether clients can use HTTPS: `spec.tls`, an ALB's certificate or HTTPS listener, or a controller's own way.

        Raises:
            NotJudged: that depends on an unknown value.
        """
        if len(self.field.at("spec.tls")) or self.alb("certificate-arn").exists:
            return True
        if any(protocol == "HTTPS" for protocol, _ in self.listen_ports or ()):
            return True
        return any(re.fullmatch(wanted, self.annotation(key).text("") or "") for key, wanted in CERTIFIED.items())

    def action(self, name: str) -> Any:
        """The JSON of `actions.<name>` as Python data; None where it is absent or no JSON.

        Raises:
            NotJudged: the annotation is unknown.
        """
        return read_json(self.alb(f"actions.{name}"))

    @property
    def load_balancer_attributes(self) -> dict[str, str]:
        """`load-balancer-attributes` as a dictionary."""
        return _pairs(self.alb("load-balancer-attributes").text("") or "")

    @property
    def tags(self) -> dict[str, str]:
        """The `tags` its load balancer gets."""
        return _pairs(self.alb("tags").text("") or "")


def read_json(field: Field) -> Any:
    """The JSON text of an annotation as Python data; None where it is absent, too long or no JSON.

    Raises:
        NotJudged: the annotation is unknown.
    """
    text = field.text("") or ""
    if len(text) > LONGEST_JSON:
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _listed(text: str) -> list[str]:
    return [part for piece in text.split(",") if (part := piece.strip())]


def _pairs(text: str) -> dict[str, str]:
    pieces = (piece.partition("=") for piece in _listed(text))
    return {key.strip(): value.strip() for key, _, value in pieces}
