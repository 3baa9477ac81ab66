"""Text of a stranger made harmless for whatever will read it: terminals, runners, Markdown, HTML, XML, spreadsheets.

File names, object names and quoted lines come from the scanned repository. Precedents: kubectl CVE-2021-25743 and git
CVE-2024-52005 (terminal escapes), CVE-2021-42574 (bidirectional text), CVE-2020-15228 (workflow commands in a log),
CWE-1236 (formulas in spreadsheets).
"""

from __future__ import annotations

import html
import re

# C0 controls but tab and line feed, DEL, C1 controls: a terminal obeys them.
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
# Bidirectional and zero-width characters, line separators and tags make text look like another; surrogates and
# noncharacters can't be encoded, or not in XML.
DECEPTIVE = re.compile(
    "[\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff"
    "\uffa0\ufff0-\uffff\ud800-\udfff\U000e0000-\U000e0fff]"
)
# The runner takes `::command::` at the start of a line, blanks before it or not, and the older `##[command]` anywhere
# (actions/runner, ActionCommand.cs).
COMMAND = re.compile(r"^(\s*):(?=:)")
OLD_COMMAND = re.compile(r"##(?=\[)")
MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+!|~$:^-])")
LONGEST = 2_000
"""Characters of a name or message that people are shown; a name of a megabyte would fill a log with every finding."""
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def visible(text: str) -> str:
    """Text for a terminal or a log: control and deceptive characters are shown, not obeyed. Line feeds stay."""
    if text.isascii() and text.isprintable():
        return OLD_COMMAND.sub(r"##\\", text)
    text = CONTROL.sub(lambda match: f"\\x{ord(match[0]):02x}", text)
    text = DECEPTIVE.sub(lambda match: f"<U+{ord(match[0]):04X}>", text)
    return OLD_COMMAND.sub(r"##\\", text)


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}\u2026"


def one_line(text: str) -> str:
    """As `visible`, for a text that must not leave its line or begin a workflow command, nor go on for pages."""
    return COMMAND.sub(r"\1\\x3a", visible(_cut(text))).replace("\n", "\\n").replace("\t", " ")


def workflow_data(text: str) -> str:
    """The message of a workflow command (`escapeData` of actions/toolkit)."""
    shown = visible(_cut(text)).replace("\t", " ")
    return shown.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def workflow_property(text: str) -> str:
    """A property of a workflow command (`escapeProperty` of actions/toolkit).

    Its carriage returns stay themselves, so that a file whose name holds one is found.
    """
    return "%0D".join(map(workflow_data, text.split("\r"))).replace(":", "%3A").replace(",", "%2C")


def markdown(text: str) -> str:
    """Text as nothing but text: no markup, link, image, mention or reference, also inside a table."""
    text = one_line(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    text = MARKDOWN.sub(r"\\\1", text)
    # GitHub looks for mentions in the rendered text, where a backslash is gone; an empty comment keeps them apart.
    return text.replace("@", "@<!-- -->")


def markdown_code(text: str) -> str:
    """Text as inline code: within a fence longer than any run of backticks in it, and safe inside a table."""
    text = one_line(text).replace("|", "\\|") or " "
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * (longest + 1)
    blank = " " if longest else ""
    return f"{fence}{blank}{text}{blank}{fence}"


def markup(text: str) -> str:
    """A line of text for HTML, as content or as a quoted attribute."""
    return html.escape(one_line(text), quote=True)


def markdown_markup(text: str) -> str:
    """Text for HTML within Markdown, which must not be taken for a link or a mention there either."""
    return markup(text).replace("@", "&#64;").replace("[", "&#91;").replace("]", "&#93;")


def cell(text: str) -> str:
    """Text for a spreadsheet, which must not take it for a formula."""
    text = one_line(text)
    return f"'{text}" if text.startswith(FORMULA) else text
