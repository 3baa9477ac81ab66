"""`data.aws_iam_policy_document`: the JSON that the AWS provider computes from it, character for character.

What is written here follows the provider's documentation
(https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_policy_document) and the JSON it
prints: keys in a fixed order, a list of one as its element, actions, resources and identifiers in descending order,
values of conditions in the order given, principals and condition operators in ascending order.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from infracheck.source.errors import EvaluationError

if TYPE_CHECKING:
    from infracheck.source.field import Field

DEFAULT_VERSION = "2012-10-17"
STATEMENT_KEYS = (
    "Sid",
    "Effect",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Principal",
    "NotPrincipal",
    "Condition",
)


def policy_json(document: Field) -> tuple[str, str]:
    """The `json` and `minified_json` of a policy document.

    Args:
        document: the data source's arguments and blocks.

    Raises:
        NotJudged: something in it is unknown.
        EvaluationError: a document it is built on is not JSON, or two statements of one document share a `sid`.
    """
    merged: dict[str, Any] = {}
    for source in document["source_policy_documents"]:
        _merge(merged, _parsed(source))
    _merge(merged, _own(document))
    for override in document["override_policy_documents"]:
        _merge(merged, _parsed(override))
    ordered = {key: merged[key] for key in ("Version", "Id", "Statement") if merged.get(key)}
    return _go(json.dumps(ordered, indent=2, ensure_ascii=False)), _go(
        json.dumps(ordered, separators=(",", ":"), ensure_ascii=False)
    )


def _go(text: str) -> str:
    """Go's encoder escapes what could end a script element in HTML, and the two line separators of JavaScript."""
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def _own(document: Field) -> dict[str, Any]:
    version = document["version"].text() or DEFAULT_VERSION
    own: dict[str, Any] = {"Version": version, "Id": document["policy_id"].text()}
    statements: list[dict[str, Any]] = []
    seen: set[str] = set()
    for block in document["statement"]:
        statement = _statement(block, version)
        sid = statement.get("Sid")
        if sid:
            if sid in seen:
                raise EvaluationError(f"duplicate Sid ({sid}): remove it or make it unique", block["sid"].origin)
            seen.add(sid)
        statements.append(statement)
    own["Statement"] = statements
    return own


def _statement(block: Field, version: str) -> dict[str, Any]:
    parts: dict[str, Any] = {
        "Sid": block["sid"].text(),
        "Effect": block["effect"].text() or "Allow",
        "Action": _descending(_texts(block["actions"])),
        "NotAction": _descending(_texts(block["not_actions"])),
        "Resource": _replaced(_descending(_texts(block["resources"])), version),
        "NotResource": _replaced(_descending(_texts(block["not_resources"])), version),
        "Principal": _principals(block["principals"], version),
        "NotPrincipal": _principals(block["not_principals"], version),
        "Condition": _conditions(block["condition"], version),
    }
    return {key: parts[key] for key in STATEMENT_KEYS if parts[key]}


def _texts(field: Field) -> list[str]:
    """The strings of a list, numbers and booleans written out; nulls are left out."""
    found: list[str] = []
    for item in field:
        plain = item.plain()
        if plain is not None:
            found.append(plain if isinstance(plain, str) else json.dumps(plain))
    return found


def _descending(texts: list[str]) -> Any:
    """A set of strings as the provider prints it: one alone, several from the last to the first."""
    unique = sorted(set(texts), reverse=True)
    return unique[0] if len(unique) == 1 else unique


def _replaced(value: Any, version: str) -> Any:
    """`&{` stands for the `${` of IAM's own variables, which version 2008-10-17 does not have."""
    if version == "2008-10-17":
        return value
    if isinstance(value, str):
        return value.replace("&{", "${")
    return [item.replace("&{", "${") for item in value]


def _principals(blocks: Field, version: str) -> Any:
    found: dict[str, Any] = {}
    count = 0
    for block in blocks:
        count += 1
        type_ = block["type"].text() or ""
        identifiers = _replaced(_descending(_texts(block["identifiers"])), version)
        if type_ not in found:
            found[type_] = identifiers
        else:
            earlier = found[type_] if isinstance(found[type_], list) else [found[type_]]
            found[type_] = earlier + (identifiers if isinstance(identifiers, list) else [identifiers])
    if count == 1 and found.get("*") == "*":
        return "*"
    return dict(sorted(found.items()))


def _conditions(blocks: Field, version: str) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, list[str]]] = {}
    for block in blocks:
        test, variable = block["test"].text() or "", block["variable"].text() or ""
        values = [_replaced(text, version) for text in _texts(block["values"])]
        found.setdefault(test, {}).setdefault(variable, []).extend(values)
    return {
        test: {name: _lone(values) for name, values in sorted(variables.items())}
        for test, variables in sorted(found.items())
    }


def _lone(values: list[str]) -> Any:
    return values[0] if len(values) == 1 else values


def _parsed(source: Field) -> dict[str, Any]:
    text = source.text() or ""
    if not text:
        return {}
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as problem:
        raise EvaluationError(f"not a policy document in JSON: {problem}", source.origin) from problem
    if not isinstance(document, dict):
        raise EvaluationError("not a policy document in JSON: an object is required", source.origin)
    statements = document.get("Statement", [])
    statements = statements if isinstance(statements, list) else [statements]
    return {**document, "Statement": [_normal(one) for one in statements if isinstance(one, dict)]}


def _normal(statement: dict[str, Any]) -> dict[str, Any]:
    """A statement that was read from JSON, as the provider writes it out again."""
    normal = {key: statement[key] for key in STATEMENT_KEYS if statement.get(key)}
    for key in ("Principal", "NotPrincipal"):
        principals = normal.get(key)
        if isinstance(principals, dict):
            normal[key] = {
                type_: sorted(of, reverse=True) if isinstance(of, list) else of
                for type_, of in sorted(principals.items())
            }
    conditions = normal.get("Condition")
    if isinstance(conditions, dict):
        normal["Condition"] = {
            test: {
                name: _lone(values) if isinstance(values, list) else values
                for name, values in sorted(variables.items())
            }
            for test, variables in sorted(conditions.items())
            if isinstance(variables, dict)
        }
    return normal


def _merge(into: dict[str, Any], document: dict[str, Any]) -> None:
    """A later document's id counts, as does the greater version; a statement replaces the one of its `Sid`."""
    if document.get("Id"):
        into["Id"] = document["Id"]
    if document.get("Version", "") > into.get("Version", ""):
        into["Version"] = document["Version"]
    statements: list[dict[str, Any]] = into.setdefault("Statement", [])
    for statement in document.get("Statement", []):
        sid = statement.get("Sid")
        place = next((index for index, one in enumerate(statements) if sid and one.get("Sid") == sid), None)
        if place is None:
            statements.append(statement)
        else:
            statements[place] = statement
