"""What is wrong with a configuration, in words a user can act on, at the line that is to blame."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property
from typing import TYPE_CHECKING, Any, get_args

from pydantic import BaseModel

from infracheck.config.positions import key_spans, longest_known, value_spans
from infracheck.source.errors import SettingsError
from infracheck.source.files import SourceFile, Span
from infracheck.source.origin import Origin

if TYPE_CHECKING:
    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

    from infracheck.config.positions import Path

MOST_PROBLEMS = 10
"""How many problems one error names; more would hide the first."""


@dataclass(frozen=True)
class Document:
    """A configuration file: its text, and the table in it that is ours.

    Attributes:
        file: the text.
        table: the keys that lead to our table: ("tool", "infracheck") in pyproject.toml, else empty.
    """

    file: SourceFile
    table: tuple[str, ...] = field(default=())

    @cached_property
    def _keys(self) -> dict[Path, tuple[int, int]]:
        return key_spans(self.file.text)

    @cached_property
    def _values(self) -> dict[Path, tuple[int, int]]:
        return value_spans(self.file.text)

    def origin(self, path: Path, *, key: bool) -> Origin:
        """Where a path of keys stands: its key, or its value; the nearest thing above it where it is absent."""
        spans = self._keys if key else {**self._keys, **self._values}
        known = longest_known((*self.table, *path), spans)
        return Origin(Span(self.file, *spans.get(known, (0, 0))))

    def error(self, path: Path, message: str, *, key: bool = False) -> SettingsError:
        """An error at a path of keys."""
        return SettingsError(message, self.origin(path, key=key))


def settings_error(
    problem: ValidationError, model: type[BaseModel], document: Document | None, table: Path = ()
) -> SettingsError:
    """One error for all that pydantic found, at the place of the first.

    Args:
        problem: what pydantic found.
        model: what it held the data against.
        document: the file the data comes from, if it comes from one.
        table: the keys that lead to the data, from our table.
    """
    grouped: dict[Path, list[ErrorDetails]] = {}
    for detail in problem.errors(include_url=False):
        grouped.setdefault(_without_tags(detail, model), []).append(detail)
    errors = []
    for path, details in grouped.items():
        unknown = details[0]["type"] == "extra_forbidden"
        message = _unknown_key(path, model) if unknown else _wrong_value(details)
        if document is None:
            errors.append(SettingsError(f"{'.'.join(map(str, (*table, *path)))}: {message}"))
        else:
            errors.append(document.error((*table, *path), message, key=unknown))
    errors.sort(key=lambda error: error.origin.span.start if error.origin else 0)
    further = [str(error) for error in errors[1:MOST_PROBLEMS]]
    if len(errors) > MOST_PROBLEMS:
        further.append(f"and {len(errors) - MOST_PROBLEMS} more")
    return SettingsError("\n".join([errors[0].message, *further]), errors[0].origin)


def _without_tags(detail: ErrorDetails, model: type[BaseModel]) -> Path:
    """The path of keys alone: pydantic appends the names of the union members it tried."""
    tags = {"enum", "str-enum", "Severity", "literal['off']", "none", "str", "float", "int"}
    path = tuple(detail["loc"])
    known = {name for kind in (model, *_sections(model)) for name in _keys_of(kind)}
    while len(path) > 1 and (str(path[-1]) in tags or str(path[-1]).startswith("function-")) and path[-1] not in known:
        path = path[:-1]
    return path


def _unknown_key(path: Path, model: type[BaseModel]) -> str:
    name = str(path[-1])
    keys = _keys_of(_section_at(path[:-1], model))
    near = get_close_matches(name.replace("_", "-"), keys, n=1, cutoff=0.6)
    hint = f'did you mean "{near[0]}"?' if near else f"known are {', '.join(sorted(keys))}"
    return f"unknown key {shown(name)}; {hint}"


def _wrong_value(details: list[ErrorDetails]) -> str:
    found = shown(details[0]["input"])
    choices = [
        choice.strip(" '")
        for detail in details
        for choice in str(detail.get("ctx", {}).get("expected", "")).replace(" or ", ", ").split(", ")
        if detail["type"] in ("enum", "literal_error")
    ]
    if choices:
        near = get_close_matches(str(details[0]["input"]), choices, n=1, cutoff=0.5)
        hint = f'; did you mean "{near[0]}"?' if near else ""
        return f"{found} is not one of {', '.join(choices)}{hint}"
    wish = details[0]["msg"].removeprefix("Input should ").removeprefix("Value error, ")
    return f"{found} should {wish}" if wish != details[0]["msg"] else f"{found}: {wish}"


def shown(value: object) -> str:
    """A value as TOML would write it, cut to a length that fits a message."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _section_at(path: Path, model: type[BaseModel]) -> type[BaseModel]:
    """The model of the table at a path; names in between (of environments, of services) are skipped."""
    here = model
    for part in path:
        for name, info in here.model_fields.items():
            if part in (name, info.alias):
                here = next(iter(_models_in(info.annotation)), here)
                break
    return here


def _sections(model: type[BaseModel]) -> list[type[BaseModel]]:
    return [found for info in model.model_fields.values() for found in _models_in(info.annotation)]


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for argument in get_args(annotation) for model in _models_in(argument)]


def _keys_of(model: type[BaseModel]) -> list[str]:
    return [info.alias or name for name, info in model.model_fields.items()]
