"""Names, paths and quoted lines come from strangers: whatever they hold, a report stays a report."""

from __future__ import annotations

import csv
import io
import json
import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from infracheck.reporters import FORMATS, json_report, render
from infracheck.reporters.escape import cell, markdown, markdown_code, one_line, visible, workflow_property
from infracheck.reporters.style import Style

if TYPE_CHECKING:
    from collections.abc import Callable

    from infracheck.findings.report import Report

    Hostile = Callable[[str], Report]

NASTY = [
    "\x1b]0;title\x07\x1b[2J\x9b1A\r",
    "\u202egnp.exe\u2066\u200b\ufeff",
    "::stop-commands::x",
    "\n::error file=x::PWN",
    "\r\n  ::set-output name=a::b",
    "##[add-mask]x",
    "%0A::error::PWN",
    "a,line=1::PWN",
    "</details>\n\n# PWN\n| a | b |",
    "[x](javascript:alert(1)) ![i](https://evil.example/i.png) @everyone #1 <img src=x onerror=alert(1)>",
    "```\n` `` ```",
    "</script><script>alert(1)</script>\"'><svg onload=alert(1)>",
    "]]>&lt;&#0;\x00\ufffe\uffff\ud800",
    "=cmd|' /C calc'!A0",
    "%s%d%n {0.__class__} {{x}} [/nestedType] [bold]",
    "",
    " " * 400,
]
CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
OWN_COMMAND = re.compile(r"::(error|warning|notice) [^:]*::")

anything = st.one_of(st.sampled_from(NASTY), st.text(), st.text(alphabet=":#[%\r\n\x1b`|@<>\\&=\u202e\ud800 ]x"))


def hostile_texts(test: Callable[..., None]) -> Callable[..., None]:
    """Run a test on every text made to break out, and on any others."""
    for text in NASTY:
        test = example(text=text)(test)
    return settings(max_examples=40, deadline=None)(given(text=anything)(test))


class Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}


@pytest.mark.parametrize("format_name", FORMATS)
@hostile_texts
def test_every_format_survives_and_can_be_written(format_name: str, hostile: Hostile, text: str) -> None:
    render(format_name, hostile(text), (), Style()).encode("utf-8")


@pytest.mark.parametrize("format_name", ["text", "github", "markdown", "html", "junit", "checkstyle"])
@hostile_texts
def test_no_control_or_deceptive_character_gets_through(format_name: str, hostile: Hostile, text: str) -> None:
    assert not CONTROLS.search(render(format_name, hostile(text), (), Style()))


@pytest.mark.parametrize("format_name", FORMATS)
@hostile_texts
def test_no_line_begins_a_command_of_the_runner(format_name: str, hostile: Hostile, text: str) -> None:
    for line in re.split(r"[\r\n]", render(format_name, hostile(text), (), Style())):
        assert "##[" not in line
        if line.lstrip().startswith("::"):
            assert format_name == "github"
            assert OWN_COMMAND.match(line)


@hostile_texts
def test_an_annotation_is_one_command_with_its_own_properties(hostile: Hostile, text: str) -> None:
    for line in render("github", hostile(text), (), Style()).splitlines():
        head, _, _ = line.removeprefix("::").partition("::")
        names = [part.partition("=")[0] for part in head.partition(" ")[2].split(",")]
        assert set(names) <= {"file", "line", "col", "endColumn", "title"}
        assert len(names) == len(set(names))


@hostile_texts
def test_json_gives_back_the_very_text(hostile: Hostile, text: str) -> None:
    report = hostile(text)
    assert json_report.from_data(json.loads(render("json", report, (), Style()))) == report
    assert render("json", report, (), Style()).isascii()


@pytest.mark.parametrize("format_name", ["junit", "checkstyle"])
@hostile_texts
def test_xml_can_be_parsed(format_name: str, hostile: Hostile, text: str) -> None:
    ET.fromstring(render(format_name, hostile(text), (), Style()))


@hostile_texts
def test_no_cell_is_a_formula(hostile: Hostile, text: str) -> None:
    for row in csv.reader(io.StringIO(render("csv", hostile(text), (), Style()))):
        assert not any(value.startswith(("=", "+", "-", "@", "\t", "\r")) for value in row)


@hostile_texts
def test_a_page_gains_no_element_and_no_handler(hostile: Hostile, text: str) -> None:
    known, page = Page(), Page()
    known.feed(render("html", hostile("x"), (), Style()))
    page.feed(render("html", hostile(text), (), Style()))
    assert page.tags <= known.tags
    assert page.attributes <= known.attributes


@hostile_texts
def test_markdown_gains_no_row_no_markup_and_no_mention(hostile: Hostile, text: str) -> None:
    plain, nasty = (render("markdown", hostile(one), (), Style()) for one in ("x", text))
    assert plain.count("\n") == nasty.count("\n")
    assert plain.count("</details>") == nasty.count("</details>")
    assert not re.search(r"@\w", nasty)
    assert not re.search(r"(?<!\\)\]\(", nasty)
    assert "<img" not in nasty


def test_what_is_hidden_becomes_visible() -> None:
    assert visible("\x1b[2J\x9b\u202e\ud800") == "\\x1b[2J\\x9b<U+202E><U+D800>"
    assert one_line("a\nb\tc") == "a\\nb c"
    assert one_line("  ::error::x") == "  \\x3a:error::x"
    assert workflow_property("a:b,c%\n") == "a%3Ab%2Cc%25%0A"
    assert workflow_property("a\r\x1b") == "a%0D\\x1b"
    assert markdown("*a* @me <b>") == "\\*a\\* @<!-- -->me &lt;b&gt;"
    assert markdown_code("a `` b | c") == "``` a `` b \\| c ```"
    assert cell("=1+1") == "'=1+1"


def test_ordinary_text_is_left_as_it_is() -> None:
    for text in ("Größe: 10 µm, naïve 名前", "image: nginx@sha256:0f", "a::b", "# comment"):
        assert one_line(text) == text


@pytest.mark.parametrize("format_name", ["text", "github", "markdown", "html", "csv"])
def test_a_name_without_end_is_cut_where_people_read_it(format_name: str, hostile: Hostile) -> None:
    assert len(render(format_name, hostile("n" * 1_000_000), (), Style())) < 200_000
