from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pydantic import BaseModel, ConfigDict, ValidationError

from infracheck.config.loading import load_settings
from infracheck.config.schema import settings_schema_text
from infracheck.config.settings import Secrets, Settings
from infracheck.findings.severity import Severity
from infracheck.source.errors import SettingsError

if TYPE_CHECKING:
    from pathlib import Path


class Ports(BaseModel):
    model_config = ConfigDict(extra="forbid")
    allowed: tuple[int, ...] = ()


def test_settings_take_plain_types_and_are_frozen() -> None:
    settings = Settings(
        select=["kubernetes/x"],  # type: ignore[arg-type]
        fail_on="high",  # type: ignore[arg-type]
        environments={"dev": {"env_file": "env"}},  # type: ignore[dict-item]
    )
    assert settings.select == ("kubernetes/x",)
    assert settings.fail_on is Severity.HIGH
    assert settings.environments["dev"].env_file == "env"
    with pytest.raises(ValidationError, match="frozen"):
        settings.strict = True


def test_a_lone_string_is_a_list_of_one() -> None:
    assert Settings(select="cost").select == ("cost",)  # type: ignore[arg-type]


def test_a_rules_own_settings_are_validated_at_their_line(tmp_path: Path) -> None:
    (tmp_path / "infracheck.toml").write_text('[rules."a/b"]\nseverity = "low"\nallowd = [80]\n')
    settings = load_settings([tmp_path])
    with pytest.raises(SettingsError) as caught:
        settings.rule_settings("a/b", Ports)
    assert str(caught.value) == 'infracheck.toml:3:1: unknown key "allowd"; did you mean "allowed"?'
    assert settings.rule_settings("a/other", Ports) == Ports()
    given = Settings(rules={"a/b": {"allowed": [80]}})  # type: ignore[dict-item]
    assert given.rule_settings("a/b", Ports).allowed == (80,)


def test_errors_are_placed_where_the_setting_stands(tmp_path: Path) -> None:
    (tmp_path / "infracheck.toml").write_text("ignore = [\n  'a',\n  'b',\n]\n")
    assert str(load_settings([tmp_path]).error(("ignore", 1), "no rule is called b")) == (
        "infracheck.toml:3:3: no rule is called b"
    )
    assert str(Settings().error(("ignore", 1), "no")) == "ignore.1: no"


@pytest.mark.parametrize(
    ("template", "path", "environment"),
    [
        ("/{product}/{env}/{name}", "/violet/dev/db/password", "dev"),
        ("/{product}/{env}/{name}", "/violet/dev", None),
        ("/{product}/{env}/{name}", "/other/dev/x", None),
        ("{env}.{name}", "prod.token", "prod"),
        ("{env}/{env}-{name}", "prod/prod-x", "prod"),
        ("{env}/{env}-{name}", "prod/dev-x", None),
        ("/static/{name}", "/static/x", None),
    ],
)
def test_the_secret_convention_reads_back_what_it_writes(template: str, path: str, environment: str | None) -> None:
    assert Secrets(path=template).environment_of(path, product="violet") == environment


def test_the_secret_convention_fills_placeholders_once() -> None:
    assert Secrets().path_for(product="{env}", environment="dev", name="{product}") == "/{env}/dev/{product}"


def test_the_published_schema_is_current(repository: Path) -> None:
    published = repository / "docs" / "schema" / "infracheck.schema.json"
    assert published.read_text(encoding="utf-8") == settings_schema_text(), (
        "run: python -m infracheck.config.schema > docs/schema/infracheck.schema.json"
    )
