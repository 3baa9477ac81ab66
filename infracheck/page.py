"""A rule's page as data: prose sections, and examples that are run as tests.

A page is Markdown. The first line says what is wrong. Sections start with `## `. Sections whose title starts with "Bad"
or "Good" hold examples: fenced blocks whose info string is a language and a file name, e.g.

    ## Bad: a tag that moves

    ```yaml deployment.yaml
    image: nginx:latest  # finding
    ```

All blocks of a section are the files of one case. A `# finding` mark at the end of a line asserts that the rule reports
exactly that line (`# finding: 2` for two findings there); a good case has no marks and yields nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

FENCE = re.compile(r"^(?P<indent> *)(?P<ticks>`{3,})(?P<language>[\w+-]+)?(?: +(?P<path>\S+))? *$")
MARK = re.compile(r"#\s*finding(?::\s*(?P<count>\d+))?\s*$")


@dataclass(frozen=True, slots=True)
class ExampleFile:
    """One file of a case.

    Attributes:
        path: relative to the root of the case.
        text: its content, marks included (they are comments in every language a case may use).
        language: the fence's language.
    """

    path: str
    text: str
    language: str

    def marks(self) -> dict[int, int]:
        """How many findings are expected on which line (from 1)."""
        found = {}
        for number, line in enumerate(self.text.splitlines(), start=1):
            match = MARK.search(line)
            if match:
                found[number] = int(match["count"] or 1)
        return found


@dataclass(frozen=True, slots=True)
class Example:
    """A case of a page.

    Attributes:
        title: the section's title after "Bad:" or "Good:", or "".
        bad: whether it must yield findings.
        files: the files of the case, in order.
    """

    title: str
    bad: bool
    files: tuple[ExampleFile, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """The documentation of a rule.

    Attributes:
        title: the first line, without its full stop.
        introduction: the prose before the first section: the cause and its consequence.
        sections: title and Markdown of each section that holds no examples ("Fix", "References", ...).
        examples: the bad and good cases in order.
    """

    title: str
    introduction: str
    sections: tuple[tuple[str, str], ...]
    examples: tuple[Example, ...]

    def section(self, title: str) -> str:
        """The Markdown of a section, or ""."""
        return dict(self.sections).get(title, "")


def parse_page(source: str) -> Page:
    """Read a page from its Markdown."""
    lines = source.strip().splitlines()
    title = lines[0].strip().rstrip(".") if lines else ""
    blocks: list[tuple[str, list[str]]] = [("", [])]
    ticks = ""
    for line in lines[1:]:
        fence = FENCE.match(line)
        if fence and not ticks:
            ticks = fence["ticks"]
        elif ticks and line.strip() == ticks:
            ticks = ""
        if line.startswith("## ") and not ticks:
            blocks.append((line[3:].strip(), []))
        else:
            blocks[-1][1].append(line)
    sections: list[tuple[str, str]] = []
    examples: list[Example] = []
    for heading, body in blocks[1:]:
        kind, _, name = heading.partition(":")
        if kind in ("Bad", "Good"):
            examples.append(Example(name.strip(), kind == "Bad", tuple(_files(body))))
        else:
            sections.append((heading, "\n".join(body).strip()))
    return Page(title, "\n".join(blocks[0][1]).strip(), tuple(sections), tuple(examples))


DEFAULT_PATHS = {
    "yaml": "manifest.yaml",
    "hcl": "main.tf",
    "terraform": "main.tf",
    "tf": "main.tf",
    "dockerfile": "Dockerfile",
    "toml": "infracheck.toml",
}


def _files(body: list[str]) -> list[ExampleFile]:
    files: list[ExampleFile] = []
    opening: re.Match[str] | None = None
    text: list[str] = []
    for line in body:
        if opening is None:
            opening = FENCE.match(line)
            text = []
        elif line.strip() == opening["ticks"]:
            language = opening["language"] or "text"
            path = opening["path"] or DEFAULT_PATHS.get(language, "file.txt")
            files.append(ExampleFile(path, "".join(f"{line}\n" for line in text), language))
            opening = None
        else:
            text.append(line.removeprefix(opening["indent"]))
    return files
