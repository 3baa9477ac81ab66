"""What `envsubst` makes of rendered objects: `${NAME}` and `$NAME` become what the overlay's `env` file says.

GNU envsubst (gettext manual, "Invoking the envsubst program") replaces `$NAME` and `${NAME}` wherever they stand, names
being letters, digits and underscores; nothing else of the shell's syntax means anything to it. A name that is not set
becomes the empty string there. Here it makes the whole string unknown: an empty password or host is not what anybody
meant, and what the shell of the deploy job exports besides the file can't be known.

An overlay with an `env` file beside it is deployed through envsubst, so every string of it is substituted. Without one,
nothing says that envsubst is used: scripts in ConfigMaps and arguments are full of `$NAME`. Then only a string
that is one `${NAME}` in capitals from end to end counts as a variable of the deployment, and is unknown.
"""

from __future__ import annotations

import re
from dataclasses import replace

from infracheck.kubernetes.env_file import EnvFile, read_env_file
from infracheck.source.values import Mapping, Scalar, Sequence, Unknown, Value
from infracheck.source.yaml import Dialect, resolve

__all__ = ["EnvFile", "read_env_file", "substitute"]

VARIABLE = re.compile(r"\$(?:\{(?P<braced>[A-Za-z_][A-Za-z0-9_]*)\}|(?P<bare>[A-Za-z_][A-Za-z0-9_]*))")
WHOLE = re.compile(r"\$\{[A-Z][A-Z0-9_]*\}")


def substitute(root: Mapping, env: EnvFile | None) -> Mapping:
    """The object as the deploy pipeline would apply it; shares everything that holds no variable."""
    result = _substituted(root, env)
    return result if isinstance(result, Mapping) else root


def _substituted(value: Value, env: EnvFile | None) -> Value:
    if isinstance(value, Scalar):
        return _scalar(value, env) if isinstance(value.value, str) and "$" in value.value else value
    if isinstance(value, Mapping):
        fields = {key: _substituted(child, env) for key, child in value.fields.items()}
        changed = any(new is not value.fields[key] for key, new in fields.items())
        return replace(value, fields=fields) if changed else value
    if isinstance(value, Sequence):
        items = tuple(_substituted(item, env) for item in value.items)
        changed = any(new is not old for new, old in zip(items, value.items, strict=True))
        return replace(value, items=items) if changed else value
    return value


def _scalar(scalar: Scalar, env: EnvFile | None) -> Value:
    text = str(scalar.value)
    if env is None:
        if WHOLE.fullmatch(text) is None:
            return scalar
        return Unknown(
            f"`{text}` is filled in when it is deployed, and no env file stands beside the overlay", scalar.origin
        )
    names = _names(text)
    if not names:
        return scalar
    for name in names:
        if name not in env.values:
            known = env.unreadable.get(name)
            if known is not None:
                cause = Unknown(f"what `{name}` is set to only a shell can tell", known)
                return Unknown(f"`${{{name}}}`", scalar.origin, because=cause)
            return Unknown(f"`${{{name}}}` is not set in {env.path}", scalar.origin)
    parts = tuple(env.values[name].origin for name in names)
    result = VARIABLE.sub(lambda found: str(env.values[_name(found)].value), text)
    if VARIABLE.fullmatch(text):
        # The whole value is the variable: the line to change is the env file's, the manifest is on the way there.
        origin = parts[0].through(scalar.origin.span, "envsubst")._replace(overrode=scalar.origin.overrode)
    else:
        origin = scalar.origin._replace(parts=(*scalar.origin.parts, *parts))
    new = replace(scalar, value=result, text=result, origin=origin)
    return new if scalar.style else replace(new, value=resolve(new, Dialect.KUBECTL))


def _name(found: re.Match[str]) -> str:
    return found["braced"] or found["bare"]


def _names(text: str) -> list[str]:
    return list(dict.fromkeys(_name(found) for found in VARIABLE.finditer(text)))
