from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import infracheck


def test_importing_the_package_loads_nothing_heavy() -> None:
    code = "import sys, infracheck; print(infracheck.__version__); print(*sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    version, modules = done.stdout.splitlines()
    assert version
    heavy = {"click", "pydantic", "ruamel.yaml", "jsonschema", "hcl2", "pathspec"}
    assert not heavy & set(modules.split())


@pytest.mark.skipif("INFRACHECK_INSTALLED" not in os.environ, reason="only the built wheel is tested so")
def test_the_wheel_is_what_is_tested_and_carries_its_data(repository: Path) -> None:
    home = Path(infracheck.__file__)
    assert not home.is_relative_to(repository / "infracheck")
    carried = {path.relative_to(home.parent / "policies/data") for path in home.parent.rglob("policies/data/*/*.yaml")}
    assert carried == {path.relative_to(repository / "policies") for path in repository.glob("policies/*/*.yaml")}
