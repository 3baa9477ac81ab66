"""`rsadecrypt`: RSA with PKCS #1 v1.5 padding (RFC 8017), for keys in PEM files without a password."""

from __future__ import annotations

import base64
import binascii
import re
from typing import TYPE_CHECKING, Final, NamedTuple

from infracheck.source.errors import LimitError
from infracheck.terraform import construct
from infracheck.terraform.construct import text_in
from infracheck.terraform.functions.encoding import from_base64
from infracheck.terraform.functions.signature import FunctionError, function
from infracheck.terraform.types import STRING

if TYPE_CHECKING:
    from infracheck.source.origin import Origin
    from infracheck.source.values import Value

PEM: Final = re.compile(r"-----BEGIN ([A-Z ]+)-----\r?\n(.*?)-----END \1-----", re.DOTALL)
INTEGER, OCTETS, ROW = 0x02, 0x04, 0x30
MAX_MODULUS_BITS: Final = 16_384
SEPARATOR: Final = b"\x00"
LEAST_PADDING: Final = 8


class PrivateKey(NamedTuple):
    """An RSA key: the modulus and the private exponent."""

    modulus: int
    exponent: int


@function(STRING, STRING, returns=STRING)
def rsadecrypt(arguments: list[Value], origin: Origin) -> Value:
    """`rsadecrypt(base64, private key)`: sensitive, although Terraform does not say so."""
    data = from_base64(text_in(arguments[0]))
    key = _key(text_in(arguments[1]))
    size = (key.modulus.bit_length() + 7) // 8
    number = int.from_bytes(data, "big")
    if len(data) > size or number >= key.modulus:
        raise FunctionError("failed to decrypt: decryption error")
    message = pow(number, key.exponent, key.modulus).to_bytes(size, "big")
    end = message.find(SEPARATOR, 2)
    if not message.startswith(b"\x00\x02") or end < 2 + LEAST_PADDING:
        raise FunctionError("failed to decrypt: decryption error")
    return construct.marked(construct.string(message[end + 1 :].decode("utf-8", "replace"), origin), sensitive=True)


def _key(text: str) -> PrivateKey:
    found = PEM.search(text)
    if found is None:
        raise FunctionError("failed to parse key: no key found")
    kind = found[1]
    if kind == "OPENSSH PRIVATE KEY" or "\nDEK-Info:" in found[2]:
        raise LimitError("private keys in this format are not read")
    try:
        data = base64.b64decode("".join(found[2].split()), validate=True)
        if kind == "PRIVATE KEY":
            # PKCS #8 wraps the key: version, algorithm, and the key as octets.
            fields = _fields(_content(data, ROW))
            data = fields[2][1] if len(fields) > 2 and fields[2][0] == OCTETS else b""
        elif kind != "RSA PRIVATE KEY":
            raise FunctionError("invalid key type: only RSA private keys are supported")
        numbers = [int.from_bytes(content, "big") for tag, content in _fields(_content(data, ROW)) if tag == INTEGER]
    except (binascii.Error, IndexError):
        raise FunctionError("failed to parse key") from None
    if len(numbers) < 4 or not 0 < numbers[1].bit_length() <= MAX_MODULUS_BITS or numbers[3] >= numbers[1]:
        raise FunctionError("failed to parse key")
    return PrivateKey(numbers[1], numbers[3])


def _content(data: bytes, tag: int) -> bytes:
    fields = _fields(data)
    if not fields or fields[0][0] != tag:
        raise FunctionError("failed to parse key: asn1: structure error")
    return fields[0][1]


def _fields(data: bytes) -> list[tuple[int, bytes]]:
    """The tags and contents of consecutive DER values."""
    found: list[tuple[int, bytes]] = []
    at = 0
    while at < len(data):
        tag, length = data[at], data[at + 1]
        at += 2
        if length & 0x80:
            count = length & 0x7F
            length = int.from_bytes(data[at : at + count], "big")
            at += count
        if at + length > len(data):
            raise FunctionError("failed to parse key: asn1: syntax error")
        found.append((tag, data[at : at + length]))
        at += length
    return found
