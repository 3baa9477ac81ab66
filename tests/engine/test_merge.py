"""One cause is one finding: a line of a kustomization that reaches several objects."""

from __future__ import annotations

from typing import TYPE_CHECKING

import infracheck

if TYPE_CHECKING:
    from pathlib import Path

    from infracheck.findings.finding import Finding

WORKLOAD = """\
apiVersion: apps/v1
kind: {kind}
metadata: {{name: {name}}}
spec:
  template:
    spec:
      initContainers:
        - {{name: copy, image: web:1.0}}
      containers:
        - {{name: app, image: web:1.0}}
"""


def findings(folder: Path, rule: str, overlay: str, workloads: tuple[tuple[str, str], ...]) -> tuple[Finding, ...]:
    """What a rule finds in an overlay over a base of workloads, each a kind and a name."""
    for kind, name in workloads:
        (folder / f"{name}.yaml").write_text(WORKLOAD.format(kind=kind, name=name))
    names = [f"{name}.yaml" for _, name in workloads]
    (folder / "kustomization.yaml").write_text(f"resources: [{', '.join(names)}]\n{overlay}")
    return infracheck.scan([folder], infracheck.Settings(select=(rule,))).findings


def test_an_image_of_many_containers(tmp_path: Path) -> None:
    overlay = "images:\n  - name: web\n    newTag: latest\n"
    rule = "kubernetes/unpinned-image"
    (found,) = findings(tmp_path, rule, overlay, (("Deployment", "a"), ("StatefulSet", "b")))
    assert (found.location.path, found.location.line) == ("kustomization.yaml", 4)
    assert (found.address, found.also) == ("Deployment/default/a", ("StatefulSet/default/b",))
    (folder := tmp_path / "one").mkdir()
    (alone,) = findings(folder, rule, overlay, (("StatefulSet", "b"),))
    assert alone.fingerprint == found.fingerprint


def test_a_patch_of_many_objects(tmp_path: Path) -> None:
    overlay = (
        "patches:\n  - target: {kind: Deployment}\n    patch: |\n"
        "      - {op: add, path: /spec/template/spec/securityContext, value: {runAsUser: 0}}\n"
    )
    (found,) = findings(tmp_path, "kubernetes/runs-as-root", overlay, (("Deployment", "a"), ("Deployment", "b")))
    assert found.location.line == 5
    assert (found.address, found.also) == ("Deployment/default/a", ("Deployment/default/b",))


def test_objects_that_are_written_are_told_apart(tmp_path: Path) -> None:
    found = findings(tmp_path, "kubernetes/runs-as-root", "", (("Deployment", "a"), ("Deployment", "b")))
    assert len(found) == 4


def test_a_waiver_at_one_object_spares_it_alone(tmp_path: Path) -> None:
    overlay, rule = "images:\n  - name: web\n    newTag: latest\n", "kubernetes/unpinned-image"
    comment = f" # infracheck: ignore[{rule}] a demonstration\n"
    (alone,) = findings(tmp_path, rule, overlay, (("Deployment", "a"), ("StatefulSet", "b")))
    (tmp_path / "a.yaml").write_text((tmp_path / "a.yaml").read_text().replace("1.0}\n", "1.0}" + comment))
    report = infracheck.scan([tmp_path], infracheck.Settings(select=(rule,)))
    assert [(one.address, one.also, one.fingerprint) for one in report.findings] == [
        ("StatefulSet/default/b", (), alone.fingerprint)
    ]
    assert [(one.finding.address, one.finding.also) for one in report.suppressed] == [("Deployment/default/a", ())] * 2
    assert not [note for note in report.notes if "suppression" in note]


def test_a_waiver_at_the_line_spares_all(tmp_path: Path) -> None:
    overlay = (
        "images:\n  - name: web\n    newTag: latest # infracheck: ignore[kubernetes/unpinned-image] a demonstration\n"
    )
    assert not findings(tmp_path, "kubernetes/unpinned-image", overlay, (("Deployment", "a"), ("StatefulSet", "b")))
    report = infracheck.scan([tmp_path], infracheck.Settings(select=("kubernetes/unpinned-image",)))
    assert [one.finding.also for one in report.suppressed] == [("StatefulSet/default/b",)]
