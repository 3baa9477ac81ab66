"""Names of objects that were renamed, corrected wherever other objects mention them (`api/filters/nameref`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.kustomize.fieldspec import FieldSpec, FieldWriter
from infracheck.kustomize.identity import CLUSTER_SCOPED, Gvk
from infracheck.kustomize.name_paths import require_paths
from infracheck.kustomize.nodes import (
    get,
    is_null,
    raw_text,
    string,
    styled,
    text_of,
    untyped,
    with_field,
    with_items,
)
from infracheck.source.errors import RenderError
from infracheck.source.values import Mapping, Scalar, Sequence, Value

if TYPE_CHECKING:
    from collections.abc import Callable

    from infracheck.kustomize.configuration import Configuration
    from infracheck.kustomize.resource import Resource
    from infracheck.kustomize.resources import Resources
    from infracheck.source.origin import Origin


def fix_references(resources: Resources, configuration: Configuration) -> None:
    """Correct every field that the configuration says holds a name.

    Raises:
        RenderError: a name could mean several objects, or a field that should hold a name doesn't.
    """
    _require_namespaces(resources, configuration)
    require_paths(resources, configuration)
    renamed = [resource for resource in resources if resource.previous]
    if not renamed:
        return
    targets = [
        (target, specs, [one for one in renamed if any(target.selects(old.gvk) for old in one.previous_ids)])
        for target, specs in configuration.name_references
    ]
    targets = [entry for entry in targets if entry[2]]
    by_kind: dict[Gvk, list[tuple[FieldSpec, list[Resource]]]] = {}
    for referrer in resources:
        gvk = referrer.original_id.gvk
        if gvk not in by_kind:
            by_kind[gvk] = [
                (spec, candidates) for _, specs, candidates in targets for spec in specs if spec.gvk.selects(gvk)
            ]
        reachable: dict[int, list[Resource]] = {}
        for spec, candidates in by_kind[gvk]:
            if id(candidates) not in reachable:
                reachable[id(candidates)] = _reachable(referrer, candidates)
            if reachable[id(candidates)]:
                fixer = _Fixer(referrer, spec, reachable[id(candidates)], resources)
                FieldWriter(spec._replace(gvk=Gvk()), fixer.fix).apply(referrer)


def _require_namespaces(resources: Resources, configuration: Configuration) -> None:
    """Kustomize breaks down over subjects of a role binding whose kind or account's namespace is no text."""
    for resource in resources:
        subjects = resource.root.fields.get("subjects")
        if resource.kind != "RoleBinding" or not isinstance(subjects, Sequence):
            continue
        gvk = resource.original_id.gvk
        if not any(spec.gvk.selects(gvk) for _, specs in configuration.name_references for spec in specs):
            continue
        for subject in subjects.items:
            if not isinstance(subject, Mapping):
                raise RenderError(f"a subject of {resource.id} must be a mapping", subject.origin)
            kind, namespace = subject.get("kind"), subject.get("namespace")
            if kind is None or namespace is None:
                continue
            if not _is_text(kind):
                raise RenderError(f"the kind of a subject of {resource.id} must be a text", kind.origin)
            if text_of(kind) == "ServiceAccount" and not _is_text(namespace):
                raise RenderError(f"the namespace of a subject of {resource.id} must be a text", namespace.origin)


def _is_text(value: Value) -> bool:
    return isinstance(value, Scalar) and isinstance(value.value, str)


def _reachable(referrer: Resource, candidates: list[Resource]) -> list[Resource]:
    """The objects that this one could mean: in its namespace, in none, or named among the subjects of a binding."""
    here = referrer.id.effective_namespace
    if here == CLUSTER_SCOPED:
        return candidates
    named = _subject_namespaces(referrer)
    return [one for one in candidates if one.id.effective_namespace in {CLUSTER_SCOPED, here} or one.namespace in named]


def _subject_namespaces(referrer: Resource) -> set[str]:
    subjects = referrer.root.fields.get("subjects")
    if referrer.kind != "RoleBinding" or not isinstance(subjects, Sequence):
        return set()
    return {
        raw_text(subject.get("namespace"))
        for subject in subjects.items
        if isinstance(subject, Mapping)
        and not is_null(subject.get("namespace"))
        and text_of(subject.get("kind")) == "ServiceAccount"
    }


class _Fixer:
    """Corrects one field of one object."""

    def __init__(self, referrer: Resource, spec: FieldSpec, candidates: list[Resource], resources: Resources) -> None:
        self.referrer = referrer
        self.spec = spec
        self.candidates = candidates
        self.resources = resources

    def fix(self, value: Value) -> Value:
        if isinstance(value, Sequence):
            items = [item if isinstance(item, Sequence) else self.fix(item) for item in value.items]
            changed = any(new is not old for new, old in zip(items, value.items, strict=True))
            return with_items(value, items) if changed else value
        if is_null(value):
            return value
        if isinstance(value, Mapping):
            return self._fix_mapping(value)
        assert isinstance(value, Scalar)  # noqa: S101 - the tree has no other nodes
        referral = self._select(raw_text(value), self.candidates, lambda one: (one.name,), value.origin)
        return value if referral is None else self._named(value, referral)

    def _fix_mapping(self, value: Mapping) -> Mapping:
        name = value.fields.get("name")
        if name is None:
            return value
        candidates = self._in_namespace(value.fields.get("namespace"))
        referral = self._select(raw_text(name), candidates, lambda one: (one.name, one.namespace), name.origin)
        if referral is None or (referral.name == raw_text(name) and not referral.namespace):
            return value
        value = with_field(value, "name", _without_type(self._named(name, referral)))
        if not referral.namespace:
            return value
        old = value.fields.get("namespace")
        if isinstance(old, Scalar) and raw_text(old) == referral.namespace:
            return with_field(value, "namespace", _without_type(old))
        return with_field(value, "namespace", self._moved(old, referral))

    def _in_namespace(self, node: Value | None) -> list[Resource]:
        """The candidates in a namespace: those that were there at first, if anything was, else those there now."""
        if node is None:
            return self.candidates
        namespace = raw_text(node)
        everything = _reachable(self.referrer, self.resources.items)
        if any(one.original_id.effective_namespace == namespace for one in everything):
            return [one for one in self.candidates if one.original_id.effective_namespace == namespace]
        return [one for one in self.candidates if one.id.effective_namespace == namespace]

    def _named(self, old: Value, referral: Resource) -> Value:
        """The referral's name where another one stood: what changed the name, changed the reference."""
        if raw_text(old) == referral.name:
            return old
        origin = _origin_of(referral, "name", old)
        return styled(untyped(referral.name, origin), old)

    def _moved(self, old: Value | None, referral: Resource) -> Value:
        origin = _origin_of(referral, "namespace", old)
        if old is None:
            return string(referral.namespace, origin)
        return styled(untyped(referral.namespace, origin), old)

    def _select(
        self,
        name: str,
        candidates: list[Resource],
        identity: Callable[[Resource], tuple[str, ...]],
        origin: Origin,
    ) -> Resource | None:
        candidates = [one for one in candidates if any(old[0] == name for old in one.previous)]
        candidates = self._of_role(candidates)
        candidates = self._beside(candidates)
        if len(candidates) == 1:
            return candidates[0]
        for lenient in (True, False):
            candidates = [one for one in candidates if same_affixes(one, self.referrer, lenient=lenient)]
            if len(candidates) == 1:
                return candidates[0]
        if not candidates:
            return None
        if len({identity(one) for one in candidates}) == 1:
            return candidates[0]
        names = ", ".join(str(one.id) for one in candidates)
        raise RenderError(f"found multiple possible referrals for `{name}`: {names}", origin)

    def _of_role(self, candidates: list[Resource]) -> list[Resource]:
        if not candidates or not self.spec.path.endswith("roleRef/name"):
            return candidates
        group, kind = (get(self.referrer.root, "roleRef", key) for key in ("apiGroup", "kind"))
        if group is None or kind is None:
            return candidates
        wanted = Gvk(raw_text(group), "", raw_text(kind))
        return [one for one in candidates if any(wanted.selects(old.gvk) for old in one.previous_ids)]

    def _beside(self, candidates: list[Resource]) -> list[Resource]:
        here = self.referrer.id.effective_namespace
        if here == CLUSTER_SCOPED:
            return candidates
        return [
            one
            for one in candidates
            if one.id.effective_namespace in {CLUSTER_SCOPED, here} or one.kind == "ServiceAccount"
        ]


def _without_type(value: Value) -> Value:
    """A text as it is put into a mapping once more: without quotes, it is what it looks like."""
    new = styled(untyped(raw_text(value), value.origin), value)
    return new if isinstance(value, Scalar) and isinstance(new, Scalar) and new.value != value.value else value


def _origin_of(referral: Resource, key: str, old: Value | None) -> Origin:
    """The origin of the referral's name or namespace, as it now decides a reference to it."""
    node = get(referral.root, "metadata", key)
    origin = (node or referral.root).origin
    if not isinstance(old, Scalar):
        return origin
    return origin._replace(overrode=old.origin)


def same_affixes(one: Resource, other: Resource, *, lenient: bool) -> bool:
    """Whether two objects were renamed alike; leniently, one that was not renamed is like any other."""
    pairs = ((one.prefixes, other.prefixes), (one.suffixes, other.suffixes))
    return all((lenient and not (a and b)) or _same_end(a, b) for a, b in pairs)


def _same_end(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    short, long = sorted((one, other), key=len)
    if not short:
        return not long
    return long[-len(short) :] == short
