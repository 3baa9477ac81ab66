"""Bounds on the work and the size of evaluation, so that no expression can exhaust time or memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.source.errors import LimitError
from infracheck.source.values import Mapping, Sequence

if TYPE_CHECKING:
    from collections.abc import Callable

    from infracheck.source.origin import Origin
    from infracheck.source.values import Value

MAX_STEPS = 200_000
"""How many expressions one evaluation may visit; a loop counts its body once per turn. A second or two of work: of
184 real roots none needs a hundredth of it for one expression."""

MAX_NODES = 1_000_000
"""How many nodes a value may have, counting shared ones as often as they occur: `[x, x]` is twice `x`."""


NODES_PER_STEP = 4
"""How many nodes a function goes through, or makes, for the price of one step."""


class Budget:
    """What is left to spend; one budget may be shared by many evaluations."""

    def __init__(self, steps: int = MAX_STEPS, nodes: int = MAX_NODES) -> None:
        self.given = self.steps = steps
        self.nodes = nodes
        # Nodes are kept beside their weights, since an id means nothing once its object is gone.
        self._weights: dict[int, tuple[Value, int]] = {}

    def spend(self, origin: Callable[[], Origin], steps: int = 1) -> None:
        """Count steps.

        Raises:
            LimitError: too much was done already; at the origin, which is worked out only then.
        """
        self.steps -= steps
        if self.steps < 0:
            raise LimitError("the expression takes too many steps to evaluate; simplify it", origin())

    def share(self) -> Budget:
        """A budget for one expression out of this one, so that none can use up what the others need."""
        part = Budget(min(self.steps, MAX_STEPS), self.nodes)
        # Values are shared between expressions, and so is what they weigh.
        part._weights = self._weights
        return part

    def settle(self, share: Budget) -> None:
        """Take off what an expression has used of its share."""
        self.steps -= share.given - share.steps

    def handle(self, value: Value, origin: Callable[[], Origin]) -> None:
        """Count the work of a function that is given a value, or has made it.

        Raises:
            LimitError: too much was done already, or the value is too large.
        """
        self.spend(origin, self.weigh(value) // NODES_PER_STEP)

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
