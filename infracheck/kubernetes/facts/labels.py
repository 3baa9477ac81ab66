"""Labels and annotations that Kubernetes and its controllers give a meaning.

Source: https://kubernetes.io/docs/reference/labels-annotations-taints/ (1.32) and, for Karpenter and Argo Rollouts,
their documentation.
"""

from __future__ import annotations

from typing import Final

CONTROLLER_LABELS: Final = frozenset(
    {
        "apps.kubernetes.io/pod-index",
        "batch.kubernetes.io/controller-uid",
        "batch.kubernetes.io/job-completion-index",
        "batch.kubernetes.io/job-name",
        "controller-revision-hash",
        "controller-uid",
        "job-name",
        "pod-template-generation",
        "pod-template-hash",
        "rollouts-pod-template-hash",
        "statefulset.kubernetes.io/pod-name",
    }
)
"""Labels that controllers put on pods beside those of the template: a selector may ask for them."""

CONFIG_LABEL: Final = "deploymentconfig"
"""The label with which OpenShift names on each pod the DeploymentConfig it comes from (`apps.openshift.io/v1`)."""

NAMESPACE_NAME: Final = "kubernetes.io/metadata.name"
"""The label every namespace carries, with its own name."""

HOSTNAME: Final = "kubernetes.io/hostname"
ZONE: Final = "topology.kubernetes.io/zone"
REGION: Final = "topology.kubernetes.io/region"
ARCHITECTURE: Final = "kubernetes.io/arch"
OPERATING_SYSTEM: Final = "kubernetes.io/os"
INSTANCE_TYPE: Final = "node.kubernetes.io/instance-type"
CAPACITY_TYPE: Final = "karpenter.sh/capacity-type"

LEGACY_NODE_LABELS: Final[dict[str, str]] = {
    "failure-domain.beta.kubernetes.io/zone": ZONE,
    "failure-domain.beta.kubernetes.io/region": REGION,
    "beta.kubernetes.io/arch": ARCHITECTURE,
    "beta.kubernetes.io/os": OPERATING_SYSTEM,
    "beta.kubernetes.io/instance-type": INSTANCE_TYPE,
}
"""Old names of node labels, and the names that replaced them. Karpenter treats both as one."""

DEFAULT_CLASS_INGRESS: Final = "ingressclass.kubernetes.io/is-default-class"
DEFAULT_CLASS_STORAGE: Final = "storageclass.kubernetes.io/is-default-class"
LEGACY_INGRESS_CLASS: Final = "kubernetes.io/ingress.class"
IRSA_ROLE: Final = "eks.amazonaws.com/role-arn"
"""The annotation that ties a service account to an IAM role (IAM roles for service accounts)."""
POD_SECURITY_PREFIX: Final = "pod-security.kubernetes.io/"
"""Namespace labels `enforce`, `audit`, `warn` and their `-version`."""
SAFE_TO_EVICT: Final = "cluster-autoscaler.kubernetes.io/safe-to-evict"
DO_NOT_DISRUPT: Final = "karpenter.sh/do-not-disrupt"
