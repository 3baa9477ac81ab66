"""A report becomes text of some format: one file each, a pure function from report and rules to a string."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from infracheck.source.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from infracheck.findings.report import Report
    from infracheck.reporters.style import Style
    from infracheck.rule import Rule

FORMATS = {
    "text": "infracheck.reporters.text",
    "json": "infracheck.reporters.json_report",
    "sarif": "infracheck.reporters.sarif",
    "github": "infracheck.reporters.github",
    "gitlab": "infracheck.reporters.gitlab",
    "junit": "infracheck.reporters.junit",
    "checkstyle": "infracheck.reporters.checkstyle",
    "markdown": "infracheck.reporters.markdown",
    "html": "infracheck.reporters.html_page",
    "csv": "infracheck.reporters.csv_table",
}


def render(format_name: str, report: Report, rules: Sequence[Rule], style: Style) -> str:
    """A report in a format; only that format's module is loaded.

    Args:
        format_name: one of `FORMATS`.
        report: what to tell.
        rules: the rules that ran, for their titles and pages.
        style: colours and width, for the formats that people read.

    Raises:
        SettingsError: there is no such format.
    """
    home = FORMATS.get(format_name)
    if home is None:
        raise SettingsError(f"no output format is called {format_name!r}; there are: {', '.join(FORMATS)}")
    text: str = import_module(home).render(report, rules, style)
    return text
