"""Which view an object is seen through."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from infracheck.kubernetes.autoscaler import Autoscaler
from infracheck.kubernetes.configuration import Configuration, ServiceAccount
from infracheck.kubernetes.disruption import DisruptionBudget
from infracheck.kubernetes.external_secrets import ExternalSecret, SecretStore
from infracheck.kubernetes.facts.kinds import POD_TEMPLATES
from infracheck.kubernetes.ingress import Ingress
from infracheck.kubernetes.karpenter import NodeClass, NodePool
from infracheck.kubernetes.manifest import Manifest
from infracheck.kubernetes.network import NetworkPolicy
from infracheck.kubernetes.place import known_text
from infracheck.kubernetes.rbac import Binding, Role
from infracheck.kubernetes.service import Service
from infracheck.kubernetes.storage import Claim
from infracheck.kubernetes.workload import Workload
from infracheck.source.field import Field
from infracheck.source.values import Mapping, Sequence

if TYPE_CHECKING:
    from collections.abc import Iterator

VIEWS: Final[dict[tuple[str, str], type[Manifest]]] = {
    **dict.fromkeys(POD_TEMPLATES, Workload),
    ("", "Service"): Service,
    ("", "ConfigMap"): Configuration,
    ("", "Secret"): Configuration,
    ("", "ServiceAccount"): ServiceAccount,
    ("", "PersistentVolumeClaim"): Claim,
    **{("rbac.authorization.k8s.io", kind): Role for kind in ("Role", "ClusterRole")},
    **{("rbac.authorization.k8s.io", kind): Binding for kind in ("RoleBinding", "ClusterRoleBinding")},
    ("karpenter.sh", "NodePool"): NodePool,
    ("karpenter.k8s.aws", "EC2NodeClass"): NodeClass,
    ("external-secrets.io", "ExternalSecret"): ExternalSecret,
    **{("external-secrets.io", kind): SecretStore for kind in ("SecretStore", "ClusterSecretStore")},
    ("autoscaling", "HorizontalPodAutoscaler"): Autoscaler,
    ("keda.sh", "ScaledObject"): Autoscaler,
    ("policy", "PodDisruptionBudget"): DisruptionBudget,
    ("networking.k8s.io", "NetworkPolicy"): NetworkPolicy,
    ("extensions", "NetworkPolicy"): NetworkPolicy,
    ("networking.k8s.io", "Ingress"): Ingress,
    ("extensions", "Ingress"): Ingress,
}
"""Group and kind, and the view that knows it. What is not here is a plain `Manifest`."""

MAX_LISTS: Final = 8
"""How deep lists may hold lists; real ones do not."""


def view_class(root: Mapping) -> type[Manifest]:
    """The view for an object. A kind or group that is spelt oddly, missing or unknown gets the plain one."""
    group = known_text(Field(root)["apiVersion"]).rpartition("/")[0]
    return VIEWS.get((group, known_text(Field(root)["kind"])), Manifest)


def expand(root: Mapping, depth: int = MAX_LISTS) -> Iterator[Mapping]:
    """The objects a root stands for: the items of a List that are mappings, else the root itself."""
    kind = root.get("kind")
    items = root.get("items")
    is_list = kind is not None and known_text(Field(kind)).endswith("List") and isinstance(items, Sequence)
    if not is_list or depth == 0 or not isinstance(items, Sequence):
        yield root
        return
    for item in items.items:
        if isinstance(item, Mapping):
            yield from expand(item, depth - 1)
