"""Articles as RSS, Atom and JSON Feed, judged by parsers that are not ours and by the formats' rules."""

from __future__ import annotations

import html
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from feedsvc.model import Category, Enclosure, FeedHead, FeedSource, Format, Image, Part, WindowEntry
from feedsvc.render import formats
from feedsvc.render.freeze import freeze, join, parses
from feedsvc.render.text import legal
from tests.judges import complaints
from tests.kinds import examples
from tests.makers import article

AT = datetime(2025, 12, 18, 12, 0, tzinfo=UTC)
HEAD = FeedHead(
    id="urn:uuid:00000000-0000-5000-8000-00000000feed",
    title="Contoh: Politik & <Hukum>",
    description="Berita",
    url="",
    page="https://feeds.example/feeds/politik",
    language="id",
    updated=AT + timedelta(hours=1),
    ttl=60,
    site_title="Contoh",
    site_url="https://news.example/",
    hubs=("https://feeds.example/websub",),
)
ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}"
MEDIA = "{http://search.yahoo.com/mrss/}"
DC = "{http://purl.org/dc/elements/1.1/}"


def entry(number: int = 1, full: bool = True, **story: Any) -> WindowEntry:
    return WindowEntry(
        article=article(number, AT - timedelta(minutes=number), **story),
        digest=b"",
        categories=(Category("politik", "Politik & Hukum", "https://feeds.example/feeds/"),),
        full=full,
    )


def feed(form: Format, entries: Sequence[WindowEntry], **options: Any) -> bytes:
    parts = [Part(formats.entry(one, form), full=one.full) for one in entries]
    address = f"https://feeds.example/feeds/politik.{form}?a=1&b=2"
    return join(formats.frame(HEAD, form), parts, form=form, self_url=address, **options)


def rss(entries: Sequence[WindowEntry], **options: Any) -> Any:
    return etree.fromstring(feed(Format.RSS, entries, **options))[0]


def atom(entries: Sequence[WindowEntry], **options: Any) -> Any:
    return etree.fromstring(feed(Format.ATOM, entries, **options))


def test_rss_head() -> None:
    channel = rss([])
    assert channel.findtext("title") == "Contoh: Politik & <Hukum>"
    assert channel.findtext("link") == "https://feeds.example/feeds/politik"
    assert channel.findtext("language") == "id"
    assert channel.findtext("ttl") == "1"
    assert parsedate_to_datetime(channel.findtext("lastBuildDate")) == HEAD.updated
    links = {one.get("rel"): one.get("href") for one in channel.findall(f"{ATOM}link")}
    assert links == {
        "self": "https://feeds.example/feeds/politik.rss?a=1&b=2",
        "hub": "https://feeds.example/websub",
    }


@pytest.mark.parametrize("form", list(Format))
def test_every_hub_is_named_in_order(form: Format) -> None:
    hubs = ("https://feeds.example/websub", "https://hub.example/")
    frame = formats.frame(replace(HEAD, hubs=hubs), form)
    places = [frame.head.index(hub.encode()) for hub in hubs]
    assert places == sorted(places)


def test_rss_item() -> None:
    picture = Image(
        url="https://news.example/a.jpg",
        width=1200,
        height=675,
        type="image/jpeg",
        length=9,
        caption="Forum",
        credit="Net",
    )
    (item,) = rss([entry(1, authors=("Hani F", "Budi & S"), image=picture, summary="A & <b>")]).findall(
        "item"
    )
    assert item.findtext("guid") == "urn:uuid:00000000-0000-5000-8000-000000000001"
    assert item.find("guid").get("isPermaLink") == "false"
    assert parsedate_to_datetime(item.findtext("pubDate")) == AT - timedelta(minutes=1)
    assert [one.text for one in item.findall(f"{DC}creator")] == ["Hani F", "Budi & S"]
    assert item.find("author") is None
    assert item.findtext("description") == "A &amp; &lt;b&gt;"  # description is HTML
    assert item.findtext(f"{CONTENT}encoded") == "<p>Isi 1.</p>"
    assert item.find("category").text == "Politik & Hukum"
    assert item.find("enclosure").attrib == {"url": picture.url, "length": "9", "type": "image/jpeg"}
    media = item.find(f"{MEDIA}content")
    assert (media.get("width"), media.get("medium")) == ("1200", "image")
    assert media.findtext(f"{MEDIA}description") == "Forum"
    assert media.findtext(f"{MEDIA}credit") == "Net"


def test_a_file_stays_whatever_is_known_of_it_and_comes_before_the_picture() -> None:
    files = (
        Enclosure(url="https://news.example/siaran.mp3?x=1"),
        Enclosure(url="https://news.example/berkas", type="video/mp4", length=7),
    )
    picture = Image(url="https://news.example/a.jpg", type="image/jpeg", length=9)
    one = entry(1, enclosures=files, image=picture)
    (item,) = rss([one]).findall("item")
    assert [dict(found.attrib) for found in item.findall("enclosure")] == [
        {"url": files[0].url, "length": "0", "type": "audio/mpeg"}
    ]
    links = [dict(link.attrib) for link in atom([one]).iter(f"{ATOM}link") if link.get("rel") == "enclosure"]
    assert [(link["href"], link["type"], link.get("length")) for link in links] == [
        (files[0].url, "audio/mpeg", None),
        (files[1].url, "video/mp4", "7"),
        (picture.url, "image/jpeg", "9"),
    ]


def test_what_is_unknown_is_left_out() -> None:
    (item,) = rss([entry(1, image=Image(url="https://news.example/a.jpg"), summary="", content="")]).findall(
        "item"
    )
    assert item.find("enclosure") is None
    assert dict(item.find(f"{MEDIA}content").attrib) == {
        "url": "https://news.example/a.jpg",
        "medium": "image",
    }
    assert item.find("description") is None
    assert item.find(f"{CONTENT}encoded") is None
    assert item.find(f"{ATOM}updated") is None


def test_titles_in_rss_are_plain_with_hex_references() -> None:
    text = feed(Format.RSS, [entry(1, title="A & B <C> &amp;")])
    assert b"<title>A &#x26; B &#x3C;C&#x3E; &#x26;amp;</title>" in text
    assert feedparser.parse(text).entries[0].title


def test_atom_head_and_entry() -> None:
    root = atom([entry(1, authors=("Hani F",))])
    assert root.findtext(f"{ATOM}id") == HEAD.id
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == "id"
    assert root.findtext(f"{ATOM}author/{ATOM}name") == "Contoh"
    links = {one.get("rel"): one.get("href") for one in root.findall(f"{ATOM}link")}
    assert links["self"] == "https://feeds.example/feeds/politik.atom?a=1&b=2"
    assert links["hub"] == "https://feeds.example/websub"
    (one,) = root.findall(f"{ATOM}entry")
    assert one.findtext(f"{ATOM}published") == "2025-12-18T11:59:00+00:00"
    assert one.findtext(f"{ATOM}updated") == "2025-12-18T11:59:00+00:00"
    assert one.find(f"{ATOM}content").get("type") == "html"
    assert one.findtext(f"{ATOM}content") == "<p>Isi 1.</p>"
    category = one.find(f"{ATOM}category")
    assert (category.get("term"), category.get("label")) == ("politik", "Politik & Hukum")


def test_an_update_shows_in_every_format() -> None:
    changed = entry(1)
    later = AT + timedelta(minutes=30)
    changed = replace(changed, article=replace(changed.article, updated=later))
    assert rss([changed]).findtext(f"item/{ATOM}updated") == later.isoformat()
    assert atom([changed]).findtext(f"{ATOM}entry/{ATOM}updated") == later.isoformat()
    assert json.loads(feed(Format.JSON, [changed]))["items"][0]["date_modified"] == later.isoformat()


def test_json_feed() -> None:
    found = json.loads(feed(Format.JSON, [entry(1, authors=("Hani F",)), entry(2, full=False)]))
    assert found["version"] == "https://jsonfeed.org/version/1.1"
    assert found["feed_url"] == "https://feeds.example/feeds/politik.json?a=1&b=2"
    assert found["hubs"] == [{"type": "WebSub", "url": "https://feeds.example/websub"}]
    one, other = found["items"]
    assert one["content_html"] == "<p>Isi 1.</p>"
    assert one["authors"] == [{"name": "Hani F"}]
    assert other["content_text"] == other["summary"] == "Ringkasan 2."
    assert "content_html" not in other


@pytest.mark.parametrize("form", list(Format))
def test_entries_with_and_without_their_text(form: Format) -> None:
    full, short = feed(form, [entry(1)]), feed(form, [entry(1, full=False)])
    bare = feed(form, [entry(1, full=False)], summary=False)
    assert b"Isi 1." in full
    assert b"Isi 1." not in short
    assert b"Ringkasan 1." in short
    if form is not Format.JSON:  # JSON Feed wants one of content_html and content_text
        assert b"Ringkasan 1." not in bare
    for text in (full, short, bare):
        assert parses(text, form.media_type)
        assert len(feedparser.parse(text).entries) == (0 if form is Format.JSON else 1)


def same(text: str | None) -> str:
    """As XML hands it on: line ends are one character, what it forbids is gone."""
    return legal(text or "").replace("\r\n", "\n").replace("\r", "\n")


def flat(text: str) -> str:
    return " ".join(legal(text).split())


WILD = st.text(
    st.characters() | st.sampled_from("<>&\"';]\u202e\u0627\u05d0\U0001f600\x00\x0b\ufffe\ud800 \n\r"),
    max_size=60,
) | st.sampled_from(("<b>x</b>", "]]>", "&amp;", "R&D", "S&P500", "&#x1;", "a" * 5000, "שלום &lt;"))
ADDRESS = st.from_regex(r"https://news\.example/[a-z0-9?=&;%-]{1,30}", fullmatch=True).map(
    lambda one: one.replace("%", "%25")
)
PICTURES = st.builds(
    Image,
    url=ADDRESS,
    width=st.integers(0, 4000),
    height=st.integers(0, 4000),
    type=st.sampled_from(("", "image/jpeg", "image/webp")),
    length=st.integers(0, 10**7),
    caption=WILD,
    credit=WILD,
    thumbnail=st.just("") | ADDRESS,
)
STORIES = st.fixed_dictionaries(
    {
        "url": ADDRESS | st.just(""),
        "title": WILD,
        "summary": WILD,
        "content": WILD,
        "authors": st.lists(WILD, max_size=3).map(tuple),
        "tags": st.lists(WILD, max_size=3, unique=True).map(tuple),
        "image": st.none() | PICTURES,
        "enclosures": st.lists(
            st.builds(Enclosure, url=ADDRESS, type=st.just("audio/mpeg"), length=st.integers(0, 99)),
            max_size=2,
        ).map(tuple),
        "language": st.sampled_from(("", "id", "en-GB", "xx_YY")),
    }
)
#: What no feed can help: a plain headline that quotes a closed tag or a reference, in RSS
HEADLINE = "ContainsHTML"


def wild(story: dict[str, Any], **more: Any) -> WindowEntry:
    one = entry(1, **story)
    categories = tuple(Category(tag, tag, "https://feeds.example/feeds/tag/") for tag in story["tags"])
    source = FeedSource(
        "urn:uuid:00000000-0000-5000-8000-00000000beef",
        "Politik & <b>",
        "https://feeds.example/feeds/politik",
    )
    return replace(one, categories=categories, source=source, **more)


@examples(150)
@given(STORIES, st.booleans(), st.booleans())
def test_whatever_an_article_holds_no_judge_objects(
    story: dict[str, Any], full: bool, combined: bool
) -> None:
    one = wild(story, full=full)
    for form in Format:
        address = f"https://feeds.example/feeds/politik.{form}"
        parts = [Part(formats.entry(each, form), full=full, combined=combined) for each in (one, entry(2))]
        for summary in (True, False):
            text = join(formats.frame(HEAD, form), parts, form=form, self_url=address, summary=summary)
            assert [found for found in complaints(text, address=address) if HEADLINE not in found] == []
        assert parts[0].fragment == formats.entry(one, form)  # the same article, the same bytes


@examples(150)
@given(STORIES)
def test_every_format_says_the_same_and_can_be_read_back(story: dict[str, Any]) -> None:
    one = wild(story)
    item = rss([one]).find("item")
    (read,) = atom([one]).findall(f"{ATOM}entry")
    (made,) = json.loads(feed(Format.JSON, [one]))["items"]
    title = made["title"]
    assert title == flat(story["title"]) or not flat(story["title"])
    assert item.findtext("title") == title == plain(read.find(f"{ATOM}title"))
    assert item.findtext("guid") == read.findtext(f"{ATOM}id") == made["id"] == one.article.id
    assert parsedate_to_datetime(item.findtext("pubDate")) == one.article.published
    assert read.findtext(f"{ATOM}published") == made["date_published"]
    links = {link.get("rel", "alternate"): link.get("href") for link in read.findall(f"{ATOM}link")}
    assert item.findtext("link", "") == links.get("alternate", "") == made.get("url", "") == story["url"]
    names = [flat(name) for name in story["authors"] if flat(name)]
    assert [creator.text for creator in item.findall(f"{DC}creator")] == names
    assert [name.text for name in read.findall(f"{ATOM}author/{ATOM}name")] == names
    assert [author["name"] for author in made.get("authors", [])] == names
    tags = [flat(tag) for tag in story["tags"] if flat(tag)]
    assert [category.text for category in item.findall("category")] == tags
    assert [category.get("term") for category in read.findall(f"{ATOM}category")] == tags
    assert made.get("tags", []) == list(dict.fromkeys(tags))
    content = same(story["content"]) if legal(story["content"]).strip() else ""
    assert same(item.findtext(f"{CONTENT}encoded")) == same(made.get("content_html")) == content
    if content:
        assert same(read.findtext(f"{ATOM}content")) == content
    summary = same(story["summary"]) if legal(story["summary"]).strip() else ""
    assert same(html.unescape(item.findtext("description", ""))) == same(html.unescape(html.escape(summary)))
    assert same(made.get("summary")) == summary
    if summary:
        assert same(plain(read.find(f"{ATOM}summary"))) == summary


def plain(element: Any) -> str:
    """An Atom text as a person reads it."""
    return html.unescape(element.text or "") if element.get("type") == "html" else element.text or ""


@pytest.mark.parametrize("form", list(Format))
def test_an_entry_says_something_whatever_is_asked_for(form: Format) -> None:
    """content=none leaves the headline; where an article has nothing else, that is its text."""
    for one in (
        entry(1),
        entry(1, summary=""),
        entry(1, content=""),
        entry(1, summary="", content="", url=""),
    ):
        for summary in (True, False):
            text = feed(form, [replace(one, full=False)], summary=summary)
            assert b"Isi 1." not in text
            assert (b"Ringkasan 1." in text) is (summary and bool(one.article.story.summary))
            assert complaints(text) == []


@pytest.mark.parametrize("form", list(Format))
@pytest.mark.parametrize("contact", ["desk@news.example", "Desk <desk@news.example>", "+62 21 555", ""])
def test_what_a_section_says_of_itself(form: Format, contact: str) -> None:
    head = replace(
        HEAD,
        copyright="© <Contoh>",
        contact=contact,
        logo="https://news.example/a.png?v=1",
        icon="https://news.example/i.ico",
    )
    text = join(formats.frame(head, form), [], form=form, self_url="https://feeds.example/x")
    assert complaints(text, address="https://feeds.example/x") == []
    assert (b"desk@news.example" in text) is ("@" in contact and form is not Format.JSON)
    assert b"https://news.example/a.png?v=1" in text
    assert (b"i.ico" in text) is (form is not Format.RSS)
    webp = replace(head, logo="https://news.example/a.webp")
    text = join(formats.frame(webp, form), [], form=form, self_url="https://feeds.example/x")
    assert (b"a.webp" in text) is (form is not Format.RSS)  # RSS 2.0 knows GIF, JPEG and PNG


@pytest.mark.parametrize("form", [Format.RSS, Format.ATOM])
def test_namespaces_stand_only_where_they_are_used(form: Format) -> None:
    gone = (("urn:x:1", AT),)
    plain_head = formats.frame(HEAD, form).head
    assert b"tombstones" not in plain_head
    assert b"history" not in plain_head
    told = formats.frame(replace(HEAD, tombstones=gone), form).head
    assert (b"tombstones" in told) is (form is Format.ATOM)
    archive = replace(HEAD, hubs=(), current="https://feeds.example/feeds/politik.rss")
    text = join(
        formats.frame(archive, form), [entry_part(form)], form=form, self_url="https://feeds.example/1"
    )
    assert complaints(text) == []
    assert b"history/1.0" in text


def entry_part(form: Format) -> Part:
    return Part(formats.entry(entry(1), form))


def test_freezing_twice_gives_the_same() -> None:
    one, other = (
        freeze(b"x" * 5000, path="/a", media_type="text/plain", stored=AT, max_age=60) for _ in range(2)
    )
    assert one == other
    assert len({one.identity, one.gzip, one.br}) == 3


def test_parses_tells_broken_documents() -> None:
    assert not parses(b"<rss><channel></rss>", "application/rss+xml")
    assert not parses(b'{"items": [', "application/feed+json")
    assert parses(b"<rss/>", "application/rss+xml")


@pytest.mark.parametrize("form", list(Format))
def test_an_article_with_nothing_but_its_id_is_an_entry(form: Format) -> None:
    bare = entry(title="", summary="", content="", url="", authors=(), tags=(), image=None)
    text = feed(form, [bare])
    assert parses(text, form.media_type)
    if form is Format.JSON:
        item = json.loads(text)["items"][0]
        assert item["content_text"] == item["title"] == item["id"]
    else:
        found = feedparser.parse(text).entries[0]
        assert found.title == found.id == bare.article.id
