"""API versions that Kubernetes has deprecated or no longer serves, and those of the controllers users run.

Sources: https://kubernetes.io/docs/reference/using-api/deprecation-guide/ (up to 1.33) and, for the others, the upgrade
notes of Karpenter (https://karpenter.sh/docs/upgrading/upgrade-guide/), External Secrets and cert-manager.
"""

from __future__ import annotations

from typing import Final, NamedTuple


class Replacement(NamedTuple):
    """What became of an API version.

    Attributes:
        deprecated: the release that deprecated it ("1.19"), or "" where the source does not say.
        removed: the release that no longer serves it, or "" where it is still served.
        instead: the group and version to use, or "" where nothing takes its place.
        since: the first release that serves the replacement, or "".
        project: whose release these are.
    """

    deprecated: str
    removed: str
    instead: str
    since: str = ""
    project: str = "Kubernetes"


def _group(versions: str, kinds: str, *replacement_fields: str) -> dict[tuple[str, str], Replacement]:
    replacement = Replacement(*replacement_fields)
    return {(version, kind): replacement for version in versions.split() for kind in kinds.split()}


API_VERSIONS: Final[dict[tuple[str, str], Replacement]] = {
    **_group(
        "flowcontrol.apiserver.k8s.io/v1beta3", "FlowSchema PriorityLevelConfiguration",
        "1.29", "1.32", "flowcontrol.apiserver.k8s.io/v1", "1.29",
    ),
    **_group(
        "flowcontrol.apiserver.k8s.io/v1beta2", "FlowSchema PriorityLevelConfiguration",
        "1.26", "1.29", "flowcontrol.apiserver.k8s.io/v1", "1.29",
    ),
    **_group(
        "flowcontrol.apiserver.k8s.io/v1beta1", "FlowSchema PriorityLevelConfiguration",
        "1.23", "1.26", "flowcontrol.apiserver.k8s.io/v1", "1.29",
    ),
    **_group("storage.k8s.io/v1beta1", "CSIStorageCapacity", "1.24", "1.27", "storage.k8s.io/v1", "1.24"),
    **_group("autoscaling/v2beta2", "HorizontalPodAutoscaler", "1.23", "1.26", "autoscaling/v2", "1.23"),
    **_group("autoscaling/v2beta1", "HorizontalPodAutoscaler", "1.22", "1.25", "autoscaling/v2", "1.23"),
    **_group("batch/v1beta1", "CronJob", "1.21", "1.25", "batch/v1", "1.21"),
    **_group("discovery.k8s.io/v1beta1", "EndpointSlice", "1.21", "1.25", "discovery.k8s.io/v1", "1.21"),
    **_group("events.k8s.io/v1beta1", "Event", "1.22", "1.25", "events.k8s.io/v1", "1.19"),
    **_group("policy/v1beta1", "PodDisruptionBudget", "1.21", "1.25", "policy/v1", "1.21"),
    **_group("policy/v1beta1", "PodSecurityPolicy", "1.21", "1.25", ""),
    **_group("node.k8s.io/v1beta1", "RuntimeClass", "1.22", "1.25", "node.k8s.io/v1", "1.20"),
    **_group(
        "admissionregistration.k8s.io/v1beta1", "MutatingWebhookConfiguration ValidatingWebhookConfiguration",
        "1.16", "1.22", "admissionregistration.k8s.io/v1", "1.16",
    ),
    **_group(
        "apiextensions.k8s.io/v1beta1", "CustomResourceDefinition", "1.16", "1.22", "apiextensions.k8s.io/v1", "1.16"
    ),
    **_group("apiregistration.k8s.io/v1beta1", "APIService", "1.19", "1.22", "apiregistration.k8s.io/v1", "1.10"),
    **_group("authentication.k8s.io/v1beta1", "TokenReview", "1.19", "1.22", "authentication.k8s.io/v1", "1.6"),
    **_group(
        "authorization.k8s.io/v1beta1",
        "LocalSubjectAccessReview SelfSubjectAccessReview SelfSubjectRulesReview SubjectAccessReview",
        "1.19", "1.22", "authorization.k8s.io/v1", "1.6",
    ),
    **_group(
        "certificates.k8s.io/v1beta1", "CertificateSigningRequest", "1.19", "1.22", "certificates.k8s.io/v1", "1.19"
    ),
    **_group("coordination.k8s.io/v1beta1", "Lease", "1.19", "1.22", "coordination.k8s.io/v1", "1.14"),
    **_group("networking.k8s.io/v1beta1", "Ingress IngressClass", "1.19", "1.22", "networking.k8s.io/v1", "1.19"),
    **_group("extensions/v1beta1", "Ingress", "1.14", "1.22", "networking.k8s.io/v1", "1.19"),
    **_group(
        "rbac.authorization.k8s.io/v1beta1", "ClusterRole ClusterRoleBinding Role RoleBinding",
        "1.17", "1.22", "rbac.authorization.k8s.io/v1", "1.8",
    ),
    **_group("scheduling.k8s.io/v1beta1", "PriorityClass", "1.14", "1.22", "scheduling.k8s.io/v1", "1.14"),
    **_group("storage.k8s.io/v1beta1", "CSIDriver", "1.19", "1.22", "storage.k8s.io/v1", "1.19"),
    **_group("storage.k8s.io/v1beta1", "CSINode", "1.17", "1.22", "storage.k8s.io/v1", "1.17"),
    **_group("storage.k8s.io/v1beta1", "StorageClass", "1.19", "1.22", "storage.k8s.io/v1", "1.6"),
    **_group("storage.k8s.io/v1beta1", "VolumeAttachment", "1.19", "1.22", "storage.k8s.io/v1", "1.13"),
    **_group("extensions/v1beta1", "NetworkPolicy", "1.9", "1.16", "networking.k8s.io/v1", "1.8"),
    **_group("extensions/v1beta1", "PodSecurityPolicy", "1.10", "1.16", ""),
    **_group("extensions/v1beta1 apps/v1beta2", "DaemonSet", "1.9", "1.16", "apps/v1", "1.9"),
    **_group("extensions/v1beta1 apps/v1beta1 apps/v1beta2", "Deployment ReplicaSet", "1.9", "1.16", "apps/v1", "1.9"),
    **_group("apps/v1beta1 apps/v1beta2", "StatefulSet", "1.9", "1.16", "apps/v1", "1.9"),
    **_group("v1", "ComponentStatus", "1.19", "", ""),
    **_group("v1", "Endpoints", "1.33", "", "discovery.k8s.io/v1", "1.21"),
    **_group("karpenter.sh/v1alpha5", "Provisioner", "0.32", "0.33", "karpenter.sh/v1", "1.0", "Karpenter"),
    **_group(
        "karpenter.k8s.aws/v1alpha1", "AWSNodeTemplate", "0.32", "0.33", "karpenter.k8s.aws/v1", "1.0", "Karpenter"
    ),
    **_group("karpenter.sh/v1beta1", "NodePool NodeClaim", "1.0", "1.1", "karpenter.sh/v1", "1.0", "Karpenter"),
    **_group("karpenter.k8s.aws/v1beta1", "EC2NodeClass", "1.0", "1.1", "karpenter.k8s.aws/v1", "1.0", "Karpenter"),
    **_group(
        "external-secrets.io/v1beta1", "ExternalSecret ClusterExternalSecret SecretStore ClusterSecretStore",
        "0.16", "0.17", "external-secrets.io/v1", "0.16", "External Secrets",
    ),
    **_group(
        "external-secrets.io/v1alpha1", "ExternalSecret SecretStore ClusterSecretStore",
        "0.5", "0.16", "external-secrets.io/v1", "0.16", "External Secrets",
    ),
    **_group(
        "cert-manager.io/v1alpha2 cert-manager.io/v1alpha3 cert-manager.io/v1beta1",
        "Certificate CertificateRequest ClusterIssuer Issuer",
        "1.4", "1.6", "cert-manager.io/v1", "1.0", "cert-manager",
    ),
}  # fmt: skip
"""What became of an API version and kind, by `apiVersion` and `kind`."""


def is_removed(api_version: str, kind: str, release: tuple[int, int]) -> bool:
    """Whether a Kubernetes release, as (1, 32), no longer serves a kind of an API version."""
    known = API_VERSIONS.get((api_version, kind))
    if known is None or known.project != "Kubernetes" or not known.removed:
        return False
    major, _, minor = known.removed.partition(".")
    return (int(major), int(minor)) <= release
