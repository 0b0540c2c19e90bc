"""Any text through the whole pipe, by the API and by a feed: every document that is served parses."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

import feedparser
import lxml.html
import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from lxml import etree
from pydantic import ValidationError

from feedsvc.errors import EditorialError
from feedsvc.model import Newsroom, Profile
from feedsvc.serve.api.models import ArticleIn
from tests.asking import ask
from tests.collect.newsroom import House, house
from tests.conftest import Clock
from tests.fronts import front_of, stop_fronts
from tests.judges import complaints
from tests.kinds import examples
from tests.servers import ScriptedServer

CMS = Newsroom("cms")
PROFILES = "".join(
    f'[[taker]]\nslug = "{profile}"\nprofile = "{profile}"\nfooter = "{{title}} {{article}}"\n'
    for profile in (one.value for one in Profile)
)
CONFIG = f"""
[[section]]
slug = "berita"
sources = [{{ feed = "SITE/liar.xml", every = "60s", follow = false }}]
{PROFILES}
"""
#: What a text may have that some document cannot hold, or would show as something else.
ODD = (
    *("]]>", "<![CDATA[", "&amp;", "&#x1;", "&#0;", "<b>", "</title>", "<!--", "-->", "<?x?>", "<script>"),
    *("\x00", "\x0b", "\x1b[31m", "\x7f", "\x85", "\x9f", "\ud800", "\udfff", "\ufffe", "\uffff", '"', "'"),
    *("\u202e", "\u2066", "\u2028", "\u200d", "\ufeff", "\u0301" * 40, "\U0001f468\u200d\U0001f469", "\r\n"),
    *("a" * 3000, "\u05d0\u0627", "\U000e0041", "\U0010ffff", "{x}", "%0d%0a", "\\u0000", "${x}", "💩" * 300),
    *("\t", "\U0001fffe"),
)
TEXT = st.lists(st.sampled_from(ODD) | st.text(max_size=8) | st.just("kata"), max_size=8).map("".join)
ARTICLES = st.fixed_dictionaries(
    {
        "title": TEXT,
        "content": TEXT.map(lambda one: f"<p>{one}</p>"),
        "summary": TEXT,
        "authors": st.lists(TEXT, max_size=2),
        "tags": st.lists(TEXT, max_size=3),
    }
)


@pytest.fixture
def room(tmp_path: Path, clock: Clock) -> Iterator[House]:
    server = ScriptedServer()
    with house(tmp_path, clock, server, CONFIG, filled=0) as found:
        yield found
    server.close()


class Pipe:
    """Lets articles in at both ends, and reads what comes out."""

    def __init__(self, room: House) -> None:
        self.room = room
        self.count = 0
        self.body = b""
        room.server.routes["/liar.xml"] = lambda exchange: exchange.answer(
            200, self.body, {"Content-Type": "application/rss+xml"}
        )

    def run(self, articles: list[dict[str, Any]]) -> int:
        """Returns how many documents parsed."""
        self.count += 1
        self.body = self._feed(articles)
        for number, one in enumerate(articles):
            values = one | {"id": f"{self.count}-{number}", "sections": ["berita"]}
            try:
                article = ArticleIn.model_validate_json(json.dumps(values))
                self.room.editorial.publish(CMS, article.submitted())
            except (ValidationError, EditorialError):
                continue  # it is told what is wrong; the same text comes by the feed
        self.room.look(minutes=2)
        return self._served()

    def _feed(self, articles: list[dict[str, Any]]) -> bytes:
        items = "".join(
            f"<item><title>{escape(one['title'])}</title><guid>{self.count}-{number}</guid>"
            f"<link>https://news.example/{self.count}/{number}</link>"
            f"<description>{escape(one['summary'] + one['content'])}</description>"
            f"{''.join(f'<author>{escape(name)}</author>' for name in one['authors'])}"
            f"{''.join(f'<category>{escape(tag)}</category>' for tag in one['tags'])}</item>"
            for number, one in enumerate(articles)
        )
        text = f"<rss version='2.0'><channel><title>x</title>{items}</channel></rss>"
        return text.encode("utf-8", "surrogatepass")

    def _served(self) -> int:
        front = front_of(self.room.pipeline.settings)
        documents = front.published.documents.items()
        paths = [path for path, one in documents if one.status == 200 and not one.location]
        tags = {tag for item in self.room.items() for tag in item.get("tags", ())}
        paths.extend(f"/feeds/search.atom?q={quote(tag)}" for tag in sorted(tags)[:20])
        paths += ["/feeds/berita.ninjs", "/feeds/tag", "/feeds/author", "/embed/berita/fragment"]
        for path in paths:
            answer = ask(front, path, accept_encoding="identity")
            assert answer.status in (200, 400), (path, answer.status)
            if answer.status == 200:
                sound(path, answer.headers["Content-Type"], answer.body)
        stop_fronts()
        return len(paths)


def sound(path: str, kind: str, body: bytes) -> None:
    """The document parses strictly, with what reads its kind."""
    text = body.decode("utf-8") if kind.startswith(("text/", "application/")) else ""
    assert "\x00" not in text, path
    if "json" in kind:
        found = json.loads(body)
        json.dumps(found, ensure_ascii=False).encode("utf-8")  # no half of a pair
        if kind.startswith("application/feed+json"):
            assert complaints(body) == [], path
    elif "xml" in kind and "svg" not in kind and "xhtml" not in kind:
        etree.fromstring(body)
        if "rss" in kind or "atom" in kind:
            assert not feedparser.parse(body).bozo, path
    elif "html" in kind:
        page = lxml.html.document_fromstring(text)
        inline = [one for one in page.iter("script") if not one.get("src")]
        assert all("json" in one.get("type", "") for one in inline), path


@pytest.mark.slow
def test_whatever_comes_in_every_document_parses(room: House) -> None:
    pipe = Pipe(room)
    every = ("title", "content", "summary")
    pipe.run([dict.fromkeys(every, f"x{odd}") | {"authors": [odd], "tags": [odd]} for odd in ODD])

    assert len(room.items()) > 30  # many of them are one word without what is odd

    @examples(2, suppress_health_check=list(HealthCheck))
    @given(st.lists(ARTICLES, min_size=8, max_size=8))
    def any_text(articles: list[dict[str, Any]]) -> None:
        assert pipe.run(articles) > 20

    any_text()
