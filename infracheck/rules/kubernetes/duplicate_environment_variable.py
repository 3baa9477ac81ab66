"""Environment variable is set twice.

Of two entries of the same name the last one wins, whatever the first said. The first is then a value that somebody
believes to be in effect. Server-side apply refuses such a list, and a strategic merge patch, which finds entries by
name, changes one of the two.

## Fix

Delete the entry that is not meant.

## References

- [Define Environment Variables for a Container](https://kubernetes.io/docs/tasks/inject-data-application/define-environment-variable-container/)
- [Server-Side Apply: merge strategy](https://kubernetes.io/docs/reference/using-api/server-side-apply/#merge-strategy)

## Bad: two modes

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: app
      image: web:1.0
      env:
        - name: MODE
          value: fast
        - name: LEVEL
          value: info
        - name: MODE # finding
          value: safe
```

## Good: one each, in each container

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: app
      image: web:1.0
      env: [{name: MODE, value: fast}]
    - name: proxy
      image: proxy:1.0
      env: [{name: MODE, value: fast}]
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Severity
from infracheck.rule import Target, rule
from infracheck.source.field import judge_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.container import Container
    from infracheck.rule import Violation
    from infracheck.source.field import Field


@rule(
    Target.CONTAINER,
    severity=Severity.LOW,
    category=Category.CORRECTNESS,
    aliases=("kube-linter:duplicate-env-var", "kube-score:environment-variable-key-duplication"),
    remedy="Delete the entry that is not meant.",
)
def duplicate_environment_variable(container: Container) -> Iterator[Violation]:
    """Yield each entry whose name an earlier one has."""
    seen: dict[str, Field] = {}

    def judge(entry: Field) -> Iterator[Violation]:
        name = entry["name"].text()
        if name and name in seen:
            yield container.violation(
                entry["name"],
                f"container {container.shown_name} of {container.address} sets {name} twice: the last one wins",
                related=[("the first", seen[name])],
            )
        elif name:
            seen[name] = entry["name"]

    yield from judge_each(container.field["env"], judge)
