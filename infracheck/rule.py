"""The contract of a rule: what it looks at, what it yields, what it promises.

A rule is one file. Its docstring is its documentation and its tests (see `page`); its function is a small generator
that looks at one target and yields a `Violation` for each fault. It keeps no state, reads no settings but its own,
opens no file, and never guesses: reading an unknown value raises `NotJudged`, which the engine counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field as default
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from infracheck.findings.severity import Category, Confidence, Priority, Profile, Severity
from infracheck.source.field import Field

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from infracheck.config.settings import Settings
    from infracheck.page import Page
    from infracheck.source.origin import Origin


class Target(StrEnum):
    """What a rule is run on, once for each one found."""

    RESOURCE = "resource"
    """A Terraform resource or data source; `kinds` are types ("aws_db_instance"), `fnmatch` patterns allowed."""
    MODULE = "module"
    """A whole Terraform root with its resources, variables and outputs."""
    MANIFEST = "manifest"
    """A Kubernetes object; `kinds` are kinds ("Ingress") or "group/Kind" ("karpenter.sh/NodePool")."""
    WORKLOAD = "workload"
    """A Kubernetes object that runs pods: Deployment, StatefulSet, DaemonSet, Job, CronJob, Pod, ..."""
    POD_SPEC = "pod-spec"
    """The pod specification of a workload."""
    CONTAINER = "container"
    """A container of a workload, init containers included."""
    OBJECTS = "objects"
    """All Kubernetes objects of an environment, for rules about what is missing or clashes."""
    KUSTOMIZATION = "kustomization"
    """A kustomization and what it renders."""
    WORKFLOW = "workflow"
    """A GitHub Actions workflow."""
    JOB = "job"
    """A job of a workflow."""
    STEP = "step"
    """A step of a job or composite action."""
    STACK = "stack"
    """What is applied together: a Terraform root, an overlay, a folder of manifests, a repository's workflows."""
    ENVIRONMENT = "environment"
    """Everything that makes up one environment, Terraform and Kubernetes together."""
    REPOSITORY = "repository"
    """All environments side by side."""


@dataclass(frozen=True, slots=True)
class Context:
    """Where a target stands: what its views carry for the rules that need it.

    Attributes:
        environment: the name of the environment, or "" where there is none.
        profile: what is demanded of it.
        stack: the stack it belongs to, named by its path.
        settings: the settings of the scan.
    """

    environment: str
    profile: Profile
    stack: str
    settings: Settings


@dataclass(frozen=True, slots=True)
class Violation:
    """The bare fact a rule reports; the engine stamps the rest.

    Attributes:
        message: one sentence that names the thing and what is wrong, without the place.
        origin: the text to change.
        field: the path of the guilty field within the object, or "".
        address: the guilty object.
        identity: the object without what differs between environments, so that one cause is one finding; empty means
            the address.
        related: further places, each with a label.
        secret: whether the text at the origin must not be shown.
        severity: this fault's own severity, where it differs from the rule's.
    """

    message: str
    origin: Origin
    field: str = ""
    address: str = ""
    identity: str = ""
    related: tuple[tuple[str, Origin], ...] = ()
    secret: bool = False
    severity: Severity | None = None


def violation(
    at: Field,
    message: str,
    *,
    address: str,
    identity: str = "",
    related: Iterable[tuple[str, Field | Origin]] = (),
    secret: bool = False,
    severity: Severity | None = None,
    on_key: bool = False,
) -> Violation:
    """A violation at a field. Views wrap this as `view.violation("image", ...)`, filling in the address.

    Args:
        at: the guilty field; if absent, the place is the nearest thing that should hold it.
        message: as in `Violation`.
        address: as in `Violation`.
        identity: as in `Violation`.
        related: labelled fields or origins.
        secret: as in `Violation`.
        severity: as in `Violation`.
        on_key: point at the key rather than the value.
    """
    places = tuple((label, place.origin if isinstance(place, Field) else place) for label, place in related)
    return Violation(
        message=message,
        origin=at.key_origin if on_key else at.origin,
        field=at.path,
        address=address,
        identity=identity,
        related=places,
        secret=secret,
        severity=severity,
    )


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule, whether written in Python or compiled from a YAML policy.

    Attributes:
        id: `<domain>/<bad-pattern>`.
        target: what it is run on.
        check: a generator function of the target, and of the rule's settings if it has a model for them.
        severity: in production.
        category: what it protects.
        confidence: how sure it is.
        priority: the incident class of what it finds, in production.
        kinds: the kinds of target it wants; empty for all.
        profiles: severity in profiles where it differs from `severity`; None where the rule does not apply.
        aliases: ids of other tools' checks that ask for the same: "CKV_K8S_43", "AVD-KSV-0001",
            "kube-linter:latest-tag", "kube-score:container-image-tag", "polaris:tagNotSpecified".
        tags: groups it belongs to: "pss-baseline", "pss-restricted", "checklist:secrets".
        remedy: what to do, in a sentence.
        settings: a pydantic model of the rule's own settings, or None.
        default: whether it runs when nothing is selected.
        source: the text that holds its page: a module docstring, or a policy's `docs`.
        file: where the rule is written.
    """

    id: str
    target: Target
    check: Callable[..., Iterator[Violation]]
    severity: Severity
    category: Category
    confidence: Confidence = Confidence.HIGH
    priority: Priority = Priority.P2
    kinds: tuple[str, ...] = ()
    profiles: Mapping[Profile, Severity | None] = default(default_factory=dict)
    aliases: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    remedy: str = ""
    settings: type[Any] | None = None
    default: bool = True
    source: str = ""
    file: str = ""

    @property
    def domain(self) -> str:
        """The first half of the id: terraform, kubernetes, kustomize, workflows, environments or cost."""
        return self.id.partition("/")[0]

    @property
    def page(self) -> Page:
        """The rule's documentation, parsed."""
        from infracheck.page import parse_page  # noqa: PLC0415 - a scan that finds nothing reads no page

        return parse_page(self.source)

    @property
    def title(self) -> str:
        """The first line of the page: what is wrong, in a few words."""
        return self.source.strip().partition("\n")[0].rstrip(".")

    def severity_in(self, profile: Profile) -> Severity | None:
        """The severity in a profile, or None where the rule does not apply.

        Unless the rule says otherwise, availability and operations findings are informational in development.
        """
        if profile in self.profiles:
            return self.profiles[profile]
        relaxed = self.category in (Category.AVAILABILITY, Category.OPERATIONS)
        return Severity.INFO if relaxed and profile is Profile.DEVELOPMENT else self.severity


@dataclass(frozen=True, slots=True)
class UnboundRule:
    """What `@rule` leaves in a module: a rule that learns its id, page and file from the file it stands in."""

    target: Target
    check: Callable[..., Iterator[Violation]]
    details: Mapping[str, Any]

    def bind(self, rule_id: str, source: str, file: str) -> Rule:
        """The finished rule."""
        return Rule(id=rule_id, target=self.target, check=self.check, source=source, file=file, **self.details)


def rule(
    target: Target,
    *,
    severity: Severity,
    category: Category,
    confidence: Confidence = Confidence.HIGH,
    priority: Priority = Priority.P2,
    kinds: tuple[str, ...] = (),
    profiles: Mapping[Profile, Severity | None] | None = None,
    aliases: tuple[str, ...] = (),
    tags: tuple[str, ...] = (),
    remedy: str,
    settings: type[Any] | None = None,
    default: bool = True,
) -> Callable[[Callable[..., Iterator[Violation]]], UnboundRule]:
    """Declare the one rule of a module. The arguments are those of `Rule`; id and page come from the file."""
    details = {
        "severity": severity,
        "category": category,
        "confidence": confidence,
        "priority": priority,
        "kinds": kinds,
        "profiles": profiles or {},
        "aliases": aliases,
        "tags": tags,
        "remedy": remedy,
        "settings": settings,
        "default": default,
    }
    return lambda check: UnboundRule(target, check, details)
