from __future__ import annotations

import os
import shutil
import socket
import subprocess
from typing import TYPE_CHECKING

import pytest

from infracheck.discovery import ignore, walk
from infracheck.discovery.tracked import parse_index
from infracheck.findings.report import GapKind
from infracheck.source.errors import OutsideRootError, ReadError
from tests.discovery.conftest import DEPLOYMENT

if TYPE_CHECKING:
    from pathlib import Path

    from infracheck.discovery import Discovery
    from tests.discovery.conftest import Find


def files(found: Discovery) -> list[str]:
    return sorted(path.name for stack in found.stacks for path in stack.files)


TWO = {"a/one.yaml": DEPLOYMENT, "b/two.yaml": DEPLOYMENT}


def test_order_and_repetition_of_paths_do_not_matter(find: Find) -> None:
    assert find(TWO, "b", "a", "a/one.yaml", ".") == find(TWO, ".")


def test_only_what_is_named_is_taken(find: Find) -> None:
    assert files(find(TWO, "b")) == ["two.yaml"]
    assert files(find(TWO, "a/one.yaml")) == ["one.yaml"]


def test_a_path_that_is_not_there_is_an_error(find: Find) -> None:
    with pytest.raises(ReadError, match="no such file"):
        find(TWO, "c")
    with pytest.raises(OutsideRootError):
        find(TWO, "../outside.yaml")


def test_what_tools_put_there_is_left_out(find: Find) -> None:
    found = find({f"{name}/x.yaml": DEPLOYMENT for name in (".git", ".terraform", "node_modules", "k8s")})
    assert [stack.name for stack in found.stacks] == ["k8s"]
    assert files(find({"venv/pyvenv.cfg": "", "venv/x.yaml": DEPLOYMENT}, "k8s")) == ["x.yaml"]


def test_excluded_paths_are_counted(find: Find) -> None:
    found = find(TWO, exclude=["b/"])
    assert files(found) == ["one.yaml"]
    assert [(gap.kind, gap.count) for gap in found.gaps] == [(GapKind.SKIPPED, 1)]


def test_a_named_file_is_taken_though_it_is_excluded(find: Find) -> None:
    assert files(find(TWO, "b/two.yaml", exclude=["b/"])) == ["two.yaml"]


def test_ignore_files_count_only_where_git_is_at_work(find: Find) -> None:
    assert files(find({**TWO, ".gitignore": "*\n"})) == ["one.yaml", "two.yaml"]


@pytest.fixture
def git(tmp_path: Path) -> str:
    found = shutil.which("git")
    if not found:
        pytest.skip("git is not installed")
    root = tmp_path / "repository"
    root.mkdir()
    subprocess.run([found, "init", "-q", root], check=True)
    return found


def test_ignored_files_are_counted_and_nested_files_may_take_back(find: Find, git: str) -> None:
    tree = {
        ".gitignore": "*.yaml\nbuild/\n",
        "a/one.yaml": DEPLOYMENT,
        "a/.gitignore": "!two.yaml\n",
        "a/two.yaml": DEPLOYMENT,
        "build/three.yml": DEPLOYMENT,
    }
    found = find(tree)
    assert files(found) == ["two.yaml"]
    assert [(gap.kind, gap.count) for gap in found.gaps] == [(GapKind.SKIPPED, 2)]
    assert files(find(tree, respect_gitignore=False)) == ["one.yaml", "three.yml", "two.yaml"]
    assert files(find(tree, "build")) == ["three.yml"]


@pytest.mark.parametrize("version", [2, 4])
def test_what_git_tracks_is_not_ignored(find: Find, git: str, tmp_path: Path, version: int) -> None:
    tree = {"deep/er/one.yaml": DEPLOYMENT, "deep/er/two.yaml": DEPLOYMENT, ".gitignore": "deep/\n"}
    find(tree)
    root = tmp_path / "repository"
    subprocess.run([git, "-C", root, "add", "-f", "deep/er/one.yaml"], check=True)
    subprocess.run([git, "-C", root, "update-index", "--index-version", str(version)], check=True)
    assert parse_index((root / ".git/index").read_bytes()) == {b"deep/er/one.yaml"}
    assert files(find(tree)) == ["one.yaml"]


@pytest.mark.parametrize("version", [2, 4])
def test_an_index_is_read_whatever_the_length_of_its_names(git: str, tmp_path: Path, version: int) -> None:
    root = tmp_path / "repository"
    names = ["x" * length for length in range(1, 20)]
    for name in names:
        (root / name).touch()
    subprocess.run([git, "-C", root, "add", "."], check=True)
    subprocess.run([git, "-C", root, "update-index", "--index-version", str(version)], check=True)
    assert parse_index((root / ".git/index").read_bytes()) == {name.encode() for name in names}


@pytest.mark.parametrize("data", [b"", b"DIRC", b"DIRC\0\0\0\2\0\0\0\7", b"DIRC\0\0\0\4\xff\xff\xff\xff" + b"x" * 80])
def test_a_damaged_index_is_refused(data: bytes) -> None:
    with pytest.raises((ValueError, IndexError)):
        parse_index(data)


def test_hostile_patterns_cost_nothing() -> None:
    patterns = ignore.Patterns(["*a" * 200, "**/" * 500 + "x", "[" * 1000, "*.log"])
    assert len(patterns.dropped) == 3
    assert patterns.match("x.log")
    assert not patterns.match("a" * 250 + "b")


def test_links_are_not_followed_out_or_round(find: Find, tmp_path: Path) -> None:
    outside = tmp_path / "outside.yaml"
    outside.write_text(DEPLOYMENT)
    root = tmp_path / "repository"
    (root / "a").mkdir(parents=True)
    (root / "a/out.yaml").symlink_to(outside)
    (root / "a/up").symlink_to("..")
    (root / "a/loop.yaml").symlink_to("loop.yaml")
    (root / "a/inside.yaml").symlink_to("../b/two.yaml")
    found = find(TWO)
    assert files(found) == ["inside.yaml", "one.yaml", "two.yaml"]
    assert [(gap.kind, gap.subject) for gap in found.gaps] == [
        (GapKind.BROKEN, "a/loop.yaml"),
        (GapKind.OUTSIDE, "a/out.yaml"),
    ]


def test_what_is_no_regular_file_is_not_opened(find: Find, tmp_path: Path) -> None:
    root = tmp_path / "repository"
    root.mkdir()
    os.mkfifo(root / "main.tf")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(root / "s.yaml"))
    found = find(TWO)
    assert [gap.subject for gap in found.gaps] == ["main.tf", "s.yaml"]


def test_an_unreadable_directory_is_reported(find: Find, tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root reads everything")
    locked = tmp_path / "repository" / "locked"
    locked.mkdir(parents=True)
    locked.chmod(0)
    try:
        assert [(gap.kind, gap.subject) for gap in find(TWO).gaps] == [(GapKind.BROKEN, "locked")]
    finally:
        locked.chmod(0o700)


def test_the_walk_is_bounded(find: Find, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walk, "MAX_DEPTH", 2)
    monkeypatch.setattr(walk, "MAX_ENTRIES", 50)
    assert "levels" in find({"a/b/c/d.yaml": DEPLOYMENT}).gaps[0].reason
    found = find({f"x/{number}.yaml": DEPLOYMENT for number in range(60)})
    assert any(gap.kind is GapKind.BROKEN and "more than 50" in gap.reason for gap in found.gaps)


@pytest.mark.parametrize("cut", [b"\x05", b"\xff" * 4_000_000 + b"\0"], ids=["more than there is", "without end"])
def test_a_name_of_an_index_that_takes_away_too_much_is_refused(cut: bytes) -> None:
    entry = bytes(40 + 20 + 2) + cut + b"a\0"
    with pytest.raises(ValueError, match="a path of the index"):
        parse_index(b"DIRC" + (4).to_bytes(4) + (1).to_bytes(4) + entry)
