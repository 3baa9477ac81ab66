"""Production nodes take whatever machine image is the newest.

With `alias: al2023@latest` each new image that AWS publishes makes all nodes drift, and Karpenter replaces them within
hours, production first or last as it happens. An image with a broken kernel or kubelet is then everywhere before
anybody has seen it. Karpenter's documentation advises to pin the version in production and to raise it environment by
environment.

So it is for an SSM parameter that ends in `recommended` or `latest`, and in v1beta1 where no image is selected at all.

## Fix

Name the version, `alias: al2023@v20250920`, and raise it in the order of the environments.

## References

- [Karpenter: NodeClasses, amiSelectorTerms](https://karpenter.sh/docs/concepts/nodeclasses/#specamiselectorterms)
- [Karpenter: managing AMIs](https://karpenter.sh/docs/tasks/managing-amis/)

## Bad: by alias, by parameter, by default

```yaml manifest.yaml
apiVersion: karpenter.k8s.aws/v1
kind: EC2NodeClass
metadata:
  name: general
spec:
  amiSelectorTerms:
    - alias: al2023@latest # finding
---
apiVersion: karpenter.k8s.aws/v1
kind: EC2NodeClass
metadata:
  name: parameter
spec:
  amiSelectorTerms:
    - ssmParameter: /aws/service/eks/optimized-ami/1.31/amazon-linux-2023/x86_64/standard/recommended/image_id # finding
---
apiVersion: karpenter.k8s.aws/v1beta1
kind: EC2NodeClass
metadata:
  name: old
spec:
  amiFamily: AL2 # finding
```

## Bad: production forgets the pin of the others

```yaml base/kustomization.yaml
resources: [class.yaml]
```

```yaml base/class.yaml
apiVersion: karpenter.k8s.aws/v1
kind: EC2NodeClass
metadata:
  name: general
spec:
  amiSelectorTerms:
    - alias: bottlerocket@latest # finding
```

```yaml overlays/sandbox/kustomization.yaml
resources: [../../base]
```

```yaml overlays/production/kustomization.yaml
resources: [../../base]
```

## Good: a version, an id, images of one's own

```yaml manifest.yaml
apiVersion: karpenter.k8s.aws/v1
kind: EC2NodeClass
metadata:
  name: general
spec:
  amiSelectorTerms:
    - alias: al2023@v20250920
    - id: ami-0123456789
    - tags: {team: platform}
```

## Good: in development

```yaml overlays/dev/class.yaml
apiVersion: karpenter.k8s.aws/v1
kind: EC2NodeClass
metadata:
  name: general
spec:
  amiSelectorTerms:
    - alias: al2023@latest
```

## Good: an old class that selects its images

```yaml manifest.yaml
apiVersion: karpenter.k8s.aws/v1beta1
kind: EC2NodeClass
metadata:
  name: pinned
spec:
  amiFamily: AL2
  amiSelectorTerms: [{id: ami-0123456789}]
---
apiVersion: karpenter.k8s.aws/v1beta1
kind: EC2NodeClass
metadata:
  name: own
spec:
  amiFamily: Custom
---
apiVersion: karpenter.k8s.aws/v1
kind: EC2NodeClass
metadata:
  name: refused
spec:
  amiFamily: AL2023
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Profile, Severity
from infracheck.rule import Target, rule
from infracheck.source.field import judge_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.karpenter import NodeClass
    from infracheck.rule import Violation
    from infracheck.source.field import Field

MOVING = ("recommended", "latest")


@rule(
    Target.MANIFEST,
    kinds=("karpenter.k8s.aws/EC2NodeClass",),
    severity=Severity.MEDIUM,
    category=Category.OPERATIONS,
    priority=Priority.P1,
    profiles={Profile.SANDBOX: None, Profile.DEVELOPMENT: None},
    remedy="Name the version of the image: `alias: al2023@v20250920`.",
)
def unpinned_node_image(node_class: NodeClass) -> Iterator[Violation]:
    """Yield each term that means another image tomorrow."""

    def judge(term: Field) -> Iterator[Violation]:
        alias, parameter = term["alias"], term["ssmParameter"]
        if (alias.text("") or "").endswith("@latest"):
            yield node_class.violation(alias, f"nodes of {node_class.address} take the newest image: {alias.text()}")
        elif set(MOVING) & set((parameter.text("") or "").split("/")):
            yield node_class.violation(
                parameter, f"nodes of {node_class.address} take the newest image: {parameter.text()}"
            )

    terms = node_class.image_terms
    yield from judge_each(terms, judge)
    family = node_class.field.at("spec.amiFamily")
    if not terms and node_class.version == "v1beta1" and family.text("Custom") != "Custom":
        yield node_class.violation(family, f"nodes of {node_class.address} take the newest image of {family.text()}")
