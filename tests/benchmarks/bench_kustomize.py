"""Rendering real overlays, beside kubectl: `python tests/benchmarks/bench_kustomize.py`.

All overlays of the conformance material's real repositories are rendered in this process and printed as YAML, files
shared as in a scan; `kubectl kustomize` renders the same directories, one process each, as it must be called. Compared
are CPU seconds, user and system, which a busy machine changes little. The ratio must stay below 1: exit code 1 if not.
Needs kubectl and the material beside the checkout; says so and ends well where they are missing.
"""

from __future__ import annotations

import json
import resource
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from infracheck.kustomize import RenderCache
from infracheck.kustomize import render as render_overlay
from infracheck.kustomize.emit import emit
from infracheck.source.unrooted import UnrootedReader

MATERIAL = Path(__file__).resolve().parents[3] / "shared" / "conformance" / "kustomize"
RESTRICTORS = {"root-only": "LoadRestrictionsRootOnly", "none": "LoadRestrictionsNone"}


class Overlay(NamedTuple):
    """One directory to render.

    Attributes:
        directory: where its kustomization is.
        restrictor: "root-only" or "none".
    """

    directory: Path
    restrictor: str


def overlays() -> list[Overlay]:
    """Those of the material."""
    lines = (MATERIAL / "repos.jsonl").read_text(encoding="utf-8").splitlines()
    return [Overlay(MATERIAL / case["dir"], case["load_restrictor"]) for case in map(json.loads, lines)]


def cpu_seconds(who: int) -> float:
    """User and system time so far, of this process or of its children."""
    used = resource.getrusage(who)
    return used.ru_utime + used.ru_stime


def render_all(chosen: list[Overlay]) -> int:
    """Render everything in this process; how many characters were printed."""
    reader, cache = UnrootedReader(MATERIAL), RenderCache()
    return sum(
        len(emit(render_overlay(one.directory, reader, load_restrictor=one.restrictor, cache=cache))) for one in chosen
    )


def run_kubectl(kubectl: str, chosen: list[Overlay]) -> int:
    """Render everything with kubectl; how many characters were printed."""
    total = 0
    for one in chosen:
        command = [kubectl, "kustomize", "--load-restrictor", RESTRICTORS[one.restrictor], str(one.directory)]
        total += len(subprocess.run(command, check=True, capture_output=True).stdout.decode("utf-8"))
    return total


def main() -> int:
    """Print both CPU times and their ratio."""
    kubectl = shutil.which("kubectl")
    if kubectl is None or not MATERIAL.is_dir():
        print("nothing to compare: needs kubectl and the conformance material beside this checkout")
        return 0
    chosen = overlays()
    before = cpu_seconds(resource.RUSAGE_SELF)
    ours_printed = render_all(chosen)
    ours = cpu_seconds(resource.RUSAGE_SELF) - before
    before = cpu_seconds(resource.RUSAGE_CHILDREN)
    theirs_printed = run_kubectl(kubectl, chosen)
    theirs = cpu_seconds(resource.RUSAGE_CHILDREN) - before
    print(f"{len(chosen)} overlays, {ours_printed:,} characters (kubectl: {theirs_printed:,})")
    print(f"infracheck  {ours:6.2f} s CPU\nkubectl     {theirs:6.2f} s CPU\nratio       {ours / theirs:6.2f}")
    return 0 if ours < theirs else 1


if __name__ == "__main__":
    sys.exit(main())
