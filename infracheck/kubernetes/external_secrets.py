"""The External Secrets Operator: what is read from which store, and the Secret it becomes.

Source: https://external-secrets.io/latest/api/externalsecret/ and https://external-secrets.io/latest/provider/
aws-parameter-store/. The versions v1alpha1, v1beta1 and v1 agree on what is read here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from infracheck.kubernetes.duration import duration
from infracheck.kubernetes.manifest import Manifest
from infracheck.kubernetes.place import descend

if TYPE_CHECKING:
    from infracheck.kubernetes.matches import Matches
    from infracheck.source.field import Field


@dataclass(frozen=True, slots=True)
class RemoteKey:
    """Something that is read from a store.

    Attributes:
        key: where the name in the store is written ("/violet/production/db-password"), or the path or pattern.
        secret_key: where the key of the Secret is written; absent where all that is found goes in.
        is_pattern: whether it finds several by path or name, rather than one.
    """

    key: Field
    secret_key: Field
    is_pattern: bool = False


class ExternalSecret(Manifest):
    """An ExternalSecret."""

    @property
    def store_kind(self) -> str:
        """SecretStore (the default) or ClusterSecretStore."""
        return self.field.at("spec.secretStoreRef.kind").text("SecretStore") or "SecretStore"

    @property
    def store_name(self) -> str:
        """The name of its store."""
        return self.field.at("spec.secretStoreRef.name").text("") or ""

    @property
    def store(self) -> SecretStore | None:
        """Its store, if that is among the objects.

        Raises:
            NotJudged: which store it is, is unknown.
        """
        namespace = "" if self.store_kind == "ClusterSecretStore" else self.namespace
        kind = f"external-secrets.io/{self.store_kind}"
        found: Matches[Manifest] = self.objects.named(kind, self.store_name, namespace)
        return found.first if isinstance(found.first, SecretStore) else None

    @property
    def secret_name(self) -> str:
        """The name of the Secret it makes: `spec.target.name`, else its own."""
        return self.field.at("spec.target.name").text() or self.name

    @property
    def creation_policy(self) -> str:
        """Owner (the default), Orphan, Merge or None."""
        return self.field.at("spec.target.creationPolicy").text("Owner") or "Owner"

    @property
    def refresh_interval(self) -> float | None:
        """Seconds between two readings: one hour by default; 0 reads once.

        Raises:
            NotJudged: it is unknown.
        """
        return duration(self.at("spec.refreshInterval"), 3600.0)

    @property
    def refresh_policy(self) -> str:
        """Periodic (the default), OnChange or CreatedOnce."""
        return self.field.at("spec.refreshPolicy").text("Periodic") or "Periodic"

    @property
    def uses_generator(self) -> bool:
        """Whether a value of its is made up by a generator rather than read from a store.

        Raises:
            NotJudged: a list is unknown.
        """
        entries = (entry for path in ("spec.data", "spec.dataFrom") for entry in self.field.at(path))
        return any(entry["sourceRef"]["generatorRef"].exists for entry in entries)

    @property
    def remote_keys(self) -> list[RemoteKey]:
        """All it reads, in the order written.

        Raises:
            NotJudged: a list is unknown.
        """
        found = [
            RemoteKey(descend(entry, "remoteRef.key"), descend(entry, "secretKey"))
            for entry in self.field.at("spec.data")
        ]
        for entry in self.field.at("spec.dataFrom"):
            nowhere = entry["secretKey"]
            if entry["find"].exists:
                path = descend(entry, "find.path")
                found.append(
                    RemoteKey(path if path.exists else descend(entry, "find.name.regexp"), nowhere, is_pattern=True)
                )
            elif entry["extract"].exists:
                found.append(RemoteKey(descend(entry, "extract.key"), nowhere))
        return found


class SecretStore(Manifest):
    """A SecretStore or ClusterSecretStore."""

    @property
    def provider(self) -> str:
        """The provider's key: "aws", "gcpsm", "vault", ...; "" where there is none.

        Raises:
            NotJudged: it is unknown.
        """
        return next((key for key, value in self.field.at("spec.provider").items() if value.exists), "")

    @property
    def aws(self) -> Field:
        """The settings of the AWS provider: `service`, `region`, `role`, `auth`."""
        return self.at("spec.provider.aws")

    @property
    def reads_parameter_store(self) -> bool:
        """Whether it reads AWS Systems Manager Parameter Store rather than Secrets Manager."""
        return self.aws["service"].text() == "ParameterStore"

    @property
    def static_credentials(self) -> Field | None:
        """Where it names a Secret with long-lived keys of a cloud to log in with; None where it has an identity.

        AWS access keys, a Google service account's key, the client secret of an Azure service principal.

        Raises:
            NotJudged: it is unknown.
        """
        places = ("aws.auth.secretRef", "gcpsm.auth.secretRef", "azurekv.authSecretRef")
        found = (self.at(f"spec.provider.{place}") for place in places)
        return next((field for field in found if field.require().exists), None)

    @property
    def has_static_credentials(self) -> bool:
        """Whether it logs in to AWS with access keys from a Secret rather than as a service account."""
        return self.aws.at("auth.secretRef").exists
