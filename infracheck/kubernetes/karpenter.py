"""Karpenter's NodePool and EC2NodeClass, of v1 and v1beta1.

Sources: https://karpenter.sh/docs/concepts/nodepools/, https://karpenter.sh/docs/concepts/nodeclasses/,
https://karpenter.sh/docs/concepts/scheduling/ and `pkg/scheduling/requirements.go` of sigs.k8s.io/karpenter.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from infracheck.kubernetes.duration import parse_duration
from infracheck.kubernetes.facts.labels import (
    ARCHITECTURE,
    CAPACITY_TYPE,
    HOSTNAME,
    INSTANCE_TYPE,
    LEGACY_NODE_LABELS,
    OPERATING_SYSTEM,
    REGION,
    ZONE,
)
from infracheck.kubernetes.manifest import Manifest
from infracheck.kubernetes.matches import every, some
from infracheck.kubernetes.quantity import quantity
from infracheck.kubernetes.scheduling import Taint, tolerates_all
from infracheck.kubernetes.selector import Requirement, expression_requirement
from infracheck.kubernetes.valueset import ValueSet, by_key
from infracheck.source.field import NotJudged

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal

    from infracheck.kubernetes.pod import PodSpec
    from infracheck.kubernetes.scheduling import Toleration
    from infracheck.source.field import Field

WELL_KNOWN: Final = frozenset(
    {
        ARCHITECTURE,
        CAPACITY_TYPE,
        HOSTNAME,
        INSTANCE_TYPE,
        OPERATING_SYSTEM,
        REGION,
        ZONE,
        "node.kubernetes.io/windows-build",
        "topology.k8s.aws/zone-id",
    }
)
"""Labels Karpenter knows the values of, beside all of `karpenter.k8s.aws/`: a silent pool allows them all."""
AWS_PREFIX: Final = "karpenter.k8s.aws/"
POOL: Final = "karpenter.sh/nodepool"
"""The label every node carries with the name of its pool."""
THIRTY_DAYS: Final = 720 * 3600.0


class NodePool(Manifest):
    """A Karpenter NodePool: which nodes may be made, and when they go."""

    @property
    def node(self) -> Field:
        """`spec.template.spec`: what its nodes are made from."""
        return self.at("spec.template.spec")

    @property
    def requirements(self) -> list[Requirement]:
        """What must hold of its nodes: the requirements, the labels it gives them, its own name.

        Raises:
            NotJudged: the list or an entry is unknown.
        """
        found = [expression_requirement(entry) for entry in self.node["requirements"]]
        given = [*self.field.at("spec.template.metadata.labels").items(), (POOL, self.field.at("metadata.name"))]
        found += [Requirement(key, "In", (value,), value) for key, value in given]
        return [
            Requirement(LEGACY_NODE_LABELS.get(one.key, one.key), one.operator, one.values, one.field) for one in found
        ]

    def values(self, key: str) -> ValueSet:
        """The values of a label that its nodes may have; all of them where it says nothing.

        Raises:
            NotJudged: they are unknown.
        """
        return by_key(one for one in self.requirements if one.key == key).get(key, ValueSet())

    @property
    def allows_spot(self) -> bool:
        """Whether its nodes may be spot instances. Without a requirement they may: spot is tried first."""
        return "spot" in self.values(CAPACITY_TYPE)

    @property
    def allows_on_demand(self) -> bool:
        """Whether its nodes may be on-demand instances."""
        return "on-demand" in self.values(CAPACITY_TYPE)

    @property
    def taints(self) -> list[Taint]:
        """The taints its nodes keep. Startup taints, which go away, are not among them."""
        return [Taint(entry) for entry in self.node["taints"]]

    def accepts(self, pod: PodSpec) -> bool:
        """Whether it makes nodes for some pods: they tolerate its taints, and what they demand of nodes is possible.

        Resources are not compared.

        Raises:
            NotJudged: that depends on an unknown value.
        """
        return every(
            (
                lambda: tolerates_all(pod.tolerations, self.taints),
                lambda: some(self._can_meet(demand) for demand in pod.node_alternatives),
            )
        )

    def refusal(self, pod: PodSpec) -> str:
        """Why it makes no nodes for some pods that it does not accept, in a few words; "" where nothing known says so.

        What is unknown is left out: `accepts` has judged already.
        """
        for taint in self.taints:
            if taint.repels and _is_certain(partial(_refuses, pod.tolerations, taint)):
                value = f"={taint.value}" if taint.value else ""
                return f"taint {taint.key}{value} is not tolerated"
        offered = by_key(self.requirements)
        for demand in pod.node_alternatives:
            for key, wanted in by_key(demand).items():
                if not _meet(key, wanted, offered.get(key)):
                    asked = "" if wanted.is_complement else f" {' or '.join(sorted(wanted.values))}"
                    return f"no nodes with {key}{asked}"
        return ""

    def _can_meet(self, demand: list[Requirement]) -> Callable[[], bool]:
        def test() -> bool:
            offered = by_key(self.requirements)
            return all(_meet(key, wanted, offered.get(key)) for key, wanted in by_key(demand).items())

        return test

    def limit(self, resource: str) -> Decimal | None:
        """The most of a resource its nodes may have together: cores, bytes. None without a limit.

        Raises:
            NotJudged: the limit is unknown.
        """
        return quantity(self.field.at("spec.limits")[resource])

    @property
    def expire_after(self) -> float | None:
        """Seconds a node may live: 30 days by default, None for "Never".

        Raises:
            NotJudged: it is unknown.
        """
        return _interval(self.expire_after_field, THIRTY_DAYS)

    @property
    def expire_after_field(self) -> Field:
        """Where the lifetime of nodes is written: in v1 in the template, in v1beta1 under `disruption`."""
        return self.at("spec.disruption.expireAfter" if self.version == "v1beta1" else "spec.template.spec.expireAfter")

    @property
    def consolidation_policy(self) -> str:
        """WhenEmptyOrUnderutilized (the default; WhenUnderutilized in v1beta1) or WhenEmpty."""
        default = "WhenUnderutilized" if self.version == "v1beta1" else "WhenEmptyOrUnderutilized"
        return self.field.at("spec.disruption.consolidationPolicy").text(default) or default

    @property
    def consolidate_after(self) -> float | None:
        """Seconds a node must be spare before it is removed: 0 by default, None for "Never".

        Raises:
            NotJudged: it is unknown.
        """
        return _interval(self.at("spec.disruption.consolidateAfter"), 0.0)

    @property
    def budgets(self) -> list[Field]:
        """The entries of `spec.disruption.budgets`; without any, a tenth of the nodes may go at once."""
        return list(self.field.at("spec.disruption.budgets"))

    @property
    def node_class(self) -> NodeClass | None:
        """The EC2NodeClass it names, if it is among the objects.

        Raises:
            NotJudged: the name is unknown.
        """
        name = self.node.at("nodeClassRef.name").text("") or ""
        found = self.objects.named("karpenter.k8s.aws/EC2NodeClass", name).first
        return found if isinstance(found, NodeClass) else None


class NodeClass(Manifest):
    """A Karpenter EC2NodeClass: image, role, disks and metadata service of nodes."""

    def metadata_option(self, key: str) -> str:
        """A setting of the instance metadata service; by default IMDSv2 only, one hop, reachable.

        Raises:
            NotJudged: it is unknown.
        """
        hops = "2" if self.version == "v1beta1" else "1"
        defaults = {
            "httpTokens": "required", "httpPutResponseHopLimit": hops,
            "httpEndpoint": "enabled", "httpProtocolIPv6": "disabled",
        }  # fmt: skip
        field = self.field.at("spec.metadataOptions")[key]
        number = field.number()
        return field.text() or (str(number) if number is not None else defaults.get(key, ""))

    @property
    def block_devices(self) -> list[Field]:
        """The entries of `blockDeviceMappings`, each with `ebs`."""
        return list(self.field.at("spec.blockDeviceMappings"))

    @property
    def image_terms(self) -> list[Field]:
        """The entries of `amiSelectorTerms`; any one of them may fit."""
        return list(self.field.at("spec.amiSelectorTerms"))


def _refuses(tolerations: list[Toleration], taint: Taint) -> bool:
    return not tolerates_all(tolerations, [taint])


def _is_certain(test: Callable[[], bool]) -> bool:
    try:
        return test()
    except NotJudged:
        return False


def _meet(key: str, wanted: ValueSet, offered: ValueSet | None) -> bool:
    if offered is None:
        # A label of the user's own that the pool does not set: its nodes do not have it.
        return wanted.may_be_absent or ((key in WELL_KNOWN or key.startswith(AWS_PREFIX)) and not wanted.is_empty)
    both = wanted & offered
    return both.may_be_absent or not both.is_empty


def _interval(field: Field, default: float) -> float | None:
    text = field.text()
    if text == "Never":
        return None
    parsed = parse_duration(text) if text is not None else None
    return default if parsed is None else parsed
