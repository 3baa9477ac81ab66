from __future__ import annotations

import subprocess
import sys


def test_importing_the_package_loads_nothing_heavy() -> None:
    code = "import sys, infracheck; print(infracheck.__version__); print(*sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    version, modules = done.stdout.splitlines()
    assert version
    heavy = {"click", "pydantic", "ruamel.yaml", "jsonschema", "hcl2", "pathspec"}
    assert not heavy & set(modules.split())
