"""Rules on pods and containers judge whatever a manifest holds: no shape makes them crash, no unknown is passed."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any, Final

import pytest

import infracheck
from infracheck.rule import Target

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

RULES: Final = tuple(
    rule.id
    for rule in infracheck.rules()
    if rule.domain == "kubernetes" and rule.target in (Target.POD_SPEC, Target.CONTAINER, Target.WORKLOAD)
)

CONTAINER: Final[dict[str, Any]] = {
    "name": "web",
    "image": "registry.example/web:1.4.0",
    "imagePullPolicy": "IfNotPresent",
    "command": ["serve"],
    "args": ["--port", "8080"],
    "ports": [{"name": "http", "containerPort": 8080, "hostPort": 80, "protocol": "TCP"}],
    "env": [{"name": "A", "value": "b"}, {"name": "C", "valueFrom": {"secretKeyRef": {"name": "web", "key": "c"}}}],
    "envFrom": [{"secretRef": {"name": "web"}}],
    "resources": {"requests": {"cpu": "1", "ephemeral-storage": "1Gi"}, "limits": {"cpu": "2", "memory": "1Gi"}},
    "volumeMounts": [{"name": "host", "mountPath": "/host", "readOnly": True}],
    "livenessProbe": {"httpGet": {"host": "example.com", "port": 8080}},
    "lifecycle": {"preStop": {"tcpSocket": {"host": "example.com", "port": 1}}},
    "securityContext": {
        "privileged": False,
        "allowPrivilegeEscalation": False,
        "procMount": "Default",
        "runAsUser": 10001,
        "runAsGroup": 10001,
        "capabilities": {"add": ["CHOWN"], "drop": ["ALL"]},
        "seccompProfile": {"type": "RuntimeDefault"},
        "appArmorProfile": {"type": "RuntimeDefault"},
        "seLinuxOptions": {"type": "container_t"},
        "windowsOptions": {"hostProcess": False},
    },
}
POD: Final[dict[str, Any]] = {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": {
        "name": "web",
        "annotations": {
            "container.apparmor.security.beta.kubernetes.io/web": "runtime/default",
            "seccomp.security.alpha.kubernetes.io/pod": "runtime/default",
        },
    },
    "spec": {
        "hostNetwork": False,
        "hostUsers": True,
        "serviceAccountName": "web",
        "automountServiceAccountToken": False,
        "restartPolicy": "Always",
        "nodeSelector": {"kubernetes.io/os": "linux"},
        "securityContext": {
            "runAsNonRoot": True,
            "fsGroup": 10001,
            "supplementalGroups": [10001],
            "sysctls": [{"name": "kernel.msgmax", "value": "1"}],
        },
        "initContainers": [{"name": "setup", "image": "registry.example/setup:1.0.0", "restartPolicy": "Always"}],
        "containers": [CONTAINER],
        "ephemeralContainers": [{"name": "debugger", "image": "registry.example/debugger:1.0.0"}],
        "volumes": [{"name": "host", "hostPath": {"path": "/etc"}}, {"name": "old", "glusterfs": {"path": "a"}}],
    },
}
ODD: Final[dict[str, Any]] = {
    "null": None, "number": 7, "negative": -1, "fraction": 1.5, "empty text": "", "text": "x", "true": True,
    "empty list": [], "list": [None, 7, "x", {}, []], "empty mapping": {}, "mapping": {"x": [None]},
    "unknown": "${NOT_SET}", "huge": 10**30, "control": "a\u0000b\u001b[31m",
}  # fmt: skip


def places(node: Any, path: tuple[int | str, ...] = ()) -> Iterator[tuple[int | str, ...]]:
    """Every place of the pod below kind and version."""
    steps = list(node) if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ()
    for step in steps:
        here = (*path, step)
        if here not in {("kind",), ("apiVersion",)}:
            yield here
            yield from places(node[step], here)


def changed(path: tuple[int | str, ...], value: Any) -> dict[str, Any]:
    pod = copy.deepcopy(POD)
    here: Any = pod
    for step in path[:-1]:
        here = here[step]
    here[path[-1]] = value
    return pod


@pytest.mark.parametrize("odd", ODD)
def test_no_shape_makes_a_rule_crash(odd: str, tmp_path: Path) -> None:
    for number, path in enumerate(places(POD)):
        pod = changed(path, ODD[odd])
        if path[0] == "spec":
            pod["metadata"]["name"] = f"web-{number}"
        (tmp_path / f"pod-{number}.yaml").write_text(json.dumps(pod, indent=1), encoding="utf-8")
    report = infracheck.scan([tmp_path], infracheck.Settings(select=RULES))
    assert [f"{error.rule_id}: {error.message}" for error in report.errors] == []
    if odd == "unknown":
        assert report.undecided
