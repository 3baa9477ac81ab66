"""The resources by which pods are made."""

from __future__ import annotations

from typing import Final

MAKERS: Final = {
    "": ("pods", "replicationcontrollers"),
    "apps": ("deployments", "statefulsets", "daemonsets", "replicasets"),
    "batch": ("jobs", "cronjobs"),
}
"""What makes pods, by API group."""
