"""Faults of a newsroom's site: how long until the operator is told, and what the mail says.

The real pipeline reads a real server; only the clock is the test's. What mends is told too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from feedsvc.store.notices import SqlNotices
from feedsvc.watch.watcher import Watcher
from tests.collect.newsroom import House, house
from tests.conftest import Clock
from tests.servers import Exchange, ScriptedServer
from tests.watch.mailserver import MailServer
from tests.watch.test_watcher import email, mail

__all__ = ["mail"]  # a fixture

STEP = timedelta(seconds=60)  #: a watcher that looks less often takes its worker for gone


def text_of(mail: MailServer, number: int) -> str:
    one = mail.messages[number]
    body = one.get_payload(decode=True)
    assert isinstance(body, bytes)
    return f"{one['Subject']}\n{body.decode()}"


@dataclass
class Watched:
    """A newsroom, and whoever is told of it by mail."""

    house: House
    clock: Clock
    mail: MailServer
    watcher: Watcher

    def until_told(self, count: int, *, at_most: timedelta) -> timedelta:
        """Let time pass until there are so many mails; how much did."""
        begun = self.clock()
        while len(self.mail.messages) < count:
            assert self.clock() - begun <= at_most, [
                text_of(self.mail, n) for n in range(len(self.mail.messages))
            ]
            self.house.pipeline.forward(seconds=STEP.total_seconds())
            self.watcher.run()
        return self.clock() - begun


@pytest.fixture
def watched(tmp_path: Path, clock: Clock, upstream: ScriptedServer, mail: MailServer) -> Iterator[Watched]:
    with house(tmp_path, clock, upstream) as room:
        watcher = Watcher(
            SqlNotices(room.database), [email(mail)], worker="one", patience=timedelta(minutes=10), now=clock
        )
        watcher.run()
        assert mail.messages == []
        yield Watched(room, clock, mail, watcher)


Fault = Callable[[House], Callable[[], None]]


def works(room: House) -> Callable[[], None]:
    """The section page is itself again."""

    def mends() -> None:
        del room.server.routes["/berita"]

    return mends


def answers(status: int, **headers: str) -> Fault:
    """The section page answers with a status from now on."""

    def breaks(room: House) -> Callable[[], None]:
        room.server.page("/berita", b"<h1>no</h1>", status, **headers)
        return works(room)

    return breaks


def pages_refuse(room: House) -> Callable[[], None]:
    """Article pages answer 403 from now on, the list goes on; many were read an hour ago."""
    for story in room.site.stories.values():
        story.status = 403
    for n in range(4):
        room.site.publish(
            f"/read/tertutup-{n}", f"Kabar tertutup nomor {n} dari daerah", "/berita", status=403
        )

    def mends() -> None:
        for story in room.site.stories.values():
            story.status = 200

    return mends


def is_empty(room: House) -> Callable[[], None]:
    room.server.page(
        "/berita", b"<html><body><main><h1>Berita</h1><p>Belum ada berita.</p></main></body></html>"
    )
    return works(room)


def asks_to_log_in(room: House) -> Callable[[], None]:
    form = b'<form action="/login"><input name="user"><input type="password" name="p"></form>'
    room.server.page("/berita", b"<html><title>Login</title><body><h1>Masuk</h1>" + form + b"</body></html>")
    return works(room)


def breaks_off(room: House) -> Callable[[], None]:
    def half(exchange: Exchange) -> None:
        exchange.send(b"HTTP/1.1 200 OK\r\nContent-Length: 90000\r\nConnection: close\r\n\r\n<html>")

    room.server.routes["/berita"] = half
    return works(room)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("fault", "minutes", "reason", "todo"),
    [
        pytest.param(answers(404), 20, "/berita answers 404", "look for the new one", id="404"),
        pytest.param(answers(403), 20, "/berita answers 403", "let feedsvc in", id="403"),
        pytest.param(answers(500), 20, "/berita answers 500", "a fault of the host", id="500"),
        pytest.param(
            answers(429, Retry_After="3600"),
            20,
            "/berita answers 429",
            "poll less often",
            id="429 for an hour",
        ),
        pytest.param(pages_refuse, 14, "answers 403", "ask its operator to let", id="article pages refuse"),
        pytest.param(is_empty, 20, "/berita", "feedsvc inspect ADDRESS", id="the list is empty"),
        pytest.param(asks_to_log_in, 20, "/berita", "login or consent", id="login page"),
        pytest.param(
            breaks_off, 20, "ended before it was complete", "tell its operator", id="answer breaks off"
        ),
    ],
)
def test_a_fault_is_told_in_time_with_its_remedy_and_its_end(
    watched: Watched, fault: Fault, minutes: int, reason: str, todo: str
) -> None:
    mends = fault(watched.house)
    watched.until_told(1, at_most=timedelta(minutes=minutes))
    told = text_of(watched.mail, 0)
    assert reason in told
    assert todo in told
    mends()
    watched.until_told(2, at_most=timedelta(minutes=130))
    assert "again (after" in text_of(watched.mail, 1)
    assert len(watched.mail.messages) == 2
