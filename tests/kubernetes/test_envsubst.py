from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from infracheck.kubernetes.envsubst import read_env_file, substitute
from infracheck.source.files import SourceFile
from infracheck.source.values import Mapping, Unknown
from infracheck.source.yaml import Dialect, read_documents

if TYPE_CHECKING:
    from pathlib import Path

    from infracheck.source.values import Value

ENV = """# comment
export A=plain # trailing
B="double ${A} \\"quoted\\" \\$A"
C='single ${A}'
D=$B/x
export E=1 F=two
N=3
EMPTY=
MIXED=a"b c"'d'e
  INDENTED=yes
MULTI="one
two"
HASH=a#b
DOLLAR=$
"""


def variables(text: str) -> dict[str, Any]:
    return {name: scalar.value for name, scalar in read_env_file(SourceFile("env", text)).values.items()}


def test_a_file_means_what_a_shell_makes_of_it(tmp_path: Path) -> None:
    path = tmp_path / "env"
    path.write_text(ENV)
    shell = shutil.which("sh")
    assert shell
    found = variables(ENV)
    script = 'set -a; . "$0"; ' + "; ".join(f'printf "%s\\0" "${name}"' for name in found)
    told = subprocess.run([shell, "-c", script, path], capture_output=True, text=True, check=True, env={})
    assert list(found.values()) == told.stdout.split("\0")[:-1]
    assert list(found) == ["A", "B", "C", "D", "E", "F", "N", "EMPTY", "MIXED", "INDENTED", "MULTI", "HASH", "DOLLAR"]


@pytest.mark.parametrize("value", ["$(date)", "`date`", "${X:-y}", "$UNSET", '"a $(b) c"', "$1", "$?"])
def test_what_only_a_shell_could_tell_is_known_by_name_alone(value: str) -> None:
    env = read_env_file(SourceFile("env", f"X={value}\nY=1\n"))
    assert list(env.unreadable) == ["X"]
    assert list(env.values) == ["Y"]


def test_what_is_set_for_one_command_is_not_set() -> None:
    assert variables("A=1 make\nB=2; echo\nC=3 # x\nif true; then\n") == {"B": "2", "C": "3"}


@pytest.mark.parametrize("text", ["A='", 'A="', "A=\\", "A=$", "A=${", "A=$(", "=", "A=`", "\x00", "A=1\r\nB=2\r\n"])
def test_any_text_is_read_to_its_end(text: str) -> None:
    read_env_file(SourceFile("env", text))


def test_the_line_end_of_another_system_is_no_part_of_a_value() -> None:
    assert variables("A=1\r\nB=2\r\n") == {"A": "1", "B": "2"}


def rendered(text: str, env: str | None = ENV) -> dict[str, Value]:
    (document,) = read_documents(SourceFile("x.yaml", text), Dialect.KUBECTL)
    assert isinstance(document.value, Mapping)
    return substitute(document.value, None if env is None else read_env_file(SourceFile("o/env", env))).fields


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("${N}", 3),
        ("$N", 3),
        ('"${N}"', "3"),
        ("x-${N}-$A", "x-3-plain"),
        ("$(POD_IP) $$ $1 ${X:-y} ${}", "$(POD_IP) $$ $1 ${X:-y} ${}"),
        ("|-\n  echo $A\n  echo $$", "echo plain\necho $$"),
    ],
)
def test_variables_are_filled_in(written: str, value: object) -> None:
    assert rendered(f"a: {written}\n")["a"].to_plain() == value


@pytest.mark.parametrize("text", ["${N} x", "$A$N", "$$A", "${A", "$(A)", "${A:-b}", "$1$A_B", "a$N$"])
def test_text_is_what_gnu_envsubst_makes_of_it(text: str) -> None:
    program = shutil.which("envsubst")
    if not program:
        pytest.skip("envsubst is not installed")
    told = subprocess.run([program], input=text, capture_output=True, text=True, check=True, env={"A": "1", "N": "2"})
    value = rendered(f"a: '{text}'\n", "A=1\nN=2\n")["a"]
    assert value.to_plain() == told.stdout or (isinstance(value, Unknown) and "A_B" in text)


def test_the_line_to_change_is_the_env_files() -> None:
    value = rendered("a: ${N}\n")["a"]
    assert str(value.origin) == "o/env:7:3 (env file)"
    assert [str(step) for step in value.origin.via] == ["x.yaml:1:4 (envsubst)"]


def test_a_name_that_is_not_set_is_unknown() -> None:
    value = rendered("a: x-${MISSING}\n")["a"]
    assert isinstance(value, Unknown)
    assert value.explain() == "`${MISSING}` is not set in o/env (x.yaml:1:4)"


def test_without_an_env_file_only_whole_capitals_are_variables() -> None:
    fields = rendered("a: ${HOST}\nb: http://${HOST}\nc: ${host}\nd: $HOST\n", None)
    assert [isinstance(value, Unknown) for value in fields.values()] == [True, False, False, False]


def test_what_holds_no_variable_is_shared() -> None:
    (document,) = read_documents(SourceFile("x.yaml", "a: {b: [c]}\nd: [$N]\n"), Dialect.KUBECTL)
    assert isinstance(document.value, Mapping)
    result = substitute(document.value, read_env_file(SourceFile("env", "N=1")))
    assert result.fields["a"] is document.value.fields["a"]
    assert result.fields["d"].to_plain() == [1]
