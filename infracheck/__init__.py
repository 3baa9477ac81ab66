"""infracheck: policy and lint for infrastructure repositories.

    import infracheck

    report = infracheck.scan(["infrastructure/"])
    for finding in report.findings:
        print(finding.location, finding.rule_id, finding.message)

Importing this package loads nothing else; each name below loads what it needs when it is first used.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

from infracheck.version import __version__

if TYPE_CHECKING:
    from infracheck.api import evaluate, load_terraform, render, rules, scan
    from infracheck.config.settings import Settings
    from infracheck.findings.finding import Finding
    from infracheck.findings.report import Report
    from infracheck.rule import Rule
    from infracheck.source.errors import EvaluationError, InfracheckError, ReadError, RenderError, SettingsError

_HOMES = {
    "EvaluationError": "infracheck.source.errors",
    "Finding": "infracheck.findings.finding",
    "InfracheckError": "infracheck.source.errors",
    "ReadError": "infracheck.source.errors",
    "RenderError": "infracheck.source.errors",
    "Report": "infracheck.findings.report",
    "Rule": "infracheck.rule",
    "Settings": "infracheck.config.settings",
    "SettingsError": "infracheck.source.errors",
    "evaluate": "infracheck.api",
    "load_terraform": "infracheck.api",
    "render": "infracheck.api",
    "scan": "infracheck.api",
}

__all__ = [
    "EvaluationError",
    "Finding",
    "InfracheckError",
    "ReadError",
    "RenderError",
    "Report",
    "Rule",
    "Settings",
    "SettingsError",
    "__version__",
    "evaluate",
    "load_terraform",
    "render",
    "rules",
    "scan",
]


class _FrontPage(ModuleType):
    """This module, on which `rules` stays the function although there is a package of that name too.

    Importing a subpackage sets it on its parent; a property on the parent's class goes before that.
    """

    @property
    def rules(self) -> Any:
        """See `infracheck.api.rules`."""
        from infracheck.api import rules as every_rule  # noqa: PLC0415 - see the module docstring

        return every_rule

    @rules.setter
    def rules(self, package: ModuleType) -> None:
        """The import system announces the package; it is found in `sys.modules` all the same."""


sys.modules[__name__].__class__ = _FrontPage


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module  # noqa: PLC0415 - importlib alone costs a millisecond

    value = getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
