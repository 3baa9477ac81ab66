"""`textencodebase64` and `textdecodebase64`: character encodings by their IANA names.

The names are those of https://www.iana.org/assignments/character-sets that golang.org/x/text knows.
"""

from __future__ import annotations

import base64
import codecs
from typing import TYPE_CHECKING, Final

from infracheck.source.errors import LimitError
from infracheck.terraform import construct
from infracheck.terraform.construct import text_in
from infracheck.terraform.functions.encoding import REPLACEMENT, from_base64
from infracheck.terraform.functions.signature import FunctionError, function
from infracheck.terraform.types import STRING

if TYPE_CHECKING:
    from infracheck.source.origin import Origin
    from infracheck.source.values import Value

_NAMES: Final = {
    "utf-8": "UTF-8 csUTF8",
    "utf-16": "UTF-16 csUTF16",
    "utf-16-be": "UTF-16BE csUTF16BE",
    "utf-16-le": "UTF-16LE csUTF16LE",
    "ascii": "US-ASCII iso-ir-6 ANSI_X3.4-1968 ANSI_X3.4-1986 ISO_646.irv:1991 ISO646-US us IBM367 cp367 csASCII",
    "latin-1": "ISO-8859-1 ISO_8859-1:1987 iso-ir-100 ISO_8859-1 latin1 l1 IBM819 CP819 csISOLatin1",
    "iso8859-2": "ISO-8859-2 ISO_8859-2:1987 iso-ir-101 ISO_8859-2 latin2 l2 csISOLatin2",
    "iso8859-3": "ISO-8859-3 ISO_8859-3:1988 iso-ir-109 ISO_8859-3 latin3 l3 csISOLatin3",
    "iso8859-4": "ISO-8859-4 ISO_8859-4:1988 iso-ir-110 ISO_8859-4 latin4 l4 csISOLatin4",
    "iso8859-5": "ISO-8859-5 ISO_8859-5:1988 iso-ir-144 ISO_8859-5 cyrillic csISOLatinCyrillic",
    "iso8859-6": "ISO-8859-6 ISO_8859-6:1987 iso-ir-127 ISO_8859-6 ECMA-114 ASMO-708 arabic csISOLatinArabic"
    " ISO-8859-6-I ISO_8859-6-I csISO88596I ISO-8859-6-E ISO_8859-6-E csISO88596E",
    "iso8859-7": "ISO-8859-7 ISO_8859-7:1987 iso-ir-126 ISO_8859-7 ELOT_928 ECMA-118 greek greek8 csISOLatinGreek",
    "iso8859-8": "ISO-8859-8 ISO_8859-8:1988 iso-ir-138 ISO_8859-8 hebrew csISOLatinHebrew ISO-8859-8-I ISO_8859-8-I"
    " csISO88598I ISO-8859-8-E ISO_8859-8-E csISO88598E",
    "iso8859-9": "ISO-8859-9 ISO_8859-9:1989 iso-ir-148 ISO_8859-9 latin5 l5 csISOLatin5",
    "iso8859-10": "ISO-8859-10 iso-ir-157 l6 ISO_8859-10:1992 csISOLatin6 latin6",
    "iso8859-13": "ISO-8859-13 csISO885913",
    "iso8859-14": "ISO-8859-14 iso-ir-199 ISO_8859-14:1998 ISO_8859-14 latin8 iso-celtic l8 csISO885914",
    "iso8859-15": "ISO-8859-15 ISO_8859-15 Latin-9 csISO885915",
    "iso8859-16": "ISO-8859-16 iso-ir-226 ISO_8859-16:2001 ISO_8859-16 latin10 l10 csISO885916",
    "koi8-r": "KOI8-R csKOI8R",
    "koi8-u": "KOI8-U csKOI8U",
    "mac-roman": "macintosh mac csMacintosh",
    "cp037": "IBM037 cp037 ebcdic-cp-us ebcdic-cp-ca ebcdic-cp-wt ebcdic-cp-nl csIBM037",
    "cp1140": "IBM01140 CCSID01140 CP01140 ebcdic-us-37+euro csIBM01140",
    "cp437": "IBM437 cp437 437 csPC8CodePage437",
    "cp850": "IBM850 cp850 850 csPC850Multilingual",
    "cp852": "IBM852 cp852 852 csPCp852",
    "cp855": "IBM855 cp855 855 csIBM855",
    "cp858": "IBM00858 CCSID00858 CP00858 PC-Multilingual-850+euro csIBM00858",
    "cp860": "IBM860 cp860 860 csIBM860",
    "cp862": "IBM862 cp862 862 csPC862LatinHebrew",
    "cp863": "IBM863 cp863 863 csIBM863",
    "cp865": "IBM865 cp865 865 csIBM865",
    "cp866": "IBM866 cp866 866 csIBM866",
    **{f"cp{page}": f"windows-{page} cswindows{page}" for page in (874, *range(1250, 1259))},
    "shift_jis": "Shift_JIS MS_Kanji csShiftJIS",
    "euc_jp": "EUC-JP Extended_UNIX_Code_Packed_Format_for_Japanese csEUCPkdFmtJapanese",
    "iso2022_jp": "ISO-2022-JP csISO2022JP",
    "euc_kr": "EUC-KR csEUCKR",
    "gbk": "GBK CP936 MS936 windows-936 csGBK",
    "gb18030": "GB18030 csGB18030",
    "hz": "HZ-GB-2312",
    "big5": "Big5 csBig5",
    "": "IBM1047 IBM-1047 csIBM1047",
}
"""Python's codec, and the names it goes by; "" where Python has none."""

CODECS: Final = {name.lower(): codec for codec, names in _NAMES.items() for name in names.split()}

_WITH_CONTROLS: Final = frozenset({"iso8859-9"})
"""The ISO 8859 codecs in which Go, as Python, decodes 0x80 to 0x9F."""


@function(STRING, STRING, returns=STRING)
def textencodebase64(arguments: list[Value], origin: Origin) -> Value:
    """`textencodebase64(text, encoding)`."""
    text, codec = text_in(arguments[0]), _codec(arguments[1])
    try:
        # Go writes UTF-16 with a mark and the high byte first.
        encoded = codecs.BOM_UTF16_BE + text.encode("utf-16-be") if codec == "utf-16" else text.encode(codec)
        _refuse_controls(codec, encoded)
    except UnicodeError:
        raise FunctionError("the given string contains characters that the encoding cannot represent") from None
    return construct.string(base64.b64encode(encoded).decode(), origin)


@function(STRING, STRING, returns=STRING)
def textdecodebase64(arguments: list[Value], origin: Origin) -> Value:
    """`textdecodebase64(text, encoding)`."""
    data, codec = from_base64(text_in(arguments[0])), _codec(arguments[1])
    if codec == "utf-16" and not data.startswith((codecs.BOM_UTF16_BE, codecs.BOM_UTF16_LE)):
        codec = "utf-16-be"
    try:
        _refuse_controls(codec, data)
        text = data.decode(codec)
    except UnicodeError:
        raise FunctionError("the given string contains symbols that are not defined for the encoding") from None
    if REPLACEMENT in text:
        raise FunctionError("the given string contains symbols that are not defined for the encoding")
    return construct.string(text, origin)


def _codec(value: Value) -> str:
    name = text_in(value)
    codec = CODECS.get(name.lower())
    if codec is None:
        raise FunctionError(f"{name!r} is not a supported IANA encoding name or alias in this Terraform version")
    if not codec:
        raise LimitError(f"the encoding {name} is not known here")
    return codec


def _refuse_controls(codec: str, data: bytes) -> None:
    if codec.startswith("iso8859") and codec not in _WITH_CONTROLS and any(0x80 <= byte < 0xA0 for byte in data):
        raise UnicodeError("not a character of the encoding")
