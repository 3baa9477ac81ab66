"""Kustomizations made at random: bases, components and overlays with every field a kustomization has."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.kustomize.objects import NAMES, ODD, TEXTS, Tree
from tests.kustomize.patches_made import Patches, Path, at, paths
from tests.kustomize.yaml_text import Writer

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

MADE_PATHS = ("spec.made.here", "metadata.annotations.made", "spec.list.[name=q].v", "spec.template.x.0")


class Case(Patches):
    """A tree of files with a kustomization in `overlay/`, made from a source of randomness."""

    def __init__(self, random: Random) -> None:
        super().__init__(random)
        self.ids: set[tuple[str, ...]] = set()
        self.generated: list[tuple[str, str, str]] = []
        self.vars: list[str] = []
        bases = [self.base(name) for name in ("base", "other")[: random.choice((1, 1, 1, 2))]]
        if self.chance(25):
            bases = [self.layer("middle", bases)]
        self.layer("overlay", bases)

    # Files ----------------------------------------------------------------------------------------------------------

    def write(self, path: str, *documents: Any, plainly: bool = False) -> None:
        """Documents into a file."""
        texts = [Writer(self.random, plainly=plainly).document(one) for one in documents]
        text = self.random.choice(("---\n", "---\n", "--- # next\n", "---\n---\n")).join(texts)
        if self.chance(8):
            text = self.random.choice(("---\n", "# head\n---\n", "\n", "# head\n")) + text
        if self.chance(3):
            text += self.random.choice(("---\n", "---", "...\n", "# end", "\n\n"))
        if self.chance(2):
            text = text.replace("\n", "\r\n")
        self.files[path] = text

    def base(self, name: str) -> str:
        """A base with a few objects."""
        return self.layer(name, [], objects=self.random.choice((1, 2, 2, 3, 4)))

    def new_objects(self, count: int) -> list[Tree]:
        """Objects, hardly ever two of the same id."""
        made = []
        for _ in range(count):
            one = self.objects.any()
            for each in one.get("items", [one]):
                key = (each["kind"], str(each["metadata"]["name"]))
                if key in self.ids and self.chance(95):
                    each["metadata"]["name"] = f"{each['metadata']['name']}-{len(self.ids)}"
                self.ids.add((each["kind"], str(each["metadata"]["name"])))
                self.known.append(each)
            made.append(one)
        return made

    # Layers ---------------------------------------------------------------------------------------------------------

    def layer(self, name: str, bases: list[str], objects: int | None = None, *, component: bool = False) -> str:
        """A directory with a kustomization; its name."""
        fields: Tree = {}
        if self.chance(60) or component:
            version = "v1alpha1" if component else "v1beta1"
            fields["apiVersion"] = f"kustomize.config.k8s.io/{version}"
            fields["kind"] = "Component" if component else "Kustomization"
        resources = [f"../{base}" for base in bases]
        count = self.random.choice((0, 0, 1, 2)) if objects is None else objects
        made = self.new_objects(count)
        for index, part in enumerate((made[: len(made) // 2], made[len(made) // 2 :])):
            if part:
                self.write(f"{name}/r{index}.yaml", *part)
                resources.insert(self.random.randint(0, len(resources)), f"r{index}.yaml")
        if resources:
            fields["resources"] = resources
        if not component and objects is None and self.chance(20):
            self.layer("component", [], self.random.choice((0, 0, 1)), component=True)
            fields["components"] = ["../component"]
        makers: list[tuple[int, Callable[[str, Tree], None]]] = [
            (20, self.affixes), (15, self.namespace), (15, self.labels), (8, self.common_labels),
            (8, self.annotations), (25, self.generators), (12, self.images), (7, self.replicas),
            (55 if objects is None else 12, self.patches), (6, self.old_patches), (14, self.replacements),
            (6, self.variables), (5, self.configurations), (5, self.plugins), (4, self.sorting), (3, self.metadata),
            (1, self.openapi), (2, self.surprises),
        ]  # fmt: skip
        for percent, make in makers:
            if self.chance(percent):
                make(name, fields)
        if not fields or set(fields) <= {"apiVersion", "kind"}:
            fields["resources"] = []
        items = list(fields.items())
        if self.chance(30):
            self.random.shuffle(items)
        file = self.random.choice(("kustomization.yaml",) * 8 + ("kustomization.yml", "Kustomization"))
        self.write(f"{name}/{file}", dict(items), plainly=self.chance(50))
        return name

    def affixes(self, _: str, fields: Tree) -> None:
        """`namePrefix` and `nameSuffix`."""
        for field, text in (("namePrefix", "p-"), ("nameSuffix", "-s")):
            if self.chance(60):
                fields[field] = self.random.choice((text, text, text, "1", "x.", ""))

    def namespace(self, _: str, fields: Tree) -> None:
        """`namespace`."""
        fields["namespace"] = self.random.choice(("ns1", "ns2", "default", "new", "123", ""))

    def pairs(self) -> Tree:
        """Labels or annotations whose values are texts."""
        pool = {key: self.random.choice(("x", "1", "true", "a b", "", "web")) for key in ("app", "x/y", "z", "note")}
        return self.objects.some(pool, 40)

    def labels(self, _: str, fields: Tree) -> None:
        """`labels`."""
        entries = []
        for _unused in range(self.random.choice((1, 1, 2))):
            entry: Tree = {"pairs": self.pairs()}
            for flag in ("includeSelectors", "includeTemplates"):
                if self.chance(35):
                    entry[flag] = self.random.choice((True, True, False))
            if self.chance(20):
                entry["fields"] = [
                    {"path": self.random.choice(("spec/deep/labels", "spec/extra")), "create": True, "kind": "Foo"}
                ]
            entries.append(entry)
        fields["labels"] = entries

    def common_labels(self, _: str, fields: Tree) -> None:
        """`commonLabels`."""
        fields["commonLabels"] = self.pairs()

    def annotations(self, _: str, fields: Tree) -> None:
        """`commonAnnotations`."""
        fields["commonAnnotations"] = self.pairs()

    # Generators -----------------------------------------------------------------------------------------------------

    def generators(self, layer: str, fields: Tree) -> None:
        """`configMapGenerator`, `secretGenerator` and `generatorOptions`."""
        for field in ("configMapGenerator", "secretGenerator"):
            if self.chance(60):
                fields[field] = [self.generator(layer, field) for _ in range(self.random.choice((1, 1, 2)))]
        if self.chance(15):
            fields["generatorOptions"] = self.options()

    def options(self) -> Tree:
        """Options of generators."""
        flags: Tree = {"disableNameSuffixHash": True, "immutable": True, "labels": self.pairs()}
        return self.objects.some({**flags, "annotations": self.pairs()}, 40)

    def generator(self, layer: str, field: str) -> Tree:
        """One generator."""
        entry: Tree = {"name": self.random.choice(NAMES)}
        earlier = [one for one in self.generated if one[0] == field]
        plain = [one for one in self.known if one["kind"].lower() == field.removesuffix("Generator").lower()]
        if earlier and self.chance(60):
            entry["name"] = self.random.choice(earlier)[1]
            entry["behavior"] = self.random.choice(("merge", "merge", "replace", "create"))
        elif plain and self.chance(40):
            entry["name"] = self.random.choice(plain)["metadata"]["name"]
            entry["behavior"] = self.random.choice(("merge", "replace"))
        elif any(one[1] == entry["name"] for one in earlier) and self.chance(90):
            entry["name"] = f"g{len(self.generated)}"
        if self.chance(12):
            entry["namespace"] = self.random.choice(("ns1", "default"))
        self.generated.append((field, entry["name"], ""))
        if self.chance(70):
            pairs = [f"{key}={self.random.choice(TEXTS)}" for key in ("k", "l", "m.yaml") if self.chance(50)]
            entry["literals"] = pairs or ["k='quoted'"]
        if self.chance(25):
            lines = ["E=1", "# no", "", "F=a b ", "  G='q'", "H=x=y", "I", "J=$(VAR)", "K=", "é=é"]
            self.random.shuffle(lines)
            self.files[f"{layer}/{entry['name']}.env"] = "\n".join(lines[:5]) + self.random.choice(("\n", ""))
            entry["envs"] = [f"{entry['name']}.env"]
        if self.chance(25):
            self.files[f"{layer}/f.txt"] = self.random.choice(TEXTS)
            entry["files"] = [self.random.choice(("f.txt", "n=f.txt", "./f.txt"))]
        if field == "secretGenerator" and self.chance(30):
            entry["type"] = "kubernetes.io/tls"
        if self.chance(20):
            entry["options"] = self.options()
        return entry

    # Images and replicas --------------------------------------------------------------------------------------------

    def images(self, _: str, fields: Tree) -> None:
        """`images`."""
        entries = []
        for _unused in range(self.random.choice((1, 1, 2))):
            entry: Tree = {"name": self.random.choice(("nginx", "nginx", "busybox", "reg.io/a/b", "reg.io:5000/nginx"))}
            choices = {"newName": "other/img", "newTag": "2.0", "digest": "sha256:fff", "tagSuffix": "-x"}
            entry |= self.objects.some(choices, 40)
            entries.append(entry)
        fields["images"] = entries

    def replicas(self, _: str, fields: Tree) -> None:
        """`replicas`."""
        kinds = ("Deployment", "StatefulSet", "ReplicaSet", "ReplicationController")
        names = [one["metadata"]["name"] for one in self.known if one["kind"] in kinds]
        if names:
            fields["replicas"] = [{"name": self.random.choice(names), "count": self.random.choice((0, 3))}]

    # Replacements and vars ------------------------------------------------------------------------------------------

    def dotted(self, victim: Tree, path: Path) -> str:
        """A path as replacements write it."""
        parts: list[str] = []
        for index, step in enumerate(path):
            if isinstance(step, int):
                item = at(victim, path[: index + 1])
                name = item.get("name") if isinstance(item, dict) else None
                if isinstance(name, str) and self.chance(60):
                    parts.append(f"[name={name}]")
                else:
                    parts.append(self.random.choice((str(step), "*", str(step), "-")))
            elif "." in step or "/" in step:
                parts.append(f"[{step}]" if self.chance(50) else step.replace(".", r"\."))
            else:
                parts.append(step)
        return ".".join(parts)

    def source(self) -> Tree:
        """The source of a replacement."""
        victim = self.random.choice(self.known)
        known = list(paths(victim))
        scalar = [path for path in known if not isinstance(at(victim, path), dict | list)]
        path = self.random.choice(scalar if scalar and self.chance(80) else known)
        source: Tree = {"kind": victim["kind"], "name": victim["metadata"]["name"]}
        if self.chance(80):
            source["fieldPath"] = self.dotted(victim, path).replace("*", "0")
        if self.chance(15):
            source["options"] = {
                "delimiter": self.random.choice((":", "/", "-", ".")),
                "index": self.random.choice((0, 0, 1)),
            }
        if self.chance(15):
            source["namespace"] = victim["metadata"].get("namespace", "default")
        return source

    def replacements(self, layer: str, fields: Tree) -> None:
        """`replacements`."""
        if not self.known:
            return
        entries = []
        for _ in range(self.random.choice((1, 1, 2))):
            targets = []
            for _unused in range(self.random.choice((1, 1, 2))):
                victim = self.random.choice(self.known)
                known = [path for path in paths(victim) if path[0] not in {"apiVersion", "kind"}]
                scalar = [path for path in known if not isinstance(at(victim, path), dict | list)]
                chosen = [self.random.choice(scalar if scalar and self.chance(85) else known) for _ in range(2)]
                select: Tree = {"kind": victim["kind"], "name": victim["metadata"]["name"]}
                if self.chance(20):
                    del select["name"]
                if self.chance(8):
                    select["namespace"] = "ns1"
                target: Tree = {"select": select, "fieldPaths": [self.dotted(victim, path) for path in chosen]}
                if self.chance(10):
                    target["reject"] = [{"name": self.random.choice(NAMES)}]
                if self.chance(30):
                    options: Tree = {}
                    if self.chance(50):
                        options["delimiter"] = self.random.choice((":", "/", "-"))
                        options["index"] = self.random.choice((0, 1, -1, 5))
                    if self.chance(60):
                        options["create"] = True
                        target["fieldPaths"].append(self.random.choice(MADE_PATHS))
                    target["options"] = options
                targets.append(target)
            entries.append({"source": self.source(), "targets": targets})
        if self.chance(15):
            self.write(f"{layer}/replacement.yaml", entries if self.chance(50) else entries[0])
            fields["replacements"] = [{"path": "replacement.yaml"}]
        else:
            fields["replacements"] = entries

    def variables(self, _: str, fields: Tree) -> None:
        """`vars`."""
        if not self.known:
            return
        entries = []
        for name in ("VAR", "OTHER"):
            if name in self.vars or self.chance(40):
                continue
            self.vars.append(name)
            victim = self.random.choice(self.known)
            entry: Tree = {"name": name}
            entry["objref"] = {
                "kind": victim["kind"],
                "name": victim["metadata"]["name"],
                "apiVersion": victim["apiVersion"],
            }
            if self.chance(70):
                scalar = [path for path in paths(victim) if not isinstance(at(victim, path), dict | list)]
                path = self.random.choice(scalar)
                text = ""
                for step in path:
                    dot = "." if text else ""
                    text += f"[{step}]" if isinstance(step, int) else dot + step.replace(".", r"\.")
                entry["fieldref"] = {"fieldPath": text}
            entries.append(entry)
        if entries:
            fields["vars"] = entries

    # Configuration --------------------------------------------------------------------------------------------------

    def configurations(self, layer: str, fields: Tree) -> None:
        """`configurations`."""
        config: Tree = {
            "nameReference": [
                {"kind": "ConfigMap", "version": "v1", "fieldSpecs": [{"kind": "Foo", "path": "spec/cfgRef/name"}]},
                {"kind": "Foo", "fieldSpecs": [{"kind": "Bar", "path": "spec/cfgRef/name"}]},
            ],
            "namePrefix": [{"path": "spec/cfgRef/name", "kind": "Foo"}],
            "namespace": [{"path": "spec/deep/namespace", "kind": "Foo", "create": True}],
            "commonLabels": [{"path": "spec/deep/labels", "kind": "Foo", "create": True}],
            "commonAnnotations": [{"path": "spec/deep/annotations", "kind": "Bar", "create": True}],
            "varReference": [{"path": "spec/plain", "kind": "Foo"}, {"path": "data/k"}],
            "images": [{"path": "spec/deep/image", "kind": "Foo"}, {"path": "spec/list[]/v", "kind": "Foo"}],
            "replicas": [{"path": "spec/deep/replicas", "kind": "Foo", "create": True}],
            "templateLabels": [{"path": "spec/deep/labels", "kind": "Bar", "create": True}],
            "labels": [{"path": "spec/deep/labels", "kind": "Bar", "create": True}],
        }
        self.write(f"{layer}/config.yaml", self.objects.some(config, 35))
        fields["configurations"] = ["config.yaml"]

    def plugins(self, layer: str, fields: Tree) -> None:
        """`transformers` and `generators` that run in process."""
        name = {"metadata": {"name": "t"}}
        specs: list[Tree] = [{"path": "metadata/name"}, {"path": "spec/cfgRef/name", "kind": "Foo"}]
        kinds: tuple[Tree, ...] = (
            {"kind": "PrefixTransformer", "prefix": "t-", "fieldSpecs": specs},
            {"kind": "SuffixTransformer", "suffix": "-t", "fieldSpecs": specs[:1]},
            {
                "kind": "NamespaceTransformer",
                "metadata": {"name": "t", "namespace": "ns3"},
                "unsetOnly": self.chance(50),
                "setRoleBindingSubjects": self.random.choice(("none", "allServiceAccounts", "defaultOnly")),
                "fieldSpecs": [{"path": "metadata/namespace", "create": True}],
            },
            {
                "kind": "LabelTransformer",
                "labels": {"t": "u"},
                "fieldSpecs": [{"path": "metadata/labels", "create": True}],
            },
            {
                "kind": "AnnotationsTransformer",
                "annotations": {"t": "u"},
                "fieldSpecs": [{"path": "metadata/annotations", "create": True}],
            },
            {"kind": "ImageTagTransformer", "imageTag": {"name": "nginx", "newTag": "9"}},
            {
                "kind": "PatchTransformer",
                "target": {"kind": "Deployment"},
                "patch": '[{"op": "add", "path": "/spec/paused", "value": true}]',
            },
            {"kind": "HashTransformer"},
        )
        chosen = {"apiVersion": "builtin", **name, **self.random.choice(kinds)}
        if self.chance(50):
            self.write(f"{layer}/transformer.yaml", chosen)
            fields["transformers"] = ["transformer.yaml"]
        else:
            fields["transformers"] = [Writer(self.random).document(chosen)]
        if self.chance(30):
            made = {"apiVersion": "builtin", "kind": "ConfigMapGenerator", "metadata": {"name": "x"}, "name": "gen"}
            fields["generators"] = [Writer(self.random).document({**made, "literals": ["a=b"]})]

    def sorting(self, _: str, fields: Tree) -> None:
        """`sortOptions`."""
        order: Tree = {"order": self.random.choice(("fifo", "legacy"))}
        if order["order"] == "legacy" and self.chance(50):
            order["legacySortOptions"] = {
                "orderFirst": ["Deployment", "Service"],
                "orderLast": ["ConfigMap", "Namespace"],
            }
        fields["sortOptions"] = order

    def metadata(self, _: str, fields: Tree) -> None:
        """`buildMetadata`."""
        options = ["originAnnotations", "transformerAnnotations", "managedByLabel"]
        fields["buildMetadata"] = self.random.sample(options, self.random.randint(1, 3))

    def openapi(self, layer: str, fields: Tree) -> None:
        """`openapi`."""
        if self.chance(50):
            fields["openapi"] = {"version": "v1.21.2"}
            return
        definition = {
            "x-kubernetes-group-version-kind": [{"group": "example.com", "version": "v1", "kind": "Foo"}],
            "properties": {
                "spec": {
                    "properties": {
                        "list": {
                            "items": {"properties": {"name": {"type": "string"}}},
                            "x-kubernetes-patch-merge-key": "name",
                            "x-kubernetes-patch-strategy": "merge",
                            "type": "array",
                        }
                    }
                }
            },
        }
        self.files[f"{layer}/schema.json"] = json.dumps({"definitions": {"v1.Foo": definition}})
        fields["openapi"] = {"path": "schema.json"}

    def surprises(self, layer: str, fields: Tree) -> None:
        """Things that are refused, or nearly."""
        pick = self.random.randint(0, 7)
        if pick == 0:
            fields["resources"] = [*fields.get("resources", []), self.random.choice(("none.yaml", ".", "..", "", "/"))]
        elif pick == 1:
            fields["unknown"] = "x"
        elif pick == 2:
            fields["NamePrefix"] = "case-"
        elif pick == 3:
            fields["namespace"] = self.random.choice(ODD)
        elif pick == 4:
            fields["commonAnnotations"] = {"k": self.random.choice(ODD)}
        elif pick == 5:
            fields["metadata"] = {"name": "x", "labels": {"a": "b"}}
        elif pick == 6:
            self.files[f"{layer}/empty.yaml"] = self.random.choice(
                ("", "# only\n", "---\n", "{}\n", "[]\n", "x\n", "a: b\n")
            )
            fields["resources"] = [*fields.get("resources", []), "empty.yaml"]
        else:
            fields["images"] = [{"name": "nginx", "newTag": self.random.choice(ODD)}]
