"""What backs a stateful service up, and where its recovery is written down, as far as manifests tell.

Sources: https://velero.io/docs/main/file-system-backup/ and https://velero.io/docs/main/api-types/schedule/;
https://k8up.io/k8up/2.11/references/object-specifications.html; https://backube.github.io/snapscheduler/usage.html;
https://volsync.readthedocs.io/en/stable/usage/.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from infracheck.kubernetes.matches import every
from infracheck.kubernetes.selector import label_selector

if TYPE_CHECKING:
    from infracheck.kubernetes.manifest import Manifest
    from infracheck.kubernetes.storage import ClaimUse
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
    return _replicated(workload)


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


def _replicated(workload: Workload) -> str:
    """What VolSync replicates the claims of a service by; "" where it leaves one out."""
    here = workload.objects.of_kind("volsync.backube/ReplicationSource")
    sources = [(one, one.field.at("spec.sourcePVC").text("") or "") for one in here if _same_namespace(one, workload)]
    found = [next((one for one, claim in sources if _is_of(claim, use)), None) for use in workload.claims]
    names = [one.address for one in found if one is not None]
    return ", ".join(dict.fromkeys(names)) if len(names) == len(found) else ""


def _is_of(claim: str, use: ClaimUse) -> bool:
    """Whether a name is that of a claim a workload uses: `data`, or `data-ledger-0` where each pod has its own."""
    if not use.per_pod:
        return claim == use.field.text()
    name, _, number = claim.rpartition("-")
    return number.isdecimal() and name == f"{use.volume}-{use.workload.name}"


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
