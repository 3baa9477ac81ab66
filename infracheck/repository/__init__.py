"""Environments and stacks: what is applied, what is compared, and the links between them."""

from infracheck.repository.build import build
from infracheck.repository.stacks import Environment, Repository, Stack

__all__ = ["Environment", "Repository", "Stack", "build"]
