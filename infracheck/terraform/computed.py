"""What other blocks see of a resource: what its configuration sets, and unknowns for everything the provider decides.

Without the provider's schema nobody can list the attributes of a resource. So the object that stands for one has every
attribute anybody asks for: those not set are unknown, and keep the address they stand for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.source.values import Mapping, Scalar, Sequence, Unknown, Value
from infracheck.terraform.types import DYNAMIC, ObjectType, Type, type_of

if TYPE_CHECKING:
    from infracheck.source.origin import Origin


class ComputedFields(dict[str, Value]):
    """Attributes by name, where every name that is absent stands for an attribute that is not known."""

    def __init__(self, fields: dict[str, Value], address: str, origin: Origin) -> None:
        super().__init__(fields)
        self.address = address
        self.origin = origin

    def __missing__(self, name: str) -> Value:
        return reference(f"{self.address}.{name}", self.origin)

    def get(self, name: str, default: object = None) -> Value:
        """The attribute of a name, whatever the name."""
        del default
        return self[name]


class ComputedAttributes(dict[str, Type]):
    """The types that go with `ComputedFields`: of every attribute that is absent, nothing is known."""

    def __missing__(self, name: str) -> Type:
        return DYNAMIC

    def __contains__(self, name: object) -> bool:
        return True

    def get(self, name: str, default: object = None) -> Type:
        """The type of a name, whatever the name."""
        del default
        return self[name]


def reference(address: str, origin: Origin) -> Unknown:
    """An unknown that stands for something that is decided elsewhere."""
    return Unknown(f"`{address}` is decided by the provider", origin, reference=address, type=DYNAMIC)


def computed_object(body: Mapping, address: str, known: dict[str, Value] | None = None) -> Mapping:
    """A resource as an object that other expressions refer to.

    Args:
        body: what its configuration sets.
        address: its address, for the references of what it does not set.
        known: attributes that are computed and yet known.
    """
    fields: dict[str, Value] = {}
    for name, value in body.fields.items():
        # A null leaves the choice to the provider: which of the two it is, only its schema tells.
        if not (isinstance(value, Scalar) and value.value is None):
            fields[name] = _open(value, f"{address}.{name}")
    fields.update(known or {})
    # An attribute nobody knows keeps the object from passing as wholly known (`jsonencode(aws_vpc.main)`).
    fields.setdefault("id", reference(f"{address}.id", body.origin))
    kind = ObjectType(ComputedAttributes({name: type_of(value) for name, value in fields.items()}))
    return Mapping(ComputedFields(fields, address, body.origin), body.origin, body.keys, type=kind)


def _open(value: Value, address: str) -> Value:
    """Nested blocks have computed attributes too. They carry no type, and so can be told from maps."""
    if isinstance(value, Sequence) and value.type is None:
        items = tuple(
            computed_object(item, f"{address}[{index}]") if isinstance(item, Mapping) and item.type is None else item
            for index, item in enumerate(value.items)
        )
        return Sequence(items, value.origin)
    return value
