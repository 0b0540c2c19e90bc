"""Feeds whose meaning a person sees, though no specification gives it to them."""

from __future__ import annotations

import base64
import json
from contextlib import suppress
from datetime import UTC, datetime
from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc.errors import ReadError
from feedsvc.extract import jsontext
from feedsvc.extract.feed import read
from feedsvc.extract.feed.memo import Memo
from feedsvc.model import Draft
from feedsvc.plugin_api import FeedReading

NOW = datetime(2025, 12, 18, 12, tzinfo=UTC)
ATOM = "http://www.w3.org/2005/Atom"


def reading(text: str, url: str = "https://quay.example/feed") -> FeedReading:
    return read(text.encode(), url=url, now=NOW, memo=Memo())


def atom(entry: str, attributes: str = "") -> Draft:
    (found,) = reading(f'<feed xmlns="{ATOM}" {attributes}><title>Quay</title>{entry}</feed>').entries
    return found


def rss(item: str, *, channel: str = "", url: str = "https://quay.example/feed") -> Draft:
    text = f'<rss version="2.0"><channel><title>Quay</title>{channel}<item>{item}</item></channel></rss>'
    (found,) = reading(text, url).entries
    return found


def json_feed(**item: object) -> Draft:
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "Quay", "items": [{"id": "1", **item}]}
    (found,) = reading(json.dumps(feed)).entries
    return found


def test_attributes_with_the_prefix_of_their_element() -> None:
    found = atom(
        f'<entry xmlns:a="{ATOM}"><a:id>urn:x:1</a:id><a:title>Crane</a:title>'
        '<a:link a:rel="alternate" a:href="/crane"/><a:category a:term="Port"/></entry>'
    )
    assert (found.url, found.tags) == ("https://quay.example/crane", ("Port",))


@pytest.mark.parametrize(
    "base", ["http://www.iana.org/assignments/relation/", "https://www.iana.org/assignments/link-relations/"]
)
def test_relations_as_addresses(base: str) -> None:
    found = atom(
        f'<entry><id>urn:x:1</id><title>Crane</title><link rel="{base}enclosure" href="/crane.mp3"/>'
        f'<link rel="{base}alternate" href="/crane"/></entry>'
    )
    assert found.url == "https://quay.example/crane"
    assert [one.url for one in found.enclosures] == ["https://quay.example/crane.mp3"]


@pytest.mark.parametrize(("language", "path"), [("pl", "/pl"), ("sv-SE", "/sv"), ("is", "/en"), ("", "/en")])
def test_the_link_in_the_language_of_the_feed(language: str, path: str) -> None:
    links = "".join(f'<link hreflang="{one}" href="/{one}"/>' for one in ("en", "pl", "sv"))
    found = atom(f"<entry><id>urn:x:1</id><title>Crane</title>{links}</entry>", f'xml:lang="{language}"')
    assert found.url == f"https://quay.example{path}"


@pytest.mark.parametrize("name", ["pubDate", "date", "issued"])
def test_dates_under_names_of_other_formats(name: str) -> None:
    item = f"<title>Crane</title><{name}>Tue, 16 Dec 2025 09:30:00 +0100</{name}>"
    for found in (atom(f"<entry><id>urn:x:1</id>{item}</entry>"), rss(f"<guid>1</guid>{item}")):
        assert found.published is not None
        assert found.published.at.isoformat() == "2025-12-16T09:30:00+01:00"


def test_content_in_base64_is_read_where_it_is_text() -> None:
    def content(kind: str, data: bytes) -> str:
        encoded = base64.b64encode(data).decode()
        return atom(f'<entry><id>urn:x:1</id><content type="{kind}">{encoded}</content></entry>').content

    assert (
        content("application/octet-stream", "<p>Nebel über <i>dem</i> Kai</p>".encode())
        == "<p>Nebel über <i>dem</i> Kai</p>"
    )
    assert content("application/octet-stream", b"\x89PNG\r\n\x1a\n") == ""
    assert content("image/png", b"plain letters") == ""


def test_an_entry_alone_is_a_feed_of_one() -> None:
    text = f'<entry xmlns="{ATOM}"><id>urn:x:1</id><title>Crane</title><link href="/crane"/></entry>'
    assert [one.url for one in reading(text).entries] == ["https://quay.example/crane"]


def test_escaped_marks_of_cdata_are_no_text() -> None:
    found = rss(
        "<title>&lt;![CDATA[Crane moves]]&gt;</title><guid>1</guid>"
        "<description>&lt;![CDATA[&lt;b&gt;Slowly&lt;/b&gt; it moves.]]&gt;</description>"
    )
    assert (found.title, found.summary) == ("Crane moves", "Slowly it moves.")
    assert rss("<title>What &lt;![CDATA[ means</title><guid>1</guid>").title == "What <![CDATA[ means"


def test_cdata_between_elements_is_markup_and_text_of_xhtml_is_not() -> None:
    found = rss(
        '<guid>1</guid><description><br/><![CDATA[<p>Low <b>tide</b></p><img src="/t.jpg">]]>'
        "<br/></description>"
    )
    assert found.summary == "Low tide"
    assert found.image is not None
    text = atom(
        '<entry><id>urn:x:1</id><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">'
        "<p>a</p>write &lt;b&gt; here</div></content></entry>"
    )
    assert "write &lt;b&gt; here" in text.content


def test_a_feed_on_another_host_is_relative_to_its_site() -> None:
    found = rss(
        '<link>/moorings/7</link><description>&lt;img src="buoy.jpg"&gt;</description>'
        "<guid>1</guid><body>&lt;p&gt;&lt;a href='more'&gt;More&lt;/a&gt;&lt;/p&gt;</body>",
        channel="<link>https://quay.example/</link>",
        url="https://delivery.example/quay.xml",
    )
    assert found.url == "https://quay.example/moorings/7"
    assert found.image is not None
    assert found.image.url == "https://quay.example/moorings/buoy.jpg"
    assert 'href="https://quay.example/moorings/more"' in found.content


@pytest.mark.parametrize("link", ["N/A", "null", "#", "&lt;BASE_URL&gt;/crane"])
def test_what_is_no_address_is_no_link(link: str) -> None:
    assert rss(f"<title>Crane</title><link>{link}</link><guid isPermaLink='false'>1</guid>").url == ""


def test_a_podcast_names_its_episode() -> None:
    found = rss(
        '<guid>1</guid><itunes:title xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd">Fog</itunes:title>'
    )
    assert found.title == "Fog"


@pytest.mark.parametrize(
    "said", [1766059200, 1766059200.0, "1766059200", 1766059200000, "2025-12-18T12:00:00Z"]
)
def test_dates_of_json_as_numbers(said: object) -> None:
    published = json_feed(date_published=said).published
    assert published is not None
    assert published.at == NOW


def test_json_with_one_thing_where_a_list_is_meant() -> None:
    found = json_feed(
        tags="tide, fog", attachments={"url": "/a.mp3", "mime_type": "audio/mpeg"}, image={"url": "/a.jpg"}
    )
    assert found.tags == ("tide", "fog")
    assert [one.url for one in found.enclosures] == ["https://quay.example/a.mp3"]
    assert found.image is not None


@pytest.mark.parametrize(
    "before", ["", "\ufeff", '<br />\n<b>Warning</b>: key ["id"] in <b>/a.php</b> on line 3\n']
)
@pytest.mark.parametrize("after", ["", "\n<b>Notice</b>: Undefined index {x}"])
def test_json_among_warnings(before: str, after: str) -> None:
    assert jsontext.loads(f'{before}[{{"id": 1}}]{after}') == [{"id": 1}]
    feed = '{"version": "https://jsonfeed.org/version/1", "items": [{"id": "1"}]}'
    assert len(reading(before + feed + after).entries) == 1


ODD = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=30))
ANYTHING = st.recursive(
    ODD, lambda one: st.lists(one, max_size=3) | st.dictionaries(st.text(max_size=8), one, max_size=3)
)
NAMES = "id url external_url title content_html content_text summary image banner_image date_published "
FIELDS = st.dictionaries(
    st.sampled_from(
        [*NAMES.split(), "date_modified", "authors", "author", "tags", "attachments", "language"]
    ),
    ANYTHING,
)


@given(
    st.lists(FIELDS, max_size=3),
    st.dictionaries(st.sampled_from(["title", "hubs", "authors", "language"]), ANYTHING),
)
def test_no_value_of_json_ends_the_reading(items: list[dict[str, object]], feed: dict[str, object]) -> None:
    good = {"id": "good", "title": "Crane"}
    text = json.dumps({"version": "https://jsonfeed.org/version/1", **feed, "items": [*items, good]})
    assert reading(text).entries[-1].title == "Crane"


TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40)
ELEMENTS = st.sampled_from(
    "title link guid pubDate description author category enclosure content:encoded media:content id".split()
)


@given(st.lists(st.tuples(ELEMENTS, TEXTS, TEXTS), max_size=8))
def test_no_field_of_an_entry_ends_the_reading(fields: list[tuple[str, str, str]]) -> None:
    item = "".join(
        f"<{name} href={quoteattr(value)} url={quoteattr(value)} length={quoteattr(value)}>"
        f"{escape(text)}</{name}>"
        for name, text, value in fields
    )
    text = (
        '<rss xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:media="http://search.yahoo.com/mrss/">'
        f"<channel><title>Q</title><item>{item}</item><item><guid>good</guid><title>Crane</title></item></channel></rss>"
    )
    assert reading(text).entries[-1].title == "Crane"


@settings(deadline=None)  # the first that needs feedparser loads it
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    for begin in (b"", b"<rss><channel>", b'{"items":['):
        with suppress(ReadError):
            assert (
                read(begin + body, url="https://quay.example/feed", now=NOW, memo=Memo()).entries is not None
            )
