"""Which paths of a node give it away.

Sources: the hostPath warnings of https://kubernetes.io/docs/concepts/storage/volumes/#hostpath; the default sockets of
container runtimes (https://kubernetes.io/docs/setup/production-environment/container-runtimes/); the folders of kubelet
and control plane (https://kubernetes.io/docs/reference/node/kubelet-files/).
"""

from __future__ import annotations

import posixpath
from typing import Final

SOCKETS: Final = frozenset(
    {
        "buildkitd.sock",
        "containerd.sock",
        "cri-dockerd.sock",
        "crio.sock",
        "docker.sock",
        "dockershim.sock",
        "podman.sock",
    }
)
"""File names of the sockets through which a container runtime takes orders."""

SOCKET_FOLDERS: Final = frozenset({"/run/containerd", "/run/crio", "/run/docker", "/run/k3s/containerd", "/run/podman"})
"""Folders that hold nothing but a runtime's socket and what it keeps for itself."""

SENSITIVE: Final = frozenset(
    {
        "/",
        "/bin",
        "/boot",
        "/dev",
        "/etc",
        "/home",
        "/lib",
        "/lib64",
        "/proc",
        "/run",
        "/sbin",
        "/sys",
        "/usr",
        "/var",
        "/var/lib",
        "/var/lib/containerd",
        "/var/lib/docker",
        "/var/lib/kubelet",
        "/var/lib/kubelet/pods",
    }
)
"""Folders that hold the system itself, its devices and processes, or the files of every pod."""

PUBLIC: Final = frozenset({"/bin", "/boot", "/lib", "/lib64", "/sbin", "/sys", "/usr"})
"""Those of `SENSITIVE` that hold programs and settings but no secrets: to read them alone gives little away."""

SENSITIVE_BELOW: Final = (
    "/etc/kubernetes",
    "/etc/ssh",
    "/root",
    "/var/lib/etcd",
    "/var/lib/kubelet/pki",
    "/var/lib/rancher",
)
"""Folders in which every file counts: keys of the cluster and of the administrator."""


def normal_path(path: str) -> str:
    """The path a node sees: one slash, no trailing one, `/var/run` as the link to `/run` that it is."""
    plain = posixpath.normpath("/" + path.lstrip("/"))
    return "/run" + plain.removeprefix("/var/run") if (plain + "/").startswith("/var/run/") else plain


def is_runtime_socket(path: str) -> bool:
    """Whether a path is the socket of a container runtime, or the folder that holds it."""
    plain = normal_path(path)
    return posixpath.basename(plain) in SOCKETS or plain in SOCKET_FOLDERS


def is_sensitive(path: str) -> bool:
    """Whether a path holds the system or keys; sockets of runtimes are told by `is_runtime_socket`."""
    plain = normal_path(path)
    below = any((plain + "/").startswith(folder + "/") for folder in SENSITIVE_BELOW)
    return bool(path) and not is_runtime_socket(path) and (plain in SENSITIVE or below)
