"""Conversions to a type, and functions about what is sensitive."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from infracheck.source.values import Unknown
from infracheck.terraform import construct
from infracheck.terraform.conversion import convert
from infracheck.terraform.functions.signature import function
from infracheck.terraform.types import BOOL, DYNAMIC, NUMBER, STRING, ListType, MapType, SetType

if TYPE_CHECKING:
    from infracheck.source.origin import Origin
    from infracheck.source.values import Value
    from infracheck.terraform.types import Type


def _conversion(name: str, target: Type) -> None:
    def run(arguments: list[Value], origin: Origin) -> Value:
        del origin
        return convert(arguments[0], target)

    function(DYNAMIC, returns=target, takes_null=True, takes_unknown=True, keeps_marks=True, name=name)(run)


for _name, _target in (
    ("tostring", STRING),
    ("tonumber", NUMBER),
    ("tobool", BOOL),
    ("tolist", ListType(DYNAMIC)),
    ("toset", SetType(DYNAMIC)),
    ("tomap", MapType(DYNAMIC)),
):
    _conversion(_name, _target)


@function(DYNAMIC, takes_null=True, takes_unknown=True, keeps_marks=True)
def sensitive(arguments: list[Value], origin: Origin) -> Value:
    """`sensitive(value)`."""
    del origin
    return replace(arguments[0], sensitive=True)


@function(DYNAMIC, takes_null=True, takes_unknown=True, keeps_marks=True)
def nonsensitive(arguments: list[Value], origin: Origin) -> Value:
    """`nonsensitive(value)`: what is inside stays as sensitive as it was."""
    del origin
    return replace(arguments[0], sensitive=False)


@function(DYNAMIC, returns=BOOL, takes_null=True, takes_unknown=True, keeps_marks=True)
def issensitive(arguments: list[Value], origin: Origin) -> Value:
    """`issensitive(value)`."""
    if isinstance(arguments[0], Unknown) and not arguments[0].sensitive:
        return construct.unknown("whether it is sensitive is not known", origin, arguments[0], BOOL)
    return construct.boolean(arguments[0].sensitive, origin)


@function(DYNAMIC, takes_null=True, takes_unknown=True, keeps_marks=True)
def ephemeralasnull(arguments: list[Value], origin: Origin) -> Value:
    """`ephemeralasnull(value)`: the value, for nothing that a scan reads is ephemeral."""
    del origin
    return arguments[0]
