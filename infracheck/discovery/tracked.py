"""Which files git tracks, read from its index.

An ignore file hides what git does not track; a file that is tracked is part of the repository whatever the ignore files
say ("gitignore: Files already tracked by Git are not affected"). Asking git itself would run a program that obeys
the scanned repository's configuration, so the index is read as data, as `gitformat-index` describes it.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from infracheck.source.errors import ReadError

if TYPE_CHECKING:
    from pathlib import Path

    from infracheck.source.reader import Reader

HEADER_BYTES = 12
STAT_BYTES = 40
"""ctime, mtime, dev, ino, mode, uid, gid and size of an entry, before its object name."""
EXTENDED = 0x4000
"""The flag of entries that have a second word of flags (version 3 and later)."""
LONGEST_PATH = 1 << 20
"""Bytes of a path; no system allows for more. A number that goes on for megabytes would take hours to read."""


def tracked_files(root: Path, reader: Reader) -> frozenset[bytes] | None:
    """The files git tracks and the directories above them, relative to the root, as bytes; None without an index.

    Args:
        root: a directory that holds `.git`.
        reader: reads below its own root only, so the index of a worktree kept elsewhere is not read.
    """
    try:
        names = parse_index(reader.read_bytes(root / ".git" / "index"))
    except (ReadError, ValueError, IndexError):
        return None
    found = set(names)
    for name in names:
        folder = name.rpartition(b"/")[0]
        while folder and folder not in found:
            found.add(folder)
            folder = folder.rpartition(b"/")[0]
    return frozenset(found)


def parse_index(data: bytes) -> frozenset[bytes]:
    """The paths of an index of version 2, 3 or 4.

    Raises:
        ValueError: it is none or not sound, or it keeps part of its entries in another file (`split-index`).
        IndexError: it ends too early.
    """
    version = int.from_bytes(data[4:8])
    if data[:4] != b"DIRC" or version not in (2, 3, 4):
        raise ValueError("not a git index")
    hash_bytes = 32 if hashlib.sha256(data[:-32]).digest() == data[-32:] else 20
    names = set()
    at, name = HEADER_BYTES, b""
    for _ in range(int.from_bytes(data[8:12])):
        start = at
        at += STAT_BYTES + hash_bytes
        flags = int.from_bytes(data[at : at + 2])
        at += 4 if flags & EXTENDED and version >= 3 else 2
        if version == 4:
            cut, at = _offset(data, at)
            if cut > len(name):
                raise ValueError("a path of the index takes away more than there is")
            end = data.index(b"\0", at)
            name = name[: len(name) - cut] + data[at:end]
            at = end + 1
        else:
            end = data.index(b"\0", at)
            name = data[at:end]
            at = start + (end - start + 8) // 8 * 8
        names.add(name)
    if data[at : at + 4] == b"link":
        raise ValueError("a split index")
    return frozenset(names)


def _offset(data: bytes, at: int) -> tuple[int, int]:
    """A number in git's variable-width encoding, and where it ends."""
    byte = data[at]
    value = byte & 0x7F
    while byte & 0x80:
        if value > LONGEST_PATH:
            raise ValueError("a path of the index is longer than any")
        at += 1
        byte = data[at]
        value = ((value + 1) << 7) | (byte & 0x7F)
    return value, at + 1
