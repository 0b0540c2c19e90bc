"""The guard's table against ssrfguard's, which another author wrote from the same registries.

What ssrfguard refuses we refuse. We refuse more, and each of these is named here.
"""

from __future__ import annotations

import ipaddress
import time
from ipaddress import IPv4Address, IPv6Address, ip_network

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ssrfguard import DEFAULT_DENIED

from feedsvc.errors import Code, FetchError
from feedsvc.fetch.guard import Guard, refusal

#: Public addresses that we refuse: metadata of clouds, anycast services of the network one is in …
OURS_4 = tuple(
    map(
        ip_network,
        ("168.63.129.16/32", "192.0.0.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.175.48.0/24"),
    )
)
#: … and whatever carries an IPv4 address or was never given out.
GLOBAL_UNICAST = ip_network("2000::/3")
OURS_6 = tuple(map(ip_network, ("2001::/23", "2002::/16", "2620:4f:8000::/48")))

#: The edges of every range of both tables, and one beyond each.
EDGES = [
    ipaddress.ip_address(int(edge) + step)
    for block in DEFAULT_DENIED.blocks
    for edge in (block.network.network_address, block.network.broadcast_address)
    for step in (-1, 0, 1)
    if 0 <= int(edge) + step < 2 ** (32 if block.network.version == 4 else 128)
]
PREFIXES = [block.network for block in DEFAULT_DENIED.blocks if block.network.version == 6]


def inside(network: ipaddress.IPv6Network) -> st.SearchStrategy[IPv6Address]:
    return st.integers(0, 2 ** (128 - network.prefixlen) - 1).map(lambda n: network.network_address + n)


def agree(address: IPv4Address | IPv6Address) -> None:
    theirs, ours = DEFAULT_DENIED.classify(address).blocked, refusal(address) is not None
    if theirs:
        assert ours, f"{address} is refused by ssrfguard: {DEFAULT_DENIED.classify(address).reason}"
    elif ours and isinstance(address, IPv4Address):
        assert any(address in network for network in OURS_4), address
    elif ours:
        assert address not in GLOBAL_UNICAST or any(address in network for network in OURS_6), address


def test_the_edges_of_every_range() -> None:
    assert len(EDGES) > 150
    for address in EDGES:
        agree(ipaddress.ip_address(str(address)))


@pytest.mark.slow
@settings(max_examples=5000)
@given(st.ip_addresses(v=4))
def test_any_ipv4(address: IPv4Address) -> None:
    agree(address)


@pytest.mark.slow
@settings(max_examples=5000)
@given(st.one_of(st.ip_addresses(v=6), st.sampled_from(PREFIXES).flatmap(inside)))
def test_any_ipv6(address: IPv6Address) -> None:
    agree(address)


@settings(max_examples=500)
@given(st.ip_addresses(v=4), st.sampled_from(["::ffff:0:0", "::", "64:ff9b::", "::ffff:0:0:0"]))
def test_no_ipv4_inside_an_ipv6(inner: IPv4Address, prefix: str) -> None:
    assert refusal(IPv6Address(int(IPv6Address(prefix)) | int(inner))) is not None


FORMS = [
    *("{0}.{1}.{2}.{3}", "{0:#x}.{1:#x}.{2:#x}.{3:#x}", "0{0:o}.0{1:o}.0{2:o}.0{3:o}", "{0}.{1}.{low}"),
    *("{0}.{rest}", "{whole}", "{whole:#x}", "0{whole:o}", "{0}.{1}.{2}.{3}.", "[::ffff:{0}.{1}.{2}.{3}]"),
    *(
        "[::{0}.{1}.{2}.{3}]",
        "[64:ff9b::{0}.{1}.{2}.{3}]",
        "[::ffff:{hex}]",
        "[2002:{hex}::1]",
        "{0}%2e{1}.{2}.{3}",
    ),
    *(
        "{0}\u3002{1}\u3002{2}\u3002{3}",
        "{0}\uff0e{1}\uff0e{2}\uff0e{3}",
    ),
]
PRIVATE = st.sampled_from(
    [ip_network(one) for one in ("127.0.0.0/8", "10.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12")]
)


@pytest.mark.slow
@settings(max_examples=1500, deadline=None)
@given(PRIVATE.flatmap(lambda one: st.ip_addresses(v=4, network=str(one))), st.sampled_from(FORMS))
def test_every_spelling_of_a_private_address(address: IPv4Address, form: str) -> None:
    """As the resolver of the C library reads them: nothing is connected to that is not public."""
    parts, whole = list(address.packed), int(address)
    given_ = {"whole": whole, "rest": whole & 0xFFFFFF, "low": whole & 0xFFFF}
    host = form.format(*parts, hex=f"{whole >> 16:x}:{whole & 0xFFFF:x}", **given_)
    guard = Guard()
    try:
        url = guard.admit(f"http://{host}/")
    except FetchError:
        return  # no address at all
    name = url.removeprefix("http://").split("/")[0].strip("[]")
    with pytest.raises(FetchError) as caught:
        guard.judge(name, 80, guard._resolve(name, 80, deadline=time.monotonic() + 20))
    assert caught.value.code in (Code.BLOCKED_ADDRESS, Code.DNS)
