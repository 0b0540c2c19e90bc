"""Pages that mean harm, or are merely enormous, end in an answer or in a ReadError."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.errors import Code, ReadError
from feedsvc.extract import article
from feedsvc.extract.article.body.choose import MAX_ELEMENTS
from feedsvc.extract.article.body.reading import MAX_TEXT
from feedsvc.extract.article.ldjson import load
from tests.kinds import examples

URL = "https://kabar.example/2025/12/18/satu-dua-tiga"
HEAD = "<html><head><title>T</title></head><body><h1>Headline of this page</h1>"
PARAGRAPH = f"<p>{'word and word ' * 8}.</p>"


@pytest.mark.parametrize("element", ["<div>", "<div></x>", "<b>", "<option>x", "<rt>"])
def test_depth_is_refused_before_parsing(element: str) -> None:
    with pytest.raises(ReadError) as caught:
        article.read(HEAD + element * 60_000, url=URL)
    assert caught.value.code is Code.TOO_DEEP


def test_size_is_refused_before_parsing() -> None:
    with pytest.raises(ReadError) as caught:
        article.read("x" * 5_000_001, url=URL)
    assert caught.value.code is Code.TOO_LARGE


MANY = " ".join(f"a{number}" for number in range(4_100))


@pytest.mark.parametrize(
    "page",
    [
        f"<p {MANY}>",
        f"<p a='<' {MANY}>",
        f"<p a='>' {MANY}>",
        f'<p a="b \'" {MANY}>',
        f'<p a"b {MANY} c="',
        f"<p/{MANY.replace(' ', '/')}>",
        "<p " + MANY.replace(" ", "='>'") + ">",
        f"<script>'<p a=\"'</script><p {MANY}>",
        f"<!-- <p a=' --><p {MANY}>",
        f"<svg><style><p {MANY}>",
        "".join(f"<body {name}>" for name in MANY.split()) + "</body>" * 4_100,
        f"<p {MANY[:20_000]}>" * 40,
    ],
    ids=range(12),
)
def test_attributes_are_refused_before_parsing(page: str) -> None:
    with pytest.raises(ReadError) as caught:
        article.read(page, url=URL)
    assert caught.value.code in (Code.TOO_LARGE, Code.TOO_DEEP)


@pytest.mark.parametrize(
    "page",
    [
        "<img a='" * 59_000,
        "<img" * 59_000 + "<p>" * 1_001,
        "</a" * 1_600_000,
        "<p>" + "".join(f"<b id={number}>" for number in range(1_000)) + "</p>" + "<p>x</p>" * 40_000,
        "<div class='a b'><p>some words here</p></div>" * 49_000,
    ],
    ids=["values", "names", "ends", "reopened", "many"],
)
def test_what_holds_a_parser_up_is_refused(page: str) -> None:
    with pytest.raises(ReadError) as caught:
        article.read(page, url=URL)
    assert caught.value.code is Code.TOO_LARGE


def test_program_text_and_long_values_are_no_attributes() -> None:
    program = "<script>" + "if(x<y && c){d(e => f)}" * 900 + "</script>"
    value = f"<div data-words='{'word <b>and</b> ' * 900}'></div>"
    assert article.read(HEAD + program + value + PARAGRAPH, url=URL).draft.title == "Headline of this page"


@pytest.mark.slow
def test_a_page_too_large_for_trafilatura_still_has_a_body() -> None:
    reading = article.read(HEAD + PARAGRAPH * (MAX_ELEMENTS + 1), url=URL)
    assert 0 < len(reading.body_text) <= MAX_TEXT + 10_000
    assert reading.draft.content


@pytest.mark.parametrize(
    "script",
    [
        "[" * 50_000,
        '{"a":' * 50_000,
        '{"@type":"Article","headline":"' + "x" * 100_000,
        "null",
        "",
        "]]>",
        '{"@graph":3}',
    ],
)
def test_strange_linked_data_does_no_harm(script: str) -> None:
    page = f'<script type="application/ld+json">{script}</script>{HEAD}{PARAGRAPH}'
    assert article.read(page, url=URL).draft.title == "Headline of this page"


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ('<!-- {"a": 1} -->', [{"a": 1}]),
        ('//<![CDATA[\n{"a": 1}\n//]]>', [{"a": 1}]),
        ('{"a": [1, 2,],}', [{"a": [1, 2]}]),
        ('{"a": "x\ny"};', [{"a": "x\ny"}]),
        ('{"a": 1}{"b": 2}', [{"a": 1}, {"b": 2}]),
        ("{&quot;a&quot;: 1}", [{"a": 1}]),
        (
            '{"@type": "NewsArticle", "headline": "A "quoted" word", "datePublished": "2025-01-02"}',
            [{"@type": "Article", "headline": "A ", "datePublished": "2025-01-02"}],
        ),
    ],
)
def test_broken_linked_data_is_read_as_far_as_it_goes(script: str, expected: list[object]) -> None:
    assert load(script) == expected


PIECES = st.lists(
    st.sampled_from(
        [
            *"<html> <body> <article> </article> <time> <frameset> <template> <svg> <noscript>".split(),
            *"<table> <tr> <td> <iframe/src=//v.example> <base/href=::> <link/rel=canonical/href=http://[>".split(),
            "<h1>A headline here</h1>",
            "<p>By Ann Lee</p>",
            PARAGRAPH,
            "<ul><li><a href=x>y</a>",
            "<figure><img src=/a-picture-1.jpg srcset='x 1w'>",
            "<figcaption>x (Foto: y)",
            "<meta property=og:image content='http://[bad'>",
            "18/12/2025 19:00",
            '<script type=application/ld+json>{"@type":"Article","author":[[],{}],"image":[{}]}</script>',
            "<h2>Read more</h2>",
            "<title>A - B | C</title>",
            "\x00",
            "\ud800",
        ]
    ),
    max_size=12,
)


@examples(150)
@given(
    PIECES.map("".join) | st.text(max_size=200),
    st.sampled_from([URL, "https://kabar.example/", "https://k.example"]),
)
def test_no_page_raises_anything_else(page: str, url: str) -> None:
    reading = article.read(page, url=url)
    assert reading.draft.url.startswith("https://k")
    assert "<script" not in reading.draft.content
    assert "\n" not in reading.draft.title


def test_of_an_endless_byline_the_beginning_is_read() -> None:
    names = "Hani Fatunnisa, Budi Prakoso, " + "a" * 200_000
    page = f'<html><head><meta name=author content="{names}"></head><body><h1>A bridge</h1></body></html>'
    reading = article.read(page, url=URL, body=False)
    assert reading.draft.authors == ("Hani Fatunnisa", "Budi Prakoso")
