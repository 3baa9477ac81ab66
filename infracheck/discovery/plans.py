"""Plans of Terraform: which environment one is for, and what it was most likely made from.

A plan is known by its content (`terraform show -json`), whatever its name, in a `.json` file anywhere or in a file the
user names. What `terraform plan -out` writes itself is readable by the very same version of Terraform only: a gap, with
the command that makes JSON of it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from infracheck.discovery.contents import is_plan
from infracheck.discovery.stacks import StackKind
from infracheck.findings.report import GapKind
from infracheck.source.errors import InfracheckError
from infracheck.source.reader import MAX_PLAN_BYTES

if TYPE_CHECKING:
    from pathlib import Path

    from infracheck.discovery.search import Search

BINARY_NAME = re.compile(r"(?:.*\.)?(?:tfplan|plan)(?:\.(?:out|bin))?")
"""Usual names of what `terraform plan -out` writes: `tfplan`, `production.tfplan`, `plan.out`."""
BINARY = b"PK\x03\x04"
"""How a saved plan begins: it is a zip file."""


def add_plan(search: Search, file: Path) -> None:
    """Record a plan as a stack.

    Its environment is what its name says (`production.plan.json`, `plan-dev.json`), else its folder's. The var files
    are those of the root in its folder for that environment; where the root has a single environment, of that one.
    """
    roots = [stack for stack in search.stacks if stack.kind is StackKind.TERRAFORM and stack.path == file.parent]
    environment = _environment(search, file) or search.environment(file.parent)
    if not environment and len(roots) == 1:
        environment = roots[0].environment
    var_files = next((root.var_files for root in roots if root.environment == environment), ())
    search.add(StackKind.PLAN, file, environment, (file,), var_files=var_files)


def _environment(search: Search, file: Path) -> str:
    words = re.split(r"[._-]", file.name)
    return next((name for word in reversed(words) if (name := search.environments.named(word))), "")


def find_other_plans(search: Search, file: Path) -> None:
    """Take a file that is no JSON by its name, if the user named it or it is called as saved plans are."""
    named = file in search.tree.named
    if not (named or BINARY_NAME.fullmatch(file.name)):
        return
    try:
        if search.reader.read_bytes(file, max_bytes=MAX_PLAN_BYTES).startswith(BINARY):
            shown = search.name(file)
            reason = "a saved plan: only Terraform itself can read it; scan its JSON"
            command = f"terraform show -json {shown} > {shown}.json"
            search.leave_out(GapKind.BROKEN if named else GapKind.OUTSIDE, file, reason, command=command)
        elif named and is_plan(search.reader.read(file, max_bytes=MAX_PLAN_BYTES).text):
            add_plan(search, file)
    except InfracheckError as problem:
        if named:
            search.broken(file, problem)
