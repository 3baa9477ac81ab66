"""Text that something fills in before it is applied: Flux's `${cluster}`, a template's `{{ .Values.name }}`, `<NAME>`.

Whole `${NAMES}` in capitals are unknown values already (see `envsubst`). What is left are texts of which a part, or
which in another notation, stands for a value: nothing can be said about their form.
"""

from __future__ import annotations

import re

_PLACEHOLDER = re.compile(r"\$\{[^}]*\}|\$\([^)]*\)|\{\{|<[A-Za-z][^<>]*>|%[A-Z_]+%|@@?[A-Z_]+@@?|\$[A-Z_]{2,}")
_CAPITALS = re.compile(r"[A-Z][A-Z0-9_]+")


def has_placeholder(text: str) -> bool:
    """Whether a part of a text stands for something else."""
    return _PLACEHOLDER.search(text) is not None


def is_placeholder_name(text: str) -> bool:
    """Whether a name stands for another one: it holds a placeholder, or is in capitals throughout (`NAMESPACE`)."""
    return has_placeholder(text) or _CAPITALS.fullmatch(text) is not None
