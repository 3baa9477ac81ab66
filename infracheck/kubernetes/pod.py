"""The pod specification of a workload."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from infracheck.kubernetes.container import Container, Mount
from infracheck.kubernetes.place import descend, entries
from infracheck.kubernetes.scheduling import (
    AffinityTerm,
    SpreadConstraint,
    Toleration,
    affinity_terms,
    node_alternatives,
)

if TYPE_CHECKING:
    from infracheck.kubernetes.selector import Requirement
    from infracheck.kubernetes.workload import Workload
    from infracheck.rule import Context, Violation
    from infracheck.source.field import Field
    from infracheck.source.origin import Origin

ROLES = ("initContainers", "containers", "ephemeralContainers")


@dataclass(frozen=True, slots=True)
class Volume:
    """A volume of a pod.

    Attributes:
        field: its entry in `volumes`.
    """

    field: Field

    @property
    def name(self) -> str:
        """The name mounts refer to."""
        return self.field["name"].text("") or ""

    @property
    def kind(self) -> str:
        """Where it comes from: "configMap", "secret", "hostPath", "emptyDir", "persistentVolumeClaim", ...

        "emptyDir" where nothing is written: that is the default of the API server. What is mounted may be unknown.

        Raises:
            NotJudged: the volume is unknown.
        """
        return next((key for key, source in self.field.items() if key != "name" and source.exists), "emptyDir")

    @property
    def source(self) -> Field:
        """The mapping below its kind: `volume.source["path"]` of a hostPath."""
        return descend(self.field, self.kind)


class PodSpec:
    """What every pod of a workload is made from.

    Attributes:
        field: the `spec` of the pod template, which may be absent.
        workload: whose pods they are.
    """

    def __init__(self, field: Field, workload: Workload) -> None:
        self.field = field
        self.workload = workload

    def __repr__(self) -> str:
        return f"PodSpec({self.address!r})"

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of the workload, for rules that want some of them."""
        return self.workload.kinds

    @property
    def origin(self) -> Origin:
        """Where the workload is written."""
        return self.workload.origin

    @property
    def context(self) -> Context:
        """The environment and stack it stands in."""
        return self.workload.context

    @property
    def address(self) -> str:
        """The workload's address."""
        return self.workload.address

    @cached_property
    def containers(self) -> tuple[Container, ...]:
        """All containers: init containers first, then the plain, then ephemeral ones.

        An unknown list stands as one container of which nothing is known: reading anything of it raises `NotJudged`.
        """
        roles = ROLES[1:2] if self.field.is_unknown else ROLES
        return tuple(Container(entry, self, role) for role in roles for entry in entries(self.field[role]))

    @property
    def main_containers(self) -> tuple[Container, ...]:
        """The plain containers, without init and ephemeral ones."""
        return tuple(container for container in self.containers if container.role == "containers")

    @property
    def init_containers(self) -> tuple[Container, ...]:
        """The init containers, sidecars among them."""
        return tuple(container for container in self.containers if container.is_init)

    def container(self, name: str) -> Container | None:
        """The container of a name, or None."""
        return next((container for container in self.containers if container.name == name), None)

    @property
    def volumes(self) -> list[Volume]:
        """The volumes it declares.

        Raises:
            NotJudged: the list is unknown.
        """
        return [Volume(entry) for entry in self.field["volumes"]]

    def volume(self, name: str) -> Volume | None:
        """The volume of a name, or None."""
        return next((volume for volume in self.volumes if volume.name == name), None)

    def mounts_of(self, volume: str) -> list[tuple[Container, Mount]]:
        """Which containers mount a volume, and how."""
        return [(user, mount) for user in self.containers for mount in user.mounts if mount.name == volume]

    @property
    def security_context(self) -> Field:
        """The pod's `securityContext`."""
        return descend(self.field, "securityContext")

    @property
    def service_account(self) -> str:
        """The name of its service account: `serviceAccountName`, the old `serviceAccount`, else "default".

        Raises:
            NotJudged: the name is unknown.
        """
        return self.field["serviceAccountName"].text() or self.field["serviceAccount"].text() or "default"

    @property
    def restart_policy(self) -> str:
        """Always (the default), OnFailure or Never."""
        return self.field["restartPolicy"].text("Always") or "Always"

    @property
    def grace_period(self) -> int:
        """Seconds between SIGTERM and SIGKILL: `terminationGracePeriodSeconds`, 30 by default."""
        number = self.field["terminationGracePeriodSeconds"].number(30)
        return 30 if number is None else int(number)

    @property
    def tolerations(self) -> list[Toleration]:
        """The taints it puts up with.

        Raises:
            NotJudged: the list is unknown.
        """
        return [Toleration(entry) for entry in self.field["tolerations"]]

    @property
    def node_alternatives(self) -> list[list[Requirement]]:
        """What it demands of its node, by selector and required affinity: any one of the lists, and all of that one.

        Raises:
            NotJudged: the selector or the affinity is unknown.
        """
        return node_alternatives(self.field)

    @property
    def spread(self) -> list[SpreadConstraint]:
        """Its topology spread constraints that count its own pods.

        Raises:
            NotJudged: that depends on an unknown value.
        """
        constraints = [SpreadConstraint(entry) for entry in self.field["topologySpreadConstraints"]]
        return [one for one in constraints if self.workload.is_selected_by(one.selector)]

    @property
    def anti_affinity(self) -> list[AffinityTerm]:
        """The terms of its pod anti-affinity that keep its own pods apart, required ones first.

        Raises:
            NotJudged: that depends on an unknown value.
        """
        terms = affinity_terms(self.field.at("affinity.podAntiAffinity"))
        return [term for term in terms if term.means_own_pods(self.workload)]

    @cached_property
    def is_windows(self) -> bool:
        """Whether it says that it runs on Windows: `os.name`, or a node selector or required node affinity for it.

        Raises:
            NotJudged: one of them is unknown, and the others do not tell.
        """
        if self.field.at("os.name").text() == "windows":
            return True
        alternatives = self.node_alternatives
        return bool(alternatives) and all(any(map(_is_windows_only, one)) for one in alternatives)

    @property
    def has_user_namespace(self) -> bool:
        """Whether `hostUsers: false` gives it users of its own: root inside is nobody on the node.

        Source: https://kubernetes.io/docs/concepts/workloads/pods/user-namespaces/.
        """
        return self.field["hostUsers"].boolean(default=True) is False

    @property
    def uses_host_network(self) -> bool:
        """Whether its containers listen on the addresses of the node."""
        return self.field["hostNetwork"].boolean(default=False) is True

    @property
    def takes_host_port(self) -> bool:
        """Whether a node has room for one of its pods only, because a container takes a port of the node.

        By `hostPort`, or by any port it declares on the network of its node: the API server then writes the `hostPort`
        itself, and the scheduler keeps the pods apart. Source: DefaultHostNetworkHostPortsInPodTemplates of
        https://kubernetes.io/docs/reference/command-line-tools-reference/feature-gates/.
        """
        ports = [port for container in self.main_containers for port in container.ports]
        return any(port.host_port for port in ports) or (bool(ports) and self.uses_host_network)

    def at(self, path: str) -> Field:
        """The field at a dotted path of the pod specification. Absent ones know the line to add them at."""
        return descend(self.field, path)

    def violation(self, at: str | Field, message: str, **details: Any) -> Violation:
        """A violation of the workload at a field of its pods; `at` and `details` as in `Manifest.violation`."""
        return self.workload.violation(self.at(at) if isinstance(at, str) else at, message, **details)


def _is_windows_only(requirement: Requirement) -> bool:
    values = [value.text() for value in requirement.values] if requirement.key == "kubernetes.io/os" else []
    return requirement.operator == "In" and values == ["windows"]
