"""Field specs: which fields of which kinds a transformer writes (kustomize's `api/filters/fieldspec`)."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from infracheck.kustomize.identity import Gvk
from infracheck.kustomize.nodes import is_tagged_null, is_text_in_yaml_1_1, with_field, with_items
from infracheck.source.errors import RenderError
from infracheck.source.values import Mapping, Scalar, Sequence, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import TypeAlias

    from infracheck.kustomize.resource import Resource
    from infracheck.source.origin import Origin

    Setter: TypeAlias = Callable[[Value], Value]


INDEX = re.compile(r"[+-]?[0-9]{1,18}|\[.*\]", re.DOTALL)


class FieldSpec(NamedTuple):
    """A field of some kinds.

    Attributes:
        path: keys separated by `/`; a list on the way stands for all its elements; `key[]` must be a list.
        gvk: the kinds it is in; an empty part means any.
        create: whether the field is made where it is missing.
    """

    path: str
    gvk: Gvk = Gvk()
    create: bool = False

    @property
    def steps(self) -> tuple[str, ...]:
        """The keys of the path."""
        return split_path(self.path)


@cache
def split_path(path: str) -> tuple[str, ...]:
    r"""The keys of a path; `\/` is a slash inside a key."""
    steps: list[str] = []
    for part in path.split("/"):
        if steps and steps[-1].endswith("\\"):
            steps[-1] = steps[-1][:-1] + "/" + part
        else:
            steps.append(part)
    return tuple(steps)


@cache
def is_index(step: str) -> bool:
    """Whether a step, such as `0`, `-` or `[name=x]`, means an element of a list: no mapping can be asked for it."""
    return step in {"-", "*"} or INDEX.fullmatch(step) is not None


@cache
def _indexes(path: str) -> frozenset[str]:
    return frozenset(step for step in split_path(path) if is_index(step.removesuffix("[]")))


def merge_specs(known: tuple[FieldSpec, ...], incoming: Iterable[FieldSpec], origin: Origin) -> tuple[FieldSpec, ...]:
    """Field specs with more added; one is dropped if a spec for the same path of a kind it covers is there already.

    Raises:
        RenderError: two specs agree on path and kind but not on `create`.
    """
    result = list(known)
    for spec in incoming:
        twin = next((one for one in result if one.path == spec.path and spec.gvk.selects(one.gvk)), None)
        if twin is None:
            result.append(spec)
        elif twin.create != spec.create:
            raise RenderError(f"conflicting fieldspecs for `{spec.path}`: one creates the field, one does not", origin)
    return tuple(result)


class FieldWriter:
    """Writes one field spec into objects.

    Attributes:
        spec: the field.
        setter: makes the new value from the old one.
        empty: what a missing field begins as where the spec says create; None never creates.
    """

    def __init__(self, spec: FieldSpec, setter: Setter, empty: Value | None = None) -> None:
        self.spec = spec
        self.setter = setter
        self.empty = empty
        self.indexes = _indexes(spec.path)
        self.creates = spec.create and empty is not None

    def apply(self, resource: Resource) -> None:
        """Write the field of an object, if it is of the right kind.

        Raises:
            RenderError: something other than a mapping or a list stands on the way.
        """
        if self.spec.gvk.selects(resource.gvk):
            root = self._walk(resource.root, self.spec.steps)
            assert isinstance(root, Mapping)  # noqa: S101 - a path has at least one step, so the root stays a mapping
            resource.root = root

    def _walk(self, value: Value, steps: tuple[str, ...]) -> Value:
        if not steps:
            return self.setter(value)
        if isinstance(value, Mapping):
            return self._field(value, steps)
        if isinstance(value, Sequence):
            items = [self._walk(item, steps) for item in value.items]
            if all(new is old for new, old in zip(items, value.items, strict=True)):
                return value
            return with_items(value, items)
        if is_tagged_null(value):
            return value
        raise RenderError(
            f"the field `{self.spec.path}` leads through a text: expected sequence or mapping node", value.origin
        )

    def _field(self, mapping: Mapping, steps: tuple[str, ...]) -> Value:
        if steps[0] in self.indexes:
            raise RenderError(f"`{steps[0]}` in the path `{self.spec.path}` is no field of a mapping", mapping.origin)
        name = steps[0].removesuffix("[]")
        is_sequence = steps[0].endswith("[]")
        creates = self.creates and not is_sequence
        if creates and not name:
            raise RenderError("a field without a name can't be created: its path is empty", mapping.origin)
        old = mapping.fields.get(name)
        if old is None and not creates:
            return mapping
        value: Value
        if old is None or (is_tagged_null(old) and creates):
            value = self._made(old, last=len(steps) == 1)
        elif is_tagged_null(old) and is_sequence:
            value = Sequence((), old.origin)
        else:
            value = old
        new = self._walk(value, steps[1:])
        return mapping if new is old else with_field(mapping, name, new)

    def _made(self, old: Value | None, *, last: bool) -> Value:
        assert self.empty is not None  # noqa: S101 - `creates` says so
        if last:
            # A null that is written out becomes the text that it is.
            return old if old is not None and isinstance(self.empty, Scalar) else self.empty
        return Mapping({}, old.origin if old is not None else self.empty.origin)


def write_all(resource: Resource, specs: Iterable[FieldSpec], setter: Setter, empty: Value | None) -> None:
    """Write several field specs into one object."""
    for spec in specs:
        FieldWriter(spec, setter, empty).apply(resource)


class EntrySetter:
    """A setter that puts a string under a key of a mapping: a label, an annotation.

    Attributes:
        key: the key.
        node: what is put where nothing stands: one node, wherever that is.
    """

    def __init__(self, key: str, text: str, origin: Origin, step: str) -> None:
        self.key = key
        self.step = step
        # Later values inherit the quotes.
        style = "" if is_text_in_yaml_1_1(text) else '"'
        self.node = Scalar(text, origin._replace(step=step), text, style)

    def __call__(self, value: Value) -> Value:
        """The mapping with the entry.

        Raises:
            RenderError: it is none.
        """
        if not isinstance(value, Mapping):
            raise RenderError(f"`{self.key}` belongs into a mapping", value.origin)
        old = value.fields.get(self.key)
        new = self.node if old is None else replaced(self.node.text or "", old, self.node.origin, self.step)
        return with_field(value, self.key, new)


def replaced(text: str, old: Value | None, origin: Origin, step: str) -> Scalar:
    """A string that takes the place of an old value, in its style; where nothing stood, in the quotes it needs."""
    before = old.origin if isinstance(old, Scalar) and old.text != "" else None
    style = old.style if isinstance(old, Scalar) else "" if is_text_in_yaml_1_1(text) else '"'
    return Scalar(text, origin._replace(step=step, overrode=before), text, style)
