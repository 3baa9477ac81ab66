"""One object on its way through a build: its fields, and the names it has had."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from infracheck.kustomize.identity import Gvk, ResourceId, group_and_version
from infracheck.kustomize.key_problems import remaining
from infracheck.kustomize.nodes import get, raw_text, string, string_map, styled, text_of, with_path
from infracheck.kustomize.shared_entries import rejoined
from infracheck.source.errors import RenderError
from infracheck.source.values import Mapping, Scalar

if TYPE_CHECKING:
    from infracheck.source.errors import SyntaxProblem
    from infracheck.source.origin import Origin

LOCAL_CONFIG = "config.kubernetes.io/local-config"


@dataclass(slots=True)
class Resource:
    """An object of a build. Its tree is immutable; a transformer puts a new one in its place.

    Attributes:
        previous: the names, effective namespaces and kinds it had before, oldest first.
        prefixes: the name prefixes it was given, innermost first.
        suffixes: the name suffixes it was given, innermost first.
        needs_hash: whether a hash of its content will be appended to its name.
        behavior: what a generated object does with an existing one: "create", "merge" or "replace".
        is_generated: whether a generator made it.
        allow_name_change: of a patch: whether it may rename its target.
        allow_kind_change: of a patch: whether it may change the kind of its target.
        variables: names of the vars that read from it.
        problems: what is wrong with its text in a way that only matters if the object is printed.
        was_merged: whether a strategic merge patch was merged into it.
        changes_in_flow: whether its file holds empty values or times between braces, which are printed as texts.
        made_by: where it was read or generated, for `buildMetadata: [originAnnotations]`.
        changed_by: which transformers touched it, for `buildMetadata: [transformerAnnotations]`.
        shared: scalars that stand in several places and change together.
    """

    _root: Mapping
    previous: tuple[tuple[str, str, str], ...] = ()
    prefixes: tuple[str, ...] = ()
    suffixes: tuple[str, ...] = ()
    needs_hash: bool = False
    behavior: str = "create"
    is_generated: bool = False
    allow_name_change: bool = False
    allow_kind_change: bool = False
    variables: tuple[str, ...] = ()
    problems: tuple[SyntaxProblem, ...] = ()
    was_merged: bool = False
    changes_in_flow: bool = False
    made_by: str = ""
    changed_by: tuple[str, ...] = ()
    shared: tuple[Scalar, ...] = ()
    _known: tuple[Mapping, ResourceId] | None = field(default=None, repr=False)

    def copy(self) -> Resource:
        """A resource of its own with the same content."""
        return replace(self)

    @property
    def root(self) -> Mapping:
        """The object."""
        return self._root

    @root.setter
    def root(self, new: Mapping) -> None:
        if self.shared and new is not self._root:
            new, self.shared = rejoined(self._root, new, self.shared)
        self._root = new

    @property
    def id(self) -> ResourceId:
        """What it is called now."""
        if self._known is None or self._known[0] is not self.root:
            root = self.root
            group, version = group_and_version(raw_text(get(root, "apiVersion")))
            gvk = Gvk(group, version, text_of(get(root, "kind")))
            name, namespace = text_of(get(root, "metadata", "name")), text_of(get(root, "metadata", "namespace"))
            self._known = (root, ResourceId(gvk, name, namespace))
        return self._known[1]

    @property
    def gvk(self) -> Gvk:
        """Its group, version and kind now."""
        return self.id.gvk

    @property
    def kind(self) -> str:
        """Its kind now."""
        return self.id.gvk.kind

    @property
    def name(self) -> str:
        """Its name now."""
        return self.id.name

    @property
    def namespace(self) -> str:
        """Its namespace now, "" where none is set."""
        return self.id.namespace

    @property
    def previous_ids(self) -> tuple[ResourceId, ...]:
        """What it was called before, oldest first; group and version are those of now."""
        gvk = self.id.gvk
        return tuple(
            ResourceId(Gvk(gvk.group, gvk.version, kind), name, namespace) for name, namespace, kind in self.previous
        )

    @property
    def original_id(self) -> ResourceId:
        """What it was called first."""
        previous = self.previous_ids
        return previous[0] if previous else self.id

    @property
    def all_ids(self) -> tuple[ResourceId, ...]:
        """What it was and is called, oldest first."""
        return (*self.previous_ids, self.id)

    @property
    def records(self) -> dict[str, str]:
        """What kustomize would have noted about it so far, in annotations that it removes in the end."""
        columns = [",".join(column) for column in zip(*self.previous, strict=True)] or ["", "", ""]
        noted = {
            "generatorBehavior": "unspecified" if self.is_generated else "",
            "needsHashSuffix": "enabled" if self.needs_hash else "",
            "prefixes": ",".join(self.prefixes),
            "previousKinds": columns[2],
            "previousNames": columns[0],
            "previousNamespaces": columns[1],
            "suffixes": ",".join(self.suffixes),
        }
        return {f"internal.config.kubernetes.io/{name}": text for name, text in noted.items() if text}

    def require_sound_keys(self) -> None:
        """Make sure that no mapping in it has a key twice, or one that is no text.

        Raises:
            RenderError: one has.
        """
        for problem in remaining(self.problems, self.root):
            raise RenderError(problem.message, problem.origin)

    def forget(self) -> None:
        """Lose what was noted: a patch has thrown the annotations away that kustomize notes it in."""
        self.previous = self.prefixes = self.suffixes = self.changed_by = ()
        self.needs_hash = self.is_generated = False
        self.made_by = ""

    def remember_id(self) -> None:
        """Record what it is called now, before that changes."""
        now = self.id
        self.previous = (*self.previous, (now.name, now.effective_namespace, now.gvk.kind))

    @property
    def labels(self) -> dict[str, str]:
        """Its labels as text."""
        return string_map(get(self.root, "metadata", "labels"))

    @property
    def annotations(self) -> dict[str, str]:
        """Its annotations as text."""
        return string_map(get(self.root, "metadata", "annotations"))

    @property
    def is_local(self) -> bool:
        """Whether it is only for kustomize's own use and never printed."""
        return self.annotations.get(LOCAL_CONFIG, "false") != "false"

    def set_name(self, text: str, origin: Origin) -> None:
        """Give it a name."""
        old = get(self.root, "metadata", "name")
        self.root = with_path(self.root, ("metadata", "name"), styled(string(text, origin), old), origin)

    def origin_of(self, *path: str) -> Origin:
        """Where a field was set, or the nearest thing above it that is."""
        here = self.root.origin
        for end in range(1, len(path) + 1):
            value = get(self.root, *path[:end])
            if value is None:
                break
            here = value.origin
        return here

    def name_node(self) -> Scalar | None:
        """The scalar that holds its name."""
        node = get(self.root, "metadata", "name")
        return node if isinstance(node, Scalar) else None
