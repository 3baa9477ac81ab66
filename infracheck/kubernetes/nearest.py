"""One of each object, where an environment holds the same object several times.

An environment that runs in several clusters has a stack for each: the same Deployment, with its own autoscaler and
budget beside it. What belongs together stands in one stack.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from infracheck.kubernetes.manifest import Manifest

if TYPE_CHECKING:
    from collections.abc import Iterable

View = TypeVar("View", bound=Manifest)


def distinct(found: Iterable[View], beside: Manifest) -> list[View]:
    """The objects found, one for each address: that of the stack another object stands in, else the first.

    Where some stand in the stack of `beside`, only those of it are taken to belong to it.
    """
    everything = list(found)
    near = [one for one in everything if one.context.stack == beside.context.stack]
    by_address: dict[str, View] = {}
    for one in near or everything:
        by_address.setdefault(one.address, one)
    return list(by_address.values())
