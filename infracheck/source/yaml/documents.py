"""Documents as value trees, built from libyaml's events under caps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ruamel.yaml.cyaml import CParser  # type: ignore[attr-defined]  # re-exported without __all__
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from infracheck.source.errors import LimitError, SyntaxProblem
from infracheck.source.files import SourceFile, Span
from infracheck.source.origin import Origin
from infracheck.source.values import Mapping, Scalar, Sequence, Value
from infracheck.source.yaml.colons import COLON_PROBLEM, masked, unused_character
from infracheck.source.yaml.dialect import BLOCK_OR_QUOTED, Dialect, TagProblem, plain, resolve_text, timestamp
from infracheck.source.yaml.excerpt import Excerpt
from infracheck.source.yaml.keys import KeyProblem, read_key

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_DEPTH: Final = 100
"""Levels of nesting. Kubernetes objects stay below 30; libyaml's stack is safe far beyond."""
MAX_NODES: Final = 1_000_000
"""Nodes of one file, counting what an alias stands for each time it is used."""
MAX_SCALAR: Final = 1_000_000
"""Characters of one scalar."""
MAX_DOCUMENTS: Final = 50_000
"""Documents of one file."""


@dataclass(frozen=True, slots=True)
class Document:
    """One YAML document.

    Attributes:
        value: its root; None for a document that holds nothing at all, or only comments.
        span: from its first to its last character.
        problems: what is wrong with it without making it unreadable: keys that repeat, keys that are not text.
        changes_in_flow: whether a value between brackets or braces is left out, or a time: it is read back as another.
    """

    value: Value | None
    span: Span
    problems: tuple[SyntaxProblem, ...] = ()
    changes_in_flow: bool = False


def read_documents(file: SourceFile, dialect: Dialect) -> tuple[Document, ...]:
    """The documents of a YAML or JSON file, in order.

    Raises:
        SyntaxProblem: the text is not YAML; its origin is the guilty place.
        LimitError: nesting, size or aliases pass the limits.
    """
    return read_text(Excerpt.of_file(file), dialect)


def read_first(excerpt: Excerpt, dialect: Dialect) -> Document | None:
    """The first document of a text, or None if it holds none. What follows it need not even be YAML.

    Raises:
        SyntaxProblem: the text is not YAML up to the end of the document.
        LimitError: nesting, size or aliases pass the limits.
    """
    try:
        return next(_Composer(excerpt, dialect).documents(), None)
    except _UnexpectedColonError:
        return next(_Composer(excerpt, dialect, mask=unused_character(excerpt.text)).documents(), None)


def read_text(excerpt: Excerpt, dialect: Dialect) -> tuple[Document, ...]:
    """The documents of a stretch of text, with spans in the file it came from.

    Raises:
        SyntaxProblem: the text is not YAML.
        LimitError: nesting, size or aliases pass the limits.
    """
    try:
        return tuple(_Composer(excerpt, dialect).documents())
    except _UnexpectedColonError:
        return tuple(_Composer(excerpt, dialect, mask=unused_character(excerpt.text)).documents())


class _UnexpectedColonError(SyntaxProblem):
    """The parser stumbled over a colon that it should have read as text."""


class _Node:
    """A finished value, where its text ends, and what a walk over it costs."""

    __slots__ = ("depth", "end", "size", "value")

    def __init__(self, value: Value, end: int, size: int = 1, depth: int = 0) -> None:
        self.value = value
        self.end = end
        self.size = size
        self.depth = depth


class _Open:
    """A collection whose end has not been read yet."""

    __slots__ = (
        "anchor",
        "depth",
        "end",
        "fields",
        "flow",
        "inherited",
        "items",
        "key",
        "keys",
        "merges",
        "size",
        "start",
    )

    def __init__(self, start: int, anchor: str | None, *, is_mapping: bool) -> None:
        self.start = start
        self.end = start
        self.anchor = anchor
        self.flow = False
        self.items: list[Value] = []
        self.fields: dict[str, Value] | None = {} if is_mapping else None
        self.keys: dict[str, Scalar] = {}
        self.key: Scalar | None = None
        self.merges: list[tuple[Value, Scalar]] = []
        self.inherited: set[str] = set()
        self.size = 1
        self.depth = 1


class _Composer:
    """Builds the documents of one text.

    Attributes:
        mask: what colons inside words are exchanged for while the parser reads them, or "".
        changes_in_flow: as in `Document`.
    """

    def __init__(self, excerpt: Excerpt, dialect: Dialect, *, mask: str = "") -> None:
        self.excerpt = excerpt
        self.mask = mask
        self.changes_in_flow = False
        self.dialect = dialect
        self.merges = dialect is not Dialect.ACTIONS
        self.size = 0
        self.anchors: dict[str, _Node | _Open] = {}
        self.anchor_spans: dict[str, Span] = {}
        self.problems: list[SyntaxProblem] = []

    def documents(self) -> Iterator[Document]:
        count = 0
        start = 0
        root: _Node | None = None
        stack: list[_Open] = []
        for event in self._events():
            kind = type(event)
            if kind is ScalarEvent:
                node = self._scalar(event)
                root = self._place(stack, node) or root
            elif kind is MappingStartEvent or kind is SequenceStartEvent:
                self._open(stack, event, is_mapping=kind is MappingStartEvent)
            elif kind is MappingEndEvent or kind is SequenceEndEvent:
                node = self._close(stack, event)
                root = self._place(stack, node) or root
            elif kind is AliasEvent:
                node = self._alias(event, len(stack))
                root = self._place(stack, node) or root
            elif kind is DocumentStartEvent:
                count += 1
                if count > MAX_DOCUMENTS:
                    raise LimitError(f"more than {MAX_DOCUMENTS:,} documents", self._origin(event))
                root, start = None, event.start_mark.index
                self.anchors, self.anchor_spans, self.problems = {}, {}, []
                self.changes_in_flow = False
            elif kind is DocumentEndEvent:
                yield self._document(root, start, event.end_mark.index)

    def _document(self, root: _Node | None, start: int, end: int) -> Document:
        value = root.value if root else None
        if isinstance(value, Scalar) and value.text == "" and value.style == "" and value.tag is None:
            value = None
        span = self.excerpt.span(start, end)
        return Document(value, span, tuple(self.problems), changes_in_flow=self.changes_in_flow)

    def _events(self) -> Iterator[Any]:
        parser = None
        try:
            text = self.excerpt.text
            parser = CParser(masked(text, self.mask) if self.mask else text)
            while parser.check_event():
                yield parser.get_event()
        except MarkedYAMLError as problem:
            mark = problem.problem_mark or problem.context_mark
            kind = SyntaxProblem if self.mask or problem.problem != COLON_PROBLEM else _UnexpectedColonError
            raise kind(_describe(problem), self._at(mark.index if mark else 0)) from problem
        except YAMLError as problem:
            raise SyntaxProblem(*self._unreadable(problem)) from problem
        except UnicodeEncodeError as problem:
            raise SyntaxProblem("a character that is not valid Unicode", self._at(problem.start)) from problem
        finally:
            if parser is not None:
                parser.dispose()

    def _unreadable(self, problem: YAMLError) -> tuple[str, Origin]:
        position = getattr(problem, "position", 0)
        before = self.excerpt.text.encode("utf-8", "surrogatepass")[:position].decode("utf-8", "ignore")
        code = getattr(problem, "character", None)
        shown = f" (U+{code:04X})" if isinstance(code, int) else ""
        return f"{getattr(problem, 'reason', None) or problem}{shown}", self._at(len(before))

    def _at(self, offset: int) -> Origin:
        offset = min(offset, max(len(self.excerpt.text) - 1, 0))
        return Origin(self.excerpt.span(offset, min(offset + 1, len(self.excerpt.text))))

    def _origin(self, event: Any) -> Origin:
        return Origin(self.excerpt.span(event.start_mark.index, event.end_mark.index))

    def _scalar(self, event: Any) -> _Node:
        text = event.value.replace(self.mask, ":") if self.mask else event.value
        if len(text) > MAX_SCALAR:
            raise LimitError(f"a scalar of more than {MAX_SCALAR:,} characters", self._origin(event))
        self._count(1, event)
        style, tag = event.style or "", event.tag
        start, end = event.start_mark.index, event.end_mark.index
        if style in ("|", ">"):
            end = start + len(self.excerpt.text[start:end].rstrip())
        base = self.excerpt.base
        file = self.excerpt.whole.file
        span = Span(file, start + base, end + base) if base is not None else self.excerpt.span(start, end)
        try:
            if tag is None:
                value = text if style in BLOCK_OR_QUOTED else plain(text, self.dialect)
            else:
                value = resolve_text(text, style, tag, self.dialect)
        except TagProblem as problem:
            if self.dialect is not Dialect.KUBERNETES:
                raise SyntaxProblem(str(problem), Origin(span)) from problem
            # Kustomize looks at a tag when it prints the value; until then a patch may take it away.
            value = text
        node = _Node(Scalar(value, Origin(span), text, style, tag), end)
        if event.anchor is not None:
            self.anchors[event.anchor] = node
            self.anchor_spans[event.anchor] = span
        return node

    def _count(self, nodes: int, event: Any) -> None:
        self.size += nodes
        if self.size > MAX_NODES:
            raise LimitError(f"more than {MAX_NODES:,} nodes", self._origin(event))

    def _open(self, stack: list[_Open], event: Any, *, is_mapping: bool) -> None:
        if len(stack) >= MAX_DEPTH:
            raise LimitError(f"nested more than {MAX_DEPTH} levels deep", self._at(event.start_mark.index))
        self._count(1, event)
        if stack and stack[-1].fields is not None and stack[-1].key is None:
            raise SyntaxProblem("a mapping key must be text, not a collection", self._at(event.start_mark.index))
        stack.append(_Open(event.start_mark.index, event.anchor, is_mapping=is_mapping))
        stack[-1].end = event.end_mark.index
        stack[-1].flow = event.end_mark.index > event.start_mark.index
        if event.anchor is not None:
            # An anchor holds from here on, so that one of the same name further in takes its place.
            self.anchors[event.anchor] = stack[-1]
            self.anchor_spans[event.anchor] = self._at(event.start_mark.index).span

    def _close(self, stack: list[_Open], event: Any) -> _Node:
        frame = stack.pop()
        # A block collection's end event stands at the next token, after comments and blank lines.
        end = event.end_mark.index if event.end_mark.index > event.start_mark.index else frame.end
        origin = Origin(self.excerpt.span(frame.start, end))
        value: Value
        if frame.fields is None:
            value = Sequence(tuple(frame.items), origin)
        else:
            for merged, key in frame.merges:
                _merge(frame, merged, key, over=False)
            value = Mapping(frame.fields, origin, frame.keys)
        node = _Node(value, end, frame.size, frame.depth)
        if frame.anchor is not None and self.anchors[frame.anchor] is frame:
            self.anchors[frame.anchor] = node
        return node

    def _alias(self, event: Any, depth: int) -> _Node:
        name = event.anchor
        if name not in self.anchors:
            raise SyntaxProblem(f"unknown anchor '{name}' referenced", self._origin(event))
        node = self.anchors[name]
        if isinstance(node, _Open):
            raise SyntaxProblem(f"anchor '{name}' value contains itself", self._origin(event))
        self.size += node.size
        if self.size > MAX_NODES or depth + node.depth > MAX_DEPTH:
            raise LimitError(
                f"aliases of '{name}' make the document larger than {MAX_NODES:,} nodes or {MAX_DEPTH} levels",
                Origin(self.anchor_spans[name]),
            )
        return _Node(node.value, event.end_mark.index, node.size, node.depth)

    def _place(self, stack: list[_Open], node: _Node) -> _Node | None:
        """Put a finished node into the collection it belongs to; the node itself if it is the root."""
        if not stack:
            return node
        frame = stack[-1]
        frame.size += node.size
        frame.depth = max(frame.depth, node.depth + 1)
        frame.end = max(frame.end, node.end)
        value = node.value
        if frame.flow and isinstance(value, Scalar) and _changes_in_flow(value):
            self.changes_in_flow = True
        if frame.fields is None:
            frame.items.append(value)
        elif frame.key is None:
            if not isinstance(value, Scalar):
                raise SyntaxProblem("a mapping key must be text, not a collection", value.origin)
            frame.key = value
        else:
            self._set(frame, frame.key, value)
            frame.key = None
        return None

    def _set(self, frame: _Open, key: Scalar, value: Value) -> None:
        assert frame.fields is not None  # noqa: S101 - tells mypy what the caller saw
        if key.text == "<<" and not key.style and self.merges:
            if self.dialect is Dialect.KUBECTL:
                _merge(frame, value, key, over=True)
            else:
                frame.merges.append((value, key))
            return
        name = self._key(key, frame)
        if name in frame.fields and name in frame.keys and name not in frame.inherited:
            first = frame.keys[name].origin.span.line
            message = f'mapping key "{name[:80]}" already defined at line {first}, again at line {key.origin.span.line}'
            self.problems.append(KeyProblem(message, name, key, self._beginning(frame), value))
            if self.dialect is Dialect.KUBERNETES:
                # Kustomize looks keys up from the front, and refuses the document in the end.
                return
        frame.inherited.discard(name)
        frame.fields[name] = value
        frame.keys[name] = key

    def _beginning(self, frame: _Open) -> Span | None:
        exact = self.excerpt.base is not None or self.excerpt.lines
        return self.excerpt.span(frame.start, frame.start) if exact else None

    def _key(self, key: Scalar, frame: _Open) -> str:
        name, message = read_key(key, self.dialect)
        if message:
            self.problems.append(KeyProblem(message, name, key, self._beginning(frame)))
        return name


def _changes_in_flow(value: Scalar) -> bool:
    """Whether kustomize reads a value between braces otherwise once it has written it: nothing, or a time in quotes."""
    if value.style:
        return False
    return not value.text or (isinstance(value.value, str) and ":" in value.text and timestamp(value.text) is not None)


def _merge(frame: _Open, value: Value, key: Scalar, *, over: bool) -> None:
    """`<<`: the keys of other mappings, of which the first to set one wins.

    Args:
        frame: the mapping that inherits.
        value: the mapping or mappings it inherits from.
        key: the `<<`.
        over: whether they replace what the mapping itself set before, as in goyaml.v2; goyaml.v3 keeps that.

    Raises:
        SyntaxProblem: what is inherited is not a mapping.
    """
    assert frame.fields is not None  # noqa: S101 - only mappings have keys
    seen: set[str] = set()
    for source in value.items if isinstance(value, Sequence) else (value,):
        if not isinstance(source, Mapping):
            raise SyntaxProblem("map merge requires map or sequence of maps as the value", key.origin)
        for name, inherited in source.fields.items():
            if name in seen or (name in frame.fields and not over):
                continue
            seen.add(name)
            frame.fields[name] = inherited
            frame.inherited.add(name)
            if name in source.keys:
                frame.keys[name] = source.keys[name]


def _describe(problem: MarkedYAMLError) -> str:
    context = f"{problem.context}: " if problem.context else ""
    return f"{context}{problem.problem}"
