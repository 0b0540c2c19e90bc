"""What is wrong around a worker is told, by every channel and page, and once it is over too."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from feedsvc.config import load
from feedsvc.errors import Code
from feedsvc.fetch.guard import Guard
from feedsvc.fetch.sender import Sender
from feedsvc.model import Trouble
from feedsvc.push.announce import HttpPurge
from feedsvc.store.engine import Database
from feedsvc.store.notices import SqlNotices
from feedsvc.watch.own import Fault, Own
from feedsvc.watch.watcher import Watcher
from feedsvc.wiring.address import PublicAddress
from feedsvc.wiring.status import report_of
from tests.conftest import Clock
from tests.fetch.test_tls import TLSServer, authority
from tests.makers import SITE
from tests.push.hub import Hub
from tests.servers import ScriptedServer
from tests.stores import migrated
from tests.watch.mailserver import MailServer
from tests.watch.test_watcher import email, mail

__all__ = ["authority", "mail"]  # fixtures


@pytest.fixture
def database(store_url: str) -> Iterator[Database]:
    found = migrated(store_url)
    yield found
    found.close()


def watcher(database: Database, clock: Clock, own: Own, mail: MailServer, worker: str = "one") -> Watcher:
    return Watcher(
        SqlNotices(database),
        [email(mail)],
        worker=worker,
        patience=timedelta(minutes=10),
        now=clock,
        own=own,
    )


def test_a_wrong_clock_is_told_at_once_and_when_it_is_right_again(
    database: Database, clock: Clock, mail: MailServer
) -> None:
    off = [(0.0, 3)]
    watch = watcher(database, clock, Own("web1", now=clock, clock_off=lambda: off[0]), mail)
    watch.run()
    assert mail.messages == []
    off[0] = (-1800.0, 3)
    watch.run()
    (told,) = mail.messages
    assert told["Subject"] == "Kabar: the clock of web1 is wrong"
    text = told.get_payload(decode=True).decode()  # type: ignore[union-attr]
    assert "it is 30 minutes behind most of the 3 hosts that it asks" in text
    assert "to do    compare `date -u`" in text
    shown = report_of(database, clock()).text(SITE.zone)  # the command and the control room say it too
    assert "clock of web1" in shown
    assert "compare `date -u`" in shown
    off[0] = (1.0, 3)
    watch.run()
    assert mail.messages[1]["Subject"].startswith("Kabar: the clock of web1 is right again")
    assert "wrong now: nothing" in report_of(database, clock()).text(SITE.zone)


def test_what_one_worker_sees_is_not_mended_by_another_that_does_not(
    database: Database, clock: Clock, mail: MailServer
) -> None:
    wrong = watcher(database, clock, Own("web1", now=clock, clock_off=lambda: (600.0, 2)), mail)
    right = watcher(database, clock, Own("web2", now=clock), mail, "two")
    for _ in range(4):
        wrong.run()
        right.run()
        clock.forward(seconds=30)
    assert [one["Subject"] for one in mail.messages] == ["Kabar: the clock of web1 is wrong"]


def test_a_public_address_that_leads_elsewhere_is_told_after_a_while(
    database: Database, clock: Clock, mail: MailServer
) -> None:
    base = "https://feeds.news.example"
    found = [[Fault(kind=Trouble.ADDRESS, subject=base, reason="is another's", remedy="correct base_url")]]
    own = Own("web1", now=clock, address=lambda: found[0])
    watch = watcher(database, clock, own, mail)
    own.look()
    for _ in range(5):
        watch.run()
        clock.forward(minutes=1)
    assert mail.messages == []  # a restart of the proxy is no news
    for _ in range(30):
        watch.run()
        clock.forward(minutes=1)
    assert [one["Subject"] for one in mail.messages] == [f"Kabar: something is wrong with {base}"]
    found[0] = []
    own.look()
    watch.run()
    assert f"all is well with {base} again" in mail.messages[1]["Subject"]


def address(folder: Path, base: str, clock: Clock, bundle: Path | None = None) -> PublicAddress:
    file = folder / "feedsvc.toml"
    ports = f"[fetch]\nports = [{base.rpartition(':')[2]}]\n"
    file.write_text(
        f'[site]\ntitle = "T"\nurl = "https://news.example/"\n[serve]\nbase_url = "{base}"\n'
        + ports + (f'ca_bundle = "{bundle}"\n' if bundle else "")
        + '[[section]]\nslug = "a"\nsources = []\n'
    )  # fmt: skip
    return PublicAddress(load(file, {}), user_agent="feedsvc", now=clock)


def test_an_address_is_asked_whether_it_leads_here(
    tmp_path: Path, upstream: ScriptedServer, clock: Clock
) -> None:
    base = upstream.url("")
    asked = address(tmp_path, base, clock)

    def said() -> list[str]:
        return [one.reason for one in asked.of_answers()]

    (nothing,) = said()
    assert nothing.endswith("/healthz answers 404")
    upstream.page("/healthz", b"<html>Welcome</html>")
    assert said() == [f"{base}/healthz is answered by something else"]
    upstream.page("/healthz", b"ok\n")
    upstream.page("/feeds.opml", b'<opml><outline xmlUrl="https://other.example/feeds/a.rss"/></opml>')
    assert said() == [f"{base} leads to a service with another public address"]
    upstream.page("/feeds.opml", b"nothing is published yet", 503)
    assert said() == []
    upstream.page("/feeds.opml", f'<opml><outline xmlUrl="{base}/feeds/a.rss"/></opml>'.encode())
    assert said() == []
    assert asked.faults() == []  # an address of this machine is nobody else's


@pytest.mark.parametrize(
    ("name", "code", "words"),
    [
        ("address", "", "it ends in 3 days (for 127.0.0.1"),
        ("expired", Code.TLS, "readers do not accept it (for news.example"),
    ],
)
def test_a_certificate_that_ends_is_told_with_its_names_and_its_date(
    tmp_path: Path, authority: Path, clock: Clock, name: str, code: str, words: str
) -> None:
    server = TLSServer(authority / f"{name}.crt")
    try:
        asked = address(tmp_path, f"https://127.0.0.1:{server.port}", clock, authority / "ca.pem")
        shown = asked.certificate()
        assert shown is not None
        clock.moment = shown.expires - timedelta(days=40)
        assert name == "expired" or not list(asked.of_certificate())
        clock.moment = shown.expires - timedelta(days=3, hours=5)
        (fault,) = asked.of_certificate()
    finally:
        server.close()
    assert fault.code == code
    assert words in fault.reason
    assert f"{shown.expires:%Y-%m-%d}" in fault.reason
    assert "certbot renew" in fault.remedy


def test_a_cache_that_refuses_our_token_is_told(
    store_url: str, clock: Clock, upstream: ScriptedServer, mail: MailServer
) -> None:
    upstream.page("/purge", b"", 403)
    sender = Sender(Guard(own=frozenset({upstream.host})), user_agent="feedsvc", now=clock)
    purge = HttpPurge(sender, upstream.url("/purge"), {"X-Token": "old"}, SITE.base_url)
    hub = Hub(store_url, clock, purge=purge)
    try:
        watch = watcher(
            hub.database, clock, Own("web1", now=clock, cache=lambda: hub.announcer.cache_fault), mail
        )
        hub.publish(b"<feed/>")
        hub.announcer.run()
        for _ in range(12):
            watch.run()
            clock.forward(minutes=1)
        (told,) = mail.messages
        assert told["Subject"] == "Kabar: the cache in front is not emptied"
        text = told.get_payload(decode=True).decode()  # type: ignore[union-attr]
        assert "the cache answers 403" in text
        assert "whether the token in purge_headers holds" in text
        upstream.page("/purge", b"", 204)
        hub.announcer.run()
        hub.publish(b"<feed>2</feed>")
        hub.announcer.run()
        watch.run()
        assert mail.messages[1]["Subject"].startswith("Kabar: the cache in front is emptied again")
    finally:
        sender.close()
        hub.close()
