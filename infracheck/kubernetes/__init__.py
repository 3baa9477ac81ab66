"""Kubernetes objects as rules see them: typed views over the value tree.

A view hides where Kubernetes keeps things, fills in the defaults of the API server and rounds as the controllers do.
What is unknown raises `NotJudged` when it is read: a rule needs no case for it. The target of a rule is a view.

    @rule(Target.CONTAINER, severity=Severity.HIGH, category=Category.SECURITY, remedy="Pin the image by its digest.")
    def check(container: Container) -> Iterator[Violation]:
        image = container.image
        if image and not image.is_pinned:
            yield container.violation("image", f"container {container.shown_name} runs {image.text}, which may change")

**Any object** (`Target.MANIFEST`, `kinds=("Ingress",)` or `("karpenter.sh/NodePool",)`)

| wanted | how |
|---|---|
| a field, present or not | `one.at("spec.ports[0].port")`; `.exists` `.text()` `.number()` `.boolean()`, iteration |
| kind, group, name, namespace | `.kind` `.group` `.group_kind` `.name` `.namespace` (the effective one) |
| labels and annotations | `.label("app")` `.annotation("a.b/c")`; all: `.labels.items()` |
| to report | `one.violation("spec.type", "Service web is open")`; absent fields point where to add them |
| everything else | `.objects` (the index), `.context.environment`, `.context.profile`, `.context.settings` |

**Workloads, pods, containers** (`Target.WORKLOAD`, `POD_SPEC`, `CONTAINER`)

| wanted | how |
|---|---|
| pods of a workload | `.pod` (`PodSpec`), `.pod_labels`, `.pod_annotations`, `.containers` |
| how many | `.replicas`, `.lowest_replicas` (the autoscaler's minimum counts), `.replicas_field`, `.has_replicas` |
| how many at most, and where it is written | `.highest_replicas`, `.lowest_replicas_field` |
| how it is replaced | `.strategy.type`, `.strategy.max_unavailable(replicas)`, `.strategy.field` |
| what belongs to it | `.hpa` `.pdbs` `.services` `.network_policies`: see `Matches` below |
| its volume claims | `.claims`: `.spec.is_single_node` (ReadWriteOnce), `.spec.size` bytes, `.per_pod` |
| does it end | `.runs_to_completion`, `.is_bare_pod` |
| pod settings | `pod.at("hostNetwork")`, `.service_account` `.restart_policy` `.grace_period` |
| volumes | `pod.volumes` (`.name` `.kind` `.source`), `pod.volume("data")`, `pod.mounts_of("data")` |
| where it runs | `pod.tolerations` `.node_alternatives` `.spread` `.anti_affinity` (those that count its own pods) |
| which containers | `pod.main_containers`, `.init_containers`; `container.is_init` `.is_sidecar` `.runs_throughout` |
| image | `container.image`: `.registry` `.repository` `.tag` `.effective_tag` `.digest` `.is_pinned` `.valid` |
| resources | `.requests("cpu")` millicores, `.limits("memory")` bytes, None if unset |
| resources as written | `.resource("limits", "cpu")`: a field |
| probes | `.probe("liveness")`: `.handler` `.port` `.period` `.timeout` `.failure_threshold` `.budget` (seconds) |
| security | `.effective_security("runAsNonRoot")`: own or the pod's; `.capabilities.has("NET_RAW")` |
| environment | `.env` (`.name` `.value` `.source`), `.env_from`, `.ports`, `.mounts` |

**All objects** (`Target.OBJECTS`, or `.objects` of any view)

| wanted | how |
|---|---|
| of a kind | `objects.workloads` `.containers` `.services` `.ingresses` `.of_kind("Secret")` `.views(NodePool)` |
| by name | `objects.named("ConfigMap", "app", "core-api")` |
| who names whom | `objects.references` (`.kind` `.name` `.is_optional` `.is_builtin`), `objects.users_of(one)` |
| does it exist | `objects.providers_of(reference)`: the object, or the ExternalSecret, Certificate ... that makes it |

Searches give `Matches`: `if not workload.pdbs:` judges if it can and raises `NotJudged` if an unknown decides; iterate
it, or take `.first`.

**Other kinds** (`views.VIEWS` lists them all; their modules say what they offer)

| kind | view | offers, among others |
|---|---|---|
| Service | `service.Service` | `.type` `.is_exposed` `.has_selector` `.ports` `.workloads` |
| Ingress | `ingress.Ingress` | `.hosts` `.paths` `.backends` `.tls` `.is_alb` `.group_name` `.group_members` |
| PodDisruptionBudget | `disruption.DisruptionBudget` | `.allowed_disruptions(replicas)` `.share` `.workloads` |
| HPA, ScaledObject | `autoscaler.Autoscaler` | `.minimum` `.maximum` `.metrics` `.workloads` |
| NetworkPolicy | `network.NetworkPolicy` | `.isolates(workload, "Egress")` `.denies_all(...)` `.rules(...)` |
| Role, ClusterRole | `rbac.Role` | `.rules` `.grants("create", "pods/exec")` `.bindings` |
| their bindings | `rbac.Binding` | `.role` `.role_name` `.subjects` `.is_cluster_wide` |
| PersistentVolumeClaim | `storage.Claim` | `.spec.access_modes` `.spec.size` |
| ConfigMap, Secret | `configuration.Configuration` | `.entries` `.has_key("a")` `.decoded("a")` |
| NodePool | `karpenter.NodePool` | `.allows_spot` `.accepts(pod)` `.refusal(pod)` `.expire_after` `.limit("cpu")` |
| EC2NodeClass | `karpenter.NodeClass` | `.metadata_option("httpTokens")` `.block_devices` |
| ExternalSecret | `external_secrets.ExternalSecret` | `.remote_keys` `.secret_name` `.store` |

Numbers: `quantity` (`quantity(field)`, `int_or_percent(field)`), `duration`. Published facts (removed API versions,
default capabilities, safe sysctls, well-known labels): `facts`.

Questions about several objects have a module each: `alb` (the settings of the load balancer an Ingress ends up on),
`external_dns` (host names that are published), `observability` (monitors and alert rules), `quota` (what a namespace
may use), `amounts` (requests and limits, with what is filled in), `spot` (pods on spot nodes), `recovery` (what backs
data up), `nearest` (which of several clusters' objects belong together), `release` (which Kubernetes the cluster runs),
`schema`.
"""
