"""For test dashboards: JUnit XML, a suite for each file and a failed case for each finding in it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from infracheck.reporters import digest
from infracheck.reporters.escape import one_line, visible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from infracheck.findings.finding import Finding
    from infracheck.findings.report import Report
    from infracheck.reporters.style import Style
    from infracheck.rule import Rule


def render(report: Report, rules: Sequence[Rule], style: Style) -> str:
    """The report as JUnit XML; where nothing is wrong, one case that passed."""
    del rules, style
    root = Element("testsuites", name="infracheck")
    for path, found in digest.by_file(report):
        suite = SubElement(root, "testsuite", name=visible(path), tests=str(len(found)), failures=str(len(found)))
        for finding in found:
            _case(suite, finding)
    problems = [(gap.subject, digest.gap_text(gap)) for gap in report.broken]
    problems += [(error.rule_id, f"failed on {error.address}: {error.message}") for error in report.errors]
    if problems:
        suite = SubElement(root, "testsuite", name="not covered", tests=str(len(problems)), errors=str(len(problems)))
        for subject, text in problems:
            case = SubElement(suite, "testcase", classname="infracheck", name=visible(subject))
            SubElement(case, "error", message=visible(text))
    if not len(root):
        suite = SubElement(root, "testsuite", name="infracheck", tests="1", failures="0")
        SubElement(suite, "testcase", classname="infracheck", name=f"no findings in {digest.looked_at(report)}")
    indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(root, encoding="unicode")}\n'


def _case(suite: Element, finding: Finding) -> None:
    place = finding.location
    name = visible(f"{finding.rule_id} {place.line}:{place.column} {finding.address}")
    case = SubElement(suite, "testcase", classname=finding.rule_id, name=name, file=visible(place.path))
    case.set("line", str(place.line))
    failure = SubElement(case, "failure", type=finding.severity.value, message=visible(finding.message))
    lines = [str(place), place.text.strip(), f"in: {', '.join(finding.environments)}", f"fix: {finding.remedy}"]
    failure.text = "\n".join(one_line(line) for line in lines if line and not line.endswith(": "))
