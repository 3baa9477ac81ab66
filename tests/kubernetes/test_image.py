from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infracheck.kubernetes.image import parse_image

DIGEST = "sha256:" + "a" * 64
ECR = "123456789012.dkr.ecr.us-east-1.amazonaws.com"
# Registry, repository, tag, digest as `reference.ParseDockerRef` of distribution/reference gives them.
VALID = {
    "nginx": ("docker.io", "library/nginx", None, None),
    "nginx:1.25": ("docker.io", "library/nginx", "1.25", None),
    "bitnami/redis:7": ("docker.io", "bitnami/redis", "7", None),
    "docker.io/nginx": ("docker.io", "library/nginx", None, None),
    "index.docker.io/library/nginx": ("docker.io", "library/nginx", None, None),
    "localhost/app": ("localhost", "app", None, None),
    "localhost:5000/app:1": ("localhost:5000", "app", "1", None),
    "registry:5000/team/app": ("registry:5000", "team/app", None, None),
    "quay.io/a/b/c:v1.2.3-rc.1": ("quay.io", "a/b/c", "v1.2.3-rc.1", None),
    f"nginx@{DIGEST}": ("docker.io", "library/nginx", None, DIGEST),
    f"ghcr.io/a/b:1.0@{DIGEST}": ("ghcr.io", "a/b", "1.0", DIGEST),
    f"{ECR}/web:latest": (ECR, "web", "latest", None),
    "UPPER/app": ("UPPER", "app", None, None),
    "a__b/c--d.e": ("docker.io", "a__b/c--d.e", None, None),
    "[::1]:5000/app": ("[::1]:5000", "app", None, None),
}
INVALID = [
    "", ":", "nginx:", "nginx@", "Nginx", "nginx:a b", "nginx:-1", "a//b", "/nginx", "nginx/", "nginx@sha256:short",
    "$(IMAGE)", "nginx:" + "a" * 129, "a" * 300, "https://ghcr.io/a/b", "nginx:1:2", "_nginx", "a/b:é",
]  # fmt: skip


@pytest.mark.parametrize("text", VALID)
def test_references_are_taken_apart_as_docker_does(text: str) -> None:
    image = parse_image(text)
    assert (image.registry, image.repository, image.tag, image.digest) == VALID[text]
    assert image.valid


@pytest.mark.parametrize("text", INVALID)
def test_what_no_runtime_accepts_is_not_valid(text: str) -> None:
    assert not parse_image(text).valid


def test_the_tag_that_is_pulled() -> None:
    assert parse_image("nginx").effective_tag == "latest"
    assert parse_image("nginx:1").effective_tag == "1"
    assert parse_image(f"nginx@{DIGEST}").effective_tag is None
    assert parse_image(f"nginx@{DIGEST}").is_pinned
    assert parse_image(f"{ECR}/web:1").is_ecr
    assert not parse_image("public.ecr.aws/x/web:1").is_ecr


@given(st.text(max_size=60))
def test_any_text_is_taken_apart_without_a_crash(text: str) -> None:
    parse_image(text)


def test_hostile_references_are_quick() -> None:
    assert not parse_image("a" * 5_000_000).valid
    assert not parse_image("a-" * 500 + "!").valid
    assert not parse_image("a." * 500 + "/" + "b_" * 200).valid
