"""Strategic merge patches, as kyaml merges them (`kyaml/yaml/merge2` and `kyaml/yaml/walk`).

kyaml's merge differs from the API server's: directives other than `$patch` are kept as data, lists whose keys are
incomplete may lose edits, and what the patch brings comes first. All of that is what gets applied, so it is kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from infracheck.kustomize.nodes import (
    get,
    is_null,
    is_tagged_null,
    quoted,
    raw_text,
    styled,
    text_of,
    untyped,
    with_field,
    with_items,
    with_origin,
)
from infracheck.source.errors import RenderError
from infracheck.source.values import Mapping, Scalar, Sequence, Value

if TYPE_CHECKING:
    from infracheck.kustomize.key_problems import Repeats
    from infracheck.kustomize.schema import Schema, SchemaBook

DIRECTIVE = "$patch"
Keys: TypeAlias = tuple[str, ...]


class Merger:
    """Merges patches under one schema.

    Attributes:
        book: says which lists merge.
        repeats: keys that come again in the object or in the patch.
        again: whether a patch was merged into the object before, which put texts like `y` and `off` in quotes.
    """

    def __init__(self, book: SchemaBook, repeats: Repeats, *, again: bool = False) -> None:
        self.book = book
        self.repeats = repeats
        self.again = again

    def merge(self, target: Mapping, patch: Mapping) -> Mapping | None:
        """The target with a patch merged in; None where the patch deletes it.

        Raises:
            RenderError: the patch has another shape than the target.
        """
        merged = self._walk(target, patch, None)
        return merged if isinstance(merged, Mapping) else None

    def _walk(self, old: Value | None, new: Value | None, schema: Schema | None) -> Value | None:
        """One field: what stands there (None: nothing), what the patch says (None: nothing)."""
        if new is None and isinstance(old, Scalar) and old.value is not None:
            return old
        schema = schema or self._schema_of(old) or self._schema_of(new)
        lead = old if not is_null(old) else new
        if is_null(lead):
            return self._walk_mapping(old, new, schema)
        for value in (old, new):
            if value is not None and not is_null(value) and type(value) is not type(lead):
                names = {Mapping: "mapping", Sequence: "list", Scalar: "text"}
                raise RenderError(
                    f"the patch has a {names[type(new)]} where a {names[type(old)]} stands",
                    value.origin,
                )
        if isinstance(lead, Mapping):
            return self._walk_mapping(old, new, schema)
        if isinstance(lead, Sequence):
            if schema is not None and schema.merges:
                return self._walk_list(old, new, schema)
            return self._override(old, new)
        return self._override(old, new)

    def _schema_of(self, value: Value | None) -> Schema | None:
        """The schema of an object that says itself what it is, at any depth."""
        if not isinstance(value, Mapping):
            return None
        api_version, kind = text_of(value.get("apiVersion")), text_of(value.get("kind"))
        return self.book.of_kind(api_version, kind) if api_version and kind else None

    def _override(self, old: Value | None, new: Value | None) -> Value | None:
        return old if new is None else self._written(new, old)

    def _written(self, new: Value, old: Value | None) -> Value:
        """A value of the patch, on record as having replaced what stood there."""
        if new is old or not (isinstance(new, Scalar) and isinstance(old, Scalar)):
            return new
        return with_origin(new, new.origin._replace(overrode=old.origin))

    def _walk_mapping(self, old: Value | None, new: Value | None, schema: Schema | None) -> Value | None:
        if is_null(old):
            directive, new = _directive(new, strict=False)
            if directive == "delete":
                return None
            if new is None and isinstance(old, Scalar) and raw_text(old):
                # A null that is written out stays; one that is only an empty value goes.
                return old
            if not isinstance(new, Mapping):
                return new
            return self._adopt(new, schema)
        if is_tagged_null(new):
            return None
        adopted = new is old
        directive, new = _directive(new, strict=True)
        if directive == "delete":
            return None
        if (directive == "replace" or adopted) and isinstance(new, Mapping):
            return self._adopt(new, schema)
        if not isinstance(old, Mapping):
            return old
        return self._fields(old, new if isinstance(new, Mapping) else None, schema)

    def _adopt(self, new: Mapping, schema: Schema | None) -> Mapping:
        """A mapping that comes from the patch alone: its own directives and nulls take effect."""
        return self._fields(new, new, schema)

    def _fields(self, old: Mapping, new: Mapping | None, schema: Schema | None) -> Mapping:
        adopted = new is old
        fields = dict(old.fields)
        keys = old.keys
        changed = False
        for key in fields.keys() | (new.fields.keys() if new is not None else set()):
            before = old.fields.get(key)
            below = schema.field(key) if schema is not None else None
            after = self._walk(before, new.fields.get(key) if new is not None else None, below)
            if after is before and not (is_tagged_null(after) and not raw_text(after)) and not adopted:
                continue
            changed = True
            if after is None or (is_tagged_null(after) and not (raw_text(after) and after is before and not adopted)):
                again = self.repeats.next(old, key) if before is not None else None
                if again is not None and again.value is not None:
                    fields[key] = again.value
                    keys = {**keys, key: again.key}
                    continue
                fields.pop(key, None)
                if before is not None and new is not None and key in new.keys and not adopted:
                    # What a patch took away is nowhere in the result; its key says who took it.
                    gone = new.keys[key]
                    origin = gone.origin._replace(step="patch", overrode=before.origin)
                    keys = {**keys, key: with_origin(gone, origin)}
                continue
            if new is not None and key in new.keys and (before is None or _replaces(new.fields[key], after)):
                keys = {**keys, key: new.keys[key]}
            fields[key] = styled(after, quoted(before) if self.again else before)
        if not changed:
            return old
        return Mapping(_in_order(fields, old, new), old.origin, keys)

    # Lists that merge -----------------------------------------------------------------------------------------------

    def _walk_list(self, old: Value | None, new: Value | None, schema: Schema) -> Value | None:
        if is_null(old):
            if not isinstance(new, Sequence):
                return new
            old = new
        elif is_tagged_null(new):
            return None
        else:
            directive, new = _list_directive(new)
            if directive == "delete":
                return None
            if directive == "replace":
                old = new
        assert isinstance(old, Sequence)  # noqa: S101 - checked by the caller
        patch = new if isinstance(new, Sequence) else None
        keys = schema.merge_keys
        if keys:
            return self._merge_elements(old, patch, keys, schema.elements())
        return self._merge_plain(old, patch)

    def _merge_plain(self, old: Sequence, patch: Sequence | None) -> Sequence:
        """Lists of plain values: those of the patch first, each once."""
        items: dict[str, Value] = {}
        for item in (*(patch.items if patch is not None else ()), *old.items):
            if not is_null(item):
                items.setdefault(raw_text(item), item)
        return with_items(old, items.values())

    def _merge_elements(
        self, old: Sequence, patch: Sequence | None, keys: Keys, schema: Schema | None
    ) -> Sequence | None:
        """Lists of mappings told apart by keys. Elements are cells, because kyaml changes them in place."""
        adopted = patch is old
        target = [_Cell(item) for item in old.items]
        source = target if adopted else [_Cell(item) for item in patch.items] if patch is not None else []
        known = _distinct_keys([*source, *target], keys)
        if len(keys) > 1:
            known = _joined_keys(known)
        added: list[_Cell] = []
        for values in known:
            names, wanted = _usable_keys(values, keys)
            here, there = _element(target, names, wanted), _element(source, names, wanted)
            cell = self._merge_cells(here, there, schema)
            if cell is None or is_null(cell.value) or _is_empty(cell.value):
                _set_element(target, names, wanted, None)
                continue
            for name, value in zip(names, wanted, strict=True):
                if value and isinstance(cell.value, Mapping) and name not in cell.value.fields:
                    cell.value = with_field(cell.value, name, untyped(value, cell.value.origin))
            _set_element(added, names, wanted, cell)
        if known:
            used = tuple(key for index, key in enumerate(keys) if any(values[index] for values in known))
            target = _append_rest(added, target, used or keys)
        if [cell.value for cell in target] == list(old.items) and not adopted:
            return old
        return with_items(old, (cell.value for cell in target))

    def _merge_cells(self, here: _Cell | None, there: _Cell | None, schema: Schema | None) -> _Cell | None:
        patch = there.value if there else None
        value = self._walk(here.value if here else None, patch, schema)
        directive = "merge"
        if there is not None:
            directive, elided = _directive(patch, strict=True)
            # A directive counts once, even if another set of keys leads to the same element.
            there.value = elided or there.value
        if value is None:
            return None
        if here is None or is_null(here.value):
            return _Cell(value)
        if there is not here and directive == "replace":
            return _Cell(value)
        here.value = value
        return here


class _Cell:
    """An element of a list while it is being merged."""

    __slots__ = ("value",)

    def __init__(self, value: Value) -> None:
        self.value = value


def _in_order(fields: dict[str, Value], old: Mapping, new: Mapping | None) -> dict[str, Value]:
    """Keys in the order they are written: the target's, then those the patch adds."""
    names = [*old.fields, *(new.fields if new is not None else ())]
    return {name: fields[name] for name in dict.fromkeys(names) if name in fields}


def _directive(patch: Value | None, *, strict: bool) -> tuple[str, Value | None]:
    """The `$patch` directive of a mapping, and the mapping without it."""
    if not isinstance(patch, Mapping) or DIRECTIVE not in patch.fields:
        return "merge", patch
    word = raw_text(patch.fields[DIRECTIVE])
    if word not in {"delete", "replace", "merge"}:
        if strict:
            raise RenderError(f"unknown patch strategy '{word}'", patch.fields[DIRECTIVE].origin)
        return "merge", patch
    return word, with_field(patch, DIRECTIVE, None)


def _list_directive(patch: Value | None) -> tuple[str, Value | None]:
    """The directive that an element holding nothing else gives for the whole list, and the list without it."""
    if not isinstance(patch, Sequence):
        return "merge", patch
    for item in patch.items:
        if isinstance(item, Mapping) and DIRECTIVE in item.fields:
            word = raw_text(item.fields[DIRECTIVE])
            if len(item.fields) > 1:
                return "merge", patch
            if word not in {"delete", "replace", "merge"}:
                raise RenderError(f"unknown patch strategy '{word}'", item.origin)
            return word, with_items(patch, (one for one in patch.items if raw_text(get(one, DIRECTIVE)) != word))
    return "merge", patch


def _replaces(patch: Value, after: Value) -> bool:
    """Whether a mapping or list is the patch's own, of which nothing that stood there is left."""
    if isinstance(patch, Mapping):
        return _directive(patch, strict=False)[0] == "replace"
    return isinstance(patch, Sequence) and (after is patch or _list_directive(patch)[0] == "replace")


def _is_empty(value: Value) -> bool:
    return isinstance(value, Mapping) and not value.fields


def _key_values(value: Value, keys: Keys) -> Keys:
    """What an element has for each key, "" where it has nothing."""
    return tuple(text_of(get(value, key)) for key in keys)


def _distinct_keys(cells: list[_Cell], keys: Keys) -> list[Keys]:
    values = (_key_values(cell.value, keys) for cell in cells)
    return list(dict.fromkeys(values))


def _joined_keys(known: list[Keys]) -> list[Keys]:
    """Keys that differ only in what one of them leaves out are taken for the same."""
    known = list(known)
    for i in range(len(known)):
        # Earlier rounds may have changed what stands here; this one goes on comparing with what it found.
        one = known[i]
        for j in range(len(known)):
            joined = _joined(one, known[j])
            if joined is not None:
                known[i] = known[j] = joined
    return known


def _joined(one: Keys, other: Keys) -> Keys | None:
    if not any(a == b for a, b in zip(one, other, strict=True)):
        return None
    if any(a and b and a != b for a, b in zip(one, other, strict=True)):
        return None
    return tuple(a or b for a, b in zip(one, other, strict=True))


def _usable_keys(values: Keys, keys: Keys) -> tuple[Keys, Keys]:
    """The keys that an element has, with its values; all of them if it has none."""
    used = [index for index, value in enumerate(values) if value] or range(len(keys))
    return tuple(keys[index] for index in used), tuple(values[index] for index in used)


def _element(cells: list[_Cell], keys: Keys, values: Keys) -> _Cell | None:
    """The first element with all these values; a value that is missing in both counts as equal nowhere."""
    for cell in cells:
        if not isinstance(cell.value, Mapping):
            continue
        fields = cell.value.fields
        if all(key in fields and raw_text(fields[key]) == value for key, value in zip(keys, values, strict=True)):
            return cell
    return None


def _set_element(cells: list[_Cell], keys: Keys, values: Keys, new: _Cell | None) -> None:
    """Put an element in the place of those with the same key values, or at the end; None removes them."""
    kept: list[_Cell] = []
    found = False
    for cell in cells:
        if is_null(cell.value) or _is_empty(cell.value):
            continue
        is_mapping = isinstance(cell.value, Mapping)
        if not is_mapping and keys and keys[0] and values and values[0]:
            kept.append(cell)
            continue
        if not _matches(cell.value, keys, values):
            if values:
                kept.append(cell)
            continue
        found = True
        if new is not None:
            kept.append(new)
    if new is not None and not found:
        kept.append(new)
    cells[:] = kept


def _matches(value: Value, keys: Keys, values: Keys) -> bool:
    matched = None
    for index, key in enumerate(keys):
        if index < len(values):
            field = get(value, key)
            # An empty wanted value matches any element that has the key at all.
            matched = field is not None and (not values[index] or raw_text(field) == values[index])
        if not matched:
            return False
    return True


def _append_rest(added: list[_Cell], rest: list[_Cell], keys: Keys) -> list[_Cell]:
    """What the patch brings first, then the elements it did not speak of, each in its place if it is there already."""
    result = list(added)
    for cell in rest:
        if not isinstance(cell.value, Mapping) and not is_null(cell.value):
            raise RenderError("an element of a list that merges must be a mapping", cell.value.origin)
        values = []
        for key in keys:
            field = get(cell.value, key)
            if field is None:
                result.append(cell)
            else:
                values.append(raw_text(field))
        wanted = tuple(values)
        if len(keys) > 1:
            _set_element(result, keys, wanted, None)
        _set_element(result, keys, wanted, cell)
    return result
