"""Which objects an object names, and which objects it makes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from infracheck.kubernetes.facts.builtin import BUILTIN, SYSTEM_PREFIX
from infracheck.kubernetes.facts.kinds import CLUSTER_SCOPED
from infracheck.kubernetes.ingress import Ingress
from infracheck.kubernetes.place import entries
from infracheck.kubernetes.workload import Workload
from infracheck.source.field import NotJudged
from infracheck.source.values import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.manifest import Manifest
    from infracheck.kubernetes.pod import PodSpec
    from infracheck.source.field import Field

_CLUSTER_KINDS = frozenset(kind for _, kind in CLUSTER_SCOPED)
SERVING_CERTIFICATE = (
    "service.beta.openshift.io/serving-cert-secret-name",
    "service.alpha.openshift.io/serving-cert-secret-name",
)
"""Annotations by which OpenShift makes a Secret with a certificate for a Service (OpenShift, "Service CA")."""
CERT_MANAGER_ISSUERS = ("cert-manager.io/cluster-issuer", "cert-manager.io/issuer", "kubernetes.io/tls-acme")


@dataclass(frozen=True, slots=True)
class Reference:
    """A place that names another object.

    Attributes:
        kind: the kind of the object named: "Secret", "ConfigMap", "ServiceAccount", "PersistentVolumeClaim", ...
        field: where the name is written.
        by: the object that names it.
        how: "env", "envFrom", "volume", "imagePullSecrets", "pod", "backend", "tls", "role", "subject", "store", ...
        key: where the key within a ConfigMap or Secret is written, or None where all of it is used.
        optional: the field that says whether it may be missing.
        other_namespace: where the namespace is written, if it may be another than that of `by`.
    """

    kind: str
    field: Field
    by: Manifest
    how: str
    key: Field | None = None
    optional: Field | None = None
    other_namespace: Field | None = None

    @property
    def name(self) -> str:
        """The name.

        Raises:
            NotJudged: it is unknown.
        """
        return self.field.text("") or ""

    @property
    def namespace(self) -> str:
        """The namespace the named object stands in, "" where its kind has none.

        Raises:
            NotJudged: it is unknown.
        """
        if self.kind in _CLUSTER_KINDS:
            return ""
        written = self.other_namespace.text() if self.other_namespace is not None else None
        return written or self.by.namespace

    @property
    def is_optional(self) -> bool:
        """Whether pods start without it.

        Raises:
            NotJudged: that is unknown.
        """
        return self.optional is not None and self.optional.boolean(default=False) is True

    @property
    def is_builtin(self) -> bool:
        """Whether every cluster has it.

        Raises:
            NotJudged: the name is unknown.
        """
        name = self.name
        is_role = self.kind in ("ClusterRole", "Role")
        return (self.kind, name) in BUILTIN or (is_role and name.startswith(SYSTEM_PREFIX))


@dataclass(frozen=True, slots=True)
class Provided:
    """An object that exists once a manifest is applied.

    Attributes:
        kind: its kind.
        by: the manifest that makes it, or is it.
        field: where its name is written; None where it is that of `by`.
        doubt: why it is not known whether, or in which namespaces, it will be; or None.
    """

    kind: str
    by: Manifest
    field: Field | None = None
    doubt: Unknown | None = None

    @property
    def name(self) -> str:
        """Its name.

        Raises:
            NotJudged: it is unknown.
        """
        return (self.field.text() if self.field is not None else None) or self.by.name

    @property
    def namespace(self) -> str:
        """Its namespace.

        Raises:
            NotJudged: it is unknown.
        """
        if self.doubt is not None:
            raise NotJudged(self.doubt)
        return self.by.namespace


def references_of(manifest: Manifest) -> Iterator[Reference]:
    """The objects a manifest names. What is unknown as a whole counts as naming something unknown of each kind."""
    if isinstance(manifest, Workload):
        yield from pod_references(manifest.pod)
        if manifest.kind == "StatefulSet" and manifest.field.at("spec.serviceName").exists:
            yield Reference("Service", manifest.at("spec.serviceName"), manifest, "serviceName")
        for template in entries(manifest.field.at("spec.volumeClaimTemplates")):
            yield from _named(manifest, "StorageClass", template.at("spec.storageClassName"), "storageClassName")
    elif isinstance(manifest, Ingress):
        yield from _ingress(manifest)
    elif manifest.kind == "ServiceAccount":
        for key in ("secrets", "imagePullSecrets"):
            for entry in entries(manifest.field[key]):
                yield from _named(manifest, "Secret", entry["name"], key)
    elif manifest.is_kind("rbac.authorization.k8s.io/RoleBinding", "rbac.authorization.k8s.io/ClusterRoleBinding"):
        yield from _binding(manifest)
    elif manifest.kind == "PersistentVolumeClaim":
        yield from _named(manifest, "StorageClass", manifest.field.at("spec.storageClassName"), "storageClassName")
    elif manifest.group == "external-secrets.io":
        store = manifest.field.at("spec.secretStoreRef")
        yield from _by_kind(manifest, store, "SecretStore", "store")
    elif manifest.is_kind("karpenter.sh/NodePool"):
        node_class = manifest.field.at("spec.template.spec.nodeClassRef")
        yield from _named(manifest, "EC2NodeClass", node_class["name"], "nodeClassRef")


def pod_references(pod: PodSpec) -> Iterator[Reference]:
    """The objects that pods name: configuration, secrets, claims, accounts, classes."""
    by = pod.workload
    for container in pod.containers:
        for entry in entries(container.field["env"]):
            source = entry["valueFrom"]
            yield from _keyed(by, "ConfigMap", source["configMapKeyRef"])
            yield from _keyed(by, "Secret", source["secretKeyRef"])
        for entry in entries(container.field["envFrom"]):
            yield from _named(
                by, "ConfigMap", entry.at("configMapRef.name"), "envFrom", entry.at("configMapRef.optional")
            )
            yield from _named(by, "Secret", entry.at("secretRef.name"), "envFrom", entry.at("secretRef.optional"))
    for volume in entries(pod.field["volumes"]):
        yield from _volume(by, volume)
    for entry in entries(pod.field["imagePullSecrets"]):
        yield from _named(by, "Secret", entry["name"], "imagePullSecrets")
    account = "serviceAccountName" if pod.field["serviceAccountName"].exists else "serviceAccount"
    yield from _named(by, "ServiceAccount", pod.field[account], "pod")
    yield from _named(by, "PriorityClass", pod.field["priorityClassName"], "pod")
    yield from _named(by, "RuntimeClass", pod.field["runtimeClassName"], "pod")


def provided_by(manifest: Manifest) -> Iterator[Provided]:
    """What exists once a manifest is applied: the object itself, and what a controller makes from it."""
    yield Provided(manifest.kind, manifest)
    field = manifest.field
    if manifest.is_kind("external-secrets.io/ExternalSecret"):
        policy = field.at("spec.target.creationPolicy")
        doubt = policy.value if isinstance(policy.value, Unknown) else None
        if doubt is not None or policy.text("Owner") in ("Owner", "Orphan"):
            yield Provided("Secret", manifest, field.at("spec.target.name"), doubt)
    elif manifest.is_kind("external-secrets.io/ClusterExternalSecret"):
        doubt = Unknown("a ClusterExternalSecret makes secrets in the namespaces it selects", field["spec"].origin)
        name = field.at("spec.externalSecretSpec.target.name")
        own = field.at("spec.externalSecretName")
        yield Provided("Secret", manifest, name if name.exists else own, doubt)
    elif manifest.is_kind("bitnami.com/SealedSecret"):
        yield Provided("Secret", manifest, field.at("spec.template.metadata.name"))
    elif manifest.is_kind("cert-manager.io/Certificate"):
        yield Provided("Secret", manifest, field.at("spec.secretName"))
    elif manifest.kind == "SecretProviderClass":
        for entry in entries(field.at("spec.secretObjects")):
            yield Provided("Secret", manifest, entry["secretName"])
    elif manifest.is_kind("objectbucket.io/ObjectBucketClaim"):
        yield Provided("ConfigMap", manifest)
        yield Provided("Secret", manifest)
    elif manifest.kind == "Service":
        for key in SERVING_CERTIFICATE:
            if manifest.annotation(key).exists:
                yield Provided("Secret", manifest, manifest.annotation(key))
    elif isinstance(manifest, Ingress) and any(manifest.annotation(key).exists for key in CERT_MANAGER_ISSUERS):
        for entry in entries(field.at("spec.tls")):
            yield Provided("Secret", manifest, entry["secretName"])


def _named(by: Manifest, kind: str | None, name: Field, how: str, optional: Field | None = None) -> Iterator[Reference]:
    if name.exists and kind:
        yield Reference(kind, name, by, how, optional=optional)


def _keyed(by: Manifest, kind: str, source: Field) -> Iterator[Reference]:
    if source.exists:
        yield Reference(kind, source["name"], by, "env", source["key"], source["optional"])


def _volume(by: Manifest, volume: Field) -> Iterator[Reference]:
    for kind, key, name in (("ConfigMap", "configMap", "name"), ("Secret", "secret", "secretName")):
        source = volume[key]
        yield from _named(by, kind, source[name], "volume", source["optional"])
        for part in entries(volume.at("projected.sources")):
            yield from _named(by, kind, part[key]["name"], "volume", part[key]["optional"])
    yield from _named(by, "PersistentVolumeClaim", volume.at("persistentVolumeClaim.claimName"), "volume")
    csi = volume["csi"]
    yield from _named(by, "Secret", csi.at("nodePublishSecretRef.name"), "volume")
    yield from _named(by, "SecretProviderClass", csi.at("volumeAttributes.secretProviderClass"), "volume")


def _ingress(ingress: Ingress) -> Iterator[Reference]:
    for path in ("spec.defaultBackend", "spec.backend"):
        yield from _backend(ingress, ingress.field.at(path))
    for rule in entries(ingress.field.at("spec.rules")):
        for entry in entries(rule.at("http.paths")):
            yield from _backend(ingress, entry["backend"])
    for entry in entries(ingress.field.at("spec.tls")):
        yield from _named(ingress, "Secret", entry["secretName"], "tls")
    yield from _named(ingress, "IngressClass", ingress.field.at("spec.ingressClassName"), "class")


def _backend(ingress: Ingress, backend: Field) -> Iterator[Reference]:
    port = backend.at("service.port.name")
    if not port.is_unknown and "use-annotation" in (port.text(), _text(backend["servicePort"])):
        return
    name = backend.at("service.name")
    yield from _named(ingress, "Service", name if name.exists else backend["serviceName"], "backend")


def _text(field: Field) -> str | None:
    return None if field.is_unknown else field.text()


def _binding(manifest: Manifest) -> Iterator[Reference]:
    yield from _by_kind(manifest, manifest.field["roleRef"], "ClusterRole", "role")
    for subject in entries(manifest.field["subjects"]):
        kind = subject["kind"]
        if kind.is_unknown or kind.text() == "ServiceAccount":
            name = kind if kind.is_unknown else subject["name"]
            yield Reference("ServiceAccount", name, manifest, "subject", other_namespace=subject["namespace"])


def _by_kind(by: Manifest, names: Field, default: str, how: str) -> Iterator[Reference]:
    """A reference whose kind is written beside the name; where the kind is unknown, so is what it names."""
    kind = names["kind"]
    if kind.is_unknown:
        yield Reference(default, kind, by, how)
    else:
        yield from _named(by, kind.text(default), names["name"], how)
