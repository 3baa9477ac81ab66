"""Container image is published without a signature.

Anybody who gets write access to the registry can replace an image under its tag. Without a signature a cluster can't
tell the image that the pipeline built from one that was put there.

## Fix

Sign the digest after the push (`cosign sign --yes registry/app@sha256:…`, with `id-token: write` for keyless signing),
and let the cluster verify it. A team that does not verify signatures gains nothing from this rule; it is not run unless
it is selected.

## References

- [Signing containers, Sigstore](https://docs.sigstore.dev/cosign/signing/signing_with_containers/)
- [SLSA: distributing provenance](https://slsa.dev/spec/v1.0/distributing-provenance)

## Bad: pushed and left

```yaml .github/workflows/publish.yml
on: push
jobs:
  publish:
    runs-on: ubuntu-24.04
    steps:
      - run: docker push example.com/app:1.2.3 # finding
```

## Good: signed, or attested by GitHub

```yaml .github/workflows/publish.yml
on: push
jobs:
  publish:
    runs-on: ubuntu-24.04
    steps:
      - run: |
          docker push example.com/app:1.2.3
          cosign sign --yes "example.com/app@$DIGEST"
  attested:
    runs-on: ubuntu-24.04
    steps:
      - run: docker push example.com/other:1.2.3
      - uses: actions/attest-build-provenance@c074443f1aee8d4aeeae555aebba3282517141b2
        with:
          subject-name: example.com/other
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Confidence, Priority, Severity
from infracheck.rule import Target, rule
from infracheck.workflows.scanning import pushes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.rule import Violation
    from infracheck.workflows import Job, Step

SIGNERS = frozenset({"cosign", "notation"})
ATTESTATIONS = frozenset({"actions/attest", "actions/attest-build-provenance", "sigstore/gh-action-sigstore-python"})


@rule(
    Target.JOB,
    severity=Severity.LOW,
    category=Category.SECURITY,
    confidence=Confidence.MEDIUM,
    priority=Priority.P3,
    aliases=("CKV_GHA_5",),
    tags=("checklist:image-scanning",),
    remedy="Sign the image's digest after the push.",
    default=False,
)
def unsigned_image(job: Job) -> Iterator[Violation]:
    """Yield the last step that pushes an image which nothing signs afterwards."""
    published = [index for index, step in enumerate(job.steps) if pushes(step)]
    if not published:
        return
    last = job.steps[published[-1]]
    following = [*job.steps[published[-1] :], *(step for later in job.after() for step in later.steps)]
    if not any(_signs(step) for step in following):
        at = "uses" if last.uses else "run"
        yield last.violation(at, f"job `{job.id}` publishes an image that nobody signs")


def _signs(step: Step) -> bool:
    if step.uses is not None:
        return step.uses.name in ATTESTATIONS
    return any(command.program in SIGNERS and command.verb in ("sign", "attest") for command in step.commands)
