"""Which pattern a service follows, and how far: from files to the table."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from infracheck.cli import run

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SERVICE = """\
apiVersion: apps/v1
kind: {kind}
metadata:
  name: web
  labels: {labels}
spec:
  replicas: {replicas}
  selector:
    matchLabels: {{app: web}}
  template:
    metadata:
      labels: {{app: web}}
    spec:
      {pod}
      containers:
        - name: app
          image: web:1.0
          {container}
"""
FULL = """\
resources: {requests: {cpu: 1, memory: 1Gi}, limits: {memory: 1Gi}}
          livenessProbe: {httpGet: {path: /, port: 80}}
          readinessProbe: {httpGet: {path: /, port: 80}, periodSeconds: 5}
          envFrom: [{configMapRef: {name: web}}]"""
AUTOSCALER = """\
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  minReplicas: 2
  maxReplicas: 4
"""
BUDGET = """\
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: web}
spec:
  maxUnavailable: 1
  selector: {matchLabels: {app: web}}
"""
CLAIM = """\
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
"""
APART = "topologySpreadConstraints: [{maxSkew: 1, topologyKey: zone, labelSelector: {matchLabels: {app: web}}}]"
MOUNT = "volumes: [{name: data, persistentVolumeClaim: {claimName: data}}]"


def service(
    *, kind: str = "Deployment", labels: str = "{}", replicas: int = 2, pod: str = "", container: str = FULL
) -> str:
    return SERVICE.format(kind=kind, labels=labels, replicas=replicas, pod=pod, container=container)


@pytest.fixture
def patterns(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., Any]:
    def survey(files: dict[str, str], *options: str) -> Any:
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        code = run(["patterns", str(tmp_path), "--format", "json", *options])
        return json.loads(capsys.readouterr().out)["services"][0] | {"exit": code}

    return survey


def verdicts(row: dict[str, Any], environment: str = "production") -> dict[str, str]:
    return {one["demand"]: one["verdict"] for one in row["environments"][environment]}


def test_a_standard_service_that_has_it_all(patterns: Callable[..., Any]) -> None:
    row = patterns({"production/web.yaml": service() + AUTOSCALER}, "--check")
    assert (row["pattern"], row["declared"], row["exit"]) == ("standard", False, 0)
    assert set(verdicts(row).values()) == {"met"}


@pytest.mark.parametrize(
    ("demand", "text"),
    [
        ("autoscaler", service()),
        (
            "rolling update",
            service(labels="{}\nspec:\n  strategy: {type: Recreate}").replace("spec:\n  repl", "  repl"),
        ),
        ("requests and limits", service(container=FULL.replace("memory: 1Gi}}", "cpu: 1}}"))),
        ("probes", service(container=FULL.replace("livenessProbe", "lifecycleProbe"))),
        ("configuration", service(container="env: [{name: A, value: b}]")),
        (
            "secrets",
            service(container="envFrom: [{secretRef: {name: s}}]")
            + "---\napiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {a: b}\n",
        ),
    ],
)
def test_what_a_standard_service_may_lack(patterns: Callable[..., Any], demand: str, text: str) -> None:
    row = patterns({"production/web.yaml": text}, "--check")
    assert verdicts(row)[demand] == "unmet"
    assert row["exit"] == 1


def test_a_secret_in_the_manifests_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = service(container="envFrom: [{secretRef: {name: s}}]")
    (tmp_path / "web.yaml").write_text(f"{text}---\napiVersion: v1\nkind: Secret\nmetadata: {{name: s}}\n")
    run(["patterns", str(tmp_path)])
    assert "secrets: Secret/default/s is written in the manifests" in capsys.readouterr().out


@pytest.mark.parametrize(("port", "verdict"), [("metrics", "met"), ("http", "unmet")])
def test_a_container_that_is_only_scraped_needs_no_probes(
    patterns: Callable[..., Any], port: str, verdict: str
) -> None:
    ours = FULL.replace("resources:", "ports: [{containerPort: 80}]\n          resources:")
    other = f"\n        - {{name: other, image: 'o:1.0', ports: [{{name: {port}, containerPort: 9100}}]}}\n"
    row = patterns({"production/web.yaml": service(container=ours + other)})
    assert verdicts(row)["probes"] == verdict


def test_what_is_missing_is_shown_where_the_service_is_written(patterns: Callable[..., Any]) -> None:
    row = patterns(
        {
            "base/kustomization.yaml": "resources: [web.yaml]\n",
            "base/web.yaml": service(),
            "overlays/production/kustomization.yaml": "resources: [../../base]\nnamePrefix: prod-\n",
        }
    )
    place = next(one for one in row["environments"]["production"] if one["demand"] == "autoscaler")
    assert place["location"] == {"path": "base/web.yaml", "line": 4}


def test_a_secret_that_nothing_here_makes_is_unknown(patterns: Callable[..., Any]) -> None:
    row = patterns({"production/web.yaml": service(container="envFrom: [{secretRef: {name: s}}]")})
    assert verdicts(row)["secrets"] == "unknown"


def test_a_claim_makes_it_stateful(patterns: Callable[..., Any]) -> None:
    row = patterns({"production/web.yaml": service(replicas=1, pod=MOUNT) + CLAIM})
    assert row["pattern"] == "stateful"
    assert verdicts(row) == {"strategy": "unmet", "claims": "met", "backup": "unmet", "recovery": "unmet"}


@pytest.mark.parametrize(("claim", "verdict"), [("data", "met"), ("other", "unmet")])
def test_volsync_is_a_backup_of_the_claim_it_names(patterns: Callable[..., Any], claim: str, verdict: str) -> None:
    source = (
        "---\napiVersion: volsync.backube/v1alpha1\nkind: ReplicationSource\n"
        f"metadata: {{name: nightly}}\nspec: {{sourcePVC: {claim}}}\n"
    )
    row = patterns({"production/web.yaml": service(replicas=1, pod=MOUNT) + CLAIM + source})
    assert verdicts(row)["backup"] == verdict


def test_a_schedule_of_velero_is_a_backup_and_an_annotation_leads_to_the_runbook(
    patterns: Callable[..., Any],
) -> None:
    velero = (
        "---\napiVersion: velero.io/v1\nkind: Schedule\nmetadata: {name: all, namespace: velero}\n"
        "spec: {schedule: '@daily', template: {includedNamespaces: [default]}}\n"
    )
    labels = "{}\n  annotations: {example.com/runbook: docs/runbooks/web.md}"
    row = patterns({"production/web.yaml": service(replicas=1, pod=MOUNT, labels=labels) + CLAIM + velero})
    assert verdicts(row)["backup"] == "met"
    assert verdicts(row)["recovery"] == "met"


def test_a_budget_and_a_spread_make_it_highly_available(patterns: Callable[..., Any]) -> None:
    row = patterns({"production/web.yaml": service(pod=APART) + BUDGET})
    assert row["pattern"] == "high-availability"
    assert set(verdicts(row).values()) == {"met"}


def test_a_label_decides_and_development_is_not_asked_for_replicas(patterns: Callable[..., Any]) -> None:
    text = service(replicas=1, labels="{infracheck/pattern: high-availability}")
    row = patterns({"production/web.yaml": text, "dev/web.yaml": text})
    assert (row["pattern"], row["declared"]) == ("high-availability", True)
    assert verdicts(row)["replicas"] == "unmet"
    assert verdicts(row, "dev")["replicas"] == "not-demanded"


def test_the_configuration_goes_before_the_manifests(patterns: Callable[..., Any]) -> None:
    config = '[services.web]\nclass = "production-only"\n'
    row = patterns({"infracheck.toml": config, "production/web.yaml": service(), "dev/web.yaml": service()})
    assert row["why"] == "services.web in the configuration"
    assert verdicts(row, "dev")["production alone"] == "unmet"
    assert verdicts(row) == {"production alone": "met", "spot": "unmet", "tolerations": "unmet"}


def test_only_in_production_and_on_spot_is_production_only(patterns: Callable[..., Any]) -> None:
    text = service(pod="nodeSelector: {karpenter.sh/capacity-type: spot}\n      tolerations: [{key: spot}]")
    other = service().replace("name: web", "name: zeta")
    row = patterns({"production/web.yaml": text, "production/z.yaml": other, "dev/z.yaml": other})
    assert row["pattern"] == "production-only"
    assert set(verdicts(row).values()) == {"met"}


def test_the_table_names_the_line_to_change(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "web.yaml").write_text(service(container="image2: x") + AUTOSCALER, encoding="utf-8")
    assert run(["patterns", str(tmp_path)]) == 0
    out = capsys.readouterr().out
    assert "requests and limits: container app has no cpu request [web.yaml:16]" in out
    assert "1 service, 2 demands not met." in out


def test_a_broken_file_is_named_at_its_line_and_never_a_success(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "web.yaml").write_text(service() + AUTOSCALER, encoding="utf-8")
    (tmp_path / "broken.yaml").write_text("a: [\n", encoding="utf-8")
    assert run(["patterns", str(tmp_path)]) == 1
    captured = capsys.readouterr()
    assert "default/web" in captured.out
    assert "broken.yaml:1:5" in captured.err


def test_where_there_is_nothing_to_look_at_that_is_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["patterns", str(tmp_path)]) == 2
    assert "nothing to look at" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("resources", "base"),
    [("web.yaml", "{folder}/web.yaml"), ("../../common", "common/web.yaml")],
    ids=["bases of their own", "one base, taken twice by an environment"],
)
def test_services_that_share_a_name_without_its_prefix(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], resources: str, base: str
) -> None:
    for name in ("blog", "shop"):
        folder = f"production/{name}"
        files = {
            f"{folder}/kustomization.yaml": f"resources: [{resources}]\nnamePrefix: {name}-\n",
            base.format(folder=folder): service(),
            "common/kustomization.yaml": "resources: [web.yaml]\n" if "common" in base else "resources: []\n",
        }
        for path, text in files.items():
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_text(text, encoding="utf-8")
    run(["patterns", str(tmp_path), "--format", "json"])
    services = json.loads(capsys.readouterr().out)["services"]
    assert [one["service"] for one in services] == ["blog-web", "shop-web"]
    assert all(len(demands) == 6 for one in services for demands in one["environments"].values())


def test_one_service_under_the_prefixes_of_two_environments_is_one(patterns: Callable[..., Any]) -> None:
    overlay = "resources: [../../base]\nnamePrefix: NAME-\n"
    row = patterns(
        {
            "base/kustomization.yaml": "resources: [web.yaml]\n",
            "base/web.yaml": service(),
            "overlays/production/kustomization.yaml": overlay.replace("NAME", "prod"),
            "overlays/staging/kustomization.yaml": overlay.replace("NAME", "stage"),
        }
    )
    assert (row["service"], sorted(row["environments"])) == ("web", ["production", "staging"])
