"""Which addresses may be connected to.

A name is resolved, every answer is judged, and the connection is made to a judged address, not to the name:
so no second look-up can lead elsewhere (DNS rebinding). One bad answer refuses the whole name.
"""

from __future__ import annotations

import ipaddress
import queue
import socket
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from feedsvc import urls
from feedsvc.errors import Code, FetchError, UnreachedError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

#: Ports of foreign hosts that may be asked; `[fetch] ports` adds to them.
PORTS = frozenset({80, 443, 8080, 8443})

# Python's own is_global is no judge: it changes between patch releases and (3.11) calls fec0::1,
# 64:ff9b::7f00:1 and 192.0.0.192 global. So the table stands here: IANA's special-purpose registries
# (RFC 6890 and its updates) and the addresses at which clouds keep their metadata.
_REFUSED = tuple(
    ipaddress.ip_network(network)
    for network in (
        "0.0.0.0/8",  # this host (RFC 1122)
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # shared address space (RFC 6598)
        "127.0.0.0/8",  # loopback
        "168.63.129.16/32",  # Azure's metadata and DNS, in a public range
        "169.254.0.0/16",  # link-local, metadata of most clouds
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments; Oracle's metadata
        "192.0.2.0/24",  # documentation
        "192.31.196.0/24",  # AS112
        "192.52.193.0/24",  # AMT
        "192.88.99.0/24",  # 6to4 relay
        "192.168.0.0/16",  # private
        "192.175.48.0/24",  # AS112
        "198.18.0.0/15",  # benchmarking
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
    )
)
# IPv6 unicast is allowed from 2000::/3 alone (all that IANA has given out), less these:
_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
_REFUSED_6 = tuple(
    ipaddress.IPv6Network(network)
    for network in (
        "2001::/23",  # protocol assignments: Teredo, ORCHID, benchmarking …
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4: carries an IPv4 address
        "2620:4f:8000::/48",  # AS112
        "3fff::/20",  # documentation (RFC 9637)
    )
)


def refusal(address: Address) -> str | None:
    """`address` and why no connection to it may be made, or None if it is an ordinary public address."""
    if isinstance(address, ipaddress.IPv4Address):
        for network in _REFUSED:
            if address in network:
                return f"{address}, which is not public ({network})"
        return None
    if address not in _GLOBAL_UNICAST:
        return f"{address}, which is not global unicast"
    for network_6 in _REFUSED_6:
        if address in network_6:
            return f"{address}, which is not public ({network_6})"
    return None


def _literal(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


Lookup = Callable[[str, int], list[str]]


def system_lookup(host: str, port: int) -> list[str]:
    """The addresses of a name as the system's resolver orders them. Raises OSError or UnicodeError."""
    return [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


@dataclass(frozen=True, slots=True)
class Guard:
    """Judges addresses for the whole process.

    `own` holds `host` or `host:port` of the operator's own servers: they may be private and use any port.
    `networks` are allowed although they are private, with any port. `lookup` asks for the addresses of a
    name; `hint` is the key of the configuration that `networks` come from.
    """

    own: frozenset[str] = frozenset()
    ports: frozenset[int] = PORTS
    lookup: Lookup = system_lookup
    networks: tuple[Network, ...] = ()
    hint: str = "[fetch] own"
    withheld: frozenset[str] = frozenset()  #: own hosts whose rights do not hold here

    def is_own(self, host: str, port: int | None = None) -> bool:
        """Whether `host` (without port) at `port` is one of the operator's own."""
        return host in self.own or f"{host}:{port}" in self.own

    def owns(self, url: str) -> bool:
        """Whether an absolute address lies on one of the operator's own hosts."""
        return urls.host(url) in self.own or (urlsplit(url).hostname or "") in self.own

    def without_own(self) -> Guard:
        """The same for what foreign content names: own hosts are judged as all others are."""
        return replace(self, own=frozenset(), withheld=self.own)

    def admit(self, url: str) -> str:
        """`url` as it may be requested; raises FetchError (BLOCKED_URL, of an address BLOCKED_ADDRESS).

        What a name leads to is judged when it is connected to; an address is what it is, and nobody waits
        for a turn at one that will be refused.
        """
        clean = urls.absolute(url, url)
        if clean is None:
            raise FetchError(Code.BLOCKED_URL, f"not an http(s) address that can be requested: {url[:200]!r}")
        parts = urlsplit(clean)
        port = parts.port or urls.DEFAULT_PORTS[parts.scheme]
        host = parts.hostname or ""
        # where networks are allowed, only the addresses of a name tell: `judge` sees them
        if not self.networks and port not in self.ports and not self.is_own(host, port):
            raise self._bad_port(host, port)
        if (address := _literal(host)) is not None:
            self.judge(host, port, [str(address)])
        return clean

    def _bad_port(self, host: str, port: int) -> UnreachedError:
        return UnreachedError(
            Code.BLOCKED_URL, f"port {port} of {host} is not allowed; {self._advice(host, port)}"
        )

    def _advice(self, host: str, port: int) -> str:
        if host in self.withheld or f"{host}:{port}" in self.withheld:
            return f"it is in {self.hint}, but foreign content leads there: only your own may"
        return f"if it is yours, add it to {self.hint}"

    def judge(self, host: str, port: int, addresses: Iterable[str]) -> list[str]:
        """The addresses, if all of them may be connected to; raises FetchError (BLOCKED_ADDRESS)."""
        found = list(dict.fromkeys(addresses))
        if not self.is_own(host, port):
            for text in found:
                address = ipaddress.ip_address(text.partition("%")[0])
                if any(address in network for network in self.networks):
                    continue
                reason = refusal(address)
                if reason is not None:
                    raise UnreachedError(
                        Code.BLOCKED_ADDRESS,
                        f"{host} leads to {reason}; {self._advice(host, port)}",
                    )
                if port not in self.ports:
                    raise self._bad_port(host, port)
        return found

    def connect(self, host: str, port: int, *, deadline: float, timeout: float) -> socket.socket:
        """A connected TCP socket to a judged address of `host`.

        Every address is tried in the resolver's order until `deadline` (monotonic seconds).
        Raises FetchError (DNS, BLOCKED_ADDRESS, CONNECT, TOO_SLOW).
        """
        addresses = self.judge(host, port, self._resolve(host, port, deadline))
        failure: OSError | None = None
        for address in addresses:
            left = min(timeout, deadline - time.monotonic())
            if left <= 0:
                break
            try:
                return socket.create_connection((address, port), timeout=left)
            except TimeoutError as error:
                failure = error
            except OSError as error:
                failure = error
        if failure is None or isinstance(failure, TimeoutError):
            raise UnreachedError(
                Code.TOO_SLOW, f"{host}:{port} did not accept a connection in time"
            ) from failure
        reason = failure.strerror or failure
        raise UnreachedError(Code.CONNECT, f"{host}:{port}: {reason}") from failure

    def _resolve(self, host: str, port: int, deadline: float) -> list[str]:
        """The addresses of `host`; a resolver knows no time limit, we do."""
        if (address := _literal(host)) is not None:
            return [str(address)]
        answer: queue.SimpleQueue[list[str] | OSError | UnicodeError] = queue.SimpleQueue()

        def ask() -> None:
            try:
                answer.put(self.lookup(host, port))
            except (OSError, UnicodeError) as error:
                answer.put(error)

        threading.Thread(target=ask, name=f"resolve {host}", daemon=True).start()
        try:
            found = answer.get(timeout=max(0.001, deadline - time.monotonic()))
        except queue.Empty:
            raise UnreachedError(Code.TOO_SLOW, f"the name {host} was not resolved in time") from None
        if isinstance(found, Exception):
            raise UnreachedError(Code.DNS, f"the name {host} has no address ({found})") from found
        return found
