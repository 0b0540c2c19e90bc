"""What attackers and broken publishers send: always an answer or a named error, and soon.

The numbers are those of the list of attacks (docs/security.md). Nothing is stored: each feed is made here.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

import pytest

from feedsvc.errors import Code, ReadError
from feedsvc.extract.bounds import xml as limits
from feedsvc.extract.feed import texts
from tests.extract.feed.cases import read, sound

CPU_SECONDS = 20  #: a reading takes a second here; this only ends what would never end
PREFIXES = (
    "xmlns:content='http://purl.org/rss/1.0/modules/content/' xmlns:media='http://search.yahoo.com/mrss/' "
    "xmlns:xi='http://www.w3.org/2001/XInclude'"
)


@pytest.fixture(autouse=True)
def _no_endless_reading() -> Iterator[None]:
    def give_up(*_: Any) -> None:
        raise TimeoutError("the reader does not come to an end")

    former = signal.signal(signal.SIGPROF, give_up)
    signal.setitimer(signal.ITIMER_PROF, CPU_SECONDS)
    yield
    signal.setitimer(signal.ITIMER_PROF, 0)
    signal.signal(signal.SIGPROF, former)


def rss(inner: str) -> bytes:
    return f"<rss version='2.0' {PREFIXES}><channel><title>t</title>{inner}</channel></rss>".encode()


def item(number: int = 1, inner: str = "", title: str = "A title") -> str:
    return f"<item><title>{title}</title><guid>g{number}</guid>{inner}</item>"


def full(html: str) -> str:
    return f"<content:encoded>{escape(html)}</content:encoded>"


def code_of(body: bytes, charset: str = "") -> Code:
    with pytest.raises(ReadError) as caught:
        read(body, charset=charset)
    return caught.value.code


LAUGHS = "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 10))
BLOW_UP = f"<!ENTITY a '{'x' * 50_000}'>"


@pytest.mark.parametrize(
    "subset",
    [
        pytest.param(f"<!ENTITY a0 'ha'>{LAUGHS}", id="X1 billion laughs"),
        pytest.param(BLOW_UP, id="X2 quadratic blow-up"),
        pytest.param("<!ENTITY a9 SYSTEM 'file:///etc/passwd'>", id="X3 external entity"),
        pytest.param("<!ENTITY % p SYSTEM 'file:///etc/passwd'> %p;", id="X4 external parameter entity"),
        pytest.param("<!ENTITY a9 'back\\slash \\1'>", id="X29 backslash"),
        pytest.param("<!entity a9 'lower case'>", id="lower case"),
        pytest.param("<!ELEMENT rss ANY>", id="no entity, but no end"),
    ],
)
def test_entities_are_not_declared_here(subset: str) -> None:
    end = "" if subset.startswith("<!ELEMENT") else "]>"
    body = f"<?xml version='1.0'?><!-- x --><!DOCTYPE rss [{subset}{end}".encode() + rss(
        item(title="&a9;&a;")
    )
    assert code_of(body) is Code.BAD_XML


def test_a_document_type_without_entities_does_no_harm(tmp_path: Path) -> None:  # X6
    dtd = tmp_path / "feed.dtd"
    dtd.write_text("<!ENTITY secret 'read from a file'>")
    for doctype in (f"<!DOCTYPE rss SYSTEM '{dtd}'>", "<!DOCTYPE rss [<!ELEMENT rss ANY>]>"):
        reading = read(f"{doctype}<?xml-stylesheet href='{dtd}'?>".encode() + rss(item(title="&secret;")))
        assert reading.entries[0].title == "&secret;"


def test_xinclude_is_an_unknown_element(tmp_path: Path) -> None:  # X5
    secret = tmp_path / "secret.txt"
    secret.write_text("read from a file")
    include = f"<xi:include href='{secret}' parse='text'/>"
    reading = read(rss(item(inner=f"<description>{include}</description>", title=f"A{include}B")))
    assert "read from" not in repr(reading)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        pytest.param(rss("<a>" * 100_000 + "</a>" * 100_000), Code.TOO_DEEP, id="X7 well-formed"),
        pytest.param(rss("<a>" * 200_000), Code.TOO_DEEP, id="X7 not well-formed"),
        pytest.param(b'{"items":' + b"[" * 200_000, Code.TOO_DEEP, id="X7 JSON lists"),
        pytest.param(b'{"a":' * 200_000, Code.TOO_DEEP, id="X7 JSON objects"),
        pytest.param(
            rss("<item " + " ".join(f"a{n}='1'" for n in range(200_000)) + "/>"),
            Code.BAD_XML,
            id="X8 attributes",
        ),
        pytest.param(rss("<item " + "a=1 " * 200_000 + "/>"), Code.BAD_XML, id="X8 bare attributes"),
        pytest.param(rss("<item " + "a='" * 200_000 + "/>"), Code.BAD_XML, id="X8 open attributes"),
        pytest.param(rss("<a/>" * 500_000), Code.BAD_XML, id="elements"),
        pytest.param(
            rss(("<a " + "".join(f"b{n}='' " for n in range(900)) + "/>") * 600), Code.BAD_XML, id="pairs"
        ),
        pytest.param(b'{"title":"x","items":[' + b"{}," * 600_000 + b"{}]}", Code.BAD_XML, id="JSON objects"),
        pytest.param(
            b'{"title":"x","items":[{"id":' + b"9" * 100_000 + b"}]}", Code.BAD_XML, id="JSON digits"
        ),
        pytest.param(b"<rss><channel>" + b"<![CDATA[" * 100_000, Code.BAD_XML, id="CDATA"),
    ],
)
def test_what_is_out_of_proportion_is_refused(body: bytes, code: Code) -> None:
    assert code_of(body) is code


def test_of_many_entries_the_first_thousand_are_read() -> None:  # X9
    entries = "".join(item(n) for n in range(100_000))
    reading = read(rss(entries))
    assert [draft.guid for draft in reading.entries] == [f"g{n}" for n in range(1_000)]
    assert reading.notes == ("only the first 1,000 entries were read",)


def test_of_many_entries_that_cannot_be_mended_too() -> None:
    reading = read(rss("</b>" + "".join(item(n, "<br>") for n in range(3_000))))
    assert len(reading.entries) == 1_000
    assert reading.notes[-1] == "only the first 1,000 entries were read"


def test_of_many_items_of_json_too() -> None:
    items = ",".join(f'{{"id": "{n}"}}' for n in range(100_000))
    reading = read(f'{{"version": "https://jsonfeed.org/version/1.1", "items": [{items}]}}'.encode())
    assert [draft.guid for draft in reading.entries] == [str(n) for n in range(1_000)]
    assert len(reading.notes) == 1


def test_a_long_text_is_cut() -> None:  # X10, as far as the fetcher lets it in
    reading = read(rss(item(inner=f"<description>{'word ' * 1_000_000}</description>")))
    assert len(reading.entries[0].summary) <= 300
    assert len(reading.entries[0].content) <= texts.MAX_CONTENT + 10


@pytest.mark.parametrize("dialect", ["rss", "atom", "json"])
def test_a_feed_that_ends_in_the_middle_is_none(dialect: str) -> None:  # X24
    whole = {
        "rss": rss(item(1) + item(2)),
        "atom": b"<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>1</id></entry><entry><id>2</id></entry></feed>",
        "json": b'{"version":"https://jsonfeed.org/version/1","items":[{"id":"1"},{"id":"2"}]}',
    }[dialect]
    assert len(read(whole).entries) == 2
    for end in range(40, len(whole) - 7, 7):
        assert code_of(whole[:end]) is Code.BAD_XML


NO_FEEDS = {
    "X26 empty": b"",
    "X26 white": b" \r\n\t\xef\xbb\xbf\n",
    "X26 zeros": b"\0" * 1_000,
    "X25 page": b"<!DOCTYPE html><html><head><title>News</title></head><body><a href='/rss'>x</a></body>",
    "X25 login": b"\n<html lang=id><body><form action=/login><input name=password></form></body></html>",
    "X25 captcha": b"<head><meta http-equiv=refresh content=0></head><script>challenge()</script>",
    "X25 page that quotes a feed": b"<html><body><pre><rss><channel></channel></rss></pre></body></html>",
    "XHTML": b"<?xml version='1.0'?><!DOCTYPE html><html xmlns='http://www.w3.org/1999/xhtml'><body/></html>",
    "text": b"Service unavailable, try again later",
    "XML": b"<?xml version='1.0'?><note><to>x</to></note>",
    "sitemap": b"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'></urlset>",
    "OPML": b"<opml version='2.0'><body/></opml>",
    "JSON": b'{"error": "rate limited"}',
    "JSON list": b'[{"id": 1}]',
    "other items": b'{"items": [{"id": 1}], "total": 1}',
}


@pytest.mark.parametrize("name", NO_FEEDS)
def test_other_answers_are_no_feeds(name: str) -> None:
    assert code_of(NO_FEEDS[name]) is Code.NOT_A_FEED


def test_characters_that_xml_forbids_cost_no_entry() -> None:  # X27, X28, X34
    title = "a\0b&#xD800;c&#x110000;d&#xFFFFFFFF;e\x01&#2;f\x0cg\ufffeh&#xFFFF;"
    for spoiled in ("", "</b>"):  # mended, or left to feedparser
        (draft,) = read(rss(spoiled + item(title=title))).entries
        assert draft.title == "ab\ufffdc\ufffdd\ufffde\ufffdfgh\ufffd"
        sound(read(rss(spoiled + item(title=title))))


def test_letters_of_turkish_code_pages() -> None:  # X30, X31
    rest = "<rss><channel><title>Gündem şüphe İstanbul</title></channel></rss>"
    body = f"<?xml version='1.0' encoding='{{}}'?>{rest}"
    for declared, charset, language in (
        ("utf-8", "iso-8859-9", ""),
        ("windows-1254", "", ""),
        ("utf-8", "", "tr"),
        ("utf-8", "utf-8", "tr-TR"),
        ("iso-8859-1", '"Windows-1254"', ""),
    ):
        reading = read(body.format(declared).encode("cp1254"), charset=charset, language=language)
        assert reading.title == "Gündem şüphe İstanbul"


def test_encodings_with_and_without_a_mark() -> None:  # X32, X33
    text = "<?xml version='1.0' encoding='{}'?>\n<rss><channel><title>Привет, мир</title></channel></rss>"
    for name in (
        "utf-16",
        "utf-16-le",
        "utf-16-be",
        "utf-32",
        "utf-32-le",
        "utf-32-be",
        "koi8-r",
        "windows-1251",
    ):
        assert read(text.format(name).encode(name)).title == "Привет, мир", name
    assert read(b"\xef\xbb\xbf\n\n " + text.format("ascii").encode()).title == "Привет, мир"


def test_encodings_that_are_refused() -> None:  # X32
    text = (
        "<?xml version='1.0' encoding='utf-7'?><rss><channel><title>+ADw-script+AD4-</title></channel></rss>"
    )
    assert code_of(text.encode()) is Code.BAD_XML
    assert code_of(b"<rss><channel/></rss>", charset="UTF-7") is Code.BAD_XML
    assert code_of(text.encode("cp037")) is Code.BAD_XML


@pytest.mark.parametrize(
    "label", ["hex", "rot13", "unicode_escape", "idna", "undefined", "no-such", "\0", "x" * 999]
)
def test_labels_of_no_encoding_are_ignored(label: str) -> None:
    assert read(b"<rss><channel><title>caf\xc3\xa9</title></channel></rss>", charset=label).title == "café"
    assert (
        read(b"<rss><channel><title>caf\xe9 cr\xe8me</title></channel></rss>", charset=label).title
        == "café crème"
    )


def test_overrides_of_direction_are_removed() -> None:  # X35
    (draft,) = read(rss(item(title="a\u202eb\u2066c\u2069d\u200fe"))).entries
    assert not set(draft.title) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def test_masses_are_capped() -> None:  # X36
    many = "".join(
        f"<category>c{n}</category><enclosure url='http://a.example/{n}.mp3'/>" for n in range(5_000)
    )
    media = "".join(f"<media:content url='http://a.example/{n}.jpg' width='{n}'/>" for n in range(5_000))
    people = "".join(f"<author>Person Number{n}</author>" for n in range(5_000))
    (draft,) = read(rss(item(inner=many + media + people, title="word " * 200_000))).entries
    assert len(draft.title) <= texts.TITLE
    assert draft.title.endswith("…")
    assert len(draft.tags) == 50
    assert len(draft.enclosures) == 20
    assert len(draft.authors) == 20
    assert draft.image is not None


def test_an_endless_id_is_none() -> None:
    reading = read(rss(f"<item><guid>{'x' * 1_000_000}</guid><link>https://a.example/</link></item>"))
    assert reading.entries[0].guid == ""


@pytest.mark.parametrize(
    "said",
    [
        "Mon, 31 Feb 2026 25:61:00 +9999",
        "9" * 14,
        "0000-00-00",
        "2101-01-01T00:00:00Z",
        "1970-01-01T00:00:00Z",
        "2026-11-23T10:00:00+24:00",
        "9" * 100_000,
        "23 " * 50_000,
    ],
)
def test_impossible_dates_leave_an_entry_undated(said: str) -> None:  # X37
    (draft,) = read(rss(item(inner=f"<pubDate>{said}</pubDate>"))).entries
    assert draft.published is None
    assert draft.doubt is not None


def test_dates_in_turkish() -> None:  # X37
    (draft,) = read(rss(item(inner="<pubDate>Pzt, 23 Kas 2026 10:00 +0300</pubDate>")), language="tr").entries
    assert draft.published is not None
    assert draft.published.at.isoformat() == "2026-11-23T10:00:00+03:00"


STRANGE = {
    "open formatting": "<div>"
    + "".join(f"<b id={n}>" for n in range(200))
    + "</div>"
    + "<div>x</div>" * 3_000,
    "attributes": "<p " + " ".join(f"a{n}" for n in range(50_000)) + ">x",
    "pictures": '<img src="a">x ' * 30_000,
    "frames": '<iframe src="a"></iframe>x ' * 10_000,
    "nesting": ("<div>" * 200 + "x" + "</div>" * 200) * 400,
    "brackets": "<" * 200_000,
    "ampersands": "&" * 200_000,
    "comments": "<!--" * 90_000,
    "tables": "<table><b>" * 90_000,
    "an address": f"<a href='{'x' * 300_000}'>y</a>",
}


@pytest.mark.parametrize("name", STRANGE)
@pytest.mark.slow
def test_full_texts_that_parsers_choke_on(name: str) -> None:
    reading = read(rss("".join(item(n, full(f"{n} {STRANGE[name]}")) for n in range(3))))
    assert len(reading.entries) == 3
    sound(reading)


@pytest.mark.slow
def test_too_much_markup_costs_the_full_texts_only() -> None:
    reading = read(rss("".join(item(n, full(f'{n}<img src="a">x ' * 300)) for n in range(1_000))))
    assert len(reading.entries) == 1_000
    assert reading.entries[0].content
    assert not reading.entries[-1].content
    assert reading.entries[-1].summary
    assert "too much markup" in reading.notes[0]


BROKEN = {
    "open tags": "<a" * 190_000,
    "open attributes": "<a b='" * 190_000,
    "closing tags": "</x>" * 100_000,
    "references": "&#65;" * 200_000,
    "ampersands": "&" * 400_000,
    "declarations": "<!x>" * 100_000,
    "document types": "<!DOCTYPE x [" * 50_000,
    "comments": "<!-- -->" * 100_000,
    "instructions": "<?a ?>" * 100_000,
    "asides": "<media:title>" * 200,
    "prefixes": "".join(f"<p{n}:a/>" for n in range(50_000)),
    "CDATA": "<![CDATA[x]]>" * 50_000,
}


REFUSED = {"ampersands": Code.BAD_XML}  # mended, it is longer than feedparser may read


@pytest.mark.parametrize("name", BROKEN)
@pytest.mark.slow
def test_feeds_that_only_feedparser_reads(name: str) -> None:
    body = rss("</b>" + item(1) + item(2, f"<description>{BROKEN[name]}</description>"))
    if name in REFUSED:
        assert code_of(body) is REFUSED[name]
    else:
        reading = read(body)
        sound(reading)
        assert reading.entries[0].guid == "g1"


def test_what_is_large_and_broken_is_refused() -> None:
    assert code_of(rss("</b>" + item(1, f"<description>{'word ' * 500_000}</description>"))) is Code.BAD_XML


def test_bases_and_namespaces_without_end() -> None:
    base = "<rss xml:base='http://a.example/" + "b/" * 500 + "'><channel>"
    items = "".join(f"<item xml:base='{'../' * 300}x'><link>{n}</link></item>" for n in range(300))
    reading = read(f"{base}{items}</channel></rss>".encode())
    assert {draft.url[:17] for draft in reading.entries} == {"http://a.example/"}
    spaces = " ".join(f"xmlns:a{n}='u{n}'" for n in range(900))
    assert len(read(f"<rss {spaces}><channel>{item()}</channel></rss>".encode()).entries) == 1


def test_plain_text_is_not_taken_for_attributes() -> None:
    words = "It's a text of many words " * 300
    for text in (f"<![CDATA[{words}]]>", f"<!-- {words} -->x", words):
        assert read(rss(item(inner=f"<description>{text}</description>"))).entries[0].guid == "g1"


def test_limits_count_what_they_say() -> None:
    assert limits.attributes("a b='1' c=\"x = y > z\" d='2'>text = text") == 3
    assert limits.attributes("p>" + "word " * 5_000) <= 1
    assert not limits.is_crowded("<a " + "".join(f"b{n}='some value' " for n in range(900)) + ">")
    assert limits.is_crowded("<a " + "b " * 1_001 + ">")
    assert limits.depth("<a><b/><c><br><p>x</c></a>" * 1_000) == 2
    assert limits.is_strange("<b>" * 40)
    assert not limits.is_strange("<b>x</b>" * 400)
