"""Who needs the token of a service account: those with a role, and those that run a client of the API."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from infracheck.kubernetes.rbac import Binding
from infracheck.source.field import find

if TYPE_CHECKING:
    from infracheck.kubernetes.container import Container
    from infracheck.kubernetes.objects import Objects
    from infracheck.kubernetes.rbac import Subject

CLIENT: Final = re.compile(r"(?:^|[\s/;&|(])(?:kubectl|oc)(?=\s|$)")


def is_bound(objects: Objects, name: str, namespace: str) -> bool:
    """Whether a binding gives a role to an account: by its name, its user name or a group of accounts.

    Source: https://kubernetes.io/docs/reference/access-authn-authz/rbac/#referring-to-subjects.

    Raises:
        NotJudged: no binding does for certain, and one is unknown.
    """
    groups = {"system:serviceaccounts", f"system:serviceaccounts:{namespace}"}
    user = f"system:serviceaccount:{namespace}:{name}"

    def means(subject: Subject) -> bool:
        if subject.kind == "Group":
            return subject.name in groups
        if subject.kind == "User":
            return subject.name == user
        home = subject.namespace or subject.binding.namespace
        return subject.kind == "ServiceAccount" and subject.name == name and home == namespace

    return find(objects.views(Binding), lambda binding: find(binding.subjects, means) is not None) is not None


def is_api_client(container: Container) -> bool:
    """Whether a container runs `kubectl` or `oc`, by its image or its command.

    Raises:
        NotJudged: the image or the command is unknown.
    """
    image = container.image
    if image is not None and "kubectl" in image.basename:
        return True
    return any(CLIENT.search(word) for word in container.command)
