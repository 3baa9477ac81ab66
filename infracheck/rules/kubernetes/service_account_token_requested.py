"""Pod asks for a token of the Kubernetes API by name.

Off by default: a pod that says `automountServiceAccountToken: true`, or mounts a volume of its own where the token is
looked for, mostly knows why. Teams that want every such pod reviewed switch this rule on and waive each with its
reason. Tokens that pods get without asking are reported by another rule (`mounted-service-account-token`).

## Fix

Remove the line where the pod does not speak to the API. Where it does, waive the finding and say what it needs.

## References

- [Configure Service Accounts for Pods: opt out of API credential automounting](https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/#opt-out-of-api-credential-automounting)
- CIS Kubernetes Benchmark v1.9.0, 5.1.6: ensure that service account tokens are only mounted where necessary

## Bad: asked for

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  automountServiceAccountToken: true # finding
  containers:
    - name: web
      image: registry.example/web:1.4.0
```

## Bad: a volume of its own in its place

```yaml manifest.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers:
        - name: web
          image: registry.example/web:1.4.0
          volumeMounts:
            - name: token
              mountPath: /var/run/secrets/kubernetes.io/serviceaccount # finding
      volumes:
        - name: token
          projected: {sources: [{serviceAccountToken: {path: token}}]}
```

## Good: refused, or nothing said

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  automountServiceAccountToken: false
  containers:
    - name: web
      image: registry.example/web:1.4.0
---
apiVersion: v1
kind: Pod
metadata:
  name: worker
spec:
  containers:
    - name: worker
      image: registry.example/worker:1.4.0
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.kubernetes.place import entries
from infracheck.rule import Target, rule
from infracheck.source.field import judge_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.container import Container
    from infracheck.kubernetes.pod import PodSpec
    from infracheck.rule import Violation
    from infracheck.source.field import Field

CREDENTIALS_FOLDER: Final = "/var/run/secrets/kubernetes.io/serviceaccount"
"""Where clients look for the token."""


@rule(
    Target.POD_SPEC,
    severity=Severity.INFO,
    category=Category.SECURITY,
    priority=Priority.P3,
    aliases=("CKV_K8S_38", "AVD-KSV-0036", "KSV-0036", "polaris:automountServiceAccountToken"),
    tags=("checklist:rbac",),
    remedy="Remove the line, or waive the finding with what the pod needs the API for.",
    default=False,
)
def service_account_token_requested(pod: PodSpec) -> Iterator[Violation]:
    """Yield the line by which a pod asks for the token, or each mount in the token's place."""
    written = pod.field["automountServiceAccountToken"]
    if written.boolean(default=False):
        yield pod.violation(written, f"{pod.address} asks for a token of the Kubernetes API")
    elif not written.exists:
        yield from judge_each(pod.containers, _mounts)


def _mounts(container: Container) -> Iterator[Violation]:
    def judge(mount: Field) -> Iterator[Violation]:
        path = mount["mountPath"]
        if (path.text("") or "").rstrip("/") == CREDENTIALS_FOLDER:
            shown = f"container {container.shown_name} of {container.address}"
            yield container.violation(
                path, f"{shown} mounts a volume where the token of the Kubernetes API is looked for"
            )

    yield from judge_each(entries(container.field["volumeMounts"]), judge)
