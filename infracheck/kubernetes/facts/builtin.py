"""Objects every cluster has without anybody writing them, or every one that runs OpenShift or Istio.

Sources: https://kubernetes.io/docs/reference/access-authn-authz/rbac/#default-roles-and-role-bindings,
https://kubernetes.io/docs/concepts/configuration/secret/, https://kubernetes.io/docs/tasks/administer-cluster/
guaranteed-scheduling-critical-addon-pods/; for `gp2`
https://docs.aws.amazon.com/eks/latest/userguide/storage-classes.html; for the certificates that OpenShift and Istio put
into each namespace https://github.com/openshift/service-ca-operator and https://istio.io/latest/docs/ops/
(`istio-ca-root-cert`).
"""

from __future__ import annotations

from typing import Final

BUILTIN: Final[frozenset[tuple[str, str]]] = frozenset(
    {
        ("ServiceAccount", "default"),
        ("ConfigMap", "kube-root-ca.crt"),
        ("ConfigMap", "openshift-service-ca.crt"),
        ("ConfigMap", "istio-ca-root-cert"),
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
