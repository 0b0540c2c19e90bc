"""Foreign HTML and text become safe, and stay what they are when they are cleaned again."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from lxml import html as lxml_html

from feedsvc.extract import clean
from feedsvc.extract.clean import clean_html, fold, summarise, to_text
from tests.kinds import examples

BASE = "https://kabar.example/politik/satu.html"

#: The usual ways to smuggle a script into a reader
VECTORS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)><script>alert(1)</script></svg>",
    '<a href="javascript:alert(1)">x</a>',
    '<a href="java\tscript:alert(1)">x</a>',
    '<a href="&#106;avascript:alert(1)">x</a>',
    '<a href=" vbscript:msgbox(1)">x</a>',
    '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    '<iframe src="javascript:alert(1)"></iframe>',
    '<object data="javascript:alert(1)"></object>',
    '<embed src="data:text/html;base64,PHNjcmlwdD4=">',
    '<form action="javascript:alert(1)"><button>go</button></form>',
    '<div style="background:url(javascript:alert(1))">x</div>',
    "<style>@import 'javascript:alert(1)';</style>",
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    '<link rel="stylesheet" href="javascript:alert(1)">',
    '<meta http-equiv="refresh" content="0;url=javascript:alert(1)">',
    '<base href="javascript:alert(1)//"><a href="x">x</a>',
    '<p onclick="alert(1)" class="c" id="i">x</p>',
    '<video><source onerror="alert(1)"></video>',
    '<img src="blob:https://kabar.example/1"><img srcset="javascript:alert(1) 1w" src="/a.jpg">',
    "<![CDATA[<script>alert(1)</script>]]><!--><script>alert(1)</script>-->",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
)


@pytest.mark.parametrize("vector", VECTORS)
def test_no_script_survives(vector: str) -> None:
    cleaned = clean_html(f"<p>before {vector} after", base=BASE)
    tree = lxml_html.fragment_fromstring(cleaned, create_parent="div")
    for element in tree.iter():
        assert element.tag in clean.TAGS
        for name, value in element.attrib.items():
            assert not str(name).startswith("on")
            assert name not in ("style", "class", "id", "srcset")
            if name in ("href", "src"):
                assert re.match(r"https?://|mailto:", str(value))


@pytest.mark.parametrize(
    ("given_html", "expected"),
    [
        ("<p>One<br>two</p>", "<p>One<br>two</p>"),
        ('<a href="/x?a=1&b=2#teil">q</a>', '<a href="https://kabar.example/x?a=1&amp;b=2#teil">q</a>'),
        ('<a href="mailto:tips@kabar.example">q</a>', '<a href="mailto:tips@kabar.example">q</a>'),
        (
            '<img data-src="/a.jpg" src="data:image/gif;base64,R0" alt="A">',
            '<img src="https://kabar.example/a.jpg" alt="A">',
        ),
        ('<p>a<img src="/p.gif" width="1" height="1"></p>', "<p>a</p>"),
        (
            '<iframe src="https://video.example/embed/1" title="Clip &amp; more"></iframe>',
            '<p><a href="https://video.example/embed/1">Clip &amp; more</a></p>',
        ),
        (
            '<video><source src="/v.mp4"></video>',
            '<p><a href="https://kabar.example/v.mp4">kabar.example</a></p>',
        ),
        ('<p dir="rtl" lang="ar">نص</p>', '<p dir="rtl" lang="ar">نص</p>'),
        ("<form><p>A whole page in a form</p><input></form>", "<p>A whole page in a form</p>"),
        ("", ""),
    ],
)
def test_what_is_kept(given_html: str, expected: str) -> None:
    assert clean_html(given_html, base=BASE) == expected


def test_without_a_base_relative_addresses_go() -> None:
    assert clean_html('<a href="/x">q</a><img src="y.jpg">', base="") == "<a>q</a>"


def test_bidi_overrides_and_characters_that_xml_forbids_are_gone() -> None:
    for text in ("a\u202eb\x00\x0bc\ufffe", "a&#x202e;b&#11;c&#xfffe;"):
        cleaned = clean_html(f"<p>{text}</p>", base=BASE)
        assert cleaned in ("<p>abc</p>", "<p>a b c</p>", "<p>ab c</p>", "<p>ab\ufffdc</p>")
        etree.fromstring(cleaned)


def test_a_deep_fragment_is_read_as_its_words() -> None:
    assert clean_html("<div>" * 5_000 + "deep", base=BASE) == "<p>deep</p>"
    assert clean_html("<div></x>" * 5_000 + "deep", base=BASE) == "<p>deep</p>"
    assert to_text("<b>" * 5_000 + "deep") == "deep"


def test_a_long_fragment_is_cut_before_a_tag() -> None:
    cleaned = clean_html("<p>word</p>" * 200_000, base=BASE)
    assert 0 < len(cleaned) <= clean.MAX_CHARS
    assert cleaned.endswith("</p>")


def test_a_text_that_grows_when_it_is_escaped_is_cut_no_more_than_that() -> None:
    cleaned = clean_html(f"<p>{('kata ' * 30 + '> ') * 7_500}</p>", base=BASE)
    assert 0.9 * clean.MAX_CHARS < len(cleaned) <= clean.MAX_CHARS
    assert clean_html(cleaned, base=BASE) == cleaned


@pytest.mark.parametrize("bomb", ["&" * 300_000, "<" * 300_000, "<a " * 100_000, "<img src=a>" * 20_000])
@pytest.mark.slow
def test_marks_without_end_are_cut(bomb: str) -> None:
    assert len(clean_html(bomb, base=BASE)) <= clean.MAX_CHARS


HTML = st.one_of(
    st.text(max_size=120),
    st.lists(
        st.sampled_from(
            "<p> </p> <div> </div> <a href=/x> </a> <b> <i> </b> <table> <td> <li> <ul> <br> <img/src=/y> & "
            "&amp; &lt; <select> <option> <svg> </svg> <math> <style> </style> <!-- --> <iframe/src=//z> "
            "text <h2> \u202e".split(" ")
        ),
        max_size=14,
    ).map("".join),
)


@given(HTML)
def test_cleaning_twice_changes_nothing(text: str) -> None:
    once = clean_html(text, base=BASE)
    assert clean_html(once, base=BASE) == once


@given(st.text(st.characters(), max_size=200))
def test_nothing_is_ever_raised_and_xml_can_hold_it(text: str) -> None:
    for result in (clean_html(text, base=BASE), to_text(text), fold(text), summarise(text)):
        element = etree.Element("x")
        element.text = result  # raises where XML forbids a character


@given(st.text(max_size=200))
def test_folding_is_one_line_and_stays(text: str) -> None:
    folded = fold(text)
    assert not re.search(r"[\n\t\r]|  ", folded)
    assert folded == folded.strip()
    if "&" not in folded:
        assert fold(folded) == folded


def test_entities_are_decoded_once() -> None:
    assert fold("Fish &amp;amp; chips\n &lt;b&gt;") == "Fish &amp; chips <b>"


def test_text_has_a_paragraph_a_line() -> None:
    fragment = (
        "<p>One <b>two</b>\nthree</p>four<br>five<ul><li>six</li><li>seven</li></ul><script>no()</script>"
    )
    assert to_text(fragment) == "One two three\nfour\nfive\nsix\nseven"
    assert to_text("plain &amp; simple\n text") == "plain & simple text"


@given(st.text(max_size=400), st.integers(0, 60))
@examples(200)
def test_a_summary_fits_and_stays(text: str, limit: int) -> None:
    short = summarise(text, limit)
    assert len(short) <= max(limit, 0)
    assert summarise(short, limit) == short


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("Short.", 300, "Short."),
        ("The first sentence ends. The second one goes on and on.", 40, "The first sentence ends."),
        ("one two three four five six seven", 20, "one two three four…"),
        (
            "カナダで行われた会議が終わった。次の会議は来年に開かれる予定である。",
            20,
            "カナダで行われた会議が終わった。",
        ),
        ("x" * 9 + "e\u0301" * 20, 13, "xxxxxxxxxéééé"[:12] + "…"),
        ("🇮🇩" * 20, 10, "🇮🇩" * 4 + "…"),
        ("👩‍👩‍👧" * 10, 9, "👩‍👩‍👧…"),
    ],
)
def test_summaries_end_where_a_reader_would_stop(text: str, limit: int, expected: str) -> None:
    assert summarise(text, limit) == expected
