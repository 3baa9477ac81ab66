"""Claims for volumes, and which workload mounts what.

Source: https://kubernetes.io/docs/concepts/storage/persistent-volumes/.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from infracheck.kubernetes.manifest import Manifest
from infracheck.kubernetes.place import descend
from infracheck.kubernetes.quantity import quantity
from infracheck.source.field import NotJudged
from infracheck.source.values import Unknown

if TYPE_CHECKING:
    from decimal import Decimal

    from infracheck.kubernetes.workload import Workload
    from infracheck.source.field import Field

SINGLE_NODE = frozenset({"ReadWriteOnce", "ReadWriteOncePod"})
"""Access modes of a volume that only one node, or one pod, can mount for writing."""


@dataclass(frozen=True, slots=True)
class ClaimSpec:
    """What a claim asks for.

    Attributes:
        field: the `spec` of the claim or of its template.
    """

    field: Field

    @property
    def access_modes(self) -> list[str]:
        """ReadWriteOnce, ReadOnlyMany, ReadWriteMany, ReadWriteOncePod."""
        return self.field["accessModes"].texts()

    @property
    def is_single_node(self) -> bool:
        """Whether only one node or pod can write to it: no other mode of access is asked for."""
        modes = self.access_modes
        return bool(modes) and set(modes) <= SINGLE_NODE

    @property
    def storage_class(self) -> str | None:
        """The class; "" asks for none, None takes the default class."""
        return self.field["storageClassName"].text()

    @property
    def size(self) -> Decimal | None:
        """Bytes it asks for."""
        return quantity(descend(self.field, "resources.requests.storage"))


class Claim(Manifest):
    """A PersistentVolumeClaim."""

    @property
    def spec(self) -> ClaimSpec:
        """What it asks for."""
        return ClaimSpec(self.at("spec"))


@dataclass(frozen=True, slots=True)
class ClaimUse:
    """A claim that a workload's pods mount.

    Attributes:
        volume: the volume's name.
        field: where the workload names or describes it.
        per_pod: whether each pod gets its own.
        own: what it asks for, where the workload describes it; None where it is a claim of its own.
        workload: the workload.
    """

    volume: str
    field: Field
    per_pod: bool
    own: ClaimSpec | None
    workload: Workload

    @property
    def claim(self) -> Claim | None:
        """The PersistentVolumeClaim it names, if that is among the objects.

        Raises:
            NotJudged: the name is unknown.
        """
        if self.own is not None:
            return None
        name = self.field.text("") or ""
        found = self.workload.objects.named("PersistentVolumeClaim", name, self.workload.namespace).first
        return found if isinstance(found, Claim) else None

    @property
    def spec(self) -> ClaimSpec:
        """What it asks for.

        Raises:
            NotJudged: it names a claim that is not among the objects.
        """
        if self.own is not None:
            return self.own
        claim = self.claim
        if claim is None:
            reason = f"the claim {self.field.text()} is not among the manifests"
            raise NotJudged(Unknown(reason, self.field.origin), self.field.path)
        return claim.spec


def claims_of(workload: Workload) -> list[ClaimUse]:
    """The claims that a workload's pods mount: named, ephemeral, and those of a StatefulSet's templates.

    Raises:
        NotJudged: a list that holds them is unknown.
    """
    found = []
    for volume in workload.pod.volumes:
        if volume.kind == "persistentVolumeClaim":
            found.append(ClaimUse(volume.name, volume.source["claimName"], per_pod=False, own=None, workload=workload))
        elif volume.kind == "ephemeral":
            field = descend(volume.source, "volumeClaimTemplate.spec")
            found.append(ClaimUse(volume.name, field, per_pod=True, own=ClaimSpec(field), workload=workload))
    for template in workload.field.at("spec.volumeClaimTemplates"):
        name = template.at("metadata.name").text("") or ""
        field = descend(template, "spec")
        found.append(ClaimUse(name, field, per_pod=True, own=ClaimSpec(field), workload=workload))
    return found
