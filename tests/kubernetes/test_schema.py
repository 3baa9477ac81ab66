"""What an object may hold, against the schemas of Kubernetes and of CustomResourceDefinitions."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import infracheck
from infracheck.kubernetes.facts.enumerations import ENUMERATIONS
from infracheck.kubernetes.schema import ALWAYS, ListShape, MapShape, ScalarShape, builtin_schemas
from infracheck.kubernetes.schema_faults import findings, shown
from infracheck.source.files import SourceFile, Span
from infracheck.source.origin import Origin
from infracheck.source.values import Mapping, Scalar, Sequence, Unknown, Value

if TYPE_CHECKING:
    from collections.abc import Callable

    from infracheck.kubernetes.objects import Objects
    from infracheck.kubernetes.schema import Shape

    Build = Callable[[str], Objects]

SCHEMAS = builtin_schemas()
SCRIPT = Path(__file__).parents[2] / "scripts" / "kubernetes_schemas.py"
ORIGIN = Origin(Span(SourceFile("junk.yaml", ""), 0, 0))

POD = """
apiVersion: v1
kind: Pod
metadata: {{name: web}}
spec:
  containers:
    - name: app
      {0}
"""


def faults(build: Build, text: str, release: tuple[int, int] | None = None) -> list[str]:
    manifest = build(text).manifests[-1]
    root = manifest.field.value
    assert isinstance(root, Mapping)
    served = SCHEMAS.kind(manifest.api_version, manifest.kind)
    shape = served.shape if served else manifest.objects.custom_schemas[manifest.api_version, manifest.kind]
    found = findings(root, shape, SCHEMAS.mask(release))
    return [f"{shown(fault.path)} {fault.problem}" for fault in found.faults]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("imagepullpolicy: Always", "imagepullpolicy is no field here; did you mean `imagePullPolicy`?"),
        ("nodeSelector: {a: b}", "nodeSelector is no field here; it belongs in `spec`"),
        ("spec: {}", "spec is no field here; it belongs at the top of the object"),
        ("readOnlyRootFilesystem: true", "is no field here; it belongs in `spec.containers[0].securityContext`"),
        ("nonsense: null", "nonsense is no field here"),
        ("command: sleep", "command is a string and must be a list"),
        ("args: [1]", "args[0] is a number and must be a string: put it in quotes"),
        ("resources: []", "resources is a list and must be a mapping"),
        ("stdin: 'true'", "stdin is a string and must be true or false: leave out the quotes"),
        ("ports: [{containerPort: '80'}]", "is a string and must be a whole number: leave out the quotes"),
        ("ports: [{containerPort: 80.5}]", "is a number and must be a whole number"),
        ("ports: [{name: http}]", "ports[0].containerPort is missing"),
        ("ports: [{containerPort: null}]", "ports[0].containerPort is missing"),
        ("ports: [{containerPort: 80, protocol: tcp}]", "must be one of TCP, UDP, SCTP; did you mean TCP?"),
        ("resources: {limits: {memory: 1GB}}", "is no quantity"),
        ("resources: {limits: {memory: true}}", "is a boolean and must be a quantity"),
        ("livenessProbe: {httpGet: {port: 1.5}}", "port is a number and must be a whole number or a string"),
        ("env: [{name: A, value: {b: c}}]", "env[0].value is a mapping and must be a string"),
    ],
)
def test_what_the_api_server_refuses(build: Build, line: str, problem: str) -> None:
    (found,) = faults(build, POD.format(line))
    assert problem in found


@pytest.mark.parametrize(
    "line",
    [
        "ports: [{containerPort: 80.0, protocol: ''}]",
        "resources: {limits: {cpu: 0.5, memory: 1e3, example.com/gpu: '1'}}",
        "livenessProbe: {httpGet: {port: http}, initialDelaySeconds: null}",
        "ports: null",
        "env: [{name: A, value: null}]",
    ],
)
def test_what_it_takes(build: Build, line: str) -> None:
    assert faults(build, POD.format(line)) == []


def test_a_field_is_known_in_the_releases_that_have_it(build: Build) -> None:
    text = POD.format("resizePolicy: [{resourceName: cpu, restartPolicy: NotRequired}]")
    assert faults(build, text, (1, 26)) == [
        "spec.containers[0].resizePolicy is no field here in this release of Kubernetes"
    ]
    assert faults(build, text, (1, 27)) == faults(build, text) == []


def test_a_field_is_demanded_where_all_releases_in_question_demand_it(build: Build) -> None:
    job = """
    apiVersion: batch/v1
    kind: Job
    metadata: {name: migrate}
    spec:
      podFailurePolicy: {rules: [{action: Ignore}]}
      template: {spec: {containers: [{name: app}]}}
    """
    missing = ["spec.podFailurePolicy.rules[0].onPodConditions is missing"]
    assert faults(build, job, (1, 25)) == missing
    assert faults(build, job, SCHEMAS.releases[-1]) == faults(build, job) == []


def test_the_rule_says_what_it_could_not_judge(tmp_path: Path) -> None:
    (tmp_path / "pod.yaml").write_text(POD.format("ports: [{containerPort: '${PORT}'}]").lstrip())
    report = infracheck.scan([tmp_path], infracheck.Settings(select=("kubernetes/schema-violation",)))
    assert not report.findings
    assert [one.rule_id for one in report.undecided] == ["kubernetes/schema-violation"]


def test_a_release_outside_the_data_is_judged_by_the_nearest() -> None:
    assert SCHEMAS.mask((1, 10)) == 1
    assert SCHEMAS.mask((2, 0)) == 1 << len(SCHEMAS.releases) - 1
    assert SCHEMAS.mask(None) == ALWAYS


def test_what_is_unknown_is_handed_back_and_never_wrong(build: Build) -> None:
    root = build(POD.format('ports: [{containerPort: "${PORT}"}]')).manifests[0].field.value
    served = SCHEMAS.kind("v1", "Pod")
    assert isinstance(root, Mapping)
    assert served is not None
    found = findings(root, served.shape, ALWAYS)
    assert found.faults == []
    assert [shown(path) for path, _ in found.unknown] == ["spec.containers[0].ports[0].containerPort"]


def test_a_placeholder_may_become_anything(build: Build) -> None:
    line = "ports: [{containerPort: 'web-${port}', protocol: '{{ .Values.protocol }}', name: '<NAME>'}]"
    root = build(POD.format("").replace("app\n", f"app\n      {line}\n")).manifests[0].field.value
    served = SCHEMAS.kind("v1", "Pod")
    assert isinstance(root, Mapping)
    assert served is not None
    found = findings(root, served.shape, ALWAYS)
    assert found.faults == []
    assert [shown(path).rpartition(".")[2] for path, _ in found.unknown] == ["containerPort", "protocol"]


def test_the_bytes_of_a_secret_are_base64(build: Build) -> None:
    secret = "apiVersion: v1\nkind: Secret\nmetadata: {{name: a}}\ndata: {{a: '{0}'}}\n"
    assert faults(build, secret.format("aGk=")) == []
    assert faults(build, secret.format("aGk=\n\n")) == []
    for wrong in ("aGk", "a b", "a_b=", "ä"):
        assert faults(build, secret.format(wrong)) == ["data.a is not base64; plain text goes below `stringData`"]


CRD = """
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {{name: queues.example.com}}
spec:
  group: example.com
  scope: Namespaced
  names: {{kind: Queue, plural: queues}}
  {1}
  versions:
    - name: v1
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec: {0}
---
apiVersion: example.com/v1
kind: Queue
metadata: {{name: orders, labels: {{a: b}}}}
spec: {2}
status: {{anything: 1}}
"""


@pytest.mark.parametrize(
    ("schema", "spec", "found"),
    [
        ("{type: object, properties: {a: {type: integer}}}", "{a: x}",
         ["spec.a is a string and must be a whole number"]),
        ("{type: object, properties: {a: {type: integer}}}", "{b: x}", ["spec.b is no field here"]),
        ("{type: object}", "{b: x}", ["spec.b is no field here"]),
        ("{type: object, x-kubernetes-preserve-unknown-fields: true}", "{b: x}", []),
        ("{type: object, additionalProperties: true}", "{b: x}", []),
        ("{type: object, additionalProperties: {type: string}}", "{b: 1}",
         ["spec.b is a number and must be a string: put it in quotes"]),
        ("{type: object, required: [a], properties: {a: {type: string}}}", "{}", ["spec.a is missing"]),
        ("{type: object, required: [a], properties: {a: {type: string, default: ''}}}", "{}", []),
        ("{type: string, enum: [a, b]}", "c", ["spec must be one of a, b"]),
        ("{type: integer, enum: [1, 2]}", "3", []),
        ("{x-kubernetes-int-or-string: true}", "80%", []),
        ("{type: array, items: {type: number}}", "[1, 1.5, x]", ["spec[2] is a string and must be a number"]),
        ("{type: object, x-kubernetes-embedded-resource: true}", "{kind: A, metadata: {labels: {a: 1}}}",
         ["spec.metadata.labels.a is a number and must be a string: put it in quotes"]),
        ('"${SCHEMA}"', "{b: x}", []),
        ("[nonsense]", "{b: x}", []),
    ],
)  # fmt: skip
def test_custom_resources_are_judged_by_their_definition(
    build: Build, schema: str, spec: str, found: list[str]
) -> None:
    assert faults(build, CRD.format(schema, "", spec)) == found


def test_a_definition_that_keeps_unknown_fields_keeps_them_everywhere(build: Build) -> None:
    schema = "{type: object, properties: {a: {type: object}}}"
    assert faults(build, CRD.format(schema, "preserveUnknownFields: true", "{b: 1, a: {c: 2}}")) == []


def test_every_enumeration_belongs_to_a_string_of_a_known_type() -> None:
    for name, field in ENUMERATIONS:
        shape = SCHEMAS.fields_of(name)[field].shape
        scalar = shape.element if isinstance(shape, ListShape) else shape
        assert isinstance(scalar, ScalarShape), (name, field)
        assert scalar.letter == "s"
        assert len(scalar.values) > 1


def test_every_kind_leads_to_types_that_exist() -> None:
    data = json.loads((Path(str(SCRIPT.parents[1])) / "infracheck/kubernetes/data/schemas.json").read_text())
    for name in data["types"]:
        for field in SCHEMAS.fields_of(name).values():
            _inner(field.shape)
    assert SCHEMAS.kind("apps/v1", "Deployment")
    assert SCHEMAS.kind("apps/v2", "Deployment") is None


def _inner(shape: Shape) -> None:
    while isinstance(shape, ListShape | MapShape):
        shape = shape.element
    assert isinstance(shape, ScalarShape) or shape.fields is not None


def _node(value: Any) -> Value:
    if isinstance(value, dict):
        return Mapping({key: _node(below) for key, below in value.items()}, ORIGIN)
    if isinstance(value, list):
        return Sequence(tuple(_node(item) for item in value), ORIGIN)
    return Unknown("?", ORIGIN) if value == "?" else Scalar(value, ORIGIN)


SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5), st.just("?"))
KEYS = st.sampled_from(["spec", "template", "containers", "name", "env", "data", "metadata", "labels", "limits", "x"])
JUNK = st.recursive(SCALARS, lambda below: st.lists(below, max_size=3) | st.dictionaries(KEYS, below, max_size=4))


@given(junk=st.dictionaries(KEYS, JUNK), kind=st.sampled_from(["apps/v1 Deployment", "v1 Secret", "batch/v1 CronJob"]))
def test_whatever_is_written_is_judged(junk: dict[str, Any], kind: str) -> None:
    served = SCHEMAS.kind(*kind.split())
    root = _node(junk)
    assert served is not None
    assert isinstance(root, Mapping)
    for fault in findings(root, served.shape, ALWAYS).faults:
        assert fault.problem


def test_no_depth_exhausts_the_stack() -> None:
    deep: Value = Scalar("end", ORIGIN)
    for _ in range(3_000):
        deep = Mapping({"properties": Mapping({"a": deep}, ORIGIN)}, ORIGIN)
    shape = SCHEMAS.object_type("apiextensions.v1.JSONSchemaProps")
    root = Mapping({"properties": Mapping({"a": deep}, ORIGIN)}, ORIGIN)
    assert len(findings(root, shape, ALWAYS).faults) == 1


@pytest.mark.skipif(not SCRIPT.is_file(), reason="an installed package carries no scripts")
def test_the_script_reads_published_definitions() -> None:
    spec = importlib.util.spec_from_file_location("kubernetes_schemas", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    string = {"type": "string"}
    thing = {
        "properties": {
            "apiVersion": string,
            "kind": string,
            "metadata": {"type": "object"},
            "spec": {"$ref": "#/definitions/io.k8s.api.core.v1.ThingSpec"},
            "status": {"$ref": "#/definitions/io.k8s.api.core.v1.ThingStatus"},
        },
        "x-kubernetes-group-version-kind": [{"group": "", "version": "v1", "kind": "Thing"}],
    }
    first = {
        "io.k8s.api.core.v1.Thing": thing,
        "io.k8s.api.core.v1.ThingSpec": {"properties": {"size": {"type": "integer"}}, "required": ["size"]},
        "io.k8s.api.core.v1.ThingStatus": {"properties": {"seen": string}},
    }
    second = {**first, "io.k8s.api.core.v1.ThingSpec": {"properties": {"tags": {"type": "array", "items": string}}}}
    data = json.loads(script.text(["1.1", "1.2"], [first, second]))
    assert data["kinds"] == {"v1 Thing": ["core.v1.Thing", 3]}
    assert data["types"]["core.v1.ThingSpec"] == {"size": ["i", 1, 1], "tags": ["[]s", 2, 0]}
    assert data["types"]["core.v1.Thing"]["spec"] == ["core.v1.ThingSpec", 3, 1]
    assert set(data["types"]) == {"core.v1.Thing", "core.v1.ThingSpec"}
