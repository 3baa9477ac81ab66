"""The pages of all rules as Markdown files, and the index that leads to them: what `infracheck rules docs` writes.

A page is the rule's own text with a head that says how severe it is, what it runs on and what other tools call it. The
file name of an example, which stands in the fence's info string, is written above the block, because Markdown renderers
show the language alone.
"""

from __future__ import annotations

import json
from itertools import groupby
from typing import TYPE_CHECKING

from infracheck.findings.severity import Profile
from infracheck.page import FENCE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from infracheck.rule import Rule

INDEX = "README.md"
MADE = "<!-- Made by `infracheck rules docs`: change the rule, not this file. -->\n"
"""The first line of each file: what starts with it may be overwritten and removed."""

HEAD = ("| rule | what is wrong | severity | runs | elsewhere called | tags |", "| --- | --- | --- | --- | --- | --- |")


def rule_pages(rules: Iterable[Rule]) -> dict[str, str]:
    """The text of each file by its path below the folder: `README.md`, `kubernetes/unpinned-image.md`, ..."""
    ordered = sorted(rules, key=lambda rule: rule.id)
    pages = {f"{rule.id}.md": rule_page(rule) for rule in ordered}
    return {INDEX: index(ordered), **pages}


def outdated(folder: Path, pages: dict[str, str]) -> list[str]:
    """The files of a folder that differ from the pages, are missing or speak of a rule that is gone; sorted."""
    differing = {path for path, text in pages.items() if _read(folder / path) != text}
    return sorted(differing | set(_left_over(folder, pages)))


def write(folder: Path, pages: dict[str, str]) -> list[str]:
    """Bring a folder up to date: write what differs, remove our pages of rules that are gone.

    Returns:
        The paths of the files that changed, sorted.

    Raises:
        OSError: a file can't be written or removed.
    """
    changed = outdated(folder, pages)
    for path in changed:
        file = folder / path
        if path in pages:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(pages[path], encoding="utf-8", newline="\n")
        else:
            file.unlink()
    return changed


def rule_page(rule: Rule) -> str:
    """One rule's page."""
    title, _, rest = rule.source.strip().partition("\n")
    parts = [f"{MADE}\n# {rule.id}\n", f"{title.strip()}\n", _facts(rule), _named_files(rest.strip())]
    options = _options(rule)
    if options:
        parts.append(options)
    return "\n".join(parts)


def index(rules: Iterable[Rule]) -> str:
    """The table of all rules, one section for each domain."""
    ordered = list(rules)
    by_default = sum(rule.default for rule in ordered)
    introduction = (
        f"{len(ordered)} rules, of which {by_default} run unless told otherwise. The others (*off* below) run when\n"
        "they are selected by id, tag, domain or another tool's id: `infracheck scan --select ID`. Severities are\n"
        "those of production; a page says where they differ.\n"
    )
    parts = [f"{MADE}\n# Rules\n", introduction]
    for domain, members in groupby(ordered, key=lambda rule: rule.domain):
        rows = [_row(rule) for rule in members]
        parts.append(f"## {domain}\n\n" + "\n".join([*HEAD, *rows]) + "\n")
    return "\n".join(parts)


def _row(rule: Rule) -> str:
    cells = [
        f"[{rule.id.partition('/')[2]}]({rule.id}.md)",
        _cell(rule.title),
        rule.severity.value,
        "by default" if rule.default else "*off*",
        _codes(rule.aliases),
        _codes(rule.tags),
    ]
    return f"| {' | '.join(cells)} |"


def _facts(rule: Rule) -> str:
    rows = [
        ("severity", _severity(rule)),
        ("runs", "by default" if rule.default else "only when selected"),
        ("protects", rule.category.value),
        ("confidence", rule.confidence.value),
        ("incident class", rule.priority.value),
        ("looks at", _target(rule)),
        ("tags", _codes(rule.tags)),
        ("elsewhere called", _codes(rule.aliases)),
        ("in short", _cell(rule.remedy)),
    ]
    return "\n".join(["| | |", "| --- | --- |", *(f"| {name} | {text} |" for name, text in rows if text)]) + "\n"


def _severity(rule: Rule) -> str:
    others = []
    for profile in Profile:
        severity = rule.severity_in(profile)
        if severity is not rule.severity:
            others.append(f"{profile.value}: {severity.value if severity else 'off'}")
    return ", ".join([rule.severity.value, *others])


def _target(rule: Rule) -> str:
    return f"{rule.target.value}: {_codes(rule.kinds)}" if rule.kinds else rule.target.value


def _options(rule: Rule) -> str:
    """The settings that are the rule's own, as its model describes them."""
    if rule.settings is None:
        return ""
    rows = ["| setting | default | what it says |", "| --- | --- | --- |"]
    for name, field in rule.settings.model_json_schema(by_alias=True).get("properties", {}).items():
        rows.append(
            f"| `{name}` | `{_cell(json.dumps(field.get('default')))}` | {_cell(field.get('description', ''))} |"
        )
    return f'\n## Settings\n\nIn `[rules."{rule.id}"]` of `infracheck.toml`:\n\n' + "\n".join(rows) + "\n"


def _named_files(markdown: str) -> str:
    return "".join(f"{line}\n" for line in _lines(markdown))


def _lines(markdown: str) -> Iterator[str]:
    """The lines of a page; a block whose fence names a file gets that name above it."""
    ticks = ""
    for line in markdown.splitlines():
        fence = FENCE.match(line)
        if fence and not ticks:
            ticks = fence["ticks"]
            if fence["path"]:
                yield from (f"{fence['indent']}`{fence['path']}`", "")
                line = f"{fence['indent']}{ticks}{fence['language'] or ''}"  # noqa: PLW2901 - the fence without it
        elif ticks and line.strip() == ticks:
            ticks = ""
        yield line


def _left_over(folder: Path, pages: dict[str, str]) -> Iterator[str]:
    for file in folder.rglob("*.md"):
        path = file.relative_to(folder).as_posix()
        if path not in pages and (_read(file) or "").startswith(MADE):
            yield path


def _read(file: Path) -> str | None:
    try:
        return file.read_bytes().decode("utf-8") if file.is_file() else None
    except (OSError, UnicodeDecodeError):
        return None


def _codes(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
