from __future__ import annotations

import pytest

from infracheck.kubernetes.duration import parse_duration
from infracheck.kubernetes.facts.api_versions import API_VERSIONS, is_removed

DURATIONS = {"720h": 2592000, "1h30m": 5400, "1.5s": 1.5, "0": 0, "-1m": -60, "100ms": 0.1, "1h1h": 7200, ".5s": 0.5}


@pytest.mark.parametrize("text", DURATIONS)
def test_durations(text: str) -> None:
    assert parse_duration(text) == DURATIONS[text]


@pytest.mark.parametrize("text", ["", "5", "1d", "Never", "1h ", "-", "h", "1.h.", "9" * 500 + "h"])
def test_what_is_no_duration(text: str) -> None:
    assert parse_duration(text) is None


def test_removed_api_versions() -> None:
    assert is_removed("extensions/v1beta1", "Ingress", (1, 22))
    assert not is_removed("extensions/v1beta1", "Ingress", (1, 21))
    assert is_removed("policy/v1beta1", "PodDisruptionBudget", (1, 32))
    assert not is_removed("policy/v1", "PodDisruptionBudget", (1, 32))
    assert not is_removed("v1", "Endpoints", (1, 33))
    assert not is_removed("karpenter.sh/v1beta1", "NodePool", (1, 32))
    assert API_VERSIONS["batch/v1beta1", "CronJob"].instead == "batch/v1"
    for replacement in API_VERSIONS.values():
        assert replacement.removed or replacement.project == "Kubernetes"
