"""A Kubernetes object that runs pods."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from infracheck.kubernetes.facts.data_stores import DATA_STORES
from infracheck.kubernetes.facts.kinds import COMPLETING, POD_TEMPLATES
from infracheck.kubernetes.facts.labels import CONFIG_LABEL, CONTROLLER_LABELS
from infracheck.kubernetes.manifest import Manifest
from infracheck.kubernetes.nearest import distinct
from infracheck.kubernetes.place import descend
from infracheck.kubernetes.pod import PodSpec
from infracheck.kubernetes.selector import Selector, label_selector, map_selector
from infracheck.kubernetes.storage import ClaimUse, claims_of
from infracheck.kubernetes.strategy import Strategy
from infracheck.source.field import Field
from infracheck.source.values import Mapping

if TYPE_CHECKING:
    from infracheck.kubernetes.autoscaler import Autoscaler
    from infracheck.kubernetes.container import Container
    from infracheck.kubernetes.disruption import DisruptionBudget
    from infracheck.kubernetes.matches import Matches
    from infracheck.kubernetes.network import NetworkPolicy
    from infracheck.kubernetes.service import Service


class Workload(Manifest):
    """What makes pods, or is one.

    Pod, Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController, Job, CronJob, PodTemplate, Argo Rollout,
    Knative Service, OpenShift DeploymentConfig.
    """

    @property
    def template(self) -> Field:
        """Where the pods' metadata and spec stand: `spec.template`; for a Pod the object itself."""
        path = POD_TEMPLATES.get((self.group, self.kind), "spec.template")
        return descend(self.field, path) if path else self.field

    @cached_property
    def pod(self) -> PodSpec:
        """The pod specification. Its field is absent for a Rollout that refers to a Deployment by workloadRef."""
        return PodSpec(descend(self.template, "spec"), self)

    @property
    def pod_labels(self) -> Field:
        """The labels of its pods, as a mapping: those of the template, and the name that a DeploymentConfig adds."""
        labels = descend(self.template, "metadata.labels")
        name = self.field.at("metadata.name").value
        if self.kind != "DeploymentConfig" or name is None or not isinstance(labels.value, Mapping):
            return labels
        if CONFIG_LABEL in labels.value.fields:
            return labels
        return Field(labels.value.with_field(CONFIG_LABEL, name), labels.path, key_origin=labels.key_origin)

    @property
    def pod_annotations(self) -> Field:
        """The annotations of its pods, as a mapping."""
        return descend(self.template, "metadata.annotations")

    @property
    def containers(self) -> tuple[Container, ...]:
        """All containers of its pods, init and ephemeral ones included."""
        return self.pod.containers

    @property
    def is_bare_pod(self) -> bool:
        """Whether it is a Pod that nothing restarts elsewhere."""
        return self.kind == "Pod"

    @property
    def runs_to_completion(self) -> bool:
        """Whether its pods end when their work is done: Job, CronJob, and a Pod that does not restart."""
        return self.kind in COMPLETING or (self.kind == "Pod" and self.pod.restart_policy != "Always")

    @property
    def is_placeholder(self) -> bool:
        """Whether its pods only hold room for others: each of their containers runs the pause image.

        Source: https://kubernetes.io/docs/tasks/administer-cluster/node-overprovisioning/.

        Raises:
            NotJudged: an image is unknown.
        """
        images = [container.image for container in self.pod.main_containers]
        return bool(images) and all(image and image.basename == "pause" for image in images)

    @property
    def runs_data_store(self) -> bool:
        """Whether one of its containers is a database or another program that keeps data of its own.

        Raises:
            NotJudged: an image is unknown.
        """
        images = [container.image for container in self.pod.main_containers]
        return any(image is not None and image.basename in DATA_STORES for image in images)

    @property
    def has_replicas(self) -> bool:
        """Whether it is of a kind that keeps a number of equal pods running."""
        return self.kind in (
            "Deployment", "StatefulSet", "ReplicaSet", "ReplicationController", "Rollout", "DeploymentConfig"
        )  # fmt: skip

    @property
    def replicas_field(self) -> Field:
        """Where the number of pods is written: `spec.replicas`, for jobs `parallelism`."""
        paths = {"Job": "spec.parallelism", "CronJob": "spec.jobTemplate.spec.parallelism"}
        return descend(self.field, paths.get(self.kind, "spec.replicas"))

    @property
    def replicas(self) -> int:
        """How many pods it asks for: `spec.replicas` (jobs: parallelism), 1 where nothing is written.

        1 also for kinds that have no such number (Pod; DaemonSet, which has one per node; Knative, which scales by
        itself).

        Raises:
            NotJudged: the number is unknown.
        """
        if not self.has_replicas and self.kind not in COMPLETING:
            return 1
        number = self.replicas_field.number(1)
        return 1 if number is None else int(number)

    @property
    def lowest_replicas(self) -> int:
        """The fewest pods it runs by design: the minimum of its autoscaler if it has one, else `replicas`.

        A HorizontalPodAutoscaler does not touch a workload that is set to 0 (`ScalingDisabled` in
        https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#implicit-maintenance-mode-deactivation);
        KEDA wakes it up.

        Raises:
            NotJudged: a number is unknown, or whether an autoscaler targets it.
        """
        autoscaler = self._active_autoscaler
        return autoscaler.minimum if autoscaler else self.replicas

    @property
    def lowest_replicas_field(self) -> Field:
        """Where the number of `lowest_replicas` is written.

        Raises:
            NotJudged: a number is unknown, or whether an autoscaler targets it.
        """
        autoscaler = self._active_autoscaler
        return autoscaler.minimum_field if autoscaler else self.replicas_field

    @property
    def highest_replicas(self) -> int | None:
        """The most pods it runs by design: the maximum of its autoscaler if it has one, else `replicas`.

        None for an autoscaler without a maximum, which Kubernetes refuses.

        Raises:
            NotJudged: a number is unknown, or whether an autoscaler targets it.
        """
        autoscaler = self._active_autoscaler
        return autoscaler.maximum if autoscaler else self.replicas

    @property
    def _active_autoscaler(self) -> Autoscaler | None:
        autoscaler = self.hpa
        if autoscaler is None or autoscaler.is_keda or not self.replicas_field.exists:
            return autoscaler
        return autoscaler if self.replicas else None

    @property
    def strategy(self) -> Strategy:
        """How it replaces its pods: `spec.strategy`, for StatefulSet and DaemonSet `spec.updateStrategy`."""
        key = "updateStrategy" if self.kind in ("StatefulSet", "DaemonSet") else "strategy"
        return Strategy(self.kind, descend(self.field, f"spec.{key}"))

    @property
    def selector(self) -> Selector:
        """The selector by which it finds its pods. Absent for jobs and bare pods, which need none."""
        field = descend(self.field, "spec.selector")
        flat = self.kind in ("ReplicationController", "DeploymentConfig")
        return map_selector(field) if flat else label_selector(field)

    def is_selected_by(self, selector: Selector) -> bool:
        """Whether a selector in its namespace picks its pods. Labels that controllers add are taken to fit.

        Raises:
            NotJudged: that depends on an unknown value.
        """
        return selector.matches(self.pod_labels, taken_to_hold=CONTROLLER_LABELS)

    @property
    def claims(self) -> list[ClaimUse]:
        """The claims its pods mount: named ones, ephemeral ones, those of a StatefulSet's templates.

        Raises:
            NotJudged: a list that holds them is unknown.
        """
        return claims_of(self)

    @property
    def autoscalers(self) -> Matches[Autoscaler]:
        """The HorizontalPodAutoscalers and KEDA ScaledObjects that target it."""
        return self.objects.autoscalers_of(self)

    @property
    def hpa(self) -> Autoscaler | None:
        """The first of `autoscalers`, that of its own stack before those of others; or None.

        Raises:
            NotJudged: none targets it for certain, but one might.
        """
        found = self.autoscalers
        return distinct(found.certain, self)[0] if found else None

    @property
    def pdbs(self) -> Matches[DisruptionBudget]:
        """The PodDisruptionBudgets that select its pods."""
        return self.objects.budgets_of(self)

    @property
    def services(self) -> Matches[Service]:
        """The Services that send traffic to its pods."""
        return self.objects.services_of(self)

    @property
    def network_policies(self) -> Matches[NetworkPolicy]:
        """The NetworkPolicies that select its pods."""
        return self.objects.network_policies_of(self)
