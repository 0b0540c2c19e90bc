"""The rights of own hosts belong to what the newsroom configured: foreign content cannot lend them."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from ipaddress import ip_network
from pathlib import Path

import pytest

from feedsvc import config
from feedsvc.errors import Code, FetchError
from feedsvc.fetch.client import Client
from feedsvc.fetch.guard import Guard
from feedsvc.model import RunReport
from feedsvc.plugin_api import Request
from feedsvc.push.subscriber import Requests
from feedsvc.store.web.snapshots import Snapshots
from feedsvc.wiring.collector import Outside
from feedsvc.wiring.work import Collecting, collecting
from tests.conftest import Clock, until
from tests.servers import Exchange, ScriptedServer

CONFIG = """
[site]
title = "Kabar"
url = "http://kabar.example/"
language = "id"
namespace = "5b0c5f0e-6c1d-4a41-9d54-6f2a6f6c9a11"
[serve]
base_url = "https://feeds.kabar.id"
[websub]
follow = true
[fetch]
own = ["cms.intern:{cms}", "127.0.0.2:{cms}"]
ports = [{port}]
[store]
url = "{store}"
"""
SECTION = """
[[section]]
slug = "{slug}"
sources = [{{ {source} }}]
"""
ARTICLE = """<html lang="id"><head><title>{title}</title><meta property="og:type" content="article">
<meta property="og:image" content="{image}"></head><body><article><h1>{title}</h1>
<time datetime="2025-12-18T10:00:00Z">18/12</time>{text}</article></body></html>"""
PARAGRAPH = f"<p>{'Warga desa menunggu bantuan yang dijanjikan sejak pekan lalu. ' * 6}</p>"


def rss(*links: str, hub: str = "") -> bytes:
    """A feed whose entries say little, so that their pages are wanted."""
    link = f'<atom:link rel="hub" href="{hub}"/>' if hub else ""
    items = "".join(f"<item><title>Kabar {url[-8:]}</title><link>{url}</link></item>" for url in links)
    head = '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>x</title>'
    return f"{head}{link}{items}</channel></rss>".encode()


class World:
    """A newsroom's system inside the house, on an address that is not public, and a foreign host outside."""

    def __init__(self, tmp_path: Path, clock: Clock) -> None:
        self.folder, self.clock = tmp_path, clock
        self.cms = ScriptedServer("127.0.0.2")
        self.outside = ScriptedServer()
        self.cms.routes["*"] = self.outside.routes["*"] = self._article
        self.cms_host = f"cms.intern:{self.cms.port}"
        self.reports: list[RunReport] = []
        self.wired: Collecting | None = None

    def inside(self, path: str) -> str:
        return f"http://{self.cms_host}{path}"

    def foreign(self, path: str, name: str = "luar") -> str:
        return f"http://{name}.example:{self.outside.port}{path}"

    def _article(self, exchange: Exchange) -> None:
        if exchange.path == "/robots.txt":
            exchange.answer(404)
            return
        image = self.inside(f"/image{exchange.path[1:]}.png")
        page = ARTICLE.format(title=f"Rahasia {exchange.path[1:]}", image=image, text=PARAGRAPH * 4)
        exchange.answer(200, page.encode(), {"Content-Type": "text/html; charset=utf-8"})

    def start(self, **sources: str) -> None:
        """Begin with these sources, one a section."""
        store = f"sqlite:///{self.folder}/store.db"
        text = CONFIG.format(cms=self.cms.port, port=self.outside.port, store=store)
        text += "".join(SECTION.format(slug=slug, source=source) for slug, source in sources.items())
        file = self.folder / "feedsvc.toml"
        file.write_text(text)
        outside = Outside(
            lookup=lambda host, port: ["127.0.0.2" if host.endswith(".intern") else "127.0.0.1"],
            networks=(ip_network("127.0.0.1/32"),),
            monotonic=lambda: self.clock().timestamp(),
        )
        if self.wired is not None:
            self.stop()
        settings = config.load(file, {})
        self.wired = collecting(settings, report=self.reports.append, clock=self.clock, outside=outside)

    def settle(self, seconds: int = 40) -> None:
        """Let time pass and work."""
        assert self.wired is not None
        worker = self.wired.worker
        for _ in range(seconds):
            worker.tick()
            until(lambda: worker.busy == 0, 60)
            self.clock.forward(seconds=1)
        worker.publish_once()

    def ask_hubs(self) -> list[tuple[str, str]]:
        """Ask the hubs that feeds name for subscriptions; each with the code of what went wrong."""
        assert self.wired is not None
        work = next(one._work for one in self.wired.pushing.dispatches if isinstance(one._work, Requests))
        jobs = work.claim(10, slow=False, lease=30.0, now=self.clock(), blocked=())
        return [(job.hub, work.do(job).error.partition(":")[0]) for job in jobs]

    def served(self) -> bytes:
        """All that is served, unpacked."""
        snapshots = Snapshots(f"sqlite:///{self.folder}/store.db")
        try:
            return b"\n".join(gzip.decompress(row.gzip) for row in snapshots.since(0))
        finally:
            snapshots.close()

    def codes(self, path: str) -> set[str]:
        return {str(one.code) for one in self.reports if one.url.endswith(path)}

    def stop(self) -> None:
        if self.wired is not None:
            self.wired.worker.stop(5)
            self.wired.close()
            self.wired = None


@pytest.fixture
def world(tmp_path: Path, clock: Clock) -> Iterator[World]:
    one = World(tmp_path, clock)
    yield one
    one.stop()
    one.cms.close()
    one.outside.close()


def redirect(target: str) -> object:
    return lambda exchange: exchange.answer(302, b"", {"Location": target})


def test_foreign_content_does_not_reach_an_own_host(world: World) -> None:
    """By article link, redirect of an article, redirect of a feed, picture, sitemap child and hub link."""
    served = world.outside
    served.page(
        "/feed",
        rss(
            *(world.inside("/delete1"), world.foreign("/leads"), world.foreign("/shows")),
            hub=world.cms.url("/hub"),
        ),
        Content_Type="application/rss+xml",
    )
    served.routes["/leads"] = redirect(world.inside("/delete2"))  # type: ignore[assignment]
    served.routes["/moved"] = redirect(world.inside("/delete3"))  # type: ignore[assignment]
    index = (
        '<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap><loc>{}</loc></sitemap>'
    )
    served.page("/sitemap", (index.format(world.inside("/delete4")) + "</sitemapindex>").encode())
    world.start(
        satu=f'feed = "{world.foreign("/feed")}", follow = true',
        dua=f'feed = "{world.foreign("/moved", "dua")}"',
        tiga=f'sitemap = "{world.foreign("/sitemap", "tiga")}"',
    )
    world.settle()
    world.clock.forward(minutes=20)
    world.settle()
    assert [error for _, error in world.ask_hubs()] == ["BLOCKED_URL"]  # of its port, to begin with
    assert world.cms.log == []
    assert {"/feed", "/leads", "/shows", "/moved", "/sitemap"} <= set(served.paths())
    assert b"Rahasia shows" in world.served()
    assert b"Rahasia delete" not in world.served()
    for path in ("/delete1", "/leads", "/moved"):
        assert world.codes(path) == {"BLOCKED_ADDRESS"}


@pytest.mark.slow
def test_the_newsrooms_own_content_names_own_hosts(world: World) -> None:
    """Also what foreign content named first: being named by others takes no rights away."""
    world.outside.page("/feed", rss(world.inside("/berita2")), Content_Type="application/rss+xml")
    own = rss(world.inside("/berita1"), world.inside("/berita2"), hub=world.cms.url("/hub"))
    world.cms.page("/feed", own, Content_Type="application/rss+xml")
    world.cms.routes["/old"] = redirect(world.inside("/feed"))  # type: ignore[assignment]
    world.start(luar=f'feed = "{world.foreign("/feed")}", follow = true')
    world.settle()
    assert world.cms.log == []
    world.start(
        luar=f'feed = "{world.foreign("/feed")}", follow = true',
        dalam=f'feed = "{world.inside("/old")}", follow = true',
    )
    world.settle()
    assert [hub for hub, _ in world.ask_hubs()] == [world.cms.url("/hub")]
    assert {"/hub", "/old", "/feed", "/berita1", "/berita2", "/imageberita1.png"} <= set(world.cms.paths())
    assert "/robots.txt" not in world.cms.paths()
    assert b"Rahasia berita1" in world.served()
    assert b"Rahasia berita2" in world.served()


def test_rights_end_where_a_redirect_leaves_own_hosts(upstream: ScriptedServer) -> None:
    """Own → foreign → own: what a foreign host leads to is foreign, wherever the work began."""
    inside = ScriptedServer("127.0.0.9")
    guard = Guard(
        own=frozenset({f"own.example:{inside.port}"}),
        ports=frozenset({upstream.port}),
        networks=(ip_network("127.0.0.1/32"),),
        lookup=lambda host, port: ["127.0.0.9" if host == "own.example" else "127.0.0.1"],
    )
    client = Client(guard, user_agent="t", now=lambda: None)  # type: ignore[arg-type,return-value]
    own = f"http://own.example:{inside.port}"
    try:
        inside.page("/a", b"", 302, Location=f"{own}/b")
        inside.page("/b", b"", 302, Location=f"http://other.example:{upstream.port}/c")
        upstream.page("/c", b"", 302, Location=f"{own}/secret")
        with pytest.raises(FetchError) as caught:
            client.get(Request(url=f"{own}/a"), own=True)
        assert caught.value.code is Code.BLOCKED_ADDRESS
        assert "foreign content leads there" in caught.value.message
        assert inside.paths() == ["/a", "/b"]
        # no connection that was made with rights is lent to a request without
        with pytest.raises(FetchError):
            client.get(Request(url=f"{own}/b"))
        assert inside.paths() == ["/a", "/b"]
    finally:
        inside.close()
