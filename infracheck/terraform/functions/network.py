"""Functions of IP networks.

Terraform computes them with Go's `net` and go-cidr (https://github.com/apparentlymart/go-cidr), whose handling of IPv6
addresses that stand for IPv4 ones (`::ffff:10.0.0.0/104`) is followed to the letter, surprising as it is.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import TYPE_CHECKING, Final, NamedTuple

from infracheck.terraform import construct
from infracheck.terraform.construct import number_in, text_in
from infracheck.terraform.functions.signature import FunctionError, function, whole
from infracheck.terraform.types import NUMBER, STRING, ListType

if TYPE_CHECKING:
    from infracheck.source.origin import Origin
    from infracheck.source.values import Value

V4_BITS: Final = 32
V6_BITS: Final = 128
V4_MAPPED_BITS: Final = 96
"""How many bits of an IPv6 address say that the rest is an IPv4 address (RFC 4291, 2.5.5.2)."""

V4_MAPPED: Final = 0xFFFF

MAX_NEW_BITS: Final = 32
"""How far `cidrsubnets` extends a prefix at once, as in Terraform."""

MAX_PREFIX_DIGITS: Final = 7
"""Digits of a prefix length, leading zeros aside, that Go reads."""


class Network(NamedTuple):
    """A network.

    Attributes:
        start: its first address as a number.
        length: of its prefix, in bits.
        bits: of its addresses: 32 or 128.
    """

    start: int
    length: int
    bits: int

    @property
    def host_bits(self) -> int:
        """How many bits of an address number the host."""
        return self.bits - self.length

    @property
    def is_mapped(self) -> bool:
        """Whether its IPv6 addresses stand for IPv4 ones."""
        return self.bits == V6_BITS and self.start >> V4_BITS == V4_MAPPED

    def with_number(self, number: int, shift: int) -> int:
        """Its first address with a number put into the bits from `shift` on.

        Raises:
            FunctionError: the number does not fit.
        """
        # Go's big integers lose the sign on the way back to bytes.
        address = abs(self.start | (number << shift))
        if address.bit_length() > self.bits:
            raise FunctionError("the number does not fit the address")
        return address


def _address_text(number: int, bits: int) -> str:
    if bits == V4_BITS or number >> V4_BITS == V4_MAPPED:
        return str(IPv4Address(number & (1 << V4_BITS) - 1))
    return str(IPv6Address(number))


def _network_text(number: int, length: int, bits: int) -> str:
    if length < 0:
        return "<nil>"
    if bits == V6_BITS and number >> V4_BITS == V4_MAPPED:
        length = max(length - V4_MAPPED_BITS, 0)
    return f"{_address_text(number, bits)}/{length}"


def _any_whole(value: Value) -> int:
    """A whole number of any size."""
    number = number_in(value)
    if not number.is_whole:
        raise FunctionError("value must be a whole number")
    return number.truncated()


@function(STRING, NUMBER, NUMBER, returns=STRING)
def cidrsubnet(arguments: list[Value], origin: Origin) -> Value:
    """`cidrsubnet(prefix, newbits, netnum)`."""
    network, new_bits, number = _network(arguments[0]), whole(arguments[1]), _any_whole(arguments[2])
    length = network.length + new_bits
    if length > network.bits:
        raise FunctionError(f"insufficient address space to extend prefix of {network.length} by {new_bits}")
    # Go looks at the last 64 bits of the number, and counts networks with 64 bits.
    low = abs(number) & (1 << 64) - 1
    if 0 <= new_bits < 64 and low >= 1 << new_bits:
        raise FunctionError(f"prefix extension of {new_bits} does not accommodate a subnet numbered {number}")
    if length < -network.bits:
        raise FunctionError("the prefix is too short")
    start = network.with_number(number, network.bits - length)
    return construct.string(_network_text(start, length, network.bits), origin)


@function(STRING, rest=NUMBER, returns=ListType(STRING))
def cidrsubnets(arguments: list[Value], origin: Origin) -> Value:
    """`cidrsubnets(prefix, newbits...)`: consecutive subnets."""
    network = _network(arguments[0])
    at, end = network.start, network.start + (1 << network.host_bits)
    found: list[Value] = []
    for argument in arguments[1:]:
        new_bits = whole(argument)
        length = network.length + new_bits
        if new_bits < 1:
            raise FunctionError("must extend prefix by at least one bit")
        if new_bits > MAX_NEW_BITS:
            raise FunctionError("may not extend prefix by more than 32 bits")
        if length > network.bits:
            raise FunctionError(f"would extend prefix to {length} bits, which is too long for an address")
        size = 1 << (network.bits - length)
        at = -(-at // size) * size
        # An address of zero is where Go's counter starts over, so a network that begins there has no subnets.
        if at == 0 or at + size > end or network.is_mapped:
            raise FunctionError(f"not enough remaining address space for a subnet with a prefix of {length} bits")
        found.append(construct.string(_network_text(at, length, network.bits), origin))
        at += size
    return construct.sequence_of(found, ListType(STRING), origin)


@function(STRING, NUMBER, returns=STRING)
def cidrhost(arguments: list[Value], origin: Origin) -> Value:
    """`cidrhost(prefix, hostnum)`; a negative number counts from the end."""
    network, host = _network(arguments[0]), _any_whole(arguments[1])
    size = 1 << network.host_bits
    if not -size <= host < size:
        raise FunctionError(f"prefix of {network.length} does not accommodate a host numbered {host}")
    address = network.with_number(host % size, V4_MAPPED_BITS if network.is_mapped else 0)
    return construct.string(_address_text(address, network.bits), origin)


@function(STRING, returns=STRING)
def cidrnetmask(arguments: list[Value], origin: Origin) -> Value:
    """`cidrnetmask(prefix)`."""
    network = _network(arguments[0])
    if network.bits == V6_BITS and not network.is_mapped:
        raise FunctionError("IPv6 addresses cannot have a netmask")
    mask = (1 << network.bits) - (1 << network.host_bits)
    return construct.string(str(IPv4Address(mask) if network.bits == V4_BITS else IPv6Address(mask)), origin)


def _network(value: Value) -> Network:
    """A network in CIDR notation. Leading zeros are decimal, as Terraform still reads them."""
    text = text_in(value)
    host, slash, prefix = text.partition("/")
    if slash and prefix.isascii() and prefix.isdigit() and len(prefix.lstrip("0")) <= MAX_PREFIX_DIGITS:
        address = _address(host)
        length = int(prefix)
        if address is not None and length <= address.max_prefixlen:
            host_bits = address.max_prefixlen - length
            return Network(int(address) >> host_bits << host_bits, length, address.max_prefixlen)
    raise FunctionError(f"invalid CIDR expression: invalid CIDR address: {text}")


def _address(text: str) -> IPv4Address | IPv6Address | None:
    if "%" in text or not text.isascii():
        return None
    groups = text.split(":")
    groups[-1] = ".".join(map(_without_zeros, groups[-1].split(".")))
    if len(groups) > 1:
        groups = [*map(_without_zeros, groups[:-1]), groups[-1]]
    try:
        return ip_address(":".join(groups))
    except ValueError:
        return None


def _without_zeros(part: str) -> str:
    return part.lstrip("0") or part[:1]
