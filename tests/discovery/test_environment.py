from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from infracheck.config.settings import Settings
from infracheck.discovery.environment import Environments, profile_of
from infracheck.findings.severity import Profile


@pytest.mark.parametrize(
    ("path", "environment"),
    [
        ("overlays/production", "production"),
        ("overlays/prod-eu", "prod-eu"),
        ("overlays/with-istio", ""),
        ("overlays/base", ""),
        ("environments/eu-west", "eu-west"),
        ("apps/web/overlays/staging/patches", "staging"),
        ("environments/dev/vpc", "dev"),
        ("production", "production"),
        ("live/prod/us-east-1/qa/services", "qa"),
        ("base", ""),
        ("dev-tools", ""),
        ("overlays", ""),
        (".", ""),
    ],
)
def test_folders_tell_the_environment(path: str, environment: str) -> None:
    assert Environments(Settings()).of_path(PurePosixPath(path)) == environment


def test_one_usual_overlay_makes_environments_of_those_beside_it() -> None:
    folders = [PurePosixPath("overlays/dev"), PurePosixPath("overlays/emea"), PurePosixPath("app/overlays/istio")]
    environments = Environments(Settings(), folders)
    assert [environments.of_path(folder) for folder in folders] == ["dev", "emea", ""]


@pytest.mark.parametrize(
    ("name", "profile"),
    [
        ("dev", Profile.DEVELOPMENT),
        ("test", Profile.DEVELOPMENT),
        ("stage", Profile.SANDBOX),
        ("uat", Profile.SANDBOX),
        ("Prod", Profile.PRODUCTION),
        ("prod-eu", Profile.PRODUCTION),
        ("dev-live", Profile.PRODUCTION),
        ("eu-west", None),
    ],
)
def test_names_tell_the_profile(name: str, profile: Profile | None) -> None:
    assert profile_of(name) is profile


def test_configured_patterns_win_over_names() -> None:
    settings = Settings.model_validate(
        {"environments": {"live": {"paths": ["clusters/dev-*"], "profile": "production"}}}
    )
    environments = Environments(settings)
    assert environments.of_path(PurePosixPath("clusters/dev-1/dev")) == "live"
    assert environments.profile("live") == (Profile.PRODUCTION, False)


def test_a_configured_name_claims_folders_of_that_name() -> None:
    environments = Environments(Settings.model_validate({"environments": {"blue": {}}}))
    assert environments.of_path(PurePosixPath("infra/blue")) == "blue"
    assert environments.of_path(PurePosixPath("infra/green")) == ""


def test_two_spellings_become_one() -> None:
    assert Environments(Settings()).unified(["prod", "production", "dev", "x"]) == {
        "prod": "production",
        "production": "production",
        "dev": "dev",
        "x": "x",
    }
    configured = Environments(Settings.model_validate({"environments": {"prod": {}}}))
    assert configured.unified(["production"]) == {"production": "prod"}
