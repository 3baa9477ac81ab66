"""Probes of a container, with the times Kubernetes fills in.

Source: https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/#configure-probes
and `SetDefaults_Probe` in `pkg/apis/core/v1/defaults.go`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.kubernetes.place import descend

if TYPE_CHECKING:
    from infracheck.source.field import Field

HANDLERS = ("httpGet", "tcpSocket", "grpc", "exec")


class Probe:
    """A liveness, readiness or startup probe.

    Attributes:
        kind: "liveness", "readiness" or "startup".
        field: where it is written.
    """

    def __init__(self, kind: str, field: Field) -> None:
        self.kind = kind
        self.field = field

    def at(self, path: str) -> Field:
        """The field at a dotted path of the probe."""
        return descend(self.field, path)

    @property
    def handler(self) -> str:
        """How it probes: "httpGet", "tcpSocket", "grpc" or "exec"; "" where it does not say.

        Raises:
            NotJudged: the probe is unknown.
        """
        self.field.require()
        return next((handler for handler in HANDLERS if self.field[handler].exists), "")

    @property
    def port(self) -> Field:
        """The field of the port it probes, a number or the name of a container port; absent for exec.

        Raises:
            NotJudged: the probe is unknown.
        """
        return self.at(f"{self.handler or 'httpGet'}.port")

    @property
    def initial_delay(self) -> int:
        """Seconds before the first probe; 0 by default."""
        return self._seconds("initialDelaySeconds", 0)

    @property
    def period(self) -> int:
        """Seconds between probes; 10 by default."""
        return self._seconds("periodSeconds", 10)

    @property
    def timeout(self) -> int:
        """Seconds a probe may take; 1 by default."""
        return self._seconds("timeoutSeconds", 1)

    @property
    def success_threshold(self) -> int:
        """Successes in a row after a failure until it counts as healthy; 1 by default."""
        return self._seconds("successThreshold", 1)

    @property
    def failure_threshold(self) -> int:
        """Failures in a row until it acts; 3 by default."""
        return self._seconds("failureThreshold", 3)

    @property
    def seconds_to_act(self) -> int:
        """Seconds from the first failure to acting on it: period times failure threshold."""
        return self.period * self.failure_threshold

    @property
    def budget(self) -> int:
        """Seconds a container gets from its start before the probe acts: the delay and all failures it may have."""
        return self.initial_delay + self.seconds_to_act

    def _seconds(self, key: str, default: int) -> int:
        number = self.field[key].number(default)
        # A zero counts as "not set" for the defaulting of the API server, which sees plain integers.
        return int(number or default)
