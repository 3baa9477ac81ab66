"""What may come to be at run time is neither reported nor passed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.rules.judged import judged

if TYPE_CHECKING:
    from pathlib import Path

POD = """\
apiVersion: v1
kind: Secret
metadata: {name: other, namespace: shop}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  initContainers: [{name: make-password, image: "tools:1.0"}]
  containers:
    - name: app
      image: web:1.0
      envFrom: [{secretRef: {name: db-app}}]
---
"""
SECRETS_ROLE = """\
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: db, namespace: NAMESPACE}
rules: [{apiGroups: [""], resources: [secrets], verbs: [create]}]
"""
STATIC_SECRET = """\
apiVersion: secrets.hashicorp.com/v1beta1
kind: VaultStaticSecret
metadata: {name: db, namespace: shop}
spec: {destination: {create: true, name: db-app}}
"""
EXTERNAL_SECRET = """\
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: {name: db-app, namespace: shop}
spec: {target: {name: db-application}}
"""
MAKERS = [
    "apiVersion: postgresql.cnpg.io/v1\nkind: Cluster\nmetadata: {name: db, namespace: shop}\n",
    "apiVersion: onepassword.com/v1\nkind: OnePasswordItem\nmetadata: {name: db-app, namespace: shop}\n",
    STATIC_SECRET,
    SECRETS_ROLE.replace("NAMESPACE", "shop"),
]
OTHERS = [
    "apiVersion: postgresql.cnpg.io/v1\nkind: Cluster\nmetadata: {name: cache, namespace: shop}\n",
    EXTERNAL_SECRET,
    SECRETS_ROLE.replace("NAMESPACE", "other"),
]


@pytest.mark.parametrize("manifest", MAKERS)
def test_what_something_may_make_is_not_judged(tmp_path: Path, manifest: str) -> None:
    assert judged(tmp_path, "missing-config-reference", POD + manifest) == (0, 1)


@pytest.mark.parametrize("manifest", OTHERS)
def test_what_makes_something_else_is_no_excuse(tmp_path: Path, manifest: str) -> None:
    assert judged(tmp_path, "missing-config-reference", POD + manifest) == (1, 0)
