"""What the names in the expressions of one module instance stand for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.source.origin import Origin
from infracheck.source.values import Unknown
from infracheck.terraform import construct
from infracheck.terraform.expansion import Repetition
from infracheck.terraform.scope import (
    STEPS,
    FileAccess,
    Resolved,
    UndeclaredError,
    path_value,
    undeclared,
    workspace_value,
)
from infracheck.terraform.types import DYNAMIC

if TYPE_CHECKING:
    from infracheck.source.files import Span
    from infracheck.source.values import Value
    from infracheck.terraform.instances import ModuleInstance


class ModuleScope:
    """The scope of a module instance. What a reference needs and nobody evaluated yet is evaluated then.

    Attributes:
        files: the files that functions may read.
    """

    short_circuits = True

    def __init__(self, module: ModuleInstance) -> None:
        self._module = module
        self.files: FileAccess | None = FileAccess(module.run.reader, module.run.root, module.run.refused)

    def resolve(self, root: str, names: tuple[str, ...], span: Span) -> Resolved:
        """The value that a reference begins with.

        Raises:
            UndeclaredError: nothing of that name is declared.
        """
        module = self._module
        first = names[0] if names else ""
        match root:
            case "var" if first in module.declarations.variables:
                return self._evaluated("variable", first, module.variables, span)
            case "local" if first in module.declarations.locals:
                return self._evaluated("local", first, module.locals, span)
            case "module" if first in module.declarations.calls:
                return self._call(names, span)
            case "path":
                return Resolved(self._path(names, Origin(span, "path")), 1)
            case "terraform":
                return Resolved(workspace_value(names, module.run.workspace, Origin(span, "workspace")), 1)
            case "self":
                return Resolved(construct.unknown("`self` is known only while it is created", Origin(span)), 0)
            case "each" | "count":
                undeclared(root, names, Origin(span))
            case "data" | "ephemeral":
                key = (root, *names[:2])
            case _:
                key = ("managed", root, *names[:1])
        if key in module.declarations.resources:
            return self._resource(key, span)
        return self._undeclared(root, names, span)

    def _undeclared(self, root: str, names: tuple[str, ...], span: Span) -> Resolved:
        if not self._module.declarations.incomplete:
            undeclared(root, names, Origin(span, STEPS.get(root, "reference")))
        reason = f"`{span.text}` is not declared in the files that can be read"
        return Resolved(construct.unknown(reason, Origin(span)), len(names))

    def _evaluated(self, kind: str, name: str, values: dict[str, Value], span: Span) -> Resolved:
        if name not in values:
            self._module.ensure(kind, name)
        return Resolved(values.get(name) or _circular(span), 1)

    def _resource(self, key: tuple[str, str, str], span: Span) -> Resolved:
        module = self._module
        if key not in module.objects:
            module.ensure("resource", *key)
        return Resolved(module.objects.get(key) or _circular(span), 1 if key[0] == "managed" else 2)

    def _call(self, names: tuple[str, ...], span: Span) -> Resolved:
        module, name = self._module, names[0]
        if name not in module.calls:
            module.ensure("call", name)
        called = module.calls.get(name)
        if called is None:
            return Resolved(_circular(span), 1)
        if called.expansion.repetition is not Repetition.SINGLE or not called.children or len(names) < 2:
            return Resolved(module.object_of(name), 1)
        child, output = called.children[0], names[1]
        if output in child.declarations.outputs:
            if output not in child.outputs:
                child.ensure("output", output)
            return Resolved(child.outputs.get(output) or _circular(span), 2)
        if child.declarations.incomplete:
            reason = f"the output `{output}` is not declared in the files that can be read"
            return Resolved(construct.unknown(reason, Origin(span)), len(names))
        message = f'Unsupported attribute: module "{name}" has no output named "{output}".'
        raise UndeclaredError(message, Origin(span))

    def _path(self, names: tuple[str, ...], origin: Origin) -> Value:
        if names and names[0] == "module":
            return construct.string(self._module.run.relative(self._module.declarations.directory), origin)
        return path_value(names, origin)


def _circular(span: Span) -> Unknown:
    return Unknown(f"`{span.text}` depends on itself", Origin(span), type=DYNAMIC)
