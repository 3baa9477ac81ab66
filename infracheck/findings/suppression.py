"""Findings waived in the source, by a comment that says why.

    image: nginx:latest  # infracheck: ignore[kubernetes/unpinned-image] mirrored by the registry proxy
    # infracheck: ignore[terraform/public-ssh] until=2027-01-31 bastion, closed by the access project

A comment behind code speaks of its own line; one on a line of its own speaks of the next line of code, and if an object
begins there, of the whole object. `ignore-file[...]` speaks of the file. A reason is required.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from infracheck.source.files import Span

DIRECTIVE = re.compile(
    r"infracheck:\s*(?P<scope>ignore(?:-file)?)\s*\[(?P<ids>[^\]]*)\]\s*(?:until=(?P<until>\S+)\s*)?(?P<reason>[^\n]*)"
)
MARKER = re.compile(r"infracheck:\s*ignore")
MAX_IDS = 100


@dataclass(frozen=True, slots=True)
class Suppression:
    """A comment that waives findings.

    Attributes:
        rules: the selectors it names: ids, or patterns such as "kubernetes/*".
        reason: the author's words; empty where none were given, and then it waives nothing.
        span: the comment.
        line: the line of code it speaks of; 0 for the whole file.
        until: the last day it is good for, or None.
        problem: what is wrong with it, or "".
    """

    rules: tuple[str, ...]
    reason: str
    span: Span
    line: int
    until: date | None = None
    problem: str = ""


def suppressions(comments: Iterable[Span]) -> tuple[Suppression, ...]:
    """The suppressions among a file's comments, in order; malformed ones carry a problem and waive nothing."""
    return tuple(_read(span) for span in comments if MARKER.search(span.text))


def _read(span: Span) -> Suppression:
    match = DIRECTIVE.search(span.text)
    if match is None:
        problem = "write `infracheck: ignore[rule-id] reason`"
        return Suppression((), "", span, _line_meant(span), problem=problem)
    rules = tuple(name.strip() for name in match["ids"].split(",") if name.strip())
    reason = match["reason"].strip().removesuffix("*/").strip(" -:")
    until, problem = _until(match["until"])
    if not rules or "all" in rules or "*" in rules:
        problem = problem or "name the rules it is about; there is no ignoring everything"
    elif len(rules) > MAX_IDS:
        problem = problem or f"it names {len(rules)} rules; at most {MAX_IDS} are read"
    elif not reason:
        problem = problem or "say why behind the bracket; without a reason it waives nothing"
    line = 0 if match["scope"] == "ignore-file" else _line_meant(span)
    return Suppression(rules[:MAX_IDS], reason, span, line, until, problem)


def _until(text: str | None) -> tuple[date | None, str]:
    if text is None:
        return None, ""
    try:
        return date.fromisoformat(text), ""
    except ValueError:
        return None, f"until={text} is not a date; write until=YYYY-MM-DD"


def _line_meant(span: Span) -> int:
    """The comment's own line if code stands before it, else the next line that holds code."""
    file, line = span.file, span.line
    if file.line_text(line)[: span.column - 1].strip():
        return line
    last = len(file.line_starts)
    line = span.end_position[0] + 1
    while line <= last and (not (text := file.line_text(line).strip()) or text.startswith(("#", "//"))):
        line += 1
    return line
