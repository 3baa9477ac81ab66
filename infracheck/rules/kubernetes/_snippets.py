"""Nginx configuration that an Ingress brings along, and what in it amounts to the controller."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from infracheck.source.field import judge_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.ingress import Ingress
    from infracheck.rule import Violation
    from infracheck.source.field import Field

SNIPPET: Final = re.compile(r"(nginx\.ingress\.kubernetes\.io|nginx\.org)/[a-z-]*snippets?")
LUA: Final = re.compile(r"lua_|_by_lua", re.IGNORECASE)
"""Directives of Lua: `lua_package_path`, `content_by_lua_block`."""
ALIAS: Final = re.compile(r"\balias\s")


def snippets_holding(ingress: Ingress, what: re.Pattern[str], does: str) -> Iterator[Violation]:
    """A violation for each snippet that holds something.

    Args:
        ingress: the Ingress.
        what: what is looked for.
        does: what the Ingress does by it: "runs Lua code in nginx".

    Raises:
        NotJudged: in the end, if a snippet is unknown.
    """

    def judge(snippet: tuple[str, Field]) -> Iterator[Violation]:
        key, field = snippet
        if what.search(field.text("") or ""):
            message = f"{ingress.address} {does} by {key.partition('/')[2]}"
            yield ingress.violation(field, message, on_key=True)

    yield from judge_each(snippets(ingress), judge)


def snippets(ingress: Ingress) -> Iterator[tuple[str, Field]]:
    """The annotations whose text is pasted into nginx's configuration, each with its name."""
    return (one for one in ingress.annotations.items() if SNIPPET.fullmatch(one[0]))
