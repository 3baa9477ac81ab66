"""Write docs/migrating.md: what each check of other tools is called here, or why there is none.

    python scripts/migrating.py

The names of the checks are those of the tools' own documentation: https://docs.kubelinter.io/#/generated/checks,
https://github.com/zegl/kube-score/blob/master/README_CHECKS.md, https://polaris.docs.fairwinds.com/checks/security/,
https://www.checkov.io/5.Policy%20Index/kubernetes.html, https://avd.aquasec.com/misconfig/kubernetes/. The rules come
from the `aliases` of our rules, so that the page can't fall behind them; `tests/test_docs.py` holds it current.
"""

from __future__ import annotations

import json
from pathlib import Path

import infracheck

PAGE = Path(__file__).resolve().parent.parent / "docs" / "migrating.md"
CHECKS: dict[str, list[str]] = json.loads(Path(__file__).with_name("checks_of_other_tools.json").read_text("utf-8"))
"""The checks of each tool that speak of Kubernetes, in the tool's spelling."""
PREFIXES = {
    "kube-linter": "kube-linter:",
    "kube-score": "kube-score:",
    "polaris": "polaris:",
    "checkov": "",
    "trivy": "",
}
POD_SECURITY_POLICY = "PodSecurityPolicy is gone since Kubernetes 1.25; `kubernetes/removed-api-version` reports one"
CONTROL_PLANE = (
    "a flag of the control plane or a kubelet: EKS and GKE run those, and no manifest of a tenant sets them. Their "
    "logging, endpoint and encryption are Terraform's: `terraform/*`"
)
REASONS = {
    "kube-linter:sorted-keys": "the order of keys means nothing to Kubernetes; a formatter's work",
    "KSV-0042": "`pods/log` has no delete verb: the check can't fire on what the API server accepts",
    "KSV-0049": "writing ConfigMaps is what every deployer does; `aws-auth` has `kubernetes/aws-auth-writable`",
    "KSV-01010": "user names and mail addresses are no secrets; credentials are `kubernetes/plaintext-secret-in-env`'s",
    "CKV_K8S_159": "who may write `GITSYNC_GIT` may write the image and the command as well: it opens nothing",
    "KSV-0124": "it is about the templates of Gatekeeper; our registry prefixes end at a slash",
    **dict.fromkeys((f"CKV_K8S_{number}" for number in (1, 2, 3, 4, 5, 6, 7, 24, 32, 36)), POD_SECURITY_POLICY),
    **{f"CKV_K8S_{number}": CONTROL_PLANE for number in range(68, 152)},
    **{f"KCV-{number:04}": CONTROL_PLANE for number in range(1, 93)},
}
"""Why a check has no rule."""
DISAGREEMENTS = """\
## Where we disagree

Selected by the ids of these tools, our rules give the verdicts that the tools' own examples are labelled with, except
for these:

| check | case | they say | what we say, and who is right |
|---|---|---|---|
| CKV_K8S_31 | seccomp set by the old annotations alone | passes | We are: the kubelet has not read these annotations \
[since 1.27](https://kubernetes.io/docs/tutorials/security/seccomp/). \
[annotation-without-effect](rules/kubernetes/annotation-without-effect.md) points at them. |
| KSV-0022 | `drop: [ALL]`, `add: [NET_BIND_SERVICE]` | fails | We are silent, and right: both [Pod Security Standards]\
(https://kubernetes.io/docs/concepts/security/pod-security-standards/) allow it. Where ALL is not dropped, \
[redundant-capability](rules/kubernetes/redundant-capability.md) says that the line changes nothing. |
| KSV-0036 | a pod that says nothing of `automountServiceAccountToken` | passes | We are: the token is \
[mounted by default](https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/). \
[mounted-service-account-token](rules/kubernetes/mounted-service-account-token.md) reports it, unless the account is \
bound to a role. |
| kube-linter:dangling-networkpolicy, -networkpolicypeer-podselector, -servicemonitor; kube-score:service-targets-pod \
| a selector for a namespace of which the manifests hold no workload, or no Service | fails | We don't judge: a \
selector [means its own namespace](https://kubernetes.io/docs/concepts/services-networking/network-policies/), whose \
pods may stand in another repository. |
| kube-linter:drop-net-raw-capability | `capabilities` without a value | passes | We are: what is not dropped \
[stays](https://kubernetes.io/docs/tasks/configure-pod-container/security-context/#set-capabilities-for-a-container), \
as it does for a container that says nothing, which they report. |
| kube-linter:env-var-secret | a variable `SECRET_BLAH` | fails | We look at names that end in such a word: \
`SECRET_NAME` and `SECRET_PATH` only [lead to a Secret](https://kubernetes.io/docs/concepts/configuration/secret/). |
| kube-linter:job-ttl-seconds-after-finished | a CronJob whose Jobs have a TTL | fails | We are silent: [the \
TTL](https://kubernetes.io/docs/concepts/workloads/controllers/ttlafterfinished/) and the limits of the history both \
clean up, and whichever comes first does no harm. |
| kube-linter:liveness-port, readiness-port, startup-port | a probe of a port number that is not declared, or of a \
port declared for UDP | fails | We are: `ports` is \
[informational](https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#ports), and a \
container listens on what it does not declare. Only names are looked up there. |
| kube-linter:no-rolling-update-strategy | a type of strategy that does not exist | fails | \
[schema-violation](rules/kubernetes/schema-violation.md) reports it: the API server refuses the object. `Recreate` \
passes here where the pods hold [a volume of one \
node](https://kubernetes.io/docs/concepts/storage/persistent-volumes/#access-modes). |
| kube-linter:pdb-min-available | a Deployment without a pod template | fails | \
[schema-violation](rules/kubernetes/schema-violation.md) reports it. A budget [counts \
pods](https://kubernetes.io/docs/tasks/run-application/configure-pdb/), and there are none. |
| kube-linter:pdb-unhealthy-pod-eviction-policy | `IfHealthyBudget`, written | passes | We are: it is the default, \
and Kubernetes [recommends \
`AlwaysAllow`](https://kubernetes.io/docs/tasks/run-application/configure-pdb/#unhealthy-pod-eviction-policy). |
| kube-linter:priority-class-name | a class of the team's own | fails | We are: the two they let pass are [for what \
the cluster itself \
needs](https://kubernetes.io/docs/tasks/administer-cluster/guaranteed-scheduling-critical-addon-pods/). |
| kube-linter:restart-policy | `Never` in a pod or Job; `OnFailure` in a Deployment; `Always` in a Job | fails; \
passes; passes | We are: Jobs take [only `Never` and \
`OnFailure`](https://kubernetes.io/docs/concepts/workloads/controllers/job/#pod-template), and Deployments [only \
`Always`](https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#pod-template). |
| kube-score:container-resources, container-ephemeral-storage-request-and-limit | a limit and no request | fails | We \
are: the request [is then the \
limit](https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/#requests-and-limits). |
| kube-score:deployment- and statefulset-has-host-podantiaffinity | a `topologyKey` that is not one of Kubernetes | \
fails | We let it pass: [any label of the \
nodes](https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/#inter-pod-affinity-and-anti-affinity) \
can be the topology, a rack for instance. |
| the same two, and kube-score:deployment- and statefulset-has-poddisruptionbudget | no `replicas` | fails | We are: \
that is [one pod](https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#replicas). Where an \
autoscaler stands among the manifests, its minimum counts. |
| kube-score:statefulset-has-servicename | no `serviceName` | fails | We are: it [may be left \
out](https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/stateful-set-v1/#StatefulSetSpec) where \
nobody asks for the names of the pods. |
| kube-score:container-ephemeral-storage-request-equals-limit | a request below the limit | fails | Set `resources` \
of [requests-differ-from-limits](rules/kubernetes/requests-differ-from-limits.md) for it: the [class of a \
pod](https://kubernetes.io/docs/concepts/workloads/pods/pod-qos/) depends on CPU and memory alone. |
| kube-score:container-ports-check | no `containerPort` | fails | \
[schema-violation](rules/kubernetes/schema-violation.md) reports it: the field [is \
required](https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#ports). |
| kube-score:service-type | a LoadBalancer | passes | [exposed-service](rules/kubernetes/exposed-service.md) reports \
it too, as `kube-linter:exposed-services` does: [both are \
open](https://kubernetes.io/docs/concepts/services-networking/service/#publishing-services-service-types) outside. |
| kube-score:horizontalpodautoscaler-has-target | another version of the target's API | fails | We are: the \
autoscaler looks its target up [by group and \
kind](https://github.com/kubernetes/kubernetes/blob/master/pkg/controller/podautoscaler/horizontal.go). |
| kube-score:deployment-strategy, deployment-replicas | a Deployment that no Service leads to | passes | We ask it of \
workers too: [`Recreate`](https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#recreate-deployment), \
or the only pod that rests, stops their work as well. |
| KSV-0004 | one capability dropped | passes | We ask for ALL, as the [restricted \
standard](https://kubernetes.io/docs/concepts/security/pod-security-standards/) does. |
| KSV-0032 to KSV-0035 | a registry that is not the provider's own | fails | We know no provider of yours: \
[untrusted-registry](rules/kubernetes/untrusted-registry.md) compares with the registries you configure. |
| KSV-0038 | no `podSelector`, and a selector in the rules | passes | We are: the selectors of rules say who may \
call, and the policy applies to [every pod of the \
namespace](https://kubernetes.io/docs/concepts/services-networking/network-policies/#networkpolicy-resource). |
| KSV-0041, 0043, 0048, 0050, 0056, 0113 to 0115 | the verb `impersonate` on Secrets, pods, roles, Services, ...; on \
groups in a Role | fails | It grants nothing: only [users, groups and service \
accounts](https://kubernetes.io/docs/reference/access-authn-authz/authentication/#user-impersonation) are \
impersonated, and users and groups by a ClusterRole alone. |
| KSV-0044 to KSV-0046, KSV-0112 | another wildcard than the check's own | passes | One rule for the four, \
[rbac-wildcard](rules/kubernetes/rbac-wildcard.md): [any \
wildcard](https://kubernetes.io/docs/concepts/security/rbac-good-practices/#least-privilege) takes in what is added \
later. Its message says which. |
| KSV-0102 | a pod with `tiller` in its name, or with the label `app: helm` | fails | We go by the image and by the \
label `name: tiller`, which [`helm init` \
set](https://github.com/helm/helm/blob/release-2.17/cmd/helm/installer/install.go): other charts are of `app: helm` \
too. |
| KSV-0104 | `Unconfined` for the pod, overridden by each container | passes | We are: the [baseline \
standard](https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline) refuses the pod all the \
same. |
| KSV-0105 | no `runAsUser` and no `runAsNonRoot` | passes | We are: then [the image \
decides](https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#security-context-1), and most \
images say root. |
| KSV-0115 | `create` and `deletecollection` on ConfigMaps, with the name `aws-auth` | fails | We are: both verbs \
[can't be limited to a name](https://kubernetes.io/docs/reference/access-authn-authz/rbac/#referring-to-resources), \
so the line grants nothing. |
| KSV-0118 | a security context for the containers and none for the pod | fails | We are: all that a pod's says of \
users and profiles [a container's may \
say]\
(https://kubernetes.io/docs/tasks/configure-pod-container/security-context/#set-the-security-context-for-a-container). \
|
| KCV-0093 | `auth-tls-match-cn` with a vertical bar | fails | We are: the annotation takes [a regular \
expression]\
(https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/\
#client-certificate-authentication), and the bar does not end the directive. |
"""
CHECKOV_AND_POLARIS = """\
| CKV_K8S_25 | `drop: [ALL]`, `add: [NET_BIND_SERVICE]` | fails | We are silent, as said of KSV-0022. |
| CKV_K8S_26, polaris:hostPortSet | a `hostPort` under `hostNetwork: true` | fails | We are silent: there [every port \
is the node's](https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#ports), and \
[host-network](rules/kubernetes/host-network.md) reports the pod once. |
| CKV_K8S_29, CKV_K8S_30 | a security context on one of pod and container | fails for the other | We are silent: [the \
pod's applies to its containers](https://kubernetes.io/docs/tasks/configure-pod-container/security-context/), and what \
only containers have is asked for by rules of its own. |
| CKV_K8S_38, polaris:automountServiceAccountToken | a pod that says nothing, and a role is bound to its account | \
fails | We are silent: [the role is for the API](https://kubernetes.io/docs/concepts/security/service-accounts/), \
which takes the token. |
| CKV_K8S_45 | Tiller that listens on `localhost` | passes | We report it: Helm 2 gets [no fixes since November \
2020](https://helm.sh/blog/helm-v2-deprecation-timeline/). |
| CKV_K8S_156 | `resources: ["*/*"]` | fails | We are silent: [that matches \
nothing](https://github.com/kubernetes/kubernetes/blob/master/pkg/apis/rbac/v1/evaluation_helpers.go). The wildcards \
are `*` and `*/approval`. |
| CKV_K8S_157, CKV2_K8S_1 | `bind` on bindings | fails | We are silent: the verb is [asked for on \
roles](https://kubernetes.io/docs/reference/access-authn-authz/rbac/#restrictions-on-role-binding-creation-or-update). \
|
| CKV2_K8S_1 to CKV2_K8S_5 | a role that is bound to no service account | passes | We report the role: [people's \
credentials](https://kubernetes.io/docs/concepts/security/rbac-good-practices/) are stolen too, and a binding may \
stand in another repository. |
| CKV2_K8S_2, CKV2_K8S_4 | `resources: ["*"]` of another API group; nodes in a Role | fails | We are silent: \
`pods/exec` and `services/status` are of the core group, and [a Role gives nothing of \
nodes](https://kubernetes.io/docs/reference/access-authn-authz/rbac/#role-and-clusterrole). |
| CKV2_K8S_2 | `get` on `nodes/proxy` | passes | We report it: it [reaches the \
kubelet](https://kubernetes.io/docs/concepts/security/rbac-good-practices/#access-to-proxy-subresource-of-nodes), \
which runs commands. |
| polaris: roles and bindings | those named `admin`, `system:...` or `gce:...` | passes | We report them: [in a \
cluster these are built \
in](https://kubernetes.io/docs/reference/access-authn-authz/rbac/#default-roles-and-role-bindings), in a repository \
somebody wrote them. |
| polaris:clusterrolebindingPodExecAttach, rolebindingClusterRolePodExecAttach, rolebindingRolePodExecAttach | a role \
that is not among the manifests | fails | We are silent unless one is called nearly so: charts and operators [bring \
roles of their own](https://helm.sh/docs/chart_best_practices/rbac/). |
| polaris:insecureCapabilities | each capability dropped by its name | passes | We report it: [the restricted \
standard](https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted) takes only `ALL` for that. \
|
| polaris:metadataAndInstanceMismatched | no such label | fails | We are silent: [none of the recommended labels is \
required](https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/). |
| polaris:missingNetworkPolicy | a direction in `policyTypes`, and no rule for it | fails | We are silent: that \
[denies everything](https://kubernetes.io/docs/concepts/services-networking/network-policies/#default-policies). |
| polaris:missingPodDisruptionBudget, topologySpreadConstraint | one replica | fails | We are silent: there is nothing \
to spread, and a budget would [keep its node from being \
drained](https://kubernetes.io/docs/tasks/run-application/configure-pdb/). \
[single-replica](rules/kubernetes/single-replica.md) reports it. |
| polaris:topologySpreadConstraint | a pod anti-affinity instead | fails | We are silent: [it spreads as \
well](https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/#inter-pod-affinity-and-anti-affinity). \
|
| polaris:pdbDisruptionsIsZero | both fields set | fails | \
[pdb-with-two-budgets](rules/kubernetes/pdb-with-two-budgets.md) reports it: the API server refuses the object. |
| polaris:privilegeEscalationAllowed | `allowPrivilegeEscalation: false` on the pod | passes | We report it: [pods \
have no such field](https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#security-context). \
|
| polaris:procMount | `Unmasked` under `hostUsers: false` | fails | We are silent: [the one is made for the \
other](https://kubernetes.io/docs/concepts/workloads/pods/user-namespaces/). |
| polaris:pullPolicyNotAlways | no policy, and the tag `latest` or none | fails | We are silent: the policy [is then \
`Always`](https://kubernetes.io/docs/concepts/containers/images/#imagepullpolicy-defaulting). |
| polaris:sensitiveContainerEnvVar, sensitiveConfigmapContent | `xxxxx` for a value | fails | We are silent: it stands \
for a value that is filled in. |

One rule may answer for several checks. Selected by the id of one, it reports what the others ask for as well: every \
capability that amounts to the node (`CKV_K8S_39`, `polaris:dangerousCapabilities`), StatefulSets beside Deployments \
(`polaris:deploymentMissingReplicas`), deleting beside writing (`CKV_K8S_155`), bindings of Roles beside those of \
ClusterRoles (polaris), and what the \
same wildcard takes in ([wildcard-grants-rights](rules/kubernetes/wildcard-grants-rights.md), \
[wildcard-reaches-pods](rules/kubernetes/wildcard-reaches-pods.md)).
"""
INTRODUCTION = """\
# Coming from another tool

Every rule carries the ids that other tools use, so `infracheck rules show CKV_K8S_16` and `--select \
kube-linter:latest-tag` work. The tables say which rule answers for which check. A rule in *italics* runs only when it \
is selected. Rules judge the object an overlay renders to, and name the line that set the value.
"""


def page() -> str:
    """The whole page.

    Raises:
        KeyError: a check has neither a rule nor a reason.
    """
    rules = infracheck.rules()
    by_alias: dict[str, list[str]] = {}
    for rule in rules:
        shown = f"[{rule.id}](rules/{rule.id}.md)"
        for alias in rule.aliases:
            by_alias.setdefault(alias, []).append(shown if rule.default else f"*{shown}*")
    parts = [INTRODUCTION]
    for tool, checks in CHECKS.items():
        found = [(check, by_alias.get(f"{PREFIXES[tool]}{check}", [])) for check in checks]
        mapped = sum(bool(names) for _, names in found)
        parts.append(f"## {tool}\n\n{mapped} of {len(checks)} checks have a rule.\n")
        rows = [f"| `{check}` | {', '.join(names) or _reason(tool, check)} |" for check, names in found]
        parts.append("\n".join(["| check | here |", "|---|---|", *rows]) + "\n")
    return "\n".join([*parts, DISAGREEMENTS + CHECKOV_AND_POLARIS])


def _reason(tool: str, check: str) -> str:
    return f"none: {REASONS[f'{PREFIXES[tool]}{check}']}"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
