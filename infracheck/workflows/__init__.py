"""GitHub Actions as rules see them: workflows, jobs, steps, and the expressions in their texts."""

from infracheck.workflows.load import Workflows, load_workflows
from infracheck.workflows.views import Action, ActionReference, Job, Step, Workflow

__all__ = ["Action", "ActionReference", "Job", "Step", "Workflow", "Workflows", "load_workflows"]
