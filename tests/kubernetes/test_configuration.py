from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from infracheck.kubernetes.configuration import Configuration
from infracheck.source.field import NotJudged

if TYPE_CHECKING:
    from collections.abc import Callable

    from infracheck.kubernetes.objects import Objects


def test_secrets_are_decoded(build: Callable[[str], Objects]) -> None:
    secret, config, unknown = build(
        """
        {apiVersion: v1, kind: Secret, metadata: {name: a},
          data: {a: aGVsbG8=, b: /w==, c: aGk=}, stringData: {c: plain}}
        ---
        {apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {a: aGVsbG8=}, immutable: true}
        ---
        {apiVersion: v1, kind: Secret, metadata: {name: b}, data: "${DATA}", stringData: {x: y}}
        """
    ).views(Configuration)
    assert [secret.decoded(key) for key in "abcd"] == ["hello", None, "plain", None]
    assert config.decoded("a") == "aGVsbG8="
    assert config.is_immutable
    assert list(secret.entries) == ["a", "b", "c"]
    assert unknown.has_key("x")
    with pytest.raises(NotJudged):
        unknown.has_key("z")
