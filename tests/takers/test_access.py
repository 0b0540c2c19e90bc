"""Private feeds: members read them, nobody else does, and no trace of them stands anywhere else."""

from __future__ import annotations

import base64
import gzip
import json
import logging
import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from lxml import etree

from feedsvc.cli.main import main
from feedsvc.errors import Code, StoreError
from feedsvc.model import Member
from feedsvc.serve.front import Front
from feedsvc.serve.members import FREE, FRESH, Asked, Members, Refusal, Slower, Throttle, credentials
from feedsvc.websub.rules import topics
from feedsvc.wiring.commands import export
from tests.asking import Answer, ask
from tests.judges import ATOM, complaints
from tests.takers.room import BASE, Room, ask_built

TAKERS = """
[[taker]]
slug = "mitra"
access = "basic"
[[taker]]
slug = "pelanggan"
access = "token"
content = "full"
[[taker]]
slug = "umum"
"""


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    made = Room(tmp_path_factory.mktemp("access"), TAKERS, articles=130)
    made.publish()
    yield made
    made.close()


@pytest.fixture
def front(room: Room) -> Front:
    return room.front()


def command(room: Room, *words: str) -> list[str]:
    done = CliRunner().invoke(main, ["member", *words, "--config", str(room.config)])
    assert done.exit_code == 0, done.output
    return done.output.splitlines()


def add(room: Room, name: str, feed: str) -> list[str]:
    """What a member is given: the addresses, or name and password."""
    lines = command(room, "add", name, "--feed", feed)
    if feed == "mitra":
        return [lines[0].split()[1], lines[1].split()[1]]
    return [line.removeprefix(BASE) for line in lines]


def basic(name: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()


def asked_with(front: Front, name: str, password: str, path: str = "/feeds/for/mitra.rss") -> Answer:
    return ask_built(front, path, authorization=basic(name, password))


def test_name_and_password_open_the_feed_and_its_archives(room: Room, front: Front) -> None:
    name, password = add(room, "msn", "mitra")
    for path in (
        "/feeds/for/mitra.rss",
        "/feeds/for/mitra.atom",
        "/feeds/for/mitra.json",
        "/feeds/for/mitra/archive/1.atom",
    ):
        refused = ask_built(front, path)
        assert refused.status == 401
        assert refused.headers["WWW-Authenticate"] == 'Basic realm="Kantor Berita Contoh", charset="UTF-8"'
        assert b"news.example" not in refused.body
        assert asked_with(front, name, password + "x", path).status == 401
        given = asked_with(front, name, password, path)
        assert given.status == 200
        assert not complaints(
            gzip.decompress(given.body) if given.headers.get("Content-Encoding") else given.body
        )
        assert given.headers["Cache-Control"].startswith("private, max-age=")
        assert "Access-Control-Allow-Origin" not in given.headers
        assert "Link" not in given.headers
        again = ask_built(
            front, path, authorization=basic(name, password), if_none_match=given.headers["ETag"]
        )
        assert again.status == 304
        assert again.headers["Cache-Control"].startswith("private")
    command(room, "revoke", "msn", "--feed", "mitra")


def test_each_member_has_an_address_and_walks_on_from_it(room: Room, front: Front) -> None:
    sari = add(room, "sari@mail.example", "pelanggan")
    budi = add(room, "budi", "pelanggan")
    assert len({*sari, *budi}) == 6
    assert ask_built(front, "/feeds/for/pelanggan.rss").status == 404
    assert ask_built(front, sari[0].replace(sari[0][-8:-4], "xxxx")).status == 404
    feed = ask_built(front, sari[1])
    root = etree.fromstring(feed.body)
    links = {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")}
    assert links["self"] == f"{BASE}{sari[1]}"
    assert "hub" not in links
    archive = ask_built(front, (links["prev-archive"] or "").removeprefix(BASE))
    assert archive.status == 200
    assert archive.headers["Cache-Control"].startswith("private")
    assert sari[1].split("/")[4].partition(".")[0].encode() in archive.body
    assert json.loads(ask_built(front, sari[2]).body)["feed_url"] == f"{BASE}{sari[2]}"
    assert budi[0].split("/")[4].partition(".")[0].encode() not in feed.body
    assert ask_built(front, sari[1], if_none_match=feed.headers["ETag"]).status == 304
    command(room, "revoke", "sari@mail.example")
    command(room, "revoke", "budi")


def test_a_revoked_member_is_refused_with_a_sentence_and_others_read_on(room: Room, front: Front) -> None:
    first, second = add(room, "satu", "pelanggan"), add(room, "dua", "pelanggan")
    name, password = add(room, "tiga", "mitra")
    assert ask_built(front, first[0]).status == ask_built(front, second[0]).status == 200
    assert asked_with(front, name, password).status == 200
    command(room, "revoke", "satu", "--feed", "pelanggan")
    command(room, "revoke", "tiga")
    fresh = room.front()  # a running process takes it over within FRESH seconds
    gone = ask_built(fresh, first[0])
    assert gone.status == 410
    assert b"revoked" in gone.body
    assert ask_built(fresh, first[0].replace(".rss", "/archive/1.rss")).status == 410
    assert asked_with(fresh, name, password).status == 401
    assert ask_built(fresh, second[0]).status == 200
    assert add(room, "satu", "pelanggan") != first
    assert any("satu" in line and "revoked" in line for line in command(room, "list"))
    assert ask_built(fresh, first[0]).status == 410


def test_secrets_stand_nowhere_in_the_store(room: Room) -> None:
    address = add(room, "rahasia", "pelanggan")[0]
    token = address.split("/")[4].partition(".")[0]
    _, password = add(room, "kunci", "mitra")
    with sqlite3.connect(room.filled.url.removeprefix("sqlite:///")) as connection:
        dump = "\n".join(connection.iterdump())
    assert token not in dump
    assert password not in dump


def test_private_feeds_stand_in_no_list_export_hub_or_copy(room: Room, front: Front, tmp_path: Path) -> None:
    front.published.keep_copy()
    for path in ("/", "/feeds.opml", "/feeds-catalogue.json", "/robots.txt", "/news-sitemap.xml", "/embed"):
        body = ask_built(front, path).body
        assert b"mitra" not in body, path
        assert b"pelanggan" not in body, path
    known = topics(BASE, (*room.settings.lists, *room.settings.takers))
    assert {one for one in known if "/for/" in one} == {
        f"{BASE}/feeds/for/umum.{form}" for form in ("rss", "atom", "json")
    }
    export(room.settings, tmp_path / "out")
    assert not [path for path in (tmp_path / "out").rglob("*") if "/for/" in str(path)]
    copy = room.folder / "store.db.served"
    assert copy.exists()
    with sqlite3.connect(copy) as connection:
        paths = [row[0] for row in connection.execute("SELECT path FROM snapshot")]
    assert "/feeds/latest.rss" in paths
    assert not [path for path in paths if "mitra" in path or "pelanggan" in path]


def test_no_address_of_a_member_is_logged(room: Room, front: Front, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    address = add(room, "catatan", "pelanggan")[0]
    for path in (
        address,
        address.replace(".rss", "/archive/1.rss"),
        address.replace(".rss", "/archive/9.rss"),
    ):
        ask_built(front, path)
    token = address.split("/")[4].partition(".")[0]
    assert token not in caplog.text


def test_other_methods_and_odd_addresses(front: Front) -> None:
    assert ask(front, "/feeds/for/mitra.rss", "POST").status == 405
    for path in (
        "/feeds/for/",
        "/feeds/for/mitra",
        "/feeds/for/mitra.xml",
        "/feeds/for/tidak-ada.rss",
        "/feeds/for/umum/abcdefghijklmnopqrstuvwxyz.rss",
        "/feeds/for/mitra/abcdefghijklmnopqrstuvwxyz.rss",
        "/feeds/for/mitra/archive/0.rss",
        "/feeds/for//mitra.rss",
        "/feeds/for/mitra/archive/1.rss/",
    ):
        assert ask_built(front, path).status == 404, path
    assert ask_built(front, "/feeds/for/umum.rss").headers["Cache-Control"].startswith("public")
    assert ask_built(front, "/feeds/for/umum/archive/1.rss").status == 200


def test_a_feed_that_becomes_private_is_private_at_once(tmp_path: Path) -> None:
    room = Room(tmp_path, '[[taker]]\nslug = "a"\n', articles=10)
    try:
        room.publish()
        assert ask(room.front(), "/feeds/for/a.rss").status == 200
        room.configure('[[taker]]\nslug = "a"\naccess = "basic"\n')  # nothing is published anew
        assert ask(room.front(), "/feeds/for/a.rss").status == 401
        room.configure("")
        assert ask(room.front(), "/feeds/for/a.rss").status == 404
    finally:
        room.close()


@pytest.mark.parametrize(
    "words",
    [("add", "x"), ("add", "x", "--feed", "umum"), ("add", "x:y", "--feed", "mitra"), ("revoke", "nobody")],
)
def test_commands_say_what_is_wrong(room: Room, words: tuple[str, ...]) -> None:
    done = CliRunner().invoke(main, ["member", *words, "--config", str(room.config)])
    assert done.exit_code in (1, 2)
    assert "Traceback" not in done.output


def test_a_name_is_added_once(room: Room) -> None:
    add(room, "sekali", "mitra")
    done = CliRunner().invoke(
        main, ["member", "add", "sekali", "--feed", "mitra", "--config", str(room.config)]
    )
    assert done.exit_code == 1
    assert "revoke it first" in done.output


# ── judging, with time that is passed in ──────────────────────────────────────────────────────────────


class Store:
    """A store of members in memory that can break: what `Members` is given in place of the real reader."""

    def __init__(self, **members: Member) -> None:
        self.members = members
        self.broken = False
        self.asked = 0

    def find(self, feed: str, secret: str) -> Member | None:
        self.asked += 1
        if self.broken:
            raise StoreError(Code.STORE, "gone")
        return self.members.get(secret.replace(":", "_"))


class Time:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def judged(room: Room) -> tuple[Members, Store, Time, Asked]:
    store, time = Store(msn_benar=Member(1, "msn")), Time()
    members = Members(room.settings.takers, store, clock=time)
    asked = members.asked("/feeds/for/mitra.rss")
    assert asked is not None
    return members, store, time, asked


def test_wrong_passwords_are_slowed_by_address_and_by_name(
    judged: tuple[Members, Store, Time, Asked],
) -> None:
    members, store, time, asked = judged
    for _ in range(FREE):
        assert members.judge(asked, basic("msn", "salah"), "192.0.2.1") is Refusal.NO_PASSWORD
    before = store.asked
    slower = members.judge(asked, basic("msn", "benar"), "192.0.2.1")
    assert isinstance(slower, Slower)
    assert 0 < slower.seconds <= 1
    assert isinstance(members.judge(asked, basic("lain", "salah"), "192.0.2.1"), Slower)  # the address
    assert isinstance(members.judge(asked, basic("msn", "salah"), "198.51.100.7"), Slower)  # the name
    assert store.asked == before
    time.now += 1.1
    assert members.judge(asked, basic("msn", "salah"), "192.0.2.1") is Refusal.NO_PASSWORD
    longer = members.judge(asked, basic("msn", "salah"), "192.0.2.1")
    assert isinstance(longer, Slower)
    assert longer.seconds > 1


def test_who_read_before_reads_on_while_others_guess(judged: tuple[Members, Store, Time, Asked]) -> None:
    members, _, time, asked = judged
    assert members.judge(asked, basic("msn", "benar"), "192.0.2.1") == Member(1, "msn")
    for attempt in range(40):
        members.judge(asked, basic("msn", f"salah{attempt}"), f"198.51.100.{attempt}")
        time.now += 40
        assert members.judge(asked, basic("msn", "benar"), "192.0.2.1") == Member(1, "msn")


def test_a_store_that_is_away_is_not_asked_all_the_time(judged: tuple[Members, Store, Time, Asked]) -> None:
    members, store, time, asked = judged
    members.judge(asked, basic("msn", "benar"), "192.0.2.1")
    store.broken = True
    time.now += FRESH + 1
    before = store.asked
    for _ in range(10):
        assert members.judge(asked, basic("msn", "benar"), "192.0.2.1") == Member(1, "msn")  # as it was known
        with pytest.raises(StoreError):
            members.judge(asked, basic("baru", "x"), "192.0.2.9")
    assert store.asked == before + 1


def test_a_revoked_member_reads_no_longer_than_two_seconds(
    judged: tuple[Members, Store, Time, Asked],
) -> None:
    members, store, time, asked = judged
    members.judge(asked, basic("msn", "benar"), "192.0.2.1")
    store.members["msn_benar"] = Member(1, "msn", revoked=True)
    time.now += FRESH
    assert members.judge(asked, basic("msn", "benar"), "192.0.2.1") is Refusal.NO_PASSWORD


def test_waits_grow_to_their_limit_and_are_forgotten() -> None:
    throttle = Throttle(longest=60)
    now = 0.0
    for _ in range(30):
        throttle.failed("a", now)
    assert throttle.wait("a", now) == 60
    assert throttle.wait("b", now) == 0
    assert throttle.wait("a", now + timedelta(hours=1).total_seconds()) == 0


@pytest.mark.parametrize(
    ("header", "found"),
    [
        (basic("a", "b:c"), "a:b:c"),
        (basic("nama", "kunci é"), "nama:kunci é"),
        ("basic " + base64.b64encode(b"a:b").decode(), "a:b"),
        ("Basic " + base64.b64encode(b"ab").decode(), None),
        ("Basic ***", None),
        ("Basic " + base64.b64encode(b"\xff:\xff").decode(), None),
        ("Bearer abc", None),
        ("Basic", None),
        ("", None),
    ],
)
def test_credentials_are_read_as_rfc_7617_says(header: str, found: str | None) -> None:
    assert credentials(header) == found
