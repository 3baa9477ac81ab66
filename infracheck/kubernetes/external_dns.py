"""The DNS names that objects claim, as External DNS reads them, and how External DNS itself is started.

Sources: https://kubernetes-sigs.github.io/external-dns/latest/docs/annotations/annotations/,
https://kubernetes-sigs.github.io/external-dns/latest/docs/flags/,
https://kubernetes-sigs.github.io/external-dns/latest/docs/registry/registry/.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from infracheck.kubernetes.ingress import Ingress
from infracheck.kubernetes.place import entries
from infracheck.source.field import NotJudged
from infracheck.source.values import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.container import Container
    from infracheck.kubernetes.manifest import Manifest
    from infracheck.source.field import Field

HOSTNAME: Final = "external-dns.alpha.kubernetes.io/hostname"
INTERNAL_HOSTNAME: Final = "external-dns.alpha.kubernetes.io/internal-hostname"
SET_IDENTIFIER: Final = "external-dns.alpha.kubernetes.io/set-identifier"
"""Several objects may share a name where each has an identifier of its own (weighted, latency, failover routing)."""


@dataclass(frozen=True, slots=True)
class ClaimedName:
    """A place that names one or, in an annotation, several hosts.

    Attributes:
        field: where they are written.
        is_annotation: whether it is a list in an annotation.
    """

    field: Field
    is_annotation: bool = False

    def names(self) -> list[str]:
        """The names in lower case, without the dot at the end.

        Raises:
            NotJudged: they are unknown.
        """
        text = self.field.text("") or ""
        parts = text.split(",") if self.is_annotation else [text]
        return [name for part in parts if (name := part.strip().rstrip(".").lower())]


def claimed_names(manifest: Manifest) -> Iterator[ClaimedName]:
    """The places of an object that claim DNS names: hosts, and the annotations of External DNS."""
    field = manifest.field
    if isinstance(manifest, Ingress):
        for rule in entries(field.at("spec.rules")):
            if rule["host"].exists:
                yield ClaimedName(rule["host"])
    elif manifest.group == "gateway.networking.k8s.io":
        yield from (ClaimedName(host) for host in entries(field.at("spec.hostnames")) if host.exists)
        for listener in entries(field.at("spec.listeners")):
            if listener["hostname"].exists:
                yield ClaimedName(listener["hostname"])
    elif manifest.is_kind("externaldns.k8s.io/DNSEndpoint"):
        for endpoint in entries(field.at("spec.endpoints")):
            if endpoint["dnsName"].exists:
                yield ClaimedName(endpoint["dnsName"])
    for key in (HOSTNAME, INTERNAL_HOSTNAME):
        annotation = manifest.annotation(key)
        if annotation.exists:
            yield ClaimedName(annotation, is_annotation=True)


def is_external_dns(container: Container) -> bool:
    """Whether a container runs External DNS, by the name of its image.

    Raises:
        NotJudged: the image is unknown.
    """
    image = container.image
    return image is not None and image.basename == "external-dns"


def flag(container: Container, name: str) -> tuple[list[str], Field | None]:
    """The values of a flag of External DNS, and where the last is written: an argument, else an environment variable.

    `flag(container, "txt-owner-id")` reads `--txt-owner-id=a`, `--txt-owner-id a` and `EXTERNAL_DNS_TXT_OWNER_ID`. A
    variable taken from elsewhere counts as set, with the value "".

    Raises:
        NotJudged: the arguments or the variables are unknown, or it may be among the variables of an `envFrom`.
    """
    found: list[str] = []
    place: Field | None = None
    words = [word for key in ("command", "args") for word in container.field[key]]
    texts = [word.text("") or "" for word in words]
    for index, text in enumerate(texts):
        if text.startswith(f"--{name}="):
            found.append(text.partition("=")[2].strip("\"'"))
            place = words[index]
        elif text == f"--{name}" and index + 1 < len(texts):
            found.append(texts[index + 1])
            place = words[index + 1]
    if place is None:
        variable = f"EXTERNAL_DNS_{name.upper().replace('-', '_')}"
        for entry in container.env:
            if entry.name == variable:
                found, place = (entry.value.text("") or "").split("\n"), entry.field
        if place is None and len(container.field["envFrom"]):
            origin = container.field["envFrom"].origin
            raise NotJudged(Unknown(f"{variable} may come from envFrom", origin), container.field["envFrom"].path)
    return found, place
