"""What holds for all bytes, and for one feed in two dialects."""

from __future__ import annotations

from html import escape
from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from feedsvc.errors import ReadError
from feedsvc.extract.clean import to_text
from feedsvc.extract.feed import texts
from feedsvc.extract.feed.addresses import address
from feedsvc.extract.feed.wire import Text
from feedsvc.model import Draft
from feedsvc.urls import absolute, clean
from tests.extract.feed.cases import FEEDS, NAMES, read, sound
from tests.kinds import examples

STARTS = (
    b"",
    b"<rss><channel>",
    b"<rss",
    b"<?xml version='1.0'?><feed xmlns='http://www.w3.org/2005/Atom'>",
    b"{",
)
PIECES = (
    *(
        b"<item>",
        b"</item>",
        b"<title>",
        b"</title>",
        b"<link>",
        b"<guid>",
        b"]]>",
        b"<![CDATA[",
        b"<!--",
        b"-->",
    ),
    *(
        b"&",
        b"&#",
        b"&#xD800;",
        b"\x00",
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b"<",
        b">",
        b"'",
        b'"',
        b"<?",
        b"<!DOCTYPE x [",
    ),
    *(
        b"<media:content url='",
        b"<a:b xmlns:a=''/>",
        b" xml:base='http://['",
        b"<pubDate>9999999999</pubDate>",
    ),
)

#: Characters that XML can carry and no rule takes away
LETTERS = st.characters(
    codec="utf-8", categories=("L", "N", "P", "S"), exclude_characters="\u115f\u1160\u3164\uffa0"
)
WORDS = st.lists(st.text(LETTERS, min_size=1, max_size=12), min_size=1, max_size=6).map(" ".join)


@given(body=st.binary(max_size=300), start=st.sampled_from(STARTS))
@examples(300)
def test_any_bytes_are_read_or_refused(body: bytes, start: bytes) -> None:
    try:
        sound(read(start + body))
    except ReadError:
        pass


@given(data=st.data(), name=st.sampled_from(NAMES))
@examples(300)
def test_any_spoiled_feed_is_read_or_refused(data: st.DataObject, name: str) -> None:
    body = (FEEDS / name).read_bytes()
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, len(body)))
        end = at + data.draw(st.sampled_from((0, 0, 1, 3, 40)))
        body = body[:at] + data.draw(st.sampled_from(PIECES) | st.binary(max_size=6)) + body[end:]
    try:
        sound(read(body))
    except ReadError:
        pass


@given(name=st.sampled_from([name for name in NAMES if name.endswith((".xml", ".rdf"))]), data=st.data())
@examples(150)
def test_no_cut_feed_passes_for_a_whole_one(name: str, data: st.DataObject) -> None:
    body = (FEEDS / name).read_bytes()
    end = max(
        body.rfind(close)
        for close in (b"</rss", b"</RSS", b"</rdf:RDF", b"</feed", b"</a:feed", b"</channel")
    )
    if end < 0:  # UTF-16
        end = len(body) - 20
    try:
        reading = read(body[: data.draw(st.integers(0, end))])
    except ReadError:
        return
    raise AssertionError(f"{len(reading.entries)} entries were read")


class Told(NamedTuple):
    """An entry, before any dialect writes it down."""

    title: str
    link: str
    guid: str
    author: str
    tag: str
    summary: str
    paragraph: str
    minute: int


ENTRIES = st.lists(
    st.builds(
        Told,
        title=WORDS,
        link=st.from_regex(
            r"https://[a-z]{3,8}\.example/[a-z0-9/._~-]{0,20}(\?[a-z]=[a-z0-9%&=]{0,9})?", fullmatch=True
        ),
        guid=st.uuids().map(lambda one: f"urn:uuid:{one}"),
        author=st.from_regex(r"[A-Z][a-z]{1,8} [A-Z][a-z]{1,8}", fullmatch=True),
        tag=WORDS,
        summary=WORDS,
        paragraph=WORDS,
        minute=st.integers(0, 59),
    ),
    max_size=5,
)


def as_rss(told: Told) -> str:
    """RSS: texts are HTML, so what is meant literally is escaped twice."""
    title, tag, summary = (escape(escape(text)) for text in (told.title, told.tag, told.summary))
    content = escape(f"<p>{escape(told.paragraph)}</p>")
    return (
        f"<item><title>{title}</title><link>{escape(told.link)}</link>"
        f"<guid isPermaLink='false'>{told.guid}</guid><dc:creator>{told.author}</dc:creator>"
        f"<pubDate>Mon, 23 Nov 2026 10:{told.minute:02}:00 +0000</pubDate>"
        f"<category>{tag}</category><description>{summary}</description>"
        f"<content:encoded>{content}</content:encoded></item>"
    )


def as_atom(told: Told) -> str:
    content = escape(f"<p>{escape(told.paragraph)}</p>")
    return (
        f"<entry><title>{escape(told.title)}</title><link href='{escape(told.link)}'/><id>{told.guid}</id>"
        f"<published>2026-11-23T10:{told.minute:02}:00Z</published><author><name>{told.author}</name></author>"
        f"<category term='x' label='{escape(escape(told.tag))}'/><summary>{escape(told.summary)}</summary>"
        f"<content type='html'>{content}</content></entry>"
    )


def comparable(draft: Draft) -> tuple[object, ...]:
    at = draft.published.at if draft.published else None
    texts = (draft.title, draft.summary, draft.content, draft.authors, draft.tags)
    return (draft.url, draft.guid, at, *texts)


@given(entries=ENTRIES)
@examples(150)
def test_rss_and_atom_give_the_same_articles(entries: list[Told]) -> None:
    spaces = (
        "xmlns:dc='http://purl.org/dc/elements/1.1/' xmlns:content='http://purl.org/rss/1.0/modules/content/'"
    )
    rss = f"<rss version='2.0' {spaces}><channel>{''.join(map(as_rss, entries))}</channel></rss>"
    atom = f"<feed xmlns='http://www.w3.org/2005/Atom'>{''.join(map(as_atom, entries))}</feed>"
    drafts = read(rss.encode()).entries
    assert len(drafts) == len(entries)
    assert list(map(comparable, drafts)) == list(map(comparable, read(atom.encode()).entries))


@given(
    href=st.from_regex(
        r"https?://[a-z0-9.-]{1,20}(/[A-Za-z0-9._~!$&'()*+,;=:@%#? -]{0,12}){0,4}", fullmatch=True
    )
)
@examples(500)
def test_the_short_way_to_an_address_is_the_long_one(href: str) -> None:
    found = absolute("https://base.example/x/", href.strip())
    assert address("https://base.example/x/", href) == (clean(found) if found else "")


WHOLE = ("<li>one</li>", "<h2>head</h2>", "<br>", "<br/>", '<img src="a">')
CONTAINERS = ("p", "div", "b", "i", "em", "a", "span", "blockquote", "ul", "script", "title")
FRAGMENTS = st.recursive(
    # list items and headings end one another: inside each other, their end tags would be stray ones
    st.sampled_from(("word", " ", "&amp;", "&lt;b&gt;", "&nbsp;", "é", "&#39;", "\n", *WHOLE)),
    lambda inner: st.tuples(
        st.sampled_from(CONTAINERS),
        st.sampled_from(("", ' class="x y"', ' href="/a?b=1&amp;c=2" id="d"', " hidden")),
        st.lists(inner, max_size=4).map("".join),
    ).map(lambda parts: f"<{parts[0]}{parts[1]}>{parts[2]}</{parts[0]}>"),
    max_leaves=12,
)


@given(fragment=st.lists(FRAGMENTS, max_size=4).map("".join))
@examples(400)
def test_simple_fragments_have_the_words_that_a_parser_finds(fragment: str) -> None:
    whole = " ".join(to_text(fragment).split())
    assert texts.summary(Text(fragment, html=True)) == texts.summary(Text(whole))
