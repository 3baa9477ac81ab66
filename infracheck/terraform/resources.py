"""A Terraform resource as a rule sees it, whether it comes from configuration or from a plan."""

from __future__ import annotations

import re
from copy import copy
from functools import cached_property
from typing import TYPE_CHECKING, Any

from infracheck.source.field import Field, NotJudged
from infracheck.source.values import Mapping, Sequence, Unknown

if TYPE_CHECKING:
    from collections.abc import Callable

    from infracheck.rule import Context, Violation
    from infracheck.source.origin import Origin
    from infracheck.terraform.expansion import Repetition

_STEP = re.compile(r"\[(\d+)\]|([^.\[\]]+)|\[\"((?:[^\"\\]|\\.)*)\"\]")
_KEY = re.compile(r"\[(?:\d+|\"(?:[^\"\\]|\\.)*\")\]")

META_ARGUMENTS = frozenset({"count", "for_each", "provider", "depends_on"})
"""Arguments that Terraform reads itself."""

META_BLOCKS = frozenset({"lifecycle", "provisioner", "connection"})
"""Nested blocks that Terraform reads itself."""


class Resource:
    """One instance of a resource, data source or ephemeral resource.

    Attributes:
        mode: "managed", "data" or "ephemeral".
        type: `aws_s3_bucket`.
        name: the name after the type.
        key: the index of `count` or the key of `for_each`; None where there is none.
        module_address: `module.vpc` or "" in the root.
        provider: the provider configuration it uses: `aws`, `aws.east`.
        field: its arguments and nested blocks; blocks are always sequences of mappings.
        meta: `depends_on`, `lifecycle`, `provisioner` and `connection`, apart from what the provider sees.
        repetition: how it is repeated; UNKNOWN where one instance stands for any number.
        trace: finds the addresses that an argument, or all of them, come from; None where nobody knows.
        context: the environment and stack it stands in; None until the repository is built.
    """

    def __init__(
        self,
        mode: str,
        type_: str,
        name: str,
        *,
        body: Mapping,
        repetition: Repetition,
        key: str | int | None = None,
        module_address: str = "",
        provider: str = "",
        meta: Mapping | None = None,
        references: Callable[[str | None], frozenset[str]] | None = None,
        address: str = "",
    ) -> None:
        self.mode = mode
        self.type = type_
        self.name = name
        self.key = key
        self.module_address = module_address
        self.provider = provider
        self.field = Field(body)
        self.meta = Field(meta if meta is not None else Mapping({}, body.origin))
        self.repetition = repetition
        self.context: Context | None = None
        self.trace = references
        self._address = address

    def __repr__(self) -> str:
        return f"Resource({self.address!r})"

    @cached_property
    def address(self) -> str:
        """`module.a[0].aws_subnet.private["x"]`, as Terraform writes it."""
        from infracheck.terraform.expansion import key_text  # noqa: PLC0415 - plans have their addresses

        return self._address or f"{self.block_address}{key_text(self.key)}"

    @property
    def block_address(self) -> str:
        """The address without the resource's own instance key."""
        mode = "" if self.mode == "managed" else f"{self.mode}."
        module = f"{self.module_address}." if self.module_address else ""
        return f"{module}{mode}{self.type}.{self.name}"

    @property
    def identity(self) -> str:
        """The address without any instance keys: instances of one block that share a fault share the finding."""
        return _KEY.sub("", self.block_address)

    @property
    def kinds(self) -> tuple[str, ...]:
        """The name a rule asks for it by: its type, led by `data.` or `ephemeral.` where it is one."""
        return (self.type,) if self.mode == "managed" else (f"{self.mode}.{self.type}",)

    @property
    def origin(self) -> Origin:
        """The header of its block."""
        return self.field.origin

    @property
    def is_repeated_unknown(self) -> bool:
        """Whether one instance stands for any number, perhaps none."""
        return self.repetition == "unknown"

    def get(self, name: str) -> Field:
        """An argument, or the sequence of nested blocks of a type; a field that does not exist where there is none."""
        return self.field[name]

    __getitem__ = get

    def at(self, path: str) -> Field:
        """The field at a dotted path: `at("root_block_device[0].encrypted")`; `at("")` is the whole resource."""
        here = self.field
        for index, name, quoted in _STEP.findall(path):
            here = here[int(index)] if index else here[name or quoted]
        return here

    def blocks(self, name: str) -> tuple[Field, ...]:
        """The nested blocks of a type, each certain to be there.

        Raises:
            NotJudged: whether there is any such block, or how many, cannot be known.
        """
        found = self.field[name]
        if isinstance(found.value, Sequence):
            for item in found.value.items:
                if isinstance(item, Unknown):
                    raise NotJudged(item, name)
            return tuple(found)
        found.require()
        return (found,) if isinstance(found.value, Mapping) else ()

    @cached_property
    def references(self) -> frozenset[str]:
        """The addresses, without instance keys, of all that its arguments come from, through locals and modules."""
        return self.trace(None) if self.trace else frozenset()

    def references_of(self, name: str) -> frozenset[str]:
        """As `references`, of one argument or one type of nested block."""
        return self.trace(name) if self.trace else frozenset()

    def in_context(self, context: Context) -> Resource:
        """The same resource, knowing where it stands."""
        placed = copy(self)
        placed.context = context
        return placed

    def violation(self, at: Field | str, message: str, **details: Any) -> Violation:
        """A violation of this resource.

        Args:
            at: a field of it, or the path of one; "" for the resource as a whole.
            message: one sentence that names the thing and what is wrong.
            **details: `related`, `secret`, `severity`, `on_key` as in `infracheck.rule.violation`.
        """
        from infracheck.rule import violation  # noqa: PLC0415 - evaluating needs no rules

        field = self.at(at) if isinstance(at, str) else at
        details.setdefault("identity", self.identity)
        return violation(field, message, address=self.address, **details)
