"""The Pod Security Standards, and what container runtimes give a container that asks for nothing.

Sources: https://kubernetes.io/docs/concepts/security/pod-security-standards/ (1.34) and, for the default capabilities,
`oci/caps/defaults.go` of moby, which containerd's `defaultUnixCaps` repeats.
"""

from __future__ import annotations

from typing import Final

DEFAULT_CAPABILITIES: Final = frozenset(
    {
        "AUDIT_WRITE",
        "CHOWN",
        "DAC_OVERRIDE",
        "FOWNER",
        "FSETID",
        "KILL",
        "MKNOD",
        "NET_BIND_SERVICE",
        "NET_RAW",
        "SETFCAP",
        "SETGID",
        "SETPCAP",
        "SETUID",
        "SYS_CHROOT",
    }
)
"""What a container has that neither adds nor drops."""

UNIVERSAL_CAPABILITIES: Final = DEFAULT_CAPABILITIES - {"AUDIT_WRITE", "MKNOD", "NET_RAW", "SETFCAP", "SYS_CHROOT"}
"""Those of them that CRI-O gives as well (`default_capabilities` in crio.conf(5))."""

BASELINE_CAPABILITIES: Final = DEFAULT_CAPABILITIES - {"NET_RAW"}
"""What the baseline standard lets a container add."""

RESTRICTED_CAPABILITIES: Final = frozenset({"NET_BIND_SERVICE"})
"""What the restricted standard lets a container add after dropping ALL."""

SAFE_SYSCTLS: Final = frozenset(
    {
        "kernel.shm_rmid_forced",
        "net.ipv4.ip_local_port_range",
        "net.ipv4.ip_local_reserved_ports",
        "net.ipv4.ip_unprivileged_port_start",
        "net.ipv4.ping_group_range",
        "net.ipv4.tcp_fin_timeout",
        "net.ipv4.tcp_keepalive_intvl",
        "net.ipv4.tcp_keepalive_probes",
        "net.ipv4.tcp_keepalive_time",
        "net.ipv4.tcp_syncookies",
        "net.ipv4.tcp_rmem",
        "net.ipv4.tcp_wmem",
    }
)
"""Kernel parameters that are namespaced and isolated; all others are unsafe (baseline). The last two since 1.32."""

SELINUX_TYPES: Final = frozenset({"", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"})
"""The SELinux types that baseline allows."""

PROFILE_TYPES: Final = frozenset({"RuntimeDefault", "Localhost"})
"""The types of seccomp and AppArmor profiles that confine a container; Unconfined is the third there is."""

APPARMOR_ANNOTATION: Final = "container.apparmor.security.beta.kubernetes.io/"
"""Before the name of a container: its AppArmor profile, where no field says so (deprecated since 1.30)."""

SECCOMP_ANNOTATIONS: Final = (
    "container.seccomp.security.alpha.kubernetes.io/",
    "seccomp.security.alpha.kubernetes.io/pod",
)
"""The seccomp profile of a container (before its name) and of the pod."""

SECCOMP_ANNOTATIONS_END: Final = (1, 27)
"""The release that reads these annotations no more (https://kubernetes.io/docs/tutorials/security/seccomp/)."""

RESTRICTED_VOLUMES: Final = frozenset(
    {
        "configMap",
        "csi",
        "downwardAPI",
        "emptyDir",
        "ephemeral",
        "image",
        "persistentVolumeClaim",
        "projected",
        "secret",
    }
)
"""The kinds of volume that the restricted standard allows."""

REMOVED_VOLUMES: Final = {
    "cephfs": (1, 31),
    "flocker": (1, 25),
    "glusterfs": (1, 26),
    "photonPersistentDisk": (1, 15),
    "quobyte": (1, 25),
    "rbd": (1, 31),
    "scaleIO": (1, 21),
    "storageos": (1, 25),
}
"""Kinds of volume whose drivers left Kubernetes without a successor, and the release that did without.

Source: https://kubernetes.io/docs/concepts/storage/persistent-volumes/#types-of-persistent-volumes.
"""

POD_LEVEL_SECURITY: Final = frozenset(
    {
        "appArmorProfile",
        "runAsGroup",
        "runAsNonRoot",
        "runAsUser",
        "seLinuxOptions",
        "seccompProfile",
        "windowsOptions",
    }
)
"""Settings a container inherits from the pod's securityContext (PodSecurityContext and SecurityContext v1 core)."""
