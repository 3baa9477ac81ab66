"""`--select pss-baseline` and `--select pss-restricted` cover every control of the Pod Security Standards.

The table below is the published one (https://kubernetes.io/docs/concepts/security/pod-security-standards/, Kubernetes
1.34): for each control the fields it restricts, values it forbids and values it allows. `containers[*]` stands for the
three lists of containers. Each value is written into a pod that otherwise meets the restricted standard.
"""

from __future__ import annotations

import copy
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pytest

import infracheck

if TYPE_CHECKING:
    from pathlib import Path

ABSENT: Final = object()
"""In place of a value: the field is not there."""

ROLES: Final = ("containers", "initContainers", "ephemeralContainers")

RESTRICTED_VOLUMES: Final = {
    "configMap": {"name": "web"},
    "csi": {"driver": "secrets-store.csi.k8s.io"},
    "downwardAPI": {"items": []},
    "emptyDir": {},
    "ephemeral": {"volumeClaimTemplate": {"spec": {"accessModes": ["ReadWriteOnce"]}}},
    "image": {"reference": "registry.example/model:1.0.0"},
    "persistentVolumeClaim": {"claimName": "data"},
    "projected": {"sources": []},
    "secret": {"secretName": "web"},
}
OTHER_VOLUMES: Final = (
    "awsElasticBlockStore", "azureDisk", "azureFile", "cephfs", "cinder", "fc", "flexVolume", "flocker",
    "gcePersistentDisk", "gitRepo", "glusterfs", "hostPath", "iscsi", "nfs", "photonPersistentDisk", "portworxVolume",
    "quobyte", "rbd", "scaleIO", "storageos", "vsphereVolume",
)  # fmt: skip

DEFAULT_CAPABILITIES: Final = (
    "AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE", "SETFCAP",
    "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT",
)  # fmt: skip
OTHER_CAPABILITIES: Final = (
    "ALL", "AUDIT_CONTROL", "AUDIT_READ", "BLOCK_SUSPEND", "BPF", "CHECKPOINT_RESTORE", "DAC_READ_SEARCH", "IPC_LOCK",
    "IPC_OWNER", "LEASE", "LINUX_IMMUTABLE", "MAC_ADMIN", "MAC_OVERRIDE", "NET_ADMIN", "NET_BROADCAST", "NET_RAW",
    "PERFMON", "SYSLOG", "SYS_ADMIN", "SYS_BOOT", "SYS_MODULE", "SYS_NICE", "SYS_PACCT", "SYS_PTRACE", "SYS_RAWIO",
    "SYS_RESOURCE", "SYS_TIME", "SYS_TTY_CONFIG", "WAKE_ALARM",
)  # fmt: skip

SAFE_SYSCTLS: Final = (
    "kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.ip_local_reserved_ports",
    "net.ipv4.ip_unprivileged_port_start", "net.ipv4.ping_group_range", "net.ipv4.tcp_fin_timeout",
    "net.ipv4.tcp_keepalive_intvl", "net.ipv4.tcp_keepalive_probes", "net.ipv4.tcp_keepalive_time", "net.ipv4.tcp_rmem",
    "net.ipv4.tcp_syncookies", "net.ipv4.tcp_wmem",
)  # fmt: skip

APPARMOR: Final = "container.apparmor.security.beta.kubernetes.io/"
CONTEXT: Final = "spec.securityContext."
OWN: Final = "spec.containers[*].securityContext."


@dataclass(frozen=True)
class Control:
    """A row of the published table.

    Attributes:
        name: the control.
        level: the standard it belongs to.
        fields: the fields it restricts.
        forbidden: values that violate it.
        allowed: values that do not.
    """

    name: str
    level: str
    fields: tuple[str, ...]
    forbidden: tuple[Any, ...]
    allowed: tuple[Any, ...]


def hosts() -> tuple[str, ...]:
    callers = ("livenessProbe", "readinessProbe", "startupProbe", "lifecycle.postStart", "lifecycle.preStop")
    return tuple(f"spec.containers[*].{caller}.{how}.host" for caller in callers for how in ("httpGet", "tcpSocket"))


def sysctl(name: str) -> list[dict[str, str]]:
    return [{"name": name, "value": "1"}]


def volume(kind: str, source: Any = ABSENT) -> list[dict[str, Any]]:
    return [{"name": "one", kind: {"path": "/data"} if source is ABSENT else source}]


CONTROLS: Final = (
    Control("HostProcess", "baseline", (f"{CONTEXT}windowsOptions.hostProcess", f"{OWN}windowsOptions.hostProcess"),
            (True,), (False, None, ABSENT)),
    Control("Host Namespaces", "baseline", ("spec.hostNetwork", "spec.hostPID", "spec.hostIPC"),
            (True,), (False, None, ABSENT)),
    Control("Privileged Containers", "baseline", (f"{OWN}privileged",), (True,), (False, None, ABSENT)),
    Control("Capabilities", "baseline", (f"{OWN}capabilities.add",),
            tuple([name] for name in OTHER_CAPABILITIES), ([], None, ABSENT, ["NET_BIND_SERVICE"])),
    Control("HostPath Volumes", "baseline", ("spec.volumes",),
            tuple(volume("hostPath", {"path": path}) for path in ("/", "/etc", "/var/run/docker.sock", "/data")),
            ([], ABSENT, volume("emptyDir", {}))),
    Control("Host Ports", "baseline", ("spec.containers[*].ports[0].hostPort",), (1, 80, 65535), (0, None, ABSENT)),
    Control("Host Probes / Lifecycle Hooks", "baseline", hosts(), ("127.0.0.1", "example.com"), ("", None, ABSENT)),
    Control("AppArmor", "baseline", (f"{CONTEXT}appArmorProfile.type", f"{OWN}appArmorProfile.type"),
            ("Unconfined",), ("RuntimeDefault", "Localhost", ABSENT)),
    Control("AppArmor by annotation", "baseline", (f"metadata.annotations.[{APPARMOR}web]",),
            ("unconfined",), ("runtime/default", "localhost/web", "", ABSENT)),
    Control("SELinux type", "baseline", (f"{CONTEXT}seLinuxOptions.type", f"{OWN}seLinuxOptions.type"),
            ("spc_t", "unconfined_t"),
            ("container_t", "container_init_t", "container_kvm_t", "container_engine_t", "", ABSENT)),
    Control("SELinux user and role", "baseline",
            tuple(f"{at}seLinuxOptions.{key}" for at in (CONTEXT, OWN) for key in ("user", "role")),
            ("system_u",), ("", None, ABSENT)),
    Control("/proc Mount Type", "baseline", (f"{OWN}procMount",), ("Unmasked",), ("Default", None, ABSENT)),
    Control("Seccomp", "baseline", (f"{CONTEXT}seccompProfile.type", f"{OWN}seccompProfile.type"),
            ("Unconfined",), ("RuntimeDefault", "Localhost")),
    Control("Sysctls", "baseline", (f"{CONTEXT}sysctls",),
            tuple(map(sysctl, ("kernel.msgmax", "net.core.somaxconn", "vm.swappiness", "fs.mqueue.msg_max"))),
            (*map(sysctl, SAFE_SYSCTLS), [], ABSENT)),
    Control("Volume Types", "restricted", ("spec.volumes",), tuple(map(volume, OTHER_VOLUMES)),
            tuple(volume(kind, source) for kind, source in RESTRICTED_VOLUMES.items())),
    Control("Privilege Escalation", "restricted", (f"{OWN}allowPrivilegeEscalation",), (True, None, ABSENT), (False,)),
    Control("Running as Non-root, pod", "restricted", (f"{CONTEXT}runAsNonRoot",), (False, None, ABSENT), (True,)),
    Control("Running as Non-root, container", "restricted", (f"{OWN}runAsNonRoot",), (False,), (True, None, ABSENT)),
    Control("Running as Non-root user", "restricted", (f"{CONTEXT}runAsUser", f"{OWN}runAsUser"),
            (0,), (1, 10001, None, ABSENT)),
    Control("Seccomp, pod", "restricted", (f"{CONTEXT}seccompProfile.type", f"{CONTEXT}seccompProfile"),
            ("Unconfined", ABSENT), ()),
    Control("Seccomp, container", "restricted", (f"{OWN}seccompProfile.type",),
            ("Unconfined",), ("RuntimeDefault", "Localhost")),
    Control("Capabilities dropped", "restricted", (f"{OWN}capabilities.drop",),
            ([], None, ABSENT, ["NET_RAW"], ["all"]), (["ALL"], ["NET_RAW", "ALL"])),
    Control("Capabilities added", "restricted", (f"{OWN}capabilities.add",),
            tuple([name] for name in DEFAULT_CAPABILITIES if name != "NET_BIND_SERVICE"),
            ([], None, ABSENT, ["NET_BIND_SERVICE"])),
)  # fmt: skip


def conforming_pod() -> dict[str, Any]:
    """A pod that the restricted standard takes, with a container of each kind."""
    pod: dict[str, Any] = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "web"},
        "spec": {"securityContext": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}}},
    }
    for role, name in zip(ROLES, ("web", "setup", "debugger"), strict=True):
        context = {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}
        one: dict[str, Any] = {"name": name, "image": f"registry.example/{name}:1.4.0", "securityContext": context}
        pod["spec"][role] = [one | ({} if role == "ephemeralContainers" else {"ports": [{"containerPort": 8080}]})]
    return pod


def with_value(path: str, value: Any) -> dict[str, Any]:
    """The conforming pod with one field changed."""
    pod = copy.deepcopy(conforming_pod())
    *folders, last = (step.strip("[]") for step in path.replace(".[", "\0[").replace("[0]", ".0").split("\0"))
    steps = [*(part for folder in folders for part in folder.split(".")), *([last] if folders else last.split("."))]
    here: Any = pod
    for step in steps[:-1]:
        if step == "0":
            here = here[0]
        elif step == "ports":
            here = here.setdefault(step, [{"containerPort": 8080}])
        else:
            here = here.setdefault(step, {})
    if value is ABSENT:
        here.pop(steps[-1], None)
    else:
        here[steps[-1]] = value
    return pod


def variants(path: str) -> list[str]:
    """The paths that `containers[*]` stands for."""
    return [path.replace("containers[*]", f"{role}[0]") for role in ROLES] if "[*]" in path else [path]


def findings(pod: dict[str, Any], level: str, folder: Path) -> list[str]:
    """What the rules of a standard say of a pod."""
    (folder / "pod.json").unlink(missing_ok=True)
    (folder / "pod.yaml").write_text(json.dumps(pod), encoding="utf-8")
    report = infracheck.scan([folder], infracheck.Settings(select=(f"pss-{level}",)))
    assert not report.errors
    assert not report.undecided
    return [f"{one.rule_id}: {one.message}" for one in report.findings]


def levels(control: Control) -> tuple[str, ...]:
    """The restricted standard holds all of the baseline one."""
    return ("baseline", "restricted") if control.level == "baseline" else ("restricted",)


@pytest.mark.parametrize("control", CONTROLS, ids=lambda control: f"{control.level}: {control.name}")
def test_a_control_is_covered_in_every_field_it_restricts(control: Control, tmp_path: Path) -> None:
    missed = [
        f"{level}: {path} = {value!r}"
        for level in levels(control)
        for field in control.fields
        for path in variants(field)
        for value in control.forbidden
        if not findings(with_value(path, value), level, tmp_path)
    ]
    assert not missed, "\n".join(missed)


@pytest.mark.parametrize("control", CONTROLS, ids=lambda control: f"{control.level}: {control.name}")
def test_a_control_lets_pass_what_it_allows(control: Control, tmp_path: Path) -> None:
    false = [
        f"{level}: {path} = {value!r}: {found}"
        for level in levels(control)
        for field in control.fields
        for path in variants(field)
        for value in control.allowed
        if (found := findings(with_value(path, value), level, tmp_path))
    ]
    assert not false, "\n".join(false)


@pytest.mark.parametrize("capability", DEFAULT_CAPABILITIES)
def test_baseline_lets_a_container_add_what_runtimes_give_anyway(capability: str, tmp_path: Path) -> None:
    path = "spec.containers[0].securityContext.capabilities.add"
    assert not findings(with_value(path, [capability]), "baseline", tmp_path)


@pytest.mark.parametrize("level", ["baseline", "restricted"])
def test_a_pod_that_says_nothing_meets_the_baseline_alone(level: str, tmp_path: Path) -> None:
    pod = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "web"},
        "spec": {"containers": [{"name": "web", "image": "registry.example/web:1.4.0"}]},
    }
    assert bool(findings(pod, level, tmp_path)) is (level == "restricted")


@pytest.mark.parametrize("path", [f"{OWN}procMount", f"{OWN}runAsUser", f"{CONTEXT}runAsNonRoot"])
def test_a_user_namespace_lifts_what_root_means(path: str, tmp_path: Path) -> None:
    value = {"procMount": "Unmasked", "runAsUser": 0, "runAsNonRoot": False}[path.rpartition(".")[2]]
    for one in variants(path):
        pod = with_value(one, value)
        pod["spec"]["hostUsers"] = False
        assert not findings(pod, "restricted", tmp_path), one


def test_linux_controls_do_not_bind_windows_pods(tmp_path: Path) -> None:
    pod = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "web"},
        "spec": {
            "os": {"name": "windows"},
            "securityContext": {"runAsNonRoot": True},
            "containers": [{"name": "web", "image": "registry.example/web:1.4.0"}],
        },
    }
    assert not findings(pod, "restricted", tmp_path)


@pytest.mark.parametrize("value", [{"runAsUser": 10001}, {"runAsNonRoot": False}, {"runAsUser": 0}], ids=str)
def test_the_restricted_standard_takes_the_pod_at_its_word(value: dict[str, Any], tmp_path: Path) -> None:
    """A user above 0 is no promise, and what the pod asks for counts although every container says otherwise."""
    pod = conforming_pod()
    pod["spec"]["securityContext"] = {"seccompProfile": {"type": "RuntimeDefault"}, **value}
    if "runAsUser" not in value or not value["runAsUser"]:
        for role in ROLES:
            pod["spec"][role][0]["securityContext"] |= {"runAsNonRoot": True, "runAsUser": 10001}
    assert findings(pod, "restricted", tmp_path)
    assert not findings(pod, "baseline", tmp_path)


@pytest.mark.parametrize("role", ROLES)
def test_what_is_unknown_is_not_passed(role: str, tmp_path: Path) -> None:
    """A value that only a variable of the environment tells can't be judged, and is said to be so."""
    pod = conforming_pod()
    pod["spec"][role][0]["securityContext"]["privileged"] = "${PRIVILEGED}"
    (tmp_path / "pod.yaml").write_text(json.dumps(pod), encoding="utf-8")
    report = infracheck.scan([tmp_path], infracheck.Settings(select=("kubernetes/privileged-container",)))
    assert not report.findings
    assert [one.rule_id for one in report.undecided] == ["kubernetes/privileged-container"]
