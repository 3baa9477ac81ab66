"""A file of a Secret is left alone only where no line of it could be a credential."""

from __future__ import annotations

import pytest

from infracheck.rules.kubernetes._settings_files import LONGEST, holds_settings_alone

SETTINGS = [
    "connector.name=hive-hadoop2\nhive.metastore.uri=thrift://metastore:9083\nhive.s3.ssl.enabled=false",
    "# a comment\n[section]\nlevel = info ; really\n\n; another\nretries: 3",
    "-server\n-Xmx16G\n-XX:+UseG1GC\n--level=info",
    "global:\n  resolve_timeout: 5m\nreceivers:\n- name: Default\nmatch:\n- severity: warning|info",
    '{\n  "level": "info",\n  "hosts": [\n  ]\n}',
    '{"tlsClientConfig": {"insecure": false}, "useToken": true, "hosts": ["a.example"], "n": 12.5, "none": null}',
    "password=\npassword: ${PASSWORD}\nuse.password=true\nauth.timeout=30s",
]
DOUBTFUL = [
    "machine example.org login app password correct-horse",
    "db:5432:*:app:correct-horse",
    '"app" "correct-horse"',
    "app:$2y$05$l6ymiu",
    "level=info\nid=7b1f99aa04e2c8d1",
    "tokens:\n- correct-horse",
    "api-key:\n  value: words",
    "level=info\ncorrect-horse",
    "pass=words",
    "url=postgres://app:correct@db/app",
    "<property><name>a</name><value>b</value></property>",
    "level=info\n" * LONGEST,
    '{"bearerToken": "words"}',
    '{"auths": {"registry.example": {"x": "words"}}}',
    '{"level": "7b1f99aa04e2c8d1"}',
    '{"level": "info"',
    "[" * 10_000,
]


@pytest.mark.parametrize("text", SETTINGS)
def test_settings(text: str) -> None:
    assert holds_settings_alone("app.conf", text)


@pytest.mark.parametrize("text", DOUBTFUL)
def test_what_may_be_a_credential(text: str) -> None:
    assert not holds_settings_alone("app.conf", text)


def test_the_name_of_the_file_counts() -> None:
    assert not holds_settings_alone("users.properties", "alice=correct-horse")


@pytest.mark.parametrize("piece", ["a", "a1", "a.", "-", "- ", "a=", "=", "[", "[a", " #", '"'])
def test_no_line_takes_long(piece: str) -> None:
    holds_settings_alone("app.conf", "- " + piece * (LONGEST // len(piece) - 2))
    holds_settings_alone("app.conf", "a=" + piece * (LONGEST // len(piece) - 2))
