"""Functions whose result no file decides: they depend on time, chance or the machine. Their arguments are checked."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Final

from infracheck.terraform import construct
from infracheck.terraform.construct import text_in
from infracheck.terraform.functions.signature import FunctionError, function, whole
from infracheck.terraform.types import NUMBER, STRING

if TYPE_CHECKING:
    from infracheck.source.origin import Origin
    from infracheck.source.values import Value
    from infracheck.terraform.types import Type

MAX_COST: Final = 31
"""The largest cost of bcrypt."""

MAX_PASSWORD: Final = 72
"""Bytes of a password that bcrypt takes."""


def _unknowable(name: str, reason: str, *parameters: Type) -> None:
    def run(arguments: list[Value], origin: Origin) -> Value:
        del arguments
        return construct.unknown(f"`{name}()` is not known: {reason}", origin, type_=STRING)

    function(*parameters, returns=STRING, name=name)(run)


_unknowable("timestamp", "it is the time of the plan")
_unknowable("plantimestamp", "it is the time of the plan")
_unknowable("uuid", "it is random")
_unknowable("base64gzip", "it depends on the compressor", STRING)


@function(STRING, rest=NUMBER, returns=STRING)
def bcrypt(arguments: list[Value], origin: Origin) -> Value:
    """`bcrypt(text, cost)`: salted, so it differs from call to call."""
    if len(arguments) > 2:
        raise FunctionError("bcrypt() takes no more than two arguments")
    if len(arguments) == 2 and whole(arguments[1]) > MAX_COST:
        raise FunctionError(f"crypto/bcrypt: cost {whole(arguments[1])} is outside allowed range (4,{MAX_COST})")
    if len(text_in(arguments[0]).encode()) > MAX_PASSWORD:
        raise FunctionError("bcrypt: password length exceeds 72 bytes")
    return construct.unknown("`bcrypt()` is not known: it is random", origin, type_=STRING)


@function(STRING, returns=STRING)
def pathexpand(arguments: list[Value], origin: Origin) -> Value:
    """`pathexpand(path)`: known unless the path begins with `~`."""
    path = text_in(arguments[0])
    if not path.startswith("~"):
        return construct.string(path, origin)
    if path[1:2] not in ("", "/", "\\"):
        raise FunctionError("cannot expand user-specific home dir")
    return construct.unknown("`pathexpand()` is not known: it depends on the user's home", origin, type_=STRING)


@function(STRING, returns=STRING)
def abspath(arguments: list[Value], origin: Origin) -> Value:
    """`abspath(path)`: known if the path is absolute."""
    path = text_in(arguments[0])
    if path.startswith("/"):
        return construct.string("/" + posixpath.normpath(path).lstrip("/"), origin)
    return construct.unknown("`abspath()` is not known: it depends on where terraform runs", origin, type_=STRING)
