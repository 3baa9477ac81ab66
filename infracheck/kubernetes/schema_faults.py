"""Where an object departs from its schema.

What is null counts as absent, as it does for the API server. What is unknown can be anything: it is handed back beside
the faults, for the caller to say so.
"""

from __future__ import annotations

import binascii
from base64 import b64decode
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final

from infracheck.kubernetes.placeholder import has_placeholder
from infracheck.kubernetes.quantity import QuantityError, parse_quantity
from infracheck.kubernetes.schema import Letter, ListShape, MapShape, ScalarShape
from infracheck.source.values import Mapping, Scalar, Sequence, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.schema import ObjectShape, Shape
    from infracheck.source.values import Value

Path = tuple["str | int", ...]

NAMES: Final = {
    Letter.STRING: "a string",
    Letter.BYTES: "a string in base64",
    Letter.TIME: "a time in a string",
    Letter.QUANTITY: "a quantity such as 250m or 512Mi",
    Letter.INT_OR_STRING: "a whole number or a string",
    Letter.INTEGER: "a whole number",
    Letter.NUMBER: "a number",
    Letter.BOOLEAN: "true or false",
}
COMMON: Final = frozenset({"name", "namespace", "kind", "apiVersion", "type", "key", "value"})
"""Fields of so many types that one elsewhere says nothing about what was meant."""

TEXTS: Final = frozenset({Letter.STRING, Letter.BYTES, Letter.TIME})


@dataclass(frozen=True, slots=True)
class Fault:
    """One departure.

    Attributes:
        path: the steps from the root of the object; the last is the guilty, or the missing, field.
        problem: what is wrong, to be read after the path.
        is_missing: whether the field is not there but must be.
        on_key: whether the key is wrong rather than the value.
    """

    path: Path
    problem: str
    is_missing: bool = False
    on_key: bool = False


@dataclass(slots=True)
class Findings:
    """What a look at an object brought.

    Attributes:
        faults: the departures, from the top of the object to its bottom.
        unknown: path and value of what could not be judged.
    """

    faults: list[Fault] = field(default_factory=list)
    unknown: list[tuple[Path, Unknown]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Question:
    """What an object is compared with: the shape of its kind, and the mask of the releases asked."""

    root: ObjectShape
    releases: int


def findings(root: Mapping, shape: ObjectShape, releases: int) -> Findings:
    """Compare an object with its shape.

    Args:
        root: the object.
        shape: of its kind.
        releases: mask of the releases that are asked: a field is unknown where none of them knows it, and demanded
            where all of those do that know it.
    """
    found = Findings()
    question = _Question(shape, releases)
    waiting: list[tuple[Value, Shape, Path]] = [(root, shape, ())]
    while waiting:
        value, wanted, path = waiting.pop()
        if isinstance(value, Unknown):
            found.unknown.append((path, value))
        elif isinstance(value, Scalar) and value.value is None:
            continue
        elif isinstance(wanted, ScalarShape):
            _scalar(value, wanted, path, found)
        elif isinstance(wanted, ListShape):
            if isinstance(value, Sequence):
                below = [(item, wanted.element, (*path, index)) for index, item in enumerate(value.items)]
                waiting.extend(reversed(below))
            else:
                found.faults.append(Fault(path, f"is {_called(value)} and must be a list"))
        elif not isinstance(value, Mapping):
            found.faults.append(Fault(path, f"is {_called(value)} and must be a mapping"))
        elif isinstance(wanted, MapShape):
            waiting.extend(reversed([(one, wanted.element, (*path, key)) for key, one in value.fields.items()]))
        else:
            waiting.extend(reversed(list(_object(value, wanted, path, question, found))))
    return found


def _object(
    value: Mapping, wanted: ObjectShape, path: Path, question: _Question, found: Findings
) -> Iterator[tuple[Value, Shape, Path]]:
    """The fields of an object that there is a shape for; those there is none for are faults."""
    fields, releases = wanted.fields, question.releases
    for key, one in value.fields.items():
        known = fields.get(key)
        if known is not None and known.known & releases:
            if not _is_plain_string(one, known.shape):
                yield one, known.shape, (*path, key)
        elif not wanted.is_open:
            problem = f"is no field here{_hint(key, path, wanted, question)}"
            found.faults.append(Fault((*path, key), problem, on_key=True))
    for key, known in fields.items():
        if known.demanded and known.demanded & releases == known.known & releases and _is_absent(value, key):
            found.faults.append(Fault((*path, key), "is missing", is_missing=True))


def _is_plain_string(value: Value, shape: Shape) -> bool:
    """Whether there is nothing to say about a value, in the commonest case."""
    return (
        isinstance(value, Scalar)
        and isinstance(value.value, str)
        and isinstance(shape, ScalarShape)
        and shape.letter is Letter.STRING
        and not shape.values
    )


def _is_absent(value: Mapping, key: str) -> bool:
    one = value.fields.get(key)
    return one is None or (isinstance(one, Scalar) and one.value is None)


def _scalar(value: Value, wanted: ScalarShape, path: Path, found: Findings) -> None:
    letter = wanted.letter
    if letter is Letter.ANY:
        return
    plain = value.value if isinstance(value, Scalar) else value
    if isinstance(plain, str) and has_placeholder(plain):
        if letter is not Letter.STRING or wanted.values:
            found.unknown.append(
                (path, Unknown("the text holds a placeholder, which is filled in later", value.origin))
            )
    elif not _fits(plain, letter):
        found.faults.append(Fault(path, f"is {_called(value)} and must be {NAMES[letter]}{_quotes(plain, letter)}"))
    elif isinstance(plain, str):
        if wanted.values and plain and plain not in wanted.values:
            found.faults.append(Fault(path, _not_among(plain, wanted.values)))
        elif letter is Letter.QUANTITY and not _is_quantity(plain):
            found.faults.append(
                Fault(path, f"is no quantity: write {NAMES[letter].removeprefix('a quantity such as ')}")
            )
        elif letter is Letter.BYTES and not _is_base64(plain):
            found.faults.append(Fault(path, "is not base64; plain text goes below `stringData`"))


def _fits(plain: Any, letter: Letter) -> bool:
    if isinstance(plain, bool):
        return letter is Letter.BOOLEAN
    if isinstance(plain, str):
        return letter in TEXTS or letter in (Letter.QUANTITY, Letter.INT_OR_STRING)
    if isinstance(plain, Mapping | Sequence):
        return False
    if letter in (Letter.QUANTITY, Letter.NUMBER):
        return True
    is_whole = isinstance(plain, int) or float(plain).is_integer()
    return is_whole and letter in (Letter.INTEGER, Letter.INT_OR_STRING)


def _called(value: Value) -> str:
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, Sequence):
        return "a list"
    plain = value.value if isinstance(value, Scalar) else None
    if isinstance(plain, bool):
        return "a boolean"
    if isinstance(plain, str):
        return "a string"
    return "a number"


def _quotes(plain: Any, letter: Letter) -> str:
    if letter in TEXTS and not isinstance(plain, Mapping | Sequence):
        return ": put it in quotes"
    if isinstance(plain, str) and letter in (Letter.INTEGER, Letter.NUMBER) and plain.strip().isdecimal():
        return ": leave out the quotes"
    if isinstance(plain, str) and letter is Letter.BOOLEAN and plain in ("true", "false"):
        return ": leave out the quotes"
    return ""


def _not_among(plain: str, values: tuple[str, ...]) -> str:
    near = _nearest(plain, values)
    meant = f"; did you mean {near}?" if near else ""
    return f"must be one of {', '.join(values)}{meant}"


def _is_quantity(text: str) -> bool:
    try:
        parse_quantity(text)
    except QuantityError:
        return False
    return True


def _is_base64(text: str) -> bool:
    """Whether Go's base64 decoder takes it: padded, line breaks allowed."""
    try:
        b64decode(text.replace("\n", "").replace("\r", ""), validate=True)
    except (binascii.Error, ValueError):
        return False
    return True


def _hint(key: str, path: Path, wanted: ObjectShape, question: _Question) -> str:
    """What was probably meant by a field that does not exist: another spelling, another place, or another release."""
    near = _nearest(key, tuple(name for name, one in wanted.fields.items() if one.known & question.releases))
    if near:
        return f"; did you mean `{near}`?"
    if key in wanted.fields:
        return " in this release of Kubernetes"
    if key in COMMON:
        return ""
    for depth in range(len(path) - 1, -1, -1):
        above = _shape_at(question.root, path[:depth])
        if above is not None and key in above.fields:
            return f"; it belongs in `{shown(path[:depth])}`" if depth else "; it belongs at the top of the object"
    below = next((name for name, one in wanted.fields.items() if _holds(one.shape, key)), None)
    return f"; it belongs in `{shown((*path, below))}`" if below else ""


def _holds(shape: Shape, key: str) -> bool:
    return not isinstance(shape, ScalarShape | ListShape | MapShape) and key in shape.fields


def _shape_at(root: ObjectShape, path: Path) -> ObjectShape | None:
    here: Shape = root
    for step in path:
        if isinstance(here, ListShape | MapShape):
            here = here.element
        elif isinstance(here, ScalarShape) or step not in here.fields:
            return None
        else:
            here = here.fields[str(step)].shape
    return None if isinstance(here, ScalarShape | ListShape | MapShape) else here


def _nearest(word: str, words: tuple[str, ...]) -> str | None:
    """The word that was probably meant: the same in other letters, or nearly so."""
    folded = {one.lower(): one for one in words}
    if word.lower() in folded:
        return folded[word.lower()]
    near = get_close_matches(word[:100].lower(), folded, n=1, cutoff=0.8)
    return folded[near[0]] if near else None


def shown(path: Path) -> str:
    """A path as one writes it: `spec.containers[0].image`; keys that hold dots stand in brackets."""
    text = ""
    for step in path:
        if isinstance(step, int) or "." in step or "/" in step:
            text += f"[{step}]"
        else:
            text += f".{step}" if text else step
    return text
