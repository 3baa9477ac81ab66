"""What charts, operators and jobs make: objects that no manifest holds and that others may still count on.

Sources: https://cloudnative-pg.io/documentation/current/applications/ and the documents of the other operators for the
names they give to what they make; https://kubernetes.io/docs/reference/access-authn-authz/rbac/ for what `create` on
Secrets allows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from infracheck.kubernetes.rbac import Role
from infracheck.kubernetes.schema import builtin_schemas
from infracheck.kubernetes.workload import Workload
from infracheck.source.field import NotJudged, find
from infracheck.source.values import Mapping, Scalar, Unknown, walk

if TYPE_CHECKING:
    from collections.abc import Iterable

    from infracheck.kubernetes.manifest import Manifest
    from infracheck.kubernetes.objects import Objects
    from infracheck.kubernetes.references import Reference

OPERATED: Final = (
    "acid.zalan.do/postgresql",
    "elasticsearch.k8s.elastic.co/Elasticsearch",
    "k8s.keycloak.org/Keycloak",
    "kafka.strimzi.io/Kafka",
    "mongodbcommunity.mongodb.com/MongoDBCommunity",
    "pgv2.percona.com/PerconaPGCluster",
    "postgres-operator.crunchydata.com/PostgresCluster",
    "postgresql.cnpg.io/Cluster",
    "rabbitmq.com/RabbitmqCluster",
)
"""Kinds for which an operator makes Secrets whose names hold that of the object: `db-app`, `db-pguser-app`."""

UNDERSTOOD: Final = ("external-secrets.io", "bitnami.com", "cert-manager.io", "objectbucket.io")
"""Groups of which `references.provided_by` knows what is made."""
RELEASES: Final = (
    ("argoproj.io/Application", "spec.destination.namespace", False),
    ("helm.cattle.io/HelmChart", "spec.targetNamespace", True),
    ("helm.toolkit.fluxcd.io/HelmRelease", "spec.targetNamespace", True),
    ("kustomize.toolkit.fluxcd.io/Kustomization", "spec.targetNamespace", False),
    ("operators.coreos.com/Subscription", "spec.targetNamespace", True),
)
"""Kinds that install what stands elsewhere: where they name the namespace, and whether it is their own otherwise."""


def require_absence(reference: Reference) -> None:
    """Make sure that an object which no manifest holds is not made by something else.

    Raises:
        NotJudged: it may be, or that depends on an unknown value.
    """
    maker = may_be_made_by(reference)
    if maker is not None:
        reason = f"{reference.kind} {reference.name} may be made by {maker.address}"
        raise NotJudged(Unknown(reason, maker.origin), reference.field.path)


def may_be_made_by(reference: Reference) -> Manifest | None:
    """The object by which one that no manifest holds may come to be, or None.

    That is one of a stack that belongs to no environment and may be applied to this cluster too, a custom object of
    that name, or a release of a chart into its namespace. For a Secret it is as well a custom object that speaks of it,
    or whose operator makes Secrets for it, and a role that allows to make Secrets: an init container or a controller of
    these manifests may use it.

    Raises:
        NotJudged: the name or namespace of the reference is unknown, or it depends on another unknown value.
    """
    objects, name, namespace = reference.by.objects, reference.name, reference.namespace
    beside = objects.beside.of_kind(reference.kind, namespace)
    namesakes = objects.custom_names.get(name, ())
    other = (
        find(beside, lambda one: one.name == name)
        or find(namesakes, lambda one: one.namespace in ("", namespace))
        or release_into(objects, namespace)
    )
    if other is not None or reference.kind != "Secret":
        return other
    operated = (one for kind in OPERATED for one in objects.of_kind(kind))
    roles = (role for role in objects.views(Role) if role.namespace in ("", namespace))
    return (
        objects.custom_texts.get(name)
        or find(operated, lambda one: one.name != "" and one.name in name)
        or find(roles, lambda role: role.grants("create", "secrets"))
    )


def release_into(objects: Objects, namespace: str) -> Manifest | None:
    """The first object that has a chart or another repository's manifests installed into a namespace, or None.

    Raises:
        NotJudged: none does for certain, and the namespace of one is unknown.
    """
    releases = ((one, path, is_own) for kind, path, is_own in RELEASES for one in objects.of_kind(kind))
    found = find(releases, lambda release: _target(*release) == namespace)
    return found[0] if found is not None else None


def _target(release: Manifest, path: str, is_own: bool) -> str:  # noqa: FBT001 - unpacked from the table
    return release.field.at(path).text("") or (release.namespace if is_own else "")


def custom_objects(manifests: Iterable[Manifest]) -> tuple[Manifest, ...]:
    """The custom objects of which it is not known what they make, those that run pods left out."""
    return tuple(one for one in manifests if _is_custom(one))


def texts_of(custom: Iterable[Manifest]) -> dict[str, Manifest]:
    """The texts in custom objects, each with the first object that has it."""
    found: dict[str, Manifest] = {}
    for manifest in custom:
        root = manifest.field.value
        for key, part in root.fields.items() if isinstance(root, Mapping) else ():
            for node in walk(part) if key != "metadata" else ():
                if isinstance(node, Scalar) and isinstance(node.value, str):
                    found.setdefault(node.value, manifest)
    return found


def _is_custom(manifest: Manifest) -> bool:
    if isinstance(manifest, Workload) or "." not in manifest.group or manifest.group in UNDERSTOOD:
        return False
    return builtin_schemas().kind(manifest.api_version, manifest.kind) is None
