"""Data of a StatefulSet that nothing is seen to back up.

A volume survives its pod, not a deleted claim, a lost zone or a migration that went wrong. What is not backed up, and
restored from time to time to prove it, is gone then. Seen are Velero and K8up schedules, snapshot schedules, VolSync's
replication of each claim, and the annotations of Velero on the pods. Backups made elsewhere (AWS Backup, snapshots by
tag) are invisible in manifests: say so with the annotation `infracheck/backup`. For that reason the rule runs only when
it is selected.

## Fix

Add a schedule that covers the namespace, or annotate the workload with what backs it up.

## References

- [Velero: Schedule](https://velero.io/docs/main/api-types/schedule/)
- [Velero: file system backup](https://velero.io/docs/main/file-system-backup/)
- [Kubernetes: volume snapshots](https://kubernetes.io/docs/concepts/storage/volume-snapshots/)

## Bad: a schedule for another namespace

```yaml manifest.yaml
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: ledger # finding
  namespace: core
spec:
  serviceName: ledger
  selector:
    matchLabels: {app: ledger}
  template:
    metadata:
      labels: {app: ledger}
    spec:
      containers: [{name: app, image: "ledger:1.0"}]
  volumeClaimTemplates:
    - metadata: {name: data}
      spec:
        accessModes: [ReadWriteOnce]
        resources: {requests: {storage: 10Gi}}
---
apiVersion: velero.io/v1
kind: Schedule
metadata:
  name: tools
  namespace: velero
spec:
  schedule: 0 3 * * *
  template:
    includedNamespaces: [tools]
```

## Bad: one claim of two is replicated

```yaml manifest.yaml
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: wiki # finding
spec:
  serviceName: wiki
  selector:
    matchLabels: {app: wiki}
  template:
    metadata:
      labels: {app: wiki}
    spec:
      containers: [{name: app, image: "wiki:1.0"}]
  volumeClaimTemplates:
    - metadata: {name: pages}
      spec:
        accessModes: [ReadWriteOnce]
        resources: {requests: {storage: 10Gi}}
    - metadata: {name: uploads}
      spec:
        accessModes: [ReadWriteOnce]
        resources: {requests: {storage: 10Gi}}
---
apiVersion: volsync.backube/v1alpha1
kind: ReplicationSource
metadata:
  name: pages
spec:
  sourcePVC: pages-wiki-0
  trigger: {schedule: 0 3 * * *}
```

## Good: each claim is replicated

```yaml manifest.yaml
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: wiki
spec:
  serviceName: wiki
  selector:
    matchLabels: {app: wiki}
  template:
    metadata:
      labels: {app: wiki}
    spec:
      containers: [{name: app, image: "wiki:1.0"}]
  volumeClaimTemplates:
    - metadata: {name: pages}
      spec:
        accessModes: [ReadWriteOnce]
        resources: {requests: {storage: 10Gi}}
---
apiVersion: volsync.backube/v1alpha1
kind: ReplicationSource
metadata:
  name: pages
spec:
  sourcePVC: pages-wiki-0
  trigger: {schedule: 0 3 * * *}
```

## Good: a schedule, an annotation, or nothing to keep

```yaml manifest.yaml
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: ledger
  namespace: core
spec:
  serviceName: ledger
  selector:
    matchLabels: {app: ledger}
  template:
    metadata:
      labels: {app: ledger}
    spec:
      containers: [{name: app, image: "ledger:1.0"}]
  volumeClaimTemplates:
    - metadata: {name: data}
      spec:
        accessModes: [ReadWriteOnce]
        resources: {requests: {storage: 10Gi}}
---
apiVersion: velero.io/v1
kind: Schedule
metadata:
  name: nightly
  namespace: velero
spec:
  schedule: 0 3 * * *
  template:
    excludedNamespaces: [kube-system]
---
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: search
  namespace: kube-system
  annotations:
    infracheck/backup: AWS Backup, plan daily-35-days
spec:
  serviceName: search
  selector:
    matchLabels: {app: search}
  template:
    metadata:
      labels: {app: search}
    spec:
      containers: [{name: app, image: "search:1.0"}]
  volumeClaimTemplates:
    - metadata: {name: data}
      spec:
        accessModes: [ReadWriteOnce]
        resources: {requests: {storage: 10Gi}}
---
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: workers
  namespace: kube-system
spec:
  serviceName: workers
  selector:
    matchLabels: {app: workers}
  template:
    metadata:
      labels: {app: workers}
    spec:
      containers: [{name: app, image: "workers:1.0"}]
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Profile, Severity
from infracheck.kubernetes.recovery import backup_of
from infracheck.rule import Target, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.workload import Workload
    from infracheck.rule import Violation


@rule(
    Target.WORKLOAD,
    kinds=("apps/StatefulSet",),
    severity=Severity.MEDIUM,
    category=Category.AVAILABILITY,
    profiles={Profile.DEVELOPMENT: None},
    remedy="Add a backup schedule that covers it, or the annotation `infracheck/backup`.",
    default=False,
)
def stateful_without_backup(workload: Workload) -> Iterator[Violation]:
    """Yield a StatefulSet with claims that nothing is seen to back up."""
    kept = [use.volume for use in workload.claims]
    if kept and not backup_of(workload):
        volumes = ", ".join(kept)
        yield workload.violation(workload.named, f"nothing here backs up the volumes of {workload.address}: {volumes}")
