"""Character encodings: `textencodebase64` and `textdecodebase64`.

Names are those that IANA registered (https://www.iana.org/assignments/character-sets), of the encodings that Terraform
knows.
"""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING

from infracheck.terraform import construct
from infracheck.terraform.construct import text_in
from infracheck.terraform.functions.signature import FunctionError, function
from infracheck.terraform.types import STRING

if TYPE_CHECKING:
    from infracheck.source.origin import Origin
    from infracheck.source.values import Value

CODECS = {
    "utf-8": "utf-8", "utf-16": "utf-16", "utf-16be": "utf-16-be", "utf-16le": "utf-16-le",
    **{f"iso-8859-{part}": f"iso8859-{part}" for part in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 13, 14, 15, 16)},
    "latin1": "iso8859-1", "l1": "iso8859-1", "iso_8859-1": "iso8859-1", "latin2": "iso8859-2", "l2": "iso8859-2",
    "latin5": "iso8859-9", "latin-9": "iso8859-15", "greek": "iso8859-7", "hebrew": "iso8859-8", "arabic": "iso8859-6",
    "cyrillic": "iso8859-5",
    **{f"windows-{page}": f"cp{page}" for page in (*range(1250, 1259), 874)},
    "koi8-r": "koi8-r", "koi8-u": "koi8-u", "macintosh": "mac-roman", "mac": "mac-roman",
    **{f"ibm{page}": f"cp{page}" for page in (437, 850, 852, 855, 858, 860, 862, 863, 865, 866)},
    **{f"cp{page}": f"cp{page}" for page in (437, 850, 852, 855, 858, 860, 862, 863, 865, 866)},
    "ibm037": "cp037", "cp037": "cp037", "ibm01140": "cp1140",
    "gbk": "gbk", "cp936": "gbk", "ms936": "gbk", "windows-936": "gbk", "gb18030": "gb18030", "hz-gb-2312": "hz",
    "big5": "big5", "csbig5": "big5", "euc-jp": "euc-jp", "shift_jis": "shift-jis", "ms_kanji": "shift-jis",
    "iso-2022-jp": "iso2022-jp", "euc-kr": "euc-kr",
}  # fmt: skip


@function(STRING, STRING, returns=STRING)
def textencodebase64(arguments: list[Value], origin: Origin) -> Value:
    """`textencodebase64(text, encoding)`."""
    codec = _codec(text_in(arguments[1]))
    text = text_in(arguments[0])
    try:
        # Terraform writes UTF-16 big end first, with its mark.
        data = b"\xfe\xff" + text.encode("utf-16-be") if codec == "utf-16" else text.encode(codec)
    except UnicodeEncodeError:
        raise FunctionError(
            f"the given string contains characters that {text_in(arguments[1])} does not have"
        ) from None
    return construct.string(base64.b64encode(data).decode(), origin)


@function(STRING, STRING, returns=STRING)
def textdecodebase64(arguments: list[Value], origin: Origin) -> Value:
    """`textdecodebase64(text, encoding)`."""
    codec = _codec(text_in(arguments[1]))
    try:
        data = base64.b64decode(text_in(arguments[0]).encode(), validate=True)
        return construct.string(data.decode(codec), origin)
    except (binascii.Error, UnicodeDecodeError):
        raise FunctionError(f"the given string is no base64 of {text_in(arguments[1])} text") from None


def _codec(name: str) -> str:
    codec = CODECS.get(name.lower())
    if codec is None:
        raise FunctionError(f"{name!r} is not a supported IANA encoding name or alias")
    return codec
