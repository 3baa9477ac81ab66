"""The volumes of a pod that are paths of its node."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from infracheck.kubernetes.place import entries, known_text

if TYPE_CHECKING:
    from infracheck.kubernetes.pod import PodSpec
    from infracheck.source.field import Field


@dataclass(frozen=True, slots=True)
class HostPath:
    """A `hostPath` volume.

    Attributes:
        field: its entry in `volumes`.
    """

    field: Field

    @property
    def name(self) -> str:
        """The name for a message; `?` where it is unknown."""
        return known_text(self.field["name"]) or "?"

    @property
    def path(self) -> str:
        """The path on the node, as written.

        Raises:
            NotJudged: it is unknown, or whether this is such a volume at all.
        """
        return self.field["hostPath"].require()["path"].text("") or ""


def host_paths(pod: PodSpec) -> list[HostPath]:
    """The volumes that are, or may be, paths of the node; one of which nothing is known is among them."""
    volumes = entries(pod.field["volumes"])
    return [HostPath(volume) for volume in volumes if volume["hostPath"].exists]
