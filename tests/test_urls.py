"""Addresses: what is a link, when are two links the same page."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc import urls

BASE = "https://news.example/politik/index.html"


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        ("read/1", "https://news.example/politik/read/1"),
        ("/read/1#komentar", "https://news.example/read/1"),
        ("//cdn.example/a", "https://cdn.example/a"),
        ("?page=2", "https://news.example/politik/index.html?page=2"),
        ("  HTTPS://News.Example:443/A  ", "https://news.example/A"),
        ("http://news.example:80/", "http://news.example/"),
        ("http://news.example:8080", "http://news.example:8080/"),
        ("a/./b/../c", "https://news.example/politik/a/c"),
        ("https://news.example/a/../../b", "https://news.example/b"),
        ("/berita/ä ö?q=ü", "https://news.example/berita/%C3%A4%20%C3%B6?q=%C3%BC"),
        ("/%E2%82%AC", "https://news.example/%E2%82%AC"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("http://[2001:DB8::1]/", "http://[2001:db8::1]/"),
        ("ja\tva\nscript:alert(1)", None),
        ("data:text/html,x", None),
        ("mailto:a@b.example", None),
        ("ftp://news.example/", None),
        ("http://user:pw@news.example/", None),
        ("http://", None),
        ("http://a b/", None),
        ("http://[::1/", None),
        ("http://news.example:99999/", None),
        ("http://news.example:x/", None),
        ("http://fe80::1%25eth0/", None),
        ("/" + "x" * 3000, None),
        (None, None),
    ],
)
def test_absolute(href: str | None, expected: str | None) -> None:
    assert urls.absolute(BASE, href) == expected


@given(st.text(max_size=200))
def test_absolute_never_raises_and_is_stable(href: str) -> None:
    found = urls.absolute(BASE, href)
    if found is not None:
        assert found.isascii()
        assert found.startswith(("http://", "https://"))
        assert urls.absolute(found, found) == found


@pytest.mark.parametrize(
    "twin",
    [
        "http://news.example/read/1?a=1&b=2",
        "https://www.news.example/read/1/?b=2&a=1",
        "https://m.news.example/read/1?a=1&b=2&utm_source=x&fbclid=y",
        "https://news.example/read/1/amp?a=1&b=2",
        "https://amp.news.example/read/1?a=1&b=2&amp=1",
        "https://news.example:443/read/%31?a=1&b=2#top",
    ],
)
def test_spellings_of_one_page_share_a_key(twin: str) -> None:
    assert urls.key(twin) == urls.key("https://news.example/read/1?a=1&b=2")


@pytest.mark.parametrize(
    "other",
    [
        "https://news.example/read/2?a=1&b=2",
        "https://news.example/read/1?a=2&b=2",
        "https://news.example/Read/1?a=1&b=2",
        "https://other.example/read/1?a=1&b=2",
        "https://news.example:8080/read/1?a=1&b=2",
        "https://m.example/read/1?a=1&b=2",
    ],
)
def test_other_pages_have_other_keys(other: str) -> None:
    assert urls.key(other) != urls.key("https://news.example/read/1?a=1&b=2")


def test_clean_takes_tracking_away_and_nothing_else() -> None:
    url = "https://n.example/a?id=7&utm_source=x&UTM_Campaign=y&fbclid=z&b=&c"
    assert urls.clean(url) == "https://n.example/a?id=7&b=&c"
    assert urls.clean("https://n.example/a?gclid=1") == "https://n.example/a"
    assert urls.clean("https://n.example/a?ref=frontpage") == "https://n.example/a?ref=frontpage"


@given(st.text(max_size=120))
def test_key_and_clean_agree(query: str) -> None:
    url = urls.absolute("https://n.example/", f"/a?{query}")
    if url is not None:
        assert urls.key(urls.clean(url)) == urls.key(url)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://news.example/?p=1", True),
        ("tag:news.example,2025-12-18:/read/1", True),
        ("urn:uuid:6e8bc430-9c3a-11d9-9669-0800200c9a66", True),
        ("urn:x", False),
        ("berita-104233", False),
        ("104233", False),
        ("http://", False),
        ("javascript:alert(1)", False),
        ("a b:c", False),
        ("tag:news.example:1", False),
    ],
)
def test_is_iri(text: str, expected: bool) -> None:
    assert urls.is_iri(text) is expected


def test_hosts_and_sites() -> None:
    assert urls.host("http://127.0.0.1:8081/x") == "127.0.0.1:8081"
    assert urls.host("https://news.example/") == "news.example"
    assert urls.origin("http://news.example:8080/a") == "http://news.example:8080"
    assert urls.same_site("https://www.news.example/", "http://news.example/a")
    assert urls.same_site("https://health.news.example/", "https://news.example/")
    assert not urls.same_site("https://news.example/", "https://badnews.example/")


@pytest.mark.parametrize(
    ("href", "kept"),
    [
        ("/changes#v2-1", "#v2-1"),
        ("/changes?a=1#v2", "?a=1#v2"),
        ("/a#xtor=RSS-1", ""),
        ("/a#utm_source=rss&utm_medium=feed", ""),
        ("/a#:~:text=ferry", ""),
        ("/a#", ""),
        ("/#/story/1", "#/story/1"),
        ("/a#käse <b>", "#k%C3%A4se%20%3Cb%3E"),
    ],
)
def test_a_fragment_is_kept_where_it_is_wanted_and_names_something(href: str, kept: str) -> None:
    found = urls.absolute("https://news.example/", href, fragment=True)
    assert found is not None
    assert urls.clean(found).endswith(kept)
    assert ("#" in urls.clean(found)) == ("#" in kept)
    assert "#" not in (urls.absolute("https://news.example/", href) or "")


def test_places_share_their_pages_key_and_routes_of_a_script_do_not() -> None:
    assert urls.key("https://n.example/live#a") == urls.key("https://n.example/live")
    assert urls.key("https://n.example/#/story/1") != urls.key("https://n.example/#/story/2")
    assert (urls.fragment("https://n.example/live#a"), urls.fragment("https://n.example/#!/1")) == ("a", "")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://feeds.news.co.uk/rss", "https://www.news.co.uk/a", True),
        ("https://a.co.uk/", "https://b.co.uk/", False),
        ("http://127.0.0.1:8000/a", "http://127.0.0.1:8000/b", True),
        ("http://127.0.0.1:8000/a", "http://127.0.0.1:8001/a", False),
        ("http://cms/a", "http://cms:8080/a", False),
    ],
)
def test_publishers(one: str, other: str, same: bool) -> None:
    assert urls.same_publisher(one, other) is same
