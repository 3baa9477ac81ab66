from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

import infracheck as package
from infracheck.cli import scan
from infracheck.findings.report import Coverage, Report, RuleError
from infracheck.source.errors import SettingsError

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Infracheck, Process

RULE = "kubernetes/privileged-container"


def test_findings_exit_1_and_say_where(infracheck: Infracheck, bad: Path) -> None:
    done = infracheck("scan", bad, "--select", RULE)
    assert done.code == 1
    assert f"critical[{RULE}]" in done.out
    assert "deploy/pod.yaml:10:21" in done.out
    assert done.err == ""


def test_no_findings_exit_0_and_say_what_was_looked_at(infracheck: Infracheck, good: Path) -> None:
    done = infracheck("scan", good)
    assert done.code == 0
    assert "No findings. Looked at 1 file, 1 resource in 1 stack" in done.out


@pytest.mark.parametrize(
    "format_name", ["text", "json", "sarif", "github", "gitlab", "junit", "markdown", "html", "csv"]
)
def test_the_exit_code_is_the_same_for_every_format(
    infracheck: Infracheck, bad: Path, good: Path, format_name: str
) -> None:
    assert infracheck("scan", bad, "-o", format_name).code == 1
    assert infracheck("scan", good, "-o", format_name).code == 0


def test_fail_on_decides_what_fails(infracheck: Infracheck, bad: Path) -> None:
    selected = ("scan", bad, "--select", "kubernetes/missing-resource-limits")
    assert infracheck(*selected, "--fail-on", "low").code == 1
    assert infracheck(*selected, "--fail-on", "critical").code == 0
    assert infracheck(*selected, "--fail-on", "never").code == 0
    assert infracheck(*selected, "--exit-zero").code == 0


def test_what_is_broken_fails_whatever_the_threshold(infracheck: Infracheck, good: Path) -> None:
    (good / "deploy" / "broken.yaml").write_text("apiVersion: v1\nkind: Pod\n  x: [\n", encoding="utf-8")
    done = infracheck("scan", good, "--fail-on", "never")
    assert done.code == 1
    assert "deploy/broken.yaml:3" in done.out
    assert infracheck("scan", good, "--exit-zero").code == 0


def test_what_is_outside_fails_only_when_strict(infracheck: Infracheck, good: Path) -> None:
    kustomization = "resources:\n  - https://example.com/base?ref=v1\n  - map.yaml\n"
    (good / "deploy" / "kustomization.yaml").write_text(kustomization, encoding="utf-8")
    done = infracheck("scan", good)
    assert (done.code, "1 outside of what is read" in done.out) == (0, True)
    assert infracheck("scan", good, "--strict").code == 1


def test_nothing_to_scan_is_an_error(infracheck: Infracheck, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    done = infracheck("scan", tmp_path / "empty")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("infracheck: nothing to scan below ")


def test_a_rule_that_crashes_is_an_internal_error(
    infracheck: Infracheck, good: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    crashed = Report(errors=(RuleError(RULE, "Pod/x", "KeyError: 'a'"),), coverage=Coverage(stacks=1))
    monkeypatch.setattr("infracheck.api.scan", lambda *_, **__: crashed)
    done = infracheck("scan", good, "--exit-zero")
    assert done.code == 2
    assert "KeyError: 'a'" in done.out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--selct", "x"], "No such option '--selct'"),
        (["absent"], "absent: no such file or directory"),
        (["--output", "pdf"], "'pdf' is no format"),
        (["--select", "kubernetes/privilegd-container"], f"did you mean {RULE}?"),
        (["--env", "prodction"], "no environment is called 'prodction'"),
        (["--fail-on", "hihg"], "'hihg' is not one of"),
        (["--policy", "absent"], "absent: no such folder"),
        (["--output", "json=absent/report.json"], "can't be written"),
        (["--config", "absent.toml"], "does not exist"),
    ],
)
def test_wrong_usage_exits_2_with_a_kind_line(
    infracheck: Infracheck, bad: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], message: str
) -> None:
    monkeypatch.chdir(bad)
    done = infracheck("scan", *arguments)
    assert done.code == 2
    assert message in done.err
    assert "Traceback" not in done.err


def test_a_mistake_in_the_configuration_exits_2_at_its_line(infracheck: Infracheck, bad: Path) -> None:
    (bad / "infracheck.toml").write_text("selct = ['x']\n", encoding="utf-8")
    done = infracheck("scan", bad)
    assert (done.code, done.out) == (2, "")
    assert done.err == 'infracheck: infracheck.toml:1:1: unknown key "selct"; did you mean "select"?\n'
    assert infracheck("scan", bad, "--isolated").code == 1


def test_several_reports_of_one_run(infracheck: Infracheck, bad: Path, tmp_path: Path) -> None:
    done = infracheck("scan", bad, "-o", "text", "-o", f"json={tmp_path}/r.json", "-o", f"sarif={tmp_path}/r.sarif")
    assert done.code == 1
    assert "privileged" in done.out
    assert json.loads((tmp_path / "r.json").read_text())["schema_version"] == 1
    assert json.loads((tmp_path / "r.sarif").read_text())["version"] == "2.1.0"


def test_a_report_replaces_a_link_instead_of_following_it(infracheck: Infracheck, bad: Path, tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("precious")
    (tmp_path / "r.json").symlink_to(victim)
    infracheck("scan", bad, "-o", f"json={tmp_path}/r.json")
    assert victim.read_text() == "precious"
    assert json.loads((tmp_path / "r.json").read_text())


@pytest.mark.parametrize("target", ["pipe", "absent"])
def test_no_link_is_followed_wherever_it_leads(infracheck: Infracheck, bad: Path, tmp_path: Path, target: str) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "r.json").symlink_to(tmp_path / target)
    infracheck("scan", bad, "-o", f"json={tmp_path}/r.json")
    assert not (tmp_path / "r.json").is_symlink()
    assert json.loads((tmp_path / "r.json").read_text())


@pytest.mark.parametrize("outputs", [("text", "json=/dev/fd/1"), ("json=/dev/fd/1", "text"), ("json=/dev/fd/2",)])
def test_the_standard_streams_are_written_to_and_never_replaced(bad: Path, tmp_path: Path, outputs: list[str]) -> None:
    arguments = [argument for output in outputs for argument in ("-o", output)]
    with (tmp_path / "out").open("wb") as out:
        done = subprocess.run(
            [sys.executable, "-m", "infracheck", "scan", bad, *arguments], stdout=out, stderr=out, check=False
        )
    assert done.returncode == 1
    written = (tmp_path / "out").read_text()
    assert written.count('"schema_version"') == 1
    assert ("privileged-container]:" in written) == (len(outputs) == 2)


def test_a_name_in_dev_is_never_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan, "SYSTEM_FOLDERS", (str(tmp_path / "dev"),))
    (tmp_path / "dev").mkdir()
    (tmp_path / "file").write_text("before ")
    (tmp_path / "dev" / "stdout").symlink_to(tmp_path / "file")
    scan.write_file(tmp_path / "dev" / "stdout", "after")
    assert (tmp_path / "dev" / "stdout").is_symlink()
    assert (tmp_path / "file").read_text() == "before after"
    with pytest.raises(SettingsError):
        scan.write_file(tmp_path / "dev" / "absent", "x")


def test_a_report_that_cannot_be_finished_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("pathlib.Path.replace", interrupt)
    with pytest.raises(KeyboardInterrupt):
        scan.write_file(tmp_path / "r.json", "x")
    assert not list(tmp_path.iterdir())


def test_a_link_at_the_place_of_the_draft_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / f".r.json.{os.getpid()}").symlink_to(tmp_path / "victim")
    with pytest.raises(SettingsError, match="File exists"):
        scan.write_file(tmp_path / "r.json", "x")
    assert not (tmp_path / "victim").exists()


def test_colours_follow_the_option_and_the_environment(
    infracheck: Infracheck, bad: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "\x1b[" not in infracheck("scan", bad).out
    assert "\x1b[" in infracheck("scan", bad, "--color", "always").out
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[" in infracheck("scan", bad).out
    assert "\x1b[" not in infracheck("scan", bad, "--color", "never").out
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[" not in infracheck("scan", bad).out


@pytest.mark.parametrize(
    "environment",
    [
        {"LC_ALL": "C", "PYTHONIOENCODING": "ascii"},
        {"HOME": "/nonexistent"},
        {"HOME": ""},
        {"COLUMNS": "1"},
        {"COLUMNS": "0"},
        {"TERM": "dumb"},
        {"PYTHONUTF8": "0", "LANG": "tr_TR.UTF-8"},
    ],
)
def test_odd_environments_change_nothing_that_matters(process: Process, bad: Path, environment: dict[str, str]) -> None:
    done = process("scan", bad, "--select", RULE, **environment)
    assert done.returncode == 1
    assert RULE in done.stdout
    assert done.stderr == ""


def test_what_ascii_cannot_show_is_drawn_in_ascii(process: Process, bad: Path) -> None:
    done = process("scan", bad, PYTHONIOENCODING="ascii")
    assert done.stdout.isascii()
    assert "-->" in done.stdout


def test_a_reader_who_has_had_enough_is_no_error(bad: Path) -> None:
    command = f"{sys.executable} -m infracheck scan {bad} -v | true; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "")


def test_a_closed_stdout_is_no_error(bad: Path) -> None:
    command = f"{sys.executable} -m infracheck scan {bad} >&-"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "")


def test_two_processes_with_different_hash_seeds_print_the_same(process: Process, bad: Path) -> None:
    outputs = {process("scan", bad, "-o", "json", PYTHONHASHSEED=seed).stdout for seed in ("0", "1", "2")}
    assert len(outputs) == 1


def test_the_working_directory_does_not_matter(infracheck: Infracheck, bad: Path) -> None:
    absolute = infracheck("scan", bad, "-o", "json").out
    os.chdir(bad)
    assert infracheck("scan", "-o", "json").out == absolute
    assert infracheck("scan", "deploy", "-o", "json").out == absolute


def test_a_scanned_tree_supplies_no_modules(bad: Path) -> None:
    (bad / "click.py").write_text("raise SystemExit(99)", encoding="utf-8")
    (bad / "json.py").write_text("raise SystemExit(99)", encoding="utf-8")
    done = subprocess.run([sys.executable, "-m", "infracheck", "scan"], cwd=bad, capture_output=True, check=False)
    assert done.returncode == 1


def test_an_unexpected_error_is_one_kind_line(
    infracheck: Infracheck, good: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def explode(*_: object, **__: object) -> Report:
        raise RuntimeError("odd \x1b[2J thing")

    monkeypatch.setattr("infracheck.api.scan", explode)
    done = infracheck("scan", good)
    assert done.code == 2
    assert done.err.startswith("infracheck: internal error: RuntimeError: odd \\x1b[2J thing\nThis is a fault of")
    assert "Traceback" not in done.err
    assert "Traceback" in infracheck("--traceback", "scan", good).err


def test_an_interruption_is_no_success(infracheck: Infracheck, good: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object, **__: object) -> Report:
        raise KeyboardInterrupt

    monkeypatch.setattr("infracheck.api.scan", interrupt)
    done = infracheck("scan", good)
    assert (done.code, done.err.strip()) == (130, "infracheck: interrupted")


def test_the_library_finds_what_the_command_line_finds(infracheck: Infracheck, bad: Path) -> None:
    printed = json.loads(infracheck("scan", bad, "-o", "json").out)
    assert [one["fingerprint"] for one in printed["findings"]] == [
        one.fingerprint for one in package.scan([bad]).findings
    ]


def test_a_pattern_that_could_take_for_ever_is_refused(infracheck: Infracheck, bad: Path) -> None:
    (bad / ("a" * 200)).mkdir()
    (bad / "deploy" / "pod.yaml").rename(bad / ("a" * 200) / "pod.yaml")
    (bad / "infracheck.toml").write_text(f'[per-path-ignores]\n"{"*a" * 12}b" = ["{RULE}"]\n', encoding="utf-8")
    done = infracheck("scan", bad)
    assert done.code == 2
    assert "infracheck.toml:2" in done.err
    assert "too many wildcards" in done.err
    (bad / "infracheck.toml").write_text(f'[per-path-ignores]\n"a*/" = ["{RULE}"]\n', encoding="utf-8")
    assert RULE not in infracheck("scan", bad).out
