"""The keys of mappings: what they mean, and which no mapping may have."""

from __future__ import annotations

import json
import math
import struct
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from infracheck.source.errors import SyntaxProblem
from infracheck.source.yaml.dialect import LARGEST, SMALLEST, Dialect, kind_of

if TYPE_CHECKING:
    from infracheck.source.files import Span
    from infracheck.source.values import Scalar, Value

NEXT_LINE: Final = "\x85"
LONGEST: Final = 1024
"""Characters of a key on its line, with quotes and escapes (YAML 1.2.2 §7.4.2)."""
LARGEST_KEY: Final = 2**63 - 1
EXPONENT: Final = 6
"""From this power of ten on, Go's `%g` writes an exponent where the fewest digits are asked for."""
SAFE: Final = 160
"""Characters; an escape makes at most six of one."""


class KeyProblem(SyntaxProblem):
    """A key that a mapping may not have: it repeats another, or is no text.

    Attributes:
        name: the key as text.
        key: the key.
        mapping: where the mapping begins, or None where the file doesn't show it.
        value: what stands behind a key that repeats another; None behind one that is no text.
    """

    def __init__(self, message: str, name: str, key: Scalar, mapping: Span | None, value: Value | None = None) -> None:
        super().__init__(message, key.origin)
        self.name = name
        self.key = key
        self.mapping = mapping
        self.value = value


def read_key(key: Scalar, dialect: Dialect) -> tuple[str, str]:
    """A key as text, and what is wrong with it without making the document unreadable, or "".

    Raises:
        SyntaxProblem: it is a null, or a number beyond Go's int64, which the dialect has no text for.
    """
    content = key.value
    if isinstance(content, str):
        return content, _unprintable(content) if dialect is Dialect.KUBERNETES else ""
    text = key.text or ""
    if dialect is Dialect.KUBERNETES:
        return text, f"the key `{text[:80]}` is not text: put it in quotes"
    if dialect is not Dialect.KUBECTL:
        return text, ""
    if content is None:
        raise SyntaxProblem("unsupported map key: null", key.origin)
    if isinstance(content, bool):
        return str(content).lower(), ""
    if kind_of(text, dialect) == "float" or not SMALLEST <= content <= LARGEST:
        return _float_key(float(content)), ""
    if content > LARGEST_KEY:
        raise SyntaxProblem(f"unsupported map key: {content} is beyond 64 bits with a sign", key.origin)
    return str(content), ""


def _float_key(number: float) -> str:
    """A float as sigs.k8s.io/yaml makes a key of it: in the fewest digits that tell it from others of 32 bits."""
    try:
        (short,) = struct.unpack("f", struct.pack("f", number))
    except OverflowError:
        short = math.copysign(math.inf, number)
    if not math.isfinite(short):
        return ".nan" if math.isnan(short) else ".inf" if short > 0 else "-.inf"
    forms = (f"{short:.{digits}e}" for digits in range(9))
    form = next(form for form in forms if struct.pack("f", float(form)) == struct.pack("f", short))
    mantissa, exponent = form.split("e")
    if -4 <= int(exponent) < EXPONENT:
        return f"{Decimal(form):f}"
    return f"{mantissa}e{exponent}"


def _unprintable(key: str) -> str:
    """Why kustomize can't read a key in the JSON that it writes on its way to the output, or ""."""
    if NEXT_LINE in key:
        return "the key holds U+0085, which ends a line: kustomize fails to read what it writes"
    if len(key) > SAFE and len(json.dumps(key, ensure_ascii=False)) > LONGEST:
        return f"the key is longer than {LONGEST:,} characters: kustomize fails to read what it writes"
    return ""
