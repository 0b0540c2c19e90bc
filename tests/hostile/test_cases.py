"""The hostile inputs of cases.toml against the real service over real sockets, all of them in one run.

A worker polls one source for each case: first a good feed, then what the case sends. Beside them stands a
source that is well. A web process serves what comes of it, before and afterwards. So each case shows its code
(or the right reading), that what was served stays, and that nobody else was held up.
"""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import feedparser
import psutil
import pytest
from lxml import etree

from feedsvc import config
from feedsvc.errors import Code, ConfigError
from feedsvc.fetch.guard import system_lookup
from feedsvc.model import RunReport
from feedsvc.wiring.collector import Outside
from tests.conftest import Clock, until
from tests.e2e.service import free_port
from tests.fetch.test_guard import recorded
from tests.hostile import answers, texts
from tests.hostile.table import GROUPS, TABLE, sent_here
from tests.pipeline import NAMESPACE, Pipeline
from tests.servers import Exchange, Handler, ScriptedServer

ROOT = Path(__file__).parents[2]
HEAD = f"""
[site]
title = "Kabar"
url = "https://news.example/"
language = "id"
timezone = "Asia/Jakarta"
namespace = "{NAMESPACE}"
[serve]
base_url = "https://feeds.example"
"""
#: Names that lead where nobody should go.
NAMES = {
    "private.example": ["10.0.0.1"],
    "mapped.example": ["::ffff:127.0.0.1"],
    "mixed.example": ["93.184.216.34", "10.0.0.1"],
    "mixed-other-way.example": ["10.0.0.1", "93.184.216.34"],
    "both-families.example": ["2606:2800:220:1::1", "fd00::1"],
    "news.example": ["93.184.216.34"],
}
MEMORY = 600 * 1024 * 1024  #: bytes that worker and readers may grow by while dozens of cases run at once
TAKEN = 16 * 1024 * 1024  #: bytes of a body without end: the limit, and what the kernel's buffers hold
TURKISH = ("X30", "X31")


def test_the_table_has_every_case_once_and_each_has_its_outcome() -> None:
    assert {group: len(cases) for group, cases in TABLE.items()} == GROUPS
    for group, cases in TABLE.items():
        assert list(cases) == [f"{group}{n}" for n in range(1, len(cases) + 1)]
        for name, case in cases.items():
            assert case.keys() & {"code", "right", "says"}, name
            assert case.keys() & {"what", "url", "text"}, name
            assert case.get("code", "INTERNAL") in Code.__members__, name
            file, _, test = case.get("test", "").partition("::")
            assert not file or f"def {test}(" in (ROOT / file).read_text(), name


class World:
    """A worker and a web process over one store, and the upstreams of all cases."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self.server = ScriptedServer()
        self.clock = clock
        self.hostile = False
        self.endless = answers.ANSWERS["X11"]
        self.sections: dict[str, dict[str, Handler]] = {
            "kept": {
                name: answers.ANSWERS.get(name) or self._led(case["url"])
                for group in ("S", "X")
                for name, case in sent_here(group).items()
                if "code" in case
            },
            "read": {name: handler for name, (handler, _) in answers.READ.items()},
            "texts": {"H": answers.said(texts.feed())},
            "masses": {"X9": answers.MASSES},
            "well": {"well": answers.said(answers.rss(*map(self._item, ("well", "well-2"))))},
        }
        self.port = free_port()
        file = folder / "feedsvc.toml"
        file.write_text(self._config(folder))
        outside = Outside(lookup=self._lookup, networks=(), monotonic=time.monotonic)
        self.pipeline = Pipeline(file, f"sqlite:///{folder}/store.db", clock, outside)
        self.log = folder / "log"
        with self.log.open("wb") as log:
            self.web = subprocess.Popen(
                [sys.executable, "-m", "feedsvc", "serve", "--config", str(file)],
                stdout=log,
                stderr=log,
                env={**os.environ, "PYTHONWARNINGS": "default"},
            )

    def _led(self, url: str) -> Handler:
        return answers.led(url.replace("{closed}", str(self.server.port + 1)).replace("<tab>", "\t"))

    @staticmethod
    def _item(name: str) -> str:
        return answers.item(name, f"Sebelum {name}", link=f"https://news.example/sebelum/{name.lower()}")

    @staticmethod
    def _lookup(host: str, port: int) -> list[str]:
        if host.endswith(".cases.example"):
            return ["127.0.0.1"]
        return NAMES.get(host) or system_lookup(host, port)

    def _config(self, folder: Path) -> str:
        parts = [HEAD, f'port = {self.port}\n[store]\nurl = "sqlite:///{folder}/store.db"\n']
        own = []
        for slug, cases in self.sections.items():
            sources = []
            for name, handler in cases.items():
                host = f"{name.lower()}.cases.example:{self.server.port}"
                own.append(host)
                more = ', language = "tr"' if name in TURKISH else ""
                address = f'feed = "http://{host}/{name}"'
                sources.append(f'{{ {address}, name = "{name}", every = "6h", follow = false{more} }}')
                self.server.routes[f"/{name}"] = self._either(name, handler)
            parts.append(f'[[section]]\nslug = "{slug}"\nsize = 200\nsources = [{", ".join(sources)}]\n')
        self.server.routes["*"] = self._further
        return f"{''.join(parts)}[fetch]\nown = {json.dumps(own)}\n"

    def _either(self, name: str, handler: Handler) -> Handler:
        good = answers.said(answers.rss(self._item(name)))
        return lambda exchange: (handler if self.hostile else good)(exchange)

    def _further(self, exchange: Exchange) -> None:
        """What is asked for after a redirect within a case: the same path, with a query."""
        handler = self.server.routes.get(exchange.path.partition("?")[0])
        if handler is None:
            exchange.answer(404)
        else:
            handler(exchange)

    def work(self) -> dict[str, RunReport]:
        """Poll what is due, and publish; what each source came to. Time goes on, as polls may be put off."""
        worker, queue = self.pipeline.wired.worker, self.pipeline.wired.queue
        self.pipeline.reports.clear()

        def quiet() -> bool:
            if not worker.busy:
                self.clock.forward(seconds=1)
                worker.tick()
            return not worker.busy and not queue.outstanding(self.clock(), pages=True)

        until(quiet, 300)
        self.pipeline.publish()
        return {one.name: one for one in self.pipeline.reports}

    def served(
        self, path: str, method: str = "GET", **headers: str
    ) -> tuple[http.client.HTTPResponse, bytes]:
        """An answer of the web process."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, headers={n.replace("_", "-"): v for n, v in headers.items()})
            answer = connection.getresponse()
            return answer, answer.read()
        finally:
            connection.close()

    def items(self, slug: str) -> list[dict[str, Any]]:
        answer, body = self.served(f"/feeds/{slug}.json")
        assert answer.status == 200, (slug, answer.status, body)
        found: list[dict[str, Any]] = json.loads(body)["items"]
        return found

    def has(self, slug: str, title: str) -> bool:
        try:
            answer, body = self.served(f"/feeds/{slug}.json")
        except OSError:
            return False
        return answer.status == 200 and title in body.decode()

    def close(self) -> None:
        self.web.terminate()
        self.pipeline.close()
        self.web.wait(30)
        self.server.close()


class Growth:
    """How much memory this process and its children hold at most, beyond what they held before."""

    def __init__(self) -> None:
        self._me = psutil.Process()
        self._before = self._held()
        self.most = 0
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _held(self) -> int:
        total = 0
        for one in [self._me, *self._me.children(recursive=True)]:
            try:
                total += one.memory_full_info().uss
            except psutil.Error:  # it ended meanwhile
                continue
        return total

    def _watch(self) -> None:
        while not self._end.wait(0.05):
            self.most = max(self.most, self._held() - self._before)

    def stop(self) -> int:
        self._end.set()
        self._thread.join()
        return self.most


@pytest.fixture
def world(tmp_path: Path, clock: Clock) -> Iterator[World]:
    one = World(tmp_path, clock)
    yield one
    one.close()


@pytest.mark.server
@pytest.mark.slow
def test_every_case(world: World) -> None:
    world.work()
    until(lambda: world.has("well", "Sebelum well"), 60, world.log.read_text)
    before = {one["title"] for one in world.items("kept")}
    assert before == {f"Sebelum {name}" for name in world.sections["kept"]}

    world.hostile = True
    growth = Growth()
    with recorded() as connects:
        world.clock.forward(hours=12)
        reports = world.work()
    grown = growth.stop()
    until(lambda: world.has("well", "Sebelum well-2"), 60, world.log.read_text)

    wrong: dict[str, object] = {}
    for group in ("S", "X"):
        for name, case in sent_here(group).items():
            if "code" in case and reports[name].code != case["code"]:
                wrong[name] = (reports[name].code, reports[name].message[:300])
    assert wrong == {}, wrong
    # nothing but the upstreams was connected to, and what was served stays
    assert {address for address in connects if str(world.port) not in str(address)} <= {
        ("127.0.0.1", world.server.port)
    }
    assert {one["title"] for one in world.items("kept")} == before
    assert isinstance(world.endless, answers.Endless)
    assert world.endless.taken < TAKEN
    assert grown < MEMORY

    found = world.items("read")
    for name, (_, right) in answers.READ.items():
        mine = [one for one in found if f"/{name.lower()}" in one["url"] and "sebelum" not in one["url"]]
        if not right(mine):
            wrong[name] = [(one["title"][-40:], one["date_published"], len(str(one))) for one in mine]
    assert reports["X9"].found == 1000
    assert not {"/style.xsl", "/feed.dtd"} & set(world.server.paths())
    hosts = {headers["host"] for _, path, headers in world.server.log if path.startswith("/X9")}
    assert hosts == {f"x9.cases.example:{world.server.port}"}  # S86
    of_texts(world, wrong)
    assert wrong == {}, wrong
    of_requests(world)


def of_texts(world: World, wrong: dict[str, object]) -> None:
    """Group H, as far as it is texts: harmless in the feeds, in the pages, and every document parses."""
    found = texts.by_case(world.items("texts"))
    for name in (one for one, case in TABLE["H"].items() if "text" in case):
        content = found.pop(name).get("content_html", "")
        if texts.active(content) or f"Awal {name}." not in content:
            wrong[name] = content
    assert "onerror" in found["H16"]["title"]  # as text; no page has it as an element, below
    assert [found[str(n)].get("url") for n in range(5)] == [None] * 5
    assert "dalam sekali" in found["H19"]["content_html"]
    assert found["H20"]["title"] == "Tutup ]]> H20"
    assert "ab" in found["H21"]["content_html"]
    assert found["H22"]["title"] == "Baris X-Jahat: 1 H22"
    for form in ("rss", "atom"):
        answer, body = world.served(f"/feeds/texts.{form}")
        etree.fromstring(body)
        assert not feedparser.parse(body).bozo
        assert not {"x-jahat", "set-cookie"} & {name.lower() for name, _ in answer.getheaders()}
    for path in ("/feeds/texts", "/embed/texts", "/", "/embed/texts/fragment"):
        answer, body = world.served(path)
        assert answer.status == 200, path
        assert texts.active(body.decode(), ours=True) == [], path
        assert b"<img src=x" not in body


def of_requests(world: World) -> None:
    """Group H, as far as it is requests."""
    for slug in (
        "../kept",
        "%2e%2e%2fkept",
        "..%c0%af",
        "a%00b",
        "C:%5C",
        "x" * 300,
        "con",
        "/etc/passwd",
    ):  # H23
        for form in ("", ".rss"):
            assert world.served(f"/feeds/{slug}{form}")[0].status in (301, 400, 404), slug
    answer, plain = world.served("/feeds/kept.rss")
    tag = answer.headers["ETag"]
    stranger = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"}
    for path in (
        "/feeds/kept.rss",
        "/feeds/kept",
        "/nowhere",
        "/embed/kept",
        "/api/articles/x",
        "/oembed",
    ):  # H24
        answer, body = world.served(path, **stranger)
        assert b"evil.example" not in body + str(answer.headers).encode(), path
    assert world.served("/feeds/kept.json?callback=x")[1].startswith(b"{")  # H25
    embed = world.served("/embed/kept")[0].headers  # H26
    assert "default-src 'none'" in embed["Content-Security-Policy"]
    assert (
        "unsafe-inline" not in embed["Content-Security-Policy"].partition("script-src")[2].partition(";")[0]
    )
    assert embed["X-Content-Type-Options"] == "nosniff"
    for tags, status in (
        (", ".join(['"x"'] * 10_000), (200, 431)),
        ("x" * 65_536, (200, 431)),
        ("*", (304,)),
    ):  # H27
        assert world.served("/feeds/kept.rss", If_None_Match=tags)[0].status in status
    assert world.served("/feeds/kept.rss", If_None_Match=tag)[0].status == 304
    assert world.served("/feeds/kept.rss", Range="bytes=0-9")[1] == plain  # H28
    assert world.served("/feeds/kept.rss", "HEAD")[1] == b""
    for method in ("POST", "TRACE", "DELETE"):
        answer, body = world.served("/feeds/kept.rss", method, X_Secret="terlihat")
        assert (answer.status, b"terlihat" in body) == (405, False), method
    for n in range(200):  # H29
        assert world.served(f"/feeds/kept.rss?x={n}")[0].headers["ETag"] == tag
    for path in ("//news.example/", "/%5cnews.example", "/\\news.example", "/?next=//news.example"):  # H30
        location = world.served(path)[0].headers.get("Location", "")
        assert not location or location.startswith("https://feeds.example/"), path
    assert world.served("/feeds/kept.rss")[1] == plain


@pytest.mark.parametrize("name", sent_here("C"))
def test_a_configuration_that_is_hostile(tmp_path: Path, name: str) -> None:
    case = TABLE["C"][name]
    line = case.get("config") or '"""' + "x" * 5_000_000
    slug = "" if line.startswith("slug") else 'slug = "a"\n'
    usual = "" if line.startswith("sources") else 'sources = [{ feed = "https://news.example/f" }]\n'
    file = tmp_path / "feedsvc.toml"
    file.write_text(f"{HEAD}[[section]]\n{slug}{usual}{line}\n")
    with pytest.raises(ConfigError) as caught:
        config.load(file, {})
    for part in case["says"].split("|"):
        assert any(part.strip() in problem for problem in caught.value.problems), caught.value.problems
    assert all(len(problem) < 1000 for problem in caught.value.problems)
