"""Fixtures shared by all tests: the conformance material and the oracles, where this machine has them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.internal.conjecture import providers

# Hypothesis tries the numbers and texts that stand in our source. So any change of any file, and any other selection of
# tests, would make it try other examples, and a change of a comment could meet what a search has yet to find.
if hasattr(providers, "_get_local_constants"):
    providers._get_local_constants = lambda: providers._local_constants  # noqa: SLF001 - nothing public does it

# No test asserts a time, so none has a deadline; and every run tries the same examples.
settings.register_profile("steady", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("wide", settings.get_profile("steady"), derandomize=False, max_examples=1000)
settings.load_profile("steady")

REPOSITORY = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root of this checkout."""
    return REPOSITORY


@pytest.fixture(scope="session")
def shared() -> Path:
    """The conformance material beside the checkout; tests that need it skip where it is missing."""
    folder = REPOSITORY.parent / "shared"
    if not (folder / "conformance").is_dir():
        pytest.skip("the conformance material is not beside this checkout")
    return folder


@pytest.fixture(scope="session")
def kubectl() -> str:
    """The path of kubectl, an oracle; tests that need it skip where it is missing."""
    found = shutil.which("kubectl")
    if not found:
        pytest.skip("kubectl is not installed")
    return found


@pytest.fixture(scope="session")
def terraform() -> str:
    """The path of terraform, an oracle; tests that need it skip where it is missing."""
    found = shutil.which("terraform")
    if not found:
        pytest.skip("terraform is not installed")
    return found
