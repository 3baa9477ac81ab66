"""Real modules made plannable without providers: each resource becomes a `terraform_data` of the same repetition.

`resource "aws_subnet" "a" { count = n, cidr_block = x, … }` becomes `resource "terraform_data" "aws_subnet__a"` whose
`input` is an object of the arguments and blocks. References follow: `aws_subnet.a[0].cidr_block` becomes
`terraform_data.aws_subnet__a[0].input.cidr_block`, and an attribute that nobody sets becomes a value known after apply.
Variables, locals, outputs, module calls, `count` and `for_each` stay. Terraform can plan the result on any machine.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from typing import TYPE_CHECKING, Any, Protocol

import pytest

from infracheck.source.files import SourceFile
from infracheck.source.hcl import ast, parse_body
from infracheck.terraform.resources import META_ARGUMENTS, META_BLOCKS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

DATA = {
    "aws_availability_zones": '{ names = ["a", "b", "c"], zone_ids = ["z1", "z2", "z3"] }',
    "aws_caller_identity": '{ account_id = "123456789012", arn = "arn:aws:iam::123456789012:root" }',
    "aws_partition": '{ partition = "aws", dns_suffix = "amazonaws.com", id = "aws" }',
    "aws_region": '{ name = "eu-west-1", region = "eu-west-1", id = "eu-west-1" }',
    "aws_service_principal": '{ name = "ec2.amazonaws.com" }',
}
"""What some data sources are taken to say; the rest is known after apply."""
UNKNOWN = "jsondecode(terraform_data.oracle_unknown.id)"
FILE_FUNCTIONS = re.compile(r"(?:template)?file\w*")
DROPPED = {"terraform", "provider", "moved", "removed", "import", "check", "ephemeral"}
Edit = tuple[int, int, str]


class Module:
    """One directory to rewrite.

    Args:
        files: its files.
        local: the directory that a registry source stands for, relative to this one, or None.
    """

    def __init__(self, files: list[SourceFile], local: Callable[[str], str | None]) -> None:
        self.bodies = [parse_body(file).body for file in files]
        self.local = local
        blocks = [block for body in self.bodies for block in body.blocks]
        self.arguments = {(block.type, *block.labels): _names(block) for block in blocks if _is_resource(block)}
        self.stubs = {block.labels[0] for block in blocks if block.type == "module" and self.source(block) is None}

    def source(self, block: ast.Block) -> str | None:
        """The local source of a module call; None where it must be stubbed."""
        expression = block.body.attributes["source"].expression
        literal = expression.literal if isinstance(expression, ast.Template) else None
        if literal is None or literal.startswith("."):
            return literal
        return self.local(literal)

    def rewritten(self, body: ast.Body) -> str:
        """A file's text, rewritten."""
        return "\n".join(text for block in body.blocks if (text := self._block(block)))

    def _block(self, block: ast.Block) -> str:
        if block.type in DROPPED:
            return ""
        if _is_resource(block):
            return self._resource(block, _stand_in(block.type, *block.labels))
        if block.type == "module":
            return self._call(block)
        dropped = {"depends_on", "ephemeral", "provider"}
        inner = [self._line(one) for name, one in block.body.attributes.items() if name not in dropped]
        inner += [self._block(one) for one in block.body.blocks if one.type == "validation"]
        header = " ".join([block.type, *(json.dumps(label) for label in block.labels)])
        return f"{header} {{\n" + "\n".join(inner) + "\n}"

    def _call(self, block: ast.Block) -> str:
        name = block.labels[0]
        if name in self.stubs:
            repetition = [self._line(one) for key, one in block.body.attributes.items() if key in META_ARGUMENTS]
            return _terraform_data(f"module__{name}", [line for line in repetition if "depends_on" not in line], "null")
        skipped = {"source", "version", "providers", "depends_on"}
        inner = [f"source = {json.dumps(self.source(block))}"]
        inner += [self._line(one) for key, one in block.body.attributes.items() if key not in skipped]
        return f'module "{name}" {{\n' + "\n".join(inner) + "\n}"

    def _resource(self, block: ast.Block, name: str) -> str:
        attributes = block.body.attributes
        repetition = [self._line(attributes[key]) for key in ("count", "for_each") if key in attributes]
        known = DATA.get(block.labels[0]) if block.type == "data" else None
        return _terraform_data(name, repetition, known or self._object(block.body, {}))

    def _object(self, body: ast.Body, iterators: dict[str, str]) -> str:
        """Arguments and blocks as an object; a `dynamic` block as the `for` expression it means."""
        lines = [
            f"{name} = {self._text(one.expression, one.file, iterators)}"
            for name, one in body.attributes.items()
            if name not in META_ARGUMENTS
        ]
        groups: dict[str, list[str]] = {}
        for block in body.blocks:
            if block.type in META_BLOCKS:
                continue
            if block.type != "dynamic":
                groups.setdefault(block.type, []).append(f"[{self._object(block.body, iterators)}]")
                continue
            collection = block.body.attributes["for_each"]
            named = block.body.attributes.get("iterator")
            name = named.value_span.text.strip('"') if named else block.labels[0]
            content = self._object(next(block.body.blocks_of("content")).body, {**iterators, name: f"it__{name}"})
            source = self._text(collection.expression, collection.file, iterators)
            text = f"[for it__{name}__key, it__{name}__value in ({source}\n) : {content}]"
            groups.setdefault(block.labels[0], []).append(text)
        lines += [f"{name} = concat({', '.join(groups[name])})" for name in groups]
        return "{\n" + "\n".join(lines) + "\n}"

    def _line(self, attribute: ast.Attribute) -> str:
        return f"{attribute.name} = {self._text(attribute.expression, attribute.file, {})}"

    def _text(self, node: Any, file: SourceFile, iterators: dict[str, str]) -> str:
        edits = sorted(self._edits(node, file, {name: (name,) for name in iterators}))
        text, at = "", node.start
        for start, end, new in edits:
            if start >= at:
                text += file.text[at:start] + new
                at = end
        return text + file.text[at : node.end]

    def _edits(self, node: Any, file: SourceFile, bound: dict[str, Any]) -> Iterator[Edit]:
        """What to replace in an expression.

        Args:
            node: the expression.
            file: its file.
            bound: names that are bound around it: the iterator of a dynamic block is a tuple, an element of a resource
                is that resource's key, anything else is None.
        """
        if isinstance(node, tuple):
            for child in node:
                yield from self._edits(child, file, bound)
        elif isinstance(node, ast.FunctionCall) and FILE_FUNCTIONS.fullmatch(node.name):
            yield node.start, node.end, '"stand-in"'
        elif isinstance(node, ast.GetAttr | ast.Index | ast.LegacyIndex | ast.Splat | ast.Variable):
            yield from self._chain(node, file, bound)
        elif isinstance(node, ast.ForTuple | ast.ForObject | ast.TemplateFor):
            element = self._resource_of(node.collection)
            inner = {**bound, node.value_name: element}
            inner.update({node.key_name: None} if node.key_name else {})
            yield from self._edits(node.collection, file, bound)
            for name in node.__match_args__:
                if name in ("result_key", "result", "condition", "body"):
                    yield from self._edits(getattr(node, name), file, inner)
        elif hasattr(node, "__match_args__"):
            for name in node.__match_args__:
                yield from self._edits(getattr(node, name), file, bound)

    def _chain(self, node: Any, file: SourceFile, bound: dict[str, Any]) -> Iterator[Edit]:
        steps = _steps(node)
        root = steps.pop(0)
        for step in steps:
            if isinstance(step, ast.Index):
                yield from self._edits(step.key, file, bound)
        if not isinstance(root, ast.Variable):
            if not isinstance(root, ast.SplatItem):
                yield from self._edits(root, file, bound)
            return
        names = [step for step in steps if isinstance(step, ast.GetAttr)]
        if root.name in bound:
            if isinstance(bound[root.name], tuple) and bound[root.name][0] == root.name and names:
                yield root.start, names[0].end, f"it__{root.name}__{names[0].name}"
            elif bound[root.name] and names:
                yield self._attribute(bound[root.name], names[0])
            return
        if root.name == "path" and names and names[0].name == "cwd":
            yield root.start, names[0].end, '"/srv/example"'
        key = self._key(root, names)
        if key is None:
            return
        skip = len(key) - 1
        yield root.start, names[skip - 1].end, f"terraform_data.{_stand_in(*_mode(key))}"
        if len(names) > skip:
            yield self._attribute(key, names[skip])

    def _attribute(self, key: tuple[str, ...], step: ast.GetAttr) -> Edit:
        start = step.end - len(step.name)
        arguments = self.arguments.get(_mode(key), frozenset())
        known = DATA.get(key[1], "") if key[0] == "data" else ""
        is_set = re.search(rf"\b{step.name} =", known) if known else step.name in arguments
        return start, step.end, f"input.{step.name}" if is_set else "triggers_replace"

    def _key(self, root: ast.Variable, names: list[ast.GetAttr]) -> tuple[str, ...] | None:
        words = [root.name, *(step.name for step in names)]
        if words[0] == "data" and ("data", *words[1:3]) in self.arguments:
            return tuple(words[:3])
        if words[0] == "module" and len(words) > 1 and words[1] in self.stubs:
            return tuple(words[:2])
        return tuple(words[:2]) if ("resource", *words[:2]) in self.arguments else None

    def _resource_of(self, collection: Any) -> tuple[str, ...] | None:
        steps = _steps(collection)
        names = [step for step in steps[1:] if isinstance(step, ast.GetAttr)]
        key = self._key(steps[0], names) if isinstance(steps[0], ast.Variable) else None
        return key if key is not None and len(names) == len(key) - 1 else None


def _mode(key: tuple[str, ...]) -> tuple[str, ...]:
    return key if key[0] in ("data", "module") else ("resource", *key)


def _stand_in(kind: str, *labels: str) -> str:
    return "__".join(labels if kind == "resource" else (kind, *labels))


def _terraform_data(name: str, repetition: list[str], body: str) -> str:
    lines = [*repetition, f"input = {body}", f"triggers_replace = {UNKNOWN}"]
    return f'resource "terraform_data" "{name}" {{\n' + "\n".join(lines) + "\n}"


def _is_resource(block: ast.Block) -> bool:
    return block.type in ("resource", "data") and len(block.labels) == 2


def _names(block: ast.Block) -> frozenset[str]:
    return frozenset(block.body.attributes) - META_ARGUMENTS


def _steps(node: Any) -> list[Any]:
    """A chain from its root outwards; the steps inside a splat follow it."""
    steps: list[Any] = []
    while isinstance(node, ast.GetAttr | ast.Index | ast.LegacyIndex | ast.Splat):
        if isinstance(node, ast.Splat):
            steps.extend(reversed(_steps(node.each)[1:]))
        steps.append(node)
        node = node.source
    return [node, *reversed(steps)]


def rewrite(repository: Path, target: Path, registry: dict[str, Path]) -> None:
    """Writes every module of a repository, made plannable, below a target.

    Args:
        repository: what holds the `.tf` files.
        target: the directory to write to.
        registry: where the registry sources that are at hand are written to.
    """
    folders: dict[Path, list[SourceFile]] = {}
    for path in sorted(repository.rglob("*.tf")):
        folders.setdefault(path.parent, []).append(SourceFile(path.name, path.read_text(encoding="utf-8")))
    for folder, files in folders.items():
        place = target / folder.relative_to(repository)
        place.mkdir(parents=True, exist_ok=True)

        def local(source: str, place: Path = place) -> str | None:
            name, _, inside = source.partition("//")
            return "./" + os.path.relpath(registry[name] / inside, place) if name in registry else None

        module = Module(files, local)
        for body in module.bodies:
            (place / body.file.path).write_text(module.rewritten(body), encoding="utf-8")
        (place / "oracle_unknown.tf").write_text('resource "terraform_data" "oracle_unknown" {}\n', encoding="utf-8")


@pytest.fixture(scope="session")
def plannable() -> Callable[[Path, Path], None]:
    """Rewrites a directory of modules so that Terraform can plan it without providers."""
    return lambda repository, target: rewrite(repository, target, {})


@pytest.fixture(scope="session")
def plannable_modules(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real modules of the conformance material, rewritten so that Terraform can plan them."""
    target = tmp_path_factory.mktemp("plannable")
    modules = sorted((shared / "conformance" / "terraform" / "modules").iterdir())
    prefix = "terraform-aws-modules__terraform-aws-"
    registry = {
        f"terraform-aws-modules/{path.name.removeprefix(prefix)}/aws": target / path.name
        for path in modules
        if path.name.startswith(prefix)
    }
    for path in modules:
        rewrite(path, target / path.name, registry)
    return target


class Planner(Protocol):
    """Plans a root module with terraform, and fails the test where terraform refuses it."""

    def __call__(self, root: Path) -> dict[str, Any]:
        """The plan as `terraform show -json` prints it."""


@pytest.fixture
def terraform_plan(terraform: str, tmp_path: Path) -> Planner:
    """`terraform init`, `plan` and `show -json`, away from any other configuration of the machine."""
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "TF_DATA_DIR": str(tmp_path / "terraform-data"),
        "CHECKPOINT_DISABLE": "1",
    }

    def run(root: Path, *arguments: str) -> str:
        done = subprocess.run(
            [terraform, *arguments], cwd=root, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def plan(root: Path) -> dict[str, Any]:
        run(root, "init", "-input=false", "-no-color")
        run(root, "plan", "-input=false", "-no-color", "-lock=false", "-out", str(tmp_path / "oracle.plan"))
        document: dict[str, Any] = json.loads(run(root, "show", "-json", str(tmp_path / "oracle.plan")))
        return document

    return plan
