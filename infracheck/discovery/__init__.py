"""What there is to scan: paths become stacks, each with its kind, its environment and the files it starts from."""

from infracheck.discovery.discover import discover
from infracheck.discovery.stacks import Discovery, StackKind, StackSource

__all__ = ["Discovery", "StackKind", "StackSource", "discover"]
