"""Volume is cloned from git by the node.

For a `gitRepo` volume the kubelet runs git as root on the node, on a repository named in the manifest. Whoever may
create pods could thereby run programs on the node (CVE-2024-10220, by hooks of the repository). The type is deprecated,
off by default since Kubernetes 1.33 and can't be switched on any more from 1.36: pods that use it don't start.

## Fix

Clone in an init container into an `emptyDir`, or put the files into an image or a ConfigMap.

## References

- [CVE-2024-10220: arbitrary command execution through gitRepo volume](https://github.com/kubernetes/kubernetes/issues/128885)
- [KEP-5040: remove gitRepo volume driver](https://github.com/kubernetes/enhancements/issues/5040)

## Bad: cloned by the kubelet

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers: [{name: web, image: "registry.example/web:1.4.0"}]
  volumes:
    - name: site
      gitRepo: # finding
        repository: https://git.example/site.git
```

## Good: cloned by an init container

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  initContainers:
    - name: clone
      image: registry.example/git:2.47.0
      args: [clone, --depth=1, "https://git.example/site.git", /site]
      volumeMounts: [{name: site, mountPath: /site}]
  containers: [{name: web, image: "registry.example/web:1.4.0"}]
  volumes:
    - name: site
      emptyDir: {}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Severity
from infracheck.kubernetes.place import entries, known_text
from infracheck.rule import Target, rule
from infracheck.source.field import judge_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.pod import PodSpec
    from infracheck.rule import Violation
    from infracheck.source.field import Field


@rule(
    Target.POD_SPEC,
    severity=Severity.HIGH,
    category=Category.SECURITY,
    tags=("pss-restricted",),
    remedy="Clone in an init container into an `emptyDir`.",
)
def git_repo_volume(pod: PodSpec) -> Iterator[Violation]:
    """Yield each volume that the kubelet would clone."""

    def judge(volume: Field) -> Iterator[Violation]:
        if volume.require()["gitRepo"].exists:
            name = known_text(volume["name"]) or "?"
            yield pod.violation(volume["gitRepo"], f"volume {name} of {pod.address} is cloned from git by its node")

    yield from judge_each(entries(pod.field["volumes"]), judge)
