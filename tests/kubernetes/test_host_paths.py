from __future__ import annotations

import pytest

from infracheck.kubernetes.facts.host_paths import PUBLIC, SENSITIVE, is_runtime_socket, is_sensitive, normal_path


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("/", "/"),
        ("//", "/"),
        ("/etc/", "/etc"),
        ("//var/run//docker.sock", "/run/docker.sock"),
        ("/var/run", "/run"),
        ("/var/runner", "/var/runner"),
        ("/var/lib/../log", "/var/log"),
        ("/../..", "/"),
    ],
)
def test_paths_are_read_as_the_node_reads_them(written: str, seen: str) -> None:
    assert normal_path(written) == seen


@pytest.mark.parametrize(
    "path",
    [
        "/var/run/docker.sock",
        "/run/docker.sock",
        "/run/user/1000/docker.sock",
        "/run/containerd/containerd.sock",
        "/run/containerd",
        "/var/run/crio/crio.sock",
        "/run/k3s/containerd/containerd.sock",
        "/run/podman/podman.sock",
        "/var/run/cri-dockerd.sock",
    ],
)
def test_sockets_of_runtimes(path: str) -> None:
    assert is_runtime_socket(path)
    assert not is_sensitive(path), "one cause, one rule"


@pytest.mark.parametrize(
    "path", [*sorted(SENSITIVE), "/root/.ssh", "/etc/kubernetes/pki", "/var/lib/etcd/member", "/var/run"]
)
def test_what_gives_the_node_away(path: str) -> None:
    assert is_sensitive(path)
    assert not is_runtime_socket(path)


@pytest.mark.parametrize(
    "path",
    ["", "/data", "/var/log/pods", "/etc/localtime", "/dev/fuse", "/rooted", "/var/lib/kubelet/plugins/ebs.csi.aws.com",
     "/usr/share/zoneinfo", "/var/lib/docker/containers", "/run/xtables.lock"],
)  # fmt: skip
def test_what_does_not(path: str) -> None:
    assert not is_sensitive(path)
    assert not is_runtime_socket(path)


def test_public_folders_are_some_of_the_sensitive_ones() -> None:
    assert PUBLIC < SENSITIVE
