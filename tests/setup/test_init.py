"""`feedsvc init`: from an address to a configuration that can be used at once."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from feedsvc import config
from feedsvc.cli import main
from feedsvc.demo import DemoServer, make_server
from feedsvc.model import SiteReading
from feedsvc.setup.file import Wishes, slug_of, write
from feedsvc.setup.survey import Candidate
from tests.conftest import Clock
from tests.servers import ScriptedServer

NAMESPACE = "5b0c5f0e-6c1d-4a41-9d54-6f2a6f6c9a11"


@pytest.fixture
def newsroom() -> Iterator[DemoServer]:
    with make_server(clock=Clock(datetime(2025, 12, 18, 12, 0, 7, tzinfo=UTC))) as server:
        yield server


def init(url: str, file: Path, *options: str, answers: str | None = None) -> Result:
    yes = [] if answers is not None else ["--yes"]
    return CliRunner().invoke(main, ["init", url, "--output", str(file), *yes, *options], input=answers)


@pytest.mark.slow
def test_a_newsroom_becomes_a_configuration(tmp_path: Path, newsroom: DemoServer) -> None:
    file = tmp_path / "new" / "feedsvc.toml"
    result = init(newsroom.url, file)
    assert result.exit_code == 0, result.output
    found = config.load(file, {})
    assert found.site.title == "Kabar Merawan"
    assert (found.site.language, found.site.zone.key) == ("id", "Asia/Jakarta")
    slugs = {spec.slug for spec in found.lists}
    assert {"politik", "hukum", "ekonomi", "dunia", "nusantara", "english", "update", "populer"} <= slugs
    # what only gathers what the sections bring is no section, and no box repeats one
    assert "indeks" not in slugs
    assert len([spec for spec in found.lists if spec.kind == "box" and not spec.of]) == 2
    assert next(spec for spec in found.lists if spec.slug == "populer").ranked
    # the sections have feeds of their own, with ids and exact dates
    kinds = {upstream.url: upstream.kind for upstream in found.upstreams}
    assert kinds[f"{newsroom.url}/politik/rss"] == "feed"
    # this machine is the operator's own
    assert found.own == {newsroom.url.removeprefix("http://")}


def test_a_person_chooses(tmp_path: Path, newsroom: DemoServer) -> None:
    file = tmp_path / "feedsvc.toml"
    result = init(newsroom.url, file, answers="99\n-1 -2 7\n")
    assert result.exit_code == 0, result.output
    assert "99 is not one of the numbers above" in result.output
    slugs = {spec.slug for spec in config.load(file, {}).lists}
    assert "indeks" in slugs
    assert not {"politik", "hukum"} & slugs


def test_a_file_that_is_there_is_never_overwritten(tmp_path: Path, newsroom: DemoServer) -> None:
    file = tmp_path / "feedsvc.toml"
    file.write_text("mine")
    result = init(newsroom.url, file)
    assert result.exit_code == 1
    assert "already exists" in result.output
    assert file.read_text() == "mine"


def test_a_site_without_any_list_is_told_as_that(tmp_path: Path, upstream: ScriptedServer) -> None:
    upstream.page(
        "/", b"<html><title>Bakery</title><body><h1>Bread</h1><p>Open from seven.</p></body></html>"
    )
    result = init(upstream.url("/"), tmp_path / "feedsvc.toml")
    assert result.exit_code == 1
    assert "feedsvc inspect" in result.output
    assert not (tmp_path / "feedsvc.toml").exists()


def test_a_site_that_does_not_answer_is_told_as_that(tmp_path: Path, upstream: ScriptedServer) -> None:
    result = init(upstream.url("/nothing-there"), tmp_path / "feedsvc.toml")
    assert result.exit_code == 1
    assert "HTTP_GONE" in result.output


def test_without_sections_the_sites_own_feed_is_taken(tmp_path: Path, upstream: ScriptedServer) -> None:
    start = datetime(2025, 12, 18, 9, 0, tzinfo=UTC)
    items = "".join(
        f"<item><title>Harbour dredging enters week {n}</title><link>https://gazette.example/{n}</link>"
        f"<pubDate>{start - timedelta(hours=n):%a, %d %b %Y %H:%M:%S} GMT</pubDate></item>"
        for n in range(1, 8)
    )
    feed = f"<rss version='2.0'><channel><title>Harbour Gazette</title>{items}</channel></rss>"
    upstream.page("/feed.xml", feed.encode(), Content_Type="application/rss+xml")
    upstream.page(
        "/",
        b"<html lang='en'><head><title>Harbour Gazette</title>"
        b"<link rel='alternate' type='application/rss+xml' href='/feed.xml'></head><body>"
        b"<nav><a href='/about'>About</a></nav><p>All about ships.</p></body></html>",
        Content_Type="text/html",
    )
    upstream.page(
        "/about", b"<html><body><p>We write about ships.</p></body></html>", Content_Type="text/html"
    )
    file = tmp_path / "feedsvc.toml"
    result = init(upstream.url("/"), file)
    assert result.exit_code == 0, result.output
    found = config.load(file, {})
    assert [(one.kind, one.url) for one in found.upstreams] == [("feed", upstream.url("/feed.xml"))]
    assert [spec.slug for spec in found.lists] == ["latest", "harbour-gazette"]


def _ships(upstream: ScriptedServer, *, about: str = "lang='en'") -> None:
    """A site with a section whose list is told apart from other columns of links by nothing."""
    names = ("Amber Tern", "Blue Heron", "Crested Grebe", "Dusky Gull", "Eider Duck")
    rows = "".join(
        f"<li><a href='/read/{n}'>The {name} comes in with a load of timber</a></li>"
        for n, name in enumerate(names)
    )
    page = f"<html {about}><title>Harbour</title><body><h1>Ships</h1><ul>{rows}</ul></body></html>"
    upstream.page("/ships", page.encode(), Content_Type="text/html")
    upstream.page(
        "/",
        b"<html lang='en'><title>Harbour</title><body><nav><a href='/ships'>Ships</a>"
        b"<a href='/tide'>Tide</a></nav><p>All about ships.</p></body></html>",
        Content_Type="text/html",
    )
    upstream.page("/tide", b"<html><body><p>High at noon.</p></body></html>", Content_Type="text/html")


@pytest.mark.parametrize(("word", "taken"), [("y", True), ("n", False)])
def test_a_person_is_asked_where_the_reader_is_not_sure(
    tmp_path: Path, upstream: ScriptedServer, word: str, taken: bool
) -> None:
    _ships(upstream)
    file = tmp_path / "feedsvc.toml"
    result = init(upstream.url("/"), file, "--own", answers=f"\n{word}\n")
    assert "the reader is only" in result.output
    assert "The Amber Tern comes in" in result.output
    assert (result.exit_code == 0) is taken
    assert file.exists() is taken


def test_without_a_person_the_lists_to_look_at_are_named(tmp_path: Path, upstream: ScriptedServer) -> None:
    _ships(upstream)
    result = init(upstream.url("/"), tmp_path / "feedsvc.toml", "--own")
    assert result.exit_code == 0, result.output
    assert "look at this one: Ships" in result.output
    assert f"feedsvc inspect {upstream.url('/ships')}" in result.output


def test_a_section_in_another_language_says_so(tmp_path: Path, upstream: ScriptedServer) -> None:
    _ships(upstream, about="lang='ar' dir='rtl'")
    file = tmp_path / "feedsvc.toml"
    result = init(upstream.url("/"), file, "--own")
    assert result.exit_code == 0, result.output
    found = {spec.slug: spec.language for spec in config.load(file, {}).lists}
    assert (found["latest"], found["ships"]) == ("en", "ar")


TEXTS = st.text(max_size=60)


@given(titles=st.lists(TEXTS, min_size=1, max_size=5), name=TEXTS, box=TEXTS)
def test_whatever_a_site_calls_its_sections_the_file_can_be_read(
    tmp_path_factory: pytest.TempPathFactory, titles: list[str], name: str, box: str
) -> None:
    site = SiteReading(
        url="https://news.example/",
        name=name.strip() or "x",
        description=name,
        language="",
        timezone="",
        links=(),
        feeds=(),
        wordpress="",
    )
    chosen = [
        Candidate(
            table="section", kind="page", title=title or "x", url=f"https://news.example/{n}", why=title
        )
        for n, title in enumerate(titles)
    ]
    chosen.append(
        Candidate(table="box", kind="page", title=box or "x", url="https://news.example/", box=box, why=box)
    )
    text = write(site, chosen, Wishes(namespace=NAMESPACE, own=False))
    parsed = tomllib.loads(text)
    assert parsed["site"]["title"]
    slugs = [one["slug"] for one in (*parsed["section"], *parsed["box"])]
    assert len(slugs) == len(set(slugs)) == len(chosen)


def test_slugs_come_from_the_address_then_from_the_title() -> None:
    taken = {"latest"}

    def slug(url: str, title: str, **more: str) -> str:
        return slug_of(Candidate(table="section", kind="page", title=title, url=url, **more), taken)  # type: ignore[arg-type]

    assert slug("https://news.example/kanal/ekonomi-bisnis.html", "Ekonomi") == "ekonomi-bisnis"
    assert slug("https://news.example/other/ekonomi-bisnis", "Ekonomi") == "ekonomi-bisnis-2"
    assert slug("https://news.example/政治", "Politics") == "politics"
    assert slug("https://news.example/", "政治") == "section"
    assert slug("https://news.example/latest", "Latest") == "latest-2"
