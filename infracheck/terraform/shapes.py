"""Which properties of a `.tf.json` file are blocks (https://developer.hashicorp.com/terraform/language/syntax/json)."""

from __future__ import annotations

from infracheck.source.hcl.json import Shape

_BLOCK = Shape()
_CONDITIONS = {"precondition": _BLOCK, "postcondition": _BLOCK}
_META = {
    "lifecycle": Shape(0, _CONDITIONS),
    "connection": _BLOCK,
    "provisioner": Shape(1, {"connection": _BLOCK}),
    "dynamic": Shape(1, {"content": _BLOCK}),
}
_RESOURCE = Shape(2, _META)

CONFIGURATION = Shape(
    0,
    {
        "terraform": Shape(
            0,
            {
                "backend": Shape(1),
                "cloud": Shape(0, {"workspaces": _BLOCK}),
                "required_providers": _BLOCK,
                "provider_meta": Shape(1),
            },
        ),
        "variable": Shape(1, {"validation": _BLOCK}),
        "locals": _BLOCK,
        "output": Shape(1, _CONDITIONS),
        "module": Shape(1),
        "provider": Shape(1),
        "resource": _RESOURCE,
        "data": _RESOURCE,
        "ephemeral": _RESOURCE,
        "moved": _BLOCK,
        "removed": Shape(0, {"lifecycle": _BLOCK, "provisioner": Shape(1)}),
        "import": _BLOCK,
        "check": Shape(1, {"data": _RESOURCE, "assert": _BLOCK}),
    },
)
"""The shape of a `.tf.json` file. What is nested in a resource is decided when it is evaluated."""
