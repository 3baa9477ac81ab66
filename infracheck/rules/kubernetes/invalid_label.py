"""Label that the API server refuses.

The value of a label has up to 63 letters, digits, hyphens, underscores and dots, and starts and ends with a letter or
digit; the key has the same form, and may have a DNS name and a slash before it. Keys of annotations are like those of
labels, their values are free. An object that breaks this is not created, and the release stops there: a branch name
with a slash or a long image tag are usual culprits. Values that are no strings are reported by
`kubernetes/schema-violation`; texts with a placeholder are not judged by their form.

## Fix

Shorten the value, and replace what is not allowed with a hyphen. What needs more room is an annotation.

## References

- [Labels and Selectors: syntax and character set](https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set)
- [Annotations: syntax and character set](https://kubernetes.io/docs/concepts/overview/working-with-objects/annotations/#syntax-and-character-set)

## Bad: a slash, a space, a value that is too long, keys

```yaml manifest.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  labels:
    branch: feature/login # finding
    my/own/key: a # finding
    Example.com/team: a # finding
  annotations:
    "a b": free # finding
spec:
  selector:
    matchLabels:
      app: web app # finding
  template:
    metadata:
      labels:
        app: web app # finding
        digest: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 # finding
    spec:
      nodeSelector:
        pool: -general # finding
      containers: [{name: app, image: "web:1.0"}]
---
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector:
    app: web app # finding
```

## Bad: the labels of an overlay

```yaml base/config.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: web
```

```yaml base/kustomization.yaml
resources: [config.yaml]
```

```yaml overlays/production/kustomization.yaml
resources: [../../base]
labels:
  - pairs:
      owner: team@example.com # finding
```

## Good: within the rules

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
  labels:
    app.kubernetes.io/name: web
    version: v1.2_3-A
    empty: ""
    cluster: the-${cluster}
  annotations:
    Example.com/Anything: "free text / with signs"
spec:
  nodeSelector: {karpenter.sh/capacity-type: spot}
  containers: [{name: app, image: "web:1.0"}]
```
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.kubernetes.placeholder import has_placeholder
from infracheck.kubernetes.service import Service
from infracheck.kubernetes.workload import Workload
from infracheck.rule import Target, rule
from infracheck.source.field import judge_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.manifest import Manifest
    from infracheck.rule import Violation
    from infracheck.source.field import Field

NAME: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?")
PREFIX: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*")
LONGEST: Final = 63
LONGEST_PREFIX: Final = 253


@rule(
    Target.MANIFEST,
    severity=Severity.HIGH,
    category=Category.CORRECTNESS,
    priority=Priority.P1,
    aliases=("kube-score:label-values",),
    remedy="Shorten the value, and replace what is not allowed with a hyphen.",
)
def invalid_label(manifest: Manifest) -> Iterator[Violation]:
    """Yield each label, selector and annotation that is not of the right form."""
    yield from judge_each(_maps(manifest), lambda mapping: _judge(manifest, *mapping))


def _maps(manifest: Manifest) -> Iterator[tuple[Field, bool]]:
    """The maps of labels (and, with False, of annotations) of an object."""
    metadata = [manifest.field["metadata"]]
    if isinstance(manifest, Workload):
        if manifest.template.path:
            metadata.append(manifest.template["metadata"])
        selector = manifest.selector
        yield (selector.field if selector.flat else selector.field["matchLabels"]), True
        yield manifest.pod.field["nodeSelector"], True
    elif isinstance(manifest, Service):
        yield manifest.field.at("spec.selector"), True
    for one in metadata:
        yield one["labels"], True
        yield one["annotations"], False


def _judge(manifest: Manifest, mapping: Field, are_labels: bool) -> Iterator[Violation]:  # noqa: FBT001 - of a pair
    def judge(entry: tuple[str, Field]) -> Iterator[Violation]:
        key, field = entry
        what = "label" if are_labels else "annotation"
        # The server reads the keys of annotations in lower case, those of labels as they are.
        problem = _key_problem(key if are_labels else key.lower())
        if problem and not has_placeholder(key):
            yield manifest.violation(field, f"{manifest.address}: the key of {what} `{key}` {problem}", on_key=True)
        value = field.text() if are_labels else None
        if value and not has_placeholder(value) and not NAME.fullmatch(value):
            yield manifest.violation(field, f"{manifest.address}: the value of label {key} {_value_problem(value)}")

    yield from judge_each(mapping.items(), judge)


def _key_problem(key: str) -> str:
    prefix, slash, name = key.rpartition("/")
    if slash and (len(prefix) > LONGEST_PREFIX or not PREFIX.fullmatch(prefix)):
        return "has before its slash what is no DNS name"
    return "" if NAME.fullmatch(name) else _value_problem(name)


def _value_problem(value: str) -> str:
    if len(value) > LONGEST:
        return f"has {len(value)} characters, and may have {LONGEST}"
    return "may have letters, digits, and `-`, `_` and `.` between them"
