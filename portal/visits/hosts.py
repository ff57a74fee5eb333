"""Whom may the portal ask? Sites on a list, on the usual ports, and nobody inside of its own network."""

from __future__ import annotations

import ipaddress
from collections.abc import Collection
from functools import cache
from urllib.parse import urlsplit

from portal import data
from portal.safety import host_of, is_safe_url

ANY = "*"  # in `PORTAL_LINK_HOSTS`: every public site
PORTS = {"http": 80, "https": 443}
# Offices, villages, universities and schools of Indonesia publish there what records cite, and only they get such
# names. Not mil.id: the armed forces are no party to what regions agree on, and do not welcome machines that knock.
INDONESIAN = ("go.id", "desa.id", "ac.id", "sch.id")

_OPEN_IPV6 = ipaddress.ip_network("2000::/3")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_COMPATIBLE = ipaddress.ip_network("::/96")
# Global by their registers, and yet no site: what a cloud tells its own machines, gateways to 6to4, documentation.
_NO_SITES = tuple(map(ipaddress.ip_network, ("168.63.129.16/32", "192.88.99.0/24", "3fff::/20")))


def why_not(address: str, own: Collection[str] = ()) -> str:
    """Why an address is not asked, in English; empty where it may be. ``own`` is the setting `LINK_HOSTS`."""
    if not is_safe_url(address):
        return "not an address of the open web"
    parts = urlsplit(address)
    if parts.port not in {None, *PORTS.values()}:
        return "another port than 80 and 443"
    return "" if is_listed(host_of(address), own) else "not on the list of hosts"


def is_listed(host: str, own: Collection[str] = ()) -> bool:
    """True for a host on the list that ships, an Indonesian office, university or school, and what the setting adds."""
    if ANY in own:
        return True
    names = host.split(".")
    ends = {".".join(names[place:]) for place in range(len(names))}
    return not ends.isdisjoint(own) or not ends.isdisjoint(_shipped())


@cache
def _shipped() -> frozenset[str]:
    return frozenset([*INDONESIAN, *(row["host"] for row in data.source_hosts())])


def site_of(address: str) -> str:
    """The last three names of the host of an address: what one office runs together."""
    return ".".join(host_of(address).split(".")[-3:])


def is_public(number: str) -> bool:
    """True for an IP address of the open internet, and for none that stands for one inside."""
    try:
        found = ipaddress.ip_address(number)
    except ValueError:
        return False
    if any(found in network for network in _NO_SITES):
        return False
    if isinstance(found, ipaddress.IPv4Address):
        return found.is_global and not found.is_multicast
    inner = _inner(found)
    if inner is not None:
        return all(is_public(str(one)) for one in inner)
    return found in _OPEN_IPV6 and found.is_global


def _inner(found: ipaddress.IPv6Address) -> list[ipaddress.IPv4Address] | None:
    """The IPv4 addresses that an IPv6 address leads to by a translator or a tunnel; None for an ordinary one."""
    if found in _NAT64 or found in _COMPATIBLE:
        return [ipaddress.IPv4Address(int(found) & 0xFFFF_FFFF)]
    one = found.ipv4_mapped or found.sixtofour
    return [one] if one is not None else list(found.teredo) if found.teredo is not None else None
