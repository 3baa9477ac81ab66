"""From policy files to rules."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from pydantic import ValidationError

from infracheck.policies.conditions import failing, holds
from infracheck.policies.model import Condition, Policy
from infracheck.rule import Rule, Violation
from infracheck.source.errors import InfracheckError, SettingsError
from infracheck.source.files import SourceFile, Span
from infracheck.source.origin import Origin
from infracheck.source.values import Mapping
from infracheck.source.yaml import Dialect, read_documents

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.source.field import Field

IN_WHEEL = Path(__file__).parent / "data"
IN_CHECKOUT = Path(__file__).parent.parent.parent / "policies"
PLACEHOLDER = re.compile(r"\{([A-Za-z0-9_.\[\]-]*)\}")


class View(Protocol):
    """What a policy needs of its target: every typed view of a resource, object, job or step has it."""

    @property
    def address(self) -> str:
        """The object's address."""

    def at(self, path: str) -> Field:
        """A field of the object."""

    def violation(self, at: Field | str, message: str, **details: Any) -> Violation:
        """A violation at a field of the object."""


def root() -> Path:
    """The folder of our own policies: inside the wheel, or at the top of a checkout."""
    return IN_WHEEL if IN_WHEEL.is_dir() else IN_CHECKOUT


def domains() -> tuple[str, ...]:
    """The domains that have policies of ours, sorted."""
    return tuple(sorted(path.name for path in root().iterdir() if path.is_dir())) if root().is_dir() else ()


@cache
def domain_policies(domain: str) -> tuple[Rule, ...]:
    """Our policies of a domain, sorted by id."""
    return tuple(policy_rule(path) for path in sorted((root() / domain).glob("*.yaml")))


def policy_rule(path: Path) -> Rule:
    """The rule of one policy file; its domain is the folder it stands in, its name the file's.

    Raises:
        SettingsError: the file is not a valid policy; the error names the line.
    """
    file = SourceFile(str(path), path.read_text(encoding="utf-8"))
    try:
        documents = read_documents(file, Dialect.ACTIONS)
    except InfracheckError as problem:
        raise SettingsError(problem.message, problem.origin) from problem
    tree = documents[0].value if documents else None
    if not isinstance(tree, Mapping):
        raise SettingsError("a policy is a mapping", Origin(Span(file, 0, 0)))
    try:
        policy = Policy.model_validate(tree.to_plain())
    except ValidationError as problem:
        first = problem.errors()[0]
        raise SettingsError(_describe(first), _place(tree, first["loc"])) from problem
    return _compile(policy, f"{path.parent.name}/{path.stem}", str(path))


def _compile(policy: Policy, rule_id: str, file: str) -> Rule:
    return Rule(
        id=rule_id,
        target=policy.target,
        check=_check(policy),
        severity=policy.severity,
        category=policy.category,
        confidence=policy.confidence,
        priority=policy.priority,
        kinds=policy.kinds,
        profiles={profile: None if one == "off" else one for profile, one in policy.profiles.items()},
        aliases=policy.aliases,
        tags=policy.tags,
        remedy=policy.remedy,
        default=policy.default,
        source=policy.docs,
        file=file,
    )


def _check(policy: Policy) -> Any:
    def check(view: View) -> Iterator[Violation]:
        here = view.at("")
        if policy.when is not None and not holds(policy.when, here):
            return
        for element in [here] if policy.each is None else here.at(policy.each):
            guilty = failing(policy.require, element)
            if guilty is not None:
                yield view.violation(guilty, _message(policy.message, view, element, guilty))

    return check


def _message(template: str, view: View, element: Field, guilty: Field) -> str:
    def fill(match: re.Match[str]) -> str:
        name = match[1]
        if name == "address":
            return view.address
        field = guilty if name == "value" else element.at(name)
        return str(field.plain()) if field.exists else "nothing"

    return PLACEHOLDER.sub(fill, template)


def _describe(error: Any) -> str:
    where = ".".join(str(part) for part in error["loc"])
    return f"{where}: {error['msg']}" if where else str(error["msg"])


def _place(tree: Mapping, path: tuple[int | str, ...]) -> Origin:
    here: Any = tree
    origin = tree.origin
    for step in path:
        if isinstance(here, Mapping) and isinstance(step, str) and step in here.fields:
            origin = here.key_origin(step)
            here = here.fields[step]
    return origin


__all__ = ["Condition", "Policy", "domain_policies", "domains", "policy_rule", "root"]
