"""Patches made at random, for objects that are known: strategic merge patches and JSON patches, in all their forms."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

from tests.kustomize.objects import ODD, TEXTS, Objects, Tree
from tests.kustomize.yaml_text import Raw, Writer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

Path = tuple["str | int", ...]
MERGE_KEYS = ("name", "port", "containerPort", "mountPath", "ip", "topologyKey")


def paths(value: Any, here: Path = ()) -> Iterator[Path]:
    """Every path in a tree."""
    items: Any = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield (*here, key)
        yield from paths(item, (*here, key))


def at(value: Any, path: Path) -> Any:
    """The value at a path."""
    for step in path:
        value = value[step]
    return value


class Patches:
    """Makes patches.

    Attributes:
        random: where chance comes from.
        objects: makes values.
        files: the files written so far; patches in files of their own are added.
        known: the objects there are to patch.
    """

    def __init__(self, random: Random) -> None:
        self.random = random
        self.objects = Objects(random)
        self.files: dict[str, str] = {}
        self.known: list[Tree] = []

    def chance(self, percent: float) -> bool:
        """Whether something happens."""
        return self.random.random() * 100 < percent

    def patches(self, layer: str, fields: Tree) -> None:
        """`patches`."""
        if self.known:
            fields["patches"] = [self.patch(layer, index) for index in range(self.random.choice((1, 1, 2, 3)))]

    def patch(self, layer: str, index: int) -> Tree:
        """One entry of `patches`."""
        victim = self.random.choice(self.known)
        is_json = self.chance(40)
        content: Any = self.operations(victim) if is_json else self.merge_patch(victim)
        entry: Tree = {}
        many = not is_json and self.chance(8)
        text = Writer(self.random).document(content)
        if is_json and self.chance(30):
            text = json.dumps(plain_data(content), ensure_ascii=False)
        if many:
            text += "---\n" + Writer(self.random).document(self.merge_patch(self.random.choice(self.known)))
        if self.chance(50):
            self.files[f"{layer}/p{index}.yaml"] = text
            entry["path"] = f"p{index}.yaml"
        else:
            entry["patch"] = text
        if (is_json or self.chance(35)) and not many:
            entry["target"] = self.target(victim)
        if self.chance(5) and not is_json:
            entry["options"] = {self.random.choice(("allowNameChange", "allowKindChange")): True}
        return entry

    def target(self, victim: Tree) -> Tree:
        """A target that selects an object, usually."""
        api_version = victim["apiVersion"]
        group, slash, version = api_version.partition("/")
        target: Tree = {}
        pool: Tree = {"kind": victim["kind"], "name": victim["metadata"]["name"]}
        if slash:
            pool["group"] = group
        pool["version"] = version if slash else api_version
        namespace = victim["metadata"].get("namespace")
        pool["namespace"] = namespace or "default"
        for key, value in pool.items():
            if self.chance({"kind": 85, "name": 70}.get(key, 15)):
                target[key] = value
        if self.chance(10):
            target["name"] = self.random.choice((".*", "w.*", "web|a", "[ab]", "^a$", "A"))
        if self.chance(8):
            target["labelSelector"] = self.random.choice(
                ("app=web", "app", "!app", "app in (web, a)", "tier!=front", "app,tier", "v=v1", "app notin (b)", "v>1")
            )
        if self.chance(4):
            target["annotationSelector"] = self.random.choice(("note", "note=x", "!z"))
        return target or {"kind": victim["kind"]}

    def merge_patch(self, victim: Tree) -> Tree:
        """A strategic merge patch for an object."""
        patch: Tree = self.partial(victim, top=True)
        patch["apiVersion"], patch["kind"] = victim["apiVersion"], victim["kind"]
        metadata = patch.get("metadata")
        metadata = metadata if isinstance(metadata, dict) else {}
        metadata["name"] = victim["metadata"]["name"]
        metadata.pop("namespace", None)
        if "namespace" in victim["metadata"]:
            metadata["namespace"] = victim["metadata"]["namespace"]
        patch["metadata"] = metadata
        if self.chance(4):
            return {**{key: patch[key] for key in ("apiVersion", "kind", "metadata")}, "$patch": "delete"}
        return patch

    def partial(self, tree: Any, *, top: bool = False) -> Any:
        """Some of a tree's fields, some of them changed."""
        if isinstance(tree, dict):
            chosen: Tree = {}
            for key, value in tree.items():
                if self.chance(45) or (top and key in {"spec", "data"} and self.chance(80)):
                    chosen[key] = self.changed(key, value)
            if self.chance(6) and not top:
                chosen["$patch"] = self.random.choice(("delete", "replace", "merge"))
            if self.chance(10):
                chosen[self.random.choice(("extra", "new", "args", "labels"))] = self.random.choice(
                    ({"a": 1}, ["x"], "v", Raw("null"), {"a": Raw("null")}, {}, [], {"b": {"c": Raw("null"), "d": "e"}})
                )
            return chosen
        return copy.deepcopy(tree)

    def changed(self, key: str, value: Any) -> Any:
        """A field's value as a patch may have it."""
        if self.chance(5):
            return Raw("null")
        if self.chance(1.5):
            return self.random.choice(({}, [], "text", 5))
        if isinstance(value, dict):
            return self.partial(value)
        if isinstance(value, list):
            return self.changed_list(value)
        if key in {*MERGE_KEYS, "protocol"} and self.chance(85):
            return value
        return self.objects.odd(self.random.choice((value, "patched", 7, True, "1", *self.random.sample(TEXTS, 1))))

    def changed_list(self, value: list[Any]) -> list[Any]:
        """A list as a patch may have it."""
        items: list[Any] = []
        for item in value:
            if not self.chance(70):
                continue
            if isinstance(item, dict):
                keys = {key: item[key] for key in (*MERGE_KEYS, "protocol") if key in item and self.chance(93)}
                items.append({**keys, **{k: v for k, v in self.partial(item).items() if k not in keys}})
                if self.chance(6):
                    items[-1] = {**keys, "$patch": self.random.choice(("delete", "replace"))}
            else:
                items.append(item)
        if self.chance(25):
            new: Any = {"name": self.objects.name(), "value": "new"} if value and isinstance(value[0], dict) else "new"
            items.insert(self.random.randint(0, len(items)), new)
        if self.chance(4):
            items.insert(self.random.randint(0, len(items)), {"$patch": self.random.choice(("replace", "delete"))})
        return items

    def operations(self, victim: Tree) -> list[Tree]:
        """A JSON patch for an object."""
        known = [path for path in paths(victim) if path[0] not in {"apiVersion", "kind"}]
        if self.chance(95):
            known = [path for path in known if path[0] != "metadata" or path[1:2] in {("labels",), ("annotations",)}]
        if not known:
            return [{"op": "add", "path": "/metadata/labels", "value": self.objects.labels()}]
        made: list[Tree] = []
        for _ in range(self.random.choice((1, 1, 2, 3))):
            path = self.random.choice(known)
            pointer = self.pointer(path)
            op = self.random.choice(("add", "replace", "replace", "remove", "test", "copy", "move", "add"))
            if op == "test":
                value = at(victim, path) if self.chance(90) else "no"
                made.append({"op": op, "path": pointer, "value": value})
            elif op == "remove":
                made.append({"op": op, "path": pointer})
                known = [one for one in known if one[: len(path)] != path] or known
            elif op in {"copy", "move"}:
                made.append({"op": op, "from": pointer, "path": f"/metadata/annotations/{self.random.choice('xy')}"})
                if not isinstance(at(victim, path), str):
                    made[-1]["path"] = "/spec/moved"
                if op == "move":
                    known = [one for one in known if one[: len(path)] != path] or known
            else:
                if op == "add" and self.chance(50):
                    into = at(victim, path)
                    pointer += "/-" if isinstance(into, list) else "/new" if isinstance(into, dict) else ""
                made.append({"op": op, "path": pointer, "value": self.json_value()})
        return made

    def json_value(self) -> Any:
        """A value of an operation."""
        pick = self.random.random()
        if pick < 0.15:
            return self.random.choice(ODD)
        if pick < 0.5:
            return self.objects.text()
        return self.random.choice((5, 1.5, True, None, {"a": "b"}, [1, "x"], {"n": 12345678901234567}, {}, [], 1e21))

    def pointer(self, path: Path) -> str:
        """A JSON pointer."""
        parts = [str(step).replace("~", "~0").replace("/", "~1") for step in path]
        if isinstance(path[-1], int) and self.chance(10):
            parts[-1] = self.random.choice(("-1", "-", "0", "5", "-2", "01"))
        return ("" if self.chance(2) else "/") + "/".join(parts)

    def old_patches(self, layer: str, fields: Tree) -> None:
        """`patchesStrategicMerge` and `patchesJson6902`."""
        if not self.known:
            return
        victim = self.random.choice(self.known)
        if self.chance(50):
            text = Writer(self.random).document(self.merge_patch(victim))
            self.files[f"{layer}/old.yaml"] = text
            fields["patchesStrategicMerge"] = ["old.yaml"] if self.chance(50) else [text]
        else:
            target = {"kind": victim["kind"], "name": victim["metadata"]["name"], "version": "v1"}
            text = Writer(self.random).document(self.operations(victim))
            fields["patchesJson6902"] = [{"target": target, "patch": text}]


def plain_data(value: Any) -> Any:
    """Data with the texts of odd scalars as texts."""
    if isinstance(value, dict):
        return {key: plain_data(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain_data(item) for item in value]
    return str(value) if isinstance(value, Raw) else value
