"""Thirty days as a reader of other people's sites: a recording upstream, a clock that is moved, 22 checks.

Every request goes over a real connection from the real worker to a real server that stands in for all hosts
of a small world; only names and time are not the real ones. What a host may be asked, and how, is kept by the
server itself: it remembers for each address the validators that it sent last.
"""

from __future__ import annotations

import gzip
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime
from ipaddress import ip_network
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from feedsvc import config
from feedsvc.store import schema as t
from feedsvc.store.engine import Database
from feedsvc.wiring.collector import Outside
from feedsvc.wiring.status import report_of
from feedsvc.wiring.work import Collecting, collecting
from tests.conftest import Clock, until
from tests.servers import Exchange, ScriptedServer

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
FLOOR = 15 * MINUTE
NAMES = (
    "plain eager drops newtag temporary moved elsewhere maxage expires forever ttl period skips seconds date "
    "bare gone missing norobots"
).split()
#: Hosts that send validators with every answer that is not an error.
STEADY = "plain eager newtag maxage expires forever ttl period skips seconds date bare gone missing".split()
BARE_DAYS = range(12, 20)  #: on which `bare` answers 503 and says no time
CONFIG = """
[site]
title = "{title}"
url = "http://reader.example/"
namespace = "5b0c5f0e-6c1d-4a41-9d54-6f2a6f6c9a11"
[serve]
base_url = "https://feeds.example"
[fetch]
contact = "ops@reader.example"
budget = 2
ports = [{port}]
[store]
url = "{store}"
[[section]]
slug = "all"
sources = [{sources}]
"""


@dataclass(frozen=True)
class Hit:
    """A request, and which validators the server had sent for this address until then."""

    at: datetime
    name: str
    path: str
    headers: dict[str, str]
    status: int
    etag: str
    modified: str

    @property
    def sent(self) -> tuple[str, str]:
        return self.headers.get("if-none-match", ""), self.headers.get("if-modified-since", "")


class Site:
    """Every host of the simulated world; each name behaves in its own way."""

    def __init__(self, clock: Clock, server: ScriptedServer) -> None:
        self.clock, self.server, self.begin = clock, server, clock()
        self.hits: list[Hit] = []
        self.given: dict[tuple[str, str], list[tuple[str, str]]] = {}
        server.routes["*"] = self.answer

    @property
    def day(self) -> int:
        return (self.clock() - self.begin).days

    def feed(self, extra: str = "") -> bytes:
        """One story that is new each day."""
        items = "".join(
            f"<item><title>Story {n}</title><link>http://stories.example/{n}</link><guid>g{n}</guid>"
            f"<pubDate>{format_datetime(self.begin + timedelta(days=n))}</pubDate></item>"
            for n in range(max(0, self.day - 5), self.day + 1)
        )
        return (
            "<rss version='2.0' xmlns:sy='http://purl.org/rss/1.0/modules/syndication/'><channel>"
            f"<title>x</title>{extra}{items}</channel></rss>"
        ).encode()

    def answer(self, exchange: Exchange) -> None:
        name = exchange.headers["host"].split(".")[0]
        path, asked = exchange.path, exchange.headers
        given = self.given.setdefault((name, path), [])
        etag, modified = given[-1] if given else ("", "")
        status, body, headers = self.decide(name, path, asked)
        self.hits.append(Hit(self.clock(), name, path, asked, status, etag, modified))
        now = headers.get("ETag", ""), headers.get("Last-Modified", "")
        if status == 200:
            given.append(now)
        elif status == 304:
            given.append((now[0] or etag, now[1] or modified))
        if status not in (200, 304):  # what a careless reader would keep
            headers |= {"ETag": '"of no document"', "Last-Modified": "Thu, 01 Jan 2015 00:00:00 GMT"}
        exchange.answer(status, body, {"Content-Type": "application/rss+xml", "Set-Cookie": "a=b", **headers})

    def decide(self, name: str, path: str, asked: dict[str, str]) -> tuple[int, bytes, dict[str, str]]:
        if path == "/robots.txt":
            return (500 if name == "norobots" else 404), b"", {}
        target = self.target(name) if path == "/feed" else ""
        if target:
            return (302 if name == "temporary" else 301), b"", {"Location": target}
        trouble = self.trouble(name) if path == "/feed" else None
        if trouble:
            return trouble[0], b"", {"Retry-After": trouble[1]} if trouble[1] else {}
        tag = f'W/"{name}{path}, day {self.day}"'
        date = format_datetime(self.begin + timedelta(days=self.day))  # "+0000": to be sent back like that
        headers = {"ETag": tag, "Last-Modified": date}
        match name:
            case "newtag":  # a 304 brings a new tag
                del headers["Last-Modified"]
                newer = f'"newer {self.day}"'
                if asked.get("if-none-match") in (tag, newer):
                    return 304, b"", {"ETag": newer}
            case "drops" if self.day >= 2:
                headers = {}
            case "maxage":
                headers["Cache-Control"] = "max-age=21600"
            case "expires":
                headers["Expires"] = format_datetime(self.clock() + 5 * HOUR + MINUTE, usegmt=True)
            case "forever":
                headers["Cache-Control"] = "max-age=31536000"
        if asked.get("if-none-match") == tag and headers:
            return 304, b"", {}
        body = self.feed(
            {
                "ttl": "<ttl>240</ttl>",
                "period": "<sy:updatePeriod>daily</sy:updatePeriod>"
                "<sy:updateFrequency>3</sy:updateFrequency>",
                "skips": "<skipHours>" + "".join(f"<hour>{h}</hour>" for h in range(6)) + "</skipHours>"
                "<skipDays><day>Sunday</day></skipDays>",
            }.get(name, "")
        )
        if name == "plain" and "gzip" in asked.get("accept-encoding", ""):
            return 200, gzip.compress(body), headers | {"Content-Encoding": "gzip"}
        return 200, body, headers

    def target(self, name: str) -> str:
        port = self.server.port
        return {
            "temporary": f"http://target.example:{port}/t",
            "moved": f"http://new.moved.example:{port}/f",
            "elsewhere": f"http://other.invalid:{port}/f",
        }.get(name, "")

    def trouble(self, name: str) -> tuple[int, str] | None:
        third = self.day % 3 == 1
        if name == "seconds" and third:
            return 429, "7200"
        if name == "date" and third:
            # an HTTP date knows no parts of a second: the one after
            until_then = format_datetime(self.clock() + 3 * HOUR + timedelta(seconds=1), usegmt=True)
            return (429, until_then) if self.day % 2 else (503, until_then if self.day % 4 else "10800")
        if name == "bare" and self.day in BARE_DAYS:
            return 503, ""
        if name == "gone" and self.day >= 3:
            return 410, ""
        if name == "missing" and self.day >= 3:
            return 404, ""
        return None


def wired(tmp_path: Path, clock: Clock, server: ScriptedServer, title: str, *, hurry: bool) -> Collecting:
    def source(name: str, path: str = "/feed", more: str = "") -> str:
        return f'{{ feed = "http://{name}.example:{server.port}{path}", follow = false{more} }}'

    sources = [source(name) for name in NAMES if name != "eager"]
    sources += [source("eager", more=', every = "1m"' if hurry else ""), source("seconds", "/second")]
    file = tmp_path / "feedsvc.toml"
    file.write_text(
        CONFIG.format(
            title=title,
            port=server.port,
            store=f"sqlite:///{tmp_path}/store.db",
            sources=", ".join(sources),
        )
    )
    outside = Outside(
        lookup=lambda host, port: ["127.0.0.1"],
        networks=(ip_network("127.0.0.1/32"),),
        monotonic=lambda: clock().timestamp(),
    )
    return collecting(config.load(file, {}), clock=clock, outside=outside)


def live(one: Collecting, database: Database, clock: Clock, until_then: datetime) -> None:
    """From due time to due time."""
    d = t.due.c
    try:
        while clock() < until_then:
            one.worker.tick()
            until(lambda: one.worker.busy == 0, 60)
            with database.read() as connection:
                rows = connection.execute(select(d.next_due, d.not_before).where(d.active)).all()
            soonest = min(max(row.next_due, row.not_before) for row in rows)
            clock.moment = max(clock() + timedelta(seconds=1), soonest)
    finally:
        one.worker.stop(5)
        one.close()


@pytest.mark.slow
def test_thirty_days_of_good_manners(tmp_path: Path, clock: Clock, upstream: ScriptedServer) -> None:
    site = Site(clock, upstream)
    begin = clock()
    store = Database(f"sqlite:///{tmp_path}/store.db")
    try:
        # a source that is to be asked each minute, a restart while it is, and then an unrelated edit
        for days, title, hurry in (
            (8, "one", False),
            (8.4, "one", True),
            (9, "one", True),
            (30, "two", False),
        ):
            one = wired(tmp_path, clock, upstream, title, hurry=hurry)
            live(one, store, clock, begin + timedelta(days=days))
        shown = report_of(store, clock()).text(ZoneInfo("UTC")).splitlines()
    finally:
        store.close()
    checks = dict(judge(site, shown))
    sys.stdout.write(f"etiquette: {sum(checks.values())}/22, {len(site.hits)} requests in 30 days\n")
    assert [number for number, good in sorted(checks.items()) if not good] == []
    assert sorted(checks) == list(range(1, 23))


def judge(site: Site, shown: list[str]) -> Iterator[tuple[int, bool]]:
    """Each check with whether it is met. Every one also asks whether there was anything to be judged by."""

    def of(name: str, path: str = "/feed") -> list[Hit]:
        return [hit for hit in site.hits if (hit.name, hit.path) == (name, path)]

    def gaps(name: str, path: str = "/feed", *, after: int | None = None) -> list[timedelta]:
        return [
            two.at - one.at for one, two in pairwise(of(name, path)) if after is None or one.status == after
        ]

    lists = [hit for hit in site.hits if hit.path != "/robots.txt"]
    steady = [hit for hit in lists if hit.name in STEADY]
    conditional = [hit for hit in lists if any(hit.sent)]
    given = {
        place: ({tag for tag, _ in all_of if tag}, {date for _, date in all_of if date})
        for place, all_of in site.given.items()
    }

    first = Counter((hit.name, hit.path) for hit in steady if not any(hit.sent))
    yield 1, set(first.values()) == {1} and len(first) == len(STEADY) + 1
    tags = [hit for hit in conditional if hit.sent[0]]
    yield 2, len(tags) > 500 and all(hit.sent[0] in given[hit.name, hit.path][0] for hit in tags)
    dates = [hit for hit in conditional if hit.sent[1]]
    yield 3, len(dates) > 500 and all(hit.sent[1] in given[hit.name, hit.path][1] for hit in dates)
    yield 4, all(all(hit.sent) for hit in conditional if hit.etag and hit.modified)
    replaced = {hit.sent for hit in of("plain")}
    yield 5, len(replaced) > 20 and all(hit.sent == (hit.etag, hit.modified) for hit in conditional)
    without = [hit for hit in of("drops") if not (hit.etag or hit.modified)]
    yield 6, len(without) > 20 and not any(any(hit.sent) for hit in without)
    after_304 = [two for one, two in pairwise(of("newtag")) if one.status == 304]
    kept = [two for one, two in pairwise(of("plain")) if one.status == 304]
    yield (
        7,
        len(after_304) > 20
        and all(hit.sent[0].startswith('"newer ') for hit in after_304)
        and len(kept) > 20
        and all(hit.sent == (hit.etag, hit.modified) for hit in kept),
    )
    errors = [hit for hit in lists if hit.status >= 400]
    redirects = [hit for hit in lists if 300 <= hit.status < 400 and hit.status != 304]
    yield (
        8,
        len(errors) > 50
        and len(redirects) > 50
        and not any(any(hit.sent) for hit in redirects)
        and all(hit.sent == (hit.etag, hit.modified) for hit in errors if hit.name in STEADY)
        and any(any(hit.sent) for hit in of("target", "/t")),
    )

    places = {(hit.name, hit.path) for hit in lists}
    every_gap = [gap for place in places for gap in gaps(*place)]
    # the eager source goes as far as it may, also over a restart
    yield 9, min(every_gap) >= FLOOR and sum(gap < FLOOR * 1.2 for gap in gaps("eager")) > 50
    spread = gaps("maxage")
    yield 10, min(spread) >= 6 * HOUR and len(set(spread)) > len(spread) / 2
    yield (
        11,
        6 * HOUR <= min(gaps("maxage")) <= 8 * HOUR
        and 5 * HOUR <= min(gaps("expires")) <= 7 * HOUR
        and 24 * HOUR <= min(gaps("forever")) <= max(gaps("forever")) <= 27 * HOUR,
    )
    yield (
        12,
        4 * HOUR <= min(gaps("ttl")) <= 6 * HOUR
        and 8 * HOUR <= min(gaps("period")) <= 10 * HOUR
        and len(of("skips")) > 50
        and all(hit.at.hour >= 6 and hit.at.weekday() != 6 for hit in of("skips")[1:]),
    )
    yield 13, len(gaps("seconds", after=429)) > 20 and min(gaps("seconds", after=429)) >= 2 * HOUR
    yield 14, len(gaps("date", after=429)) > 10 and min(gaps("date", after=429)) >= 3 * HOUR
    bare = gaps("bare", after=503)
    yield (
        15,
        len(gaps("date", after=503)) > 10
        and min(gaps("date", after=503)) >= 3 * HOUR
        and 8 <= len(bare) <= 60  # every half hour would be 384
        and min(bare) >= FLOOR
        and 4 * HOUR <= max(bare) <= 25 * HOUR,
    )
    held = [hit.at for hit in of("seconds") if hit.status == 429]
    second = [hit.at for hit in of("seconds", "/second")]
    yield (
        16,
        len(second) > 50
        and sum(any(hold < at < hold + DAY for hold in held) for at in second) > 10
        and not any(timedelta() < at - hold < 2 * HOUR for at in second for hold in held),
    )
    yield 17, not any({"cookie", "referer"} & set(hit.headers) or "?" in hit.path for hit in site.hits)
    agents = {hit.headers.get("user-agent", "") for hit in site.hits}
    yield (
        18,
        all(
            agent.startswith("feedsvc/") and "+https://feeds.example/" in agent and "ops@reader" in agent
            for agent in agents
        ),
    )
    # a body that could not be unpacked would have been no success: its tag would not come back
    unpacked = [hit for hit in of("plain") if hit.status == 304]
    yield 19, all("gzip" in hit.headers.get("accept-encoding", "") for hit in lists) and len(unpacked) > 20
    yield (
        20,
        len(of("moved")) == 3
        and len(of("new", "/f")) > 20
        and len(of("elsewhere")) == len(of("other", "/f")) > 20
        and len(of("temporary")) == len(of("target", "/t")) > 20,
    )
    gone = [hit for hit in of("gone") if hit.status == 410]
    missing = gaps("missing", after=404)
    yield (
        21,
        len(gone) == 1
        and of("gone")[-1] is gone[0]
        and any("gone.example" in line and "HTTP_GONE" in line and "stopped" in line for line in shown)
        and 20 <= len(missing) <= 40
        and all(DAY <= gap <= 27 * HOUR for gap in missing[-15:]),
    )
    robots: dict[str, list[datetime]] = {}
    for hit in site.hits:
        if hit.path == "/robots.txt":
            robots.setdefault(hit.name, []).append(hit.at)
    yield (
        22,
        # of every host, those that redirects lead to too, and before anything else
        len(robots) == len(NAMES) + 3
        and {name: hit.path for name, hit in reversed([(hit.name, hit) for hit in site.hits])}
        == dict.fromkeys(robots, "/robots.txt")
        and all(two - one >= DAY for times in robots.values() for one, two in pairwise(times))
        and not of("norobots")
        and len(robots["norobots"]) > 10
        and {hit.path for hit in lists} == {"/feed", "/second", "/f", "/t"},
    )
