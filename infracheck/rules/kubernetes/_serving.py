"""Which containers somebody sends requests to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.kubernetes.service import is_observed

if TYPE_CHECKING:
    from infracheck.kubernetes.container import Container
    from infracheck.kubernetes.service import ServicePort
    from infracheck.kubernetes.workload import Workload

CONTROLLED = ("Deployment", "StatefulSet", "ReplicaSet", "Rollout", "DeploymentConfig")


def is_injected(container: Container) -> bool:
    """Whether Istio puts its own proxy, with all it needs, in the place of a container: its image is `auto`.

    Source: https://istio.io/latest/docs/setup/additional-setup/gateway/.

    Raises:
        NotJudged: the image is unknown.
    """
    return container.field["image"].text() == "auto"


def is_asked(workload: Workload) -> bool:
    """Whether a Service may lead to a workload that is not only there to be scraped.

    Raises:
        NotJudged: a port is unknown.
    """
    return workload.services.doubt is not None or bool(asked_ports(workload))


def gets_requests(workload: Workload) -> bool:
    """Whether a Service leads to a workload for certain that is not only there to be scraped.

    Raises:
        NotJudged: one might, or a port is unknown.
    """
    asked = bool(asked_ports(workload))
    if not asked and workload.services.doubt is not None:
        raise workload.services.doubt
    return asked


def asked_ports(workload: Workload) -> list[ServicePort]:
    """The ports by which Services lead to a workload, without those that are only there to be scraped or watched.

    A port of a Service may as well be given away by the name of the container's port that its number leads to.

    Raises:
        NotJudged: a port is unknown.
    """
    ports = [port for container in workload.pod.main_containers for port in container.ports if is_observed(port.name)]
    observed = {key for port in ports for key in (port.number, port.name)}
    asked = [port for service in workload.services.certain for port in service.asked_ports]
    return [port for port in asked if port.target not in observed]


def serves(container: Container) -> bool:
    """Whether requests reach a container: a Service leads to it, or it declares ports in pods that no Service selects.

    Ports and Services that are only there to be scraped or watched do not count, nor do agents of nodes and bare pods
    that no Service selects, nor does a container that Istio replaces.

    Raises:
        NotJudged: a Service might select the pods, or a port or the image is unknown.
    """
    if is_injected(container):
        return False
    workload = container.workload
    if not workload.services:
        return workload.kind in CONTROLLED and any(not is_observed(port.name) for port in container.ports)
    ports = asked_ports(workload)
    if not ports:
        return False
    targets = {port.target for port in ports}
    if _listens(container, targets):
        return True
    others = workload.pod.main_containers
    return len(others) == 1 or (bool(container.ports) and not any(_listens(other, targets) for other in others))


def does_work_on_ports(container: Container) -> bool:
    """Whether a container declares ports, and not only for those who watch the pod beside one that does the work."""
    ports = container.ports
    if not ports:
        return False
    return not all(is_observed(port.name) for port in ports) or not any(map(_works, container.pod.main_containers))


def _works(container: Container) -> bool:
    """Whether it listens for those who use it, or is asked itself whether it lives."""
    return container.probe("liveness") is not None or any(not is_observed(port.name) for port in container.ports)


def _listens(container: Container, targets: set[int | str | None]) -> bool:
    return any({port.number, port.name or port.number} & targets for port in container.ports)
