"""Secret is kept in git with its value.

Base64 is no encryption. Whoever reads the repository, a fork, a CI log or a backup has the value, and it stays in git's
history after the file is deleted.

## Fix

Keep the value in AWS Parameter Store or Secrets Manager and commit an ExternalSecret that names its path, or encrypt it
(SealedSecret, SOPS). Change the credential: it has been seen.

The finding is at the value whose key names a credential, a password before the name that goes with it; else at the
first that is neither a placeholder nor a place (a path, an address) nor a file of settings. In a file it is at the line
that holds the credential, where one can be told by its name. A Secret that holds nothing else is left alone, and so are
public certificates.

## References

- [Good practices for Kubernetes Secrets](https://kubernetes.io/docs/concepts/security/secrets-good-practices/)
- [External Secrets Operator](https://external-secrets.io/latest/introduction/overview/)

## Bad: a value in clear text, and one in base64

```yaml licence.yaml
apiVersion: v1
kind: Secret
metadata:
  name: licence
stringData:
  key: 5b1f-99aa-licence # finding
---
apiVersion: v1
kind: Secret
metadata:
  name: database
data:
  password: Y29ycmVjdC1ob3JzZQ== # finding
```

## Bad: a generator's literal

```yaml overlays/production/kustomization.yaml
secretGenerator:
  - name: database
    literals:
      - password=correct-horse # finding
```

## Bad: the password among other settings, and a generator's file

```yaml keystore.yaml
apiVersion: v1
kind: Secret
metadata:
  name: keystore
stringData:
  path: /var/run/keystore.jks
  user: app
  keystore-password: correct-horse # finding
```

```yaml overlays/production/kustomization.yaml
secretGenerator:
  - name: database
    envs:
      - database.env
```

```properties overlays/production/database.env
DB_HOST=db.shop.internal
DB_PASSWORD=correct-horse # finding
```

## Bad: a file with one password, and the pair of an access key

```yaml broker.yaml
apiVersion: v1
kind: Secret
metadata:
  name: broker
stringData:
  log.properties: |
    level=info
  broker.properties: |
    listener.port=9092
    ssl.keystore.password=correct-horse # finding
---
apiVersion: v1
kind: Secret
metadata:
  name: storage
stringData:
  accesskey: storage-user
  secretkey: correct-horse # finding
---
apiVersion: v1
kind: Secret
metadata:
  name: alerts
stringData:
  alerts.yaml: | # finding
    receivers:
      - name: pager
        service_id: 7b1f99aa04e2c8d1
```

## Bad: a file put together from several sources

```yaml overlays/production/kustomization.yaml
resources:
  - web.yaml
configMapGenerator:
  - name: parameters
    literals:
      - DB_USER=app
      - DB_PASSWORD=app # finding
configurations:
  - variables.yaml
vars:
  - name: USER
    objref: {apiVersion: v1, kind: ConfigMap, name: parameters}
    fieldref: {fieldpath: data.DB_USER}
  - name: PASSWORD
    objref: {apiVersion: v1, kind: ConfigMap, name: parameters}
    fieldref: {fieldpath: data.DB_PASSWORD}
```

```yaml overlays/production/variables.yaml
varReference:
  - path: stringData
    kind: Secret
```

```yaml overlays/production/web.yaml
apiVersion: v1
kind: Secret
metadata:
  name: web
stringData:
  web.conf: |
    mode=fast
    database=postgres://$(USER):$(PASSWORD)@db:5432/app
```

## Good: files of settings

```yaml trino.yaml
apiVersion: v1
kind: Secret
metadata:
  name: trino
stringData:
  hive.properties: |
    # where the tables are
    connector.name=hive-hadoop2
    hive.metastore.uri=thrift://metastore:9083
    hive.s3.signer-type=S3SignerType
    hive.s3.staging-directory=/tmp
    hive.s3.ssl.enabled=false
    hive.s3.secret-key=${S3_SECRET_KEY}
  jvm.config: |-
    -server
    -Xmx16G
    -XX:+UseG1GC
    -XX:ReservedCodeCacheSize=512M
  alertmanager.yaml: |
    global:
      resolve_timeout: 5m
    inhibit_rules:
      - equal:
          - namespace
        target_match_re:
          severity: warning|info
    receivers:
      - name: Default
```

## Good: a cluster and a repository as Argo CD has them, and who logs in

```yaml argocd.yaml
apiVersion: v1
kind: Secret
metadata:
  name: here
  labels: {argocd.argoproj.io/secret-type: cluster}
stringData:
  name: in-cluster
  server: https://kubernetes.default.svc
  config: '{"tlsClientConfig": {"insecure": false}, "namespaces": ["shop"]}'
---
apiVersion: v1
kind: Secret
metadata:
  name: shop
  labels: {argocd.argoproj.io/secret-type: repository}
stringData:
  type: git
  url: git@git.example.com:shop/manifests.git
---
apiVersion: v1
kind: Secret
metadata:
  name: login
stringData:
  client-id: 0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0
  username: App_User7
  alerts: team+alerts@shop.example
  queue: amqp://mq.shop.svc:5672/shop
  database: postgres://app:${PASSWORD}@db.shop.svc:5432/shop
  password: vault:secret/data/shop#password
```

## Bad: a login in JSON, and an address that is one

```yaml argocd.yaml
apiVersion: v1
kind: Secret
metadata:
  name: there
stringData:
  server: https://cluster.example
  config: '{"bearerToken": "correct-horse"}' # finding
---
apiVersion: v1
kind: Secret
metadata:
  name: channel
stringData:
  address: https://hooks.slack.com/services/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 # finding
---
apiVersion: v1
kind: Secret
metadata:
  name: queue
stringData:
  queue: amqp://app:correct-horse@mq.shop.svc:5672/shop # finding
```

## Good: places, placeholders and certificates

```yaml keystore.yaml
apiVersion: v1
kind: Secret
metadata:
  name: keystore
stringData:
  path: /var/run/keystore.jks
  password: ${KEYSTORE_PASSWORD}
  api-key: your-api-key-here
  secret-access-key: SecretAccessKey
  ca.crt: |
    -----BEGIN CERTIFICATE-----
    MIIB
    -----END CERTIFICATE-----
data:
  token-path: L3Zhci9ydW4vc2VjcmV0cy90b2tlbg==
  encrypted: RU5DW0FFUzI1Nl9HQ00sZGF0YTp4XQ==
```

## Good: public keys, and settings of many kinds

```yaml git.yaml
apiVersion: v1
kind: Secret
metadata:
  name: git
stringData:
  identity.pub: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExampleExampleExampleExampleExampleExample flux
  known_hosts: |
    # from the vendor
    git.example.com ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExampleExampleExampleExampleExampleExample
---
apiVersion: v1
kind: Secret
metadata:
  name: settings
stringData:
  mode: FAST
  since: "2024-01-01"
  range: 10.0.0.0/8
  features: search,cart
  schedule: "0 4 * * *"
  locale: en_US.UTF-8
  debug: "False"
```

## Good: filled elsewhere

```yaml token.yaml
apiVersion: v1
kind: Secret
metadata:
  name: robot-token
  annotations:
    kubernetes.io/service-account.name: robot
type: kubernetes.io/service-account-token
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata:
  name: database
spec:
  secretStoreRef:
    kind: ClusterSecretStore
    name: parameter-store
  dataFrom:
    - extract:
        key: /shop/production/database
```
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.rule import Target, rule
from infracheck.rules.kubernetes._credentials import (
    CERTAIN,
    IN_URL,
    ISSUED,
    NAMED,
    at_source,
    credential_lines,
    is_credential,
    is_stand_in,
)
from infracheck.rules.kubernetes._settings_files import holds_settings_alone

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.configuration import Configuration
    from infracheck.rule import Violation
    from infracheck.source.field import Field

PLACEHOLDER = re.compile(
    r"^(?:\$\{.*\}|<.*>|ref\+.*|\{\{.*\}\})$|ENC\[|^-----BEGIN (?:CERTIFICATE|PUBLIC KEY|PGP PUBLIC KEY BLOCK)-----"
    r"|^\s*$",
    re.DOTALL,
)
"""Values that are filled in or decrypted later (envsubst, SOPS, vals, templates), and what everybody may see."""
PUBLIC_KEY = re.compile(r"[ \t]*(?:#.*|(?:\S+ )?(?:ssh|ecdsa|sk)-[\w@.-]+ AAAA.*)?")
"""A public key of SSH, after the host's name in a file of known hosts; or a comment, or nothing."""
PLACE = re.compile(r"^/[\w./-]*$|^(?:https?|file)://[^@\s]*$|^(?:true|false|\d{1,5})$")
SETTING = re.compile(
    r"changeme|(?:https?|s3|file)://|[a-z]+(?:-[a-z]+)*|\d+(?:\.\d+)?[A-Za-z]{0,3}|[\w-]+(?:[./][\w-]+)+(?::[\w.-]+)?"
    r"|[A-Z]{1,30}(?:[-_][A-Z]{1,30})*|(?i:true|false)|\d{4}-\d\d-\d\d|[\da-f.:]+/\d{1,3}|[a-z]+(?:,\s?[a-z]+)+"
    r"|[\d*/,-]+(?: [\d*/,-]+){4}|[a-z]{2}_[A-Z]{2}(?:\.[\w-]+)?"
    r"|[\w.+-]+@[\w-]+(?:\.[\w-]+)+(?::[\w./-]+)?|[a-z][a-z0-9+.-]*://(?:\w+@)?[\w.-]+(?::\d+)?(?:/[\w./-]*)?"
)
"""Values that lead to something or switch something: a word, an amount, a date, a schedule, an image, an address."""
IDENTITY = re.compile(
    r"(?i)(?:^|[_.-])(?:user|user[_.-]?name|login|e?mail|(?:client|tenant|subscription|account|project|key)[_.-]?id"
    r"|host|host[_.-]?name|port|database|db|db[_.-]?name|name|region|bucket|endpoint|type|project)$"
)
"""Names under which stands who logs in, or where, and nothing that must not be known."""


@rule(
    Target.MANIFEST,
    kinds=("Secret",),
    severity=Severity.HIGH,
    category=Category.SECURITY,
    priority=Priority.P1,
    tags=("checklist:secrets",),
    remedy="Keep the value in the secret store, commit an ExternalSecret, and change the credential.",
)
def secret_in_git(secret: Configuration) -> Iterator[Violation]:
    """Yield the first value of a Secret that is written in the repository."""
    if secret.group or secret.at("sops").exists:
        return
    values = [(key, field) for name in ("stringData", "data") for key, field in secret.at(name).items()]
    written = [(key, field) for key, field in values if not field.is_unknown and _is_written(secret, key, field)]
    named = sorted((one for one in written if NAMED.search(one[0])), key=lambda one: CERTAIN.search(one[0]) is None)
    key, guilty = next(iter(named), next((one for one in written if not _is_setting(secret, one[0])), ("", None)))
    if guilty is not None:
        place = _place(guilty, secret.decoded(key) or "")
        yield secret.violation(place, f"{secret.address} holds its value in git", secret=True)


def _place(field: Field, text: str) -> Field:
    """The line of a file that holds the credential, where that can be told; else the value as a whole."""
    if "\n" not in text.strip():
        return at_source(field, text)
    return next((place for _, place in credential_lines(field, text)), field)


def _is_setting(secret: Configuration, key: str) -> bool:
    """Whether a value under a name that tells nothing is a setting, or a file of settings alone."""
    text = (secret.decoded(key) or "").strip()
    if is_credential("", text):
        return False
    if "\n" not in text and (IDENTITY.search(key) or IN_URL.search(text)):
        return True
    return SETTING.fullmatch(text) is not None or (bool(text) and holds_settings_alone(key, text))


def _is_written(secret: Configuration, key: str, field: Field) -> bool:
    """Whether the value itself stands in a file; one that is filled in on deployment does not, and a place is none."""
    text = secret.decoded(key)
    if text is None:
        # No text at all, such as a key store.
        return bool(field.text())
    if ISSUED.search(text):
        return True
    if all(PUBLIC_KEY.fullmatch(line) for line in text.splitlines()):
        return False
    return not (PLACEHOLDER.search(text) or PLACE.search(text) or is_stand_in(key, text))
