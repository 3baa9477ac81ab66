"""What an object is called, and when two names mean the same object (kustomize's `resid` package)."""

from __future__ import annotations

import json
import pkgutil
from functools import cache
from typing import Any, NamedTuple

CLUSTER_SCOPED = "_non_namespaceable_"
"""The namespace of objects that are in none."""
DEFAULT_NAMESPACE = "default"


@cache
def kubernetes_kinds() -> dict[str, Any]:
    """What kustomize's built-in schema says of each kind: `kinds` by apiVersion and kind, `types` by name."""
    data = pkgutil.get_data("infracheck.kustomize", "data/kubernetes.json")
    if data is None:
        raise FileNotFoundError("infracheck/kustomize/data/kubernetes.json")
    loaded: dict[str, Any] = json.loads(data)
    return loaded


@cache
def is_cluster_scoped(api_version: str, kind: str) -> bool:
    """Whether a kind certainly has no namespace; kinds the schema doesn't know count as namespaced."""
    entry = kubernetes_kinds()["kinds"].get(api_version, {}).get(kind)
    return entry is not None and entry.get("clusterScoped", False)


@cache
def group_and_version(api_version: str) -> tuple[str, str]:
    """`apps/v1` as ("apps", "v1"), `v1` as ("", "v1")."""
    group, slash, version = api_version.partition("/")
    return (group, version) if slash else ("", api_version)


class Gvk(NamedTuple):
    """Group, version and kind; an empty part of a selector means any."""

    group: str = ""
    version: str = ""
    kind: str = ""

    def selects(self, other: Gvk) -> bool:
        """Whether every part that is set here is the same there."""
        return (
            (not self.group or self.group == other.group)
            and (not self.version or self.version == other.version)
            and (not self.kind or self.kind == other.kind)
        )

    @property
    def api_version(self) -> str:
        """`apps/v1`, or `v1` for the core group."""
        return f"{self.group}/{self.version}" if self.group else self.version

    @property
    def is_cluster_scoped(self) -> bool:
        """Whether objects of this kind certainly have no namespace."""
        return is_cluster_scoped(self.api_version, self.kind)

    def __str__(self) -> str:
        return f"{self.kind or '[noKind]'}.{self.version or '[noVer]'}.{self.group or '[noGrp]'}"


class ResourceId(NamedTuple):
    """The identity of an object at one moment of a build."""

    gvk: Gvk
    name: str
    namespace: str = ""

    @property
    def effective_namespace(self) -> str:
        """`default` where none is set, a word of its own for objects that are in none."""
        if self.gvk.is_cluster_scoped:
            return CLUSTER_SCOPED
        return self.namespace or DEFAULT_NAMESPACE

    @property
    def key(self) -> tuple[Gvk, str, str]:
        """What two ids have in common exactly when they mean the same object."""
        return self.gvk, self.name, self.effective_namespace

    def selects(self, other: ResourceId) -> bool:
        """Whether every part that is set here is the same there."""
        return (
            (not self.name or self.name == other.name)
            and (not self.namespace or self.effective_namespace == other.effective_namespace)
            and self.gvk.selects(other.gvk)
        )

    def __str__(self) -> str:
        return f"{self.gvk}/{self.name or '[noName]'}.{self.namespace or '[noNs]'}"
