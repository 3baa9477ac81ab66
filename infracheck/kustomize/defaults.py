"""The field specs that kustomize 5.5.0 has built in (`api/internal/konfig/builtinpluginconsts`)."""

from __future__ import annotations

from infracheck.kustomize.fieldspec import FieldSpec
from infracheck.kustomize.identity import Gvk

ANY = Gvk()
DEPLOYMENT, DAEMON_SET, REPLICA_SET = Gvk(kind="Deployment"), Gvk(kind="DaemonSet"), Gvk(kind="ReplicaSet")
STATEFUL_SET, JOB, CRON_JOB, POD = Gvk(kind="StatefulSet"), Gvk(kind="Job"), Gvk(kind="CronJob"), Gvk(kind="Pod")
REPLICATION_CONTROLLER = Gvk(kind="ReplicationController")
CORE_REPLICATION_CONTROLLER = Gvk("", "v1", "ReplicationController")
APPS_DEPLOYMENT, APPS_STATEFUL_SET = Gvk("apps", "", "Deployment"), Gvk("apps", "", "StatefulSet")
BATCH_JOB, BATCH_CRON_JOB = Gvk("batch", "", "Job"), Gvk("batch", "", "CronJob")
NETWORK_POLICY = Gvk("networking.k8s.io", "", "NetworkPolicy")
RBAC, ADMISSION = "rbac.authorization.k8s.io", "admissionregistration.k8s.io"
INGRESS, CLUSTER_ROLE, STORAGE_CLASS = Gvk(kind="Ingress"), Gvk(kind="ClusterRole"), Gvk(kind="StorageClass")

POD_SPECS = (
    (POD, "spec"),
    (Gvk(kind="PodTemplate"), "template/spec"),
    *((gvk, "spec/template/spec") for gvk in (DEPLOYMENT, REPLICA_SET, DAEMON_SET, STATEFUL_SET, JOB)),
    (CRON_JOB, "spec/jobTemplate/spec/template/spec"),
)
"""Where each workload kind keeps its pod spec."""
OWNING_POD_SPECS = (
    (POD, "spec"),
    *((gvk, "spec/template/spec") for gvk in (STATEFUL_SET, DEPLOYMENT, REPLICATION_CONTROLLER, JOB, DAEMON_SET)),
    (CRON_JOB, "spec/jobTemplate/spec/template/spec"),
)
"""The same, for the names that were not added for every kind."""


def _made(paths: tuple[tuple[str, Gvk], ...]) -> tuple[FieldSpec, ...]:
    return tuple(FieldSpec(path, gvk, create=True) for path, gvk in paths)


def _found(gvk: Gvk, *paths: str) -> tuple[FieldSpec, ...]:
    return tuple(FieldSpec(path, gvk) for path in paths)


METADATA_LABELS = _made(
    (
        ("metadata/labels", ANY),
        ("spec/template/metadata/labels", CORE_REPLICATION_CONTROLLER),
        ("spec/template/metadata/labels", DEPLOYMENT),
        ("spec/template/metadata/labels", REPLICA_SET),
        ("spec/template/metadata/labels", DAEMON_SET),
        ("spec/template/metadata/labels", APPS_STATEFUL_SET),
        ("spec/volumeClaimTemplates[]/metadata/labels", APPS_STATEFUL_SET),
        ("spec/template/metadata/labels", BATCH_JOB),
        ("spec/jobTemplate/metadata/labels", BATCH_CRON_JOB),
        ("spec/jobTemplate/spec/template/metadata/labels", BATCH_CRON_JOB),
    )
)
TERM = "DuringSchedulingIgnoredDuringExecution"
AFFINITIES = tuple(
    f"spec/template/spec/affinity/{side}/{kind}{TERM}{term}/labelSelector/matchLabels"
    for side in ("podAffinity", "podAntiAffinity")
    for kind, term in (("preferred", "/podAffinityTerm"), ("required", ""))
)
SPREAD = "spec/template/spec/topologySpreadConstraints/labelSelector/matchLabels"
SELECTORS = (
    *_made(
        (
            ("spec/selector", Gvk("", "v1", "Service")),
            ("spec/selector", CORE_REPLICATION_CONTROLLER),
            ("spec/selector/matchLabels", DEPLOYMENT),
            ("spec/selector/matchLabels", REPLICA_SET),
            ("spec/selector/matchLabels", DAEMON_SET),
            ("spec/selector/matchLabels", APPS_STATEFUL_SET),
        )
    ),
    *_found(APPS_DEPLOYMENT, *AFFINITIES, SPREAD),
    *_found(APPS_STATEFUL_SET, *AFFINITIES, SPREAD),
    *_found(BATCH_JOB, "spec/selector/matchLabels"),
    *_found(BATCH_CRON_JOB, "spec/jobTemplate/spec/selector/matchLabels"),
    *_found(Gvk("policy", "", "PodDisruptionBudget"), "spec/selector/matchLabels"),
    *_found(
        NETWORK_POLICY,
        "spec/podSelector/matchLabels",
        "spec/ingress/from/podSelector/matchLabels",
        "spec/egress/to/podSelector/matchLabels",
    ),
)
ANNOTATIONS = _made(
    (
        ("metadata/annotations", ANY),
        *(
            ("spec/template/metadata/annotations", gvk)
            for gvk in (CORE_REPLICATION_CONTROLLER, DEPLOYMENT, REPLICA_SET, DAEMON_SET, STATEFUL_SET, BATCH_JOB)
        ),
        ("spec/jobTemplate/metadata/annotations", BATCH_CRON_JOB),
        ("spec/jobTemplate/spec/template/metadata/annotations", BATCH_CRON_JOB),
    )
)
NAMESPACE = (
    *_made(
        (
            ("metadata/name", Gvk(kind="Namespace")),
            ("spec/service/namespace", Gvk("apiregistration.k8s.io", "", "APIService")),
        )
    ),
    *_found(
        Gvk("apiextensions.k8s.io", "", "CustomResourceDefinition"),
        "spec/conversion/webhook/clientConfig/service/namespace",
    ),
)
IMAGES = _made(
    tuple(
        (f"{spec}/{containers}[]/image", ANY)
        for spec in ("spec", "spec/template/spec")
        for containers in ("containers", "initContainers")
    )
)
REPLICAS = _made(
    tuple(("spec/replicas", gvk) for gvk in (DEPLOYMENT, REPLICATION_CONTROLLER, REPLICA_SET, STATEFUL_SET))
)
VARIABLE_POD_SPECS = (
    (CRON_JOB, "spec/jobTemplate/spec/template/spec", "spec/jobTemplate/spec/template/volumes/nfs/server"),
    *(
        (gvk, "spec/template/spec", "spec/template/spec/volumes/nfs/server")
        for gvk in (DAEMON_SET, DEPLOYMENT, JOB, REPLICA_SET)
    ),
    (POD, "spec", "spec/volumes/nfs/server"),
    (STATEFUL_SET, "spec/template/spec", "spec/volumeClaimTemplates/spec/nfs/server"),
)
VARIABLES = (
    *(
        FieldSpec(f"{spec}/{containers}/{name}", gvk)
        for gvk, spec, _ in VARIABLE_POD_SPECS
        for containers in ("containers", "initContainers")
        for name in ("args", "command", "env/value", "volumeMounts/mountPath")
    ),
    *(FieldSpec(server, gvk) for gvk, _, server in VARIABLE_POD_SPECS),
    *_found(DEPLOYMENT, "spec/template/metadata/annotations"),
    *_found(INGRESS, "spec/rules/host", "spec/tls/hosts", "spec/tls/secretName"),
    *_found(Gvk(kind="Service"), "spec/ports/port", "spec/ports/targetPort"),
    *_found(Gvk(kind="PersistentVolume"), "spec/nfs/server"),
    *_found(ANY, "metadata/labels", "metadata/annotations"),
)

DEFAULT_FIELDS = {
    "namePrefix": (FieldSpec("metadata/name"),),
    "nameSuffix": (FieldSpec("metadata/name"),),
    "commonLabels": (*SELECTORS, *METADATA_LABELS),
    "templateLabels": METADATA_LABELS,
    "commonAnnotations": ANNOTATIONS,
    "namespace": NAMESPACE,
    "images": IMAGES,
    "replicas": REPLICAS,
    "varReference": VARIABLES,
}
"""Field specs by the name of their list."""


def _in_pods(*names: str) -> tuple[FieldSpec, ...]:
    return tuple(
        FieldSpec(f"{spec}/{name}", Gvk("", "v1", "Pod") if gvk == POD else gvk)
        for gvk, spec in POD_SPECS
        for name in names
    )


def _in_owning_pods(name: str) -> tuple[FieldSpec, ...]:
    return tuple(FieldSpec(f"{spec}/{name}", gvk) for gvk, spec in OWNING_POD_SPECS)


ROLES = (FieldSpec("rules/resourceNames", Gvk(kind="Role")), FieldSpec("rules/resourceNames", CLUSTER_ROLE))
SCALED = (FieldSpec("spec/scaleTargetRef/name", Gvk(kind="HorizontalPodAutoscaler")),)
CONFIG_MAP_NAMES = (
    *_in_pods(
        "volumes/configMap/name",
        "containers/env/valueFrom/configMapKeyRef/name",
        "initContainers/env/valueFrom/configMapKeyRef/name",
        "containers/envFrom/configMapRef/name",
        "initContainers/envFrom/configMapRef/name",
        "volumes/projected/sources/configMap/name",
    ),
    *_found(Gvk(kind="Node"), "spec/configSource/configMap"),
    *ROLES,
    *_found(INGRESS, r"metadata/annotations/nginx.ingress.kubernetes.io\/fastcgi-params-configmap"),
)
SECRET_NAMES = (
    *_in_pods(
        "volumes/secret/secretName",
        "containers/env/valueFrom/secretKeyRef/name",
        "initContainers/env/valueFrom/secretKeyRef/name",
        "containers/envFrom/secretRef/name",
        "initContainers/envFrom/secretRef/name",
        "imagePullSecrets/name",
        "volumes/projected/sources/secret/name",
    ),
    *_found(
        INGRESS,
        "spec/tls/secretName",
        r"metadata/annotations/ingress.kubernetes.io\/auth-secret",
        r"metadata/annotations/nginx.ingress.kubernetes.io\/auth-secret",
        r"metadata/annotations/nginx.ingress.kubernetes.io\/auth-tls-secret",
    ),
    *_found(Gvk(kind="ServiceAccount"), "imagePullSecrets/name"),
    *_found(
        STORAGE_CLASS,
        "parameters/secretName",
        "parameters/adminSecretName",
        "parameters/userSecretName",
        "parameters/secretRef",
    ),
    *ROLES,
    *_found(
        Gvk("serving.knative.dev", "v1", "Service"), "spec/template/spec/containers/env/valueFrom/secretKeyRef/name"
    ),
    *_found(Gvk(kind="PersistentVolume"), "spec/azureFile/secretName"),
)
SERVICE_NAMES = (
    *_found(APPS_STATEFUL_SET, "spec/serviceName"),
    *_found(
        INGRESS,
        "spec/rules/http/paths/backend/serviceName",
        "spec/backend/serviceName",
        "spec/rules/http/paths/backend/service/name",
        "spec/defaultBackend/service/name",
    ),
    *_found(Gvk("apiregistration.k8s.io", "", "APIService"), "spec/service/name"),
    *_found(Gvk(ADMISSION, "", "ValidatingWebhookConfiguration"), "webhooks/clientConfig/service"),
    *_found(Gvk(ADMISSION, "", "MutatingWebhookConfiguration"), "webhooks/clientConfig/service"),
)

NAME_REFERENCES = (
    *((gvk, SCALED) for gvk in (DEPLOYMENT, REPLICATION_CONTROLLER, REPLICA_SET, STATEFUL_SET)),
    (Gvk("", "v1", "ConfigMap"), CONFIG_MAP_NAMES),
    (Gvk("", "v1", "Secret"), SECRET_NAMES),
    (Gvk("", "v1", "Service"), SERVICE_NAMES),
    (Gvk(RBAC, "", "Role"), _found(Gvk(RBAC, "", "RoleBinding"), "roleRef/name")),
    (
        Gvk(RBAC, "", "ClusterRole"),
        (
            *_found(Gvk(RBAC, "", "RoleBinding"), "roleRef/name"),
            *_found(Gvk(RBAC, "", "ClusterRoleBinding"), "roleRef/name"),
        ),
    ),
    (
        Gvk("", "v1", "ServiceAccount"),
        (
            *_found(Gvk(RBAC, "", "RoleBinding"), "subjects"),
            *_found(Gvk(RBAC, "", "ClusterRoleBinding"), "subjects"),
            *_in_owning_pods("serviceAccountName"),
        ),
    ),
    (Gvk("", "v1", "PersistentVolumeClaim"), _in_owning_pods("volumes/persistentVolumeClaim/claimName")),
    (
        Gvk("", "v1", "PersistentVolume"),
        (*_found(Gvk(kind="PersistentVolumeClaim"), "spec/volumeName"), *_found(CLUSTER_ROLE, "rules/resourceNames")),
    ),
    (
        Gvk("storage.k8s.io", "v1", "StorageClass"),
        (
            *_found(Gvk(kind="PersistentVolume"), "spec/storageClassName"),
            *_found(Gvk(kind="PersistentVolumeClaim"), "spec/storageClassName"),
            *_found(STATEFUL_SET, "spec/volumeClaimTemplates/spec/storageClassName"),
        ),
    ),
    (Gvk("scheduling.k8s.io", "v1", "PriorityClass"), _in_owning_pods("priorityClassName")),
    # The group is misspelt in kustomize, so that this entry never matches; it must not match here either.
    (Gvk("networking.k8s.io/v1", "v1", "IngressClass"), _found(INGRESS, "spec/ingressClassName")),
    (
        Gvk(ADMISSION, "", "ValidatingAdmissionPolicy"),
        _found(Gvk(ADMISSION, "", "ValidatingAdmissionPolicyBinding"), "spec/policyName"),
    ),
)
"""For each kind of target, the fields that hold a name of one."""
