"""A container of a workload: image, environment, ports, probes, resources and what it may do on its node."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from infracheck.kubernetes.facts.pod_security import DEFAULT_CAPABILITIES, POD_LEVEL_SECURITY
from infracheck.kubernetes.image import Image, parse_image
from infracheck.kubernetes.place import descend
from infracheck.kubernetes.probe import Probe
from infracheck.kubernetes.quantity import quantity, tidy

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from infracheck.kubernetes.pod import PodSpec
    from infracheck.kubernetes.workload import Workload
    from infracheck.rule import Context, Violation
    from infracheck.source.field import Field
    from infracheck.source.origin import Origin


@dataclass(frozen=True, slots=True)
class EnvVar:
    """An environment variable.

    Attributes:
        name: its name.
        field: its entry in `env`.
    """

    name: str
    field: Field

    @property
    def value(self) -> Field:
        """The literal value, which may be absent."""
        return descend(self.field, "value")

    @property
    def source(self) -> Field:
        """`valueFrom`, which may be absent."""
        return descend(self.field, "valueFrom")


@dataclass(frozen=True, slots=True)
class Port:
    """A port a container declares.

    Attributes:
        field: its entry in `ports`.
    """

    field: Field

    @property
    def name(self) -> str:
        """The name, or ""."""
        return self.field["name"].text("") or ""

    @property
    def number(self) -> int | None:
        """`containerPort`, or None where it is missing or no whole number."""
        return _whole(self.field["containerPort"])

    @property
    def host_port(self) -> int | None:
        """`hostPort`, or None."""
        return _whole(self.field["hostPort"])

    @property
    def protocol(self) -> str:
        """TCP (the default), UDP or SCTP."""
        return self.field["protocol"].text("TCP") or "TCP"


class Container:
    """A container, init container or ephemeral container.

    Attributes:
        field: its entry in the list.
        pod: the pod specification it stands in.
        role: the list it stands in: "containers", "initContainers" or "ephemeralContainers".
    """

    def __init__(self, field: Field, pod: PodSpec, role: str = "containers") -> None:
        self.field = field
        self.pod = pod
        self.role = role

    def __repr__(self) -> str:
        return f"Container({self.address!r}, {self.field.path!r})"

    @property
    def workload(self) -> Workload:
        """The workload it belongs to."""
        return self.pod.workload

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of the workload, for rules that want some of them."""
        return self.workload.kinds

    @property
    def origin(self) -> Origin:
        """Where the container is written."""
        return self.field.origin

    @property
    def context(self) -> Context:
        """The environment and stack it stands in."""
        return self.workload.context

    @property
    def address(self) -> str:
        """The workload's address."""
        return self.workload.address

    @property
    def name(self) -> str:
        """The name, or "" where it is missing.

        Raises:
            NotJudged: the name is unknown.
        """
        return self.field["name"].text("") or ""

    @property
    def shown_name(self) -> str:
        """The name for a message; `#1` (its number in the list) where it has none or it is unknown."""
        name = self.field["name"]
        number = self.field.path.rpartition("[")[2].rstrip("]")
        return (None if name.is_unknown else name.text()) or f"#{int(number) + 1 if number.isdigit() else 1}"

    @property
    def is_init(self) -> bool:
        """Whether it runs before the others (sidecars, which start there but stay, included)."""
        return self.role == "initContainers"

    @property
    def is_sidecar(self) -> bool:
        """Whether it is an init container that stays: `restartPolicy: Always` (Kubernetes 1.29 and later)."""
        return self.is_init and self.field["restartPolicy"].text() == "Always"

    @property
    def is_ephemeral(self) -> bool:
        """Whether it is a debugging container put into a running pod."""
        return self.role == "ephemeralContainers"

    @property
    def runs_throughout(self) -> bool:
        """Whether it runs as long as the pod does: a plain container or a sidecar."""
        return self.role == "containers" or self.is_sidecar

    @property
    def image(self) -> Image | None:
        """The image reference, taken apart; None where none is written.

        Raises:
            NotJudged: the image is unknown.
        """
        text = self.field["image"].text()
        return parse_image(text) if text else None

    @property
    def pull_policy(self) -> str:
        """`imagePullPolicy`; by default Always for `:latest`, else IfNotPresent.

        Source: https://kubernetes.io/docs/concepts/containers/images/#imagepullpolicy-defaulting.

        Raises:
            NotJudged: it, or the image it follows from, is unknown.
        """
        written = self.field["imagePullPolicy"].text()
        if written:
            return written
        image = self.image
        return "Always" if image and image.effective_tag == "latest" else "IfNotPresent"

    @property
    def command(self) -> list[str]:
        """`command` and `args` in one list; [] where the image decides.

        Raises:
            NotJudged: a part of them is unknown.
        """
        return [*self.field["command"].texts(), *self.field["args"].texts()]

    @property
    def env(self) -> list[EnvVar]:
        """The variables of `env`, in order.

        Raises:
            NotJudged: the list, an entry or a name is unknown.
        """
        return [EnvVar(entry["name"].text("") or "", entry) for entry in self.field["env"]]

    @property
    def env_from(self) -> list[Field]:
        """The entries of `envFrom`."""
        return list(self.field["envFrom"])

    @property
    def ports(self) -> list[Port]:
        """The ports it declares."""
        return [Port(entry) for entry in self.field["ports"]]

    def port(self, name: str) -> Port | None:
        """The port of a name, or None."""
        return next((port for port in self.ports if port.name == name), None)

    @property
    def mounts(self) -> list[Mount]:
        """Its volume mounts."""
        return [Mount(entry) for entry in self.field["volumeMounts"]]

    def probe(self, kind: str) -> Probe | None:
        """The "liveness", "readiness" or "startup" probe; None where there is none."""
        field = self.field[f"{kind}Probe"]
        return Probe(kind, field) if field.exists else None

    @property
    def probes(self) -> Iterator[Probe]:
        """The probes it has."""
        return (probe for kind in ("liveness", "readiness", "startup") if (probe := self.probe(kind)))

    def requests(self, resource: str) -> Decimal | None:
        """What it asks for: millicores for "cpu", bytes for memory and storage, pieces for the rest. None if nothing.

        Where only a limit is written, Kubernetes asks for that
        (https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/#requests-and-limits).
        A malformed quantity reads as None.

        Raises:
            NotJudged: it is unknown.
        """
        written = self.resource("requests", resource)
        return _amount(written, resource) if written.exists else self.limits(resource)

    def limits(self, resource: str) -> Decimal | None:
        """What it may use at most, in the units of `requests`. None if nothing limits it here.

        Raises:
            NotJudged: it is unknown.
        """
        return _amount(self.resource("limits", resource), resource)

    def resource(self, which: str, resource: str) -> Field:
        """The field of a request or limit as written: `resource("limits", "memory")`."""
        return (
            descend(self.field, f"resources.{which}")[resource]
            if "." in resource
            else descend(self.field, f"resources.{which}.{resource}")
        )

    @property
    def security_context(self) -> Field:
        """The container's own `securityContext`."""
        return descend(self.field, "securityContext")

    def effective_security(self, path: str) -> Field:
        """A security setting as it takes effect: the container's own, else the pod's where pods have that setting.

        Paths of the two contexts are the same: "runAsNonRoot", "seccompProfile.type". A setting that is absent
        everywhere is placed at the container.
        """
        own = descend(self.security_context, path)
        own_object = self.security_context[path.partition(".")[0]]
        if own_object.exists or path.partition(".")[0] not in POD_LEVEL_SECURITY:
            return own
        inherited = descend(self.pod.security_context, path)
        return inherited if inherited.exists else descend(self.field, f"securityContext.{path}")

    @property
    def is_privileged(self) -> bool:
        """Whether it runs privileged."""
        return self.security_context["privileged"].boolean(default=False) is True

    @property
    def capabilities(self) -> Capabilities:
        """The Linux capabilities it adds and drops."""
        return Capabilities(descend(self.security_context, "capabilities"))

    def at(self, path: str) -> Field:
        """The field at a dotted path of the container. Absent ones know the line to add them at."""
        return descend(self.field, path)

    def violation(self, at: str | Field, message: str, **details: Any) -> Violation:
        """A violation of the workload at a field of this container; `at` and `details` as in `Manifest.violation`."""
        return self.workload.violation(self.at(at) if isinstance(at, str) else at, message, **details)


@dataclass(frozen=True, slots=True)
class Mount:
    """A volume mount.

    Attributes:
        field: its entry in `volumeMounts`.
    """

    field: Field

    @property
    def name(self) -> str:
        """The volume it mounts."""
        return self.field["name"].text("") or ""

    @property
    def path(self) -> str:
        """Where it is mounted."""
        return self.field["mountPath"].text("") or ""

    @property
    def read_only(self) -> bool:
        """Whether it is mounted read-only; false by default."""
        return self.field["readOnly"].boolean(default=False) is True


@dataclass(frozen=True, slots=True)
class Capabilities:
    """The capabilities of a container; names in capitals, without the CAP_ that Docker tolerates.

    Attributes:
        field: `securityContext.capabilities`, which may be absent.
    """

    field: Field

    @property
    def added(self) -> set[str]:
        """The capabilities it adds; "ALL" for all."""
        return {_capability(name) for name in self.field["add"].texts()}

    @property
    def dropped(self) -> set[str]:
        """The capabilities it drops; "ALL" for all."""
        return {_capability(name) for name in self.field["drop"].texts()}

    @property
    def drops_all(self) -> bool:
        """Whether it drops all and then adds what it needs."""
        return "ALL" in self.dropped

    def has(self, name: str) -> bool:
        """Whether the container runs with a capability: added, or a default of the runtime and not dropped.

        Raises:
            NotJudged: the lists are unknown.
        """
        added = self.added
        if name in added or "ALL" in added:
            return True
        return name in DEFAULT_CAPABILITIES and not self.dropped & {name, "ALL"}


def _capability(name: str) -> str:
    return name.upper().removeprefix("CAP_")


def _whole(field: Field) -> int | None:
    number = field.number()
    return number if isinstance(number, int) else None


def _amount(field: Field, resource: str) -> Decimal | None:
    amount = quantity(field)
    return tidy(amount * 1000) if amount is not None and resource == "cpu" else amount
