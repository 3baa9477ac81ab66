"""Namespaces and what runs in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.source.field import NotJudged

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.objects import Objects
    from infracheck.kubernetes.workload import Workload

SYSTEM = frozenset({"kube-system", "kube-public", "kube-node-lease"})
"""The namespaces that Kubernetes makes for itself."""


def workloads_by_namespace(objects: Objects) -> Iterator[tuple[str, list[Workload]]]:
    """Each namespace, sorted, with the workloads in it.

    Raises:
        NotJudged: in the end, if the namespace of a workload is unknown.
    """
    found: dict[str, list[Workload]] = {}
    unsure: NotJudged | None = None
    for workload in objects.workloads:
        try:
            found.setdefault(workload.namespace, []).append(workload)
        except NotJudged as cause:
            unsure = unsure or cause
    yield from sorted(found.items())
    if unsure is not None:
        raise unsure


def is_written(workload: Workload) -> bool:
    """Whether a workload names its namespace. One that does not may be a part that is put to use elsewhere."""
    return workload.field.at("metadata.namespace").exists
