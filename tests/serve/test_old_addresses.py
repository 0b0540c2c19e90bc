"""Old addresses of a newsroom's: found however a client spells them, and never one of ours."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from urllib.parse import quote, unquote_to_bytes

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.config import load
from feedsvc.errors import ConfigError
from feedsvc.urls import old_address
from tests.serve.test_front import BODY, Site, row

HEAD = (
    '[site]\ntitle = "T"\nurl = "https://news.example/"\nnamespace = "6b2b5a0e-6c1d-4a41-9d54-6f2a6f6c9a11"\n'
    '[[section]]\nslug = "a"\nsources = []\naliases = ["{alias}"]\n'
)


def served(*aliases: str) -> Site:
    old = [row(old_address(one), location="/feeds/politik.rss", page="") for one in aliases]
    return Site(rows=[row(), row("/", body=b"<html>", page=""), *old])


def asked(target: str) -> str:
    """A request target as it stands in a WSGI environ."""
    path, mark, query = target.partition("?")
    return unquote_to_bytes(path).decode("latin-1") + mark + query


@pytest.mark.parametrize(
    ("alias", "target"),
    [
        ("/лента.xml", "/%D0%BB%D0%B5%D0%BD%D1%82%D0%B0.xml"),
        ("/rss/caf%C3%A9.xml", "/rss/caf%C3%A9.xml"),
        ("/rss/café.xml", "/rss/cafe%CC%81.xml"),
        ("/rss/cafe\u0301.xml", "/rss/caf%c3%a9.xml"),
        ("/rss/a b.xml", "/rss/a%20b.xml"),
        ("/rss/a%20b.xml", "/rss/a%20b.xml"),
        ("/rss/100%25.xml", "/rss/100%25.xml"),
        ("/rss//all.xml", "/rss//all.xml"),
        ("/feed/", "/feed/"),
        ("/RSS.XML", "/RSS.XML"),
        ("/?feed=rss2", "/?feed=rss2"),
        ("/?feed=rss2", "/?utm_source=x&feed=rss2&limit=all"),
        ("/index.php?b=2&a=1", "/index.php?a=1&b=2"),
        ("/index.php?q=k%C3%BClt", "/index.php?q=k%c3%bclt"),
        ("/index.php?q=kült", "/index.php?q=k%C3%BClt"),
        ("/index.php?q=a+b", "/index.php?q=a%20b"),
        ("/rss.php?empty", "/rss.php?empty="),
        ("/rss.php", "/rss.php?limit=all"),
        ("/rss.php", "/rss.php?content=4"),
        ("/новости?тег=море", f"/{quote('новости')}?{quote('тег')}={quote('море')}"),
    ],
)
def test_an_old_address_is_found(alias: str, target: str) -> None:
    answer = served(alias).ask(asked(target))
    assert (answer.status, answer.body) == (200, BODY)


@pytest.mark.parametrize(
    ("alias", "target"),
    [
        ("/?feed=rss2", "/?feed=rss"),
        ("/?feed=rss2", "/"),
        ("/rss.xml", "/RSS.xml"),
        ("/rss.xml", "/rss.xml/"),
        ("/rss.xml", "/x/../rss.xml"),
        ("/rss/100%25.xml", "/rss/100%2525.xml"),
        ("/index.php?a=1&b=2", "/index.php?a=1"),
    ],
)
def test_another_address_is_not(alias: str, target: str) -> None:
    site = served(alias)
    site.others = lambda: lambda environ, start: (start("404 Not Found", []), [b""])[1]
    assert site.ask(asked(target)).body != BODY


def test_who_names_more_parameters_is_meant() -> None:
    rows = [
        row(),
        row("/feeds/laut.rss", body=b"laut"),
        row(old_address("/?feed=rss2"), location="/feeds/politik.rss", page=""),
        row(old_address("/?feed=rss2&cat=7"), location="/feeds/laut.rss", page=""),
    ]
    assert Site(rows=rows).ask("/?cat=7&feed=rss2").body == b"laut"
    assert Site(rows=rows).ask("/?cat=8&feed=rss2").body == BODY


@given(
    st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="?#%"), min_size=1, max_size=20)
)
def test_any_name_is_found_in_each_spelling(name: str) -> None:
    site = served(f"/x/{name}")
    for form in ("NFC", "NFD"):
        target = quote(f"/x/{unicodedata.normalize(form, name)}")
        assert site.ask(asked(target)).body == BODY


@given(st.text(max_size=30), st.text(max_size=30))
def test_any_request_has_an_answer(path: str, query: str) -> None:
    site = served("/?feed=rss2", "/лента")
    site.others = lambda: lambda environ, start: (start("404 Not Found", []), [b""])[1]
    path = f"/{path}".encode("utf-8", "surrogatepass").decode("latin-1").replace("?", "")
    assert site.ask(f"{path}?{query}").status in (200, 400, 404)


@pytest.mark.parametrize(
    "alias", ["/rss.xml", "/feeds.xml", "/feed/", "/api.php", "/embedded.xml", "/?feed=rss2", "/лента"]
)
def test_what_may_be_an_alias(tmp_path: Path, alias: str) -> None:
    file = tmp_path / "feedsvc.toml"
    file.write_text(HEAD.format(alias=alias))
    assert old_address(alias) in [one for spec in load(file, {}).lists for one in spec.aliases]


def test_an_old_address_that_is_not_built_yet_is_not_another_one() -> None:
    """The directory and an old address with fewer parameters are not what was asked for."""
    old = row("/rss.php?cat=3", location="/feeds/politik.rss", page="")
    home = row("/", body=b"<html>", page="")
    wanted = ("/?feed=rss2", "/index.php?a=1", "/rss.php?cat=3", "/rss.php?cat=3&lang=en")
    site = Site(rows=[row(), home, old], configured=wanted)
    for target in ("/?feed=rss2", "/index.php?a=1&b=2", "/rss.php?cat=3&lang=en"):
        answer = site.ask(target)
        assert (answer.status, "Retry-After" in answer.headers) == (503, True)
    assert site.ask("/rss.php?cat=3").body == BODY
    assert site.ask("/?feed=atom").body == b"<html>"


@pytest.mark.parametrize(
    "alias",
    [
        *("/websub", "/status", "/healthz", "/readyz", "/stream", "/api", "/oembed", "/embed", "/", "/?"),
        *(
            "/feeds/x.rss",
            "/%66eeds/x.rss",
            "/f%65eds.opml",
            "/websub/callback/x",
            "/embed-1.js",
            "/static/page.css",
        ),
        *("/status?x=1", "rss.xml", "", "/a#b", "/a%3Fb", "/a%0Ab", "/a%00"),
    ],
)
def test_what_may_not(tmp_path: Path, alias: str) -> None:
    file = tmp_path / "feedsvc.toml"
    file.write_text(HEAD.format(alias=alias))
    with pytest.raises(ConfigError, match="aliases"):
        load(file, {})


def test_an_alias_is_taken_once_however_it_is_spelt(tmp_path: Path) -> None:
    file = tmp_path / "feedsvc.toml"
    file.write_text(HEAD.format(alias='/caf%C3%A9.xml", "/cafe\u0301.xml'))
    with pytest.raises(ConfigError, match="is taken"):
        load(file, {})
