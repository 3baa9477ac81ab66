"""What the reader makes of impossible and forbidden paths."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from infracheck.source.errors import OutsideRootError, ReadError
from infracheck.source.reader import Reader

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def reader(tmp_path: Path) -> Reader:
    (tmp_path / "root").mkdir()
    (tmp_path / "outside.txt").write_text("secret")
    return Reader(tmp_path / "root")


@pytest.mark.parametrize(
    "name", ["x" * 300, "a/" * 3000 + "b", "nul\0byte", "\udcff" * 300], ids=["long", "deep", "nul", "undecodable"]
)
def test_impossible_names_are_read_errors(reader: Reader, name: str) -> None:
    for action in (reader.resolve, reader.read, reader.read_bytes, reader.listing):
        with pytest.raises(ReadError):
            action(reader.root / name)
    assert not reader.is_file(reader.root / name)
    assert not reader.is_directory(reader.root / name)


def test_a_name_that_does_not_exist_resolves(reader: Reader) -> None:
    assert reader.resolve(reader.root / "no" / "such") == reader.root / "no" / "such"


@pytest.mark.parametrize("path", ["../outside.txt", "link", "../root-too/x", "loop"])
def test_ways_out_are_refused(reader: Reader, path: str) -> None:
    (reader.root / "link").symlink_to("../outside.txt")
    (reader.root / "loop").symlink_to("loop")
    with pytest.raises(ReadError):
        reader.read(reader.root / path)


def test_a_link_out_is_said_to_lead_outside(reader: Reader) -> None:
    (reader.root / "link").symlink_to("/etc")
    with pytest.raises(OutsideRootError):
        reader.resolve(reader.root / "link" / "passwd")


def test_a_pipe_is_not_waited_for(reader: Reader) -> None:
    os.mkfifo(reader.root / "pipe")
    with pytest.raises(ReadError, match="not a regular file"):
        reader.read(reader.root / "pipe")


def test_a_file_is_read_once(reader: Reader) -> None:
    (reader.root / "a.txt").write_text("one")
    first = reader.read(reader.root / "a.txt")
    (reader.root / "a.txt").write_text("two")
    assert reader.read(reader.root / "." / "a.txt") is first


def test_a_kind_of_file_may_be_larger(reader: Reader) -> None:
    small = Reader(reader.root, max_bytes=4)
    (reader.root / "a.json").write_text("12345")
    for _ in range(2):
        with pytest.raises(ReadError, match="more than the limit of 4"):
            small.read(reader.root / "a.json")
    assert small.read(reader.root / "a.json", max_bytes=5).text == "12345"
    assert small.read_bytes(reader.root / "a.json", max_bytes=5) == b"12345"
    with pytest.raises(ReadError):
        small.read_bytes(reader.root / "a.json")
