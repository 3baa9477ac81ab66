"""Hash functions over strings, and UUIDs made of them."""

from __future__ import annotations

import base64
import hashlib
import uuid
from typing import TYPE_CHECKING

from infracheck.terraform import construct
from infracheck.terraform.construct import text_in
from infracheck.terraform.functions.signature import FunctionError, function
from infracheck.terraform.types import STRING

if TYPE_CHECKING:
    from collections.abc import Callable

    from infracheck.source.origin import Origin
    from infracheck.source.values import Value

NAMESPACES = {
    "dns": uuid.NAMESPACE_DNS,
    "url": uuid.NAMESPACE_URL,
    "oid": uuid.NAMESPACE_OID,
    "x500": uuid.NAMESPACE_X500,
}


def _hashed(name: str, *, as_base64: bool) -> Callable[[list[Value], Origin], Value]:
    def run(arguments: list[Value], origin: Origin) -> Value:
        return construct.string(digest(name, text_in(arguments[0]).encode("utf-8"), as_base64=as_base64), origin)

    return run


def digest(name: str, data: bytes, *, as_base64: bool) -> str:
    """The hash of some bytes, in hexadecimal or base64."""
    found = hashlib.new(name, data, usedforsecurity=False).digest()
    return base64.b64encode(found).decode() if as_base64 else found.hex()


for _name in ("md5", "sha1", "sha256", "sha512"):
    function(STRING, returns=STRING, name=_name)(_hashed(_name, as_base64=False))
for _name in ("sha256", "sha512"):
    function(STRING, returns=STRING, name=f"base64{_name}")(_hashed(_name, as_base64=True))


@function(STRING, STRING, returns=STRING)
def uuidv5(arguments: list[Value], origin: Origin) -> Value:
    """`uuidv5(namespace, name)` (RFC 4122, 4.3)."""
    namespace, name = text_in(arguments[0]), text_in(arguments[1])
    space = NAMESPACES.get(namespace) or _uuid(namespace)
    return construct.string(str(uuid.uuid5(space, name)), origin)


def _uuid(text: str) -> uuid.UUID:
    """A UUID in one of the forms Terraform reads: plain, without dashes, in braces, as a URN."""
    bare = text
    if text[:9].lower() == "urn:uuid:":
        bare = text[9:]
    elif text.startswith("{") and text.endswith("}"):
        bare = text[1:-1]
    dashed = len(bare) == 36 and all(bare[at] == "-" for at in (8, 13, 18, 23))
    digits = bare[:8] + bare[9:13] + bare[14:18] + bare[19:23] + bare[24:] if dashed else bare
    if (dashed or (bare is text and len(bare) == 32)) and all(digit in "0123456789abcdefABCDEF" for digit in digits):
        return uuid.UUID(hex=digits)
    raise FunctionError(f"uuidv5() doesn't support namespace {text!r}")
