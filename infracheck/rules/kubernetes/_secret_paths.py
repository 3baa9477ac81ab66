"""Paths of secrets in the stores of AWS."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from infracheck.kubernetes.external_secrets import ExternalSecret, RemoteKey


def keys_in_aws(secret: ExternalSecret) -> list[RemoteKey]:
    """The paths an external secret reads; none where its store is known to be no store of AWS.

    A search by the names of secrets has no path.

    Raises:
        NotJudged: a list, or which store it is, is unknown.
    """
    store = secret.store
    if store is not None and store.provider not in ("", "aws"):
        return []
    return [one for one in secret.remote_keys if not one.key.path.endswith(".regexp")]
