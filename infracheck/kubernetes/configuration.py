"""ConfigMaps and Secrets: what they hold.

Source: https://kubernetes.io/docs/concepts/configuration/secret/.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from infracheck.kubernetes.manifest import Manifest
from infracheck.kubernetes.place import entries, known_text

if TYPE_CHECKING:
    from infracheck.source.field import Field

LONGEST = 2 * 1024 * 1024
"""Characters of a value that are decoded; the API server takes objects of up to 1.5 MiB."""


class Configuration(Manifest):
    """A ConfigMap or Secret."""

    @property
    def is_secret(self) -> bool:
        """Whether it is a Secret."""
        return self.kind == "Secret"

    @property
    def entries(self) -> dict[str, Field]:
        """Key and value of all it holds: `data`, `binaryData`, and `stringData`, which wins.

        Raises:
            NotJudged: one of them is unknown as a whole.
        """
        return {key: value for part in ("data", "binaryData", "stringData") for key, value in self.field[part].items()}

    def has_key(self, key: str) -> bool:
        """Whether it holds a key.

        Raises:
            NotJudged: no part is known to hold it, and one is unknown.
        """
        parts = [self.field[part] for part in ("data", "binaryData", "stringData")]
        known = any(not part.is_unknown and part[key].value is not None for part in parts)
        return known or any(part.require()[key].value is not None for part in parts)

    def decoded(self, key: str) -> str | None:
        """The text of an entry: as it is, or for a Secret's `data` out of base64; None for what is no text.

        Raises:
            NotJudged: it is unknown.
        """
        value = self.entries.get(key)
        text = value.text() if value is not None else None
        is_plain = self.field["stringData"][key].value is not None or not self.is_secret
        if text is None or is_plain:
            return text
        try:
            return base64.b64decode(text[:LONGEST], validate=False).decode("utf-8")
        except ValueError:
            return None

    @property
    def type(self) -> str:
        """The type of a Secret; Opaque by default."""
        return self.field["type"].text("Opaque") or "Opaque"

    @property
    def is_immutable(self) -> bool:
        """Whether it can't be changed."""
        return self.field["immutable"].boolean(default=False) is True


class ServiceAccount(Manifest):
    """A ServiceAccount."""

    @property
    def mounts_token(self) -> bool:
        """Whether pods get its token unless they say otherwise: true by default."""
        return self.field["automountServiceAccountToken"].boolean(default=True) is True

    @property
    def pull_secrets(self) -> list[str]:
        """The names of the image pull secrets its pods use; those that are unknown are left out."""
        return [name for entry in entries(self.field["imagePullSecrets"]) if (name := known_text(entry["name"]))]
