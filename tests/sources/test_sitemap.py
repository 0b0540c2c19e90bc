"""Sitemaps of every kind, and what is no sitemap or wants to do harm."""

from __future__ import annotations

import gzip
import os
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.errors import Code, ReadError
from feedsvc.extract import sitemap
from feedsvc.plugin_api import SitemapReading
from tests.kinds import examples

NOW = datetime(2026, 11, 24, tzinfo=UTC)
URL = "https://news.example/sitemap.xml"
CORPUS = Path(os.environ.get("FEEDSVC_CORPUS") or Path(__file__).resolve().parents[3] / "shared" / "corpus")
SAVED = CORPUS / "feeds" / "sitemaps_crawler-commons"
SPACES = (
    "xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' "
    "xmlns:news='http://www.google.com/schemas/sitemap-news/0.9' "
    "xmlns:image='http://www.google.com/schemas/sitemap-image/1.1' "
    "xmlns:video='http://www.google.com/schemas/sitemap-video/1.1'"
)


def read(body: bytes | str, *, zone: str = "", **hints: str) -> SitemapReading:
    data = body.encode() if isinstance(body, str) else body
    return sitemap.read(data, url=URL, zone=ZoneInfo(zone) if zone else None, now=NOW, **hints)


def urlset(inner: str) -> str:
    return f"<?xml version='1.0' encoding='UTF-8'?>\n<urlset {SPACES}>{inner}</urlset>"


def code_of(body: bytes | str, **hints: str) -> Code:
    with pytest.raises(ReadError) as caught:
        read(body, **hints)
    return caught.value.code


NEWS = """
<url>
  <loc> https://news.example/politik/sidang?utm_source=sitemap </loc>
  <lastmod>2026-11-23T12:30:00+07:00</lastmod>
  <news:news>
    <news:publication><news:name>Kabar Contoh</news:name><news:language>id</news:language></news:publication>
    <news:publication_date>2026-11-23T09:00:00+07:00</news:publication_date>
    <news:title>Sidang dibuka &amp;amp; ditunda</news:title>
    <news:keywords>sidang, Anggaran , sidang,,DPR</news:keywords>
  </news:news>
  <image:image>
    <image:loc>/foto/sidang.jpg</image:loc><image:caption>Ruang &lt;b&gt;sidang&lt;/b&gt;</image:caption>
  </image:image>
  <image:image><image:loc>/foto/lain.jpg</image:loc></image:image>
  <video:video><video:title>Not the title</video:title></video:video>
</url>
"""


def test_a_news_sitemap() -> None:
    (draft,) = read(urlset(NEWS)).entries
    assert draft.url == "https://news.example/politik/sidang"
    assert draft.title == "Sidang dibuka & ditunda"
    assert draft.published is not None
    assert draft.published.at.isoformat() == "2026-11-23T09:00:00+07:00"
    assert draft.updated is not None
    assert draft.updated.at.isoformat() == "2026-11-23T12:30:00+07:00"
    assert draft.tags == ("sidang", "Anggaran", "DPR")
    assert draft.language == "id"
    assert draft.image is not None
    assert (draft.image.url, draft.image.caption) == ("https://news.example/foto/sidang.jpg", "Ruang sidang")
    assert draft.origin == {"url": "loc", "published": "news:publication_date", "updated": "lastmod"}


def test_lastmod_is_no_date_of_publication() -> None:
    (draft,) = read(
        urlset("<url><loc>https://news.example/1</loc><lastmod>2026-11-20</lastmod></url>"), zone="UTC"
    ).entries
    assert draft.published is None
    assert draft.updated is not None
    assert draft.updated.precision == "day"


def test_a_date_that_cannot_be_read_is_a_doubt() -> None:
    news = "<news:news><news:publication_date>31/02/2026</news:publication_date></news:news>"
    (draft,) = read(urlset(f"<url><loc>https://news.example/1</loc>{news}</url>")).entries
    assert draft.published is None
    assert draft.doubt is not None


def test_an_index_names_its_children() -> None:
    body = """<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
      <sitemap><loc>https://news.example/s/1.xml.gz</loc><lastmod>2026-11-23T00:00:00Z</lastmod></sitemap>
      <sitemap><loc>s/2.xml</loc></sitemap>
      <sitemap>https://news.example/s/3.xml</sitemap>
      <sitemap><loc>javascript:alert(1)</loc></sitemap>
    </sitemapindex>"""
    reading = read(body)
    assert [child.url.rpartition("/")[2] for child in reading.children] == ["1.xml.gz", "2.xml", "3.xml"]
    assert reading.children[0].updated is not None
    assert reading.children[1].updated is None
    assert reading.entries == ()
    assert reading.notes == ("1 entries without an address were left out",)


@pytest.mark.parametrize(
    "root",
    ["<urlset>", "<urlset xmlns='http://www.google.com/schemas/sitemap/0.84'>", "<s:urlset xmlns:s='x'>"],
)
def test_namespaces_may_be_missing_or_wrong(root: str) -> None:
    name = root[1:].split(" ")[0].rstrip(">")
    prefix = "s:" if name.startswith("s:") else ""
    body = f"{root}<{prefix}url><{prefix}loc>https://news.example/1</{prefix}loc></{prefix}url></{name}>"
    assert [draft.url for draft in read(body).entries] == ["https://news.example/1"]


def test_gzip_with_several_members() -> None:
    body = urlset(NEWS).encode()
    packed = gzip.compress(body[:300]) + gzip.compress(body[300:])
    assert read(packed) == read(body)


def test_gzip_that_is_broken() -> None:
    packed = gzip.compress(urlset(NEWS * 50).encode())
    assert code_of(packed[:-40]) is Code.BAD_ENCODING
    assert code_of(b"\x1f\x8b" + b"x" * 100) is Code.BAD_ENCODING
    assert code_of(packed[:60] + b"\0\0\0\0" + packed[64:]) is Code.BAD_ENCODING


def test_a_list_of_addresses() -> None:
    one, two = "https://news.example/1", "https://news.example/2"
    body = f"\ufeff{one}\r\n\r\n  {two}?utm_source=x \nnot an address\n{one}\n"
    assert [draft.url for draft in read(body).entries] == ["https://news.example/1", "https://news.example/2"]
    assert read(gzip.compress(body.encode())) == read(body)


def test_a_feed_is_a_sitemap_too() -> None:
    item = "<item><title>One</title><link>https://news.example/1</link></item>"
    body = f"<rss version='2.0'><channel>{item}</channel></rss>"
    assert [draft.title for draft in read(body).entries] == ["One"]


@pytest.mark.parametrize(
    ("body", "notes"),
    [
        ("\n \n" + urlset(NEWS), 0),
        (urlset(NEWS).replace("?utm_source=sitemap", "?a=1&b=2"), 1),
        (urlset(NEWS) + "<!-- made in 0.1 s -->\n<script>x</script>", 1),
        (urlset(NEWS).replace(SPACES, SPACES.partition(" ")[0]), 1),
    ],
)
def test_small_faults_are_mended(body: str, notes: int) -> None:
    reading = read(body)
    assert len(reading.entries) == 1
    assert len(reading.notes) == notes


def test_encodings() -> None:
    body = urlset(NEWS.replace("Kabar", "Kábar").replace("Sidang dibuka", "Sidáng"))
    for name in ("utf-16", "utf-8-sig"):
        assert (
            read(body.replace("UTF-8", "utf-16" if name == "utf-16" else "utf-8").encode(name))
            .entries[0]
            .title
        )
    latin = body.encode("latin-1")
    assert read(latin, charset="iso-8859-1").entries[0].title == "Sidáng & ditunda"


NO_SITEMAPS = {
    "empty": b" \n",
    "page": b"<!DOCTYPE html><html><body>404</body></html>",
    "text": b"Not found\nTry again",
    "JSON": b'{"a": 1}',
    "XML": b"<?xml version='1.0'?><note/>",
    "packed nothing": gzip.compress(b""),
}


@pytest.mark.parametrize("name", NO_SITEMAPS)
def test_other_answers_are_no_sitemaps(name: str) -> None:
    assert code_of(NO_SITEMAPS[name]) is Code.NOT_A_FEED


HOSTILE = {
    "entities": (b"<!DOCTYPE urlset [<!ENTITY a 'b'>]>" + urlset(NEWS).encode(), Code.BAD_XML),
    "depth": (b"<urlset>" + b"<url>" * 100_000, Code.TOO_DEEP),
    "truncated": (urlset(NEWS * 20).encode()[:9_000], Code.BAD_XML),
    "attributes": (b"<urlset " + b" ".join(b"a%d='1'" % n for n in range(200_000)) + b"/>", Code.BAD_XML),
    "elements": (b"<urlset>" + b"<a/>" * 200_000 + b"</urlset>", Code.BAD_XML),
    "bomb of spaces": (gzip.compress(b"<urlset>" + b" " * 60_000_000), Code.BAD_XML),
    "bomb of entries": (
        gzip.compress(b"<urlset>" + (b"<x>" + b" " * 10_000 + b"</x>") * 6_000),
        Code.TOO_LARGE,
    ),
    "bomb of text": (gzip.compress(b"https://a.example/ " * 3_000_000), Code.TOO_LARGE),
    "wrong nesting": (b"<urlset><url></b></url></urlset>", Code.BAD_XML),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_wants_to_do_harm_is_refused(name: str) -> None:
    body, code = HOSTILE[name]
    assert code_of(body) is code


def test_no_more_than_a_sitemap_may_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemap, "MAX_URLS", 100)
    body = urlset("".join(f"<url><loc>https://news.example/{n}</loc></url>" for n in range(300)))
    lines = "\n".join(f"https://news.example/{n}" for n in range(300))
    for reading in (read(body), read(lines)):
        assert [draft.url[-2:] for draft in reading.entries[:100:99]] == ["/0", "99"]
        assert len(reading.entries) == 100
        assert len(reading.notes) == 1


@given(
    body=st.binary(max_size=200),
    start=st.sampled_from((b"", b"<urlset>", b"<urlset><url><loc>", b"\x1f\x8b\x08", b"http")),
)
@examples(200)
def test_any_bytes_are_read_or_refused(body: bytes, start: bytes) -> None:
    try:
        reading = read(start + body)
    except ReadError:
        return
    assert all(draft.url.startswith(("http://", "https://")) or draft.guid for draft in reading.entries)


@given(data=st.data())
@examples(200)
def test_any_spoiled_sitemap_is_read_or_refused(data: st.DataObject) -> None:
    body = urlset(NEWS * 2).encode()
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(body)))
        pieces = st.sampled_from(
            (b"<", b">", b"&", b"]]>", b"<url>", b"</url>", b"\0", b"<!--", b"<![CDATA[")
        )
        body = (
            body[:at] + data.draw(pieces | st.binary(max_size=4)) + body[at + data.draw(st.integers(0, 9)) :]
        )
    try:
        read(body)
    except ReadError:
        pass


#: What the saved sitemaps hold: entries, children
SAVED_ANSWERS = {
    "atom.xml": (1, 0),
    "feed.rss": (4, 0),
    "pagemaps-sitemap.xml": (2, 0),
    "shinpaideshou-news-sitemap.xml": (3, 0),
    "sitemap-mobile.xml": (3, 0),
    "sitemap-videos-tvshow.xml": (1, 0),
    "sitemap-with-bom.txt": (2, 0),
    "sitemap.badns.xml": (2, 0),
    "sitemap.index.xml": (0, 15),
    "sitemap.ns.xml": (2, 0),
    "sitemap.txt": (2, 0),
    "sitemap.txt.gz": (5, 0),
    "xmlRss_pubDate.xml": (7, 0),
    "xmlSitemap.gz": (5, 0),
}


@pytest.mark.skipif(not SAVED.is_dir(), reason=f"no corpus of sitemaps at {SAVED}")
@pytest.mark.parametrize("name", SAVED_ANSWERS)
def test_saved_sitemaps(name: str) -> None:
    reading = read((SAVED / name).read_bytes())
    assert (len(reading.entries), len(reading.children)) == SAVED_ANSWERS[name]
