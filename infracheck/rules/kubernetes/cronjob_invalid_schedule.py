"""Schedule or time zone of a CronJob is refused, or never comes due.

The API server reads `schedule` as five fields (minute, hour, day of month, month, day of week), a macro such as
`@daily`, or `@every` and a duration. Six fields, as Quartz and Jenkins have them, `7` for Sunday, `L` or `#`, and a
`TZ=` in front are refused: the object is not applied. A schedule that no calendar fits, such as 30 February, is
accepted and never runs. The time zone is a name of the IANA database, not "Local", "PST" or "UTC+2".

## Fix

Write five fields, and the time zone in `timeZone: Europe/Berlin`.

## References

- [CronJob: schedule syntax](https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#schedule-syntax)
- [CronJob: time zones](https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#time-zones)
- [robfig/cron, which Kubernetes reads schedules with](https://pkg.go.dev/github.com/robfig/cron/v3)

## Bad: not cron, or never

```yaml manifest.yaml
apiVersion: batch/v1
kind: CronJob
metadata:
  name: quartz
spec:
  schedule: "0 0 3 * * ?" # finding
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          containers: [{name: app, image: "report:1.0"}]
---
apiVersion: batch/v1
kind: CronJob
metadata:
  name: sunday
spec:
  schedule: "0 3 * * 7" # finding
  timeZone: PDT # finding
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          containers: [{name: app, image: "report:1.0"}]
---
apiVersion: batch/v1
kind: CronJob
metadata:
  name: february
spec:
  schedule: "0 3 30 2 *" # finding
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          containers: [{name: app, image: "report:1.0"}]
```

## Bad: an overlay moves the schedule

```yaml base/kustomization.yaml
resources: [cronjob.yaml]
```

```yaml base/cronjob.yaml
apiVersion: batch/v1
kind: CronJob
metadata:
  name: report
spec:
  schedule: "0 3 * * *"
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          containers: [{name: app, image: "report:1.0"}]
```

```yaml overlays/production/kustomization.yaml
resources: [../../base]
patches:
  - path: schedule.yaml
```

```yaml overlays/production/schedule.yaml
apiVersion: batch/v1
kind: CronJob
metadata:
  name: report
spec:
  schedule: "CRON_TZ=Europe/Berlin 0 3 * * *" # finding
```

## Good: five fields, a macro, an interval

```yaml manifest.yaml
apiVersion: batch/v1
kind: CronJob
metadata:
  name: workdays
spec:
  schedule: "*/15 8-18 ? JAN-mar,12 1-5"
  timeZone: Europe/Berlin
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          containers: [{name: app, image: "report:1.0"}]
---
apiVersion: batch/v1
kind: CronJob
metadata:
  name: daily
spec:
  schedule: "@daily"
  timeZone: Etc/UTC
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          containers: [{name: app, image: "report:1.0"}]
---
apiVersion: batch/v1
kind: CronJob
metadata:
  name: interval
spec:
  schedule: "@every 1h30m"
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          containers: [{name: app, image: "report:1.0"}]
---
apiVersion: batch/v1
kind: CronJob
metadata:
  name: fridays-or-the-thirtieth
spec:
  schedule: "0 3 30 2 5"
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          containers: [{name: app, image: "report:1.0"}]
```
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Severity
from infracheck.kubernetes.cron import ScheduleError, parse_schedule
from infracheck.rule import Target, rule
from infracheck.source.field import judge_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.workload import Workload
    from infracheck.rule import Violation

AREA = re.compile(
    r"(?:Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Brazil|Canada|Chile|Etc|Europe|Indian|Mexico|Pacific"
    r"|US)(?:/[A-Za-z0-9._+-]{1,14}){1,2}",
    re.ASCII,
)
"""Areas of the IANA time zone database; the lengths are those of its theory.html."""
PLAIN = frozenset(
    {
        "CET", "CST6CDT", "Cuba", "EET", "EST", "EST5EDT", "Egypt", "Eire", "Factory", "GB", "GB-Eire", "GMT", "GMT+0",
        "GMT-0", "GMT0", "Greenwich", "HST", "Hongkong", "Iceland", "Iran", "Israel", "Jamaica", "Japan", "Kwajalein",
        "Libya", "MET", "MST", "MST7MDT", "NZ", "NZ-CHAT", "Navajo", "PRC", "PST8PDT", "Poland", "Portugal", "ROC",
        "ROK", "Singapore", "Turkey", "UCT", "UTC", "Universal", "W-SU", "WET", "Zulu"
    }
)  # fmt: skip
"""Names of the IANA time zone database without an area (its files `backward` and `etcetera`)."""


@rule(
    Target.WORKLOAD,
    kinds=("CronJob",),
    severity=Severity.HIGH,
    category=Category.CORRECTNESS,
    remedy="Write five fields, and the time zone in `timeZone`.",
)
def cronjob_invalid_schedule(workload: Workload) -> Iterator[Violation]:
    """Yield a schedule that is none or never comes due, and a time zone that is none."""
    yield from judge_each((_schedule, _time_zone), lambda judge: judge(workload))


def _schedule(workload: Workload) -> Iterator[Violation]:
    field = workload.at("spec.schedule")
    text = field.text("") or ""
    problem = "it is missing" if not text else ""
    if text:
        try:
            parsed = parse_schedule(text)
        except ScheduleError as refused:
            problem = str(refused)
        else:
            problem = "" if parsed is None or parsed.is_ever_due else "no day fits it: it never runs"
    if problem:
        yield workload.violation(field, f"{workload.address}: the schedule {text!r}: {problem}")


def _time_zone(workload: Workload) -> Iterator[Violation]:
    field = workload.at("spec.timeZone")
    if not field.exists:
        return
    name = field.text("") or ""
    if name not in PLAIN and not AREA.fullmatch(name):
        yield workload.violation(
            field, f"{workload.address}: {name!r} is no time zone: write a name such as Europe/Berlin or Etc/UTC"
        )
