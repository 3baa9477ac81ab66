"""What a team customises, as one frozen model.

Field names are snake_case in Python and kebab-case in TOML (`fail_on`, `fail-on`). Nothing here reads a file or the
environment: `config.loading` does, once, and hands the result around.
"""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import Path  # noqa: TC003 - pydantic reads the annotations when the class is made
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    PrivateAttr,
    ValidationError,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
    model_validator,
)

from infracheck.findings.severity import Priority, Profile, Severity

if TYPE_CHECKING:
    from infracheck.config.problems import Document
    from infracheck.source.errors import SettingsError

Model = TypeVar("Model", bound=BaseModel)

SEVERITY_NAMES = [severity.value for severity in reversed(Severity)]

Off = Literal["off"]
"""In place of a severity: the rule does not run."""


def _never_is_none(value: object) -> object:
    return None if value == "never" else value


Threshold = Annotated[
    Severity | None,
    BeforeValidator(_never_is_none),
    WithJsonSchema({"enum": [*SEVERITY_NAMES, "never"], "default": "low"}),
]
"""The least severity that fails a scan; "never" (None in Python) for none."""


def _kebab(name: str) -> str:
    return name.replace("_", "-")


class Section(BaseModel):
    """A table of the configuration: frozen, and closed to keys it does not know."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        alias_generator=_kebab,
        validate_by_name=True,
        validate_by_alias=True,
        use_attribute_docstrings=True,
        # Type names and URLs of pydantic mean nothing to whoever writes TOML.
        hide_input_in_errors=True,
    )


class Environment(Section):
    """One environment, `[environments.NAME]`."""

    paths: tuple[str, ...] = ()
    """Patterns (gitignore style, relative to the root) of the folders that belong to it. Without any, the folders whose
    name is the environment's name."""
    profile: Profile | None = None
    """What is demanded of it. Unset, the name decides; where that tells nothing, production is assumed."""
    var_files: tuple[str, ...] = ()
    """Terraform var files, relative to the root, in the order given to `terraform -var-file`."""
    workspace: str = "default"
    """The Terraform workspace its roots are applied in: the value of `terraform.workspace`."""

    env_file: str = ""
    """The shell-style file whose variables `envsubst` puts into manifests, relative to the root. Unset, a file called
    `env` in the overlay."""
    account: str = ""
    """AWS account id or GCP project."""
    region: str = ""
    """Where it runs, such as "us-east-1"; prices and availability zones follow from it."""
    cluster: str = ""
    """Name of the Kubernetes cluster."""
    cluster_version: Annotated[str, Field(pattern=r"^(\d+\.\d+)?$")] = ""
    """Kubernetes minor version, such as "1.31"; decides which APIs are gone."""


class Namespace(Section):
    """One Kubernetes namespace, `[namespaces.NAME]`."""

    purpose: str = ""
    """What it is for, in a few words; shown in reports."""
    services: tuple[str, ...] = ()
    """The services that live in it."""


class ServiceClass(StrEnum):
    """The deployment pattern a service promises to follow."""

    STANDARD = "standard"
    """Rolling updates, autoscaler, requests and limits, probes, secrets from the store."""
    STATEFUL = "stateful"
    """Keeps data: claims, a strategy that fits its volumes, a backup."""
    HIGH_AVAILABILITY = "high-availability"
    """Two replicas or more, disruption budget, anti-affinity, quick health checks."""
    PRODUCTION_ONLY = "production-only"
    """Runs in production alone, on spot capacity with tolerations."""


class Service(Section):
    """One service, `[services.NAME]`."""

    service_class: Annotated[ServiceClass, Field(alias="class")] = ServiceClass.STANDARD
    """The deployment pattern it follows."""
    namespace: str = ""
    """The namespace it lives in, where its name alone is not unique."""


class Cost(Section):
    """Money, `[cost]`."""

    approval_threshold: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 1000.0
    """Monthly increase in USD above which a change needs approval."""
    discount: Annotated[float, Field(ge=0, lt=1, allow_inf_nan=False)] = 0.0
    """Fraction by which the team's prices are below list prices: 0.12 for 12 %."""
    budgets: dict[str, Annotated[float, Field(ge=0, allow_inf_nan=False)]] = Field(default_factory=dict)
    """USD per month for each environment."""


class Secrets(Section):
    """Where secrets are kept, `[secrets]`."""

    path: Annotated[str, Field(pattern=r"\{name\}")] = "/{product}/{env}/{name}"
    """The path of a secret in the store, with the placeholders {product}, {env} and {name}."""

    def path_for(self, *, product: str, environment: str, name: str) -> str:
        """The path at which a secret of an environment is expected."""
        values = {"{product}": product, "{env}": environment, "{name}": name}
        return re.sub(r"\{(?:product|env|name)\}", lambda placeholder: values[placeholder[0]], self.path)

    def environment_of(self, path: str, *, product: str) -> str | None:
        """The environment a path of the store speaks of; None where the path does not follow the convention."""
        patterns = {"product": re.escape(product), "env": "(?P<env>[^/]+)", "name": ".+"}
        seen: set[str] = set()
        pattern = ""
        for literal, placeholder in re.findall(r"(.*?)(?:\{(product|env|name)\}|$)", self.path, re.DOTALL):
            known = "(?P=env)" if placeholder == "env" and placeholder in seen else patterns.get(placeholder, "")
            pattern += re.escape(literal) + known
            seen.add(placeholder)
        match = re.fullmatch(pattern, path)
        return match.groupdict().get("env") if match else None


class Operations(Section):
    """Who is told and where it is written down, `[operations]`."""

    alert_channels: dict[Priority, tuple[str, ...]] = Field(default_factory=dict)
    """The channels an alert of each incident class may go to: P0 = ["pagerduty"]."""
    runbooks: str = "docs/runbooks/"
    """Where runbooks are: a folder of the repository or the beginning of a URL."""
    dashboards: str = ""
    """Where dashboards are: the beginning of a URL."""


class RuleSettings(BaseModel):
    """What is set for one rule, `[rules."DOMAIN/NAME"]`: the keys below, and next to them the rule's own settings."""

    model_config = ConfigDict(frozen=True, extra="allow", use_attribute_docstrings=True, hide_input_in_errors=True)

    severity: Severity | Off | None = None
    """Severity in every environment, in place of the rule's own; "off" to disable the rule."""
    environments: dict[str, Severity | Off] = Field(default_factory=dict)
    """Severity in single environments; goes before `severity`."""

    @property
    def options(self) -> dict[str, Any]:
        """The rule's own settings, as written; the rule's model validates them."""
        return dict(self.model_extra or {})


class Settings(Section):
    """Everything that decides how a scan runs and what it demands.

    `Settings(select=["kubernetes/unpinned-image"])` takes plain Python types, as TOML would give them.
    """

    product: str = ""
    """Name of the product; fills {product} in conventions."""
    environments: dict[str, Environment] = Field(default_factory=dict)
    """The environments by name. Without any, they are told from folder names."""
    namespaces: dict[str, Namespace] = Field(default_factory=dict)
    """The namespaces by name."""
    services: dict[str, Service] = Field(default_factory=dict)
    """The services by name."""
    cost: Cost = Cost()
    """Money."""
    secrets: Secrets = Secrets()
    """Where secrets are kept."""
    operations: Operations = Operations()
    """Who is told and where it is written down."""
    allowed_registries: tuple[str, ...] = ()
    """Image registries that may be used, as prefixes: "123456789012.dkr.ecr.us-east-1.amazonaws.com". Empty: any."""
    allowed_domains: tuple[str, ...] = ()
    """Domains that hosts may be under: "violet.example". Empty: any."""

    select: tuple[str, ...] = ()
    """Rules to run: ids, patterns ("kubernetes/*"), domains, tags or other tools' ids. Empty: all that run unasked."""
    ignore: tuple[str, ...] = ()
    """Rules not to run, written as in `select`; goes before it."""
    rules: dict[str, RuleSettings] = Field(default_factory=dict)
    """Severity and settings of single rules, by id."""
    exclude: tuple[str, ...] = ()
    """Patterns (gitignore style) of paths not to look at."""
    respect_gitignore: bool = True
    """Whether what git ignores is left out."""
    per_path_ignores: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """For a path pattern, the rules whose findings are left out there, written as in `select`."""
    policies: tuple[str, ...] = ()
    """Folders with further policies, relative to the root. Those that a repository's own configuration names may hold
    YAML alone."""

    fail_on: Threshold = Severity.LOW
    """The least severity that makes the exit code 1."""
    strict: bool = False
    """Whether what was not covered or not judged fails the scan too."""
    load_restrictor: Literal["root-only", "none"] = "root-only"
    """As `kubectl kustomize --load-restrictor`: whether a kustomization may use files outside its folder. Either way
    nothing outside the scanned root is read."""
    jobs: Annotated[int, Field(ge=0, le=256)] = 0
    """Worker processes; 0 for as many as fit the machine and the work."""
    use_cache: bool = True
    """Whether results of unchanged stacks are taken from the cache."""
    cache_dir: Path | None = None
    """Where the cache is; the user's cache folder by default."""
    root: Path | None = None
    """The folder that holds everything that may be read; the repository around the scanned paths by default."""

    _document: Document | None = PrivateAttr(default=None)

    @field_validator("select", "ignore", "exclude", "policies", mode="before")
    @classmethod
    def _one_or_many(cls, value: object) -> object:
        """A lone string is a list of one, not of its letters."""
        return (value,) if isinstance(value, str) else value

    @model_validator(mode="wrap")
    @classmethod
    def _in_our_words(cls, data: Any, handler: ModelWrapValidatorHandler[Self], info: ValidationInfo) -> Self:
        """Turn pydantic's errors into ours, at the line of the file that is given as context."""
        try:
            settings = handler(data)
        except ValidationError as problem:
            from infracheck.config.problems import settings_error  # noqa: PLC0415 - only when something is wrong

            raise settings_error(problem, cls, info.context) from problem
        settings._document = info.context  # noqa: SLF001 - its own class
        return settings

    def severity_override(self, rule_id: str, environment: str) -> Severity | Off | None:
        """The severity set for a rule in an environment, "off", or None where nothing is set."""
        rule = self.rules.get(rule_id)
        return rule.environments.get(environment, rule.severity) if rule else None

    def rule_settings(self, rule_id: str, model: type[Model]) -> Model:
        """A rule's own settings.

        Args:
            rule_id: the rule.
            model: what the rule's settings are; closed to keys it does not know.

        Raises:
            SettingsError: they don't fit the model.
        """
        rule = self.rules.get(rule_id)
        try:
            return model.model_validate(rule.options if rule else {})
        except ValidationError as problem:
            from infracheck.config.problems import settings_error  # noqa: PLC0415 - only when something is wrong

            raise settings_error(problem, model, self._document, ("rules", rule_id)) from problem

    def error(self, path: tuple[str | int, ...], message: str) -> SettingsError:
        """The error for what is set at a path of keys, at its line where the settings come from a file."""
        from infracheck.source.errors import SettingsError  # noqa: PLC0415 - only when something is wrong

        if self._document is not None:
            return self._document.error(path, message)
        return SettingsError(f"{'.'.join(map(str, path))}: {message}" if path else message)
