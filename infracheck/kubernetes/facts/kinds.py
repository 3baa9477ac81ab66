"""Which kinds run pods, and which live outside namespaces.

Sources: the Kubernetes API reference (https://kubernetes.io/docs/reference/kubernetes-api/), `kubectl api-resources` of
1.32, and the custom resource definitions of the projects named beside their groups.
"""

from __future__ import annotations

from typing import Final

POD_TEMPLATES: Final[dict[tuple[str, str], str]] = {
    ("", "Pod"): "",
    ("", "PodTemplate"): "template",
    ("", "ReplicationController"): "spec.template",
    ("apps", "Deployment"): "spec.template",
    ("apps", "ReplicaSet"): "spec.template",
    ("apps", "DaemonSet"): "spec.template",
    ("apps", "StatefulSet"): "spec.template",
    # Removed in 1.16, but still written, and pods all the same.
    ("extensions", "Deployment"): "spec.template",
    ("extensions", "ReplicaSet"): "spec.template",
    ("extensions", "DaemonSet"): "spec.template",
    ("batch", "Job"): "spec.template",
    ("batch", "CronJob"): "spec.jobTemplate.spec.template",
    ("argoproj.io", "Rollout"): "spec.template",
    ("serving.knative.dev", "Service"): "spec.template",
    ("apps.openshift.io", "DeploymentConfig"): "spec.template",
    ("", "DeploymentConfig"): "spec.template",
}
"""Group and kind of what runs pods, and where its pod template (labels and specification) stands."""

COMPLETING: Final = frozenset({"Job", "CronJob"})
"""Kinds whose pods end when their work is done."""

CLUSTER_SCOPED: Final[frozenset[tuple[str, str]]] = frozenset(
    {
        ("", "ComponentStatus"),
        ("", "Namespace"),
        ("", "Node"),
        ("", "PersistentVolume"),
        ("admissionregistration.k8s.io", "MutatingAdmissionPolicy"),
        ("admissionregistration.k8s.io", "MutatingAdmissionPolicyBinding"),
        ("admissionregistration.k8s.io", "MutatingWebhookConfiguration"),
        ("admissionregistration.k8s.io", "ValidatingAdmissionPolicy"),
        ("admissionregistration.k8s.io", "ValidatingAdmissionPolicyBinding"),
        ("admissionregistration.k8s.io", "ValidatingWebhookConfiguration"),
        ("apiextensions.k8s.io", "CustomResourceDefinition"),
        ("apiregistration.k8s.io", "APIService"),
        ("certificates.k8s.io", "CertificateSigningRequest"),
        ("certificates.k8s.io", "ClusterTrustBundle"),
        ("flowcontrol.apiserver.k8s.io", "FlowSchema"),
        ("flowcontrol.apiserver.k8s.io", "PriorityLevelConfiguration"),
        ("networking.k8s.io", "IngressClass"),
        ("networking.k8s.io", "IPAddress"),
        ("networking.k8s.io", "ServiceCIDR"),
        ("node.k8s.io", "RuntimeClass"),
        ("policy", "PodSecurityPolicy"),
        ("extensions", "PodSecurityPolicy"),
        ("rbac.authorization.k8s.io", "ClusterRole"),
        ("rbac.authorization.k8s.io", "ClusterRoleBinding"),
        ("resource.k8s.io", "DeviceClass"),
        ("resource.k8s.io", "ResourceSlice"),
        ("scheduling.k8s.io", "PriorityClass"),
        ("storage.k8s.io", "CSIDriver"),
        ("storage.k8s.io", "CSINode"),
        ("storage.k8s.io", "StorageClass"),
        ("storage.k8s.io", "VolumeAttachment"),
        ("storage.k8s.io", "VolumeAttributesClass"),
        ("snapshot.storage.k8s.io", "VolumeSnapshotClass"),
        ("snapshot.storage.k8s.io", "VolumeSnapshotContent"),
        # Karpenter: https://karpenter.sh/docs/concepts/
        ("karpenter.sh", "NodePool"),
        ("karpenter.sh", "NodeClaim"),
        ("karpenter.sh", "Provisioner"),
        ("karpenter.sh", "Machine"),
        ("karpenter.k8s.aws", "EC2NodeClass"),
        ("karpenter.k8s.aws", "AWSNodeTemplate"),
        # External Secrets Operator: https://external-secrets.io/latest/api/components/
        ("external-secrets.io", "ClusterSecretStore"),
        ("external-secrets.io", "ClusterExternalSecret"),
        ("external-secrets.io", "ClusterPushSecret"),
        # AWS: the load balancer controller's and the VPC CNI's own kinds.
        ("elbv2.k8s.aws", "IngressClassParams"),
        ("crd.k8s.amazonaws.com", "ENIConfig"),
        ("vpcresources.k8s.aws", "CNINode"),
        # cert-manager, Gateway API, KEDA, Kyverno, Gatekeeper, Cilium, Calico.
        ("cert-manager.io", "ClusterIssuer"),
        ("gateway.networking.k8s.io", "GatewayClass"),
        ("keda.sh", "ClusterTriggerAuthentication"),
        ("kyverno.io", "ClusterPolicy"),
        ("kyverno.io", "ClusterCleanupPolicy"),
        ("templates.gatekeeper.sh", "ConstraintTemplate"),
        ("config.gatekeeper.sh", "Config"),
        ("cilium.io", "CiliumClusterwideNetworkPolicy"),
        ("cilium.io", "CiliumNode"),
        ("crd.projectcalico.org", "GlobalNetworkPolicy"),
        ("projectcalico.org", "GlobalNetworkPolicy"),
        ("policy.networking.k8s.io", "AdminNetworkPolicy"),
        ("policy.networking.k8s.io", "BaselineAdminNetworkPolicy"),
        ("argoproj.io", "ClusterWorkflowTemplate"),
        ("argoproj.io", "ClusterAnalysisTemplate"),
    }
)
"""Group and kind of what has no namespace. Kinds a CustomResourceDefinition in the scan declares are read from it."""
