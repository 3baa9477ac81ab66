"""Bounds on the work and the size of evaluation, so that no expression can exhaust time or memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.source.errors import LimitError
from infracheck.source.values import Mapping, Sequence

if TYPE_CHECKING:
    from infracheck.source.origin import Origin
    from infracheck.source.values import Value

MAX_STEPS = 1_000_000
"""How many expressions one evaluation may visit; a loop counts its body once per turn."""

MAX_SHARE = 500_000
"""How much of a configuration's budget one of its expressions may use. Of 184 real roots none needs a hundredth."""

MAX_NODES = 1_000_000
"""How many nodes a value may have, counting shared ones as often as they occur: `[x, x]` is twice `x`."""


class Budget:
    """What is left to spend; one budget may be shared by many evaluations."""

    def __init__(self, steps: int = MAX_STEPS, nodes: int = MAX_NODES) -> None:
        self.given = self.steps = steps
        self.nodes = nodes
        # Nodes are kept beside their weights, since an id means nothing once its object is gone.
        self._weights: dict[int, tuple[Value, int]] = {}

    def spend(self, steps: int, origin: Origin) -> None:
        """Count work.

        Raises:
            LimitError: too much was done already.
        """
        self.steps -= steps
        if self.steps < 0:
            raise LimitError("the expression takes too many steps to evaluate; simplify it", origin)

    def share(self) -> Budget:
        """A budget for one expression out of this one, so that none can use up what the others need."""
        part = Budget(min(self.steps, MAX_SHARE), self.nodes)
        # Values are shared between expressions, and so is what they weigh.
        part._weights = self._weights
        return part

    def settle(self, share: Budget) -> None:
        """Take off what an expression has used of its share."""
        self.steps -= share.given - share.steps

    def weigh(self, value: Value) -> int:
        """How many nodes a value has, shared ones counted as often as they occur.

        Raises:
            LimitError: more than a value may have.
        """
        weight = self._weight(value)
        if weight > self.nodes:
            raise LimitError(f"a value of more than {self.nodes:,} elements, nested ones counted", value.origin)
        return weight

    def _weight(self, root: Value) -> int:
        if not isinstance(root, Mapping | Sequence):
            return 1
        stack: list[Value] = [root]
        weights = self._weights
        while stack:
            node = stack[-1]
            if id(node) in weights:
                stack.pop()
                continue
            children = node.fields.values() if isinstance(node, Mapping) else getattr(node, "items", ())
            total = 1
            waiting = len(stack)
            for child in children:
                if not isinstance(child, Mapping | Sequence):
                    total += 1
                elif id(child) in weights:
                    total += weights[id(child)][1]
                else:
                    stack.append(child)
            if len(stack) == waiting:
                weights[id(node)] = (node, total)
                stack.pop()
        return weights[id(root)][1]
