"""What aggregators would refuse: each rule on both sides of its bound, and the command."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from feedsvc.cli.main import main
from feedsvc.dates import Precision
from feedsvc.model import Article, Image, ListKind, ListSpec
from feedsvc.publish.preflight import ADVISED, AGGREGATORS, REFUSED, Subject, preflight
from tests import makers
from tests.filled import Filled

NOW = datetime(2026, 1, 2, 12, 0, tzinfo=UTC)
SITE = replace(makers.SITE, logo="https://news.example/a.png", description="Berita")
SPEC = ListSpec(key="politik", slug="politik", kind=ListKind.SECTION, title="Politik", language="id")
PICTURE = Image(url="https://news.example/a.jpg", width=1200, height=675)
DOC = (Path(__file__).parent.parent.parent / "docs/preflight.md").read_text()


def good(number: int = 1, **story: Any) -> Article:
    values = {
        "title": f"Judul yang cukup panjang bagi semua {number}",
        "authors": ("Hani",),
        "image": PICTURE,
        "language": "id",
    }
    return replace(makers.article(number, NOW - timedelta(hours=number), **(values | story)), own=True)


def rules(*articles: Article, spec: ListSpec = SPEC, **fields: Any) -> set[tuple[str, str]]:
    """(level, rule) of what is found in a feed of these and of good articles."""
    others = [good(number) for number in range(100, 100 + 30 - len(articles))]
    values: dict[str, Any] = {"site": SITE, "size": 50_000, "now": NOW}
    subject = Subject(spec=spec, articles=[*articles, *others], **(values | fields))
    return {(one.level, one.rule) for one in preflight(subject)}


def test_a_good_feed_is_taken_by_all() -> None:
    assert rules() == set()


@pytest.mark.parametrize(
    ("story", "found"),
    [
        ({"title": "x" * 19}, {(REFUSED, "title-length")}),
        ({"title": "x" * 20}, set()),
        ({"title": "x" * 61}, {(ADVISED, "title-length")}),
        ({"title": "x" * 151}, {(REFUSED, "title-length")}),
        ({"title": "Harga <b>naik</b> lagi hari ini"}, {(REFUSED, "title-plain")}),
        ({"title": "Harga &amp; upah naik lagi hari ini"}, {(REFUSED, "title-plain")}),
        ({"title": "Laba < rugi, A&B serta 3 > 2 hari ini"}, set()),
        ({"image": None}, {(REFUSED, "image")}),
        ({"image": replace(PICTURE, width=399)}, {(REFUSED, "image-size")}),
        ({"image": replace(PICTURE, width=400)}, {(ADVISED, "image-size")}),
        ({"image": replace(PICTURE, width=0)}, {(ADVISED, "image-size")}),
        ({"content": ""}, {(REFUSED, "full-text"), (ADVISED, "summary")}),
        ({"content": "", "summary": "x" * 300}, {(REFUSED, "full-text")}),
        ({"content": "<p>" + "x" * 1_000_000}, {(REFUSED, "article-size")}),
        (
            {"content": "<p>Isi.</p><p><a href='https://news.example/'>Baca selengkapnya…</a></p>"},
            {(REFUSED, "read-more")},
        ),
        ({"content": "<p>Selengkapnya menyusul.</p>"}, set()),
        ({"authors": ()}, {(ADVISED, "author")}),
        ({"url": ""}, {(REFUSED, "address")}),
        ({"url": "http://news.example/1"}, {(ADVISED, "https")}),
        ({"language": "en-GB"}, {(REFUSED, "one-language")}),
        ({"language": "id-ID"}, set()),
    ],
)
def test_articles(story: dict[str, Any], found: set[tuple[str, str]]) -> None:
    assert rules(good(1, **story)) == found


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({"published": NOW + timedelta(seconds=1), "updated": NOW + timedelta(hours=1)}, {(REFUSED, "date")}),
        ({"published": NOW - timedelta(days=366)}, {(REFUSED, "date-old")}),
        ({"precision": None}, {(ADVISED, "date-known")}),
        ({"precision": Precision.DAY}, {(ADVISED, "date-known")}),
        ({"updated": NOW - timedelta(days=2)}, {(REFUSED, "date-updated")}),
        ({"id": "12345"}, {(REFUSED, "stable-id")}),
        ({"id": "https://news.example/politik/read/1"}, {(ADVISED, "stable-id")}),
        ({"id": good(100).id}, {(REFUSED, "unique-id")}),
    ],
)
def test_dates_and_ids(fields: dict[str, Any], found: set[tuple[str, str]]) -> None:
    assert rules(replace(good(1), **fields)) == found


def test_feeds() -> None:
    few = Subject(site=SITE, spec=SPEC, articles=[good(n) for n in range(9)], size=1, now=NOW)
    assert {(one.level, one.rule) for one in preflight(few)} == {(REFUSED, "items"), (ADVISED, "items")}
    assert rules(spec=replace(SPEC, content="summary")) == {(REFUSED, "full-text")}
    assert rules(size=1_000_001) == {(ADVISED, "feed-size")}
    assert rules(size=2_000_001) == {(REFUSED, "feed-size")}
    assert rules(site=replace(SITE, base_url="http://127.0.0.1:8080")) == {(REFUSED, "https")}
    assert rules(site=replace(SITE, logo="", description="")) == {(ADVISED, "logo"), (ADVISED, "description")}
    assert rules(spec=replace(SPEC, max_age=901)) == {(ADVISED, "ttl")}


def test_every_rule_is_documented_and_names_its_aggregators() -> None:
    bad = replace(
        good(1, title="<b>x</b>", image=None, content="", authors=(), url="", language="en"), id="1"
    )
    findings = preflight(Subject(site=SITE, spec=SPEC, articles=[bad, bad], size=3_000_000, now=NOW))
    assert len({one.rule for one in findings}) > 9
    for one in findings:
        assert f"`{one.rule}`" in DOC
        assert one.aggregators
        assert set(one.aggregators) <= set(AGGREGATORS)


def test_the_command(tmp_path: Path) -> None:
    filled = Filled(tmp_path / "store.db", sections=1, articles=30)
    filled.database.close()
    config = tmp_path / "feedsvc.toml"
    config.write_text(
        '[site]\ntitle = "Contoh"\nurl = "https://news.example/"\nlanguage = "id"\n'
        f'[serve]\nbase_url = "https://feeds.example"\n[store]\nurl = "{filled.url}"\n'
        '[[section]]\nslug = "s0"\nsources = [{ page = "https://news.example/" }]\n'
    )

    def run(*arguments: str) -> Any:
        return CliRunner().invoke(main, ["preflight", *arguments, "--config", str(config)])

    done = run("s0", "--json")
    report = json.loads(done.output)
    assert report["articles"] == 30
    assert done.exit_code == (1 if report["refused"] else 0)
    assert {one["rule"] for one in report["findings"]} >= {"logo", "description"}
    only = json.loads(run("s0", "--json", "--for", "smartnews").output)
    assert {one["rule"] for one in only["findings"]} == {"logo"}
    assert only["refused"] == 0
    text = run("s0", "--for", "smartnews")
    assert text.exit_code == 0
    assert "advised logo" in text.output
    unknown = run("nirwana")
    assert unknown.exit_code == 1
    assert "UNKNOWN_SECTION" in unknown.output
    assert "s0" in unknown.output
