from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from infracheck.source.field import NotJudged

if TYPE_CHECKING:
    from collections.abc import Callable

    from infracheck.kubernetes.container import Container
    from infracheck.kubernetes.objects import Objects
    from infracheck.kubernetes.workload import Workload

TEMPLATED = ["apps/v1 Deployment", "apps/v1 StatefulSet", "apps/v1 DaemonSet", "apps/v1 ReplicaSet", "batch/v1 Job",
             "v1 ReplicationController", "argoproj.io/v1alpha1 Rollout", "serving.knative.dev/v1 Service",
             "apps.openshift.io/v1 DeploymentConfig", "extensions/v1beta1 Deployment"]  # fmt: skip


def container(workload: Callable[[str], Workload], body: str, pod: str = "{}") -> Container:
    text = (
        f"{{apiVersion: v1, kind: Pod, metadata: {{name: p}}, spec: {{containers: [{body}], securityContext: {pod}}}}}"
    )
    return workload(text).containers[0]


@pytest.mark.parametrize("kind", TEMPLATED)
def test_pods_are_found_in_every_kind(workload: Callable[[str], Workload], kind: str) -> None:
    api, name = kind.split()
    one = workload(
        f"""
        apiVersion: {api}
        kind: {name}
        metadata: {{name: web}}
        spec: {{template: {{metadata: {{labels: {{app: web}}}}, spec: {{containers: [{{name: a}}]}}}}}}
        """
    )
    assert [each.name for each in one.containers] == ["a"]
    assert one.pod_labels["app"].text() == "web"


def test_pods_of_cron_jobs_and_bare_pods(build: Callable[[str], Objects]) -> None:
    cron, pod = build(
        """
        apiVersion: batch/v1
        kind: CronJob
        metadata: {name: night}
        spec:
          jobTemplate:
            spec: {parallelism: 3, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: c}]}}}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: p, labels: {a: b}}
        spec: {containers: [{name: c}], restartPolicy: Never}
        """
    ).workloads
    for one in (cron, pod):
        assert [each.name for each in one.containers] == ["c"]
        assert one.pod_labels["a"].text() == "b"
        assert one.runs_to_completion
    assert cron.replicas == 3
    assert pod.is_bare_pod


def test_a_service_is_no_workload_and_odd_kinds_are_nothing(build: Callable[[str], Objects]) -> None:
    objects = build(
        """
        {apiVersion: v1, kind: Service, metadata: {name: a}}
        ---
        {apiVersion: apps/v1, kind: deployment, metadata: {name: a}}
        ---
        {apiVersion: example.com/v1, kind: Deployment, metadata: {name: a}}
        """
    )
    assert objects.workloads == ()
    assert len(objects.services) == 1


def test_replicas(build: Callable[[str], Objects]) -> None:
    unset, zero, unknown, daemon, null = build(
        """
        {apiVersion: apps/v1, kind: Deployment, metadata: {name: a}}
        ---
        {apiVersion: apps/v1, kind: Deployment, metadata: {name: b}, spec: {replicas: 0}}
        ---
        {apiVersion: apps/v1, kind: Deployment, metadata: {name: c}, spec: {replicas: "${N}"}}
        ---
        {apiVersion: apps/v1, kind: DaemonSet, metadata: {name: d}, spec: {replicas: 7}}
        ---
        {apiVersion: apps/v1, kind: StatefulSet, metadata: {name: e}, spec: {replicas: null}}
        """
    ).workloads
    assert [unset.replicas, zero.replicas, daemon.replicas, null.replicas] == [1, 0, 1, 1]
    with pytest.raises(NotJudged):
        _ = unknown.replicas


STRATEGIES = [
    # kind, spec, replicas, type, max unavailable, max surge
    ("Deployment", "{}", 10, "RollingUpdate", 2, 3),  # 25 % down, 25 % up
    ("Deployment", "{}", 1, "RollingUpdate", 0, 1),
    ("Deployment", "{strategy: {rollingUpdate: {maxSurge: 0, maxUnavailable: 0}}}", 3, "RollingUpdate", 1, 0),
    ("Deployment", "{strategy: {rollingUpdate: {maxSurge: 0, maxUnavailable: 10%}}}", 3, "RollingUpdate", 1, 0),
    ("Deployment", "{strategy: {rollingUpdate: {maxSurge: 50%, maxUnavailable: 50%}}}", 5, "RollingUpdate", 2, 3),
    ("Deployment", "{strategy: {type: Recreate}}", 4, "Recreate", 4, 0),
    ("StatefulSet", "{}", 3, "RollingUpdate", 1, 0),
    ("StatefulSet", "{updateStrategy: {rollingUpdate: {maxUnavailable: 50%}}}", 3, "RollingUpdate", 1, 0),
    ("StatefulSet", "{updateStrategy: {type: OnDelete}}", 3, "OnDelete", 0, 0),
    ("DaemonSet", "{}", 10, "RollingUpdate", 1, 0),
    ("DaemonSet", "{updateStrategy: {rollingUpdate: {maxUnavailable: 15%}}}", 10, "RollingUpdate", 2, 0),
]


@pytest.mark.parametrize("case", STRATEGIES)
def test_strategies_round_as_their_controllers(
    workload: Callable[[str], Workload], case: tuple[str, str, int, str, int, int]
) -> None:
    kind, spec, replicas, name, unavailable, surge = case
    strategy = workload(f"{{apiVersion: apps/v1, kind: {kind}, metadata: {{name: a}}, spec: {spec}}}").strategy
    assert strategy.type == name
    assert strategy.max_unavailable(replicas) == unavailable
    assert strategy.max_surge(replicas) == surge


def test_strategies_of_other_kinds(build: Callable[[str], Objects]) -> None:
    canary, blue, config, job = build(
        """
        {apiVersion: argoproj.io/v1alpha1, kind: Rollout, metadata: {name: a},
          spec: {strategy: {canary: {maxSurge: 1}}}}
        ---
        {apiVersion: argoproj.io/v1alpha1, kind: Rollout, metadata: {name: b}, spec: {strategy: {blueGreen: {}}}}
        ---
        {apiVersion: apps.openshift.io/v1, kind: DeploymentConfig, metadata: {name: c},
          spec: {strategy: {type: Rolling}}}
        ---
        {apiVersion: batch/v1, kind: Job, metadata: {name: d}}
        """
    ).workloads
    assert [one.strategy.type for one in (canary, blue, config, job)] == ["canary", "blueGreen", "RollingUpdate", ""]
    assert canary.strategy.max_surge(10) == 1


def test_roles_of_containers(workload: Callable[[str], Workload]) -> None:
    pod = workload(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: p}
        spec:
          initContainers: [{name: migrate}, {name: proxy, restartPolicy: Always}]
          containers: [{name: app}]
          ephemeralContainers: [{name: debug}]
        """
    ).pod
    assert [each.name for each in pod.containers] == ["migrate", "proxy", "app", "debug"]
    assert [each.name for each in pod.init_containers] == ["migrate", "proxy"]
    assert [each.name for each in pod.main_containers] == ["app"]
    assert [each.name for each in pod.containers if each.is_sidecar] == ["proxy"]
    assert [each.name for each in pod.containers if each.runs_throughout] == ["proxy", "app"]
    assert [each.name for each in pod.containers if each.is_ephemeral] == ["debug"]
    found = pod.container("app")
    assert found is not None
    assert found.role == "containers"
    assert pod.container("x") is None


def test_resources_have_units_and_defaults(workload: Callable[[str], Workload]) -> None:
    one = container(
        workload,
        """{resources: {requests: {cpu: 250m, nvidia.com/gpu: 1},
        limits: {cpu: 1.5, memory: 1Gi, ephemeral-storage: bad}}}""",
    )
    assert one.requests("cpu") == 250
    assert one.limits("cpu") == 1500
    assert one.limits("memory") == 2**30
    # A limit without a request is the request too.
    assert one.requests("memory") == 2**30
    assert not one.resource("requests", "memory").exists
    assert one.requests("nvidia.com/gpu") == 1
    assert one.limits("ephemeral-storage") is None
    assert one.limits("nvidia.com/gpu") is None
    assert container(workload, "{resources: {limits: {cpu: 0.5m}}}").limits("cpu") == Decimal("0.5")
    with pytest.raises(NotJudged):
        container(workload, "{resources: '${R}'}").requests("cpu")


def test_security_settings_fall_back_to_the_pod(workload: Callable[[str], Workload]) -> None:
    pod = "{runAsNonRoot: true, privileged: true, seccompProfile: {type: RuntimeDefault}, runAsUser: 1000}"
    plain = container(workload, "{name: a}", pod)
    assert plain.effective_security("runAsNonRoot").boolean() is True
    assert plain.effective_security("runAsNonRoot").path == "spec.securityContext.runAsNonRoot"
    assert plain.effective_security("seccompProfile.type").text() == "RuntimeDefault"
    # The pod has no such setting, whatever is written there.
    assert not plain.effective_security("privileged").exists
    assert plain.effective_security("privileged").path == "spec.containers[0].securityContext.privileged"
    own = container(workload, "{securityContext: {runAsNonRoot: false, seccompProfile: {}}}", pod)
    assert own.effective_security("runAsNonRoot").boolean() is False
    assert own.effective_security("runAsUser").number() == 1000
    # An object of the container's own replaces the pod's as a whole.
    assert not own.effective_security("seccompProfile.type").exists
    with pytest.raises(NotJudged):
        container(workload, "{securityContext: '${S}'}", pod).effective_security("runAsNonRoot").boolean()


def test_capabilities(workload: Callable[[str], Workload]) -> None:
    def capabilities(text: str) -> Container:
        return container(workload, f"{{securityContext: {{capabilities: {text}}}}}")

    assert container(workload, "{}").capabilities.has("NET_RAW")
    assert not container(workload, "{}").capabilities.has("SYS_ADMIN")
    assert not capabilities("{drop: [NET_RAW]}").capabilities.has("NET_RAW")
    assert not capabilities("{drop: [all]}").capabilities.has("CHOWN")
    assert capabilities("{drop: [ALL]}").capabilities.drops_all
    assert capabilities("{drop: [ALL], add: [NET_BIND_SERVICE]}").capabilities.has("NET_BIND_SERVICE")
    assert capabilities("{add: [CAP_SYS_ADMIN]}").capabilities.has("SYS_ADMIN")
    assert capabilities("{add: [ALL]}").capabilities.has("SYS_ADMIN")


def test_probes_fill_in_their_times(workload: Callable[[str], Workload]) -> None:
    one = container(
        workload,
        """{livenessProbe: {httpGet: {port: http, path: /}, periodSeconds: 5, failureThreshold: 0},
        readinessProbe: {exec: {}}}""",
    )
    probe = one.probe("liveness")
    assert probe is not None
    assert (probe.handler, probe.port.text()) == ("httpGet", "http")
    assert (probe.initial_delay, probe.period, probe.timeout, probe.success_threshold) == (0, 5, 1, 1)
    assert (probe.failure_threshold, probe.seconds_to_act, probe.budget) == (3, 15, 15)
    assert one.probe("startup") is None
    assert [each.kind for each in one.probes] == ["liveness", "readiness"]


def test_images_policies_and_environment(workload: Callable[[str], Workload]) -> None:
    one = container(
        workload,
        """{image: "nginx", env: [{name: A, value: x}, {name: B, valueFrom: {fieldRef: {}}}],
        command: [sh], args: [-c],
        ports: [{name: http, containerPort: 8080, hostPort: 80}],
        volumeMounts: [{name: d, mountPath: /d, readOnly: true}]}""",
    )
    assert one.image is not None
    assert one.image.effective_tag == "latest"
    assert one.pull_policy == "Always"
    assert container(workload, "{image: 'nginx:1'}").pull_policy == "IfNotPresent"
    assert container(workload, "{}").image is None
    assert [(var.name, var.value.text(), var.source.exists) for var in one.env] == [
        ("A", "x", False),
        ("B", None, True),
    ]
    assert one.command == ["sh", "-c"]
    port = one.port("http")
    assert port is not None
    assert (port.number, port.host_port, port.protocol) == (8080, 80, "TCP")
    assert (one.mounts[0].path, one.mounts[0].read_only) == ("/d", True)
    with pytest.raises(NotJudged):
        _ = container(workload, "{image: '${IMAGE}'}").image
    assert container(workload, "{name: '${NAME}'}").shown_name == "#1"


def test_volumes_and_accounts(workload: Callable[[str], Workload]) -> None:
    pod = workload(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: p}
        spec:
          serviceAccount: old
          containers: [{name: a, volumeMounts: [{name: host, mountPath: /h}]}]
          volumes: [{name: host, hostPath: {path: /var/run}}, {name: scratch}, {emptyDir: {}, name: e}]
        """
    ).pod
    assert [volume.kind for volume in pod.volumes] == ["hostPath", "emptyDir", "emptyDir"]
    assert pod.volumes[0].source["path"].text() == "/var/run"
    assert [user.name for user, _ in pod.mounts_of("host")] == ["a"]
    assert pod.service_account == "old"
    assert pod.grace_period == 30
    assert pod.restart_policy == "Always"


def test_an_unknown_list_of_containers_is_one_unknown_container(workload: Callable[[str], Workload]) -> None:
    unknown = workload("{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {containers: '${C}'}}")
    (one,) = unknown.containers
    with pytest.raises(NotJudged):
        _ = one.image
    assert len(workload("{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: '${S}'}").containers) == 1
