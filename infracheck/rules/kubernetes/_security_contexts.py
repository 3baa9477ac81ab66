"""The security contexts of a pod: its own, then one for each container that has one."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from infracheck.kubernetes.pod import PodSpec
    from infracheck.source.field import Field


def security_contexts(pod: PodSpec) -> list[tuple[str, Field]]:
    """Each `securityContext` that is written, with whose it is, so that a setting of the pod is judged once.

    Those that are unknown are among them: reading anything of them raises `NotJudged`.
    """
    found = [(pod.address, pod.security_context)]
    found += [(f"container {one.shown_name} of {pod.address}", one.security_context) for one in pod.containers]
    return [(whose, context) for whose, context in found if context.exists]
