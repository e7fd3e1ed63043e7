"""Where a webhook may lead: to the open internet over https, and nowhere inside."""

import socket
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

import httpx2

from servicepolicy_models.errors import error
from servicepolicy_models.findings import Finding

LEADS_ELSEWHERE = tuple(map(IPv6Network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")))
"""NAT64, its local form, 6to4, Teredo: an IPv4 address in disguise, which may be a private one."""
Address = IPv4Address | IPv6Address


class Refused(Exception):
    """This address is not sent to."""


def complaint(url: str, to_loopback: bool) -> Finding | None:
    """What is wrong with the address of a webhook, as far as it can be seen without looking it up."""
    mend = "Give an https address of a host that can be reached from the internet."
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
        _written_for_lookup(host or "")
        httpx2.URL(url)
    except (ValueError, httpx2.InvalidURL):
        return error("/url", "This is no address.", "webhook.url", mend)
    if not host or parts.username is not None or parts.fragment:
        return error("/url", "This is no address of a host.", "webhook.url", mend)
    try:
        literal: Address | None = ip_address(host)
    except ValueError:
        literal = None
    is_own = host == "localhost" or (literal is not None and literal.is_loopback)
    if parts.scheme != "https" and not (parts.scheme == "http" and to_loopback and is_own):
        return error("/url", "The address is not https.", "webhook.not_https", mend)
    if literal is not None and not may_be_sent_to(literal, to_loopback):
        return error("/url", "The address is private.", "webhook.private", mend)
    return None


def pinned(host: str, port: int, to_loopback: bool) -> str:
    """The address of a host, looked up once: what was checked is what is connected to.

    Raises Refused when any of its addresses is private, or it is no name of a host; OSError when it has none.
    """
    try:
        found = socket.getaddrinfo(_written_for_lookup(host), port, type=socket.SOCK_STREAM)
    except ValueError:
        raise Refused(host) from None
    addresses = [ip_address(str(one[4][0]).partition("%")[0]) for one in found]
    if not addresses or not all(may_be_sent_to(one, to_loopback) for one in addresses):
        raise Refused(host)
    return str(addresses[0])


def _written_for_lookup(host: str) -> bytes:
    """A name as hosts are looked up by. Raises ValueError where a part of it is empty or too long.

    >>> _written_for_lookup("müller.example")
    b'xn--mller-kva.example'
    """
    return host.encode("idna")


def may_be_sent_to(address: Address, to_loopback: bool) -> bool:
    """Whether an address is public.

    >>> [may_be_sent_to(ip_address(a), False) for a in ("93.184.215.14", "10.0.0.1", "64:ff9b::a00:1")]
    [True, False, False]
    """
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return may_be_sent_to(address.ipv4_mapped, to_loopback)
        if any(address in network for network in LEADS_ELSEWHERE):
            return False
    if address.is_loopback:
        return to_loopback
    return address.is_global and not address.is_multicast
