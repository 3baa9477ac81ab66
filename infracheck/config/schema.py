"""The JSON Schema of the configuration, for editors.

`python -m infracheck.config.schema` prints it; it is published as `docs/schema/infracheck.schema.json`.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from infracheck.config.settings import Settings


def settings_schema() -> dict[str, Any]:
    """The schema of `infracheck.toml` and of `[tool.infracheck]`."""
    schema = Settings.model_json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "infracheck"}


def settings_schema_text() -> str:
    """The schema as its published file holds it."""
    return f"{json.dumps(settings_schema(), indent=2, ensure_ascii=False, sort_keys=True)}\n"


if __name__ == "__main__":
    sys.stdout.write(settings_schema_text())
