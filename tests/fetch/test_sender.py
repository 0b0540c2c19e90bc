"""Messages against real servers: guarded, bounded, never redirected, over kept connections."""

from __future__ import annotations

import ipaddress
import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from feedsvc.errors import Code, FetchError
from feedsvc.fetch.guard import Guard
from feedsvc.fetch.sender import Sender
from feedsvc.protocols import Message
from tests.conftest import until
from tests.push.sink import Reply, Sink
from tests.servers import Exchange, ScriptedServer

NOW = datetime(2025, 12, 18, 12, 0, tzinfo=UTC)
LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"),)


@pytest.fixture
def sink() -> Iterator[Sink]:
    server = Sink()
    yield server
    server.close()


def sender(guard: Guard | None = None) -> Sender:
    return Sender(guard or Guard(networks=LOOPBACK), user_agent="feedsvc/0", now=lambda: NOW)


def refused(url: str, guard: Guard, **options: object) -> FetchError:
    with pytest.raises(FetchError) as caught:
        sender(guard).send(Message(method="POST", url=url, **options))  # type: ignore[arg-type]
    return caught.value


def test_a_message_arrives_as_it_is_and_any_status_is_an_answer(sink: Sink) -> None:
    sink.rules["/cb"] = lambda got: Reply(503, b"later", {"Retry-After": "7"})
    message = Message(method="POST", url=sink.url("/cb?a=1&b"), headers={"X-A": "b"}, body=b"\x00feed")
    answer = sender().send(message)
    assert (answer.status, answer.body, answer.wait, answer.taken) == (503, b"later", 7.0, False)
    (got,) = sink.got
    assert (got.body, got.query, got.headers["x-a"]) == (b"\x00feed", (("a", "1"), ("b", "")), "b")
    assert got.headers["user-agent"] == "feedsvc/0"
    assert got.headers["content-length"] == "5"


def test_redirects_are_answers(sink: Sink) -> None:
    sink.rules["/cb"] = lambda got: Reply(307, b"", {"Location": sink.url("/secret")})
    assert sender().send(Message(method="POST", url=sink.url("/cb"), body=b"x")).status == 307
    assert [got.path for got in sink.got] == ["/cb"]


def test_answers_are_cut_and_the_next_message_goes_through(sink: Sink) -> None:
    sink.rules["/big"] = lambda got: Reply(200, b"x" * 1_000_000)
    ours = sender()
    assert len(ours.send(Message(method="GET", url=sink.url("/big"), limit=1000)).body) == 1000
    assert ours.send(Message(method="GET", url=sink.url("/?hub.challenge=a"))).body == b"a"


def test_connections_are_used_again(upstream: ScriptedServer) -> None:
    came: list[int] = []

    def handle(exchange: Exchange) -> None:
        came.append(exchange.connection.fileno())
        for _ in range(3):
            exchange.send(b"HTTP/1.1 204 Fine\r\n\r\n")
            if not exchange.connection.recv(65536):
                return

    upstream.routes["/cb"] = handle
    ours = sender()
    for _ in range(3):
        assert ours.send(Message(method="GET", url=upstream.url("/cb"))).status == 204
    assert len(came) == 1


def test_a_kept_connection_that_ended_is_replaced(upstream: ScriptedServer) -> None:
    upstream.routes["/cb"] = lambda exchange: exchange.send(b"HTTP/1.1 204 Fine\r\n\r\n")  # … and closes
    ours = sender()
    for _ in range(3):
        assert ours.send(Message(method="POST", url=upstream.url("/cb"), body=b"x")).status == 204


def test_private_addresses_need_to_be_allowed(sink: Sink) -> None:
    assert refused(sink.url(), Guard()).code is Code.BLOCKED_URL  # its port
    everything = Guard(ports=frozenset({sink.port}), hint="[websub] private")
    error = refused(sink.url(), everything)
    assert error.code is Code.BLOCKED_ADDRESS
    assert "[websub] private" in str(error)
    other = Guard(networks=(ipaddress.ip_network("10.0.0.0/8"),))
    assert refused(sink.url(), other).code is Code.BLOCKED_ADDRESS
    assert sink.got == []


def test_a_name_is_judged_by_all_its_addresses(sink: Sink) -> None:
    def lookup(host: str, port: int) -> list[str]:
        return ["127.0.0.1", "10.0.0.1"] if host == "both.example" else ["127.0.0.1"]

    guard = Guard(networks=LOOPBACK, lookup=lookup)
    message = Message(method="GET", url=f"http://one.example:{sink.port}/")
    assert sender(guard).send(message).status == 200
    assert refused(f"http://both.example:{sink.port}/", guard).code is Code.BLOCKED_ADDRESS


def test_public_addresses_keep_to_the_usual_ports_also_where_networks_are_allowed() -> None:
    guard = Guard(networks=LOOPBACK, lookup=lambda host, port: ["192.0.0.9", "8.8.8.8"])
    assert refused("http://public.example:25/", guard).code is Code.BLOCKED_ADDRESS
    guard = Guard(networks=LOOPBACK, lookup=lambda host, port: ["8.8.8.8"])
    assert refused("http://public.example:25/", guard).code is Code.BLOCKED_URL


@pytest.mark.parametrize("url", ["file:///etc/passwd", "http://user:pw@127.0.0.1/", "gopher://127.0.0.1/"])
def test_other_addresses_are_refused(url: str) -> None:
    assert refused(url, Guard(networks=LOOPBACK)).code is Code.BLOCKED_URL


def test_the_time_of_an_exchange_is_bounded(sink: Sink, upstream: ScriptedServer) -> None:
    sink.rules["/hang"] = sink.hang
    assert refused(sink.url("/hang"), Guard(networks=LOOPBACK), seconds=0.2).code is Code.TOO_SLOW

    def drip(exchange: Exchange) -> None:
        exchange.send(b"HTTP/1.1 200 Fine\r\nContent-Length: 1000\r\n\r\n")
        for _ in range(1000):
            exchange.send(b"x")
            if sink.released.wait(0.05):
                return

    upstream.routes["/drip"] = drip
    assert refused(upstream.url("/drip"), Guard(networks=LOOPBACK), seconds=0.3).code is Code.TOO_SLOW
    sink.released.set()


def test_closing_ends_what_is_under_way(sink: Sink) -> None:
    sink.rules["/hang"] = sink.hang
    ours = sender()
    failed: list[FetchError] = []

    def send() -> None:
        try:
            ours.send(Message(method="POST", url=sink.url("/hang"), body=b"x", seconds=60))
        except FetchError as error:
            failed.append(error)

    thread = threading.Thread(target=send)
    thread.start()
    until(lambda: sink.got)
    ours.close()
    thread.join(10)
    assert [error.code for error in failed] == [Code.TOO_SLOW]


def test_a_server_that_is_not_there_or_speaks_otherwise(upstream: ScriptedServer) -> None:
    guard = Guard(networks=LOOPBACK)
    assert refused("http://127.0.0.1:9/", guard).code is Code.CONNECT
    upstream.routes["/"] = lambda exchange: exchange.send(b"SSH-2.0-OpenSSH\r\n\r\n")
    assert refused(upstream.url(), guard).code is Code.CONNECT
