"""Manifests that are applied as they stand, charts, plans, and files that can't be read.

A YAML or JSON file that no kustomization names is a manifest if a document in it has an API version and a kind and is
no other tool's configuration. Manifests in a folder and the folders below it are one stack, as `kubectl apply -R -f`
would take them, unless a folder below belongs to another environment. A Helm chart's files are templates; the chart is
a gap with the command that renders it.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from infracheck.discovery.actions import is_action, is_workflow
from infracheck.discovery.contents import FileKind, classify
from infracheck.discovery.plans import add_plan, find_other_plans
from infracheck.discovery.stacks import StackKind
from infracheck.discovery.terraform import CONFIGURATION, VAR_FILES
from infracheck.findings.report import GapKind
from infracheck.source.errors import InfracheckError, ReadError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from infracheck.discovery.search import Search

SUFFIXES = (".yaml", ".yml", ".json")
CHART_PARTS = frozenset({"templates", "charts", "crds", "ci"})
"""Folders of a chart whose files are the chart's (Helm documentation, "The Chart File Structure")."""


def find_manifests(search: Search, taken: frozenset[Path]) -> None:
    """Add a stack for each tree of manifests and each plan.

    Args:
        search: what is searched.
        taken: the files that belong to kustomizations.
    """
    charts = {folder for folder, files in search.tree.folders.items() if folder / "Chart.yaml" in files}
    for chart in _outermost(charts):
        reason = "a Helm chart: its templates are no manifests; render it and scan the result"
        search.leave_out(GapKind.OUTSIDE, chart, reason, command=f"helm template {search.name(chart)}")
    folders: dict[Path, list[Path]] = defaultdict(list)
    for file in search.tree.files():
        if file in taken or _is_chart_file(file, charts) or _is_configuration(file):
            continue
        if not file.name.endswith(SUFFIXES):
            find_other_plans(search, file)
            continue
        kind = _classify(file, search)
        if kind is FileKind.MANIFEST:
            folders[file.parent].append(file)
        elif kind is FileKind.PLAN:
            add_plan(search, file)
        elif kind is FileKind.TEMPLATE:
            reason = "a template of a manifest: render it with the program it is written for and scan the result"
            search.leave_out(GapKind.OUTSIDE, file, reason)
    for top, files in _trees(search, folders):
        search.add(
            StackKind.MANIFESTS, top, search.environment(top), tuple(sorted(files)), env_file=search.env_file(top)
        )


def _classify(file: Path, search: Search) -> FileKind:
    try:
        return classify(file, search.reader)
    except ReadError as problem:
        # Data files of any size and encoding end in .json; nothing says that this one is ours.
        data = file.suffix == ".json" and file not in search.tree.named
        search.broken(file, problem, GapKind.SKIPPED if data else GapKind.BROKEN)
    except InfracheckError as problem:
        search.broken(file, problem)
    return FileKind.OTHER


def _is_configuration(file: Path) -> bool:
    return file.name.endswith(CONFIGURATION + VAR_FILES) or is_workflow(file) or is_action(file)


def _is_chart_file(file: Path, charts: set[Path]) -> bool:
    for chart in file.parents:
        if chart in charts:
            inside = file.relative_to(chart).parts
            if len(inside) == 1 or inside[0] in CHART_PARTS:
                return True
    return False


def _trees(search: Search, folders: dict[Path, list[Path]]) -> Iterator[tuple[Path, list[Path]]]:
    """The files of each tree: a folder joins the nearest one above it that has manifests for the same environment."""
    tops: dict[Path, list[Path]] = {}
    for folder in sorted(folders):
        environment = search.environment(folder)
        above = (top for top in folder.parents if top in tops and search.environment(top) == environment)
        tops.setdefault(next(above, folder), []).extend(folders[folder])
    yield from tops.items()


def _outermost(folders: Iterable[Path]) -> list[Path]:
    found: list[Path] = []
    for folder in sorted(folders):
        if not any(folder.is_relative_to(one) for one in found):
            found.append(folder)
    return found
