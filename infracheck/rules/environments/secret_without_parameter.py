"""External secret reads a parameter that nothing creates.

The External Secrets Operator keeps a Secret in step with a parameter of the AWS Parameter Store. If no such parameter
exists the Secret is never made, and the pods that mount it wait forever in `ContainerCreating`: a rollout that hangs
because of one misspelt word, seen only after it was applied.

The rule looks only where the environment's own Terraform makes parameters under the same prefix; elsewhere it can't
know who does.

## Fix

Correct the path in the ExternalSecret, or add the parameter to Terraform.

## References

- [AWS Parameter Store provider, External Secrets Operator](https://external-secrets.io/latest/provider/aws-parameter-store/)
- [aws_ssm_parameter, Terraform AWS provider](https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/ssm_parameter)

## Bad: one word is different

```yaml kubernetes/overlays/production/kustomization.yaml
resources:
  - search.yaml
```

```yaml kubernetes/overlays/production/search.yaml
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata:
  name: search
  namespace: core-api
spec:
  secretStoreRef:
    kind: ClusterSecretStore
    name: parameter-store
  data:
    - secretKey: key
      remoteRef:
        key: /shop/production/search-key # finding
    - secretKey: password
      remoteRef:
        key: /shop/production/search-password
  dataFrom:
    - extract:
        key: /shop/production/search-settings # finding
```

```hcl terraform/production/main.tf
resource "aws_ssm_parameter" "secret" {
  for_each = toset(["search-index-key", "search-password"])
  name     = "/shop/production/${each.value}"
  type     = "SecureString"
  value    = "to-be-set"
}
```

## Good: both know the same path, and another store is somebody else's

```yaml kubernetes/overlays/production/kustomization.yaml
resources:
  - search.yaml
```

```yaml kubernetes/overlays/production/search.yaml
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata:
  name: search
  namespace: core-api
spec:
  secretStoreRef:
    kind: ClusterSecretStore
    name: parameter-store
  data:
    - secretKey: key
      remoteRef:
        key: /shop/production/search-key
    - secretKey: licence
      remoteRef:
        key: /vendor/licence
  dataFrom:
    - find:
        path: /shop/production/search
---
apiVersion: external-secrets.io/v1
kind: SecretStore
metadata:
  name: vault
  namespace: core-api
spec:
  provider: {vault: {server: "https://vault.example"}}
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata:
  name: vaulted
  namespace: core-api
spec:
  secretStoreRef: {name: vault}
  data:
    - secretKey: key
      remoteRef: {key: /shop/production/vaulted}
```

```hcl terraform/production/main.tf
resource "aws_ssm_parameter" "secret" {
  name  = "/shop/production/search-key"
  type  = "SecureString"
  value = "to-be-set"
}
```
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Confidence, Priority, Severity
from infracheck.kubernetes.external_secrets import ExternalSecret
from infracheck.rule import Target, rule
from infracheck.rules.kubernetes._secret_paths import keys_in_aws
from infracheck.source.field import NotJudged, judge_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.external_secrets import RemoteKey
    from infracheck.repository import Environment
    from infracheck.rule import Violation
    from infracheck.source.field import Field


@rule(
    Target.ENVIRONMENT,
    severity=Severity.HIGH,
    category=Category.AVAILABILITY,
    confidence=Confidence.MEDIUM,
    priority=Priority.P1,
    tags=("checklist:secrets",),
    remedy="Correct the path, or add the parameter to Terraform.",
)
def secret_without_parameter(environment: Environment) -> Iterator[Violation]:
    """Yield each path of an external secret that no `aws_ssm_parameter` of the environment has."""
    names = [one.get("name") for one in environment.resources if one.kinds == ("aws_ssm_parameter",)]
    if not names:
        return

    def judge(secret: ExternalSecret) -> Iterator[Violation]:
        yield from judge_each((one for one in keys_in_aws(secret) if not one.is_pattern), partial(judge_key, secret))

    def judge_key(secret: ExternalSecret, remote: RemoteKey) -> Iterator[Violation]:
        path = remote.key.text() or ""
        if path and _is_missing(path, names):
            yield secret.violation(remote.key, f"no Terraform of {environment.address} makes the parameter `{path}`")

    yield from judge_each(environment.objects.views(ExternalSecret), judge)


def _is_missing(path: str, names: list[Field]) -> bool:
    """Whether no parameter has the path, although parameters beside it are made here."""
    folder = path.rpartition("/")[0]
    known: list[str] = []
    unknown: NotJudged | None = None
    for name in names:
        try:
            known.append(name.text() or "")
        except NotJudged as cause:
            unknown = unknown or cause
    if path in known or not folder or not any(name.startswith(f"{folder}/") for name in known):
        return False
    if unknown is not None:
        raise unknown
    return True
