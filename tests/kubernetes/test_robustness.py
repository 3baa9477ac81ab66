"""Whatever stands where something else is expected, views answer or raise `NotJudged`; nothing else."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

from hypothesis import given
from hypothesis import strategies as st

from infracheck.findings.severity import Profile
from infracheck.kubernetes.configuration import Configuration
from infracheck.kubernetes.disruption import DisruptionBudget
from infracheck.kubernetes.ingress import Ingress
from infracheck.kubernetes.karpenter import NodeClass, NodePool
from infracheck.kubernetes.matches import Matches, gather
from infracheck.kubernetes.network import NetworkPolicy
from infracheck.kubernetes.objects import Objects
from infracheck.kubernetes.rbac import Role
from infracheck.kubernetes.service import Service
from infracheck.rule import Context
from infracheck.source.field import NotJudged
from infracheck.source.files import SourceFile, Span
from infracheck.source.origin import Origin
from infracheck.source.values import Mapping, Scalar, Sequence, Unknown, Value, walk
from infracheck.source.yaml import Dialect, read_documents

if TYPE_CHECKING:
    from collections.abc import Callable

    from infracheck.config.settings import Settings
    from infracheck.kubernetes.manifest import Manifest
    from infracheck.kubernetes.workload import Workload

CONTEXT = Context("", Profile.PRODUCTION, "stack", cast("Settings", None))
ORIGIN = Origin(Span(SourceFile("junk.yaml", ""), 0, 0))

MANIFESTS = """
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: web, namespace: core, labels: {app: web}, annotations: {a: b}}
spec:
  replicas: 3
  serviceName: web
  selector: {matchLabels: {app: web}, matchExpressions: [{key: app, operator: In, values: [web]}]}
  updateStrategy: {type: RollingUpdate, rollingUpdate: {maxUnavailable: 25%, maxSurge: 1}}
  volumeClaimTemplates: [{metadata: {name: data}, spec: {accessModes: [ReadWriteOnce], storageClassName: gp3,
    resources: {requests: {storage: 10Gi}}}}]
  template:
    metadata: {labels: {app: web}, annotations: {a: b}}
    spec:
      serviceAccountName: web
      priorityClassName: high
      securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}
      imagePullSecrets: [{name: pull}]
      nodeSelector: {kubernetes.io/os: linux}
      tolerations: [{key: spot, operator: Exists, effect: NoSchedule, tolerationSeconds: 5}]
      topologySpreadConstraints: [{maxSkew: 1, topologyKey: zone, labelSelector: {matchLabels: {app: web}}}]
      affinity:
        nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions:
          [{key: karpenter.sh/capacity-type, operator: In, values: [spot]}]}]}}
        podAntiAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [{weight: 5, podAffinityTerm:
          {topologyKey: host, labelSelector: {matchLabels: {app: web}}}}]}
      initContainers: [{name: i, restartPolicy: Always}]
      volumes: [{name: c, configMap: {name: app}}, {name: p, projected: {sources: [{secret: {name: s}}]}},
        {name: d, persistentVolumeClaim: {claimName: d}}, {name: e, ephemeral: {volumeClaimTemplate: {spec: {}}}}]
      containers:
        - name: web
          image: nginx:1
          command: [sh]
          env: [{name: A, value: b}, {name: B, valueFrom: {secretKeyRef: {name: s, key: k, optional: false}}}]
          envFrom: [{configMapRef: {name: app}}]
          ports: [{name: http, containerPort: 80, hostPort: 80}]
          livenessProbe: {httpGet: {port: http}, periodSeconds: 5}
          resources: {requests: {cpu: 1, memory: 1Gi}, limits: {memory: 1Gi}}
          volumeMounts: [{name: c, mountPath: /c}]
          securityContext: {privileged: false, capabilities: {drop: [ALL], add: [CHOWN]}}
---
apiVersion: batch/v1
kind: CronJob
metadata: {name: job, namespace: core}
spec: {jobTemplate: {spec: {parallelism: 1, template: {spec: {containers: [{name: a}], restartPolicy: Never}}}}}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: core}
spec: {type: ClusterIP, selector: {app: web}, ports: [{name: http, port: 80, targetPort: http}]}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: web, namespace: core}
spec: {minAvailable: 50%, selector: {matchLabels: {app: web}}}
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web, namespace: core}
spec: {scaleTargetRef: {apiVersion: apps/v1, kind: StatefulSet, name: web}, minReplicas: 2, maxReplicas: 4,
  metrics: [{type: Resource, resource: {name: cpu, target: {averageUtilization: 80}}}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: core}
spec: {podSelector: {matchLabels: {app: web}}, policyTypes: [Ingress], ingress: [{from: [{podSelector: {}},
  {namespaceSelector: {matchLabels: {team: a}}}, {ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}],
  ports: [{port: 80}]}]}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: core, annotations: {alb.ingress.kubernetes.io/listen-ports: '[{"HTTPS": 443}]',
  alb.ingress.kubernetes.io/tags: a=b, cert-manager.io/issuer: x}}
spec: {ingressClassName: alb, tls: [{hosts: [a.b], secretName: t}], rules: [{host: a.b, http: {paths: [{path: /,
  pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}}]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: r, namespace: core}
rules: [{apiGroups: [""], resources: [pods], verbs: [get], resourceNames: [a]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: r, namespace: core}
roleRef: {kind: Role, name: r}
subjects: [{kind: ServiceAccount, name: web, namespace: core}]
---
apiVersion: karpenter.sh/v1
kind: NodePool
metadata: {name: p}
spec: {limits: {cpu: 10}, disruption: {consolidateAfter: 1m, budgets: [{nodes: 10%}]},
  template: {metadata: {labels: {a: b}},
  spec: {expireAfter: 720h, nodeClassRef: {name: n}, taints: [{key: spot, effect: NoSchedule, value: a}],
  requirements: [{key: karpenter.sh/capacity-type, operator: In, values: [spot]}, {key: x, operator: Gt,
  values: ["2"]}]}}}
---
apiVersion: karpenter.k8s.aws/v1
kind: EC2NodeClass
metadata: {name: n}
spec: {metadataOptions: {httpTokens: required}, blockDeviceMappings: [{ebs: {encrypted: true}}], amiSelectorTerms: [{}]}
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: {name: s, namespace: core}
spec: {refreshInterval: 1h, secretStoreRef: {kind: ClusterSecretStore, name: store},
  target: {name: s, creationPolicy: Owner},
  data: [{secretKey: k, remoteRef: {key: /a}}], dataFrom: [{find: {name: {regexp: x}}}, {extract: {key: /b}}]}
---
apiVersion: external-secrets.io/v1
kind: ClusterSecretStore
metadata: {name: store}
spec: {provider: {aws: {service: ParameterStore, auth: {secretRef: {}}}}}
---
apiVersion: v1
kind: Secret
metadata: {name: app, namespace: core}
data: {a: aGk=}
stringData: {b: c}
---
{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: d, namespace: core},
 spec: {accessModes: [ReadWriteMany]}}
---
{apiVersion: v1, kind: ServiceAccount, metadata: {name: web, namespace: core}, imagePullSecrets: [{name: pull}]}
---
{apiVersion: v1, kind: Namespace, metadata: {name: core, labels: {team: a}}}
---
{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition,
 spec: {scope: Cluster, names: {kind: K}, group: g}}
"""

ROOTS = [
    document.value
    for document in read_documents(SourceFile("all.yaml", MANIFESTS), Dialect.KUBERNETES)
    if isinstance(document.value, Mapping)
]
CALLS: dict[type[Manifest], tuple[tuple[Any, ...], ...]] = {
    DisruptionBudget: (("allowed_disruptions", 3),),
    NetworkPolicy: (("denies_all", "Ingress"), ("allows_all", "Egress")),
    Role: (("grants", "get", "pods/exec"),),
    Configuration: (("decoded", "a"), ("decoded", "b"), ("has_key", "c")),
    NodeClass: (("metadata_option", "httpTokens"),),
    NodePool: (("limit", "cpu"), ("values", "x")),
    Ingress: (("action", "x"), ("alb", "scheme")),
}
"""What a view offers that takes arguments."""

JUNK: list[Value] = [
    Scalar(None, ORIGIN),
    Scalar(True, ORIGIN),
    Scalar(-1, ORIGIN),
    Scalar(10**30, ORIGIN),
    Scalar(0.5, ORIGIN),
    Scalar(float("nan"), ORIGIN),
    Scalar(float("inf"), ORIGIN),
    Scalar(Decimal("1.5"), ORIGIN),
    Scalar("", ORIGIN),
    Scalar("text", ORIGIN),
    Scalar("%", ORIGIN),
    Scalar("\ud800\x00", ORIGIN),
    Scalar("9" * 400, ORIGIN),
    Scalar('[{"HTTP": "x"}, 1]', ORIGIN),
    Mapping({}, ORIGIN),
    Mapping({"a": Scalar("b", ORIGIN), "": Scalar(None, ORIGIN)}, ORIGIN),
    Sequence((), ORIGIN),
    Sequence((Scalar("a", ORIGIN), Scalar(None, ORIGIN), Sequence((), ORIGIN), Mapping({}, ORIGIN)), ORIGIN),
    Unknown("not set", ORIGIN),
    Sequence((Unknown("not set", ORIGIN),), ORIGIN),
    Mapping({"name": Unknown("not set", ORIGIN), "kind": Unknown("not set", ORIGIN)}, ORIGIN),
]


def replaced(value: Value, target: Value, junk: Value) -> Value:
    """The tree with one node, found by identity, replaced."""
    if value is target:
        return junk
    if isinstance(value, Mapping):
        return replace(value, fields={key: replaced(below, target, junk) for key, below in value.fields.items()})
    if isinstance(value, Sequence):
        return replace(value, items=tuple(replaced(item, target, junk) for item in value.items))
    return value


def touch(view: object, seen: set[type], depth: int = 4) -> None:
    """Read every property of a view, and of what it gives."""
    if not type(view).__module__.startswith("infracheck.kubernetes") or depth == 0:
        return
    seen.add(type(view))
    for name in dir(type(view)):
        if name.startswith("_") or name in ("objects", "workload", "by", "policy", "binding"):
            continue
        try:
            value = getattr(view, name)
            listed = isinstance(value, list | tuple | Matches) or hasattr(value, "__next__")
            found = list(value) if listed else [value]
        except NotJudged:
            continue
        for one in found:
            touch(one, seen, depth - 1)


def exercise(roots: list[Mapping]) -> set[type]:
    """Use all that views offer, and tell which views there were."""
    objects = Objects.build([(root, CONTEXT, "") for root in roots], CONTEXT)
    seen: set[type] = set()
    touch(objects, seen)
    for reference in objects.references:
        attempt(objects.providers_of, reference)
    for manifest in objects.manifests:
        touch(manifest, seen)
        attempt(objects.users_of, manifest)
        assert isinstance(manifest.address, str)
        manifest.violation("spec.template.spec.containers[0].image", "m")
        if isinstance(manifest, Service | DisruptionBudget | NetworkPolicy):
            same(manifest.workloads, gather(objects.workloads, manifest.selects))
        for name, *arguments in CALLS.get(type(manifest), ()):
            attempt(getattr(manifest, name), *arguments)
    for workload in objects.workloads:
        exercise_workload(workload, objects)
    return seen


def exercise_workload(workload: Workload, objects: Objects) -> None:
    """Use what takes a number, a path or another object."""
    attempt(workload.strategy.max_unavailable, 3)
    attempt(workload.strategy.max_surge, 3)
    for container in workload.containers:
        attempt(container.requests, "cpu")
        attempt(container.limits, "memory")
        attempt(container.capabilities.has, "CHOWN")
        for path in ("runAsNonRoot", "seccompProfile.type", "privileged"):
            attempt(container.effective_security(path).text)
    same(objects.services_of(workload), gather(objects.services, lambda one: one.selects(workload)))
    same(objects.budgets_of(workload), gather(objects.budgets, lambda one: one.selects(workload)))
    same(objects.network_policies_of(workload), gather(objects.network_policies, lambda one: one.selects(workload)))
    same(objects.autoscalers_of(workload), gather(objects.autoscalers, lambda one: one.targets(workload)))
    for pool in objects.views(NodePool):
        attempt(pool.accepts, workload.pod)
    for policy in objects.network_policies:
        attempt(policy.isolates, workload, "Egress")
        for rule in attempt(policy.rules, "Ingress"):
            for peer in attempt(lambda rule=rule: rule.peers):
                attempt(peer.selects, workload)


def same(found: Matches[Any], thorough: Matches[Any]) -> None:
    """A search that looks at few candidates finds what looking at all would find."""
    assert found.certain == thorough.certain
    assert (found.doubt is None) == (thorough.doubt is None)


def attempt(use: Callable[..., Any], *arguments: object) -> list[Any]:
    """What a use gives, nothing where it cannot be judged."""
    try:
        found = use(*arguments)
        return list(found) if isinstance(found, list | tuple | Matches) else [found]
    except NotJudged:
        return []


def test_every_view_is_exercised() -> None:
    seen = {view.__name__ for view in exercise(ROOTS)}
    wanted = """Objects Workload PodSpec Container Probe Image EnvVar Port Mount Volume Capabilities Strategy Selector
        Service ServicePort DisruptionBudget Autoscaler Metric NetworkPolicy Ingress IngressPath Backend Role PolicyRule
        Binding Subject Claim ClaimUse ClaimSpec NodePool NodeClass Taint Toleration SpreadConstraint AffinityTerm
        ExternalSecret SecretStore RemoteKey Configuration ServiceAccount Reference"""
    assert set(wanted.split()) <= seen


@given(st.data())
def test_junk_anywhere_crashes_nothing(data: st.DataObject) -> None:
    roots = list(ROOTS)
    for _ in range(data.draw(st.integers(1, 3))):
        index = data.draw(st.integers(0, len(roots) - 1))
        nodes = list(walk(roots[index]))[1:]
        target = nodes[data.draw(st.integers(0, len(nodes) - 1))] if nodes else roots[index]
        changed = replaced(roots[index], target, data.draw(st.sampled_from(JUNK)))
        if isinstance(changed, Mapping):
            roots[index] = changed
    exercise(roots)


def test_an_empty_mapping_is_an_object_of_no_kind() -> None:
    objects = Objects.build([(Mapping({}, ORIGIN), CONTEXT, "")], CONTEXT)
    assert objects.manifests[0].address == "/default/?"
