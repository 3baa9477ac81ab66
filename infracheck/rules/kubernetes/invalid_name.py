"""Name that the API server refuses.

Most names are DNS names: lower-case letters, digits, hyphens and dots, with a letter or digit at either end, up to 253
characters. Namespaces, Services, containers and volumes take no dots and 63 characters, CronJobs 52, because the names
of their Jobs get eleven more. An object that breaks this is not created, and the release stops; a prefix or suffix
of an overlay is what often makes a name too long. Roles and their bindings may be called what you like. A name that
holds a placeholder, or is in capitals throughout, is taken for a template's.

## Fix

Use lower-case letters, digits and hyphens, and shorten what is too long.

## References

- [Object Names and IDs](https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#names)
- [CronJob: name](https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#cron-job-limitations)

## Bad: capitals, underscores, dots where none may be, too long

```yaml manifest.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: web_Config # finding
---
apiVersion: v1
kind: Service
metadata:
  name: web.internal # finding
  namespace: Shop # finding
---
apiVersion: batch/v1
kind: CronJob
metadata:
  name: archive-the-orders-of-the-last-month-and-clean-up-aft # finding
---
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: App # finding
      image: web:1.0
  volumes:
    - name: my_cache # finding
      emptyDir: {}
```

## Bad: an overlay's prefix

```yaml base/service.yaml
apiVersion: v1
kind: Service
metadata:
  name: web
```

```yaml base/kustomization.yaml
resources: [service.yaml]
```

```yaml overlays/production/kustomization.yaml
resources: [../../base]
namePrefix: Production- # finding
```

## Good: within the rules

```yaml manifest.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: web-1.0
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: system:Web_Reader
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: queues.example.com
---
apiVersion: batch/v1
kind: CronJob
metadata:
  name: archive-the-orders-of-the-last-month-and-clean-up-af
---
apiVersion: batch/v1
kind: Job
metadata:
  generateName: migrate-
---
apiVersion: user.openshift.io/v1
kind: Group
metadata:
  name: Ops Team
---
apiVersion: v1
kind: Namespace
metadata:
  name: NAMESPACE
---
apiVersion: v1
kind: Namespace
metadata:
  name: shop-${cluster_name}
```
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.kubernetes.place import entries
from infracheck.kubernetes.placeholder import is_placeholder_name
from infracheck.kubernetes.schema import builtin_schemas
from infracheck.kubernetes.workload import Workload
from infracheck.rule import Target, rule
from infracheck.source.field import judge_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.manifest import Manifest
    from infracheck.rule import Violation
    from infracheck.source.field import Field


class Form(NamedTuple):
    """What a name must look like.

    Attributes:
        pattern: it as a whole.
        longest: its characters at most.
        words: the pattern in words.
    """

    pattern: re.Pattern[str]
    longest: int
    words: str


_LABEL = r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
SUBDOMAIN: Final = Form(
    re.compile(rf"{_LABEL}(?:\.{_LABEL})*"), 253, "lower-case letters, digits, hyphens and dots between them"
)
LABEL: Final = Form(re.compile(_LABEL), 63, "lower-case letters and digits, with hyphens between them")
FORMS: Final = {
    ("", "Namespace"): LABEL,
    ("", "Service"): LABEL,
    ("batch", "CronJob"): SUBDOMAIN._replace(longest=52),
}
FREE: Final = ("rbac.authorization.k8s.io", "certificates.k8s.io", "networking.k8s.io/IPAddress")
"""Groups and kinds whose names need not be DNS names."""


@rule(
    Target.MANIFEST,
    severity=Severity.HIGH,
    category=Category.CORRECTNESS,
    priority=Priority.P1,
    remedy="Use lower-case letters, digits and hyphens, and shorten what is too long.",
)
def invalid_name(manifest: Manifest) -> Iterator[Violation]:
    """Yield each name of the object, its namespace, its containers and volumes that is not of the right form."""
    yield from judge_each(_names(manifest), lambda named: _judge(manifest, *named))


def _names(manifest: Manifest) -> Iterator[tuple[Field, str, Form]]:
    metadata = manifest.field["metadata"]
    if _is_known(manifest):
        yield metadata["name"], "its name", FORMS.get((manifest.group, manifest.kind), SUBDOMAIN)
    if not manifest.is_cluster_scoped:
        yield metadata["namespace"], "its namespace", LABEL
    if isinstance(manifest, Workload):
        for container in manifest.containers:
            yield container.field["name"], "the name of a container", LABEL
        for volume in entries(manifest.pod.field["volumes"]):
            yield volume["name"], "the name of a volume", LABEL


def _is_known(manifest: Manifest) -> bool:
    """Whether the kind's names are DNS names: so are custom ones, but not all that other API servers serve."""
    if manifest.group in FREE or manifest.group_kind in FREE:
        return False
    is_builtin = builtin_schemas().kind(manifest.api_version, manifest.kind) is not None
    return is_builtin or (manifest.group, manifest.kind) in manifest.objects.custom_versions


def _judge(manifest: Manifest, field: Field, what: str, form: Form) -> Iterator[Violation]:
    name = field.text()
    if not name or is_placeholder_name(name):
        return
    if len(name) > form.longest:
        yield manifest.violation(
            field, f"{manifest.address}: {what} has {len(name)} characters, and may have {form.longest}"
        )
    elif not form.pattern.fullmatch(name):
        yield manifest.violation(field, f"{manifest.address}: {what} may have {form.words}, and is `{name}`")
