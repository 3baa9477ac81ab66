"""NetworkPolicies: whom they isolate, and whom they let in.

Source: https://kubernetes.io/docs/concepts/services-networking/network-policies/.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from infracheck.kubernetes.manifest import Manifest
from infracheck.kubernetes.matches import every
from infracheck.kubernetes.selector import Selector, label_selector

if TYPE_CHECKING:
    from infracheck.kubernetes.matches import Matches
    from infracheck.kubernetes.workload import Workload
    from infracheck.source.field import Field

Direction: TypeAlias = Literal["Ingress", "Egress"]


@dataclass(frozen=True, slots=True)
class Peer:
    """One entry of `from` or `to`.

    Attributes:
        field: the entry.
        policy: the policy it stands in.
    """

    field: Field
    policy: NetworkPolicy

    @property
    def pod_selector(self) -> Selector:
        """The pods it means; absent means all of the namespaces it means."""
        return label_selector(self.field["podSelector"], absent_selects=True)

    @property
    def namespace_selector(self) -> Selector:
        """The namespaces it means; absent means the policy's own."""
        return label_selector(self.field["namespaceSelector"])

    @property
    def cidr(self) -> str | None:
        """The address range it means, or None where it means pods."""
        return self.field.at("ipBlock.cidr").text()

    @property
    def exceptions(self) -> list[str]:
        """Address ranges taken out of `cidr`."""
        return self.field.at("ipBlock.except").texts()

    def selects(self, workload: Workload) -> bool:
        """Whether it means a workload's pods. Address ranges mean none.

        Raises:
            NotJudged: that depends on an unknown value, or on the labels of a namespace that is not in the scan.
        """
        if self.field["ipBlock"].exists:
            return False
        return every(
            (
                lambda: self._means_namespace(workload),
                lambda: workload.is_selected_by(self.pod_selector),
            )
        )

    def _means_namespace(self, workload: Workload) -> bool:
        if not self.field["namespaceSelector"].exists:
            return workload.namespace == self.policy.namespace
        return workload.objects.selects_namespace_of(self.namespace_selector, workload)


@dataclass(frozen=True, slots=True)
class NetworkRule:
    """One entry of `ingress` or `egress`.

    Attributes:
        field: the entry.
        direction: "Ingress" or "Egress".
        policy: the policy it stands in.
    """

    field: Field
    direction: Direction
    policy: NetworkPolicy

    @property
    def peers(self) -> list[Peer]:
        """Whom it allows; none listed means everybody."""
        return [Peer(entry, self.policy) for entry in self.field[self._key]]

    @property
    def allows_everybody(self) -> bool:
        """Whether it names no peers, and so allows all."""
        return not self.peers

    @property
    def ports(self) -> list[Field]:
        """The entries of `ports`; none listed means all ports."""
        return list(self.field["ports"])

    def allows_port(self, port: int, protocol: str = "TCP", *, names: frozenset[str] = frozenset()) -> bool:
        """Whether it allows a port: all are where none is listed, and all of a protocol where only that is.

        Args:
            port: the number.
            protocol: TCP, UDP or SCTP.
            names: the names under which pods declare that port.

        Raises:
            NotJudged: no entry does for certain, and one is unknown.
        """
        ports = self.field["ports"]
        return not len(ports) or ports.first(lambda entry: _covers(entry, port, protocol, names)) is not None

    @property
    def _key(self) -> str:
        return "from" if self.direction == "Ingress" else "to"


class NetworkPolicy(Manifest):
    """A NetworkPolicy of `networking.k8s.io`."""

    @property
    def selector(self) -> Selector:
        """The pods it isolates: `{}` and no selector mean all of its namespace."""
        return label_selector(self.at("spec.podSelector"), absent_selects=True)

    @property
    def selects_all(self) -> bool:
        """Whether it applies to every pod of its namespace.

        Raises:
            NotJudged: the selector is unknown.
        """
        selector = self.selector
        return not selector.field.require().exists or selector.is_empty

    @property
    def policy_types(self) -> set[Direction]:
        """The directions it isolates. Where not written: Ingress, and Egress if it has egress rules.

        Raises:
            NotJudged: they are unknown.
        """
        written = self.field.at("spec.policyTypes")
        if len(written):
            texts = written.texts()
            directions: tuple[Direction, ...] = ("Ingress", "Egress")
            return {direction for direction in directions if direction in texts}
        return {"Ingress", "Egress"} if len(self.field.at("spec.egress")) else {"Ingress"}

    def rules(self, direction: Direction) -> list[NetworkRule]:
        """What it allows in a direction."""
        return [NetworkRule(entry, direction, self) for entry in self.field["spec"][direction.lower()]]

    def denies_all(self, direction: Direction) -> bool:
        """Whether it is a default deny: it isolates every pod of its namespace and allows nothing.

        Raises:
            NotJudged: that depends on an unknown value.
        """
        return every(
            (
                lambda: direction in self.policy_types,
                lambda: not self.rules(direction),
                lambda: self.selects_all,
            )
        )

    def allows_all(self, direction: Direction) -> bool:
        """Whether one of its rules allows everybody on every port, which undoes the isolation.

        Raises:
            NotJudged: that depends on an unknown value.
        """
        return direction in self.policy_types and any(
            rule.allows_everybody and not rule.ports for rule in self.rules(direction)
        )

    def selects(self, workload: Workload) -> bool:
        """Whether it applies to a workload's pods. Pods in the host's network are out of its reach, but count here.

        Raises:
            NotJudged: that depends on an unknown value.
        """
        return every(
            (
                lambda: self.namespace == workload.namespace,
                lambda: workload.is_selected_by(self.selector),
            )
        )

    def isolates(self, workload: Workload, direction: Direction) -> bool:
        """Whether a workload's pods may talk in a direction only as some policy allows, because of this one.

        Raises:
            NotJudged: that depends on an unknown value.
        """
        return every((lambda: self.selects(workload), lambda: direction in self.policy_types))

    @property
    def workloads(self) -> Matches[Workload]:
        """The workloads it applies to."""
        return self.objects.workloads_selected_by(self)


def _covers(entry: Field, port: int, protocol: str, names: frozenset[str]) -> bool:
    if (entry["protocol"].text("TCP") or "TCP") != protocol:
        return False
    written = entry["port"]
    if not written.require().exists:
        return True
    first = written.number()
    if first is None:
        return written.text() in names
    last = entry["endPort"].number(first)
    return last is not None and first <= port <= last
