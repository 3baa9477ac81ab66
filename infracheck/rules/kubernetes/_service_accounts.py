"""Which service accounts somebody gave a role."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.kubernetes.rbac import Binding
from infracheck.source.field import find

if TYPE_CHECKING:
    from infracheck.kubernetes.objects import Objects
    from infracheck.kubernetes.rbac import Subject


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
