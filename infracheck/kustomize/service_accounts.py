"""IAMPolicyGenerator: a service account bound to an identity of Google Cloud."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.kustomize.nodes import get, string, text_of
from infracheck.kustomize.resource import Resource
from infracheck.source.errors import RenderError
from infracheck.source.values import Mapping, Scalar, Value

if TYPE_CHECKING:
    from infracheck.source.origin import Origin

ANNOTATION = "iam.gke.io/gcp-service-account"


def generate_service_account(config: Mapping) -> Resource:
    """The ServiceAccount that the configuration describes.

    Raises:
        RenderError: it is for another cloud, or a name is missing.
    """
    if text_of(config.get("cloud")) != "gke":
        raise RenderError("the cloud provider is not supported; only `gke` is", (config.get("cloud") or config).origin)
    name, namespace = get(config, "kubernetesService", "name"), get(config, "kubernetesService", "namespace")
    account, project = get(config, "serviceAccount", "name"), get(config, "serviceAccount", "projectId")
    if not text_of(name) or not text_of(account) or not text_of(project):
        raise RenderError(
            "a service account, its project and a Kubernetes service account must be named", config.origin
        )
    origin = config.origin._replace(step="generator")
    identity = f"{text_of(account)}@{text_of(project)}.iam.gserviceaccount.com"
    parts = tuple(node.origin for node in (account, project) if isinstance(node, Scalar))
    metadata: dict[str, Value] = {
        "annotations": Mapping({ANNOTATION: string(identity, origin._replace(parts=parts))}, origin),
        "name": _copied(name, origin),
    }
    if text_of(namespace):
        metadata["namespace"] = _copied(namespace, origin)
    fields = {"apiVersion": string("v1", origin), "kind": string("ServiceAccount", origin)}
    return Resource(Mapping({**fields, "metadata": Mapping(metadata, origin)}, origin))


def _copied(node: Value | None, origin: Origin) -> Scalar:
    return string(text_of(node), (node.origin if node is not None else origin)._replace(step="generator"))
