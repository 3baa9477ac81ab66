"""How a rule judges manifests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import infracheck

if TYPE_CHECKING:
    from pathlib import Path


def judged(folder: Path, rule: str, text: str) -> tuple[int, int]:
    """How many findings a rule has in a file of manifests, and how many objects it leaves undecided."""
    (folder / "manifest.yaml").write_text(text, encoding="utf-8")
    report = infracheck.scan([folder], infracheck.Settings(select=(f"kubernetes/{rule}",)))
    return len(report.findings), len(report.undecided)
