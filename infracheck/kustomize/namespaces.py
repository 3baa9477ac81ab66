"""The namespace transformer (`api/filters/namespace`)."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from infracheck.kustomize.fieldspec import FieldSpec, FieldWriter, replaced
from infracheck.kustomize.nodes import get, is_null, raw_text, text_of, with_field, with_items, with_path
from infracheck.source.errors import RenderError
from infracheck.source.values import Mapping, Scalar, Sequence, Value

if TYPE_CHECKING:
    from infracheck.kustomize.resource import Resource
    from infracheck.kustomize.resources import Resources
    from infracheck.source.origin import Origin

BINDINGS = frozenset({"RoleBinding", "ClusterRoleBinding"})
DEFAULT_ONLY, ALL_SERVICE_ACCOUNTS, NONE = "defaultOnly", "allServiceAccounts", "none"
SUBJECT_MODES = ("", DEFAULT_ONLY, ALL_SERVICE_ACCOUNTS, NONE)
META_NAMESPACE, META_NAME, SUBJECTS = "metadata/namespace", "metadata/name", "subjects"


def set_namespace(
    resources: Resources,
    namespace: Scalar,
    specs: tuple[FieldSpec, ...],
    subjects: str = "",
    *,
    unset_only: bool = False,
) -> None:
    """Put every object that can be in a namespace into one.

    Args:
        resources: the objects.
        namespace: the text of the namespace.
        specs: further fields that hold the name of the object's namespace.
        subjects: which subjects of role bindings are moved too: "defaultOnly", "allServiceAccounts" or "none".
        unset_only: whether objects that say where they are stay there.

    Raises:
        RenderError: two objects become the same.
    """
    text = raw_text(namespace)
    if not text:
        return
    writer = _Writer(text, namespace.origin, specs, subjects, unset_only=unset_only)
    ids = Counter(resource.id.key for resource in resources)
    for resource in resources:
        ids[resource.id.key] -= 1
        resource.remember_id()
        writer.write(resource)
        key = resource.id.key
        ids[key] += 1
        if ids[key] > 1:
            raise RenderError(
                f"namespace transformation produces ID conflict: two resources become {resource.id}", namespace.origin
            )


class _Writer:
    def __init__(
        self, text: str, origin: Origin, specs: tuple[FieldSpec, ...], subjects: str, *, unset_only: bool
    ) -> None:
        self.text = text
        self.origin = origin
        self.specs = specs
        self.subjects = subjects
        self.unset_only = unset_only
        self.empty = Scalar("", origin, "")

    def write(self, resource: Resource) -> None:
        gvk = resource.gvk
        if not gvk.is_cluster_scoped:
            self._write_own(resource)
        binds = gvk.kind in BINDINGS
        if binds:
            self._write_subjects(resource)
        for spec in self.specs:
            if spec.path == META_NAMESPACE or (spec.path == META_NAME and gvk.api_version != "v1"):
                continue
            if binds and spec.gvk.kind in BINDINGS and spec.path == SUBJECTS:
                continue
            FieldWriter(spec, self.set, self.empty).apply(resource)

    def _write_own(self, resource: Resource) -> None:
        metadata = resource.root.fields.get("metadata")
        if isinstance(metadata, Scalar) and not is_null(metadata):
            raise RenderError("the metadata must be a mapping", metadata.origin)
        old = get(metadata, "namespace")
        new = self.set(self.empty if old is None else old)
        if new is not old:
            resource.root = with_path(resource.root, ("metadata", "namespace"), new, self.origin)

    def set(self, old: Value) -> Value:
        if not isinstance(old, Scalar):
            raise RenderError("namespace field specs must target scalar nodes", old.origin)
        if self.unset_only and text_of(old):
            return old
        return replaced(self.text, None if old is self.empty else old, self.origin, "namespace")

    def _write_subjects(self, resource: Resource) -> None:
        listed = resource.root.fields.get("subjects")
        if self.subjects == NONE or is_null(listed):
            return
        if not isinstance(listed, Sequence):
            raise RenderError("the subjects must be a list", listed.origin if listed else self.origin)
        items = [self._subject(item) for item in listed.items]
        resource.root = with_field(resource.root, "subjects", with_items(listed, items))

    def _subject(self, subject: Value) -> Value:
        if is_null(subject):
            return subject
        field = "kind" if self.subjects == ALL_SERVICE_ACCOUNTS else "name"
        if not isinstance(subject, Mapping) or not isinstance(subject.get(field), Scalar | None):
            raise RenderError(f"a subject must be a mapping whose {field} is a text", subject.origin)
        if self.subjects == ALL_SERVICE_ACCOUNTS:
            chosen = text_of(subject.get("kind")) == "ServiceAccount"
        else:
            chosen = text_of(subject.get("name")) == "default"
        if not chosen:
            return subject
        old = subject.get("namespace")
        return with_field(subject, "namespace", self.set(self.empty if old is None else old))
