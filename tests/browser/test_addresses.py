"""What embeds, oEmbed and the lists of feeds answer, asked for over HTTP of the real processes."""

from __future__ import annotations

import base64
import hashlib
import re
from datetime import datetime, timedelta
from urllib.parse import quote

import pytest
import requests
from lxml import etree, html

from tests.browser.conftest import Served

NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@pytest.mark.parametrize(
    "query",
    ["count=0", "count=31", "count=x", "count=", "theme=blue", "images=2", "time=soon", "accent=red"],
)
@pytest.mark.parametrize("path", ["/embed/politik", "/embed/politik/fragment"])
def test_a_bad_option_is_said_to_be_one(served: Served, path: str, query: str) -> None:
    answer = served.get(f"{path}?{query}")
    assert answer.status_code == 400
    assert query.partition("=")[0] in answer.text
    assert "expected" in answer.text


def test_a_frame_follows_its_options_and_stays_small(served: Served) -> None:
    plain = served.get("/embed/politik")
    assert len(plain.content) < 15_000
    assert "<script" not in plain.text
    assert " WIB" in plain.text
    assert "frame-ancestors *" in plain.headers["Content-Security-Policy"]
    assert "max-age=" in plain.headers["Cache-Control"]
    again = served.get("/embed/politik", **{"If-None-Match": plain.headers["ETag"]})
    assert again.status_code == 304

    tree = html.fromstring(served.get("/embed/politik?count=3&theme=dark&images=1&time=0&accent=c39").text)
    assert [link.text for link in tree.iterfind(".//a[@class='feedsvc-link']")] == served.titles("politik", 3)
    assert tree.find(".//img[@class='feedsvc-image']") is not None
    assert not tree.findall(".//time")
    assert tree.get("class") == "dark"
    assert [one.get("fill") for one in tree.iter("rect")] == ["#cc3399"]
    assert served.get("/embed/tidak-ada").status_code == 404


def test_a_fragment_is_a_list_and_nothing_around_it(served: Served) -> None:
    text = served.get("/embed/politik/fragment?count=2").text
    assert text.lstrip().startswith("<section")
    assert "<html" not in text
    assert len(re.findall("feedsvc-link", text)) == 2


def test_scripts_are_pinned_by_the_published_hash(served: Served) -> None:
    known = served.get("/feeds-catalogue.json").json()["embed"]
    for address, integrity in known["scripts"].items():
        answer = requests.get(address, timeout=10)
        digest = base64.b64encode(hashlib.sha384(answer.content).digest()).decode()
        assert integrity == f"sha384-{digest}"
        assert "immutable" in answer.headers["Cache-Control"]
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
    newest = served.get("/embed.js")
    assert newest.content == requests.get(known["script"], timeout=10).content
    assert "immutable" not in newest.headers["Cache-Control"]
    snippet = html.fromstring(served.get("/embed").text).findtext(".//textarea[@id='snippet-element']") or ""
    assert f'integrity="{known["integrity"]}"' in snippet


def test_oembed_in_both_formats_is_found_from_the_page(served: Served) -> None:
    page = html.fromstring(served.get("/feeds/politik").content)
    found = {str(link.get("type")): str(link.get("href")) for link in page.iter("link")}
    told = requests.get(found["application/json+oembed"] + "&maxwidth=300", timeout=10).json()
    assert (told["version"], told["type"], told["title"], told["width"]) == ("1.0", "rich", "Politik", 300)
    frame = html.fromstring(told["html"])
    assert (frame.tag, frame.get("src"), frame.get("width")) == (
        "iframe",
        f"{served.base}/embed/politik",
        "300",
    )
    tree = etree.fromstring(requests.get(found["text/xml+oembed"], timeout=10).content)
    assert tree.tag == "oembed"
    assert html.fromstring(tree.findtext("html") or "").get("src") == frame.get("src")


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 400),
        ("url=https%3A%2F%2Felsewhere.example%2Ffeeds%2Fpolitik", 404),
        ("url={base}%2Ffeeds%2Ftidak-ada", 404),
        ("url={base}%2Ffeeds%2Fpolitik&format=yaml", 501),
        ("url={base}%2Ffeeds%2Fpolitik&maxwidth=wide", 400),
        ("url={base}%2Ffeeds%2Fpolitik&maxheight=1", 400),
    ],
)
def test_oembed_refuses(served: Served, query: str, status: int) -> None:
    assert served.get("/oembed?" + query.format(base=quote(served.base, safe=""))).status_code == status


def test_lists_of_feeds_lead_to_feeds(served: Served) -> None:
    root = etree.fromstring(served.get("/feeds.opml").content)
    assert (root.tag, root.get("version")) == ("opml", "2.0")
    outlines = root.findall("body/outline")
    assert {one.get("type") for one in outlines} == {"rss"}
    catalogue = served.get("/feeds-catalogue.json").json()["feeds"]
    assert [one.get("xmlUrl") for one in outlines] == [one["rss"] for one in catalogue]
    for one in catalogue:
        for name in ("rss", "atom", "json", "page", "embed", "fragment"):
            assert requests.get(one[name], timeout=10).status_code == 200, one[name]


def test_the_news_sitemap_keeps_the_rules(served: Served) -> None:
    root = etree.fromstring(served.get("/news-sitemap.xml").content)
    entries = root.findall(f"{SITEMAP}url")
    assert 0 < len(entries) <= 1000
    for entry in entries:
        assert (entry.findtext(f"{SITEMAP}loc") or "").startswith("http")
        news = entry.find(f"{NEWS}news")
        assert news is not None
        assert news.findtext(f"{NEWS}publication/{NEWS}name") == "Kabar Merawan"
        assert news.findtext(f"{NEWS}publication/{NEWS}language") in ("id", "en")
        assert news.findtext(f"{NEWS}title")
        published = datetime.fromisoformat(news.findtext(f"{NEWS}publication_date") or "")
        # it is built once a minute, so one may be a little older than two days by now
        assert served.clock() - published < timedelta(days=2, hours=1)
    assert f"Sitemap: {served.base}/news-sitemap.xml" in served.get("/robots.txt").text


def test_a_page_that_was_away_is_told_what_it_missed(served: Served) -> None:
    def first(**headers: str) -> dict[str, str]:
        """The first event of a connection, by its fields."""
        address = f"{served.stream}/stream?feed=politik"
        with requests.get(address, headers=headers, stream=True, timeout=20) as answer:
            assert answer.headers["Content-Type"].startswith("text/event-stream")
            found: dict[str, str] = {}
            for line in answer.iter_lines(chunk_size=1, decode_unicode=True):
                name, _, value = line.partition(": ")
                if name == "data":
                    return found | {"data": value}
                if name in ("id", "event"):
                    found[name] = value
        raise AssertionError("the stream ended")

    before = first(**{"Last-Event-ID": "0"})
    assert before["event"] == "again"  # the process began later than that
    headline = served.news()
    missed = first(**{"Last-Event-ID": before["id"]})
    assert missed["event"] == "news"
    assert int(missed["id"]) > int(before["id"])
    assert headline in missed["data"]


def test_the_stream_refuses_what_it_does_not_have(served: Served) -> None:
    assert requests.get(f"{served.stream}/stream?feed=tidak-ada", timeout=10).status_code == 404
    assert requests.get(f"{served.stream}/stream", timeout=10).status_code == 404
    assert requests.post(f"{served.stream}/stream?feed=politik", timeout=10).status_code == 405
    assert requests.get(f"{served.stream}/other", timeout=10).status_code == 404
