"""Addresses that people try lead to the feed that they mean, and no other address does."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.serve.guesses import guessed
from tests.asking import ask
from tests.publish.test_archives import BASE, Newsroom

KNOWN = frozenset(
    ["/", "/feeds/latest", "/feeds/politik", "/embed", "/feeds.opml"]
    + [f"/feeds/{slug}.{form}" for slug in ("latest", "politik") for form in ("rss", "atom", "json")]
)


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/feed", "/feeds/latest.rss"),
        ("/feed/", "/feeds/latest.rss"),
        ("/rss", "/feeds/latest.rss"),
        ("/feeds", "/feeds/latest.rss"),
        ("/feeds/", "/feeds/latest.rss"),
        ("/rss.xml", "/feeds/latest.rss"),
        ("/feed.xml", "/feeds/latest.rss"),
        ("/index.xml", "/feeds/latest.rss"),
        ("/index.rdf", "/feeds/latest.rss"),
        ("/atom.xml", "/feeds/latest.rss"),
        ("/atom", "/feeds/latest.atom"),
        ("/feed/atom/", "/feeds/latest.atom"),
        ("/feed.json", "/feeds/latest.json"),
        ("/feeds/politik/", "/feeds/politik"),
        ("/feeds/politik.rss/", "/feeds/politik.rss"),
        ("/feeds/politik.xml", "/feeds/politik.rss"),
        ("/feeds/politik/feed", "/feeds/politik.rss"),
        ("/feeds/politik/rss.xml", "/feeds/politik.rss"),
        ("/politik/feed/", "/feeds/politik.rss"),
        ("/politik.rss", "/feeds/politik.rss"),
        ("/politik.json", "/feeds/politik.json"),
        ("/politik/atom", "/feeds/politik.atom"),
        ("/embed/", "/embed"),
        ("/feeds/tidak-ada.xml", None),
        ("/politik", None),
        ("/feeds/politik", None),
        ("/", None),
        ("//", None),
        ("/feeds/for/msn.xml", None),
        ("/wp-login.php", None),
        ("/../feed", None),
    ],
)
def test_guesses(path: str, target: str | None) -> None:
    assert guessed(path, KNOWN) == target


@given(st.text(st.sampled_from("/.afeds-rxmlpoitk"), max_size=40))
def test_a_guess_is_a_known_address_and_no_guess_itself(path: str) -> None:
    target = guessed(f"/{path}", KNOWN)
    assert target is None or (target in KNOWN and guessed(target, KNOWN) is None)


def test_redirects_and_the_page_that_leads_back(tmp_path: Path) -> None:
    newsroom = Newsroom(tmp_path, articles=130)
    try:
        moved = ask(newsroom.front, "/feed/?limit=3")
        assert (moved.status, moved.headers["Location"]) == (301, f"{BASE}/feeds/latest.rss?limit=3")
        for path in ("/feeds/nirwana", "/feeds/tag/nirwana", "/feeds/for/nirwana.rss", "/nirwana"):
            lost = ask(newsroom.front, path, sec_fetch_dest="document")
            assert lost.status == 404, path
            assert b'href="/"' in lost.body, path
            assert lost.headers["Cache-Control"] == "no-store"
            assert len(ask(newsroom.front, path).body) < 100
        archive = ask(newsroom.front, "/feeds/s0/archive/1")
        assert archive.status == 200
        assert archive.body.count(b"<article") == 100
        assert b'rel="prev"' not in archive.body
        assert b'href="/feeds/s0/archive/1" rel="prev"' in ask(newsroom.front, "/feeds/s0").body
        assert ask(newsroom.front, "/feeds/s0/archive/2").status == 404
        for kind in ("tag", "author"):
            assert ask(newsroom.front, f"/feeds/{kind}").status == 200
    finally:
        newsroom.filled.database.close()
