"""Whatever an upstream answers: a reading, or an error that a person can act on; never a fault of ours."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.errors import Code, ReadError
from feedsvc.extract.read import read
from feedsvc.extract.records.rows import Meaning, Row
from feedsvc.extract.records.rows import job as job_of
from feedsvc.plugin_api import Job
from tests.kinds import examples

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Jakarta")

#: Values that have broken readers, of ours or of others; text alone finds few of them.
ODD = st.sampled_from(
    """0|-1|1e400|NaN|99999999999999999999|9223372036854775808|-9223372036854775809|0000-00-00
9999-12-31T23:59:59-14:00|0001-01-01T00:00:00+14:00|2026-02-30|2026-11-30T25:61:61Z|1e9|-62135596801
Mon, 31 Feb 2026 25:61 +9999|٢٠٢٦-١١-٣٠
//|http://|https://[::1|http://[v1.x]/|http://a:99999/|http://a:b/|http://\u202e/|http://xn--a/|javascript:alert(1)
data:text/html,x|http://news.example/%|http://news.example/\ud800|http://ﬀ.example/|?|#|/../../x|mailto:a@b|///x
\ud83d|\x00|\x0b|\x85|\u2028|\ufffe|\U0010ffff|a\u0301\u0301|]]>|<![CDATA[|&#xD800;|&#0;|&nbsp;|&a;|\u202eabc|﷽""".replace(
        "\n", "|"
    ).split("|")
)
WORDS = ODD | st.text(max_size=30) | st.integers().map(str)
VALUES = st.recursive(
    WORDS | st.none() | st.booleans() | st.integers() | st.floats(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=6,
)


def answered(kind: str, body: bytes, **more: Any) -> None:
    """Nothing but a reading or an error of a source."""
    job = Job(kind=kind, body=body, url="https://news.example/x", now=NOW, zone=ZONE, language="id", **more)
    code: Code | None = None
    try:
        read(job)
    except ReadError as error:
        code = error.code
    assert code is not Code.INTERNAL


def xml(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def element(name: str, value: str, attribute: str) -> str:
    return f"<{name} {attribute}>{value}</{name}>" if attribute else f"<{name}>{value}</{name}>"


ELEMENTS = st.builds(
    element,
    st.sampled_from(
        """title link guid pubDate description content:encoded dc:date dc:creator author category enclosure
        media:content media:thumbnail id updated published summary content source comments atom:link
        itunes:image itunes:duration geo:lat georss:point ttl""".split()
    ),
    WORDS.map(lambda text: text.replace("<", "&lt;")) | WORDS,
    st.sampled_from(
        ["", 'href="{}"', 'url="{}" length="{}" type="{}"', 'isPermaLink="{}"', 'type="{}"', 'rel="{}"']
    ).flatmap(
        lambda form: WORDS.map(lambda text: form.replace("{}", text.replace('"', "").replace("<", "")))
    ),
)
NAMES = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:media="http://search.yahoo.com/mrss/" xmlns:atom="http://www.w3.org/2005/Atom" '
    'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" '
    'xmlns:geo="http://www.w3.org/2003/01/geo/wgs84_pos#" '
    'xmlns:georss="http://www.georss.org/georss"'
)
ENTRIES = st.lists(st.lists(ELEMENTS, max_size=6).map("".join), max_size=4)


@given(ENTRIES, st.lists(ELEMENTS, max_size=3).map("".join), st.integers(0, 30))
@examples(50)
def test_any_rss(entries: list[str], head: str, cut: int) -> None:
    items = "".join(f"<item>{entry}</item>" for entry in entries)
    text = f'<?xml version="1.0"?><rss version="2.0" {NAMES}><channel>{head}{items}</channel></rss>'
    answered("feed", xml(text[: len(text) - cut]))


@given(ENTRIES, st.lists(ELEMENTS, max_size=3).map("".join))
@examples(50)
def test_any_atom(entries: list[str], head: str) -> None:
    items = "".join(f"<entry>{entry}</entry>" for entry in entries)
    answered("feed", xml(f'<feed xmlns="http://www.w3.org/2005/Atom" {NAMES}>{head}{items}</feed>'))


FIELDS = """id url external_url title content_html content_text summary image banner_image date_published
date_modified authors author tags attachments language""".split()


@given(st.lists(st.dictionaries(st.sampled_from(FIELDS), VALUES, max_size=8) | VALUES, max_size=4), VALUES)
@examples(50)
def test_any_json_feed(items: list[Any], head: Any) -> None:
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": head, "items": items, "hubs": head}
    answered("feed", json.dumps(feed).encode(), media_type="application/feed+json")
    answered("feed", json.dumps(head).encode(), media_type="application/json")


POST = """id date date_gmt modified modified_gmt slug status type link title content excerpt author
featured_media categories tags _embedded yoast_head_json guid""".split()


@given(
    VALUES
    | st.lists(st.dictionaries(st.sampled_from(POST), VALUES | st.fixed_dictionaries({"rendered": VALUES})))
)
@examples(50)
def test_any_answer_of_wordpress(found: Any) -> None:
    answered("wordpress", json.dumps(found).encode(), options={"read": "posts"})
    answered("wordpress", json.dumps(found).encode())


URLS = st.lists(
    st.builds(
        lambda loc, lastmod, rest: f"<url><loc>{loc}</loc><lastmod>{lastmod}</lastmod>{rest}</url>",
        WORDS,
        WORDS,
        st.lists(
            st.builds(
                element,
                st.sampled_from(
                    "news:news news:title news:publication_date news:language image:loc priority".split()
                ),
                WORDS,
                st.just(""),
            ),
            max_size=4,
        ).map("".join),
    ),
    max_size=4,
)


@given(URLS, st.sampled_from(["urlset", "sitemapindex"]))
@examples(50)
def test_any_sitemap(urls: list[str], root: str) -> None:
    spaces = (
        'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" '
        'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'
    )
    answered("sitemap", xml(f"<{root} {spaces}>{''.join(urls)}</{root}>"))


TAGS = st.builds(
    lambda name, attribute, value, text: f'<{name} {attribute}="{value}">{text}',
    st.sampled_from(
        "a article h1 h2 p div ul li time meta script img link table tr td span nav section base".split()
    ),
    st.sampled_from(
        "href src srcset datetime content property name class id type rel title itemprop lang".split()
    ),
    WORDS.map(lambda text: text.replace('"', "")),
    WORDS,
)


@given(st.lists(TAGS, max_size=25).map("".join), st.sampled_from(["page", "article", "site"]))
@examples(50)
def test_any_page(text: str, kind: str) -> None:
    answered(kind, xml(f"<!DOCTYPE html><html><body>{text}"))


@given(VALUES, st.sampled_from(["page", "article"]))
@examples(50)
def test_any_structured_data(value: Any, kind: str) -> None:
    fields = "headline datePublished dateModified author image url mainEntity @graph articleBody".split()
    for data in (dict.fromkeys(fields, value) | {"@type": "NewsArticle"}, value):
        text = json.dumps(data).replace("</", "<\\/")
        article = f"<article><h1>Kapal tiba</h1><p>{'kata ' * 60}</p>"
        answered(kind, xml(f'<script type="application/ld+json">{text}</script>{article}'))


@given(
    st.binary(max_size=300),
    st.sampled_from(["feed", "page", "article", "sitemap", "site", "wordpress"]),
    st.sampled_from(["", "utf-8", "utf-16", "utf-7", "x-user-defined", "idna", "rot13", "\x00", "base64"]),
)
@examples(50)
def test_any_bytes_in_any_encoding(body: bytes, kind: str, charset: str) -> None:
    answered(kind, body, charset=charset)


COLUMNS = "id title content summary url published updated author tags image language section".split()
MEANING = Meaning(
    columns={name: (name,) for name in COLUMNS},
    actual={name: name for name in COLUMNS},
    guid="https://old.example/?p={id}",
    link="https://news.example/{id}/{title}",
    text="auto",
    base="https://news.example/",
    note="table berita",
)
CELLS = (
    VALUES.filter(lambda value: not isinstance(value, (list, dict)))
    | st.binary(max_size=20)
    | st.decimals()
    | st.datetimes(timezones=st.none() | st.timezones())
    | st.dates()
    | st.times()
    | st.timedeltas()
    | st.uuids()
    | st.sampled_from(
        [date.max, date.min, Decimal("1e999"), Decimal("sNaN"), time.max, timedelta.max, UUID(int=0)]
    )
)


@given(st.lists(st.dictionaries(st.sampled_from(COLUMNS), CELLS), min_size=1, max_size=3))
@examples(50)
def test_any_row(values: list[dict[str, Any]]) -> None:
    """A row that cannot be read is left out; the others come."""
    good = {"id": "1", "title": "Kapal tiba", "content": "<p>Isi</p>"}
    rows = [Row(str(n), dict.fromkeys(COLUMNS) | one) for n, one in enumerate(values)]
    rows.append(Row("good", dict.fromkeys(COLUMNS) | good))
    found = read(job_of(rows, MEANING, url="sections[0]", language="id", zone=ZONE, now=NOW))
    assert [one.title for one in found.entries if one.row == "good"] == ["Kapal tiba"]  # type: ignore[union-attr]


@pytest.mark.parametrize("kind", ["feed", "page", "article", "sitemap", "site", "wordpress"])
def test_a_long_title(kind: str) -> None:
    title = "kata " * 200_000
    for body in (
        f"<rss version='2.0'><channel><item><title>{title}</title><link>https://news.example/1</link></item></channel></rss>",
        f"<html><body><h1>{title}</h1><p>{title}",
        json.dumps([{"id": 1, "title": {"rendered": title}, "link": "https://news.example/1"}]),
    ):
        answered(kind, body.encode())
