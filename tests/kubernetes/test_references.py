from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from infracheck.source.field import NotJudged

if TYPE_CHECKING:
    from collections.abc import Callable

    from infracheck.kubernetes.objects import Objects

POD = """
apiVersion: v1
kind: Pod
metadata: {name: app, namespace: core}
spec:
  serviceAccountName: app
  priorityClassName: high
  imagePullSecrets: [{name: pull}]
  initContainers: [{name: i, envFrom: [{secretRef: {name: from, optional: true}}]}]
  containers:
    - name: a
      env:
        - {name: A, valueFrom: {secretKeyRef: {name: db, key: password}}}
        - {name: B, valueFrom: {configMapKeyRef: {name: settings, key: b, optional: true}}}
  volumes:
    - {name: v, secret: {secretName: files}}
    - {name: c, configMap: {name: files}}
    - {name: p, projected: {sources: [{secret: {name: part}}, {configMap: {name: part}}]}}
    - {name: d, persistentVolumeClaim: {claimName: data}}
---
"""


def test_pods_name_their_configuration(build: Callable[[str], Objects]) -> None:
    found = {(one.kind, one.name, one.how, one.is_optional) for one in build(POD).references}
    assert found == {
        ("Secret", "from", "envFrom", True),
        ("Secret", "db", "env", False),
        ("ConfigMap", "settings", "env", True),
        ("Secret", "files", "volume", False),
        ("ConfigMap", "files", "volume", False),
        ("Secret", "part", "volume", False),
        ("ConfigMap", "part", "volume", False),
        ("PersistentVolumeClaim", "data", "volume", False),
        ("Secret", "pull", "imagePullSecrets", False),
        ("ServiceAccount", "app", "pod", False),
        ("PriorityClass", "high", "pod", False),
    }
    keyed = next(one for one in build(POD).references if one.name == "db")
    assert keyed.key is not None
    assert keyed.key.text() == "password"
    assert (keyed.namespace, keyed.by.name) == ("core", "app")
    assert next(one for one in build(POD).references if one.kind == "PriorityClass").namespace == ""


MAKERS = {
    "Secret": "{apiVersion: v1, kind: Secret, metadata: {name: db, namespace: core}}",
    "ExternalSecret": """{apiVersion: external-secrets.io/v1, kind: ExternalSecret,
      metadata: {name: db, namespace: core}}""",
    "its target": """{apiVersion: external-secrets.io/v1beta1, kind: ExternalSecret,
      metadata: {name: x, namespace: core}, spec: {target: {name: db, creationPolicy: Orphan}}}""",
    "SealedSecret": "{apiVersion: bitnami.com/v1alpha1, kind: SealedSecret, metadata: {name: db, namespace: core}}",
    "Certificate": """{apiVersion: cert-manager.io/v1, kind: Certificate, metadata: {name: x, namespace: core},
      spec: {secretName: db}}""",
    "SecretProviderClass": """{apiVersion: secrets-store.csi.x-k8s.io/v1, kind: SecretProviderClass,
      metadata: {name: x, namespace: core}, spec: {secretObjects: [{secretName: db}]}}""",
    "annotated Ingress": """{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: x, namespace: core,
      annotations: {cert-manager.io/cluster-issuer: y}}, spec: {tls: [{secretName: db}]}}""",
}
OTHERS = {
    "another namespace": "{apiVersion: v1, kind: Secret, metadata: {name: db}}",
    "another kind": "{apiVersion: v1, kind: ConfigMap, metadata: {name: db, namespace: core}}",
    "merged into": """{apiVersion: external-secrets.io/v1, kind: ExternalSecret, metadata: {name: db, namespace: core},
      spec: {target: {creationPolicy: Merge}}}""",
    "plain Ingress": """{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: x, namespace: core},
      spec: {tls: [{secretName: db}]}}""",
}
UNSURE = {
    "name": "{apiVersion: v1, kind: Secret, metadata: {name: '${X}', namespace: core}}",
    "policy": """{apiVersion: external-secrets.io/v1, kind: ExternalSecret, metadata: {name: db, namespace: core},
      spec: {target: {creationPolicy: "${X}"}}}""",
    "namespaces": """{apiVersion: external-secrets.io/v1, kind: ClusterExternalSecret, metadata: {name: db},
      spec: {externalSecretName: db}}""",
}


def _provided(objects: Objects) -> bool:
    reference = next(one for one in objects.references if one.name == "db")
    return bool(objects.providers_of(reference))


@pytest.mark.parametrize("kind", MAKERS)
def test_secrets_are_made_in_many_ways(build: Callable[[str], Objects], kind: str) -> None:
    assert _provided(build(POD + MAKERS[kind]))


@pytest.mark.parametrize("kind", OTHERS)
def test_what_does_not_make_the_secret(build: Callable[[str], Objects], kind: str) -> None:
    assert not _provided(build(POD + OTHERS[kind]))


@pytest.mark.parametrize("kind", UNSURE)
def test_what_might_make_the_secret_is_not_judged(build: Callable[[str], Objects], kind: str) -> None:
    with pytest.raises(NotJudged):
        _provided(build(POD + UNSURE[kind]))


def test_users_of_an_object(build: Callable[[str], Objects]) -> None:
    objects = build(POD + "{apiVersion: v1, kind: ConfigMap, metadata: {name: settings, namespace: core}}")
    config = objects.of_kind("ConfigMap")[0]
    assert [one.how for one in objects.users_of(config)] == ["env"]
    unused = build(POD + "{apiVersion: v1, kind: ConfigMap, metadata: {name: unused, namespace: core}}")
    assert not unused.users_of(unused.of_kind("ConfigMap")[0])
    hidden = build(POD.replace("name: settings", "name: '${X}'") + "{apiVersion: v1, kind: ConfigMap, metadata: "
                   "{name: settings, namespace: core}}")  # fmt: skip
    with pytest.raises(NotJudged):
        bool(hidden.users_of(hidden.of_kind("ConfigMap")[0]))


def test_bindings_stores_and_built_in_objects(build: Callable[[str], Objects]) -> None:
    objects = build(
        """
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: {name: b, namespace: core}
        roleRef: {kind: ClusterRole, name: view}
        subjects: [{kind: ServiceAccount, name: app, namespace: other}, {kind: User, name: u}]
        ---
        apiVersion: external-secrets.io/v1
        kind: ExternalSecret
        metadata: {name: e, namespace: core}
        spec: {secretStoreRef: {kind: ClusterSecretStore, name: aws}}
        """
    )
    found = [(one.kind, one.name, one.namespace, one.how, one.is_builtin) for one in objects.references]
    assert found == [
        ("ClusterRole", "view", "", "role", True),
        ("ServiceAccount", "app", "other", "subject", False),
        ("ClusterSecretStore", "aws", "", "store", False),
    ]
