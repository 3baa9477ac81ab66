"""Credential stands in clear text in a container's environment or a ConfigMap.

Whoever can read the repository, the object in the cluster or the pod's environment has the credential: developers,
every backup, every fork, and every tool that lists deployments. It stays in git's history after it is removed, so it
has to be changed as well.

The rule looks at literal values of `env`, at the values of ConfigMaps, and at the lines of settings files in them. It
goes by the name, by the form of known tokens, and by passwords in URLs.

## Fix

Keep the value in AWS Parameter Store or Secrets Manager, let the External Secrets Operator make a Secret of it, and
refer to that by `secretKeyRef` or `secretRef`. Change the credential that was in git.

## References

- [Good practices for Kubernetes Secrets](https://kubernetes.io/docs/concepts/security/secrets-good-practices/)
- CIS Kubernetes Benchmark v1.9.0, 5.4.1 and 5.4.2: secrets as files, external secret storage

## Bad: a literal

```yaml app.yaml
apiVersion: v1
kind: Pod
metadata:
  name: app
spec:
  containers:
    - name: web
      image: registry.example/web:1.4.0
      env:
        - name: DB_PASSWORD
          value: correct-horse-battery # finding
        - name: DATABASE_URL
          value: postgres://app:correct-horse@db:5432/app # finding
        - name: DB_CONNECTION_STRING
          value: Server=db;Database=app;Password=correct-horse # finding
```

## Bad: a literal of a generated ConfigMap

```yaml overlays/dev/kustomization.yaml
resources:
  - app.yaml
configMapGenerator:
  - name: settings
    literals:
      - LOG_LEVEL=debug
      - SMTP_PASSWORD=correct-horse-battery # finding
```

```yaml overlays/dev/app.yaml
apiVersion: v1
kind: Pod
metadata:
  name: app
spec:
  containers:
    - name: web
      image: registry.example/web:1.4.0
      envFrom:
        - configMapRef:
            name: settings
```

## Bad: a line of a file

```yaml config.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
data:
  one-line: REDIS_PASSWORD=abcd1234 # finding
  application.properties: |
    spring.datasource.username=app
    spring.datasource.password=correct-horse # finding
  config.json: |
    {
      "user": "app",
      "apiKey": "6f1d0c7be2a94e55" # finding
    }
```

## Bad: a private key

```yaml config.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: deploy-key
data:
  id_ed25519: | # finding
    -----BEGIN OPENSSH PRIVATE KEY-----
    bm90IGEga2V5LCBvbmx5IGFuIGV4YW1wbGUgb2YgaG93IG9uZSBsb29rcyBpbiBh
    IENvbmZpZ01hcA==
    -----END OPENSSH PRIVATE KEY-----
```

## Bad: a line of a generator's file

```yaml overlays/production/kustomization.yaml
configMapGenerator:
  - name: settings
    files:
      - application.properties
```

```properties overlays/production/application.properties
logging.level=debug
mail.password=correct-horse # finding
```

## Bad: a part of a URL that is put together

```yaml overlays/production/kustomization.yaml
resources:
  - app.yaml
configMapGenerator:
  - name: parameters
    literals:
      - DB_USER=app
      - DB_PASS=correct-horse # finding
vars:
  - name: DB_USER
    objref: {apiVersion: v1, kind: ConfigMap, name: parameters}
    fieldref: {fieldpath: data.DB_USER}
  - name: DB_PASS
    objref: {apiVersion: v1, kind: ConfigMap, name: parameters}
    fieldref: {fieldpath: data.DB_PASS}
```

```yaml overlays/production/app.yaml
apiVersion: v1
kind: Pod
metadata:
  name: app
spec:
  containers:
    - name: web
      image: registry.example/web:1.4.0
      env:
        - name: DATABASE_URL
          value: postgres://$(DB_USER):$(DB_PASS)@db:5432/app
```

## Good: files that hold settings, names and placeholders

```yaml config.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
data:
  s3_credentials_secret: aws-secret
  env: REDIS_PASSWORD=${REDIS_PASSWORD}
  empty: REDIS_PASSWORD=
  start.sh: |
    PASSWORD=$(cat /run/secrets/password)
    token=`fetch`
    password: "{{ .Values.password }}"
  config.yaml: |
    # password: an example
    secret: database
    token: session
    passwordSecret: database
    secretKey: db-password
    password:
      valueFrom: database
  key.pem: |
    -----BEGIN PRIVATE KEY-----
    paste-your-key-here
    -----END PRIVATE KEY-----
  ca.pem: |
    -----BEGIN CERTIFICATE-----
    bm90IGEgY2VydGlmaWNhdGUsIG9ubHkgYW4gZXhhbXBsZSBvZiBob3cgb25lIGxv
    -----END CERTIFICATE-----
```

## Good: from a Secret, and names that lead to one

```yaml app.yaml
apiVersion: v1
kind: Pod
metadata:
  name: app
spec:
  containers:
    - name: web
      image: registry.example/web:1.4.0
      env:
        - name: DB_PASSWORD
          valueFrom:
            secretKeyRef:
              name: database
              key: password
        - name: DB_PASSWORD_FILE
          value: /run/secrets/database
        - name: SECRET_NAME
          value: database
        - name: TOKEN_TTL
          value: 15m
        - name: API_KEY
          value: your-api-key-here
        - name: TOKEN
          value: vault:secret/data/web#token
        - name: CONNECTION_STRING
          value: Server=db;Database=app;Integrated Security=true
        - name: MONGO_CONNECTION_STRING
          value: mongodb://mongo:27017/app
```
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.rule import Target, rule
from infracheck.rules.kubernetes._credentials import at_source, credential_lines, is_credential
from infracheck.source.field import judge_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.container import EnvVar
    from infracheck.kubernetes.manifest import Manifest
    from infracheck.kubernetes.objects import Objects
    from infracheck.kubernetes.workload import Workload
    from infracheck.rule import Violation
    from infracheck.source.field import Field

PRIVATE_KEY = re.compile(r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----\s+[A-Za-z0-9+/=]{40}")
"""The head of a key that is not encrypted and its first line, which is longer than any words put in its place."""


@rule(
    Target.OBJECTS,
    severity=Severity.HIGH,
    category=Category.SECURITY,
    priority=Priority.P1,
    aliases=(
        "AVD-KSV-0109",
        "KSV-0109",
        "kube-linter:env-var-secret",
        "polaris:sensitiveContainerEnvVar",
        "polaris:sensitiveConfigmapContent",
    ),
    tags=("checklist:secrets",),
    remedy="Keep it in the secret store, refer to the Secret made from it, and change the credential.",
)
def plaintext_secret_in_env(objects: Objects) -> Iterator[Violation]:
    """Yield each literal credential of an environment variable or of a ConfigMap."""
    yield from judge_each(objects.workloads, _judge_workload)
    yield from judge_each(objects.of_kind("ConfigMap"), _judge_config_map)


def _judge_workload(workload: Workload) -> Iterator[Violation]:
    def judge(variable: EnvVar) -> Iterator[Violation]:
        text = variable.value.text("") or ""
        if is_credential(variable.name, text):
            message = f"`{variable.name}` of {workload.address} holds a credential in clear text"
            yield workload.violation(at_source(variable.value, text), message, secret=True)

    for container in workload.containers:
        yield from judge_each(container.env, judge)


def _judge_config_map(manifest: Manifest) -> Iterator[Violation]:
    def judge(entry: tuple[str, Field]) -> Iterator[Violation]:
        name, field = entry
        text = field.text("") or ""
        if "\n" not in text and is_credential(name, text):
            message = f"`{name}` of {manifest.address} holds a credential in clear text"
            yield manifest.violation(at_source(field, text), message, secret=True)
            return
        if PRIVATE_KEY.search(text):
            message = f"`{name}` of {manifest.address} is a private key in clear text"
            yield manifest.violation(field, message, secret=True)
            return
        for line, place in credential_lines(field, text):
            message = f"`{line}` in `{name}` of {manifest.address} holds a credential in clear text"
            yield manifest.violation(place, message, secret=True)

    yield from judge_each(manifest.at("data").items(), judge)
