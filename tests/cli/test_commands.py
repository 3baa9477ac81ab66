from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from infracheck.cli import COMMANDS
from infracheck.config.loading import load_settings
from infracheck.version import __version__

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Infracheck

HEAVY = {
    "asyncio", "concurrent", "http", "infracheck.api", "infracheck.config.settings", "infracheck.engine", "jsonschema",
    "multiprocessing", "pathspec", "pydantic", "ruamel", "socket", "ssl", "tomllib", "urllib.request",
}  # fmt: skip


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["scan", "--help"]])
def test_asking_for_little_loads_little(arguments: list[str]) -> None:
    code = "import sys; from infracheck.cli import run; run(sys.argv[1:]); print(*sorted(sys.modules), file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True)
    assert "infracheck" in done.stdout
    assert not HEAVY & set(done.stderr.split())


def test_the_version_is_that_of_the_package(infracheck: Infracheck) -> None:
    assert infracheck("--version").out == f"infracheck {__version__}\n"


def test_every_command_says_what_it_does_and_explains_each_option(infracheck: Infracheck) -> None:
    for name in COMMANDS:
        text = infracheck(name, "--help").out
        assert text.startswith(f"Usage: infracheck {name}")
        for line in text.partition("Options:")[2].splitlines():
            if line.startswith("  -"):
                assert len(line.split("  ")) > 2 or line.rstrip().endswith(("...", "]", "NAME", "FILE")), line


def test_a_mistyped_command_is_recognised(infracheck: Infracheck) -> None:
    done = infracheck("scn")
    assert done.code == 2
    assert "Did you mean scan?" in done.err


def test_what_init_writes_is_valid_and_stays_valid_with_its_examples(infracheck: Infracheck, tmp_path: Path) -> None:
    folder = tmp_path / "Violet Shop"
    folder.mkdir()
    assert infracheck("init", folder).code == 0
    written = folder / "infracheck.toml"
    assert load_settings([folder]).product == "violet-shop"
    examples = re.sub(r"^# (?=\[|\w[\w-]* = )", "", written.read_text(encoding="utf-8"), flags=re.MULTILINE)
    written.write_text(examples, encoding="utf-8")
    assert load_settings([folder]).environments["production"].profile == "production"


def test_init_overwrites_nothing(infracheck: Infracheck, tmp_path: Path) -> None:
    (tmp_path / "infracheck.toml").write_text("product = 'mine'")
    assert infracheck("init").code == 2
    assert (tmp_path / "infracheck.toml").read_text() == "product = 'mine'"


def test_eval_prints_what_terraform_console_would(infracheck: Infracheck, tmp_path: Path) -> None:
    assert infracheck("eval", 'upper("a")').out == '"A"\n'
    (tmp_path / "main.tf").write_text('variable "name" {}\nlocals {\n  greeting = "hello ${var.name}"\n}\n')
    assert infracheck("eval", "local.greeting", "-C", ".", "--var", "name=you").out == '"hello you"\n'
    unknown = infracheck("eval", "local.greeting", "-C", ".").out
    assert unknown.startswith("(not known)")
    assert "main.tf:" in unknown


def test_eval_refuses_what_terraform_refuses(infracheck: Infracheck) -> None:
    for expression in ("1 +", "nosuchfunction()"):
        done = infracheck("eval", expression)
        assert (done.code, done.out) == (2, "")
        assert done.err.startswith("infracheck: ")
    assert "write NAME=VALUE" in infracheck("eval", "1", "--var", "x").err


def test_eval_shows_a_strangers_text_harmlessly(infracheck: Infracheck) -> None:
    assert "\x9b" not in infracheck("eval", '"\\u009b\\u202e"').out


def test_render_prints_the_objects_and_says_what_is_missing(infracheck: Infracheck, tmp_path: Path) -> None:
    (tmp_path / "kustomization.yaml").write_text("namespace: web\nresources: [map.yaml]\n")
    (tmp_path / "map.yaml").write_text("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n")
    done = infracheck("render")
    assert done.code == 0
    assert done.out == "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n  namespace: web\n"
    assert "kustomization.yaml:1" in infracheck("render", "--origins").out


def test_render_refuses_what_kubectl_refuses(infracheck: Infracheck, tmp_path: Path) -> None:
    (tmp_path / "kustomization.yaml").write_text("resources: [absent.yaml]\n")
    done = infracheck("render")
    assert (done.code, done.out) == (1, "")
    assert "absent.yaml" in done.err


def test_rules_are_listed_and_shown(infracheck: Infracheck) -> None:
    listed = infracheck("rules", "list").out
    assert re.search(r"^kubernetes/privileged-container +critical +\S", listed, re.MULTILINE)
    data = json.loads(infracheck("rules", "list", "--format", "json").out)
    assert {"id", "title", "severity", "aliases", "remedy"} <= set(data[0])
    page = infracheck("rules", "show", "kubernetes/privileged-container").out
    assert page.startswith("# kubernetes/privileged-container\n")
    assert "## Fix" in page


def test_an_unknown_rule_is_an_error_with_a_hint(infracheck: Infracheck) -> None:
    done = infracheck("rules", "show", "kubernetes/privileged-contaner")
    assert done.code == 2
    assert "did you mean kubernetes/privileged-container?" in done.err


def test_rules_of_a_folder_are_run_against_their_examples(infracheck: Infracheck, tmp_path: Path) -> None:
    folder = tmp_path / "mine" / "terraform"
    folder.mkdir(parents=True)
    (folder / "ownerless.py").write_text(
        '"""Anything at all.\n\nBecause.\n\n## Bad: any\n\n```hcl main.tf\n'
        'resource "aws_sqs_queue" "q" {} # finding\n```\n\n## Good: marked, but wrong\n\n```hcl main.tf\n'
        'resource "aws_sqs_queue" "q" {}\n```\n"""\n\n'
        "from infracheck.findings.severity import Category, Severity\n"
        "from infracheck.rule import Target, rule\n\n\n"
        "@rule(Target.RESOURCE, severity=Severity.LOW, category=Category.COST, remedy='Remove it.')\n"
        "def ownerless(resource):\n    yield resource.violation('', 'it exists')\n"
    )
    done = infracheck("rules", "test", tmp_path / "mine")
    assert done.code == 1
    assert "terraform/ownerless: Good: marked, but wrong\n    main.tf:1: unexpected: it exists\n" in done.out
    assert done.out.endswith("1 passed, 1 failed\n")
