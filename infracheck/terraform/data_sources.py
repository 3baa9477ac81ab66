"""Attributes that are computed and yet follow from the configuration alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.source.errors import EvaluationError, InfracheckError
from infracheck.source.field import NotJudged
from infracheck.source.values import Unknown
from infracheck.terraform import construct
from infracheck.terraform.iam_policy_document import policy_json
from infracheck.terraform.types import STRING

if TYPE_CHECKING:
    from collections.abc import Callable

    from infracheck.source.values import Value
    from infracheck.terraform.resources import Resource


def computed_attributes(resource: Resource, report: Callable[[InfracheckError], None]) -> dict[str, Value]:
    """What is known of a resource beside its arguments.

    Args:
        resource: a resource or data source.
        report: told what is wrong in it.
    """
    if resource.kinds == ("data.aws_iam_policy_document",):
        return _policy(resource, report)
    if resource.kinds == ("terraform_data",):
        given = resource.get("input").value
        return {"output": given} if given is not None else {}
    return {}


def _policy(resource: Resource, report: Callable[[InfracheckError], None]) -> dict[str, Value]:
    try:
        text, compact = policy_json(resource.field)
    except NotJudged as problem:
        reason = f"`{resource.address}` contains what is not known"
        reference = f"{resource.address}.json"
        unknown = Unknown(reason, resource.origin, problem.unknown, reference, STRING)
        return {"json": unknown, "minified_json": unknown}
    except EvaluationError as problem:
        report(problem)
        return {}
    return {
        "json": construct.string(text, resource.origin),
        "minified_json": construct.string(compact, resource.origin),
    }
