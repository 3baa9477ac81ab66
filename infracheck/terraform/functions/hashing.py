"""Hash functions over strings."""

from __future__ import annotations

import base64
import hashlib
import re
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


def _hashed(name: str, *, as_base64: bool) -> Callable[[list[Value], Origin], Value]:
    def run(arguments: list[Value], origin: Origin) -> Value:
        digest = hashlib.new(name, text_in(arguments[0]).encode("utf-8"), usedforsecurity=False).digest()
        return construct.string(base64.b64encode(digest).decode() if as_base64 else digest.hex(), origin)

    return run


NAMESPACES = {
    "dns": uuid.NAMESPACE_DNS, "url": uuid.NAMESPACE_URL, "oid": uuid.NAMESPACE_OID, "x500": uuid.NAMESPACE_X500
}  # fmt: skip
UUID = re.compile(r"(?i)(?:urn:uuid:)?[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|[0-9a-f]{32}")


@function(STRING, STRING, returns=STRING)
def uuidv5(arguments: list[Value], origin: Origin) -> Value:
    """`uuidv5(namespace, name)`: dns, url, oid, x500 or a UUID as the namespace (RFC 9562, 5.5)."""
    name = text_in(arguments[0])
    space = NAMESPACES.get(name) or (uuid.UUID(name) if UUID.fullmatch(name) else None)
    if space is None:
        raise FunctionError(f"uuidv5() doesn't support namespace {name}")
    return construct.string(str(uuid.uuid5(space, text_in(arguments[1]))), origin)


for _name in ("md5", "sha1", "sha256", "sha512"):
    function(STRING, returns=STRING, name=_name)(_hashed(_name, as_base64=False))
for _name in ("sha256", "sha512"):
    function(STRING, returns=STRING, name=f"base64{_name}")(_hashed(_name, as_base64=True))
