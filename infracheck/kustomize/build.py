"""Rendering a kustomization: what `kubectl kustomize` does (`api/krusty/kustomizer.go`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.kustomize.build_metadata import ANNOTATIONS, OPTIONS, annotate
from infracheck.kustomize.configuration import Configuration
from infracheck.kustomize.folding import FLOW, NEXT_LINE, as_written, require_readable
from infracheck.kustomize.hashing import append_hashes
from infracheck.kustomize.key_problems import repeated
from infracheck.kustomize.loader import Loader
from infracheck.kustomize.name_references import fix_references
from infracheck.kustomize.nodes import get, is_null, raw_text, require_sound, string, text_of, with_path
from infracheck.kustomize.order import KIND_RANK, legacy_order, ranks
from infracheck.kustomize.rendering import RenderedObject, Rendering
from infracheck.kustomize.resources import Resources
from infracheck.kustomize.session import GAP_MODES, REMOTE, Accumulated, RenderCache, Session
from infracheck.kustomize.target import Target, read_root, use_schema
from infracheck.kustomize.variables import resolve_variables
from infracheck.source.errors import ReadError, RenderError
from infracheck.source.values import Mapping, Scalar, Sequence, Value, walk

if TYPE_CHECKING:
    from pathlib import Path

    from infracheck.kustomize.kustomization import Kustomization
    from infracheck.kustomize.resource import Resource
    from infracheck.source.reader import Reader

RESTRICTORS = {
    "root-only": True,
    "LoadRestrictionsRootOnly": True,
    "none": False,
    "LoadRestrictionsNone": False,
}
BUILD_ANNOTATIONS = frozenset(
    f"internal.config.kubernetes.io/{name}"
    for name in [
        "previousKinds",
        "previousNames",
        "prefixes",
        "suffixes",
        "previousNamespaces",
        "allowNameChange",
        "allowKindChange",
        "refBy",
        "generatorBehavior",
        "needsHashSuffix",
        "path",
        "index",
        "seqindent",
        "id",
        "annotations-migration-resource-id",
    ]
) | {f"config.kubernetes.io/{name}" for name in ("path", "index")}
"""Annotations that kustomize uses for itself and removes in the end, whoever wrote them."""


def render(
    overlay: Path,
    reader: Reader,
    *,
    load_restrictor: str = "root-only",
    gaps: str = REMOTE,
    cache: RenderCache | None = None,
) -> Rendering:
    """What `kubectl kustomize` prints for a directory, with an origin for every field.

    Args:
        overlay: the directory of a kustomization.
        reader: opens the files; nothing outside its root is read.
        load_restrictor: "root-only" or "none": whether files must be below the kustomization that names them.
        gaps: what happens to what would be fetched or executed: "collect" leaves all of it out and lists it in the
            rendering's `gaps`, "refuse" raises, "remote" leaves out what must be fetched and refuses what
            `kubectl kustomize` refuses too (charts, executables).
        cache: shared between the renders of one scan; files must not change meanwhile.

    Raises:
        RenderError: `kubectl kustomize` would refuse it; the origin names the cause.
        SyntaxProblem: a file is not YAML.
        LimitError: something is too large, too deep or too complex.
        ReadError: a file can't be read, or is outside the reader's root.
        ValueError: an argument is not one of those above.
    """
    if load_restrictor not in RESTRICTORS or gaps not in GAP_MODES:
        raise ValueError(f"load_restrictor={load_restrictor!r}, gaps={gaps!r}")
    directory = reader.resolve(overlay)
    if not directory.is_dir():
        raise ReadError(f"{reader.display(overlay)}: not a directory")
    session = Session(cache or RenderCache(), gaps)
    loader = Loader(reader, directory, (), RESTRICTORS[load_restrictor])
    kustomization = read_root(directory, loader, session)
    session.metadata = _build_metadata(kustomization)
    session.visited.add(directory)
    use_schema(session, kustomization, loader, is_root=True)
    state = Target(kustomization, loader, session, "").accumulate(Accumulated(Resources(), Configuration()))
    _finish(state)
    items = _ordered(state.resources.items, kustomization)
    for resource in items:
        _tidy(resource, session, kustomization)
    objects = tuple(RenderedObject(resource.root, resource.id) for resource in items)
    return Rendering(objects, tuple(session.gaps), tuple(dict.fromkeys(session.warnings)))


def _build_metadata(kustomization: Kustomization) -> frozenset[str]:
    chosen = kustomization.strings("buildMetadata")
    for option in chosen:
        if text_of(option) not in OPTIONS:
            raise RenderError(
                f"invalid buildMetadata option '{text_of(option)}'; one of {', '.join(sorted(OPTIONS))}", option.origin
            )
    return frozenset(map(text_of, chosen))


def _finish(state: Accumulated) -> None:
    """What happens once, on everything together."""
    append_hashes(state.resources)
    fix_references(state.resources, state.configuration)
    resolve_variables(state.resources, state.variables, state.configuration["varReference"])
    remaining = Resources([resource for resource in state.resources if not resource.is_local])
    remaining.require_distinct()
    # Kustomize goes by names: what is only for its own use stays where a printed object has the same.
    names = {resource.id.key for resource in remaining}
    state.resources.items = [resource for resource in state.resources if resource.id.key in names]


def _ordered(items: list[Resource], kustomization: Kustomization) -> list[Resource]:
    options = kustomization.root.get("sortOptions")
    if not isinstance(options, Mapping):
        return _sorted(items)
    order = options.get("order")
    legacy = options.get("legacySortOptions")
    if text_of(order) not in {"fifo", "legacy"}:
        raise RenderError("the field 'sortOptions.order' must be one of [fifo, legacy]", (order or options).origin)
    if text_of(order) == "fifo":
        if legacy is not None:
            raise RenderError("the field 'sortOptions.legacySortOptions' needs order 'legacy'", legacy.origin)
        return items
    if isinstance(legacy, Mapping):
        first, last = (_texts(legacy.get(field)) for field in ("orderFirst", "orderLast"))
        return _sorted(items, ranks(first, last))
    return _sorted(items)


def _sorted(items: list[Resource], rank: dict[str, int] = KIND_RANK) -> list[Resource]:
    """The objects in legacy order, in which no two may be the same."""
    Resources(items).require_distinct()
    return legacy_order(items, rank)


def _texts(value: Value | None) -> list[str]:
    return [text_of(item) for item in value.items] if isinstance(value, Sequence) else []


def _tidy(resource: Resource, session: Session, kustomization: Kustomization) -> None:
    """What happens to an object when it is printed."""
    # Its annotations are written anew, so that they are no nodes of other places any more.
    resource.shared = ()
    _join_annotations(resource)
    resource.require_sound_keys()
    if not resource.name and not resource.kind.endswith("List"):
        raise RenderError(f"missing metadata.name in the {resource.kind}", resource.origin_of("metadata", "name"))
    if session.metadata:
        annotate(resource, session.metadata, kustomization.origin_of("buildMetadata"))
    _tidy_annotations(resource, _unwanted(session.metadata))
    folded = False
    for node in walk(resource.root):
        if not isinstance(node, Scalar):
            continue
        require_sound(node)
        require_readable(node)
        folded = folded or node.style == ">" or (isinstance(node.value, str) and NEXT_LINE in node.value)
    if folded or resource.changes_in_flow:
        root = as_written(resource.root)
        assert isinstance(root, Mapping)  # noqa: S101 - a mapping stays one
        resource.root = root


def _join_annotations(resource: Resource) -> None:
    """Annotations that stand there twice become one mapping when they are written anew; what stands first wins."""
    metadata = get(resource.root, "metadata")
    if not resource.problems or not isinstance(metadata, Mapping):
        return
    again, others = repeated(resource.problems, metadata, "annotations")
    listed = [metadata.fields.get("annotations"), *(one.value for one in again)]
    mappings = [one for one in listed if isinstance(one, Mapping)]
    if not mappings or not again or not all(isinstance(one, Mapping) or is_null(one) for one in listed[1:]):
        return
    fields = {key: value for one in reversed(mappings) for key, value in one.fields.items()}
    keys = {key: node for one in reversed(mappings) for key, node in one.keys.items()}
    new = Mapping(fields, mappings[0].origin, keys)
    resource.root = with_path(resource.root, ("metadata", "annotations"), new, new.origin)
    resource.problems = others


def _unwanted(metadata: frozenset[str]) -> frozenset[str]:
    """The annotations that are not printed: kustomize's own, and those about origins unless asked for."""
    extra = {annotation for option, annotation in ANNOTATIONS.items() if option not in metadata}
    return BUILD_ANNOTATIONS | extra


def _tidy_annotations(resource: Resource, unwanted: frozenset[str]) -> None:
    """Annotations are texts; kustomize's own are removed; an empty mapping of them goes too."""
    annotations = get(resource.root, "metadata", "annotations")
    if annotations is None:
        return
    if isinstance(annotations, Sequence):
        raise RenderError("the annotations must be a mapping: kustomize breaks down over a list", annotations.origin)
    if not isinstance(annotations, Mapping):
        resource.root = with_path(resource.root, ("metadata", "annotations"), None, annotations.origin)
        return
    fields: dict[str, Value] = {}
    above = (resource.root, get(resource.root, "metadata"))
    in_flow = any(one is not None and FLOW.match(one.origin.span.text) for one in above)
    for key, value in annotations.fields.items():
        if key in unwanted:
            continue
        is_text = (
            isinstance(value, Scalar)
            and isinstance(value.value, str)
            and value.value == value.text
            and value.style != ">"
        )
        fields[key] = value if is_text else string(raw_text(value), value.origin)
        if not in_flow:
            # They are written without the quotes they may have had.
            require_readable(string(raw_text(value), value.origin))
    unchanged = len(fields) == len(annotations.fields) and all(
        fields[key] is value for key, value in annotations.fields.items()
    )
    if fields and unchanged:
        return
    new = Mapping(fields, annotations.origin, annotations.keys) if fields else None
    resource.root = with_path(resource.root, ("metadata", "annotations"), new, annotations.origin)
