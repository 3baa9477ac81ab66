"""The values that the API server takes for fields that are strings to the schema.

Source: the validation of Kubernetes' own types (`pkg/apis/*/validation`) as the API reference describes it
(https://kubernetes.io/docs/reference/kubernetes-api/). An empty string is the default everywhere.
"""

from __future__ import annotations

from typing import Final

_METRIC = "Resource Pods Object External ContainerResource"
_PROTOCOLS = "TCP UDP SCTP"
_NODE_INCLUSION = "Honor Ignore"
_UPDATE_BY = "RollingUpdate OnDelete"

_BY_TYPE: Final[dict[str, dict[str, str]]] = {
    "core.v1.PodSpec": {
        # restartPolicy depends on the kind of workload: `kubernetes/invalid-restart-policy` knows.
        "dnsPolicy": "ClusterFirst ClusterFirstWithHostNet Default None",
        "preemptionPolicy": "PreemptLowerPriority Never",
    },
    "core.v1.Container": {
        "imagePullPolicy": "Always IfNotPresent Never",
        "terminationMessagePolicy": "File FallbackToLogsOnError",
    },
    "core.v1.ContainerPort": {"protocol": _PROTOCOLS},
    "core.v1.HTTPGetAction": {"scheme": "HTTP HTTPS"},
    "core.v1.VolumeMount": {"mountPropagation": "None HostToContainer Bidirectional"},
    "core.v1.SecurityContext": {"procMount": "Default Unmasked"},
    "core.v1.SeccompProfile": {"type": "RuntimeDefault Unconfined Localhost"},
    "core.v1.AppArmorProfile": {"type": "RuntimeDefault Unconfined Localhost"},
    "core.v1.PodSecurityContext": {
        "fsGroupChangePolicy": "Always OnRootMismatch",
        "supplementalGroupsPolicy": "Merge Strict",
    },
    "core.v1.PodOS": {"name": "linux windows"},
    "core.v1.HostPathVolumeSource": {
        "type": "DirectoryOrCreate Directory FileOrCreate File Socket CharDevice BlockDevice"
    },
    "core.v1.Toleration": {
        "operator": "Equal Exists Lt Gt",
        "effect": "NoSchedule PreferNoSchedule NoExecute",
    },
    "core.v1.Taint": {"effect": "NoSchedule PreferNoSchedule NoExecute"},
    "core.v1.TopologySpreadConstraint": {
        "whenUnsatisfiable": "DoNotSchedule ScheduleAnyway",
        "nodeAffinityPolicy": _NODE_INCLUSION,
        "nodeTaintsPolicy": _NODE_INCLUSION,
    },
    "core.v1.NodeSelectorRequirement": {"operator": "In NotIn Exists DoesNotExist Gt Lt"},
    "meta.v1.LabelSelectorRequirement": {"operator": "In NotIn Exists DoesNotExist"},
    "core.v1.ServiceSpec": {
        "type": "ClusterIP NodePort LoadBalancer ExternalName",
        "sessionAffinity": "None ClientIP",
        "externalTrafficPolicy": "Cluster Local",
        "internalTrafficPolicy": "Cluster Local",
        "ipFamilyPolicy": "SingleStack PreferDualStack RequireDualStack",
        "ipFamilies": "IPv4 IPv6",
    },
    "core.v1.ServicePort": {"protocol": _PROTOCOLS},
    "core.v1.PersistentVolumeClaimSpec": {
        "accessModes": "ReadWriteOnce ReadOnlyMany ReadWriteMany ReadWriteOncePod",
        "volumeMode": "Filesystem Block",
    },
    "core.v1.PersistentVolumeSpec": {
        "accessModes": "ReadWriteOnce ReadOnlyMany ReadWriteMany ReadWriteOncePod",
        "volumeMode": "Filesystem Block",
        "persistentVolumeReclaimPolicy": "Retain Delete Recycle",
    },
    "storage.v1.StorageClass": {
        "reclaimPolicy": "Retain Delete",
        "volumeBindingMode": "Immediate WaitForFirstConsumer",
    },
    "apps.v1.DeploymentStrategy": {"type": "RollingUpdate Recreate"},
    "apps.v1.StatefulSetUpdateStrategy": {"type": _UPDATE_BY},
    "apps.v1.DaemonSetUpdateStrategy": {"type": _UPDATE_BY},
    "apps.v1.StatefulSetSpec": {"podManagementPolicy": "OrderedReady Parallel"},
    "batch.v1.CronJobSpec": {"concurrencyPolicy": "Allow Forbid Replace"},
    "batch.v1.JobSpec": {"completionMode": "NonIndexed Indexed", "podReplacementPolicy": "TerminatingOrFailed Failed"},
    "batch.v1.PodFailurePolicyRule": {"action": "FailJob FailIndex Ignore Count"},
    "batch.v1.PodFailurePolicyOnExitCodesRequirement": {"operator": "In NotIn"},
    "networking.v1.HTTPIngressPath": {"pathType": "Exact Prefix ImplementationSpecific"},
    "networking.v1.NetworkPolicySpec": {"policyTypes": "Ingress Egress"},
    "networking.v1.NetworkPolicyPort": {"protocol": _PROTOCOLS},
    "policy.v1.PodDisruptionBudgetSpec": {"unhealthyPodEvictionPolicy": "IfHealthyBudget AlwaysAllow"},
    "autoscaling.v2.MetricSpec": {"type": _METRIC},
    "autoscaling.v2.MetricTarget": {"type": "Utilization Value AverageValue"},
    "autoscaling.v2.HPAScalingRules": {"selectPolicy": "Max Min Disabled"},
    "autoscaling.v2.HPAScalingPolicy": {"type": "Pods Percent"},
    "rbac.v1.RoleRef": {"kind": "Role ClusterRole"},
    "rbac.v1.Subject": {"kind": "User Group ServiceAccount"},
    "scheduling.v1.PriorityClass": {"preemptionPolicy": "PreemptLowerPriority Never"},
    "admissionregistration.v1.ValidatingWebhook": {
        "failurePolicy": "Ignore Fail",
        "matchPolicy": "Exact Equivalent",
        "sideEffects": "None NoneOnDryRun",
    },
    "admissionregistration.v1.MutatingWebhook": {
        "failurePolicy": "Ignore Fail",
        "matchPolicy": "Exact Equivalent",
        "sideEffects": "None NoneOnDryRun",
        "reinvocationPolicy": "Never IfNeeded",
    },
    "apiextensions.v1.CustomResourceDefinitionSpec": {"scope": "Cluster Namespaced"},
}

ENUMERATIONS: Final[dict[tuple[str, str], tuple[str, ...]]] = {
    (name, field): tuple(values.split()) for name, fields in _BY_TYPE.items() for field, values in fields.items()
}
"""Type and field, and the values allowed; of a list, those of its elements."""
