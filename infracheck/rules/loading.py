"""From modules to rules. A domain's modules are imported when somebody asks for that domain, and not before.

Nothing registers itself: a rule is found because its file stands in the package, and is named after that file.
"""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from infracheck.rule import Rule, UnboundRule
from infracheck.source.errors import SettingsError

if TYPE_CHECKING:
    from types import ModuleType

PACKAGE = "infracheck.rules"
ROOT = Path(__file__).parent


def domains() -> tuple[str, ...]:
    """The domains that have rules of ours, sorted."""
    return tuple(sorted(path.name for path in ROOT.iterdir() if path.is_dir() and any(path.glob("[a-z]*.py"))))


@cache
def domain_rules(domain: str) -> tuple[Rule, ...]:
    """Our rules of a domain, sorted by id; none for a domain without any."""
    return package_rules(f"{PACKAGE}.{domain}") if domain in domains() else ()


def package_rules(package: str) -> tuple[Rule, ...]:
    """The rules of a package whose modules each hold one; the package's last name is their domain.

    Raises:
        SettingsError: a module holds no rule, or several.
    """
    names = sorted(item.name for item in pkgutil.iter_modules(importlib.import_module(package).__path__))
    domain = package.rpartition(".")[2]
    return tuple(_bind(importlib.import_module(f"{package}.{name}"), domain, name) for name in names if name[0] != "_")


def file_rule(path: Path) -> Rule:
    """The rule of one Python file that the user named, such as one below `--policy DIR`.

    Its domain is the name of the folder it stands in.

    Raises:
        SettingsError: the file can't be imported, holds no rule, or several.
    """
    domain, name = path.parent.name, path.stem
    spec = importlib.util.spec_from_file_location(f"infracheck_policy.{domain}.{name}", path)
    if spec is None or spec.loader is None:
        raise SettingsError(f"{path}: not a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as problem:
        raise SettingsError(f"{path}: {type(problem).__name__}: {problem}") from problem
    return _bind(module, domain, name)


def _bind(module: ModuleType, domain: str, name: str) -> Rule:
    found = [thing for thing in vars(module).values() if isinstance(thing, UnboundRule)]
    file = module.__file__ or name
    if len(found) != 1:
        raise SettingsError(f"{file}: holds {len(found)} rules; a rule's file holds exactly one function under @rule")
    return found[0].bind(f"{domain}/{name.replace('_', '-')}", module.__doc__ or "", file)
