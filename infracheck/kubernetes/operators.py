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
    "argoproj.io/ArgoCD",
    "elasticsearch.k8s.elastic.co/Elasticsearch",
    "flagger.app/Canary",
    "grafana.integreatly.org/Grafana",
    "k8s.keycloak.org/Keycloak",
    "kafka.strimzi.io/Kafka",
    "kibana.k8s.elastic.co/Kibana",
    "minio.min.io/Tenant",
    "mongodbcommunity.mongodb.com/MongoDBCommunity",
    "pgv2.percona.com/PerconaPGCluster",
    "postgres-operator.crunchydata.com/PostgresCluster",
    "postgresql.cnpg.io/Cluster",
    "rabbitmq.com/RabbitmqCluster",
    "serving.kserve.io/InferenceService",
)
"""Kinds for which an operator makes objects whose names hold that of the object: `db-app`, `web-primary`."""
MAKES_NOTHING: Final = (
    "AnalysisTemplate", "AuthorizationPolicy", "CiliumNetworkPolicy", "DestinationRule", "GRPCRoute", "Gateway",
    "HTTPRoute", "ImagePolicy", "ImageRepository", "IngressRoute", "Middleware", "PeerAuthentication", "PodMonitor",
    "Probe", "PrometheusRule", "Route", "ScaledObject", "ServiceEntry", "ServiceMonitor", "TCPRoute", "TLSRoute",
    "TargetGroupBinding", "TriggerAuthentication", "VerticalPodAutoscaler", "VirtualService",
)  # fmt: skip
"""Kinds of custom objects that are often named after an application and make nothing of it."""
OPENSHIFT: Final = ".openshift.io"
"""The end of the API groups that only OpenShift serves."""
OPENSHIFT_ACCOUNTS: Final = ("builder", "deployer", "pipeline")
"""Service accounts that OpenShift and OpenShift Pipelines make in every project
(https://docs.okd.io/latest/authentication/using-service-accounts-in-applications.html)."""
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

    That is one of another stack that may be applied to this cluster too, a custom object of that name or whose operator
    makes objects of such a name, or a release of a chart into its namespace. For a Secret it is as well a custom object
    that speaks of it, and a role that allows to make Secrets: an init container or a controller of these manifests may
    use it.

    Raises:
        NotJudged: the name or namespace of the reference is unknown, or it depends on another unknown value.
    """
    objects, kind, name, namespace = reference.by.objects, reference.kind, reference.name, reference.namespace
    other = (
        find(objects.makers.of_kind(kind, namespace), lambda one: one.name == name)
        or operated_by(objects, name, namespace)
        or release_into(objects, namespace)
    )
    if other is not None:
        return other
    if kind == "ServiceAccount" and name in OPENSHIFT_ACCOUNTS:
        return next((one for one in objects.manifests if one.group.endswith(OPENSHIFT)), None)
    if kind != "Secret":
        return None
    roles = (role for role in objects.views(Role) if role.namespace in ("", namespace))
    return objects.custom_texts.get(name) or find(roles, lambda role: role.grants("create", "secrets"))


def operated_by(objects: Objects, name: str, namespace: str) -> Manifest | None:
    """The custom object of a name in a namespace, or one whose operator makes objects that are called so.

    Raises:
        NotJudged: none does for certain, and the name or namespace of one is unknown.
    """
    namesakes = (one for one in objects.custom_names.get(name, ()) if not one.is_kind(*MAKES_NOTHING))
    operated = (one for kind in OPERATED for one in objects.of_kind(kind) if one.namespace == namespace)
    return find(namesakes, lambda one: one.namespace in ("", namespace)) or find(
        operated, lambda one: _holds(name, one.name)
    )


def _holds(name: str, part: str) -> bool:
    """Whether a name holds another from one dash or dot to the next."""
    return part != "" and f"-{part}-" in f"-{name.replace('.', '-')}-"


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
