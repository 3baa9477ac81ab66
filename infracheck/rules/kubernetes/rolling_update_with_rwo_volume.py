"""Rolling update of a Deployment whose volume only one node can hold.

A rolling update starts the new pod while the old one still runs. A ReadWriteOnce volume is attached to the old pod's
node: on any other node the new pod waits for it, the old pod waits for the new one to become ready, and the release
hangs until somebody deletes a pod. Where both pods land on the same node it is worse: two versions write to the same
files. An EBS volume is always of this kind. An update goes through only where `maxUnavailable` lets the controller
remove the old pod first; with one replica the default of 25 % rounds down to none. The rule looks at workloads of one
pod: several are judged by `kubernetes/shared-rwo-claim`.

## Fix

Set `strategy: {type: Recreate}` (and remove `rollingUpdate`): the old pod goes first. Or use a StatefulSet, which
replaces its pods that way by itself, or a volume that several nodes may mount (ReadWriteMany on EFS).

## References

- [Persistent Volumes: access modes](https://kubernetes.io/docs/concepts/storage/persistent-volumes/#access-modes)
- [Deployments: strategy](https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#strategy)
- [Amazon EBS CSI driver](https://docs.aws.amazon.com/eks/latest/userguide/ebs-csi.html)

## Bad: written, and by default

```yaml manifest.yaml
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: mail
spec:
  accessModes: [ReadWriteOnce]
  resources: {requests: {storage: 1Gi}}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: mailpit
spec:
  strategy:
    type: RollingUpdate # finding
  selector:
    matchLabels: {app: mailpit}
  template:
    metadata:
      labels: {app: mailpit}
    spec:
      containers: [{name: app, image: "mailpit:1.0"}]
      volumes:
        - name: mail
          persistentVolumeClaim: {claimName: mail}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: reader
spec: # finding
  selector:
    matchLabels: {app: reader}
  template:
    metadata:
      labels: {app: reader}
    spec:
      containers: [{name: app, image: "reader:1.0"}]
      volumes:
        - name: mail
          persistentVolumeClaim: {claimName: mail}
```

## Bad: an overlay brings the strategy back

```yaml base/kustomization.yaml
resources: [manifest.yaml]
```

```yaml base/manifest.yaml
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: mail
spec:
  accessModes: [ReadWriteOnce]
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: mailpit
spec:
  strategy:
    type: Recreate
  selector:
    matchLabels: {app: mailpit}
  template:
    metadata:
      labels: {app: mailpit}
    spec:
      containers: [{name: app, image: "mailpit:1.0"}]
      volumes:
        - name: mail
          persistentVolumeClaim: {claimName: mail}
```

```yaml overlays/production/kustomization.yaml
resources: [../../base]
patches:
  - path: strategy.yaml
```

```yaml overlays/production/strategy.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: mailpit
spec:
  strategy:
    type: RollingUpdate # finding
    rollingUpdate: {maxSurge: 1, maxUnavailable: 0}
```

## Good: the old pod goes first, or the volume can be shared or is each pod's own

```yaml manifest.yaml
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: mail
spec:
  accessModes: [ReadWriteOnce]
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: media
spec:
  accessModes: [ReadWriteMany]
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: mailpit
spec:
  strategy: {type: Recreate}
  selector:
    matchLabels: {app: mailpit}
  template:
    metadata:
      labels: {app: mailpit}
    spec:
      containers: [{name: app, image: "mailpit:1.0"}]
      volumes:
        - name: mail
          persistentVolumeClaim: {claimName: mail}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: surgeless
spec:
  replicas: 1
  strategy:
    rollingUpdate: {maxSurge: 0, maxUnavailable: 1}
  selector:
    matchLabels: {app: surgeless}
  template:
    metadata:
      labels: {app: surgeless}
    spec:
      containers: [{name: app, image: "mailpit:1.0"}]
      volumes:
        - name: mail
          persistentVolumeClaim: {claimName: mail}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: images
spec:
  replicas: 3
  selector:
    matchLabels: {app: images}
  template:
    metadata:
      labels: {app: images}
    spec:
      containers: [{name: app, image: "images:1.0"}]
      volumes:
        - name: media
          persistentVolumeClaim: {claimName: media}
        - name: scratch
          ephemeral:
            volumeClaimTemplate:
              spec:
                accessModes: [ReadWriteOnce]
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: yielding
spec:
  replicas: 1
  strategy:
    rollingUpdate: {maxSurge: 1, maxUnavailable: 1}
  selector:
    matchLabels: {app: yielding}
  template:
    metadata:
      labels: {app: yielding}
    spec:
      containers: [{name: app, image: "mailpit:1.0"}]
      volumes:
        - name: mail
          persistentVolumeClaim: {claimName: mail}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: thumbnails
spec:
  replicas: 1
  selector:
    matchLabels: {app: thumbnails}
  template:
    metadata:
      labels: {app: thumbnails}
    spec:
      containers: [{name: app, image: "thumbnails:1.0"}]
      volumes:
        - name: media
          persistentVolumeClaim: {claimName: media}
        - name: scratch
          ephemeral:
            volumeClaimTemplate:
              spec:
                accessModes: [ReadWriteOnce]
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Profile, Severity
from infracheck.kubernetes.storage import ClaimUse, claims_of
from infracheck.rule import Target, rule
from infracheck.source.field import find

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.workload import Workload
    from infracheck.rule import Violation


@rule(
    Target.WORKLOAD,
    kinds=("Deployment",),
    severity=Severity.MEDIUM,
    category=Category.AVAILABILITY,
    profiles={Profile.DEVELOPMENT: Severity.LOW},
    remedy="Set `strategy: {type: Recreate}`, or use a StatefulSet.",
)
def rolling_update_with_rwo_volume(workload: Workload) -> Iterator[Violation]:
    """Yield the strategy if the new pod would wait for the volume of the old one."""
    uses = claims_of(workload)
    if not uses or workload.strategy.type != "RollingUpdate":
        return
    if workload.lowest_replicas != 1 or workload.highest_replicas != 1 or workload.strategy.max_unavailable(1) > 0:
        return
    guilty = find(uses, _is_held_by_one_node)
    if guilty is not None:
        yield workload.violation(
            "spec.strategy.type",
            f"{workload.address}: 1 replica, maxUnavailable 0: the new pod, if on another node, waits for the "
            f"ReadWriteOnce volume {guilty.volume}, which the old one holds",
            related=[("the volume", guilty.field)],
        )


def _is_held_by_one_node(use: ClaimUse) -> bool:
    return not use.per_pod and use.spec.is_single_node
