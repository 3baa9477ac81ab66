"""Objects every cluster has without anybody writing them.

Sources: https://kubernetes.io/docs/reference/access-authn-authz/rbac/#default-roles-and-role-bindings,
https://kubernetes.io/docs/concepts/configuration/secret/, https://kubernetes.io/docs/tasks/administer-cluster/
guaranteed-scheduling-critical-addon-pods/, for OpenShift's certificate of its own
https://docs.okd.io/latest/security/certificate_types_descriptions/service-ca-certificates.html and, for `gp2`, https://docs.aws.amazon.com/eks/latest/userguide/storage-classes.html.
"""

from __future__ import annotations

from typing import Final

BUILTIN: Final[frozenset[tuple[str, str]]] = frozenset(
    {
        ("ServiceAccount", "default"),
        ("ConfigMap", "kube-root-ca.crt"),
        ("ConfigMap", "openshift-service-ca.crt"),
        ("PriorityClass", "system-cluster-critical"),
        ("PriorityClass", "system-node-critical"),
        ("ClusterRole", "cluster-admin"),
        ("ClusterRole", "admin"),
        ("ClusterRole", "edit"),
        ("ClusterRole", "view"),
        ("StorageClass", "gp2"),
        ("Namespace", "default"),
        ("Namespace", "kube-system"),
        ("Namespace", "kube-public"),
        ("Namespace", "kube-node-lease"),
    }
)
"""Kind and name; in every namespace where the kind has one."""

SYSTEM_PREFIX: Final = "system:"
"""What the names of roles begin with that the control plane brings along."""
