"""The index of all objects of an environment: who selects, targets, uses and makes whom."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from infracheck.kubernetes.autoscaler import Autoscaler
from infracheck.kubernetes.buckets import Buckets, pod_keys, selector_keys
from infracheck.kubernetes.custom_schema import custom_schemas, custom_versions
from infracheck.kubernetes.disruption import DisruptionBudget
from infracheck.kubernetes.facts.labels import NAMESPACE_NAME
from infracheck.kubernetes.ingress import Ingress
from infracheck.kubernetes.matches import Matches, every, gather
from infracheck.kubernetes.network import NetworkPolicy
from infracheck.kubernetes.operators import custom_objects, texts_of
from infracheck.kubernetes.place import known_text
from infracheck.kubernetes.references import Provided, Reference, provided_by, references_of
from infracheck.kubernetes.service import Service
from infracheck.kubernetes.views import expand, view_class
from infracheck.kubernetes.workload import Workload
from infracheck.source.field import Field
from infracheck.source.values import Mapping, Scalar, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from infracheck.kubernetes.container import Container
    from infracheck.kubernetes.custom_schema import CustomVersion
    from infracheck.kubernetes.manifest import Manifest
    from infracheck.kubernetes.schema import ObjectShape
    from infracheck.kubernetes.selector import Selector
    from infracheck.rule import Context

View = TypeVar("View", bound="Manifest")
Choosing = TypeVar("Choosing", Service, DisruptionBudget, NetworkPolicy)


class Objects:
    """All Kubernetes objects of an environment.

    Searches give `Matches`: what matches for certain, and whether more might.

    Attributes:
        manifests: all objects in the order given, lists taken apart.
        context: the environment as a whole.
        cluster_scoped: group and kind of what the CustomResourceDefinitions here declare to have no namespace.
        beside: what stacks apply that belong to no environment, and may apply to this cluster as well.
        makers: what other stacks apply that may make what is not here: those of `beside`, and beside objects of no
            environment those of every one, as nobody knows which of them they join.
    """

    kinds: tuple[str, ...] = ()

    def __init__(self, context: Context) -> None:
        self.context = context
        self.manifests: tuple[Manifest, ...] = ()
        self.cluster_scoped: frozenset[tuple[str, str]] = frozenset()
        self.beside = self.makers = Beside(())

    def __repr__(self) -> str:
        return f"Objects({len(self.manifests)} manifests)"

    @classmethod
    def build(cls, items: Iterable[tuple[Mapping, Context, str]], context: Context) -> Objects:
        """The index of some objects.

        Args:
            items: the root of each object, where it stands, and its identity ("" for its address). Lists
                (`kind: List`, `DeploymentList`) are taken apart.
            context: the environment as a whole.
        """
        objects = cls(context)
        roots = [(root, at, identity) for whole, at, identity in items for root in expand(whole)]
        objects.cluster_scoped = frozenset(_declared_cluster_scoped(root for root, _, _ in roots))
        objects.manifests = tuple(view_class(root)(root, at, identity, objects=objects) for root, at, identity in roots)
        return objects

    @property
    def address(self) -> str:
        """The environment's name, or the path of the stack where there is none."""
        return self.context.environment or self.context.stack

    # -- by kind and name ------------------------------------------------------------------------------------------

    @cached_property
    def _by_kind(self) -> dict[str, tuple[Manifest, ...]]:
        found: dict[str, list[Manifest]] = {}
        for manifest in self.manifests:
            for key in dict.fromkeys((manifest.kind, manifest.group_kind)):
                found.setdefault(key, []).append(manifest)
        return {key: tuple(manifests) for key, manifests in found.items()}

    def of_kind(self, kind: str) -> tuple[Manifest, ...]:
        """All objects of a kind: "Ingress", or with its group "networking.k8s.io/Ingress"."""
        return self._by_kind.get(kind, ())

    def views(self, view: type[View]) -> tuple[View, ...]:
        """All objects seen by a view: `objects.views(NodePool)`."""
        found = self._by_view.get(view)
        if found is None:
            found = self._by_view[view] = tuple(one for one in self.manifests if isinstance(one, view))
        return found  # type: ignore[return-value] # a dictionary from classes to instances has no precise type

    @cached_property
    def _by_view(self) -> dict[type[Manifest], tuple[Manifest, ...]]:
        return {}

    def named(self, kind: str, name: str, namespace: str = "") -> Matches[Manifest]:
        """The objects of a kind, name and namespace (none for what has none); more than one where stacks clash."""
        by_name = self._by_name.get(kind)
        if by_name is None:
            by_name = self._by_name[kind] = Buckets(self.of_kind(kind), lambda one: (one.name,))
        return gather(
            by_name.candidates(lambda: (name,)),
            lambda one: every((lambda: one.name == name, lambda: one.namespace == namespace)),
        )

    @cached_property
    def _by_name(self) -> dict[str, Buckets[Manifest]]:
        return {}

    @cached_property
    def workloads(self) -> tuple[Workload, ...]:
        """Everything that runs pods."""
        return self.views(Workload)

    @cached_property
    def containers(self) -> tuple[Container, ...]:
        """All containers of all workloads."""
        return tuple(container for workload in self.workloads for container in workload.containers)

    @cached_property
    def services(self) -> tuple[Service, ...]:
        """All Services (not those of Knative, which are workloads)."""
        return self.views(Service)

    @cached_property
    def ingresses(self) -> tuple[Ingress, ...]:
        """All Ingresses."""
        return self.views(Ingress)

    @cached_property
    def autoscalers(self) -> tuple[Autoscaler, ...]:
        """All HorizontalPodAutoscalers and KEDA ScaledObjects."""
        return self.views(Autoscaler)

    @cached_property
    def budgets(self) -> tuple[DisruptionBudget, ...]:
        """All PodDisruptionBudgets."""
        return self.views(DisruptionBudget)

    @cached_property
    def network_policies(self) -> tuple[NetworkPolicy, ...]:
        """All NetworkPolicies."""
        return self.views(NetworkPolicy)

    @cached_property
    def custom_schemas(self) -> dict[tuple[str, str], ObjectShape]:
        """What the CustomResourceDefinitions here say of their kinds, by API version and kind."""
        return custom_schemas(self.of_kind("CustomResourceDefinition"))

    @cached_property
    def custom_versions(self) -> dict[tuple[str, str], dict[str, CustomVersion]]:
        """The versions that the CustomResourceDefinitions here declare, by group and kind."""
        return custom_versions(self.of_kind("CustomResourceDefinition"))

    # -- who belongs to whom ---------------------------------------------------------------------------------------

    def workloads_selected_by(self, chooser: Chooser) -> Matches[Workload]:
        """The workloads whose pods a Service, PodDisruptionBudget or NetworkPolicy selects."""
        candidates = self._workloads_by_label.candidates(lambda: selector_keys(chooser.namespace, chooser.selector))
        return gather(candidates, chooser.selects)

    def workloads_scaled_by(self, autoscaler: Autoscaler) -> Matches[Workload]:
        """The workloads an autoscaler targets."""
        candidates = self._workloads_by_name.candidates(lambda: _targets(autoscaler))
        return gather(candidates, autoscaler.targets)

    def services_of(self, workload: Workload) -> Matches[Service]:
        """The Services that send traffic to a workload's pods."""
        return self._choosers_of(Service, workload)

    def budgets_of(self, workload: Workload) -> Matches[DisruptionBudget]:
        """The PodDisruptionBudgets that protect a workload's pods."""
        return self._choosers_of(DisruptionBudget, workload)

    def network_policies_of(self, workload: Workload) -> Matches[NetworkPolicy]:
        """The NetworkPolicies that apply to a workload's pods."""
        return self._choosers_of(NetworkPolicy, workload)

    def autoscalers_of(self, workload: Workload) -> Matches[Autoscaler]:
        """The autoscalers that target a workload."""
        candidates = self._autoscalers_by_target.candidates(lambda: ((workload.kind, workload.name),))
        return gather(candidates, lambda autoscaler: autoscaler.targets(workload))

    def _choosers_of(self, view: type[Choosing], workload: Workload) -> Matches[Choosing]:
        buckets: Buckets[Choosing] | None = self._choosers.get(view)
        if buckets is None:
            buckets = Buckets(self.views(view), lambda one: selector_keys(one.namespace, one.selector))
            self._choosers[view] = buckets
        return gather(buckets.candidates(lambda: pod_keys(workload)), lambda one: one.selects(workload))

    @cached_property
    def _choosers(self) -> dict[type[Manifest], Any]:
        return {}

    @cached_property
    def _workloads_by_label(self) -> Buckets[Workload]:
        return Buckets(self.workloads, pod_keys)

    @cached_property
    def _workloads_by_name(self) -> Buckets[Workload]:
        return Buckets(self.workloads, lambda one: ((one.kind, one.name),))

    @cached_property
    def _autoscalers_by_target(self) -> Buckets[Autoscaler]:
        return Buckets(self.autoscalers, _targets)

    # -- namespaces ------------------------------------------------------------------------------------------------

    @cached_property
    def namespaces(self) -> tuple[str, ...]:
        """The namespaces that objects stand in, sorted; those whose name is unknown are left out."""
        found = set()
        for manifest in self.manifests:
            field = manifest.field.at("metadata.namespace")
            if not field.is_unknown and not manifest.is_cluster_scoped:
                found.add(manifest.namespace)
        return tuple(sorted(found))

    def selects_namespace_of(self, selector: Selector, manifest: Manifest) -> bool:
        """Whether a namespace selector picks the namespace an object stands in.

        A namespace's labels are those of its Namespace object and its name; without that object the others are unknown.

        Raises:
            NotJudged: that depends on an unknown value.
        """
        name = manifest.namespace
        declared = self.named("Namespace", name).first
        if declared is None:
            place = manifest.field.at("metadata.namespace").origin
            missing = Unknown(f"the labels of namespace {name} are not among the manifests", place)
            return selector.matches(Field(_with_name(Mapping({}, place), name)), others=missing)
        labels = declared.labels
        if labels.is_unknown:
            return selector.matches(labels)
        known = labels.value if isinstance(labels.value, Mapping) else Mapping({}, declared.field.origin)
        return selector.matches(Field(_with_name(known, name), labels.path))

    # -- configuration and secrets ---------------------------------------------------------------------------------

    @cached_property
    def references(self) -> tuple[Reference, ...]:
        """Every place where a workload, Ingress or custom object names another object."""
        return tuple(reference for manifest in self.manifests for reference in references_of(manifest))

    def users_of(self, manifest: Manifest) -> Matches[Reference]:
        """The references to an object."""
        candidates = self._references_by_name.candidates(lambda: ((manifest.kind, manifest.name),))
        return gather(
            (reference for reference in candidates if reference.kind == manifest.kind),
            lambda one: every((lambda: one.name == manifest.name, lambda: one.namespace == manifest.namespace)),
        )

    @cached_property
    def _references_by_name(self) -> Buckets[Reference]:
        return Buckets(self.references, lambda one: ((one.kind, one.name),))

    def providers_of(self, reference: Reference) -> Matches[Manifest]:
        """What makes the object a reference names: the object itself, an ExternalSecret, a Certificate, ...

        Raises:
            NotJudged: the name or namespace of the reference is unknown.
        """
        kind, name, namespace = reference.kind, reference.name, reference.namespace
        found = gather(
            (one for one in self._provided_by_name.candidates(lambda: ((kind, name),)) if one.kind == kind),
            lambda one: every((lambda: one.name == name, lambda: one.namespace == namespace)),
        )
        return Matches(tuple(dict.fromkeys(one.by for one in found.certain)), found.doubt)

    @cached_property
    def _custom(self) -> tuple[Manifest, ...]:
        return custom_objects(self.manifests)

    @cached_property
    def custom_names(self) -> dict[str, list[Manifest]]:
        """The custom objects by name; those whose name is unknown are left out."""
        found: dict[str, list[Manifest]] = {}
        for manifest in self._custom:
            found.setdefault(known_text(manifest.field.at("metadata.name")), []).append(manifest)
        return found

    @cached_property
    def custom_texts(self) -> dict[str, Manifest]:
        """The texts in custom objects, each with the first object that has it."""
        return texts_of(self._custom)

    @cached_property
    def _provided_by_name(self) -> Buckets[Provided]:
        provided = (made for manifest in self.manifests for made in provided_by(manifest))
        return Buckets(provided, lambda one: ((one.kind, one.name),))


class Beside:
    """What other stacks apply that may reach the same cluster, for the rules that say that something is not there.

    Policies and guards of a cluster often stand in a stack that belongs to no environment and is judged alone.

    Attributes:
        members: the objects of each.
    """

    def __init__(self, members: Iterable[Objects]) -> None:
        self.members = tuple(members)

    @cached_property
    def groups(self) -> frozenset[str]:
        """The API groups of all objects."""
        return frozenset(manifest.group for objects in self.members for manifest in objects.manifests)

    def has(self, *kinds: str) -> bool:
        """Whether there is an object of one of some kinds, in whatever namespace."""
        return any(objects.of_kind(kind) for kind in kinds for objects in self.members)

    def of_kind(self, kind: str, namespace: str = "") -> tuple[Manifest, ...]:
        """The objects of a kind whose namespace is written so; of one that has none, all."""
        by_namespace = self._by_kind.get(kind)
        if by_namespace is None:
            by_namespace = self._by_kind[kind] = {}
            for manifest in (one for objects in self.members for one in objects.of_kind(kind)):
                by_namespace.setdefault(known_text(manifest.field.at("metadata.namespace")), []).append(manifest)
        return tuple(by_namespace.get(namespace, ()))

    @cached_property
    def _by_kind(self) -> dict[str, dict[str, list[Manifest]]]:
        return {}


class Chooser(Protocol):
    """What selects pods of its namespace."""

    @property
    def namespace(self) -> str:
        """Its namespace, and that of the pods."""

    @property
    def selector(self) -> Selector:
        """The pods it wants."""

    def selects(self, workload: Workload) -> bool:
        """Whether it selects a workload's pods."""


def _targets(autoscaler: Autoscaler) -> tuple[tuple[str, str]]:
    return ((autoscaler.target_kind, autoscaler.target_name),)


def _with_name(labels: Mapping, name: str) -> Mapping:
    return labels.with_field(NAMESPACE_NAME, Scalar(name, labels.origin))


def _declared_cluster_scoped(roots: Iterable[Mapping]) -> Iterable[tuple[str, str]]:
    for root in roots:
        field = Field(root)
        if known_text(field["kind"]) != "CustomResourceDefinition" or known_text(field.at("spec.scope")) != "Cluster":
            continue
        yield known_text(field.at("spec.group")), known_text(field.at("spec.names.kind"))
