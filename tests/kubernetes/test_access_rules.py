"""Roles, network policies, secrets and namespaces: what the pages of their rules don't show."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import infracheck
from infracheck.config.loading import load_settings

if TYPE_CHECKING:
    from pathlib import Path

RBAC = "apiVersion: rbac.authorization.k8s.io/v1"
REF = "apiGroup: rbac.authorization.k8s.io"


def scan(folder: Path, rule: str, text: str, config: str = "") -> infracheck.Report:
    """The report of one rule over one manifest, under a configuration."""
    (folder / "manifest.yaml").write_text(text, encoding="utf-8")
    if config:
        (folder / "infracheck.toml").write_text(config, encoding="utf-8")
    rule_id = f"kubernetes/{rule}"
    settings = load_settings([folder]).model_copy(update={"select": (rule_id,), "root": folder})
    return infracheck.scan([folder], settings)


def found(report: infracheck.Report) -> list[str]:
    """Severity and object of each finding."""
    assert not report.errors
    return sorted(f"{one.severity.value} {one.address}" for one in report.findings)


def role(rules: str, kind: str = "ClusterRole", name: str = "r") -> str:
    return f"{{{RBAC}, kind: {kind}, metadata: {{name: {name}}}, rules: [{rules}]}}\n---\n"


def binding(role_name: str, *subjects: str, kind: str = "ClusterRoleBinding", role_kind: str = "ClusterRole") -> str:
    listed = ", ".join(f"{{kind: {one.split()[0]}, name: '{one.split()[1]}', namespace: ns}}" for one in subjects)
    ref = f"{{{REF}, kind: {role_kind}, name: '{role_name}'}}"
    return f"{{{RBAC}, kind: {kind}, metadata: {{name: b}}, subjects: [{listed}], roleRef: {ref}}}\n---\n"


def pod(name: str, namespace: str = "", labels: str = "{}", spec: str = "containers: []") -> str:
    where = f", namespace: {namespace}" if namespace else ""
    return (
        f"{{apiVersion: v1, kind: Pod, metadata: {{name: {name}{where}, labels: {labels}}}, spec: {{{spec}}}}}\n---\n"
    )


def policy(spec: str, namespace: str = "a") -> str:
    metadata = f"{{name: p, namespace: {namespace}}}"
    return f"{{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {metadata}, spec: {spec}}}\n---\n"


READING = "{apiGroups: [''], resources: [configmaps], verbs: [get]}"
NAMED = "{apiGroups: [''], resources: [services/proxy], resourceNames: [x], verbs: [create]}"
SECRETS = "{apiGroups: [''], resources: [secrets], verbs: [get]}"
WRITING = "{apiGroups: [''], resources: [configmaps], verbs: [get, update]}"
EVERYTHING = "{apiGroups: [''], resources: ['*'], verbs: [get]}"
BINDING = "ClusterRoleBinding/b"

ROLES = [
    # How bad it is to give everybody a role depends on what it allows, if that is known.
    ("role-bound-to-everybody", role(READING) + binding("r", "Group system:authenticated"), [f"low {BINDING}"]),
    ("role-bound-to-everybody", role(NAMED) + binding("r", "Group system:authenticated"), [f"low {BINDING}"]),
    ("role-bound-to-everybody", role(SECRETS) + binding("r", "Group system:authenticated"), [f"high {BINDING}"]),
    ("role-bound-to-everybody", role(WRITING) + binding("r", "Group system:authenticated"), [f"high {BINDING}"]),
    ("role-bound-to-everybody", role(EVERYTHING) + binding("r", "Group system:authenticated"), [f"high {BINDING}"]),
    ("role-bound-to-everybody", role(READING) + binding("r", "User system:anonymous"), [f"critical {BINDING}"]),
    ("role-bound-to-everybody", binding("r", "Group system:serviceaccounts"), [f"medium {BINDING}"]),
    ("cluster-admin-binding", binding("cluster-admin", "Group g"), [f"high {BINDING}"]),
    (
        "cluster-admin-binding",
        binding("cluster-admin", "Group g", kind="RoleBinding"),
        ["medium RoleBinding/default/b"],
    ),
    ("cluster-admin-binding", binding("cluster-admin", "Group g", kind="RoleBinding", role_kind="Role"), []),
    ("system-masters-bound", binding("r", "ServiceAccount system:masters"), []),
    # A role that every cluster has is not a slip of one that is nearly called so.
    ("binding-without-role", role("", name="cluster-admins") + binding("cluster-admin", "Group g"), []),
    # Numbers tell two of a kind apart.
    ("binding-without-role", role("", name="operator-1") + binding("operator-2", "Group g"), []),
    ("binding-without-role", role("", name="web") + binding("wen", "Group g"), []),
    (
        "binding-without-subject",
        "{apiVersion: v1, kind: ServiceAccount, metadata: {name: default, namespace: x}}\n---\n"
        + binding("r", "ServiceAccount default"),
        [],
    ),
    ("secrets-readable-by-people", role(SECRETS) + binding("r", "User u"), ["medium ClusterRole/r"]),
    ("secrets-readable-by-people", role(SECRETS) + binding("r", "Group system:nodes"), []),
    (
        "secrets-readable-by-people",
        role("{apiGroups: [''], resources: [secrets], resourceNames: [x], verbs: [get]}") + binding("r", "User u"),
        [],
    ),
    ("node-proxy-granted", role("{apiGroups: [''], resources: [nodes/proxy], verbs: [get]}"), ["medium ClusterRole/r"]),
    (
        "node-proxy-granted",
        role("{apiGroups: [''], resources: [nodes/proxy], verbs: [create]}"),
        ["high ClusterRole/r"],
    ),
    ("rbac-wildcard", role("{apiGroups: ['*'], resources: [pods], verbs: [get]}"), ["low ClusterRole/r"]),
    ("rbac-wildcard", role("{apiGroups: ['*'], resources: ['*'], verbs: ['*']}"), ["high ClusterRole/r"]),
    # Who may do something to subresources of pods may not do it to those of something else.
    ("pod-exec-granted", role("{apiGroups: [''], resources: ['pods/*', '*/exec'], verbs: [create]}"), []),
    ("impersonation-granted", role("{apiGroups: [''], resources: [users], verbs: [get]}"), []),
    ("token-request-granted", role("{apiGroups: [''], resources: [serviceaccounts], verbs: [create]}"), []),
]

WEB = pod("web", "a", "{app: storefront}")
DB = pod("db", "a", "{app: database}")
OPEN = "{podSelector: {}, policyTypes: [Egress], egress: [{}]}"

POLICIES = [
    ("namespace-without-default-deny", WEB, ["medium Pod/a/web"]),
    ("namespace-without-default-deny", pod("web", "kube-system"), []),
    # What names no namespace may be a part that is put to use elsewhere.
    ("namespace-without-default-deny", pod("web"), []),
    ("network-policy-selects-nothing", WEB + policy("{podSelector: {matchLabels: {app: x}}}", "b"), []),
    (
        "network-policy-selects-nothing",
        WEB + policy("{podSelector: {matchLabels: {app: x}}}"),
        ["medium NetworkPolicy/a/p"],
    ),
    # The label by which the pod would opt in is there, with another value.
    (
        "network-policy-selects-nothing",
        pod("web", "a", "{internet: 'no'}") + policy("{podSelector: {matchLabels: {internet: 'yes'}}}"),
        ["medium NetworkPolicy/a/p"],
    ),
    (
        "network-policy-peer-selects-nothing",
        WEB + policy("{podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {access: database}}}]}]}"),
        [],
    ),
    (
        "network-policy-peer-selects-nothing",
        policy("{podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {app: x}}}]}]}") + pod("y", "b"),
        [],
    ),
    (
        "network-policy-peer-selects-nothing",
        pod("web", "b", "{app: storefront}")
        + policy(
            "{podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {app: collector}},"
            " namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: b}}}]}]}"
        ),
        [],
    ),
    (
        "network-policy-peer-selects-nothing",
        pod("web", "b", "{app: storefront}")
        + policy(
            "{podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {app: storefronts}}, namespaceSelector:"
            " {matchExpressions: [{key: kubernetes.io/metadata.name, operator: NotIn, values: [b]}]}}]}]}"
        ),
        [],
    ),
    (
        "network-policy-open-to-world",
        policy("{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0, except: [10.0.0.0/8]}}]}]}"),
        [],
    ),
    (
        "network-policy-blocks-dns",
        pod("web", "a", spec="hostNetwork: true, containers: []")
        + policy("{podSelector: {}, policyTypes: [Egress], egress: [{to: [{podSelector: {}}]}]}"),
        [],
    ),
    ("network-policy-blocks-dns", WEB + policy(OPEN), []),
    # Labels of the system's namespace that are not among the manifests.
    (
        "network-policy-blocks-dns",
        WEB
        + policy(
            "{podSelector: {}, policyTypes: [Egress], egress: [{to: [{namespaceSelector: {matchLabels:"
            " {name: kube-system}}}], ports: [{port: 53, protocol: UDP}]}]}"
        ),
        [],
    ),
    (
        "network-policy-blocks-dns",
        WEB
        + policy(
            "{podSelector: {}, policyTypes: [Egress], egress: [{to: [{namespaceSelector: {matchExpressions:"
            " [{key: kubernetes.io/metadata.name, operator: NotIn, values: [b]}]}}],"
            " ports: [{port: dns, protocol: UDP}]}]}"
        ),
        [],
    ),
    (
        "network-policy-blocks-dns",
        WEB
        + policy(
            "{podSelector: {}, policyTypes: [Egress], egress: [{to: [{namespaceSelector: {}}], ports: [{port: 53}]}]}"
        ),
        ["high NetworkPolicy/a/p"],
    ),
    (
        "metadata-endpoint-reachable",
        policy("{podSelector: {}, policyTypes: [Ingress], egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0}}]}]}"),
        [],
    ),
    (
        "metadata-endpoint-reachable",
        policy("{podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: nonsense}}]}]}"),
        [],
    ),
]

QUOTA = "{apiVersion: v1, kind: ResourceQuota, metadata: {name: q, namespace: a}, spec: "
RANGE = "{apiVersion: v1, kind: LimitRange, metadata: {name: l, namespace: a}, spec: {limits: "
CPU = "containers: [{name: c, image: i, resources: {requests: {cpu: 2}}}]"
TEMPLATE = f"{{template: {{spec: {{{CPU}}}}}}}"
JOB = f"{{apiVersion: batch/v1, kind: Job, metadata: {{name: j, namespace: a}}, spec: {TEMPLATE}}}\n---\n"

NAMESPACES = [
    ("quota-below-requests", pod("p", "a", spec=CPU) + QUOTA + "{hard: {cpu: 1}}}", ["high ResourceQuota/a/q"]),
    ("quota-below-requests", JOB + QUOTA + "{hard: {cpu: 1}}}", []),
    (
        "quota-below-requests",
        pod("p", "a", spec=CPU) + QUOTA + "{hard: {cpu: 1}, scopeSelector: {matchExpressions: []}}}",
        [],
    ),
    ("quota-below-requests", pod("p", "a", spec=CPU) + QUOTA + "{hard: {cpu: plenty}}}", []),
    # A known sum is enough, whatever else is unknown; without it, nothing can be said.
    (
        "quota-below-requests",
        pod("p", "a", spec=CPU) + pod("x", "a", spec="containers: '${NOBODY}'") + QUOTA + "{hard: {cpu: 1}}}",
        ["high ResourceQuota/a/q"],
    ),
    (
        "limit-range-contradiction",
        pod("p", "a", spec="containers: [{name: c, image: i, resources: {requests: {cpu: 2}, limits: {cpu: 3}}}]")
        + RANGE
        + "[{type: Container, default: {cpu: 1}}]}}",
        [],
    ),
    (
        "limit-range-contradiction",
        pod("p", "a", spec=CPU) + RANGE + "[{type: Container, default: {cpu: 1}}]}}",
        ["high Pod/a/p"],
    ),
    (
        "quota-refuses-pods",
        pod("p", "a", spec=f"resources: {{limits: {{cpu: 1}}}}, {CPU}") + QUOTA + "{hard: {limits.cpu: 1}}}",
        [],
    ),
    ("quota-refuses-pods", pod("p", "a", spec=CPU) + QUOTA + "{hard: {limits.cpu: 1}}}", ["high Pod/a/p"]),
    (
        "namespace-without-pod-security",
        "{apiVersion: v1, kind: Namespace, metadata: {name: kube-system}}\n---\n" + pod("p", "kube-system"),
        [],
    ),
    (
        "namespace-without-pod-security",
        "{apiVersion: v1, kind: Namespace, metadata: {name: a}}\n---\n"
        + pod("p", "a")
        + "{apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingAdmissionPolicy, metadata: {name: v}}",
        [],
    ),
]

EXTERNAL = "{apiVersion: external-secrets.io/v1, kind: ExternalSecret, metadata: {name: e}, spec: "

SECRETS_AND_STORES = [
    ("secret-in-git", "{apiVersion: v1, kind: Secret, metadata: {name: s}, stringData: {a: b}, sops: {age: []}}", []),
    ("secret-in-git", "{apiVersion: example.com/v1, kind: Secret, metadata: {name: s}, stringData: {a: b}}", []),
    # A key store is no text, and a secret nevertheless.
    (
        "secret-in-git",
        "{apiVersion: v1, kind: Secret, metadata: {name: s}, data: {a: /////w==}}",
        ["high Secret/default/s"],
    ),
    ("secret-in-git", "{apiVersion: v1, kind: Secret, metadata: {name: s}, data: {a: ''}}", []),
    (
        "external-secret-never-refreshed",
        EXTERNAL + "{refreshInterval: 25h}}",
        ["low ExternalSecret/default/e"],
    ),
]


@pytest.mark.parametrize(("rule", "text", "expected"), [*ROLES, *POLICIES, *NAMESPACES, *SECRETS_AND_STORES])
def test_rules_judge(tmp_path: Path, rule: str, text: str, expected: list[str]) -> None:
    assert found(scan(tmp_path, rule, text)) == expected


def test_one_finding_for_each_other_namespace(tmp_path: Path) -> None:
    text = pod("x", "b") + pod("y", "b") + pod("z", "c") + pod("w", "a")
    report = scan(tmp_path, "namespace-not-allowed", text, "[namespaces.a]\n")
    assert found(report) == ["medium Pod/b/x", "medium Pod/c/z"]


def test_the_longest_interval_is_a_setting(tmp_path: Path) -> None:
    text = EXTERNAL + "{refreshInterval: 25h}}"
    config = '[rules."kubernetes/external-secret-never-refreshed"]\nlongest-hours = 48\n'
    assert found(scan(tmp_path, "external-secret-never-refreshed", text, config)) == []


UNKNOWN = [
    ("pod-exec-granted", role("{apiGroups: [''], resources: ['${X}'], verbs: [create]}")),
    ("pod-exec-granted", role("{apiGroups: [''], resources: [pods/exec], verbs: ['${X}']}")),
    ("cluster-admin-binding", binding("${X}", "Group g")),
    ("role-bound-to-everybody", binding("r", "Group ${X}")),
    ("network-policy-open-to-world", policy("{podSelector: {}, ingress: [{from: '${X}'}]}")),
    (
        "metadata-endpoint-reachable",
        policy(
            "{podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0, except: ['${X}']}}]}]}"
        ),
    ),
    ("quota-below-requests", pod("p", "a", spec="containers: '${X}'") + QUOTA + "{hard: {cpu: 1}}}"),
    (
        "external-secret-never-refreshed",
        EXTERNAL + "{refreshInterval: '${X}'}}",
    ),
]


@pytest.mark.parametrize(("rule", "text"), UNKNOWN)
def test_unknown_is_not_judged(tmp_path: Path, rule: str, text: str) -> None:
    report = scan(tmp_path, rule, text)
    assert not report.findings
    assert report.undecided


def test_a_known_exception_counts_beside_an_unknown_one(tmp_path: Path) -> None:
    block = "{cidr: 0.0.0.0/0, except: ['${X}', 169.254.169.254/32]}"
    text = policy(f"{{podSelector: {{}}, policyTypes: [Egress], egress: [{{to: [{{ipBlock: {block}}}]}}]}}")
    report = scan(tmp_path, "metadata-endpoint-reachable", text)
    assert not report.findings
    assert not report.undecided


def test_credentials_are_not_shown(tmp_path: Path) -> None:
    text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata:\n  app.env: |\n    PASSWORD=correct-horse\n"
    report = scan(tmp_path, "plaintext-secret-in-env", text)
    (finding,) = report.findings
    assert finding.location.line == 6
    assert "correct-horse" not in str(report.findings)
