"""Names that were meant to be the same: a letter more or less, and no number that tells two of a kind apart."""

from __future__ import annotations

from difflib import SequenceMatcher

SLIP = 0.9
"""How alike two names are, from 0 to 1, that differ by a letter or two rather than by intention."""
LONG_ENOUGH = 6
"""Characters a name needs for likeness to mean anything."""
LONGEST = 253
"""Characters a name of Kubernetes may have (RFC 1123 subdomain); longer ones are not compared letter by letter."""


def is_alike(name: str, wanted: str) -> bool:
    """Whether one name may have been written for the other. Equal names are alike."""
    if name == wanted:
        return True
    if min(len(name), len(wanted)) < LONG_ENOUGH or max(len(name), len(wanted)) > LONGEST:
        return False
    numbered = name.rstrip("0123456789") == wanted.rstrip("0123456789")
    return not numbered and SequenceMatcher(None, name, wanted).ratio() >= SLIP
