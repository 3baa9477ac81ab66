"""A production-only service runs in another environment.

Some services are run once, in production, because they are dear or hold what must exist once: a workflow engine, an
internal tool that works on production data. A copy in another environment costs as much as the first one, and may
answer to the same outside systems. Which services these are, the configuration says (`class = "production-only"`).

## Fix

Move the service out of the base into the production overlay, or into a component that only that overlay takes.

## References

- [Kustomize: components](https://kubectl.docs.kubernetes.io/guides/config_management/components/)

## Bad: in the base, so everywhere

```yaml base/kustomization.yaml
resources: [temporal.yaml]
```

```yaml base/temporal.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: temporal # finding
spec:
  selector:
    matchLabels: {app: temporal}
  template:
    metadata:
      labels: {app: temporal}
    spec:
      containers: [{name: app, image: "temporal:1.0"}]
```

```yaml overlays/dev/kustomization.yaml
resources: [../../base]
```

```yaml overlays/production/kustomization.yaml
resources: [../../base]
```

```toml infracheck.toml
[services.temporal]
class = "production-only"
```

## Good: in the production overlay alone

```yaml base/kustomization.yaml
resources: [web.yaml]
```

```yaml base/web.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers: [{name: app, image: "web:1.0"}]
```

```yaml overlays/dev/kustomization.yaml
resources: [../../base]
```

```yaml overlays/production/kustomization.yaml
resources: [../../base, temporal.yaml]
```

```yaml overlays/production/temporal.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: temporal
spec:
  selector:
    matchLabels: {app: temporal}
  template:
    metadata:
      labels: {app: temporal}
    spec:
      containers: [{name: app, image: "temporal:1.0"}]
```

```toml infracheck.toml
[services.temporal]
class = "production-only"
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.config.settings import ServiceClass
from infracheck.findings.severity import Category, Profile, Severity
from infracheck.rule import Target, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.workload import Workload
    from infracheck.rule import Violation


@rule(
    Target.WORKLOAD,
    severity=Severity.MEDIUM,
    category=Category.COST,
    profiles={Profile.PRODUCTION: None},
    remedy="Move it into the production overlay.",
)
def production_only_elsewhere(workload: Workload) -> Iterator[Violation]:
    """Yield the workload if the configuration wants it in production alone and this is another environment."""
    services = workload.context.settings.services
    for name in dict.fromkeys((workload.identity.rpartition("/")[2], workload.name)):
        service = services.get(name)
        if service is None or service.service_class is not ServiceClass.PRODUCTION_ONLY:
            continue
        if service.namespace in ("", workload.namespace):
            where = workload.context.environment
            yield workload.violation("metadata.name", f"{workload.address} is production-only and runs in {where}")
            return
