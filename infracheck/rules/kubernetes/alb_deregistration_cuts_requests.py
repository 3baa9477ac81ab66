"""Pods stop while the load balancer still sends them requests.

With `target-type: ip` an Application Load Balancer talks to the pods themselves. When a pod goes, Kubernetes sends
SIGTERM at once, while the controller takes seconds to deregister it and the load balancer a few more to heed that. A
process that stops at SIGTERM refuses those requests: a burst of 502s on every release, scale-down and drain. A hook
(`preStop`) that sleeps keeps the pod serving until nobody asks any more. The other half is what is under way: the load
balancer lets requests finish for `deregistration_delay.timeout_seconds`, so a grace period shorter than a delay that
somebody wrote down cuts the slow ones.

## Fix

Give the container behind the Ingress `lifecycle: {preStop: {sleep: {seconds: 15}}}`, and set
`terminationGracePeriodSeconds` to that plus the deregistration delay. An application that goes on serving for a while
after SIGTERM does as well: say so with a suppression.

## References

- [EKS best practices: load balancing, gracefully shut down](https://docs.aws.amazon.com/eks/latest/best-practices/load-balancing.html)
- [AWS Load Balancer Controller: target-group-attributes](https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/#target-group-attributes)
- [Pod lifecycle: termination of Pods](https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination)

## Bad: gone at once

```yaml manifest.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 2
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers:
        - name: app # finding
          image: web:1.0
          ports: [{name: http, containerPort: 8080}]
        - name: shipper
          image: shipper:1.0
---
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector: {app: web}
  ports: [{port: 80, targetPort: http}]
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
  annotations:
    alb.ingress.kubernetes.io/target-type: ip
spec:
  ingressClassName: alb
  rules:
    - host: web.example.com
      http:
        paths:
          - path: /
            pathType: Prefix
            backend: {service: {name: web, port: {number: 80}}}
```

## Bad: the grace period ends before the delay

```yaml manifest.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 2
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      terminationGracePeriodSeconds: 30 # finding
      containers:
        - name: app
          image: web:1.0
          ports: [{containerPort: 8080}]
          lifecycle:
            preStop: {sleep: {seconds: 10}}
---
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector: {app: web}
  ports: [{port: 80, targetPort: 8080}]
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
  annotations:
    alb.ingress.kubernetes.io/target-type: ip
    alb.ingress.kubernetes.io/target-group-attributes: deregistration_delay.timeout_seconds=60
spec:
  ingressClassName: alb
  defaultBackend: {service: {name: web, port: {number: 80}}}
```

## Good: it waits, or the load balancer talks to the node

```yaml manifest.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 2
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      terminationGracePeriodSeconds: 45
      containers:
        - name: app
          image: web:1.0
          ports: [{containerPort: 8080}]
          lifecycle:
            preStop:
              exec: {command: [sh, -c, "sleep 15"]}
---
apiVersion: v1
kind: Service
metadata:
  name: web
  annotations:
    alb.ingress.kubernetes.io/target-group-attributes: deregistration_delay.timeout_seconds=30
spec:
  selector: {app: web}
  ports: [{port: 80, targetPort: 8080}]
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
  annotations:
    alb.ingress.kubernetes.io/target-type: ip
    alb.ingress.kubernetes.io/target-group-attributes: deregistration_delay.timeout_seconds=300
spec:
  ingressClassName: alb
  defaultBackend: {service: {name: web, port: {number: 80}}}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: admin
spec:
  replicas: 2
  selector:
    matchLabels: {app: admin}
  template:
    metadata:
      labels: {app: admin}
    spec:
      containers: [{name: app, image: "admin:1.0"}]
---
apiVersion: v1
kind: Service
metadata:
  name: admin
spec:
  type: NodePort
  selector: {app: admin}
  ports: [{port: 80}]
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: admin
  annotations:
    alb.ingress.kubernetes.io/target-type: instance
spec:
  ingressClassName: alb
  defaultBackend: {service: {name: admin, port: {number: 80}}}
```
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Confidence, Severity
from infracheck.kubernetes.ingress import ALB_PREFIX, Ingress
from infracheck.rule import Target, rule
from infracheck.rules.kubernetes._pre_stop import hook, pre_stop_seconds
from infracheck.source.field import judge_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.container import Container
    from infracheck.kubernetes.service import Service
    from infracheck.kubernetes.workload import Workload
    from infracheck.rule import Violation

DELAY = re.compile(r"(?:^|,)\s*deregistration_delay\.timeout_seconds\s*=\s*(\d{1,5})\s*(?:,|$)", re.ASCII)


@rule(
    Target.WORKLOAD,
    severity=Severity.MEDIUM,
    category=Category.AVAILABILITY,
    confidence=Confidence.MEDIUM,
    remedy="Add a `preStop` hook that sleeps 15 s, and a grace period that covers it and the deregistration delay.",
)
def alb_deregistration_cuts_requests(workload: Workload) -> Iterator[Violation]:
    """Yield each serving container that stops at once, and a grace period that ends before the delay."""
    if workload.runs_to_completion:
        return
    fronts = [(ingress, service) for service in workload.services for ingress in _fronts(service)]
    if not fronts:
        return
    ingress, service = fronts[0]
    serving = _serving(workload, service)

    def judge(container: Container) -> Iterator[Violation]:
        if not hook(container).exists:
            yield workload.violation(
                container.at("lifecycle.preStop"),
                f"container {container.shown_name} of {workload.address} stops 0 s after it is told to, while the load "
                f"balancer of {ingress.address} still sends it requests",
                related=[("the ingress", ingress.at("metadata.name"))],
            )

    yield from judge_each(serving, judge)
    slept = max((pre_stop_seconds(container) for container in serving), default=0)
    delay = max((_delay(one, behind) for one, behind in fronts), default=0)
    grace = workload.pod.grace_period
    if slept and delay > grace:
        yield workload.violation(
            workload.pod.at("terminationGracePeriodSeconds"),
            f"{workload.address} is killed after {grace} s, and the load balancer of {ingress.address} lets requests "
            f"run for {delay} s: the last {delay - grace} s are cut",
            related=[("the ingress", ingress.at("metadata.name"))],
        )


def _fronts(service: Service) -> Iterator[Ingress]:
    """The Ingresses whose load balancer talks to the pods of a Service itself."""
    for ingress in service.objects.ingresses:
        leads_here = any(backend.service == service.name for backend in ingress.backends)
        if leads_here and ingress.namespace == service.namespace and ingress.is_alb and _is_ip(ingress, service):
            yield ingress


def _is_ip(ingress: Ingress, service: Service) -> bool:
    own = service.annotation(f"{ALB_PREFIX}target-type")
    return (own if own.exists else ingress.alb("target-type")).text() == "ip"


def _delay(ingress: Ingress, service: Service) -> int:
    """Seconds of the deregistration delay, the Service's annotation first; 0 where nobody wrote one."""
    own = service.annotation(f"{ALB_PREFIX}target-group-attributes")
    match = DELAY.search((own if own.exists else ingress.alb("target-group-attributes")).text("") or "")
    return int(match[1]) if match else 0


def _serving(workload: Workload, service: Service) -> list[Container]:
    """The containers that answer: those that declare a port of the Service, or the only ones there are."""
    main = list(workload.pod.main_containers)
    targets = {port.target for port in service.ports}
    found = [one for one in main if any({port.number, port.name or port.number} & targets for port in one.ports)]
    return found or main[:1]
