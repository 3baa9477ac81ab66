from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from infracheck.kubernetes.storage import Claim
from infracheck.source.field import NotJudged

if TYPE_CHECKING:
    from collections.abc import Callable

    from infracheck.kubernetes.objects import Objects


def test_claims_are_found_in_three_places(build: Callable[[str], Objects]) -> None:
    objects = build(
        """
        apiVersion: apps/v1
        kind: StatefulSet
        metadata: {name: db}
        spec:
          volumeClaimTemplates: [{metadata: {name: own}, spec: {accessModes: [ReadWriteOnce],
            resources: {requests: {storage: 10Gi}}}}]
          template: {spec: {containers: [], volumes: [{name: named, persistentVolumeClaim: {claimName: shared}},
            {name: gone, persistentVolumeClaim: {claimName: gone}}, {name: cache, ephemeral:
            {volumeClaimTemplate: {spec: {accessModes: [ReadWriteOncePod]}}}}, {name: e, emptyDir: {}}]}}
        ---
        apiVersion: v1
        kind: PersistentVolumeClaim
        metadata: {name: shared}
        spec: {accessModes: [ReadWriteMany, ReadWriteOnce], storageClassName: ""}
        """
    )
    named, gone, cache, own = objects.workloads[0].claims
    assert [one.volume for one in (named, gone, cache, own)] == ["named", "gone", "cache", "own"]
    assert isinstance(named.claim, Claim)
    assert not named.spec.is_single_node
    assert named.spec.storage_class == ""
    assert cache.spec.is_single_node
    assert own.spec.is_single_node
    assert own.spec.size == 10 * 2**30
    assert (named.per_pod, own.per_pod) == (False, True)
    assert gone.claim is None
    with pytest.raises(NotJudged, match="gone"):
        _ = gone.spec
