"""A Kubernetes object as a rule sees it: names, labels, and the way to say that something in it is wrong."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from infracheck.kubernetes.facts.kinds import CLUSTER_SCOPED
from infracheck.kubernetes.place import descend, is_collection, known_text
from infracheck.rule import violation
from infracheck.source.field import Field

if TYPE_CHECKING:
    from infracheck.kubernetes.objects import Objects
    from infracheck.rule import Context, Violation
    from infracheck.source.origin import Origin
    from infracheck.source.values import Mapping

AFFIXES = ("prefix", "suffix")


class Manifest:
    """One object of an environment, rendered.

    Attributes:
        field: the root of its tree.
        context: the environment and stack it stands in.
        objects: the index of all objects beside it.
    """

    def __init__(self, root: Mapping, context: Context, identity: str = "", *, objects: Objects) -> None:
        self.field = Field(root)
        self.context = context
        self.objects = objects
        self._identity = identity

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.address!r})"

    @cached_property
    def kind(self) -> str:
        """`kind`, or "" where it is missing, no string, or unknown."""
        return known_text(self.field["kind"])

    @cached_property
    def api_version(self) -> str:
        """`apiVersion`, or "" where it is missing, no string, or unknown."""
        return known_text(self.field["apiVersion"])

    @property
    def group(self) -> str:
        """The API group: "apps" of "apps/v1", "" for the core group."""
        return self.api_version.rpartition("/")[0]

    @property
    def version(self) -> str:
        """The API version: "v1" of "apps/v1"."""
        return self.api_version.rpartition("/")[2]

    @property
    def group_kind(self) -> str:
        """`group/Kind` ("apps/Deployment"), or the kind alone in the core group ("Service")."""
        return f"{self.group}/{self.kind}" if self.group else self.kind

    @property
    def kinds(self) -> tuple[str, ...]:
        """The names a rule may ask for it by: its kind, and group and kind."""
        return (self.kind, self.group_kind)

    @property
    def origin(self) -> Origin:
        """Where the object as a whole is written."""
        return self.field.origin

    def is_kind(self, *kinds: str) -> bool:
        """Whether it is one of some kinds, each a kind ("Deployment") or a group and kind ("apps/Deployment")."""
        return self.kind in kinds or self.group_kind in kinds

    @property
    def name(self) -> str:
        """`metadata.name`, or "" where it is missing.

        Raises:
            NotJudged: the name is unknown.
        """
        return self.field.at("metadata.name").text("") or ""

    @property
    def namespace(self) -> str:
        """The namespace it ends up in: "default" where none is set, "" for what has no namespace.

        Raises:
            NotJudged: the namespace is unknown.
        """
        if self.is_cluster_scoped:
            return ""
        return self.field.at("metadata.namespace").text("") or "default"

    @cached_property
    def is_cluster_scoped(self) -> bool:
        """Whether its kind has no namespace. Custom kinds nobody declares are taken to be namespaced."""
        key = (self.group, self.kind)
        return key in CLUSTER_SCOPED or key in self.objects.cluster_scoped

    @property
    def labels(self) -> Field:
        """`metadata.labels`. Read one with `label("app.kubernetes.io/name")`."""
        return descend(self.field, "metadata.labels")

    @property
    def annotations(self) -> Field:
        """`metadata.annotations`. Read one with `annotation("example.com/key")`."""
        return descend(self.field, "metadata.annotations")

    def label(self, key: str) -> Field:
        """The label of a key, which may be absent."""
        return _entry(self.labels, key)

    def annotation(self, key: str) -> Field:
        """The annotation of a key, which may be absent."""
        return _entry(self.annotations, key)

    @cached_property
    def address(self) -> str:
        """`Kind/namespace/name`, `Kind/name` where there is no namespace; what is unknown shows as `?`."""
        metadata = self.field["metadata"]
        name = _shown(metadata["name"]) or (
            f"{_shown(metadata['generateName'])}*" if metadata["generateName"].exists else "?"
        )
        if self.is_cluster_scoped:
            return f"{self.kind}/{name}"
        return f"{self.kind}/{_shown(metadata['namespace']) or 'default'}/{name}"

    @property
    def identity(self) -> str:
        """The object without what differs between environments; the address where the caller gave none."""
        return self._identity or self.address

    def at(self, path: str) -> Field:
        """The field at a dotted path: `at("spec.ports[0].port")`. Absent ones know the line to add them at."""
        return descend(self.field, path)

    @property
    def named(self) -> Field:
        """Where the object got its name first: the place for what is wrong with it as a whole.

        Prefixes and suffixes that overlays add to the name are not what a reader has to change.
        """
        name = self.at("metadata.name")
        first = next(reversed([*name.origin.overridden()]), None)
        return Field(None, name.path, first) if first and name.origin.step in AFFIXES else name

    def violation(self, at: str | Field, message: str, **details: Any) -> Violation:
        """A violation of this object.

        Args:
            at: a field of this object, or the dotted path of one. For a mapping or list the place is its key; for what
                is absent, the line where a reader would add it.
            message: one sentence that names the thing and what is wrong.
            **details: `related`, `secret`, `severity`, `on_key` as in `infracheck.rule.violation`.
        """
        field = self.at(at) if isinstance(at, str) else at
        if isinstance(at, Field) and field.value is None:
            better = self.at(field.path)
            field = better if better.value is None else field
        details.setdefault("on_key", is_collection(field))
        return violation(field, message, address=self.address, identity=self.identity, **details)


def _entry(mapping: Field, key: str) -> Field:
    entry = mapping[key]
    if entry.value is None:
        return Field(None, entry.path, mapping.key_origin)
    return entry


def _shown(field: Field) -> str:
    return "?" if field.is_unknown else known_text(field)
