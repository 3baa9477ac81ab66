"""Reading and rewriting value trees the way kustomize's YAML library (kyaml) does.

kyaml keeps the text, the style and the tag of each scalar and decides only at the end what it means. So a text put into
a quoted scalar stays a string, and into a number must be a number. Trees here are immutable: every function returns a
new node and leaves the old one as it was.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, TypeGuard

from infracheck.source.errors import RenderError
from infracheck.source.values import Mapping, Plain, Scalar, Sequence, Value
from infracheck.source.yaml.dialect import (
    BLOCK_OR_QUOTED,
    PREFIX,
    TYPED,
    Dialect,
    TagProblem,
    fits,
    kind_of,
    plain,
    resolve,
    timestamp,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from infracheck.source.origin import Origin


EXPONENT = 6
"""Go's shortest form of a number uses an exponent from here on: a million is `1e+06`."""

COLLECTION = re.compile(r"\A\{.*\}\Z|\A\[.*\]\Z|\A- |\A[^\s\"'&*!|>%@`#{\[][^#]*:(?: |\Z)")
"""How a text on one line looks that YAML reads as a mapping or a list."""
NO_TAG = ""
"""In place of a tag: not even the one that a text implies when it is read. Such a null is never taken for one."""


def is_null(value: Value | None) -> bool:
    """Whether nothing, or an explicit null, stands there."""
    return value is None or is_tagged_null(value)


def is_tagged_null(value: Value | None) -> TypeGuard[Scalar]:
    """Whether an explicit null stands there."""
    return isinstance(value, Scalar) and value.value is None and value.tag != NO_TAG


def raw_text(value: Value | None) -> str:
    """The text of a scalar as it stands in YAML, null included; "" for anything else."""
    if not isinstance(value, Scalar):
        return ""
    if value.text is not None:
        return value.text
    return scalar_text(value.value)


def text_of(value: Value | None) -> str:
    """The text of a scalar; "" for null, absent and collections."""
    return "" if is_null(value) else raw_text(value)


def scalar_text(value: Plain) -> str:
    """The canonical YAML text of a plain value."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    return float_text(value) if isinstance(value, float) else str(value)


def float_text(number: float) -> str:
    """A float as Go's shortest `%g` writes it."""
    if number == 0:
        return "-0" if str(number).startswith("-") else "0"
    mantissa, exponent = next(
        form.split("e") for digits in range(18) if float(form := f"{number:.{digits}e}") == number
    )
    power = int(exponent)
    if not -4 <= power < EXPONENT:
        return f"{mantissa}e{'-' if power < 0 else '+'}{abs(power):02}"
    return _positional(mantissa, power)


def _positional(mantissa: str, power: int) -> str:
    sign = "-" if mantissa.startswith("-") else ""
    digits = mantissa.removeprefix("-").replace(".", "")
    if power < 0:
        return f"{sign}0.{'0' * (-power - 1)}{digits}"
    whole, rest = digits[: power + 1].ljust(power + 1, "0"), digits[power + 1 :]
    return f"{sign}{whole}.{rest}" if rest else sign + whole


def json_number(number: float) -> str:
    """A number as Go writes it into JSON: without an exponent from 1e-6 to below 1e21."""
    if number == 0 or 1e-6 <= abs(number) < 1e21:
        return f"{Decimal(repr(number)):f}".removesuffix(".0")
    return re.sub(r"e-0(\d)\Z", r"e-\1", repr(number).replace(".0e", "e"))


def is_text_in_yaml_1_1(text: str) -> bool:
    """Whether an unquoted text is a text for YAML 1.1 too; kustomize puts others, such as `y` and `off`, in quotes."""
    return isinstance(plain(text, Dialect.KUBECTL), str)


def string(text: str, origin: Origin) -> Scalar:
    """A new scalar that is a string whatever its text looks like."""
    return Scalar(text, origin, text)


def written_string(text: str, origin: Origin) -> Scalar:
    """A new string in the quotes that kustomize gives it when it writes an entry; what replaces it inherits them."""
    style = "|" if "\n" in text else '"' if text and _is_more_than_text(text) else ""
    return Scalar(text, origin, text, style)


def _is_more_than_text(text: str) -> bool:
    return not is_text_in_yaml_1_1(text) or COLLECTION.search(text) is not None


def untyped(text: str, origin: Origin) -> Scalar:
    """A new scalar that is what its text looks like, and becomes something else with another text."""
    return Scalar(plain(text, Dialect.KUBERNETES), origin, text, tag=NO_TAG)


def styled(new: Value, old: Value | None) -> Value:
    """A scalar in the style of the one it replaces: into quotes, a number goes as a string."""
    if not (isinstance(new, Scalar) and isinstance(old, Scalar)) or new.style == old.style:
        return new
    if old.style in BLOCK_OR_QUOTED:
        text = raw_text(new)
        return Scalar(text, new.origin, text, old.style, None, new.type, new.sensitive)
    return Scalar(new.value, new.origin, raw_text(new), old.style, new.tag, new.type, new.sensitive)


def quoted(value: Value | None) -> Value | None:
    """A text that YAML 1.1 would not read as one, in quotes; anything else as it is."""
    if not isinstance(value, Scalar) or value.style or not isinstance(value.value, str):
        return value
    if is_text_in_yaml_1_1(value.value):
        return value
    return Scalar(value.value, value.origin, value.text, '"', value.tag)


def with_text(old: Scalar, text: str, origin: Origin) -> Scalar:
    """A scalar whose text is exchanged while its style and its kind stay.

    A word put where a number stood is still tagged as a number; `require_sound` refuses it when it is read.
    """
    kind = _kind(old)
    if kind == NO_TAG:
        return Scalar(plain(text, Dialect.KUBERNETES), origin, text, old.style, NO_TAG)
    if kind not in TYPED:
        return Scalar(text, origin, text, old.style)
    if kind == kind_of(text, Dialect.KUBERNETES):
        return Scalar(plain(text, Dialect.KUBERNETES), origin, text, old.style, old.tag)
    value = plain(text, Dialect.KUBERNETES) if fits(text, kind, Dialect.KUBERNETES) else text
    return Scalar(value, origin, text, old.style, f"!!{kind}")


def _kind(scalar: Scalar) -> str:
    """The kind that the tag of a scalar names, be it written or implied."""
    if scalar.style in BLOCK_OR_QUOTED and not scalar.tag:
        return "str"
    if scalar.tag is not None:
        return scalar.tag.removeprefix(PREFIX).removeprefix("!!")
    text = raw_text(scalar)
    if isinstance(scalar.value, str) and scalar.value == text and timestamp(text) is None:
        return "str"
    return kind_of(text, Dialect.KUBERNETES)


def require_sound(scalar: Scalar) -> None:
    """Make sure that a text is what its tag says.

    Raises:
        RenderError: it is not: a word put where a number stood.
    """
    if scalar.tag is None:
        return
    try:
        resolve(scalar, Dialect.KUBERNETES)
    except TagProblem as problem:
        raise RenderError(str(problem), scalar.origin) from problem


def get(value: Value | None, *path: str) -> Value | None:
    """The value at a path of keys, or None where the path ends early."""
    for key in path:
        if not isinstance(value, Mapping):
            return None
        value = value.fields.get(key)
    return value


def with_field(mapping: Mapping, key: str, value: Value | None, key_node: Scalar | None = None) -> Mapping:
    """A copy with one key set, in place if it exists; without it where the value is None."""
    fields = dict(mapping.fields)
    keys = mapping.keys
    if value is None:
        if key not in fields:
            return mapping
        del fields[key]
        keys = {name: node for name, node in keys.items() if name != key}
    else:
        fields[key] = value
        if key_node is not None:
            keys = {**keys, key: key_node}
    return Mapping(fields, mapping.origin, keys, mapping.type, mapping.sensitive)


def with_items(sequence: Sequence, items: Iterable[Value]) -> Sequence:
    """A copy with other elements."""
    return Sequence(tuple(items), sequence.origin, sequence.type, sequence.sensitive)


def with_path(root: Mapping, path: tuple[str, ...], value: Value | None, origin: Origin) -> Mapping:
    """A copy with a value set at a path of keys, mappings made on the way; a value of None clears the key.

    Raises:
        RenderError: something other than a mapping stands in the way.
    """
    key, rest = path[0], path[1:]
    if not rest:
        return with_field(root, key, value)
    inner = root.fields.get(key)
    if is_null(inner):
        if value is None:
            return root
        inner = Mapping({}, origin)
    if not isinstance(inner, Mapping):
        raise RenderError(f"`{key}` must be a mapping", inner.origin if inner else origin)
    return with_field(root, key, with_path(inner, rest, value, origin))


def string_map(value: Value | None) -> dict[str, str]:
    """A mapping of labels or annotations as text, nulls as they are written; nothing for anything else."""
    if not isinstance(value, Mapping):
        return {}
    return {key: raw_text(item) for key, item in value.fields.items()}


def recorded(value: Value, step: str) -> Value:
    """A tree whose values and keys are on record as acting by a step: those of a patch, for example."""
    if isinstance(value, Mapping):
        keys = {key: with_origin(node, node.origin._replace(step=step)) for key, node in value.keys.items()}
        fields = {key: recorded(item, step) for key, item in value.fields.items()}
        return Mapping(fields, value.origin._replace(step=step), keys)
    if isinstance(value, Sequence):
        items = tuple(recorded(item, step) for item in value.items)
        return Sequence(items, value.origin._replace(step=step), value.type, value.sensitive)
    return with_origin(value, value.origin._replace(step=step)) if isinstance(value, Scalar) else value


def with_origin(value: Scalar, origin: Origin) -> Scalar:
    """The same scalar with another origin."""
    return Scalar(value.value, origin, value.text, value.style, value.tag, value.type, value.sensitive)
