"""Sources that break in every way, one after the other: what is served stays as it is, and then goes on."""

from __future__ import annotations

import socket
import struct
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.chaos.house import House
from tests.conftest import until
from tests.servers import Exchange

RSS = {"Content-Type": "application/rss+xml"}


def status(number: int) -> Callable[[Exchange], None]:
    return lambda exchange: exchange.answer(number, b"Something went wrong here.")


def redirect(place: str) -> Callable[[Exchange], None]:
    return lambda exchange: exchange.answer(302, headers={"Location": place})


def reset(exchange: Exchange) -> None:
    """In the middle of the body."""
    exchange.send(b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nContent-Length: 900\r\n\r\n<rss>")
    exchange.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def short(exchange: Exchange) -> None:
    exchange.send(b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nContent-Length: 900\r\n\r\n<rss>")


def silent(exchange: Exchange) -> None:
    """Closed without a word."""


def no_http(exchange: Exchange) -> None:
    exchange.send(b"220 mail.example ESMTP\r\n")


def login(exchange: Exchange) -> None:
    exchange.answer(
        200, b"<html><title>Log in</title><form>Name</form></html>", {"Content-Type": "text/html"}
    )


def empty(exchange: Exchange) -> None:
    exchange.answer(200, b"", RSS)


def no_items(exchange: Exchange) -> None:
    exchange.answer(200, b"<rss version='2.0'><channel><title>Kabar</title></channel></rss>", RSS)


def cut(exchange: Exchange) -> None:
    exchange.answer(200, b"<rss version='2.0'><channel><title>Kabar</title><item><title>Ka", RSS)


def bomb(exchange: Exchange) -> None:
    """Entities that grow to gigabytes."""
    rows = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    exchange.answer(
        200, f'<!DOCTYPE rss [<!ENTITY a0 "ha">{rows}]><rss><title>&a11;</title></rss>'.encode(), RSS
    )


def packed(exchange: Exchange) -> None:
    exchange.answer(200, b"this is not gzip", RSS | {"Content-Encoding": "gzip"})


FAULTS: dict[str, Callable[[Exchange], None]] = {
    **{f"status {number}": status(number) for number in (400, 403, 404, 500, 502, 503, 504)},
    "redirect to itself": redirect("/feed.xml"),
    "redirect to a name that is none": redirect("http://nowhere.invalid/feed.xml"),
    "redirect to a private address": redirect("http://10.0.0.1/feed.xml"),
    **{
        one.__name__: one
        for one in (reset, short, silent, no_http, login, empty, no_items, cut, bomb, packed)
    },
}


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    found = House(tmp_path)
    yield found
    found.close()


@pytest.mark.slow
def test_a_source_that_breaks_in_every_way(house: House) -> None:
    house.open()
    server = house.upstream.server
    well = server.routes["/feed.xml"]
    with house.checker.watching():
        for name, fault in FAULTS.items():
            house.fresh(60)
            assert house.publish() == 201
            house.checker.reckon("lokal", house.standing)
            before = {one["id"] for one in house.items("kabar")}
            met = 0

            def broken(exchange: Exchange, fault: Callable[[Exchange], None] = fault) -> None:
                nonlocal met
                met += 1
                fault(exchange)

            server.routes["/feed.xml"] = broken
            until(lambda: met, 60)  # noqa: B023
            assert house.publish() == 201, name  # other work goes on meanwhile
            house.checker.reckon("lokal", house.standing)
            assert before <= {one["id"] for one in house.items("kabar")}, name
            server.routes["/feed.xml"] = well
            assert not house.checker.wrong, (name, house.checker.wrong)
        house.fresh(60)
    house.verify()
