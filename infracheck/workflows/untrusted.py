"""Texts that anybody can write: the contexts that must not be pasted into a script.

The list is that of "Script injections" (GitHub Docs, "Understanding the risk of script injections") and "Untrusted
input" (GitHub Security Lab): titles, bodies, messages, names and e-mail addresses of events, and the names of branches.
"""

from __future__ import annotations

import re

PERSONS = r"(?:author|committer|pusher)"
UNTRUSTED = re.compile(
    r"github\.head_ref"
    r"|github\.event\.(?:issue|pull_request|discussion)\.(?:title|body)"
    r"|github\.event\.(?:comment|review|review_comment)\.body"
    r"|github\.event\.pull_request\.head\.(?:ref|label)"
    r"|github\.event\.pull_request\.head\.repo\.(?:default_branch|description|homepage)"
    r"|github\.event\.pages\.(?:\*|\d+)\.(?:page_name|title)"
    r"|github\.event\.(?:head_commit|commits\.(?:\*|\d+)|workflow_run\.head_commit)\.message"
    rf"|github\.event\.(?:head_commit|commits\.(?:\*|\d+)|workflow_run\.head_commit)\.{PERSONS}\.(?:name|email)"
    r"|github\.event\.workflow_run\.(?:head_branch|display_title|head_repository\.description)"
    r"|github\.event\.workflow_run\.pull_requests\.(?:\*|\d+)\.head\.ref"
    # Whole objects, as `toJSON(github.event)` prints them.
    r"|github|github\.event"
    r"|github\.event\.(?:issue|pull_request|discussion|comment|review|review_comment|head_commit|commits|pages)"
    r"|github\.event\.pull_request\.head|github\.event\.workflow_run"
)
OUTSIDERS = frozenset(
    {"pull_request_target", "issues", "issue_comment", "discussion", "discussion_comment", "workflow_run", "fork"}
    | {"watch", "gollum", "pull_request_review", "pull_request_review_comment"}
)
"""Events that anybody can cause and whose workflows run with the repository's own token and secrets."""


def is_untrusted(reference: str) -> bool:
    """Whether somebody outside can decide the text of a context, given in lower case and dotted."""
    return UNTRUSTED.fullmatch(reference) is not None
