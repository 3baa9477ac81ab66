"""The security contexts of a pod: its own, then one for each container that has one."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from infracheck.kubernetes.pod import PodSpec
    from infracheck.source.field import Field


def security_contexts(pod: PodSpec) -> list[Field]:
    """Each `securityContext` that is written, so that a setting of the pod is judged once and not for each container.

    Those that are unknown are among them: reading anything of them raises `NotJudged`.
    """
    found = [pod.security_context, *(container.security_context for container in pod.containers)]
    return [context for context in found if context.exists]
