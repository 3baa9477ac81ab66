"""A finding: one cause, at the line that set it, with everywhere it is seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from infracheck.findings.severity import Category, Confidence, Priority, Severity


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A range of a file as a report names it.

    Attributes:
        path: relative to the scanned root, with forward slashes.
        line: from 1.
        column: in characters, from 1.
        end_line: line of the character past the range.
        end_column: column of the character past the range.
        step: how this text acts on the value: "written", "patch", "images", "tfvars", ... (see `source.origin`).
        text: the source line, secrets masked, cut to a printable length; empty where not wanted.
    """

    path: str
    line: int
    column: int = 1
    end_line: int = 0
    end_column: int = 0
    step: str = "written"
    text: str = ""

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True, order=True)
class Related:
    """Another place a reader should look at, and why."""

    label: str
    location: Location


@dataclass(frozen=True, slots=True)
class Finding:
    """A violation, stamped with everything a reader needs.

    Attributes:
        rule_id: `<domain>/<bad-pattern>`.
        severity: the highest among the environments it is seen in.
        confidence: how sure the rule is.
        priority: the incident class it would cause.
        category: what it endangers.
        message: one sentence that names the thing and what is wrong with it.
        address: the guilty object: `Deployment/core-api/checkout`, `module.db.aws_db_instance.main[0]`,
            `build.yml#jobs.publish`.
        field: the path of the guilty field within it, or "".
        location: the line to change.
        via: the places the value passed through after that line, first to last.
        overrode: what it replaced, latest first.
        related: further places worth a look.
        environments: where it is seen, sorted; empty where the scan knows no environments.
        stacks: the overlays, roots and folders it was seen in, sorted.
        remedy: what to do, in a sentence.
        fingerprint: stable across line moves; the key of the baseline.
        also: further objects that the same line makes guilty in the same way, such as other instances.
    """

    rule_id: str
    severity: Severity
    confidence: Confidence
    priority: Priority
    category: Category
    message: str
    address: str
    field: str
    location: Location
    via: tuple[Location, ...] = ()
    overrode: tuple[Location, ...] = ()
    related: tuple[Related, ...] = ()
    environments: tuple[str, ...] = ()
    stacks: tuple[str, ...] = ()
    remedy: str = ""
    fingerprint: str = ""
    also: tuple[str, ...] = ()

    @property
    def sort_key(self) -> tuple[object, ...]:
        """Worst first, then by place, rule and object."""
        return (-self.severity.weight, self.location, self.rule_id, self.address, self.field, self.message)
