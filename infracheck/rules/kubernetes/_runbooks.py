"""The annotations of an alert that link to its runbook."""

from __future__ import annotations

LINKS = ("runbook_url", "runbook", "runbookURL")
"""The name Alertmanager's templates and dashboards know, and two spellings teams use in its place."""
