"""Workflow uses a long-lived key of a Google Cloud service account.

The JSON key of a service account works from anywhere and never expires unless somebody rotates it. Whoever reads it,
through a compromised action, a log or an artifact, keeps the access after the workflow has ended. Google Cloud can
trust GitHub's own proof of which workflow is running instead: the job gets a token for an hour and nothing is stored.

## Fix

Create a workload identity provider for the repository, give the job `permissions: id-token: write`, pass
`workload_identity_provider` and `service_account` in place of `credentials_json`, and delete the key.

## References

- [Configuring OpenID Connect in Google Cloud Platform, GitHub Docs](https://docs.github.com/en/actions/how-tos/secure-your-work/security-harden-deployments/oidc-in-google-cloud-platform)
- [Best practices for managing service account keys, Google Cloud](https://cloud.google.com/iam/docs/best-practices-for-managing-service-account-keys)

## Bad: a key from a secret

```yaml .github/workflows/deploy.yml
on: push
jobs:
  deploy:
    runs-on: ubuntu-24.04
    steps:
      - uses: google-github-actions/auth@ba79af03959ebeac9769e648f473a284504d9193
        with:
          credentials_json: ${{ secrets.GCP_KEY }} # finding
```

## Good: workload identity federation

```yaml .github/workflows/deploy.yml
on: push
jobs:
  deploy:
    runs-on: ubuntu-24.04
    permissions:
      id-token: write
    steps:
      - uses: google-github-actions/auth@ba79af03959ebeac9769e648f473a284504d9193
        with:
          workload_identity_provider: projects/123456789/locations/global/workloadIdentityPools/github/providers/violet
          service_account: deploy@violet.iam.gserviceaccount.com
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.rule import Target, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.rule import Violation
    from infracheck.workflows import Step

INPUTS = {
    "google-github-actions/auth": "credentials_json",
    "google-github-actions/setup-gcloud": "service_account_key",
    "google-github-actions/deploy-cloudrun": "credentials",
    "google-github-actions/get-gke-credentials": "credentials",
}


@rule(
    Target.STEP,
    severity=Severity.HIGH,
    category=Category.SECURITY,
    priority=Priority.P1,
    tags=("checklist:secrets", "checklist:iam"),
    remedy="Use workload identity federation (`workload_identity_provider`) and delete the key.",
)
def static_gcp_credentials(step: Step) -> Iterator[Violation]:
    """Yield a key that is handed to one of Google's actions."""
    name = INPUTS.get(step.uses.name) if step.uses is not None else None
    if name is not None and step.input(name).text():
        message = "a long-lived service account key is used where the workflow could prove itself"
        yield step.violation(step.input(name), message)
