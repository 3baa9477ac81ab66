"""What HCL text means, before it is evaluated: expressions, templates, attributes, blocks.

Every node is a record, never changed, with the offsets `start` and `end` of its text in the file it was read from:
`Span(attribute.file, node.start, node.end)`. Expressions do not repeat the file; attributes, blocks and bodies hold it.
The shapes follow the HCL native syntax specification
(https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md); JSON files become the same nodes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias, TypeVar, dataclass_transform

from infracheck.source.files import SourceFile, Span

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from infracheck.source.errors import SyntaxProblem

Node = TypeVar("Node")


@dataclass_transform(frozen_default=True)
def node(cls: type[Node]) -> type[Node]:
    """A slotted record, equal only to itself: it stands for one place in a text.

    The type checker holds it immutable. At run time it is not frozen, since that makes an instance thrice as dear, and
    a repository has a million of them.
    """
    return dataclass(slots=True, eq=False)(cls)


@node
class Literal:
    """A number (exact, as written), `true`, `false` or `null`. Strings are templates."""

    value: Decimal | bool | None
    start: int
    end: int


@node
class Template:
    """A string: quoted, heredoc, or a bare template (`templatefile`, strings of JSON files).

    A template whose only part is an interpolation means that expression's value, of whatever type. No parts: "".

    Attributes:
        parts: literal text (escapes read, heredoc indent and `~` markers applied), interpolations and directives.
            Two literals never stand side by side and none is empty, but for one beside a lone interpolation, from
            which `~` stripped what stood around it.
        start: the offset of the opening quote or `<<`.
        end: the offset past the closing quote, or past a heredoc's end marker.
        opening: `"`, a heredoc's `<<EOT` or `<<-EOT`, or "" for a bare template and for the bare name of an object key.
    """

    parts: tuple[TemplatePart, ...]
    start: int
    end: int
    opening: str = '"'

    @property
    def literal(self) -> str | None:
        """The text, if it has no interpolations and no directives; else None."""
        parts = self.parts
        if not parts:
            return ""
        first = parts[0]
        return first if len(parts) == 1 and isinstance(first, str) else None


@node
class Interpolation:
    """`${ expression }` inside a template."""

    expression: Expression
    start: int
    end: int


@node
class TemplateIf:
    """`%{ if condition }then%{ else }otherwise%{ endif }`."""

    condition: Expression
    then: tuple[TemplatePart, ...]
    otherwise: tuple[TemplatePart, ...]
    start: int
    end: int


@node
class TemplateFor:
    """`%{ for key, value in collection }body%{ endfor }`; `key_name` is None where only the value is named."""

    key_name: str | None
    value_name: str
    collection: Expression
    body: tuple[TemplatePart, ...]
    start: int
    end: int


@node
class Variable:
    """The root name of a reference: `var`, `local`, `aws_s3_bucket`, or a name bound by `for`."""

    name: str
    start: int
    end: int


@node
class GetAttr:
    """`source.name`."""

    source: Expression
    name: str
    start: int
    end: int


@node
class Index:
    """`source[key]`."""

    source: Expression
    key: Expression
    start: int
    end: int


@node
class LegacyIndex:
    """`source.0`, the form of Terraform 0.11; means `source[0]`."""

    source: Expression
    position: int
    start: int
    end: int


@node
class Splat:
    """`source.*.name` or `source[*].name`.

    Attributes:
        source: what is iterated over.
        each: the expression evaluated for every element, which stands in it as `SplatItem`.
        full: true for `[*]`, which takes any step after it, false for `.*`, which takes attributes and legacy indexes.
        start: the offset of the source.
        end: the offset past the last step that belongs to the splat.
    """

    source: Expression
    each: Expression
    full: bool
    start: int
    end: int


@node
class SplatItem:
    """The current element, inside `Splat.each`."""

    start: int
    end: int


@node
class FunctionCall:
    """`name(arguments)` or `namespace::name(arguments)`.

    Attributes:
        name: the name with its namespaces, without spaces: `provider::aws::arn_parse`.
        arguments: the arguments in order.
        expand_final: whether `...` follows the last one, which is then a list of further arguments.
        start: the offset of the name.
        end: the offset past the closing parenthesis.
    """

    name: str
    arguments: tuple[Expression, ...]
    expand_final: bool
    start: int
    end: int


@node
class Tuple:
    """`[a, b]`."""

    items: tuple[Expression, ...]
    start: int
    end: int


@node
class ObjectItem:
    """`key = value` or `key : value` in an object.

    A bare name as key is a `Template` with `opening` "". Any other key is an expression; Terraform refuses, when it
    evaluates the object, a key that is an attribute access (`a.b = 1`) outside parentheses.
    """

    key: Expression
    value: Expression
    start: int
    end: int


@node
class Object:
    """`{ key = value, … }`."""

    items: tuple[ObjectItem, ...]
    start: int
    end: int


@node
class ForTuple:
    """`[for key, value in collection : result if condition]`."""

    key_name: str | None
    value_name: str
    collection: Expression
    result: Expression
    condition: Expression | None
    start: int
    end: int


@node
class ForObject:
    """`{for key, value in collection : result_key => result if condition}`; `grouping` marks `...` after the result."""

    key_name: str | None
    value_name: str
    collection: Expression
    result_key: Expression
    result: Expression
    condition: Expression | None
    grouping: bool
    start: int
    end: int


@node
class Conditional:
    """`condition ? then : otherwise`."""

    condition: Expression
    then: Expression
    otherwise: Expression
    start: int
    end: int


@node
class Binary:
    """`left operator right`, the operator one of `|| && == != < > <= >= + - * / %`."""

    operator: str
    left: Expression
    right: Expression
    start: int
    end: int


@node
class Unary:
    """`-operand` or `!operand`."""

    operator: str
    operand: Expression
    start: int
    end: int


@node
class Parentheses:
    """`(inner)`; kept because it makes an object key an expression."""

    inner: Expression
    start: int
    end: int


TemplatePart: TypeAlias = str | Interpolation | TemplateIf | TemplateFor
Expression: TypeAlias = (
    Literal
    | Template
    | Variable
    | GetAttr
    | Index
    | LegacyIndex
    | Splat
    | SplatItem
    | FunctionCall
    | Tuple
    | Object
    | ForTuple
    | ForObject
    | Conditional
    | Binary
    | Unary
    | Parentheses
)


@node
class Attribute:
    """`name = expression` in a body. Its text runs from the name to the end of the expression."""

    name: str
    expression: Expression
    file: SourceFile
    start: int
    name_end: int
    end: int

    @property
    def span(self) -> Span:
        """Name, `=` and expression."""
        return Span(self.file, self.start, self.end)

    @property
    def name_span(self) -> Span:
        """The name alone."""
        return Span(self.file, self.start, self.name_end)

    @property
    def value_span(self) -> Span:
        """The expression alone."""
        return Span(self.file, self.expression.start, self.expression.end)


@node
class Block:
    """`type "label" { … }` in a body.

    Attributes:
        type: the word it begins with: `resource`, `ingress`.
        labels: its labels, quotes removed.
        body: what stands between the braces.
        file: the file it is written in.
        start: the offset of the type.
        header_end: the offset past the last label, or past the type where there is none.
        label_spans: the offsets of each label, quotes included.
        end: the offset past the closing brace.
    """

    type: str
    labels: tuple[str, ...]
    body: Body
    file: SourceFile
    start: int
    header_end: int
    label_spans: tuple[tuple[int, int], ...]
    end: int

    @property
    def span(self) -> Span:
        """The whole block, to its closing brace."""
        return Span(self.file, self.start, self.end)

    @property
    def header_span(self) -> Span:
        """Type and labels, which is what a finding about the block as a whole points at."""
        return Span(self.file, self.start, self.header_end)

    @property
    def type_span(self) -> Span:
        """The type alone."""
        return Span(self.file, self.start, self.start + len(self.type))

    def label_span(self, position: int) -> Span:
        """One label, quotes included."""
        return Span(self.file, *self.label_spans[position])


@node
class Body:
    """Attributes by name, in the order written, and blocks, in the order written."""

    attributes: dict[str, Attribute]
    blocks: tuple[Block, ...]
    file: SourceFile
    start: int
    end: int

    def blocks_of(self, type_: str) -> Iterator[Block]:
        """The blocks directly inside that have a type."""
        return (block for block in self.blocks if block.type == type_)


@node
class ParsedFile:
    """A file as far as it could be read.

    Attributes:
        body: everything that is sound.
        problems: what is not, in the order of the text; what they touch is left out of the body.
        comments: each comment, `#` or `//` to its line's end (without the line end) and `/* */` whole.
    """

    body: Body
    problems: tuple[SyntaxProblem, ...]
    comments: tuple[Span, ...]

    @property
    def file(self) -> SourceFile:
        """The file that was read."""
        return self.body.file
