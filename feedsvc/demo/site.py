"""Which address shows what. Pure: the same address and moment give the same bytes."""

from __future__ import annotations

import gzip
import re
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from urllib.parse import parse_qs, unquote

from feedsvc.demo.desks import BY_SLUG, DESKS
from feedsvc.demo.feeds import Feeds
from feedsvc.demo.newsroom import Newsroom, Story, View
from feedsvc.demo.pages import Pages, environment
from feedsvc.demo.picture import picture, static
from feedsvc.demo.schedule import EPOCH, Schedule

ARTICLE = re.compile(r"/([a-z]+)/read/\d{4}/\d\d/\d\d/(\d{1,12})(?:/[^/]*)?/?")
PICTURE = re.compile(r"/foto/(\d{4}/\d\d/\d\d)/(\d{1,12})(-kecil)?\.png")
HTML, RSS, XML, PNG = (
    "text/html; charset=utf-8",
    "application/rss+xml; charset=utf-8",
    "application/xml",
    "image/png",
)
SHORT = "public, max-age=10"
LONG = "public, max-age=31536000, immutable"
NEVER = datetime.max.replace(tzinfo=EPOCH.tzinfo)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What an address answers; tag and compressed form are computed once."""

    status: int = 200
    body: bytes = b""
    media_type: str = HTML
    changed: datetime | None = None
    cache: str = SHORT
    location: str = ""
    etag: str = field(init=False, default="")
    zipped: bytes = field(init=False, default=b"")

    def __post_init__(self) -> None:
        if self.status == 200:
            object.__setattr__(self, "etag", sha256(self.body).hexdigest()[:24])
        if not self.media_type.startswith("image/") and len(self.body) > 400:
            object.__setattr__(self, "zipped", gzip.compress(self.body, 6, mtime=0))


class Site:
    """All addresses of a newsroom. `feeds`: where a feed service is whose headlines its pages show."""

    def __init__(self, newsroom: Newsroom, feeds: str = "") -> None:
        self._newsroom = newsroom
        env = environment()
        self._pages, self._feeds = Pages(newsroom, env, feeds), Feeds(newsroom, env)
        self._cached = lru_cache(maxsize=128)(self._answer)

    def answer(self, target: str, base: str, now: datetime) -> Answer:
        """The answer to a GET of an address (path and query) at a moment."""
        raw, _, query = target.partition("?")
        path = unquote(raw)
        if (fixed := self._fixed(path, base)) is not None:
            return fixed
        if match := PICTURE.fullmatch(path):
            return self._picture(match[1], int(match[2]), now, small=bool(match[3]))
        page = parse_qs(query).get("page", ["1"])[-1]
        number = int(page) if re.fullmatch(r"[1-9]\d{0,5}", page) else 1
        return self._cached(path, number, base, self._newsroom.view(now))

    def login(self) -> Answer:
        """A page that asks for a password."""
        return Answer(body=self._pages.login().encode())

    def _fixed(self, path: str, base: str) -> Answer | None:
        match path:
            case "/style.css":
                body, media_type = static("style.css"), "text/css; charset=utf-8"
                return Answer(body=body, media_type=media_type, changed=EPOCH, cache="public, max-age=3600")
            case "/favicon.ico":
                return Answer(
                    body=static("favicon.ico"), media_type="image/x-icon", changed=EPOCH, cache=LONG
                )
            case "/logo.png":
                return Answer(body=static("logo.png"), media_type=PNG, changed=EPOCH, cache=LONG)
            case "/robots.txt":
                return Answer(
                    body=self._feeds.robots(base).encode(),
                    media_type="text/plain; charset=utf-8",
                    changed=EPOCH,
                )
        return None

    def _picture(self, day: str, number: int, now: datetime, *, small: bool) -> Answer:
        story = self._newsroom.story(number, now)
        if story is None or story.day != day:
            return self._missing(now)
        body = picture(number, story.scene, small=small)
        return Answer(body=body, media_type=PNG, changed=story.published, cache=LONG)

    def _answer(self, path: str, number: int, base: str, view: View) -> Answer:
        now = view.now
        if match := ARTICLE.fullmatch(path):
            return self._article(path, self._newsroom.story(int(match[2]), now), base, now)
        for desk in DESKS:
            if path == desk.path:
                return self._page(self._pages.section(desk, number, base, now), now)
            if path == desk.feed:
                return self._xml(self._feeds.desk(desk, base, now), RSS, self._newsroom.changed(now, desk))
        changed = self._newsroom.changed(now, *DESKS)
        match path:
            case "/":
                return self._page(self._pages.home(base, now), now)
            case "/indeks":
                return self._page(self._pages.index(number, base, now), now)
            case "/rss":
                return self._xml(self._feeds.everything(base, now), RSS, self._newsroom.changed(now))
            case "/news-sitemap.xml":
                return self._xml(self._feeds.sitemap(base, now), XML, changed)
        other = path.rstrip("/") if path != "/en" else "/en/"
        if other in ("/en/", "/indeks", "/rss") or other.removeprefix("/") in BY_SLUG:
            return Answer(status=301, location=base + other)
        return self._missing(now)

    def _article(self, path: str, story: Story | None, base: str, now: datetime) -> Answer:
        if story is None:
            return self._missing(now)
        if story.gone:
            return Answer(status=story.gone, body=self._pages.withdrawn(now).encode())
        if path != story.path:
            return Answer(status=301, location=base + story.path)
        return self._page(self._pages.article(story, base, now), now)

    def _page(self, html: str | None, now: datetime) -> Answer:
        if html is None:
            return self._missing(now)
        return Answer(body=html.encode(), changed=self._newsroom.changed(now, *DESKS))

    def _xml(self, text: str, media_type: str, changed: datetime | None) -> Answer:
        return Answer(body=text.encode(), media_type=media_type, changed=changed)

    def _missing(self, now: datetime) -> Answer:
        return Answer(status=404, body=self._pages.missing(now).encode())


def blank_site() -> Site:
    """A newsroom that has not begun: every list is there, and empty."""
    return Site(Newsroom(Schedule(epoch=NEVER)))
