"""Texts as they come back when kustomize writes and reads them again on their way to the output.

It reads the JSON that it has written as YAML, in which U+0085 ends a line: the line breaks are folded.

goyaml.v3 decides whether a line break needs another one to survive folding by looking at the first line of the text
that is not empty instead of at the line that follows. So a break before an indented line comes out doubled, and, in a
text that begins with a blank, single breaks become spaces.
"""

from __future__ import annotations

import math
import re

from infracheck.source.errors import RenderError
from infracheck.source.values import Mapping, Scalar, Sequence, Value
from infracheck.source.yaml.dialect import timestamp

RUN = re.compile(r"([^\n]*)(\n+)(?=([^\n]|\Z))")
"""A line, the breaks after it, and the character that follows them."""
NOT_IN_BLOCKS = re.compile(r" \n| \Z|[^\n\t\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd]")
"""What makes goyaml.v3 print a text in double quotes, where nothing is folded."""


FLOW = re.compile(r"(?:[&!]\S*\s+)*[{?\[]")
"""How the text of a collection between braces or brackets begins: behind an anchor or a tag."""
QUOTES = frozenset({"'", '"'})
"""Styles in which a text of several lines stays between quotes; in any other it becomes a block."""
CONTROL = re.compile("[\x7f-\x84\x86-\x9f\ufffe\uffff]")
"""What Go puts into JSON as it is, and YAML refuses."""
NEXT_LINE = "\x85"
NEXT_LINES = re.compile(r" *\x85[ \x85]*")


def unbroken(text: str) -> str:
    """A text after its breaks of the kind U+0085 were folded: one becomes a space, each further one a line feed."""
    return NEXT_LINES.sub(lambda found: "\n" * (found[0].count(NEXT_LINE) - 1) or " ", text)


def refolded(text: str) -> str:
    """A folded text after it was written and read once."""
    if "\n" not in text or NOT_IN_BLOCKS.search(text):
        return text
    doubles = text.lstrip("\n")[:1] not in {"", " ", "\t"}
    return RUN.sub(lambda found: _run(found, doubles=doubles), text)


def _run(found: re.Match[str], *, doubles: bool) -> str:
    line, breaks, following = found.groups()
    if not line or line[0] in " \t":
        return found[0]
    written = len(breaks) + doubles
    if not following:
        # A last break is clipped; only of several are all kept.
        read = 1 if len(breaks) == 1 else written
    elif following in " \t":
        read = written
    else:
        return line + ("\n" * (written - 1) or " ")
    return line + "\n" * read


def require_readable(scalar: Scalar) -> None:
    """Make sure that kustomize can read a value again once it has written it.

    Raises:
        RenderError: it can't: an infinite number, a control character, a block that begins with a tab.
    """
    value = scalar.value
    if isinstance(value, float) and not math.isfinite(value):
        raise RenderError(f"`{scalar.text}` is not a number that JSON can hold", scalar.origin)
    if not isinstance(value, str):
        return
    if CONTROL.search(value):
        raise RenderError(
            "a text may not hold control characters: kustomize fails to read what it writes", scalar.origin
        )
    is_block = scalar.style in {"|", ">"} or ("\n" in value and scalar.style not in QUOTES)
    if is_block and value.startswith("\t") and not NOT_IN_BLOCKS.search(value):
        raise RenderError("a block may not begin with a tab: kustomize fails to read what it writes", scalar.origin)


def as_written(value: Value, *, in_flow: bool = False) -> Value:
    """A tree as it is read again: empty values and times between braces as texts, folded texts refolded."""
    if isinstance(value, Mapping | Sequence):
        in_flow = in_flow or FLOW.match(value.origin.span.text) is not None
    if isinstance(value, Mapping):
        fields = {key: as_written(item, in_flow=in_flow) for key, item in value.fields.items()}
        return Mapping(fields, value.origin, value.keys)
    if isinstance(value, Sequence):
        return Sequence(tuple(as_written(item, in_flow=in_flow) for item in value.items), value.origin)
    if not isinstance(value, Scalar):
        return value
    if in_flow and _is_quoted_in_flow(value):
        return Scalar(value.text, value.origin, value.text, "'")
    if not isinstance(value.value, str):
        return value
    text = unbroken(refolded(value.value) if value.style == ">" else value.value)
    return value if text == value.value else Scalar(text, value.origin, text, value.style)


def _is_quoted_in_flow(value: Scalar) -> bool:
    """Whether kustomize puts a value that is no text in quotes between braces: nothing, or a time, for its colons."""
    if value.style or value.tag or value.text is None or value.text == value.value:
        return False
    return not value.text or (":" in value.text and timestamp(value.text) is not None)
