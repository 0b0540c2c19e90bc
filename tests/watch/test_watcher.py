"""What breaks is told once, with its remedy; what mends too. Nothing is lost where a channel is down."""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner
from sqlalchemy import insert, update

from feedsvc.cli import main
from feedsvc.errors import Code, NoticeError, StoreError
from feedsvc.fetch.guard import Guard
from feedsvc.fetch.sender import Sender
from feedsvc.model import Notice, Trouble
from feedsvc.store import schema as t
from feedsvc.store.engine import Database
from feedsvc.store.notices import SqlNotices
from feedsvc.watch.aside import Aside
from feedsvc.watch.channels import Channel, Email, Service, Webhook
from feedsvc.watch.watcher import Watcher
from tests.conftest import Clock
from tests.servers import Exchange, ScriptedServer
from tests.stores import migrated
from tests.watch.mailserver import MailServer

ZONE = ZoneInfo("Asia/Jakarta")
SOURCE = "https://news.example/politik"


@pytest.fixture
def mail() -> Iterator[MailServer]:
    server = MailServer()
    yield server
    server.close()


@pytest.fixture
def database(store_url: str) -> Iterator[Database]:
    found = migrated(store_url)
    yield found
    found.close()


class Newsroom:
    """A store with one source whose state a test sets, and its watcher."""

    def __init__(self, database: Database, clock: Clock, *channels: Channel) -> None:
        self.database, self.clock = database, clock
        with database.write() as connection:
            number = connection.execute(
                insert(t.upstream)
                .values(key="page:x", name=SOURCE, kind="page", url=SOURCE, spec={}, good_at=clock())
                .returning(t.upstream.c.no)
            ).scalar_one()
            connection.execute(
                insert(t.due).values(
                    upstream=number, host="news.example", next_due=clock() + timedelta(days=9),
                    not_before=clock(), lease_until=clock(),
                )
            )  # fmt: skip
        self.watcher = self.watch(*channels)

    def watch(self, *channels: Channel, worker: str = "one") -> Watcher:
        return Watcher(
            SqlNotices(self.database),
            channels,
            worker=worker,
            patience=timedelta(minutes=10),
            now=self.clock,
        )

    def breaks(self, code: str = "BOX_NOT_FOUND", message: str = "no list under 'Populer'") -> None:
        self._set(failures=3, error_code=code, error_message=message)

    def mends(self) -> None:
        self._set(failures=0, error_code="", error_message="", good_at=self.clock())

    def _set(self, **values: object) -> None:
        with self.database.write() as connection:
            connection.execute(update(t.upstream).values(values))

    def later(self, **span: float) -> None:
        """Let time pass with a look every minute; one that stays away for longer is an outage itself."""
        rest = timedelta(**span)
        while rest > timedelta():
            step = min(rest, timedelta(minutes=1))
            self.clock.forward(seconds=step.total_seconds())
            self.watcher.run()
            rest -= step


def email(mail: MailServer) -> Email:
    return Email(
        server=f"smtp://127.0.0.1:{mail.port}",
        sender="feedsvc@news.example",
        to=("editor@news.example",),
        site="Kabar",
        zone=ZONE,
    )


def test_a_source_that_breaks_and_mends_is_told_twice(
    database: Database, clock: Clock, mail: MailServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "feedsvc.watch.watcher")
    room = Newsroom(database, clock, email(mail))
    room.breaks()
    room.later(minutes=5)
    assert mail.messages == []  # it may be over with the next poll
    for _ in range(20):
        room.later(minutes=5)
    (told,) = mail.messages
    assert told["Subject"] == f"Kabar: {SOURCE} fails (BOX_NOT_FOUND)"
    text = told.get_payload(decode=True).decode()  # type: ignore[union-attr]
    assert "no list under 'Populer'" in text
    assert "to do    `feedsvc inspect ADDRESS` shows the headings" in text
    assert "2025-12-18 19:00 WIB" in text
    room.mends()
    room.later(minutes=1)
    assert mail.messages[1]["Subject"] == f"Kabar: {SOURCE} works again (after 106 minutes)"
    room.later(minutes=60)
    assert len(mail.messages) == 2
    said = [one.levelname for one in caplog.records if one.name == "feedsvc.watch.watcher"]
    assert said == ["ERROR", "INFO"]
    assert "To do:" in caplog.text


def test_a_channel_that_is_down_gets_it_later_and_holds_up_no_other(
    database: Database, clock: Clock, mail: MailServer, upstream: ScriptedServer
) -> None:
    heard: list[dict[str, object]] = []

    def take(exchange: Exchange) -> None:
        signature = hmac.new(b"s3cret", exchange.body, hashlib.sha256).hexdigest()
        assert exchange.headers["x-feedsvc-signature"] == f"sha256={signature}"
        heard.append(json.loads(exchange.body))
        exchange.answer(204, b"")

    upstream.routes["/hook"] = take
    hook = Webhook(
        name="webhook 1",
        url=upstream.url("/hook"),
        shape="feedsvc",
        secret="s3cret",
        sender=Sender(Guard(own=frozenset({upstream.host})), user_agent="feedsvc", now=clock),
        site="Kabar",
        zone=ZONE,
    )
    room = Newsroom(database, clock, email(mail), hook)
    mail.refuses = True
    room.breaks()
    room.later(minutes=11)
    assert mail.messages == []
    assert [(one["event"], one["subject"], one["code"]) for one in heard] == [
        ("broke", SOURCE, "BOX_NOT_FOUND")
    ]
    mail.refuses = False
    room.later(seconds=30)  # too soon
    assert mail.messages == []
    room.later(minutes=2)
    assert len(mail.messages) == 1
    assert len(heard) == 1


def test_two_workers_tell_a_trouble_once(database: Database, clock: Clock, mail: MailServer) -> None:
    room = Newsroom(database, clock, email(mail))
    other = room.watch(email(mail), worker="two")
    room.breaks()
    room.later(minutes=11)
    other.run()
    assert len(mail.messages) == 1


def test_a_worker_that_freezes_is_told_by_the_others(
    database: Database, clock: Clock, mail: MailServer
) -> None:
    room = Newsroom(database, clock)
    room.watcher.run()
    clock.forward(seconds=90)
    facts = SqlNotices(database).facts(clock())
    assert facts.worker_at == clock() - timedelta(seconds=90)
    # who was frozen, or died and was started again, tells it himself
    again = room.watch(email(mail), worker="two")
    again.run()
    [told] = mail.messages
    assert "no worker" in str(told)
    assert "2 minutes" in str(told)  # as people count 90 seconds
    clock.forward(seconds=30)
    again.run()
    assert len(mail.messages) == 2
    again.stop()
    room.watcher.stop()  # one that ends on purpose is not missed
    assert SqlNotices(database).facts(clock()).worker_at is None


def test_a_service_that_was_stopped_for_long_has_no_late_sources_at_once(
    database: Database, clock: Clock, mail: MailServer
) -> None:
    room = Newsroom(database, clock, email(mail))
    room.later(minutes=1)
    room.watcher.stop()
    with database.write() as connection:
        connection.execute(update(t.due).values(next_due=clock()))
    clock.forward(hours=2)
    room.watcher = room.watch(email(mail), worker="two")
    room.later(minutes=14)
    assert not mail.messages
    room.later(minutes=2)  # by now it should have been polled
    assert [message["Subject"] for message in mail.messages] == [f"Kabar: {SOURCE} is not polled"]


def test_the_outside_watchdog_hears_from_us(database: Database, clock: Clock) -> None:
    pings: list[object] = []
    watcher = Watcher(
        SqlNotices(database),
        (),
        worker="one",
        patience=timedelta(minutes=10),
        now=clock,
        watchdog=lambda: pings.append(clock()),
    )
    for _ in range(21):
        watcher.run()
        clock.forward(seconds=30)
    assert len(pings) == 3


@pytest.mark.parametrize(("shape", "key"), [("slack", "text"), ("discord", "content"), ("telegram", "text")])
def test_the_shapes_of_chat_services(
    shape: str, key: str, tmp_path: Path, upstream: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    bodies: list[bytes] = []

    def take(exchange: Exchange) -> None:
        bodies.append(exchange.body)
        exchange.answer(200, b"ok")

    upstream.routes["/hook/s3cret"] = take
    file = tmp_path / "feedsvc.toml"
    file.write_text(
        '[site]\ntitle = "Kabar"\nurl = "https://news.example/"\n[[section]]\nslug = "a"\nsources = []\n'
        f'[notify]\nwebhooks = [{{ url = "{upstream.url("/hook/")}${{KEY}}", shape = "{shape}" }}]\n'
    )
    monkeypatch.setenv("KEY", "s3cret")
    result = CliRunner().invoke(main, ["notify", "--test", "--config", str(file)])
    assert (result.exit_code, result.output) == (0, "webhook 1 at 127.0.0.1: sent\n")
    assert "a test (nothing is wrong) fails" in json.loads(bodies[0])[key]
    upstream.routes["/hook/s3cret"] = lambda exchange: exchange.answer(500, b"")
    result = CliRunner().invoke(main, ["notify", "--test", "--config", str(file)])
    assert (result.exit_code, result.output) == (
        1,
        "webhook 1 at 127.0.0.1: it answered 500\n",
    )
    assert "s3cret" not in result.output


def test_a_test_notice_tries_the_watchdog_too(tmp_path: Path, upstream: ScriptedServer) -> None:
    file = tmp_path / "feedsvc.toml"
    file.write_text(
        '[site]\ntitle = "Kabar"\nurl = "https://news.example/"\n[[section]]\nslug = "a"\nsources = []\n'
        f'[notify]\nwatchdog = "{upstream.url("/ping")}"\n'
    )
    for status, said in ((200, "sent"), (404, "it answered 404")):
        upstream.page("/ping", b"", status)
        result = CliRunner().invoke(main, ["notify", "--test", "--config", str(file)])
        assert f"watchdog at 127.0.0.1: {said}" in result.output
        assert "names no one" in result.output  # nobody but the watchdog is told
        assert result.exit_code == (status != 200)


def test_the_command_shows_what_is_wrong(database: Database, clock: Clock, tmp_path: Path) -> None:
    room = Newsroom(database, clock)
    file = tmp_path / "feedsvc.toml"
    file.write_text(
        '[site]\ntitle = "Kabar"\nurl = "https://news.example/"\n'
        f'[store]\nurl = "{database.url}"\n[[section]]\nslug = "a"\nsources = []\n'
    )

    def call(*options: str) -> tuple[int, str]:
        result = CliRunner().invoke(main, ["notify", *options, "--config", str(file)])
        return result.exit_code, result.output

    assert call() == (0, "Nothing is wrong, and nothing was wrong lately.\n")
    room.breaks()
    room.later(minutes=11)
    code, said = call()
    assert code == 1
    assert f"{SOURCE} fails (BOX_NOT_FOUND)" in said
    assert "to do" in said
    room.mends()
    room.later(minutes=1)
    code, said = call("--json")
    assert code == 0
    assert [one["code"] for one in json.loads(said)] == ["BOX_NOT_FOUND"]


def test_apprise_sends_to_what_it_knows(upstream: ScriptedServer, database: Database, clock: Clock) -> None:
    """A trouble and its end; a service that refuses is told, without its secret."""
    heard: list[dict[str, str]] = []

    def take(exchange: Exchange) -> None:
        heard.append(json.loads(exchange.body))
        exchange.answer(200, b"")

    upstream.routes["/hook"] = take
    address = f"json://user:s3cret@{upstream.host}/hook"
    service = Service(name="apprise 1 (json)", url=address, site="Kabar", zone=ZONE)
    room = Newsroom(database, clock, service)
    room.breaks()
    room.later(minutes=11)
    room.mends()
    room.later(minutes=1)
    assert [(one["type"], one["title"].partition(":")[0]) for one in heard] == [
        ("failure", "Kabar"),
        ("success", "Kabar"),
    ]
    assert "BOX_NOT_FOUND" in heard[0]["message"]
    upstream.routes["/hook"] = lambda exchange: exchange.answer(500, b"")
    notice = Notice(
        no=1,
        kind=Trouble.SOURCE,
        subject=SOURCE,
        since=clock(),
        broke_at=clock(),
        mended_at=None,
        code="EMPTY_LIST",
        reason="no list",
        remedy="look",
    )
    with pytest.raises(NoticeError, match="it was not taken") as refused:
        service.send(notice, mended=False)
    assert "s3cret" not in str(refused.value)
    with pytest.raises(NoticeError, match="does not understand"):
        replace(service, url="nonsense://x").send(notice, mended=False)


def test_a_store_that_is_gone_is_told_without_it_and_its_return_too(
    tmp_path: Path, clock: Clock, mail: MailServer
) -> None:
    database = migrated(f"sqlite:///{tmp_path}/s.db")
    room = Newsroom(database, clock, email(mail))
    room.watcher.run()
    aside = tmp_path / "aside"
    (tmp_path / "s.db").rename(aside)
    room.watcher.run()
    assert mail.messages == []  # it may be back at once
    mail.refuses = True
    room.later(minutes=2)
    mail.refuses = False
    room.later(minutes=30)
    (told,) = mail.messages
    assert told["Subject"] == "Kabar: the store cannot be used; nothing is collected (STORE_GONE)"
    text = told.get_payload(decode=True).decode()  # type: ignore[union-attr]
    assert "to do    put the store's file back" in text
    aside.rename(tmp_path / "s.db")
    room.later(minutes=5)
    # no worker was missed: this one could only not write that it lived
    assert [one["Subject"] for one in mail.messages[1:]] == [
        "Kabar: the store can be used again (after 33 minutes)"
    ]
    (noted,) = SqlNotices(database).notices()
    assert (noted.kind, noted.code, noted.mended_at is not None) == (Trouble.STORE, "STORE_GONE", True)
    database.close()


def test_a_full_disk_is_told_as_one(tmp_path: Path, clock: Clock, mail: MailServer) -> None:
    aside = Aside([email(mail)])
    error = StoreError(Code.STORE, "database or disk is full")
    aside.failed(error, clock(), disk_full=1.0)
    clock.forward(seconds=60)
    aside.failed(error, clock(), disk_full=1.0)
    text = mail.messages[0].get_payload(decode=True).decode()  # type: ignore[union-attr]
    assert "reason   100% of its disk are used: database or disk is full" in text
    assert "to do    make room on the disk of the store" in text
