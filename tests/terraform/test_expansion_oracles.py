"""Expansion against Terraform itself: which instances there are, and what is known of each.

Terraform plans `terraform_data` without any provider. So real modules, and small generated ones, are rewritten to it
(see `conftest.py`), planned, and compared: every address, every argument, and what is known only after apply.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from infracheck.source.reader import Reader
from infracheck.source.values import Mapping, Scalar, Sequence, Unknown
from infracheck.terraform.modules import TerraformModule, load_terraform
from infracheck.terraform.types import ListType, MapType, ObjectType, SetType

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from infracheck.source.values import Value
    from infracheck.terraform.types import Type
    from tests.terraform.conftest import Planner

pytestmark = pytest.mark.oracle

ROOTS = {
    "alphagov__govuk-infrastructure/terraform/deployments/csp-reporter": 50,
    "alphagov__govuk-infrastructure/terraform/deployments/gcp-search-api-v2": 70,
    "poseidon__typhoon/digital-ocean/fedora-coreos/kubernetes": 18,
    "terraform-aws-modules__terraform-aws-eks/examples/eks-hybrid-nodes": 127,
    "terraform-aws-modules__terraform-aws-eks/modules/karpenter": 30,
    "terraform-aws-modules__terraform-aws-eks/tests/eks-fargate-profile": 83,
    "terraform-aws-modules__terraform-aws-iam/examples/iam-role": 56,
    "terraform-aws-modules__terraform-aws-rds/examples/complete-mysql": 62,
    "terraform-aws-modules__terraform-aws-rds/examples/cross-region-replica-postgres": 82,
    "terraform-aws-modules__terraform-aws-s3-bucket/examples/notification": 27,
    "terraform-aws-modules__terraform-aws-s3-bucket/examples/s3-analytics": 42,
    "terraform-aws-modules__terraform-aws-vpc/examples/network-acls": 54,
    "terraform-aws-modules__terraform-aws-vpc/examples/separate-route-tables": 57,
}
"""Roots that Terraform can plan once they are rewritten, and how many resources each has at least."""

EXPLAINED = {
    # `try` and `coalescelist` give up on a value that is known but for a part of it; here only that part is unknown.
    r".*aws_s3_bucket_analytics_configuration__this\[.*\]\.storage_class_analysis": "known to us",
    r"output\.elasticache_route_table_ids": "known to us",
    # `unknown && false` is false; Terraform learnt that in 1.12.
    r".*aws_db_instance__this\[0\]\.manage_master_user_password": "known to us",
    # The plan does not show what an output of `terraform_data` will be, though it will be its input.
    r"output\..*\.output": "known to us",
}
"""Where the two may know different amounts, by path, and why. Values that both know must agree everywhere."""


def differences(ours: Value | None, theirs: Any, unknown: Any, path: str) -> Iterator[str]:
    """How a value differs from the plan's.

    Args:
        ours: our value.
        theirs: the value in the plan.
        unknown: what the plan says is known only after apply.
        path: where it stands.
    """
    if unknown is True:
        if ours is not None and not isinstance(ours, Unknown) and not _is_explained(path, "known to us"):
            yield f"{path}: known to us: {ours.to_plain()!r}"
    elif isinstance(ours, Unknown):
        if not _is_explained(path, "known to terraform"):
            yield f"{path}: known to terraform: {theirs!r}; {ours.explain()}"
    elif isinstance(ours, Mapping) and isinstance(theirs, dict):
        hidden = unknown if isinstance(unknown, dict) else {}
        for name in sorted({*ours.fields, *theirs, *(name for name, one in hidden.items() if one)}):
            if name in ours.fields and (name in theirs or hidden.get(name)):
                yield from differences(ours.fields[name], theirs.get(name), hidden.get(name), f"{path}.{name}")
            else:
                yield f"{path}.{name}: only {'ours' if name in ours.fields else 'theirs'}"
    elif isinstance(ours, Sequence) and isinstance(theirs, list) and len(ours.items) == len(theirs):
        parts = unknown if isinstance(unknown, list) else [None] * len(theirs)
        for index, (item, other) in enumerate(zip(ours.items, theirs, strict=True)):
            yield from differences(item, other, parts[index], f"{path}[{index}]")
    elif not _same(None if ours is None else ours.to_plain(), theirs):
        yield f"{path}: {None if ours is None else ours.to_plain()!r} is {theirs!r} to terraform"


def _same(ours: Any, theirs: Any) -> bool:
    if isinstance(ours, float) or isinstance(theirs, float):
        return bool(ours == pytest.approx(theirs))
    return type(ours) is type(theirs) and bool(ours == theirs)


def _is_explained(path: str, how: str) -> bool:
    return any(re.fullmatch(pattern, path) and how == reason for pattern, reason in EXPLAINED.items())


def compare(module: TerraformModule, plan: dict[str, Any]) -> list[str]:
    """How a module differs from Terraform's plan of it."""
    planned = {change["address"]: change["change"] for change in plan.get("resource_changes", ())}
    ours = {resource.address: resource for resource in module.resources}
    found = [f"{address}: only ours" for address in sorted(ours.keys() - planned.keys())]
    found += [f"{address}: only terraform's" for address in sorted(planned.keys() - ours.keys())]
    for address in sorted(ours.keys() & planned.keys()):
        change = planned[address]
        hidden = change.get("after_unknown") or {}
        found += differences(
            ours[address].get("input").value, change["after"].get("input"), hidden.get("input"), address
        )
    for name, change in plan.get("output_changes", {}).items():
        found += differences(
            module.outputs.get(name), change.get("after"), change.get("after_unknown"), f"output.{name}"
        )
    return found + [str(problem) for problem in module.problems]


def known_differences(ours: Value | None, theirs: Any, unknown: Any, path: str) -> Iterator[str]:
    """As `differences`, of what both sides know. A block type that is not there is an empty list in the plan."""
    if isinstance(ours, Unknown) or unknown is True:
        return
    if isinstance(ours, Mapping) and isinstance(theirs, dict):
        hidden = unknown if isinstance(unknown, dict) else {}
        for name in theirs:
            yield from known_differences(ours.fields.get(name), theirs[name], hidden.get(name), f"{path}.{name}")
    elif isinstance(ours, Sequence) and isinstance(theirs, list):
        if any(isinstance(item, Unknown) for item in ours.items):
            return
        if len(ours.items) != len(theirs):
            yield f"{path}: {len(ours.items)} elements, {len(theirs)} to terraform"
        parts = unknown if isinstance(unknown, list) else [None] * len(theirs)
        for index, (item, other) in enumerate(zip(ours.items, theirs, strict=False)):
            yield from known_differences(item, other, parts[index], f"{path}[{index}]")
    elif not (ours is None and theirs == []):
        yield from differences(ours, theirs, unknown, path)


def compare_original(module: TerraformModule, plan: dict[str, Any]) -> tuple[list[str], int]:
    """How the module that was never rewritten differs from the plan in what both know; and how many were compared."""
    planned = {change["address"]: change["change"] for change in plan.get("resource_changes", ())}
    found: list[str] = []
    count = 0
    for resource in module.resources:
        prefix = f"{resource.module_address}." if resource.module_address else ""
        mode = "data__" if resource.mode == "data" else ""
        key = resource.address.removeprefix(resource.block_address)
        address = f"{prefix}terraform_data.{mode}{resource.type}__{resource.name}{key}"
        change = planned.get(address)
        stands_in = resource.mode == "data" and resource.type != "aws_iam_policy_document"
        if change is None or stands_in or change["after"].get("input") is None:
            continue
        count += 1
        hidden = (change.get("after_unknown") or {}).get("input")
        found += known_differences(resource.field.value, change["after"]["input"], hidden, address)
    return found, count


@pytest.mark.parametrize("name", ROOTS)
def test_real_modules_expand_as_terraform_plans_them(
    plannable_modules: Path, shared: Path, terraform_plan: Planner, name: str
) -> None:
    root = plannable_modules / name
    given = {
        variable: sample(value.type, variable)
        for variable, value in load_terraform(root, Reader(plannable_modules)).variables.items()
        if isinstance(value, Unknown)
    }
    (root / "oracle.auto.tfvars.json").write_text(json.dumps(given), encoding="utf-8")
    plan = terraform_plan(root)
    module = load_terraform(root, Reader(plannable_modules))
    assert compare(module, plan) == []
    assert len(module.resources) >= ROOTS[name]
    originals = shared / "conformance" / "terraform" / "modules"
    original = load_terraform(originals / name, Reader(originals), variables=given)
    assert compare_original(original, plan)[0] == []


def sample(kind: Type, name: str) -> Any:
    """A value for a variable that has none."""
    if isinstance(kind, ObjectType):
        return {key: sample(one, key) for key, one in kind.attributes.items() if key not in kind.optional}
    if isinstance(kind, ListType | SetType):
        return [sample(kind.element, name)]
    if isinstance(kind, MapType):
        return {"k": sample(kind.element, name)}
    return {"number": 1, "bool": True}.get(str(kind), "10.0.0.0/16" if "cidr" in name else "x")


words = st.sampled_from(["a", "b", "c-d", "E", "f.g", 'q"r', "é", "1"])
numbers = st.integers(min_value=0, max_value=3)
maps = st.dictionaries(words, numbers, max_size=3)


def hcl(value: Any) -> str:
    """A value as an expression."""
    return json.dumps(value, ensure_ascii=False)


@st.composite
def collections(draw: st.DrawFn) -> str:
    """A map or a set of strings, written in one of several ways."""
    values = draw(maps)
    return draw(
        st.sampled_from(
            [
                hcl(values),
                "var.sizes",
                "local.kept",
                "var.on ? var.sizes : {}",
                f"toset({hcl(list(values))})",
                "toset(keys(var.sizes))",
                "toset(concat(keys(var.sizes), var.names, [for n in var.names : upper(n)]))",
                f'{{ for k, v in {hcl(values)} : "${{k}}!" => v + var.least if v >= var.least }}',
                "merge(var.sizes, { extra = 9 })",
                "{ for i, n in var.names : n => i... }",
            ]
        )
    )


counts = st.one_of(
    numbers.map(str),
    st.sampled_from(
        [
            "var.on ? 2 : 0",
            "length(var.names)",
            "var.least",
            "length(local.kept)",
            "max(1, var.least) - 1",
            'tonumber("2")',
        ]
    ),
)


@st.composite
def dynamics(draw: st.DrawFn, depth: int = 0) -> str:
    """A block: static, or dynamic with or without an iterator of its own, with further ones in it."""
    name = draw(st.sampled_from(["rule", "port"]))
    iterator = draw(st.sampled_from(["", "one", "other"]))
    inner = "".join(draw(st.lists(dynamics(depth + 1), max_size=2))) if depth < 2 else ""
    if draw(st.booleans()):
        return f"{name} {{\n  fixed = var.least\n{inner}}}\n"
    collection = draw(st.one_of(collections(), st.sampled_from(["var.names", "[1, 2]", "[]", '[{ a = 1 }, "x"]'])))
    by = iterator or name
    naming = f"  iterator = {iterator}\n" if iterator else ""
    content = f"content {{\n  k = {by}.key\n  v = {by}.value\n{inner}}}\n"
    return f'dynamic "{name}" {{\n  for_each = {collection}\n{naming}{content}}}\n'


@st.composite
def resources(draw: st.DrawFn, name: str) -> str:
    """A resource with any repetition, whose arguments and blocks may speak of it."""
    how = draw(st.sampled_from(["", "count", "for_each"]))
    repetition = {"": "", "count": f"  count = {draw(counts)}\n", "for_each": f"  for_each = {draw(collections())}\n"}[
        how
    ]
    own = {"": '"x"', "count": "count.index", "for_each": '"${each.key}-${jsonencode(each.value)}"'}[how]
    blocks = "".join(draw(st.lists(dynamics(), max_size=2)))
    return (
        f'resource "aws_thing" "{name}" {{\n{repetition}  own = {own}\n  note = "${{local.note}}:${{var.least}}"\n'
        f"  late = aws_base.base.arn\n  set = aws_base.base.name\n{blocks}}}\n"
    )


@st.composite
def configurations(draw: st.DrawFn, *, calls: bool) -> dict[str, str]:
    """The files of a small module, and of one below it."""
    names = draw(st.lists(words, max_size=3, unique=True))
    text = (
        f'variable "sizes" {{\n  type = map(number)\n  default = {hcl(draw(maps))}\n}}\n'
        f'variable "names" {{\n  type = list(string)\n  default = {hcl(names)}\n}}\n'
        f'variable "least" {{\n  default = {draw(numbers)}\n}}\n'
        f'variable "on" {{\n  type = bool\n  default = {hcl(draw(st.booleans()))}\n}}\n'
        "locals {\n  kept = { for k, v in var.sizes : k => v if v >= var.least }\n"
        '  note = var.on ? join(",", var.names) : "off"\n}\n'
        'resource "aws_base" "base" {\n  name = local.note\n}\n'
    )
    text += "".join(draw(resources(f"r{index}")) for index in range(draw(st.integers(1, 3))))
    text += (
        'output "own" {\n  value = aws_thing.r0\n}\noutput "all" {\n  value = [local.note, local.kept, var.names]\n}\n'
    )
    files = {"main.tf": text}
    if calls:
        below = draw(configurations(calls=False))
        repetition = draw(
            st.one_of(st.just(""), counts.map("count = {}".format), collections().map("for_each = {}".format))
        )
        given = draw(st.sampled_from(["", "  sizes = local.kept\n", "  names = keys(var.sizes)\n  least = 1\n"]))
        files["main.tf"] += f'module "below" {{\n  source = "./below"\n  {repetition}\n{given}}}\n'
        files["main.tf"] += 'output "below" {\n  value = module.below[*].all\n}\n' if "count" in repetition else ""
        files["below/main.tf"] = below["main.tf"]
    return files


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(files=configurations(calls=True))
def test_generated_configurations_expand_as_terraform_plans_them(
    terraform_plan: Planner,
    plannable: Callable[[Path, Path], None],
    tmp_path_factory: pytest.TempPathFactory,
    files: dict[str, str],
) -> None:
    written, rewritten = tmp_path_factory.mktemp("written"), tmp_path_factory.mktemp("rewritten")
    for name, text in files.items():
        (written / name).parent.mkdir(exist_ok=True)
        (written / name).write_text(text, encoding="utf-8")
    plannable(written, rewritten)
    plan = terraform_plan(rewritten)
    assert compare(load_terraform(rewritten, Reader(rewritten)), plan) == []
    original = load_terraform(written, Reader(written))
    found, count = compare_original(original, plan)
    assert found == []
    assert count == len(original.resources)
    assert original.problems == ()


def test_a_difference_would_be_seen() -> None:
    def one(value: Any) -> Scalar:
        return Scalar(value, None)  # type: ignore[arg-type]  # the comparison looks at no origin

    assert list(differences(one("1"), 1, None, "p"))
    assert list(differences(one(True), 1, None, "p"))
    assert list(differences(one(1), None, True, "p"))
    assert not list(differences(one(1), 1, None, "p"))
