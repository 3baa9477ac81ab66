"""The pages of rules under `docs/rules` are made from the rules, and are those of today."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest
from pydantic import BaseModel, Field

import infracheck
from infracheck.cli import run
from infracheck.cli.rule_pages import MADE, outdated, rule_page, rule_pages, write
from infracheck.findings.severity import Category, Profile, Severity
from infracheck.rule import Rule, Target

DOCS = Path(__file__).parent.parent / "docs" / "rules"

PAGE = """\
A | B is wrong.

Why it is, and what follows.

## Fix

Mend it.

## Bad: two files

```yaml overlays/dev/kustomization.yaml
resources: [../../base]  # finding
```

````markdown
```yaml inner.yaml
```
````
"""


class Own(BaseModel):
    lowest: int = Field(default=3, description="The least that will do.")


def made(name: str = "kubernetes/made", *, default: bool = True) -> Rule:
    return Rule(
        id=name,
        target=Target.MANIFEST,
        check=lambda _: iter(()),
        severity=Severity.HIGH,
        category=Category.AVAILABILITY,
        kinds=("Service",),
        profiles={Profile.SANDBOX: None},
        aliases=("peer:made",),
        remedy="Mend it.",
        settings=Own,
        default=default,
        source=PAGE,
    )


@pytest.mark.skipif(not DOCS.is_dir(), reason="an installed package carries no docs folder")
def test_the_committed_pages_are_current() -> None:
    stale = outdated(DOCS, rule_pages(infracheck.rules()))
    assert not stale, f"run `infracheck rules docs docs/rules`: {', '.join(stale)}"


def test_every_rule_has_a_page_and_a_row_that_leads_there() -> None:
    rules = infracheck.rules()
    pages = rule_pages(rules)
    links = re.findall(r"^\| \[[^]]+\]\(([^)]+)\)", pages["README.md"], re.MULTILINE)
    ids = [link.removesuffix(".md") for link in links]
    assert ids == sorted(ids)
    assert set(links) == {f"{rule.id}.md" for rule in rules} == set(pages) - {"README.md"}


def test_a_page_says_how_severe_the_rule_is_and_what_others_call_it() -> None:
    page = rule_page(made())
    assert "# kubernetes/made\n\nA | B is wrong.\n" in page
    assert "| severity | high, development: info, sandbox: off |" in page
    assert "| looks at | manifest: `Service` |" in page
    assert "| elsewhere called | `peer:made` |" in page
    assert "| `lowest` | `3` | The least that will do. |" in page


def test_the_name_of_an_examples_file_stands_above_its_block() -> None:
    page = rule_page(made())
    assert "`overlays/dev/kustomization.yaml`\n\n```yaml\nresources: [../../base]  # finding\n```\n" in page
    assert "````markdown\n```yaml inner.yaml\n```\n````\n" in page


def test_the_index_says_what_does_not_run_and_keeps_its_columns() -> None:
    text = rule_pages([made("kubernetes/b", default=False), made("kubernetes/a"), made("cost/c")])["README.md"]
    assert "3 rules, of which 2 run" in text
    assert text.index("## cost") < text.index("## kubernetes")
    assert "| [b](kubernetes/b.md) | A \\| B is wrong | high | *off* | `peer:made` |  |" in text


def test_writing_leaves_alone_what_is_current_and_what_is_not_ours(tmp_path: Path) -> None:
    pages = rule_pages([made()])
    assert write(tmp_path, pages) == ["README.md", "kubernetes/made.md"]
    assert write(tmp_path, pages) == []
    gone = tmp_path / "kubernetes" / "gone.md"
    gone.write_text(f"{MADE}\n# kubernetes/gone\n")
    own = tmp_path / "notes.md"
    own.write_text("# Notes\n")
    (tmp_path / "README.md").write_bytes(pages["README.md"].replace("\n", "\r\n").encode())
    assert outdated(tmp_path, pages) == ["README.md", "kubernetes/gone.md"]
    assert write(tmp_path, pages) == ["README.md", "kubernetes/gone.md"]
    assert not gone.exists()
    assert own.exists()


def test_the_command_writes_checks_and_says_what_is_in_the_way(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "docs"
    assert run(["rules", "docs", str(folder), "--check"]) == 1
    assert not folder.exists()
    assert "kubernetes/privileged-container.md: not up to date" in capsys.readouterr().out
    assert run(["rules", "docs", str(folder)]) == 0
    assert run(["rules", "docs", str(folder), "--check"]) == 0
    (tmp_path / "file").write_text("")
    assert run(["rules", "docs", str(tmp_path / "file" / "below")]) == 2
    assert "below" in capsys.readouterr().err


def test_the_page_for_those_who_come_from_other_tools_is_current(repository: Path) -> None:
    script = runpy.run_path(str(repository / "scripts/migrating.py"))
    assert (repository / "docs/migrating.md").read_text(encoding="utf-8") == script["page"]()
