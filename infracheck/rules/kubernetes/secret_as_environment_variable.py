"""Container takes a secret as an environment variable.

Every child process inherits the environment; crash reports, debug pages and `docker inspect` print it, and it stays as
it was when the secret is rotated, until the pod is replaced. A file can be read by one user only and changes with the
secret.

## Fix

Mount the secret as a file (`volumes[].secret`, or the Secrets Store CSI driver) and read it from there.

## References

- [Secrets: good practices, Kubernetes documentation](https://kubernetes.io/docs/concepts/security/secrets-good-practices/)
- CIS Kubernetes Benchmark v1.9.0, 5.4.1: prefer using secrets as files over secrets as environment variables

## Bad: one key, and all of them

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: registry.example/web:1.4.0
      env:
        - name: MODE
          value: fast
        - name: PASSWORD
          valueFrom:
            secretKeyRef: # finding
              name: web
              key: password
      envFrom:
        - configMapRef: {name: web}
        - secretRef: # finding
            name: web
```

## Good: a file

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: registry.example/web:1.4.0
      env:
        - name: REGION
          valueFrom:
            configMapKeyRef: {name: web, key: region}
      volumeMounts:
        - {name: secrets, mountPath: /secrets, readOnly: true}
  volumes:
    - name: secrets
      secret: {secretName: web, defaultMode: 0400}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.kubernetes.place import entries, known_text
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
    category=Category.SECURITY,
    priority=Priority.P3,
    aliases=("CKV_K8S_35", "kube-linter:read-secret-from-env-var"),
    tags=("checklist:secrets",),
    remedy="Mount the secret as a file.",
    default=False,
)
def secret_as_environment_variable(container: Container) -> Iterator[Violation]:
    """Yield each place that puts a Secret into the environment."""
    shown = f"container {container.shown_name} of {container.address}"

    def judge(variable: Field) -> Iterator[Violation]:
        secret = variable.require()["valueFrom"]["secretKeyRef"]
        if secret.exists:
            name = known_text(variable["name"]) or "?"
            yield container.violation(secret, f"{shown} takes a secret as environment variable {name}")

    def judge_all(source: Field) -> Iterator[Violation]:
        secret = source.require()["secretRef"]
        if secret.exists:
            name = known_text(secret["name"]) or "?"
            yield container.violation(secret, f"{shown} takes all of Secret {name} as environment variables")

    yield from judge_each(entries(container.field["env"]), judge)
    yield from judge_each(entries(container.field["envFrom"]), judge_all)
