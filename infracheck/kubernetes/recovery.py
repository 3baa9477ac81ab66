"""What backs a stateful service up, and where its recovery is written down, as far as manifests tell.

Sources: https://velero.io/docs/main/file-system-backup/ and https://velero.io/docs/main/api-types/schedule/;
https://k8up.io/k8up/2.11/references/object-specifications.html; https://backube.github.io/snapscheduler/usage.html.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from infracheck.kubernetes.matches import every
from infracheck.kubernetes.selector import label_selector

if TYPE_CHECKING:
    from infracheck.kubernetes.manifest import Manifest
    from infracheck.kubernetes.workload import Workload

ANNOTATION = "infracheck/backup"
"""An annotation of the workload that says how it is backed up, for what no manifest shows."""
VELERO_VOLUMES = "backup.velero.io/backup-volumes"
RUNBOOK = re.compile(r"(?i)(^|[/._-])(runbook|recovery)([_-]?url)?$")
"""Annotations that lead to a runbook, whatever their prefix."""


def backup_of(workload: Workload) -> str:
    """What backs the volumes of a service up, in a few words; "" where nothing is seen to.

    Raises:
        NotJudged: that depends on an unknown value.
    """
    said = workload.annotation(ANNOTATION).text("")
    if said:
        return said
    if workload.pod_annotations[VELERO_VOLUMES].text(""):
        return f"Velero, by {VELERO_VOLUMES}"
    for kind, covers in (
        ("velero.io/Schedule", _velero_covers),
        ("k8up.io/Schedule", _same_namespace),
        ("snapscheduler.backube/SnapshotSchedule", _same_namespace),
    ):
        for schedule in workload.objects.of_kind(kind):
            if covers(schedule, workload):
                return schedule.address
    return ""


def recovery_of(workload: Workload) -> str:
    """Where the recovery of a service is written down; "" where no annotation says.

    Raises:
        NotJudged: the annotations are unknown.
    """
    for key, value in workload.annotations.items():
        text = value.text("")
        if text and RUNBOOK.search(key):
            return text
    return ""


def _same_namespace(schedule: Manifest, workload: Workload) -> bool:
    return schedule.namespace == workload.namespace


def _velero_covers(schedule: Manifest, workload: Workload) -> bool:
    template = schedule.at("spec.template")
    included = template["includedNamespaces"].texts() or ["*"]
    excluded = template["excludedNamespaces"].texts()
    namespace = workload.namespace
    if schedule.field.at("spec.paused").boolean() or namespace in excluded:
        return False
    selector = template["labelSelector"]
    return every(
        (
            lambda: "*" in included or namespace in included,
            lambda: not selector.exists or workload.is_selected_by(label_selector(selector)),
        )
    )
