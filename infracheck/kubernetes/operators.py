"""What operators and jobs make at run time: objects that no manifest holds and that pods may still count on.

Sources: https://cloudnative-pg.io/documentation/current/applications/ and the documents of the other operators for the
names they give to what they make; https://kubernetes.io/docs/reference/access-authn-authz/rbac/ for what `create` on
Secrets allows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from infracheck.kubernetes.place import known_text
from infracheck.kubernetes.rbac import Role
from infracheck.kubernetes.schema import builtin_schemas
from infracheck.kubernetes.workload import Workload
from infracheck.source.field import find
from infracheck.source.values import Mapping, Scalar, walk

if TYPE_CHECKING:
    from collections.abc import Iterable

    from infracheck.kubernetes.manifest import Manifest
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


def may_be_made_by(reference: Reference) -> Manifest | None:
    """The object by which a ConfigMap or Secret may come to be that no manifest holds, or None.

    That is a custom object that is called so or speaks of that name, or, for a Secret, a role that allows to make
    Secrets: an init container or a controller of these manifests may use it.

    Raises:
        NotJudged: the name or namespace of the reference is unknown, or it depends on an unknown value of a role.
    """
    objects, name, namespace = reference.by.objects, reference.name, reference.namespace
    named = objects.custom_texts.get(name)
    if named is not None or reference.kind != "Secret":
        return named
    for kind in OPERATED:
        for manifest in objects.of_kind(kind):
            own = known_text(manifest.field.at("metadata.name"))
            if own and own in name:
                return manifest
    roles = (role for role in objects.views(Role) if role.namespace in ("", namespace))
    return find(roles, lambda role: role.grants("create", "secrets"))


def custom_texts(manifests: Iterable[Manifest]) -> dict[str, Manifest]:
    """The names of custom objects and the texts in them, each with the first object that has it."""
    found: dict[str, Manifest] = {}
    for manifest in manifests:
        root = manifest.field.value
        if not isinstance(root, Mapping) or not _is_custom(manifest):
            continue
        found.setdefault(known_text(manifest.field.at("metadata.name")), manifest)
        for key, part in root.fields.items():
            for node in walk(part) if key != "metadata" else ():
                if isinstance(node, Scalar) and isinstance(node.value, str):
                    found.setdefault(node.value, manifest)
    return found


def _is_custom(manifest: Manifest) -> bool:
    if isinstance(manifest, Workload) or "." not in manifest.group or manifest.group in UNDERSTOOD:
        return False
    return builtin_schemas().kind(manifest.api_version, manifest.kind) is None
