"""Hash functions over strings."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING

from infracheck.terraform import construct
from infracheck.terraform.construct import text_in
from infracheck.terraform.functions.signature import function
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


for _name in ("md5", "sha1", "sha256", "sha512"):
    function(STRING, returns=STRING, name=_name)(_hashed(_name, as_base64=False))
for _name in ("sha256", "sha512"):
    function(STRING, returns=STRING, name=f"base64{_name}")(_hashed(_name, as_base64=True))
