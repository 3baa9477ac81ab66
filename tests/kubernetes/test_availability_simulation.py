"""The sums of the availability rules against a cluster that is simulated step by step (see `cluster_model`)."""

from __future__ import annotations

import itertools
import json
import random
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import infracheck
from tests.kubernetes.cluster_model import Amount, Budget, Deployment, Drain, Owner

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from infracheck.kubernetes.disruption import DisruptionBudget
    from infracheck.kubernetes.objects import Objects

AMOUNTS: list[Amount] = [0, 1, 2, 3, 5, 8, "0%", "1%", "10%", "20%", "25%", "33%", "34%", "50%", "51%", "67%", "99%",
                         "100%"]  # fmt: skip
CASES = 400
"""How many random clusters of one seed are compared with the verdicts of a scan."""
random_clusters = settings(
    max_examples=2, suppress_health_check=list(HealthCheck), phases=[Phase.explicit, Phase.generate]
)
seeds = given(seed=st.integers(0, 2**32 - 1))


def deployment(
    name: str, spec: dict[str, Any], pod: dict[str, Any] | None = None, labels: dict[str, str] | None = None
) -> dict[str, Any]:
    template = {
        "metadata": {"labels": {"app": name, **(labels or {})}},
        "spec": {"containers": [{"name": "app", "image": "app:1.0"}], **(pod or {})},
    }
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name},
        "spec": {"selector": {"matchLabels": {"app": name}}, "template": template, **spec},
    }


def budget(name: str, said: dict[str, Amount], labels: dict[str, str]) -> dict[str, Any]:
    spec = {**said, "selector": {"matchLabels": labels}}
    return {"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": {"name": name}, "spec": spec}


def autoscaler(name: str, minimum: int, maximum: int) -> dict[str, Any]:
    target = {"apiVersion": "apps/v1", "kind": "Deployment", "name": name}
    spec = {"scaleTargetRef": target, "minReplicas": minimum, "maxReplicas": maximum}
    return {
        "apiVersion": "autoscaling/v2",
        "kind": "HorizontalPodAutoscaler",
        "metadata": {"name": name},
        "spec": spec,
    }


def verdicts(folder: Path, cases: Iterable[list[dict[str, Any]]], rules: tuple[str, ...]) -> dict[int, set[str]]:
    """The rules that report something, for each case: one scan, a namespace for each."""
    documents = [
        json.dumps({**one, "metadata": {**one["metadata"], "namespace": f"case-{number}"}})
        for number, objects in enumerate(cases)
        for one in objects
    ]
    # Each document is JSON, which is YAML too.
    (folder / "manifest.yaml").write_text("\n---\n".join(documents), encoding="utf-8")
    selected = tuple(f"kubernetes/{name}" for name in rules)
    report = infracheck.scan([folder], infracheck.Settings(select=selected))
    assert not report.errors
    assert not report.undecided
    found: dict[int, set[str]] = defaultdict(set)
    for finding in report.findings:
        number = int(finding.address.split("/")[1].removeprefix("case-"))
        found[number].add(finding.rule_id.removeprefix("kubernetes/"))
    return found


# -- sums -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("field", ["minAvailable", "maxUnavailable"])
def test_a_budget_allows_what_the_eviction_api_grants(build: Callable[[str], Objects], field: str) -> None:
    for written in AMOUNTS:
        (one,) = build(json.dumps(budget("b", {field: written}, {"app": "a"}))).budgets
        for replicas in range(13):
            assert one.allowed_disruptions(replicas) == granted(one, replicas), (field, written, replicas)


def granted(one: DisruptionBudget, replicas: int) -> int:
    """How many evictions in a row are granted of pods that all run, before any new one does."""
    least, most = one.at("spec.minAvailable").plain(), one.at("spec.maxUnavailable").plain()
    drain = Drain([Owner(replicas, (0,))], [Budget(least, most)])
    return replicas - drain.fewest_left(0)


def test_a_rolling_update_keeps_the_limits_the_strategy_computes(build: Callable[[str], Objects]) -> None:
    for surge, missing in itertools.product([None, *AMOUNTS], [None, *AMOUNTS]):
        (one,) = build(json.dumps(deployment("a", strategy(surge, missing)))).workloads
        for replicas in range(11):
            model = Deployment(replicas, surge, missing)
            if model.is_refused:
                continue
            assert model.updates(), (replicas, surge, missing)
            # Without room on the nodes for one pod more, the update has only what it may take away.
            assert one.strategy.max_unavailable(replicas) == replicas - model.least_available
            assert min(replicas, one.strategy.max_surge(replicas)) == model.most_pods - replicas


def strategy(surge: Amount | None, missing: Amount | None) -> dict[str, Any]:
    written = {"maxSurge": surge, "maxUnavailable": missing}
    return {"strategy": {"rollingUpdate": {key: value for key, value in written.items() if value is not None}}}


# -- verdicts ---------------------------------------------------------------------------------------------------------

DRAINS = ("pdb-blocks-drain", "overlapping-pdbs", "pdb-on-unscalable-pods", "pdb-without-budget", "pdb-without-effect")


@random_clusters
@seeds
def test_drains_stop_where_a_rule_says_so(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    drains = [_random_drain(chance) for _ in range(CASES)]
    found = verdicts(tmp_path, (_objects_of(drain, chance) for drain in drains), DRAINS)
    blocked = 0
    for number, drain in enumerate(drains):
        rotates = Drain(drain.owners, drain.budgets).rotates()
        assert rotates is not bool(found[number] - {"pdb-without-effect"}), (drain.owners, drain.budgets, found[number])
        blocked += not rotates
    assert CASES // 5 < blocked < CASES * 4 // 5


@random_clusters
@seeds
def test_a_budget_keeps_a_pod_unless_a_rule_says_so(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    drains = [_random_drain(chance) for _ in range(CASES)]
    found = verdicts(tmp_path, (_objects_of(drain, chance) for drain in drains), ("pdb-without-effect",))
    for number, drain in enumerate(drains):
        lost = any(
            owner.pods > 1 and Drain(drain.owners, drain.budgets).fewest_left(index) == 0
            for index, owner in enumerate(drain.owners)
            if len(owner.budgets) == 1
        )
        assert lost is bool(found[number]), (drain.owners, drain.budgets)
    assert 10 < len([number for number in found if found[number]]) < CASES


def _random_drain(chance: random.Random) -> Drain:
    budgets = [_random_budget(chance) for _ in range(chance.choice([1, 1, 1, 2]))]
    owners = []
    for _ in range(chance.choice([1, 1, 2, 3])):
        chosen = tuple(index for index in range(len(budgets)) if chance.random() < 0.7)
        owners.append(Owner(chance.randint(1, 7), chosen))
    if chance.random() < 0.1 and all(needs_scale(one) for one in budgets):
        owners.append(Owner(chance.randint(1, 3), tuple(range(len(budgets)))[:1], "Job"))
    return Drain(owners, budgets)


def _random_budget(chance: random.Random) -> Budget:
    amount = chance.choice(AMOUNTS)
    return chance.choice([Budget(min_available=amount), Budget(max_unavailable=amount)])


def needs_scale(one: Budget) -> bool:
    return one.max_unavailable is not None or isinstance(one.min_available, str)


def _objects_of(drain: Drain, chance: random.Random) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for index, owner in enumerate(drain.owners):
        name = f"w{index}"
        labels = {f"guarded-by-{number}": "yes" for number in owner.budgets}
        if owner.kind == "Job":
            one = deployment(name, {"parallelism": owner.pods}, {"restartPolicy": "Never"}, labels)
            found.append({**one, "apiVersion": "batch/v1", "kind": "Job"})
        elif chance.random() < 0.3:
            found += [deployment(name, {"replicas": owner.pods + 5}, labels=labels), autoscaler(name, owner.pods, 50)]
        else:
            found.append(deployment(name, {"replicas": owner.pods}, labels=labels))
    for number, promise in enumerate(drain.budgets):
        if any(number in owner.budgets for owner in drain.owners):
            written = {"minAvailable": promise.min_available, "maxUnavailable": promise.max_unavailable}
            said = {key: value for key, value in written.items() if value is not None}
            found.append(budget(f"b{number}", said, {f"guarded-by-{number}": "yes"}))
    return found


ROLLOUTS = ("rollout-deadlock", "rollout-outage")


@random_clusters
@seeds
def test_updates_stop_or_empty_where_a_rule_says_so(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    models = [Deployment(chance.randint(1, 9), _perhaps(chance), _perhaps(chance)) for _ in range(CASES)]
    found = verdicts(tmp_path, (_workload(model, chance) for model in models), ROLLOUTS)
    outages = 0
    for number, model in enumerate(models):
        if model.is_refused:
            assert found[number] == {"rollout-deadlock"}, model
            continue
        assert model.updates()
        empty = model.desired > 1 and model.least_available == 0
        assert found[number] == ({"rollout-outage"} if empty else set()), model
        outages += empty
    assert outages > 3  # else nothing was compared; seeds give some ten to thirty


VOLUMES = ("rollout-deadlock", "rolling-update-with-rwo-volume", "shared-rwo-claim")


@random_clusters
@seeds
def test_pods_wait_for_a_volume_where_a_rule_says_so(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    models = [
        Deployment(chance.choice([1, 1, 2, 3, 5]), _perhaps(chance), _perhaps(chance), one_volume=chance.random() < 0.8)
        for _ in range(CASES)
    ]
    found = verdicts(tmp_path, (_workload(model, chance) for model in models), VOLUMES)
    hanging = 0
    for number, model in enumerate(models):
        if model.is_refused:
            continue
        starts, updates = model.starts(), model.updates()
        if not starts:
            assert found[number] == {"shared-rwo-claim"}, model
        else:
            assert found[number] == (set() if updates else {"rolling-update-with-rwo-volume"}), model
            hanging += not updates
    assert hanging > 3  # else nothing was compared; seeds give some ten to thirty


@random_clusters
@seeds
def test_pods_that_keep_apart_run_out_of_zones_where_a_rule_says_so(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    models = [
        Deployment(
            chance.randint(1, 5),
            _perhaps(chance),
            _perhaps(chance),
            nodes=3,
            apart=chance.random() < 0.8,
            same_revision_only=chance.random() < 0.3,
        )
        for _ in range(CASES)
    ]
    found = verdicts(tmp_path, (_workload(model, chance) for model in models), ("anti-affinity-unsatisfiable",))
    hanging = 0
    for number, model in enumerate(models):
        if model.is_refused:
            continue
        works = model.starts() and model.updates()
        assert works is not bool(found[number]), model
        hanging += not works and model.starts()
    assert hanging > 3  # else nothing was compared; seeds give some ten to thirty


def _perhaps(chance: random.Random) -> Amount | None:
    return chance.choice([None, None, *AMOUNTS])


def _workload(model: Deployment, chance: random.Random) -> list[dict[str, Any]]:
    pod: dict[str, Any] = {}
    found: list[dict[str, Any]] = []
    if model.one_volume:
        pod["volumes"] = [{"name": "data", "persistentVolumeClaim": {"claimName": "data"}}]
        claim = {"accessModes": [chance.choice(["ReadWriteOnce", "ReadWriteOncePod"])]}
        found.append({"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": "data"}, "spec": claim})
    if model.apart:
        term: dict[str, Any] = {"topologyKey": "topology.kubernetes.io/zone"}
        term["labelSelector"] = {"matchLabels": {"app": "web"}}
        if model.same_revision_only:
            term["matchLabelKeys"] = ["pod-template-hash"]
        pod["affinity"] = {"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [term]}}
    spec: dict[str, Any] = strategy(model.surge, model.unavailable)
    if chance.random() < 0.3:
        found.append(autoscaler("web", model.desired, model.desired))
    else:
        spec["replicas"] = model.desired
    return [*found, deployment("web", spec, pod)]
