"""SSRF: every spelling of an address that is not public is refused, and nothing is connected to."""

from __future__ import annotations

import ipaddress
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest

from feedsvc.errors import Code, FetchError
from feedsvc.fetch.client import Client
from feedsvc.fetch.guard import Guard, refusal
from feedsvc.plugin_api import Request
from tests.servers import ScriptedServer


@contextmanager
def recorded() -> Iterator[list[object]]:
    """Everything that a socket was connected to inside the block.

    Not an audit hook: none can be taken out again, and with one in place CPython 3.11 lets go of its lock
    inside sys.settrace(), so that under coverage threads of later tests fail to start now and then.
    """
    connects: list[object] = []
    connect = socket.socket.connect

    def recording(this: socket.socket, address: Any) -> None:
        connects.append(address)
        connect(this, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", recording)
        yield connects


def client(guard: Guard) -> Client:
    return Client(guard, user_agent="test", now=lambda: datetime.now(UTC))


def refused(url: str, guard: Guard | None = None) -> FetchError:
    """The error of an address that must not be connected to."""
    with recorded() as connects, pytest.raises(FetchError) as caught:
        client(guard or Guard()).get(Request(url=url, seconds=5), own=True)
    assert connects == []
    return caught.value


LITERALS = """
127.0.0.1 127.1 127.0.1 2130706433 0x7f000001 0x7f.0.0.1 0177.0.0.1 017700000001 127.0.0.1.
127.255.255.254 0.0.0.0 0 00000000 1.2.3.4.5 256.256.256.256 4294967296
①②⑦.⓪.⓪.①
１２７．０．０．１
127。0。0。1 10.0.0.1 10.255.255.255 100.64.0.1 100.127.255.254 169.254.169.254 169.254.170.2
172.16.0.1 172.31.255.254 192.0.0.1 192.0.0.192 192.0.2.1 192.88.99.1 192.168.0.1
192.168.255.254 198.18.0.1 198.19.255.254 198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.255
240.0.0.1 255.255.255.255 168.63.129.16 100.100.100.200 [::1] [::] [0:0:0:0:0:0:0:1]
[::ffff:127.0.0.1] [::ffff:7f00:1] [::ffff:10.0.0.1] [::127.0.0.1] [::ffff:0:127.0.0.1]
[64:ff9b::7f00:1] [64:ff9b::127.0.0.1] [64:ff9b:1::7f00:1] [2002:7f00:1::] [2002:a00:1::1]
[2001:0:7f00:1::] [2001::1] [fc00::1] [fd00:ec2::254] [fe80::1] [fe80::1%25lo] [fec0::1]
[ff02::1] [2001:db8::1] [3fff::1] [100::1] [5f00::1] [2001:10::1] [2001:20::1] [4000::1]
localhost LOCALHOST localhost. ip6-localhost localhost.localdomain
""".split()


@pytest.mark.parametrize("host", LITERALS)
def test_addresses_that_are_not_public(host: str) -> None:
    error = refused(f"http://{host}/")
    assert error.code in (Code.BLOCKED_ADDRESS, Code.BLOCKED_URL, Code.DNS)
    if host[0].isdigit() and host not in ("1.2.3.4.5", "256.256.256.256", "4294967296"):
        assert error.code in (Code.BLOCKED_ADDRESS, Code.BLOCKED_URL)


@pytest.mark.parametrize(
    "url",
    [
        "http://user@127.0.0.1/",
        "http://news.example@127.0.0.1/",
        "http://127.0.0.1\\@news.example/",
        "http://127.0.0.1#@news.example/",
        "http://127.0.0.1?@news.example/",
        "http://127.0.\t0.1/",
        "http://news.example:22/",
        "http://news.example:0/",
        "file:///etc/passwd",
        "file://localhost/etc/passwd",
        "gopher://127.0.0.1:6379/_x",
        "ftp://127.0.0.1/",
        "dict://127.0.0.1:11211/stat",
        "http+unix://%2Fvar%2Frun%2Fdocker.sock/info",
        "data:text/html,x",
        "jar:http://127.0.0.1!/",
        "//127.0.0.1/",
        "",
        "http:///",
    ],
)
def test_addresses_that_are_no_addresses(url: str) -> None:
    assert refused(url).code in (Code.BLOCKED_ADDRESS, Code.BLOCKED_URL)


@pytest.mark.parametrize(
    "answers",
    [
        ["127.0.0.1"],
        ["::1"],
        ["::ffff:127.0.0.1"],
        ["93.184.216.34", "10.0.0.1"],
        ["10.0.0.1", "93.184.216.34"],
        ["2606:2800:220:1::1", "fd00::1"],
        ["fe80::1%lo"],
    ],
)
def test_one_bad_answer_refuses_the_whole_name(answers: list[str]) -> None:
    guard = Guard(lookup=lambda host, port: answers)
    assert refused("http://news.example/", guard).code is Code.BLOCKED_ADDRESS


def test_rebinding_gets_no_second_look_up() -> None:
    """The first answer is public and the second is not: only the first is ever asked for and used."""
    answers = iter([["192.0.2.1"], ["127.0.0.1"]])
    guard = Guard(lookup=lambda host, port: next(answers))
    assert refused("http://news.example/", guard).code is Code.BLOCKED_ADDRESS
    assert next(answers) == ["127.0.0.1"]


def test_the_address_that_was_judged_is_the_one_that_is_used(upstream: ScriptedServer) -> None:
    upstream.page("/", b"ok")
    asked: list[str] = []

    def lookup(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"]

    own = Guard(own=frozenset({f"news.example:{upstream.port}"}), lookup=lookup)
    with recorded() as connects:
        answer = client(own).get(Request(url=f"http://news.example:{upstream.port}/"), own=True)
    assert answer.body == b"ok"
    assert asked == ["news.example"]
    assert connects == [("127.0.0.1", upstream.port)]
    assert upstream.log[0][2]["host"] == f"news.example:{upstream.port}"


def test_own_hosts_may_be_private(upstream: ScriptedServer) -> None:
    upstream.page("/", b"ok")
    for own in (upstream.host, "127.0.0.1"):
        assert client(Guard(own=frozenset({own}))).get(Request(url=upstream.url()), own=True).status == 200
    assert refused(upstream.url(), Guard(own=frozenset({"127.0.0.1:1"}))).code is Code.BLOCKED_URL


def test_redirects_are_judged_hop_by_hop(upstream: ScriptedServer) -> None:
    guard = Guard(own=frozenset({upstream.host}))
    targets = {
        "http://127.0.0.2/": Code.BLOCKED_ADDRESS,
        "http://169.254.169.254/latest/meta-data/": Code.BLOCKED_ADDRESS,
        "file:///etc/passwd": Code.BLOCKED_URL,
        "gopher://127.0.0.1/": Code.BLOCKED_URL,
        "http://[::1]:25/": Code.BLOCKED_URL,
    }
    for target, code in targets.items():
        upstream.page("/", b"", 302, Location=target)
        with recorded() as connects, pytest.raises(FetchError) as caught:
            client(guard).get(Request(url=upstream.url()), own=True)
        assert caught.value.code is code
        assert connects == [("127.0.0.1", upstream.port)]


def test_proxies_of_the_environment_are_ignored(
    upstream: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    upstream.page("/", b"ok")
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, upstream.url())
    assert refused("http://10.0.0.1/").code is Code.BLOCKED_ADDRESS
    guard = Guard(own=frozenset({upstream.host}))
    assert client(guard).get(Request(url=upstream.url()), own=True).body == b"ok"
    assert upstream.paths() == ["/"]


def test_public_addresses_pass() -> None:
    for address in ("93.184.216.34", "8.8.8.8", "1.1.1.1", "2606:4700:4700::1111", "2a00:1450:4001::1"):
        assert refusal(ipaddress.ip_address(address)) is None


def test_every_special_range_of_the_standard_library_is_refused_too() -> None:
    """Whatever this Python calls private, reserved, loopback, link-local or multicast we refuse as well."""
    for text in ("10.1.2.3", "127.9.9.9", "169.254.1.1", "::1", "fe80::9", "ff05::2", "240.1.1.1", "::"):
        assert refusal(ipaddress.ip_address(text)) is not None


def test_a_resolver_that_hangs_does_not_hold_the_caller() -> None:
    import threading

    hang = threading.Event()

    def lookup(host: str, port: int) -> list[str]:
        hang.wait(10)
        return ["127.0.0.1"]

    guard = Guard(lookup=lookup)
    with pytest.raises(FetchError) as caught:
        guard.connect("slow.example", 80, deadline=time.monotonic() + 0.2, timeout=1)
    hang.set()
    assert caught.value.code is Code.TOO_SLOW


def test_names_without_an_address() -> None:
    def lookup(host: str, port: int) -> list[str]:
        raise socket.gaierror("no such name")

    assert refused("http://nowhere.example/", Guard(lookup=lookup)).code is Code.DNS
