"""Which Linux capabilities amount to owning the node. Source: capabilities(7)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from infracheck.source.field import Field

DANGEROUS: Final = frozenset(
    {
        "ALL",
        "BPF",
        "DAC_READ_SEARCH",
        "MAC_ADMIN",
        "NET_ADMIN",
        "PERFMON",
        "SYS_ADMIN",
        "SYS_BOOT",
        "SYS_MODULE",
        "SYS_PTRACE",
        "SYS_RAWIO",
    }
)
"""Capabilities by which a container reaches the kernel, the node's network, its files or its processes."""


def capability(field: Field) -> str:
    """The capability an element of `add` names, in capitals and without `CAP_`; "" where it names none.

    Raises:
        NotJudged: the name is unknown.
    """
    return (field.text("") or "").upper().removeprefix("CAP_")
