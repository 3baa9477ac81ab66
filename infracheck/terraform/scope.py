"""What the names in an expression mean: the contract between the evaluator and whoever knows the module."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, NoReturn, Protocol

from infracheck.source.errors import EvaluationError
from infracheck.source.origin import Origin
from infracheck.terraform import construct

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from infracheck.source.files import Span
    from infracheck.source.reader import Reader
    from infracheck.source.values import Value

STEPS = {
    "var": "variable",
    "local": "local",
    "each": "each",
    "count": "count",
    "module": "output",
    "path": "path",
    "terraform": "workspace",
}
"""The step that a reference adds to the origin of what it refers to; other roots are "reference"."""


class UndeclaredError(EvaluationError):
    """A name that nothing declares: an error whatever the values are, and wherever it stands."""


class FileAccess(NamedTuple):
    """Where `file`, `templatefile` and the like may read.

    Attributes:
        reader: the confined reader of the scan.
        directory: what relative paths are relative to: the directory of the root module, where one runs terraform.
        refused: told why a file was not looked at, and where it is asked for.
    """

    reader: Reader
    directory: Path
    refused: Callable[[str, Origin], None] | None = None


class Resolved(NamedTuple):
    """What a reference stands for.

    Attributes:
        value: the value of the name and of the attributes consumed.
        consumed: how many attribute names after the root the value accounts for: 1 for `var.x` in `var.x.y`.
    """

    value: Value
    consumed: int


class Scope(Protocol):
    """The names that expressions of one module may use.

    Attributes:
        files: the files that functions may read, or None where there are none.
        short_circuits: whether `&&` and `||` drop the errors of their right side where the left decides, as Terraform
            does since 1.12 and OpenTofu since 1.10. A configuration may count on it; the console of 1.11 does not.
    """

    files: FileAccess | None
    short_circuits: bool

    def resolve(self, root: str, names: tuple[str, ...], span: Span) -> Resolved:
        """The value that a reference begins with.

        Args:
            root: the first name: `var`, `local`, `module`, `data`, `path`, `terraform`, `each`, `count`, `self`, a
                resource type.
            names: the attribute names that follow it in the source, as far as they are plain names.
            span: the text of the reference, for errors.

        Raises:
            EvaluationError: nothing of that name is declared. `try` and conditionals do not catch it, since Terraform
                checks references before it evaluates.
        """


class EmptyScope:
    """A root module without any declarations, as `terraform console` sees it in an empty directory."""

    short_circuits = False

    def __init__(self, files: FileAccess | None = None, workspace: str = "default") -> None:
        self.files = files
        self.workspace = workspace

    def resolve(self, root: str, names: tuple[str, ...], span: Span) -> Resolved:  # noqa: RET503 - `undeclared` raises
        """Only `path` and `terraform` mean something here.

        Raises:
            EvaluationError: for every other name.
        """
        origin = Origin(span, STEPS.get(root, "reference"))
        if root == "path":
            return Resolved(path_value(names, origin), 1)
        if root == "terraform":
            return Resolved(workspace_value(names, self.workspace, origin), 1)
        undeclared(root, names, origin)


def path_value(names: tuple[str, ...], origin: Origin, directory: str = ".") -> Value:
    """`path.module` and `path.root` of a root module, and `path.cwd`, which depends on the machine.

    Raises:
        EvaluationError: `path` has no such attribute.
    """
    if not names:
        raise EvaluationError('The "path" object cannot be accessed directly; use one of its attributes.', origin)
    if names[0] in ("module", "root"):
        return construct.string(directory, origin)
    if names[0] == "cwd":
        return construct.unknown("`path.cwd` depends on where terraform runs", origin)
    raise EvaluationError(f'The "path" object does not have an attribute named "{names[0]}".', origin)


def workspace_value(names: tuple[str, ...], workspace: str, origin: Origin) -> Value:
    """`terraform.workspace`; `terraform.applying` is known only while applying.

    Raises:
        EvaluationError: `terraform` has no such attribute.
    """
    if names and names[0] == "workspace":
        return construct.string(workspace, origin)
    if names and names[0] == "applying":
        return construct.unknown("`terraform.applying` is known only while terraform runs", origin)
    name = names[0] if names else ""
    raise EvaluationError(
        f'The "terraform" object does not have an attribute named "{name}". The only supported attributes are '
        "terraform.workspace, the name of the currently-selected workspace, and terraform.applying, a boolean which is "
        "true only during apply.",
        origin,
    )


def undeclared(root: str, names: tuple[str, ...], origin: Origin) -> NoReturn:
    """Say, as Terraform does, that nothing of a name is declared.

    Raises:
        UndeclaredError: always.
    """
    raise UndeclaredError(_undeclared_message(root, names), origin)


def _undeclared_message(root: str, names: tuple[str, ...]) -> str:
    first = names[0] if names else None
    match root:
        case "each":
            return (
                'The "each" object can be used only in "module" or "resource" blocks, and only when the "for_each" '
                "argument is set."
            )
        case "count":
            return (
                'The "count" object can only be used in "module", "resource", and "data" blocks, and only when the '
                '"count" argument is set.'
            )
        case "self":
            return (
                'The "self" object is not available in this context. This object can be used only in resource '
                "provisioner, connection, and postcondition blocks."
            )
        case "var" | "local" | "module" if first is None:
            return f'The "{root}" object cannot be accessed directly. Instead, access one of its attributes.'
        case "var":
            return (
                f'An input variable with the name "{first}" has not been declared. This variable can be declared with '
                f'a variable "{first}" {{}} block.'
            )
        case "local":
            return f'A local value with the name "{first}" has not been declared.'
        case "module":
            return f'No module call named "{first}" is declared in this module.'
        case "data" if len(names) < 2:
            return 'The "data" object must be followed by two attribute names: the data source type and the name.'
        case "data":
            return f'A data resource "{names[0]}" "{names[1]}" has not been declared in this module.'
        case "template" | "lazy" | "arg":
            return f'The symbol name "{root}" is reserved for use in a future Terraform version.'
        case _ if first is None:
            return (
                "A reference to a resource type must be followed by at least one attribute access, specifying the "
                "resource name."
            )
        case _:
            return f'A managed resource "{root}" "{first}" has not been declared in this module.'
