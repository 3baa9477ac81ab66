from __future__ import annotations

import pytest

from infracheck.workflows.script import commands


def words(script: str) -> list[str]:
    return [command.text() for command in commands(script)]


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("a b; c && d || e | f &\ng", ["a b", "c", "d", "e", "f", "g"]),
        ("a \\\n  --b 'c d' \"e  f\" # comment; x", ["a --b c d e  f"]),
        ("# a\n\n  # b\n", []),
        ("X=1 Y=$(b c) a", ["b c", "a"]),
        ("a > out.txt 2>&1 < in b", ["a b"]),
        ("if ! sudo -E a; then b; fi", ["a", "b", "fi"]),
        ("a <<EOF\nb\nEOF\nc", ["a", "c"]),
        ("a <<-'E'\n\tb; d\n\tE\nc", ["a", "c"]),
        ("a <<EOF\nb", ["a"]),
        ('a "$(b "$(c d)")" $((1 + 2))', ['a $(b "$(c d)") $((1 + 2))', "b $(c d)", "c d"]),
        ("bash <(curl x)", ["bash", "curl x"]),
        ("a ${{ inputs.x || 'y z' }} \"${{ b }}\"", ["a ${{ inputs.x || 'y z' }} ${{ b }}"]),
        ("a `b c`", ["a", "b c"]),
        ("(a; b)\n{ c; }", ["a", "b", "c"]),
        ("xargs -r -n 1 kubectl apply", ["kubectl apply"]),
        ("a\r\nb\r\n", ["a", "b"]),
        ("echo it\\'s # not 'open", ["echo it's"]),
    ],
)
def test_commands(script: str, expected: list[str]) -> None:
    assert words(script) == expected


def test_pipes_reach_over_lines() -> None:
    assert [command.piped for command in commands("a | b\nc |\n d; e")] == [False, True, False, True, False]


def test_offsets_are_those_of_the_script() -> None:
    script = 'x\n  a "$(curl  y)"\n'
    assert [script[command.start : command.end] for command in commands(script)] == ["x", 'a "$(curl  y)"', "curl  y"]


@pytest.mark.parametrize(
    ("script", "verb"),
    [
        ("kubectl -n apply-me --context x apply -f a", "apply"),
        ("/usr/bin/docker --host x buildx build .", "buildx"),
        ("tofu -chdir=x apply", "apply"),
        ("aws eks list", "eks"),
        ("make", ""),
    ],
)
def test_the_subcommand(script: str, verb: str) -> None:
    (command,) = commands(script)
    assert command.verb == verb


def test_options() -> None:
    (command,) = commands("a --b=c -d e --f")
    assert (command.option("--b"), command.option("-d", "--dd"), command.option("--f")) == ("c", "e", "")
    assert command.has_option("--b")
    assert not command.has_option("--c")


@pytest.mark.parametrize(
    "script",
    ["'", '"', "$(", "`", "\\", "<<EOF", "$((", "${", "${{ '", ">", "a <(", ")", "}}", "\x00", "$(" * 5000, "(" * 9999],
)
def test_any_text_is_read_to_its_end(script: str) -> None:
    commands(script)


def test_long_scripts_are_cut() -> None:
    assert len(commands("a; " * 100_000)) == 5000
