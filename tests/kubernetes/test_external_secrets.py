from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.kubernetes.external_secrets import ExternalSecret

if TYPE_CHECKING:
    from collections.abc import Callable

    from infracheck.kubernetes.objects import Objects


def test_external_secrets(build: Callable[[str], Objects]) -> None:
    objects = build(
        """
        apiVersion: external-secrets.io/v1
        kind: ExternalSecret
        metadata: {name: app}
        spec:
          secretStoreRef: {kind: ClusterSecretStore, name: aws}
          refreshInterval: 1h30m
          data: [{secretKey: A, remoteRef: {key: /violet/production/a}}]
          dataFrom: [{extract: {key: /violet/production/all}}, {find: {path: /violet/production}},
            {find: {name: {regexp: ^x}}}]
        ---
        apiVersion: external-secrets.io/v1
        kind: ClusterSecretStore
        metadata: {name: aws}
        spec: {provider: {aws: {service: ParameterStore, region: us-east-1, auth: {jwt: {}}}}}
        """
    )
    secret = objects.views(ExternalSecret)[0]
    assert (secret.secret_name, secret.creation_policy, secret.refresh_interval) == ("app", "Owner", 5400)
    assert [(one.key.text(), one.is_pattern) for one in secret.remote_keys] == [
        ("/violet/production/a", False),
        ("/violet/production/all", False),
        ("/violet/production", True),
        ("^x", True),
    ]
    store = secret.store
    assert store is not None
    assert (store.provider, store.reads_parameter_store, store.has_static_credentials) == ("aws", True, False)
