"""Nginx configuration that an Ingress brings along, and what in it amounts to the controller."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.ingress import Ingress
    from infracheck.source.field import Field

SNIPPET: Final = re.compile(r"(nginx\.ingress\.kubernetes\.io|nginx\.org)/[a-z-]*snippets?")
LUA: Final = re.compile(r"lua_|_by_lua", re.IGNORECASE)
"""Directives of Lua: `lua_package_path`, `content_by_lua_block`."""
ALIAS: Final = re.compile(r"\balias\s")


def snippets(ingress: Ingress) -> Iterator[tuple[str, Field]]:
    """The annotations whose text is pasted into nginx's configuration, each with its name."""
    return (one for one in ingress.annotations.items() if SNIPPET.fullmatch(one[0]))
