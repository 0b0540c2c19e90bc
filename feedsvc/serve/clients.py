"""Who sends a request, for limits that count by client."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import Any


def client_of(environ: Mapping[str, Any]) -> str:
    """The address of the client; of IPv6 the network of /64, which one household or server has.

    Where the connection comes from this machine or a private network, it is a proxy's: then the last address
    of X-Forwarded-For counts, which that proxy has added itself.
    """
    peer = _address(str(environ.get("REMOTE_ADDR", "")))
    forwarded = str(environ.get("HTTP_X_FORWARDED_FOR", "")).rpartition(",")[2].strip()
    if forwarded and (peer is None or peer.is_private or peer.is_loopback):
        peer = _address(forwarded) or peer
    if peer is None:
        return ""
    return str(peer) if peer.version == 4 else str(ipaddress.ip_network((peer, 64), strict=False))


def is_loopback(environ: Mapping[str, Any]) -> bool:
    """Whether the connection comes from this machine."""
    peer = _address(str(environ.get("REMOTE_ADDR", "")))
    return peer is not None and peer.is_loopback


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        found = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    mapped = found.ipv4_mapped if found.version == 6 else None
    return mapped or found
