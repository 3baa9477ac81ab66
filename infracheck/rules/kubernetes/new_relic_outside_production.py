"""New Relic's agent runs outside of production.

New Relic is paid by the gigabyte and by the host. An agent in development and sandbox sends what nobody looks at, and
its figures mix with those of production wherever the application's name is the same. Prometheus and the logs of the
cluster are enough there.

Whether that is so is a matter of policy: the rule does not run by itself. An agent that is switched off by
`NEW_RELIC_ENABLED` (Node), `NEW_RELIC_AGENT_ENABLED` (Java) or `NEW_RELIC_MONITOR_MODE` (Python) is fine.

## Fix

Move the variables to the production overlay, or switch the agent off: `NEW_RELIC_AGENT_ENABLED: "false"`.

## References

- [New Relic: data ingest billing](https://docs.newrelic.com/docs/accounts/accounts-billing/new-relic-one-pricing-billing/new-relic-one-pricing-billing/)
- [New Relic: Java agent configuration, agent_enabled](https://docs.newrelic.com/docs/apm/agents/java-agent/configuration/java-agent-configuration-config-file/)

## Bad: the base brings it to every environment

```yaml base/kustomization.yaml
resources: [deployment.yaml]
```

```yaml base/deployment.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
spec:
  selector:
    matchLabels: {app: shop}
  template:
    metadata:
      labels: {app: shop}
    spec:
      containers:
        - name: app
          image: shop:1.0
          env:
            - name: NEW_RELIC_APP_NAME
              value: shop
            - name: NEW_RELIC_LICENSE_KEY # finding
              valueFrom: {secretKeyRef: {name: new-relic, key: license}}
```

```yaml overlays/dev/kustomization.yaml
resources: [../../base]
```

```yaml overlays/production/kustomization.yaml
resources: [../../base]
```

## Good: in production, or switched off

```yaml base/kustomization.yaml
resources: [deployment.yaml]
```

```yaml base/deployment.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
spec:
  selector:
    matchLabels: {app: shop}
  template:
    metadata:
      labels: {app: shop}
    spec:
      containers:
        - name: app
          image: shop:1.0
          env:
            - name: NEW_RELIC_LICENSE_KEY
              valueFrom: {secretKeyRef: {name: new-relic, key: license}}
```

```yaml overlays/production/kustomization.yaml
resources: [../../base]
```

```yaml overlays/dev/kustomization.yaml
resources: [../../base]
patches:
  - patch: |
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: shop}
      spec:
        template:
          spec:
            containers:
              - name: app
                env: [{name: NEW_RELIC_AGENT_ENABLED, value: "false"}]
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Profile, Severity
from infracheck.rule import Target, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.container import Container
    from infracheck.rule import Violation

KEY = "NEW_RELIC_LICENSE_KEY"
"""Without it no agent sends anything."""
SWITCHES = ("NEW_RELIC_ENABLED", "NEW_RELIC_AGENT_ENABLED", "NEW_RELIC_MONITOR_MODE")


@rule(
    Target.CONTAINER,
    severity=Severity.LOW,
    category=Category.COST,
    priority=Priority.P3,
    profiles={Profile.PRODUCTION: None},
    remedy="Move the agent's variables to the production overlay.",
    default=False,
)
def new_relic_outside_production(container: Container) -> Iterator[Violation]:
    """Yield the license key of an agent that is not switched off."""
    variables = {variable.name: variable for variable in container.env}
    key = variables.get(KEY)
    if key is None or any(variables[one].value.boolean() is False for one in SWITCHES if one in variables):
        return
    environment = container.context.environment or "this environment"
    yield container.violation(
        key.field["name"], f"container {container.shown_name} of {container.address} runs New Relic in {environment}"
    )
