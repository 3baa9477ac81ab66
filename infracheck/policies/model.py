"""The shape of a policy file.

    docs: |            # the page: title, prose, Bad and Good cases (see `infracheck.page`)
      Database storage is not encrypted.
      ...
    target: resource
    kinds: [aws_db_instance]
    severity: high
    category: security
    remedy: Set `storage_encrypted = true`.
    aliases: [CKV_AWS_16]
    when: {field: replicate_source_db, exists: false}
    require: {field: storage_encrypted, equals: true, default: false}
    message: "`{address}` keeps its data unencrypted"

`require` says what must hold; where it doesn't, the finding is at the field. `when` narrows the targets; `each` runs
the demand for every element of a list.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from infracheck.findings.severity import Category, Confidence, Priority, Profile, Severity
from infracheck.rule import Target  # noqa: TC001 - pydantic reads the annotation at run time

OPERATORS = (
    "equals",
    "not_equals",
    "one_of",
    "none_of",
    "exists",
    "matches",
    "not_matches",
    "contains",
    "excludes",
    "at_least",
    "at_most",
)


class Condition(BaseModel):
    """A demand on one field, or a combination of demands.

    Attributes:
        field: a dotted path below the target (or below the element of `each`); "" is the target itself.
        default: what an absent field counts as.
        equals, not_equals, one_of, none_of: compare the value.
        exists: whether it is set to something other than null.
        matches, not_matches: a regular expression somewhere in the text.
        contains, excludes: an element of a list, or a part of a text.
        at_least, at_most: compare a number.
        all_of, any_of, not_: combinations; `not` in YAML.
        each: a list below which the rest of the condition must hold for every element.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    field: str = ""
    default: Any = None
    equals: Any = None
    not_equals: Any = None
    one_of: tuple[Any, ...] | None = None
    none_of: tuple[Any, ...] | None = None
    exists: bool | None = None
    matches: str | None = None
    not_matches: str | None = None
    contains: Any = None
    excludes: Any = None
    at_least: float | None = None
    at_most: float | None = None
    all_of: tuple[Condition, ...] = ()
    any_of: tuple[Condition, ...] = ()
    not_: Condition | None = Field(default=None, alias="not")
    each: str | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Condition:
        combined = bool(self.all_of) + bool(self.any_of) + (self.not_ is not None)
        compared = len(self.operators)
        if combined + (compared > 0) != 1:
            raise ValueError("a condition needs operators on a field, or one of all_of, any_of, not")
        return self

    @property
    def operators(self) -> tuple[str, ...]:
        """The comparisons this condition makes, in a fixed order."""
        return tuple(name for name in OPERATORS if name in self.model_fields_set)


class Policy(BaseModel):
    """A policy file. The fields are those of `infracheck.rule.Rule`, with conditions in place of code."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    docs: str
    target: Target
    severity: Severity
    category: Category
    remedy: str
    require: Condition
    message: str
    kinds: tuple[str, ...] = ()
    when: Condition | None = None
    each: str | None = None
    confidence: Confidence = Confidence.HIGH
    priority: Priority = Priority.P2
    profiles: dict[Profile, Severity | Literal["off"]] = {}
    aliases: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    default: bool = True
