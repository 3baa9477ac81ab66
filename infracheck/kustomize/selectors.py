"""Which objects a patch or a replacement is for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from infracheck.kustomize.patterns import go_pattern
from infracheck.source.errors import RenderError

if TYPE_CHECKING:
    from infracheck.kustomize.identity import Gvk
    from infracheck.kustomize.resource import Resource
    from infracheck.source.origin import Origin

REQUIREMENT = re.compile(
    r"\s*(?:(?P<absent>!)\s*(?P<absent_key>[^\s=!,()<>]+)"
    r"|(?P<key>[^\s=!,()<>]+)\s*(?:"
    r"(?P<operator>==|=|!=|>|<)\s*(?P<value>[^\s=!,()<>]*)"
    r"|(?P<set>in|notin)\s*\((?P<values>[^()]*)\))?)\s*(?:,|\Z)"
)
"""One requirement of a Kubernetes label selector."""


@dataclass(frozen=True, slots=True)
class Selector:
    """Patterns that an object's current kind, and its first or current name and namespace, must match as a whole.

    Attributes:
        gvk: patterns for group, version and kind; "" for any.
        name: pattern of the name.
        namespace: pattern of the effective namespace.
        labels: a label selector.
        annotations: a label selector over annotations.
        origin: where it is written.
    """

    gvk: Gvk
    name: str
    namespace: str
    labels: str
    annotations: str
    origin: Origin

    def matches(self, resource: Resource) -> bool:
        """Whether an object is selected.

        Raises:
            RenderError: a pattern or label selector is malformed.
        """
        first, now = resource.original_id, resource.id
        return (
            self._either(self.namespace, first.effective_namespace, now.effective_namespace)
            and self._either(self.name, first.name, now.name)
            and all(self._either(pattern, part, part) for pattern, part in zip(self.gvk, now.gvk, strict=True))
            and matches_labels(self.labels, resource.labels, self.origin)
            and matches_labels(self.annotations, resource.annotations, self.origin)
        )

    def _either(self, pattern: str, first: str, now: str) -> bool:
        if not pattern:
            return True
        compiled = go_pattern(f"^(?:{pattern})$", self.origin)
        return compiled.found_in(first) or (first != now and compiled.found_in(now))


def matches_labels(selector: str, labels: dict[str, str], origin: Origin) -> bool:
    """Whether labels satisfy a Kubernetes label selector (`a=b,c!=d,e in (f,g),!h`); "" is satisfied by all.

    Raises:
        RenderError: it is malformed.
    """
    if not selector.strip():
        return True
    try:
        return all(_holds(one, labels) for one in _requirements(selector))
    except ValueError as problem:
        raise RenderError(f"unable to parse the selector `{selector}`: {problem}", origin) from problem


@lru_cache(maxsize=1024)
def _requirements(selector: str) -> tuple[re.Match[str], ...]:
    found, at = [], 0
    while at < len(selector):
        one = REQUIREMENT.match(selector, at)
        if not one or one.end() == at:
            raise ValueError(f"unexpected `{selector[at:]}`")
        found.append(one)
        at = one.end()
    return tuple(found)


def _holds(one: re.Match[str], labels: dict[str, str]) -> bool:
    if one["absent"]:
        return one["absent_key"] not in labels
    key, operator = one["key"], one["operator"]
    if one["set"]:
        values = {value.strip() for value in one["values"].split(",")}
        return (key in labels and labels[key] in values) if one["set"] == "in" else labels.get(key) not in values
    if operator is None:
        return key in labels
    if operator in {"=", "=="}:
        return labels.get(key) == one["value"]
    if operator == "!=":
        return labels.get(key) != one["value"]
    try:
        held, wanted = int(labels[key]), int(one["value"])
    except (KeyError, ValueError):
        return False
    return held > wanted if operator == ">" else held < wanted
