from __future__ import annotations

import pickle
from typing import TYPE_CHECKING

import pytest

from infracheck.config.loading import common_folder, load_settings, repository_root
from infracheck.config.settings import Settings
from infracheck.findings.severity import Profile, Severity
from infracheck.source.errors import SettingsError

if TYPE_CHECKING:
    from pathlib import Path

FULL = """
product = "violet"
select = ["kubernetes"]
fail-on = "high"

[environments.production]
paths = ["overlays/prod"]
profile = "production"
env-file = "overlays/prod/env"

[services.orders]
class = "stateful"

[rules."kubernetes/unpinned-image"]
severity = "critical"
environments = { development = "off" }
allowed = ["pause"]
"""


def write(folder: Path, text: str, name: str = "infracheck.toml") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def failure(folder: Path, text: str, name: str = "infracheck.toml") -> str:
    write(folder, text, name)
    with pytest.raises(SettingsError) as caught:
        load_settings([folder])
    return str(caught.value)


def test_a_file_becomes_settings(tmp_path: Path) -> None:
    write(tmp_path, FULL)
    settings = load_settings([tmp_path])
    assert settings.product == "violet"
    assert settings.fail_on is Severity.HIGH
    assert settings.environments["production"].profile is Profile.PRODUCTION
    assert settings.severity_override("kubernetes/unpinned-image", "development") == "off"
    assert settings.severity_override("kubernetes/unpinned-image", "production") is Severity.CRITICAL
    assert settings.severity_override("kubernetes/other", "production") is None
    assert settings.rules["kubernetes/unpinned-image"].options == {"allowed": ["pause"]}


def test_settings_travel_to_worker_processes(tmp_path: Path) -> None:
    write(tmp_path, FULL)
    settings = load_settings([tmp_path])
    assert pickle.loads(pickle.dumps(settings)).model_dump() == settings.model_dump()


def test_the_nearest_file_up_to_the_repository_root_counts(tmp_path: Path) -> None:
    write(tmp_path, 'product = "outside"')
    repository = tmp_path / "repository"
    (repository / ".git").mkdir(parents=True)
    deep = repository / "a" / "b"
    deep.mkdir(parents=True)
    assert load_settings([deep]).product == ""
    write(repository, 'product = "root"')
    assert load_settings([deep]).product == "root"
    write(repository / "a", 'product = "near"', ".infracheck.toml")
    assert load_settings([deep]).product == "near"
    assert load_settings([deep, repository / "c"]).product == "root"


def test_dedicated_files_go_before_pyproject(tmp_path: Path) -> None:
    write(tmp_path, '[tool.infracheck]\nproduct = "pyproject"', "pyproject.toml")
    assert load_settings([tmp_path]).product == "pyproject"
    write(tmp_path, 'product = "hidden"', ".infracheck.toml")
    assert load_settings([tmp_path]).product == "hidden"
    write(tmp_path, 'product = "plain"')
    assert load_settings([tmp_path]).product == "plain"


def test_a_pyproject_without_our_table_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    write(tmp_path, 'product = "above"')
    write(tmp_path / "sub", "[tool.ruff]\nline-length = 100", "pyproject.toml")
    assert load_settings([tmp_path / "sub"]).product == "above"


def test_isolated_reads_nothing_and_config_reads_only_what_is_named(tmp_path: Path) -> None:
    write(tmp_path, 'product = "found"')
    named = write(tmp_path / "elsewhere", 'product = "named"', "mine.toml")
    assert load_settings([tmp_path], isolated=True).product == ""
    assert load_settings([tmp_path], config=named).product == "named"


def test_the_command_line_goes_first(tmp_path: Path) -> None:
    write(tmp_path, 'select = ["kubernetes"]\nignore = ["cost"]\nfail-on = "high"\npolicies = ["ours"]')
    settings = load_settings([tmp_path], overrides={"fail_on": "low", "ignore": ["terraform"], "policies": ["mine"]})
    assert (settings.select, settings.ignore) == (("kubernetes",), ("cost", "terraform"))
    assert settings.fail_on is Severity.LOW
    assert settings.policies == ("ours", "mine")
    chosen = load_settings([tmp_path], overrides={"select": ["cost/x"]})
    assert (chosen.select, chosen.ignore) == (("cost/x",), ())


def test_a_mistake_is_shown_at_its_line_with_what_was_meant(tmp_path: Path) -> None:
    assert failure(tmp_path, 'product = "x"\nselct = ["K8S"]') == (
        'infracheck.toml:2:1: unknown key "selct"; did you mean "select"?'
    )


def test_a_mistake_in_pyproject_is_shown_at_its_line(tmp_path: Path) -> None:
    text = '[project]\nname = "x"\n\n[tool.infracheck]\nfail-on = "hihg"'
    assert failure(tmp_path, text, "pyproject.toml") == (
        'pyproject.toml:5:11: "hihg" is not one of info, low, medium, high, critical; did you mean "high"?'
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("select = 3", "1:10: 3 should be a valid tuple"),
        ("[environments.dev]\nprofil = 'x'", '2:1: unknown key "profil"; did you mean "profile"?'),
        ("[environments.dev]\nprofile = 'prod'", '2:11: "prod" is not one of development, sandbox, production'),
        ("environments.dev = { paths = ['a', 4] }", "1:36: 4 should be a valid string"),
        ("[rules.'kubernetes/x']\nseverity = 'hgh'", '2:12: "hgh" is not one of'),
        ("[rules.'kubernetes/x']\nenvironments.dev = 'offf'", 'did you mean "off"?'),
        ("[services.a]\nclass = 'statefull'", '2:9: "statefull" is not one of standard, stateful'),
        ("[cost]\ndiscount = 12", "2:12: 12 should be less than 1"),
        ("[cost]\ndiscount = nan", "2:12: NaN should be"),
        ("x = ", "1:5: not valid TOML: invalid value"),
        ("a = 1\na = 2", "2:6: not valid TOML: cannot overwrite a value"),
        ("x = " + "[" * 20_000 + "]" * 20_000, "1:1: not valid TOML: nested too deeply"),
        ("x = " + "9" * 5_000, "1:1: not valid TOML: exceeds the limit"),
        ("[secrets]\npath = '/violet/{env}'", "2:8: "),
    ],
)
def test_errors_name_line_and_column(tmp_path: Path, text: str, expected: str) -> None:
    message = failure(tmp_path, text)
    assert message.startswith("infracheck.toml:")
    assert expected in message


def test_several_mistakes_are_shown_together_in_order(tmp_path: Path) -> None:
    lines = failure(tmp_path, 'selct = ["K8S"]\nfail-on = "hihg"').splitlines()
    assert [line.partition(" ")[0] for line in lines] == ["infracheck.toml:1:1:", "infracheck.toml:2:11:"]


@pytest.mark.parametrize(
    "text",
    [
        "cache-dir = '../outside'",
        "cache_dir = '/tmp/x'",
        "root = '/'",
        "fail-on = 'never'",
        "fail_on = 'never'",
        "policies = ['../outside']",
        "policies = ['/etc']",
        "policies = '/etc'",
        "environments.dev.env-file = '/etc/passwd'",
        "environments.dev.var-files = ['x.tfvars', '../../x.tfvars']",
    ],
)
def test_a_repository_may_not_decide_what_leaves_it(tmp_path: Path, text: str) -> None:
    assert failure(tmp_path, text).startswith("infracheck.toml:1:")


def test_a_repository_may_not_bring_code_as_policies(tmp_path: Path) -> None:
    write(tmp_path / "mine" / "kubernetes", "raise SystemExit", "rule.py")
    assert "can't run its own Python" in failure(tmp_path, "policies = ['mine']")
    (tmp_path / "mine" / "kubernetes" / "rule.py").unlink()
    assert load_settings([tmp_path]).policies == ("mine",)


def test_a_repository_may_not_link_to_policies_outside(tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    repository = tmp_path / "repository"
    (repository / ".git").mkdir(parents=True)
    (repository / "mine").symlink_to(tmp_path / "outside")
    assert "can't run its own Python" in failure(repository, "policies = ['mine']")


def test_a_file_the_user_names_may(tmp_path: Path) -> None:
    named = write(tmp_path / "mine", f"cache-dir = '{tmp_path}'\nfail-on = 'never'", "ours.toml")
    settings = load_settings([tmp_path], config=named)
    assert settings.cache_dir == tmp_path
    assert settings.fail_on is None


def test_a_link_to_a_configuration_outside_the_repository_is_not_followed(tmp_path: Path) -> None:
    outside = write(tmp_path, 'product = "secret"', "secret.toml")
    repository = tmp_path / "repository"
    (repository / ".git").mkdir(parents=True)
    (repository / "infracheck.toml").symlink_to(outside)
    assert load_settings([repository]).product == ""


def test_absent_and_unreadable_files_are_configuration_errors(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="no such file"):
        load_settings([tmp_path], config=tmp_path / "absent.toml")
    (tmp_path / "infracheck.toml").write_bytes(b"\xff\xfe\xff")
    with pytest.raises(SettingsError, match="not UTF-16"):
        load_settings([tmp_path])
    (tmp_path / "infracheck.toml").write_text(f"x = '{'a' * 2_000_000}'", encoding="utf-8")
    with pytest.raises(SettingsError, match="limit"):
        load_settings([tmp_path])


def test_settings_in_python_report_mistakes_as_ours() -> None:
    with pytest.raises(SettingsError, match='selct: unknown key "selct"; did you mean "select"'):
        Settings(selct=["x"])  # type: ignore[call-arg]


def test_places_of_the_scan(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "x.yaml").touch()
    assert common_folder([tmp_path / "a" / "x.yaml"]) == tmp_path / "a"
    assert repository_root(tmp_path / "a") == tmp_path / "a"
    (tmp_path / ".git").mkdir()
    assert repository_root(tmp_path / "a") == tmp_path
