"""Kubernetes objects made at random: every kind whose fields kustomize knows, from small pools of names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.kustomize.yaml_text import Raw

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

Tree = dict[str, Any]

NAMES = ("a", "b", "web", "cfg", "web-1")
NAMESPACES = (None, None, None, None, "default", "ns1", "ns2")
IMAGES = (
    "nginx", "nginx:1.25", "reg.io:5000/nginx:1", "reg.io/a/b@sha256:abc123", "busybox:1.0@sha256:0f", "nginx:${TAG}",
    "nginxx:2", "a/nginx",
)  # fmt: skip
TEXTS = (
    "x", "hello world", "a: b", "# no", "yes", "on", "1", "007", "1.0", "1e3", "0x1F", "null", "~", "", " lead",
    "trail ",
    "it's", 'say "hi"', "tab\there", "é", "日本", "😀", "$(VAR)", "$(VAR)-$(OTHER)", "$$(VAR)", "${ENV}", "a\nb\n",
    "a\nb",
    "\n\nx\n", "  a\n b\n", "a\n\n  b\n\n", "2020-01-01", "1:30", "=", "<<", "!x", "&x", "*x", "%x", "@x", "`x", "-",
    "- a",
    "?", "? a", "[a", "{a", "}", "a,b", "a #b", "a:", ":a", "true", "False", "n", "long " * 20, "word" * 30,
    "a b  c " * 15, "line one is long enough to be folded somewhere in the middle of it all, " * 2 + "\nshort\n",
    "0o17", "0b11", "1_000", "+1", ".5", "-.inf", ".nan", "12345678901234567890", "190:20:30", "a\\b", "a/b", "x\ty: z",
    "x \n", "\tx\n", "#\n", "a\r\nb", "\x07", "_1", "1_", "0.", "-0", "1,2", "{}", "[]", "a=b=c", "$",
)  # fmt: skip
ODD = tuple(
    map(
        Raw,
        (
            "yes", "no", "on", "y", "0777", "0o17", "0x1F", "0b101", "1_000", "1.0", "1e3", "1e21", "1.5e-7", ".5",
            "+5",
            "-0", "~", "null", "", "True", "FALSE", "2020-01-01", "2020-01-01T10:00:00Z", "2001-12-14 21:59:43.10",
            "12345678901234567890", "123456789012345678901234567890", "9007199254740993", "08", "0888", "1:30",
            "!!str 5",
            '!!int "7"', "!!float 3", "1.", "0.1", "100000000000000000000.5", "-1", "'5'", '"5"', "5", "0", "false",
            "=",
            "0.30000000000000004", "1e-7", "123456.789e3", "-.5", "1__0", "0x_1", "+.5", "1e+2", "5e-324", "!!str",
        ),
    )
)  # fmt: skip


class Objects:
    """Makes objects."""

    def __init__(self, random: Random) -> None:
        self.random = random

    def chance(self, percent: float) -> bool:
        """Whether something happens."""
        return self.random.random() * 100 < percent

    def name(self) -> str:
        """A name from the pool."""
        return self.random.choice(NAMES)

    def text(self) -> Any:
        """A text, mostly an ordinary one."""
        if self.chance(70):
            return self.random.choice(("x", "y", "hello", "$(VAR)", "v1", "a-b"))
        return self.random.choice(TEXTS)

    def odd(self, usual: Any) -> Any:
        """The usual value, or one that is read in a surprising way."""
        return self.random.choice(ODD) if self.chance(8) else usual

    def some(self, tree: Tree, percent: float = 50) -> Tree:
        """Some of the fields, at least one."""
        kept = {key: value for key, value in tree.items() if self.chance(percent)}
        return kept or dict([self.random.choice(list(tree.items()))])

    def labels(self) -> Tree:
        """Labels."""
        pool = {"app": self.name(), "tier": "front", "x/y": self.odd(self.text()), "v": self.odd("v1"), "a.b/c": "d"}
        return self.some(pool, 40)

    def metadata(self, name: str | None = None) -> Tree:
        """The metadata of an object."""
        metadata: Tree = {"name": name or self.name()}
        namespace = self.random.choice(NAMESPACES)
        if namespace:
            metadata["namespace"] = namespace
        if self.chance(40):
            blank: list[Any] = [{}, Raw("null"), Raw("")]
            metadata["labels"] = self.labels() if self.chance(95) else self.random.choice(blank)
        if self.chance(30):
            empty: list[Any] = [{}, {}, Raw("null")]
            written = {key: self.odd(self.text()) for key in ("note", "x/y", "z") if self.chance(50)}
            metadata["annotations"] = written or self.random.choice(empty)
        if self.chance(4):
            metadata["finalizers"] = ["f1", "f2"][: self.random.randint(0, 2)]
        if self.chance(3):
            metadata["annotations"] = {
                self.random.choice(
                    (
                        "config.kubernetes.io/local-config", "internal.config.kubernetes.io/index",
                        "config.kubernetes.io/id",
                        "config.kubernetes.io/index", "internal.config.kubernetes.io/prefixes",
                    )
                ): self.random.choice(("true", "false", "x"))
            }  # fmt: skip
        if self.chance(3):
            metadata["creationTimestamp"] = Raw("null")
        items = list(metadata.items())
        self.random.shuffle(items)
        return dict(items)

    def container(self) -> Tree:
        """A container."""
        container: Tree = {"name": self.name()}
        optional: list[tuple[str, Callable[[], Any]]] = [
            ("image", lambda: self.odd(self.random.choice(IMAGES))),
            ("args", lambda: [self.odd(self.text()) for _ in range(self.random.randint(0, 3))]),
            ("command", lambda: ["sh", "-c", self.text()]),
            ("env", lambda: [self.env() for _ in range(self.random.randint(0, 3))]),
            (
                "envFrom",
                lambda: [{"configMapRef": {"name": self.name()}}, {"secretRef": {"name": self.name()}, "prefix": "P_"}],
            ),
            ("ports", lambda: [self.container_port() for _ in range(self.random.randint(1, 3))]),
            ("volumeMounts", lambda: [{"name": "v", "mountPath": self.random.choice(("/a", "/b"))}]),
            ("resources", lambda: {"limits": {"cpu": self.odd("1"), "memory": self.odd("1Gi")}}),
            ("livenessProbe", lambda: {"httpGet": {"path": "/", "port": self.odd(80)}}),
            ("securityContext", lambda: {"runAsUser": self.odd(1000), "privileged": self.odd(False)}),
        ]
        for key, make in optional:
            if self.chance(70 if key == "image" else 25):
                container[key] = make()
        return container

    def env(self) -> Tree:
        """An environment variable."""
        name = self.random.choice(("A", "B", "C"))
        if self.chance(60):
            return {"name": name, "value": self.odd(self.text())}
        kind = self.random.choice(("configMapKeyRef", "secretKeyRef"))
        return {"name": name, "valueFrom": {kind: {"name": self.name(), "key": "k"}}}

    def container_port(self) -> Tree:
        """A port of a container, its protocol often left out."""
        port: Tree = {"containerPort": self.random.choice((80, 443))}
        if self.chance(40):
            port["name"] = self.random.choice(("http", "https"))
        if self.chance(50):
            port["protocol"] = self.random.choice(("TCP", "UDP"))
        return port

    def pod_spec(self) -> Tree:
        """A pod's spec."""
        spec: Tree = {"containers": [self.container() for _ in range(self.random.choice((1, 1, 2)))]}
        optional: list[tuple[str, Callable[[], Any]]] = [
            ("initContainers", lambda: [self.container()]),
            (
                "volumes",
                lambda: [
                    self.random.choice(
                        (
                            {"name": "v", "configMap": {"name": self.name()}},
                            {"name": "v", "secret": {"secretName": self.name()}},
                            {"name": "v", "emptyDir": {}},
                            {"name": "w", "persistentVolumeClaim": {"claimName": self.name()}},
                            {
                                "name": "p",
                                "projected": {
                                    "sources": [
                                        {"configMap": {"name": self.name()}},
                                        {"secret": {"name": self.name()}},
                                    ]
                                },
                            },
                        )
                    )
                ],
            ),
            ("serviceAccountName", self.name),
            ("priorityClassName", self.name),
            ("imagePullSecrets", lambda: [{"name": self.name()}]),
            ("tolerations", lambda: [{"key": "spot", "operator": "Exists"}]),
            ("hostAliases", lambda: [{"ip": "10.0.0.1", "hostnames": ["x"]}]),
            (
                "topologySpreadConstraints",
                lambda: [
                    {
                        "maxSkew": 1,
                        "topologyKey": "zone",
                        "whenUnsatisfiable": "DoNotSchedule",
                        "labelSelector": {"matchLabels": self.labels()},
                    }
                ],
            ),
            (
                "affinity",
                lambda: {
                    "podAntiAffinity": {
                        "requiredDuringSchedulingIgnoredDuringExecution": [
                            {"topologyKey": "host", "labelSelector": {"matchLabels": self.labels()}}
                        ],
                        "preferredDuringSchedulingIgnoredDuringExecution": [
                            {
                                "weight": 1,
                                "podAffinityTerm": {
                                    "topologyKey": "h",
                                    "labelSelector": {"matchExpressions": [{"key": "a", "operator": "Exists"}]},
                                },
                            }
                        ],
                    }
                },
            ),
            ("nodeSelector", lambda: {"disk": self.odd("ssd")}),
            ("restartPolicy", lambda: "Always"),
        ]
        for key, make in optional:
            if self.chance(18):
                spec[key] = make()
        return spec

    def template(self) -> Tree:
        """A pod template."""
        metadata: Tree = {}
        if self.chance(70):
            metadata["labels"] = self.labels()
        if self.chance(20):
            metadata["annotations"] = {"note": self.text()}
        template: Tree = {"metadata": metadata} if metadata else {}
        template["spec"] = self.pod_spec()
        return template

    def selected(self, spec: Tree, percent: int = 60) -> Tree:
        """A spec with a label selector."""
        return {**({"selector": {"matchLabels": self.labels()}} if self.chance(percent) else {}), **spec}

    def any(self) -> Tree:
        """An object of any kind."""
        make: Callable[[], Tree] = self.random.choice(
            (
                self.deployment, self.deployment, self.deployment, self.workload, self.workload, self.service,
                self.service,
                self.config_map, self.config_map, self.secret, self.ingress, self.scaler, self.account, self.role,
                self.binding, self.binding, self.namespace, self.volume, self.policy, self.custom, self.custom,
                self.definition, self.webhook, self.knative, self.list, self.admission,
            )
        )  # fmt: skip
        return make()

    def deployment(self) -> Tree:
        """A deployment."""
        spec = self.selected({"template": self.template()})
        if self.chance(50):
            spec["replicas"] = self.odd(2)
        if self.chance(15):
            spec["strategy"] = {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": self.odd("25%")}}
        version = "apps/v1" if self.chance(90) else "extensions/v1beta1"
        return {"apiVersion": version, "kind": "Deployment", "metadata": self.metadata(), "spec": spec}

    def workload(self) -> Tree:
        """Any other workload."""
        version, kind = self.random.choice(
            (
                ("apps/v1", "StatefulSet"), ("apps/v1", "DaemonSet"), ("apps/v1", "ReplicaSet"), ("batch/v1", "Job"),
                ("batch/v1", "CronJob"), ("batch/v1beta1", "CronJob"), ("v1", "Pod"), ("v1", "ReplicationController"),
                ("v1", "PodTemplate"),
            )
        )  # fmt: skip
        made: Tree = {"apiVersion": version, "kind": kind, "metadata": self.metadata()}
        if kind == "Pod":
            made["spec"] = self.pod_spec()
        elif kind == "PodTemplate":
            made["template"] = self.template()
        elif kind == "CronJob":
            made["spec"] = {"schedule": "* * * * *", "jobTemplate": {"spec": {"template": self.template()}}}
        else:
            spec = self.selected({"template": self.template()})
            if kind == "ReplicationController":
                spec["selector"] = self.labels()
            if kind == "StatefulSet":
                spec["serviceName"] = self.name()
                if self.chance(40):
                    claim: Tree = {"metadata": {"name": "data"}, "spec": {"storageClassName": self.name()}}
                    spec["volumeClaimTemplates"] = [claim]
            if self.chance(40) and kind != "Job":
                spec["replicas"] = self.odd(1)
            made["spec"] = spec
        return made

    def service(self) -> Tree:
        """A service."""
        port = {"port": 80, "targetPort": self.odd("http"), "name": "http", "protocol": "TCP", "nodePort": 30080}
        spec: Tree = {"ports": [{"port": self.random.choice((80, 443)), **self.some(port)} for _ in range(2)]}
        if self.chance(70):
            spec["selector"] = self.labels()
        return {"apiVersion": "v1", "kind": "Service", "metadata": self.metadata(), "spec": spec}

    def config_map(self) -> Tree:
        """A config map, its values of every kind."""
        made: Tree = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": self.metadata()}
        if self.chance(90):
            made["data"] = {key: self.odd(self.text()) for key in ("k", "a.yaml", "B_C", "d-1", "é") if self.chance(50)}
        if self.chance(8):
            made["binaryData"] = {"b": "AAEC"}
        if self.chance(5):
            made["immutable"] = True
        return made

    def secret(self) -> Tree:
        """A secret."""
        made: Tree = {"apiVersion": "v1", "kind": "Secret", "metadata": self.metadata(), "type": "Opaque"}
        made[self.random.choice(("data", "stringData"))] = {"k": "dmFsdWU=", "p": self.text()}
        return made

    def ingress(self) -> Tree:
        """An ingress."""
        backend: Tree = {"service": {"name": self.name(), "port": {"number": 80}}}
        version = "networking.k8s.io/v1"
        if self.chance(25):
            backend, version = {"serviceName": self.name(), "servicePort": 80}, "extensions/v1beta1"
        path = {"path": "/", "pathType": "Prefix", "backend": backend}
        spec: Tree = {"rules": [{"host": self.text(), "http": {"paths": [path]}}]}
        if self.chance(40):
            spec["tls"] = [{"hosts": ["x.y"], "secretName": self.name()}]
        if self.chance(20):
            spec["ingressClassName"] = self.name()
        made: Tree = {"apiVersion": version, "kind": "Ingress", "metadata": self.metadata(), "spec": spec}
        if self.chance(30):
            made["metadata"]["annotations"] = {"nginx.ingress.kubernetes.io/auth-secret": self.name()}
        return made

    def scaler(self) -> Tree:
        """A horizontal pod autoscaler."""
        version = self.random.choice(("autoscaling/v1", "autoscaling/v2", "autoscaling/v2beta2"))
        kind = self.random.choice(("Deployment", "StatefulSet"))
        spec: Tree = {
            "scaleTargetRef": {"apiVersion": "apps/v1", "kind": kind, "name": self.name()},
            "maxReplicas": self.odd(3),
        }
        if version != "autoscaling/v1":
            spec["metrics"] = [{"type": "Resource", "resource": {"name": "cpu"}}]
        return {
            "apiVersion": version,
            "kind": "HorizontalPodAutoscaler",
            "metadata": self.metadata(),
            "spec": spec,
        }

    def account(self) -> Tree:
        """A service account."""
        made: Tree = {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": self.metadata()}
        if self.chance(15):
            made["metadata"]["name"] = "default"
        if self.chance(30):
            made["imagePullSecrets"] = [{"name": self.name()}]
        if self.chance(20):
            made["secrets"] = [{"name": self.name()}]
        return made

    def role(self) -> Tree:
        """A role or cluster role."""
        rule = {"apiGroups": [""], "resources": ["secrets"], "verbs": ["get"], "resourceNames": [self.name()]}
        kind = self.random.choice(("Role", "ClusterRole"))
        made: Tree = {
            "apiVersion": "rbac.authorization.k8s.io/v1",
            "kind": kind,
            "metadata": self.metadata(),
            "rules": [rule],
        }
        if kind == "ClusterRole":
            made["metadata"].pop("namespace", None) if self.chance(80) else None
        return made

    def binding(self) -> Tree:
        """A role binding or cluster role binding."""
        kind = self.random.choice(("RoleBinding", "ClusterRoleBinding"))
        subjects = []
        for _ in range(self.random.randint(0, 2)):
            subject: Tree = {"kind": self.random.choice(("ServiceAccount", "ServiceAccount", "User", "Group"))}
            subject["name"] = self.random.choice((self.name(), "default"))
            namespace = self.random.choice(NAMESPACES)
            if namespace:
                subject["namespace"] = namespace
            subjects.append(subject)
        return {
            "apiVersion": "rbac.authorization.k8s.io/v1",
            "kind": kind,
            "metadata": self.metadata(),
            "roleRef": {
                "apiGroup": "rbac.authorization.k8s.io",
                "kind": self.random.choice(("Role", "ClusterRole")),
                "name": self.name(),
            },
            "subjects": subjects,
        }

    def namespace(self) -> Tree:
        """A namespace."""
        name = self.random.choice(("ns1", "ns2", "default", "a"))
        made: Tree = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}
        if self.chance(30):
            made["metadata"]["labels"] = self.labels()
        return made

    def volume(self) -> Tree:
        """A claim, a volume, a storage class or a priority class."""
        kind = self.random.choice(("PersistentVolumeClaim", "PersistentVolume", "StorageClass", "PriorityClass"))
        version = {"StorageClass": "storage.k8s.io/v1", "PriorityClass": "scheduling.k8s.io/v1"}.get(kind, "v1")
        made: Tree = {"apiVersion": version, "kind": kind, "metadata": self.metadata()}
        if kind == "PersistentVolumeClaim":
            made["spec"] = {
                "storageClassName": self.name(),
                "volumeName": self.name(),
                "accessModes": ["ReadWriteOnce"],
            }
        elif kind == "PersistentVolume":
            made["spec"] = {"storageClassName": self.name(), "capacity": {"storage": self.odd("1Gi")}}
        elif kind == "StorageClass":
            made["parameters"] = {"secretName": self.name()}
        else:
            made["value"] = self.odd(1000)
        return made

    def policy(self) -> Tree:
        """A disruption budget or a network policy."""
        if self.chance(50):
            version = self.random.choice(("policy/v1", "policy/v1beta1"))
            spec: Tree = self.selected({"minAvailable": self.odd(1)})
            return {"apiVersion": version, "kind": "PodDisruptionBudget", "metadata": self.metadata(), "spec": spec}
        spec = {
            "podSelector": {"matchLabels": self.labels()} if self.chance(60) else {},
            "ingress": [{"from": [{"podSelector": {"matchLabels": self.labels()}}]}],
            "egress": [{"to": [{"namespaceSelector": {}}], "ports": [{"port": self.odd(53)}]}],
        }
        return {
            "apiVersion": "networking.k8s.io/v1",
            "kind": "NetworkPolicy",
            "metadata": self.metadata(),
            "spec": spec,
        }

    def custom(self) -> Tree:
        """An object no schema knows."""
        kind = self.random.choice(("Foo", "Bar", "ExternalSecret"))
        spec: Tree = {
            "cfgRef": {"name": self.name()},
            "list": [{"name": "x", "v": self.odd(1)}, {"name": "y", "v": self.text()}],
            "plain": [self.odd(self.text()) for _ in range(self.random.randint(0, 3))],
            "deep": {
                "er": {"est": self.odd(self.text()), "none": self.random.choice((Raw("null"), Raw(""), Raw("~"), {}))}
            },
            "containers": [self.container()],
            "flag": self.odd(True),
            "empty": self.random.choice(({}, [], "", Raw("null"))),
            "nested": [["a", 1], [], [[self.text()]]],
        }
        return {
            "apiVersion": self.random.choice(("example.com/v1", "example.com/v1beta1", "v1")),
            "kind": kind,
            "metadata": self.metadata(),
            "spec": self.some(spec),
        }

    def definition(self) -> Tree:
        """A custom resource definition or an aggregated API."""
        if self.chance(50):
            return {
                "apiVersion": "apiregistration.k8s.io/v1",
                "kind": "APIService",
                "metadata": {"name": "v1.example.com"},
                "spec": {"service": {"name": self.name(), "namespace": "ns1"}, "version": "v1"},
            }
        names = {"kind": "Foo", "plural": "foos"}
        spec: Tree = {"group": "example.com", "names": names, "scope": "Namespaced"}
        if self.chance(40):
            service = {"name": self.name(), "namespace": "ns1"}
            spec["conversion"] = {"strategy": "Webhook", "webhook": {"clientConfig": {"service": service}}}
        return {
            "apiVersion": "apiextensions.k8s.io/v1",
            "kind": "CustomResourceDefinition",
            "metadata": {"name": "foos.example.com"},
            "spec": spec,
        }

    def webhook(self) -> Tree:
        """An admission webhook."""
        kind = self.random.choice(("ValidatingWebhookConfiguration", "MutatingWebhookConfiguration"))
        service: Tree = {"name": self.name(), "path": "/x"}
        if self.chance(80):
            service["namespace"] = self.random.choice(("ns1", "default"))
        return {
            "apiVersion": "admissionregistration.k8s.io/v1",
            "kind": kind,
            "metadata": {"name": self.name()},
            "webhooks": [{"name": "w.x.y", "clientConfig": {"service": service}, "rules": []}],
        }

    def admission(self) -> Tree:
        """An admission policy or its binding."""
        version = "admissionregistration.k8s.io/v1"
        if self.chance(50):
            return {"apiVersion": version, "kind": "ValidatingAdmissionPolicy", "metadata": {"name": self.name()}}
        return {
            "apiVersion": version,
            "kind": "ValidatingAdmissionPolicyBinding",
            "metadata": {"name": self.name()},
            "spec": {"policyName": self.name()},
        }

    def knative(self) -> Tree:
        """A Knative service, a node: kinds that share names or fields with others."""
        if self.chance(30):
            source = {"configMap": {"name": self.name(), "namespace": "default"}}
            return {
                "apiVersion": "v1",
                "kind": "Node",
                "metadata": {"name": self.name()},
                "spec": {"configSource": source},
            }
        return {
            "apiVersion": "serving.knative.dev/v1",
            "kind": "Service",
            "metadata": self.metadata(),
            "spec": {"template": {"spec": {"containers": [self.container()]}}},
        }

    def list(self) -> Tree:
        """A list of objects."""
        make = self.random.choice((self.config_map, self.service, self.custom))
        return {
            "apiVersion": "v1",
            "kind": self.random.choice(("List", "ConfigMapList")),
            "items": [make() for _ in range(self.random.randint(0, 2))],
        }
