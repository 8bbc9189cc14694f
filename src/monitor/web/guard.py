"""Which addresses may be connected to: vetted at the socket, so literals, DNS answers and redirects are all held."""

from __future__ import annotations

import socket
from collections.abc import Callable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# Ranges that `is_global` lets through although no public web server is there.
_DENIED = tuple(ip_network(n) for n in ("fec0::/10", "192.88.99.0/24", "100::/64", "5f00::/16", "2001:db8::/32"))
_NAT64 = (ip_network("64:ff9b::/96"), ip_network("64:ff9b:1::/48"))
_COMPATIBLE = ip_network("::/96")


class RefusedAddressError(OSError):
    """The address is in a range that the guard does not connect to."""


def networks(ranges: Sequence[str]) -> tuple[Network, ...]:
    """Parse CIDR ranges; raises ValueError on what is none."""
    return tuple(ip_network(text.strip(), strict=False) for text in ranges if text.strip())


def refusal(address: str, allowed: Sequence[Network]) -> str | None:
    """Return why an address is refused, or None when it may be connected to."""
    try:
        literal = ip_address(address.partition("%")[0])
    except ValueError:
        return f"{address} is not an address"
    wrapped = _wrapped(literal)
    if any(a.version == net.version and a in net for a in (literal, *wrapped) for net in allowed):
        return None
    reasons = [reason for a in wrapped or (literal,) if (reason := _not_public(a))]
    return f"{address} is {reasons[0]}" if reasons else None


def socket_factory(allowed: Sequence[Network]) -> Callable[[tuple[Any, ...]], socket.socket]:
    """Return aiohttp's socket factory that refuses to make a socket for an address that is not public."""

    def make(info: tuple[Any, ...]) -> socket.socket:
        family, kind, protocol, _, sockaddr = info
        reason = refusal(str(sockaddr[0]), allowed)
        if reason:
            raise RefusedAddressError(f"refused address: {reason}")
        return socket.socket(family, kind, protocol)

    return make


def _wrapped(address: Address) -> tuple[IPv4Address, ...]:
    """Return the IPv4 addresses that an IPv6 address carries (mapped, compatible, NAT64, 6to4)."""
    if isinstance(address, IPv4Address):
        return ()
    found = [address.ipv4_mapped, address.sixtofour]
    if any(address in net for net in _NAT64) or (address in _COMPATIBLE and int(address) > 1):
        found.append(IPv4Address(int(address) & 0xFFFFFFFF))
    return tuple(a for a in found if a is not None)


def _not_public(address: Address) -> str | None:
    if any(address.version == net.version and address in net for net in _DENIED):
        return "reserved"
    for name in ("unspecified", "loopback", "link_local", "multicast", "private", "reserved"):
        if getattr(address, f"is_{name}"):
            return name.replace("_", "-")
    return None if address.is_global else "not global"
