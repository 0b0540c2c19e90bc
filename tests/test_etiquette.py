"""Thirty days as a reader of other people's sites: a recording upstream, a clock that is moved, 22 checks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime
from ipaddress import ip_network
from itertools import pairwise
from pathlib import Path

from sqlalchemy import select

from feedsvc import config
from feedsvc.store import schema as t
from feedsvc.store.engine import Database
from feedsvc.wiring import Collecting, Outside, collecting
from tests.conftest import Clock, until
from tests.servers import Exchange, ScriptedServer

FLOOR = timedelta(minutes=15)
NAMES = (
    "plain tagonly drops newtag redirect moved elsewhere temporary maxage ttl skips seconds date busy bare "
    "gone missing norobots"
).split()
CONFIG = """
[site]
title = "{title}"
url = "http://reader.example/"
namespace = "5b0c5f0e-6c1d-4a41-9d54-6f2a6f6c9a11"
[serve]
base_url = "https://feeds.example"
[fetch]
contact = "ops@reader.example"
budget = 6
ports = [{port}]
[store]
url = "{store}"
[[section]]
slug = "all"
sources = [{sources}]
"""


@dataclass(frozen=True)
class Hit:
    at: datetime
    name: str
    path: str
    headers: dict[str, str]
    status: int


class Site:
    """Every host of the simulated world; each name behaves in its own way."""

    def __init__(self, clock: Clock, server: ScriptedServer) -> None:
        self.clock, self.server, self.begin = clock, server, clock()
        self.hits: list[Hit] = []
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
        return f"<rss version='2.0'><channel><title>x</title>{extra}{items}</channel></rss>".encode()

    def answer(self, exchange: Exchange) -> None:
        name = exchange.headers["host"].split(".")[0]
        path, asked = exchange.path, exchange.headers
        status, body, headers = self.decide(name, path, asked)
        self.hits.append(Hit(self.clock(), name, path, asked, status))
        exchange.answer(status, body, {"Content-Type": "application/rss+xml", **headers})

    def decide(self, name: str, path: str, asked: dict[str, str]) -> tuple[int, bytes, dict[str, str]]:
        if path == "/robots.txt":
            return (500 if name == "norobots" else 404), b"", {}
        port = self.server.port
        to = {
            "redirect": f"http://target.example:{port}/f",
            "temporary": f"http://target.example:{port}/t",
            "moved": f"http://new.moved.example:{port}/f",
            "elsewhere": f"http://other.invalid:{port}/f",
        }.get(name)
        if to and path == "/feed":
            return (302 if name in ("redirect", "temporary") else 301), b"", {"Location": to}
        trouble = {"seconds": (429, "7200"), "busy": (503, "7200"), "bare": (503, "")}.get(name)
        if name == "date":
            trouble = (429, format_datetime(self.clock() + timedelta(hours=3), usegmt=True))
        if trouble and self.day % 3 == 1 and path == "/feed":
            return trouble[0], b"", {"Retry-After": trouble[1]} if trouble[1] else {}
        if name == "gone" and self.day >= 3:
            return 410, b"", {}
        if name == "missing" and self.day >= 3:
            return 404, b"", {"ETag": '"never"'}
        tag, date = f'W/"{name} {self.day}"', format_datetime(self.begin + timedelta(days=self.day))
        extra = ""
        headers = {"ETag": tag, "Last-Modified": date}
        if name == "tagonly":
            del headers["Last-Modified"]
        if name == "drops" and self.day >= 2:
            headers = {}
        if name == "maxage":
            headers["Cache-Control"] = "max-age=21600"
        if name == "ttl":
            extra = "<ttl>240</ttl>"
        if name == "skips":
            extra = "<skipHours>" + "".join(f"<hour>{h}</hour>" for h in range(6)) + "</skipHours>"
        if asked.get("if-none-match") == tag and headers:
            return 304, b"", {"ETag": '"newer"'} if name == "newtag" else {}
        if name == "newtag" and asked.get("if-none-match") == '"newer"' and self.day % 2:
            return 304, b"", {}
        return 200, self.feed(extra), headers


def wired(tmp_path: Path, clock: Clock, server: ScriptedServer, title: str) -> Collecting:
    sources = [f'{{ feed = "http://{n}.example:{server.port}/feed", follow = false }}' for n in NAMES]
    sources.append(f'{{ feed = "http://seconds.example:{server.port}/second", follow = false }}')
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
        pause=lambda seconds: None,
    )
    return collecting(config.load(file, {}), clock=clock, outside=outside)


def live(tmp_path: Path, clock: Clock, server: ScriptedServer, until_day: datetime, title: str) -> None:
    """From due time to due time."""
    one = wired(tmp_path, clock, server, title)
    database = Database(f"sqlite:///{tmp_path}/store.db")
    try:
        while clock() < until_day:
            one.worker.tick()
            until(lambda: one.worker.busy == 0, 60)
            with database.read() as connection:
                rows = connection.execute(
                    select(t.due.c.next_due, t.due.c.not_before).where(t.due.c.active)
                ).all()
            soonest = min(max(row.next_due, row.not_before) for row in rows)
            clock.moment = max(clock() + timedelta(seconds=1), soonest)
    finally:
        one.worker.stop(5)
        one.close()
        database.close()


def test_thirty_days_of_good_manners(tmp_path: Path, clock: Clock, upstream: ScriptedServer) -> None:
    site = Site(clock, upstream)
    begin = clock()
    for part, title in ((9, "one"), (10, "one"), (30, "another title")):  # a restart, then an unrelated edit
        live(tmp_path, clock, upstream, begin + timedelta(days=part), title)
    checks = judge(site)
    for number, good in sorted(checks.items()):
        print(f"{number:2} {'ok' if good else 'FAILED'}")  # noqa: T201
    score = sum(checks.values())
    print(f"etiquette: {score}/22, {len(site.hits)} requests")  # noqa: T201
    assert [number for number, good in sorted(checks.items()) if not good] == []
    assert score == len(checks) == 22


def judge(site: Site) -> dict[int, bool]:
    def of(name: str, path: str = "/feed") -> list[Hit]:
        return [hit for hit in site.hits if (hit.name, hit.path) == (name, path)]

    def gaps(name: str, where: Callable[[Hit], bool] = lambda hit: True) -> list[timedelta]:
        hits = of(name)
        return [two.at - one.at for one, two in pairwise(hits) if where(one)]

    lists = [hit for hit in site.hits if hit.path != "/robots.txt"]
    bare = [hit for hit in of("plain") if "if-none-match" not in hit.headers]
    plain = of("plain")[1:]
    tags = [hit.headers.get("if-none-match", "") for hit in plain]
    seen: list[str] = []
    for tag in tags:
        if not seen or seen[-1] != tag:
            seen.append(tag)
    every_gap = [gap for name in NAMES for gap in gaps(name)]
    robots: dict[str, list[datetime]] = {}
    for hit in site.hits:
        if hit.path == "/robots.txt":
            robots.setdefault(hit.name, []).append(hit.at)
    held = [hit.at for hit in of("seconds") if hit.status == 429]
    second = [hit.at for hit in of("seconds", "/second")]

    def busy(status: int) -> Callable[[Hit], bool]:
        return lambda hit: hit.status == status

    first = {name: next((h for h in of(name) if h.status == 410), None) for name in ("gone",)}["gone"]
    late_404 = gaps("missing", busy(404))
    return {
        1: len(bare) == 1,
        2: all(tag.startswith('W/"plain ') and tag.endswith('"') for tag in tags),
        3: all(
            hit.headers["if-modified-since"] == format_datetime(site.begin + timedelta(days=int(tag[9:-1])))
            for hit, tag in zip(plain, tags, strict=True)
        ),
        4: all("if-modified-since" in h.headers and "if-none-match" in h.headers for h in plain)
        and not any("if-modified-since" in h.headers for h in of("tagonly")),
        5: len(seen) == len(set(seen)) > 20,
        6: not any(
            "if-none-match" in h.headers or "if-modified-since" in h.headers
            for h in of("drops")
            if h.at > site.begin + timedelta(days=3, hours=2)
        ),
        7: any(h.headers.get("if-none-match") == '"newer"' for h in of("newtag")),
        8: not any("if-none-match" in h.headers for h in of("redirect"))
        and any("if-none-match" in h.headers for h in of("target", "/f"))
        and not any(h.headers.get("if-none-match") == '"never"' for h in of("missing")),
        9: min(every_gap) >= FLOOR,
        10: min(gaps("maxage")) >= timedelta(hours=6) and len(set(gaps("maxage"))) > 5,
        11: min(gaps("maxage")) >= timedelta(hours=6) and max(gaps("maxage")) <= timedelta(hours=27),
        12: min(gaps("ttl")) >= timedelta(hours=4) and all(hit.at.hour >= 6 for hit in of("skips")[1:]),
        13: bool(held) and min(gaps("seconds", busy(429))) >= timedelta(hours=2),
        14: min(gaps("date", busy(429))) >= timedelta(hours=3),
        15: min(gaps("busy", busy(503))) >= timedelta(hours=2)
        and FLOOR <= min(gaps("bare", busy(503))) <= max(gaps("bare", busy(503))) <= timedelta(hours=25),
        16: bool(held)
        and not any(timedelta() < at - hold < timedelta(hours=2) for at in second for hold in held),
        17: not any({"cookie", "referer"} & set(h.headers) or "?" in h.path for h in site.hits),
        18: all(
            h.headers["user-agent"].startswith("feedsvc/")
            and "+https://feeds.example/" in h.headers["user-agent"]
            for h in site.hits
        ),
        19: all("gzip" in h.headers["accept-encoding"] for h in site.hits),
        20: len(of("moved")) == 3
        and len(of("new", "/f")) > 10
        and len(of("elsewhere")) > 10
        and len(of("temporary")) > 10,
        21: first is not None
        and of("gone")[-1] is first
        and late_404[-1] >= timedelta(hours=8)
        and max(late_404) <= timedelta(hours=28),
        22: all(two - one >= timedelta(hours=24) for times in robots.values() for one, two in pairwise(times))
        and not of("norobots")
        and {h.path for h in lists} <= {"/feed", "/second", "/f", "/t"},
    }
