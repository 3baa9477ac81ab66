"""The order in which objects are printed (kustomize's SortOrderTransformer)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from infracheck.kustomize.identity import Gvk
    from infracheck.kustomize.resource import Resource

FIRST = [
    "Namespace",
    "ResourceQuota",
    "StorageClass",
    "CustomResourceDefinition",
    "ServiceAccount",
    "PodSecurityPolicy",
    "Role",
    "ClusterRole",
    "RoleBinding",
    "ClusterRoleBinding",
    "ConfigMap",
    "Secret",
    "Endpoints",
    "Service",
    "LimitRange",
    "PriorityClass",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "Deployment",
    "StatefulSet",
    "CronJob",
    "PodDisruptionBudget",
]
"""Kinds that others need, first (kyaml's `resid` order)."""
LAST = ("MutatingWebhookConfiguration", "ValidatingWebhookConfiguration")
"""Kinds that could stop the rest from being created, last."""


def ranks(first: Iterable[str], last: Iterable[str]) -> dict[str, int]:
    """A rank for each kind: negative for the first, positive for the last, 0 for those in neither list."""
    first, last = list(first), list(last)
    return {kind: index - len(first) for index, kind in enumerate(first)} | {
        kind: index + 1 for index, kind in enumerate(last)
    }


KIND_RANK = ranks(FIRST, LAST)
"""The default rank of each kind."""


def legacy_order(resources: list[Resource], rank: dict[str, int] = KIND_RANK) -> list[Resource]:
    """Objects by rank of their kind, then by group, version, kind, namespace and name."""
    return sorted(resources, key=lambda resource: _key(resource, rank))


def _key(resource: Resource, rank: dict[str, int]) -> tuple[int, str, str]:
    now = resource.id
    gvk = now.gvk
    by_id = "|".join((_dotted(gvk), now.namespace or "~X", now.name or "~N"))
    return *by_kind(gvk, rank), by_id


def by_kind(gvk: Gvk, rank: dict[str, int] = KIND_RANK) -> tuple[int, str]:
    """What kinds are sorted by: their rank, then group, version and kind; a part that is not given comes last."""
    return rank.get(gvk.kind, 0), "_".join((gvk.group or "~G", gvk.version or "~V", gvk.kind or "~K"))


def _dotted(gvk: Gvk) -> str:
    return ".".join((gvk.kind or "[noKind]", gvk.version or "[noVer]", gvk.group or "[noGrp]"))
