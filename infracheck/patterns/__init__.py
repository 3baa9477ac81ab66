"""Deployment patterns: which one each service follows, and how far it does, environment by environment.

A service is a workload that keeps a number of pods running. It is *standard*, *stateful*, *high-availability* or
*production-only*; the team says which (`[services.NAME] class`, or the label `infracheck/pattern`), else the manifests
tell. `classify` gives the pattern and the evidence for it, `checklist` what the pattern demands, `survey` puts a
repository's services and environments side by side.
"""

from infracheck.patterns.survey import Row, Survey, survey

__all__ = ["Row", "Survey", "survey"]
