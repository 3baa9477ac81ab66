"""Functions of IP networks. Addresses are written canonically, as Go's net/netip does."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv4Network, IPv6Network, ip_network
from typing import TYPE_CHECKING

from infracheck.terraform import construct
from infracheck.terraform.construct import number_in, text_in
from infracheck.terraform.functions.signature import FunctionError, function
from infracheck.terraform.types import NUMBER, STRING, ListType

if TYPE_CHECKING:
    from infracheck.source.origin import Origin
    from infracheck.source.values import Value

IPV4_MAPPED = 0xFFFF
"""The upper 96 bits of IPv4 addresses written as IPv6."""


@function(STRING, NUMBER, NUMBER, returns=STRING)
def cidrsubnet(arguments: list[Value], origin: Origin) -> Value:
    """`cidrsubnet(prefix, newbits, netnum)`."""
    network = _network(arguments[0])
    return construct.string(_subnet(network, _whole(arguments[1]), _whole(arguments[2])), origin)


@function(STRING, rest=NUMBER, returns=ListType(STRING))
def cidrsubnets(arguments: list[Value], origin: Origin) -> Value:
    """`cidrsubnets(prefix, newbits...)`: consecutive subnets."""
    network = _network(arguments[0])
    at = int(network.network_address)
    end = at + network.num_addresses
    found: list[Value] = []
    for argument in arguments[1:]:
        length = network.prefixlen + _whole(argument)
        if length > network.max_prefixlen:
            raise FunctionError(f"not enough remaining address space for a subnet with a prefix of {length} bits")
        size = 1 << (network.max_prefixlen - length)
        at = -(-at // size) * size
        if at + size > end:
            raise FunctionError("not enough remaining address space for a subnet")
        found.append(construct.string(f"{type(network.network_address)(at)}/{length}", origin))
        at += size
    return construct.sequence_of(found, ListType(STRING), origin)


@function(STRING, NUMBER, returns=STRING)
def cidrhost(arguments: list[Value], origin: Origin) -> Value:
    """`cidrhost(prefix, hostnum)`; a negative number counts from the end."""
    network, host = _network(arguments[0]), _whole(arguments[1])
    if not -network.num_addresses <= host < network.num_addresses:
        raise FunctionError(f"prefix of {network.prefixlen} does not accommodate a host numbered {host}")
    return construct.string(str(network[host]), origin)


@function(STRING, returns=STRING)
def cidrnetmask(arguments: list[Value], origin: Origin) -> Value:
    """`cidrnetmask(prefix)`."""
    network = _network(arguments[0])
    if isinstance(network, IPv6Network):
        raise FunctionError("IPv6 addresses cannot have a netmask")
    return construct.string(str(network.netmask), origin)


def _network(value: Value) -> IPv4Network | IPv6Network:
    text = text_in(value)
    if "/" not in text:
        raise FunctionError(f"invalid CIDR expression: invalid CIDR address: {text}")
    # Terraform has kept reading leading zeros as decimal, as Go did before 1.17.
    text = re.sub(r"(?<![0-9A-Fa-f:])0+(?=\d)", "", text) if ":" not in text else text
    try:
        return ip_network(text, strict=False)
    except ValueError:
        raise FunctionError(f"invalid CIDR expression: invalid CIDR address: {text}") from None


def _whole(value: Value) -> int:
    number = number_in(value)
    if not number.is_whole:
        raise FunctionError("a whole number is required")
    return number.truncated()


def _subnet(network: IPv4Network | IPv6Network, new_bits: int, number: int) -> str:
    length = network.prefixlen + new_bits
    if new_bits < 0 or length > network.max_prefixlen:
        raise FunctionError(f"insufficient address space to extend prefix of {network.prefixlen} by {new_bits}")
    if not 0 <= number < 1 << new_bits:
        raise FunctionError(f"prefix extension of {new_bits} does not accommodate a subnet numbered {number}")
    start = int(network.network_address) + (number << (network.max_prefixlen - length))
    if isinstance(network, IPv6Network) and start >> 32 == IPV4_MAPPED and length >= 96:
        # Go shows an IPv4 address in IPv6 as what it is.
        return f"{IPv4Address(start & 0xFFFFFFFF)}/{length - 96}"
    return f"{type(network.network_address)(start)}/{length}"
