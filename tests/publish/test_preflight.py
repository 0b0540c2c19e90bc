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
from feedsvc.model import (
    Access,
    Article,
    Enclosure,
    Episode,
    Image,
    ListKind,
    ListSpec,
    Profile,
    Show,
    Site,
    Taker,
)
from feedsvc.publish.preflight import ADVISED, AGGREGATORS, PODCASTS, REFUSED, Subject, preflight
from tests import makers
from tests.filled import Filled

NOW = datetime(2026, 1, 2, 12, 0, tzinfo=UTC)
SITE = replace(makers.SITE, logo="https://news.example/a.png", description="Berita")
PICTURE = Image(url="https://news.example/a.jpg", width=1200, height=675, credit="Sari")
DOC = (Path(__file__).parent.parent.parent / "docs/preflight.md").read_text()


def good(number: int = 1, **story: Any) -> Article:
    values = {
        "title": f"Judul yang cukup panjang bagi semua {number}",
        "authors": ("Hani",),
        "image": PICTURE,
        "language": "id",
    }
    return replace(makers.article(number, NOW - timedelta(hours=number), **(values | story)), own=True)


def spec(profile: Profile, **fields: Any) -> ListSpec:
    """The feed of a taker, as its house wants it."""
    taker = Taker(profile=profile, pictures_licensed=True, **fields)
    return ListSpec(key="for:x", slug="x", kind=ListKind.TAKER, title="Contoh", language="id-ID", taker=taker)


def rules(house: Profile, *articles: Article, **fields: Any) -> set[tuple[str, str]]:
    """(level, rule) of what a house finds in a feed of these and of good articles."""
    others = [good(number) for number in range(100, 100 + 30 - len(articles))]
    values: dict[str, Any] = {"site": SITE, "size": 50_000, "now": NOW, "spec": spec(house)}
    subject = Subject(articles=[*articles, *others], **(values | fields))
    return {(one.level, one.rule) for one in preflight(subject, (house.value,))}


HOUSES = [one for one in Profile if one is not Profile.PLAIN]
MSN, FLIPBOARD, SMARTNEWS = Profile.MSN, Profile.FLIPBOARD, Profile.SMARTNEWS
APPLE, GOOGLE, MAIL = Profile.APPLE_NEWS, Profile.GOOGLE, Profile.NEWSLETTER


@pytest.mark.parametrize("house", HOUSES)
def test_a_good_feed_is_taken(house: Profile) -> None:
    assert rules(house) == set()


WRONG_STORIES: list[tuple[Profile, dict[str, Any], set[tuple[str, str]]]] = [
    (MSN, {"title": "x" * 20}, set()),
    (MSN, {"title": "x" * 19}, {(REFUSED, "title-length")}),
    (MSN, {"title": "x" * 151}, set()),  # with its short title
    (FLIPBOARD, {"title": "x" * 19}, set()),
    (APPLE, {"title": "x" * 61}, {(ADVISED, "title-length")}),
    (MSN, {"title": "Harga <b>naik</b> lagi hari ini"}, {(REFUSED, "title-plain")}),
    (SMARTNEWS, {"title": "Harga &amp; upah naik lagi hari ini"}, {(REFUSED, "title-plain")}),
    (APPLE, {"title": "Laba < rugi, A&B serta 3 > 2 hari ini"}, set()),
    (FLIPBOARD, {"image": None}, {(REFUSED, "image")}),
    (GOOGLE, {"image": None}, {(ADVISED, "image")}),
    (FLIPBOARD, {"image": replace(PICTURE, width=399)}, {(REFUSED, "image-size")}),
    (FLIPBOARD, {"image": replace(PICTURE, height=399)}, {(REFUSED, "image-size")}),
    (FLIPBOARD, {"image": replace(PICTURE, width=400, height=400)}, set()),
    (GOOGLE, {"image": replace(PICTURE, width=1199)}, {(ADVISED, "image-size")}),
    (GOOGLE, {"image": replace(PICTURE, width=0)}, {(ADVISED, "image-size")}),
    (MSN, {"image": replace(PICTURE, credit="")}, {(ADVISED, "picture-credit")}),
    (MAIL, {"image": replace(PICTURE, url="https://news.example/a.webp?w=3")}, {(REFUSED, "image-format")}),
    (MAIL, {"image": replace(PICTURE, length=1_000_001)}, {(ADVISED, "image-bytes")}),
    (MSN, {"content": ""}, {(REFUSED, "full-text")}),
    (FLIPBOARD, {"content": ""}, {(REFUSED, "full-text"), (ADVISED, "summary")}),
    (FLIPBOARD, {"content": "", "summary": "x" * 300}, {(REFUSED, "full-text")}),
    (GOOGLE, {"content": ""}, set()),
    (APPLE, {"summary": ""}, {(REFUSED, "summary")}),
    (
        APPLE,
        {"content": "<p>Isi.</p><p><a href='https://news.example/'>Baca selengkapnya…</a></p>"},
        {(REFUSED, "read-more")},
    ),
    (APPLE, {"content": "<p>Selengkapnya menyusul.</p>"}, set()),
    (APPLE, {"content": "<p>Isi.</p><table><tr><td>1</td></tr></table>"}, {(ADVISED, "html-table")}),
    (
        MSN,
        {"content": '<p>a<iframe src="https://player.example/1"></iframe></p>'},
        {(ADVISED, "html-player")},
    ),
    (MSN, {"content": '<p>a<iframe src="https://www.youtube.com/embed/1"></iframe></p>'}, set()),
    (MSN, {"content": '<p><a href="javascript:x()">a</a></p>'}, {(REFUSED, "html-link")}),
    (MSN, {"content": '<p><img src="/foto.jpg"></p>'}, {(REFUSED, "html-link")}),
    (MSN, {"content": "<div>" * 11 + "a"}, {(ADVISED, "html-depth")}),
    (MSN, {"content": "<div>" * 10 + "a"}, set()),
    (FLIPBOARD, {"authors": ()}, {(ADVISED, "author")}),
    *((house, {"url": ""}, {(REFUSED, "address")}) for house in HOUSES),
    (MSN, {"url": "http://news.example/1"}, {(ADVISED, "https")}),
    (SMARTNEWS, {"url": "https://news.example/1?utm_source=x"}, {(ADVISED, "tracking")}),
    (MSN, {"language": "en-GB"}, {(REFUSED, "one-language")}),
    (MSN, {"language": "id"}, set()),
]


@pytest.mark.parametrize(("house", "story", "found"), WRONG_STORIES)
def test_articles(house: Profile, story: dict[str, Any], found: set[tuple[str, str]]) -> None:
    assert rules(house, good(1, **story)) == found


@pytest.mark.parametrize(
    ("house", "fields", "found"),
    [
        (MSN, {"published": NOW + timedelta(hours=1), "updated": None}, {(REFUSED, "date")}),
        (GOOGLE, {"published": NOW + timedelta(hours=1), "updated": None}, {(REFUSED, "date")}),
        (MSN, {"published": NOW - timedelta(days=366)}, {(REFUSED, "date-old")}),
        (GOOGLE, {"precision": None}, {(ADVISED, "date-known")}),
        (MSN, {"precision": Precision.DAY}, {(ADVISED, "date-known")}),
        (MSN, {"updated": NOW - timedelta(days=2)}, {(REFUSED, "date-updated")}),
        (MSN, {"id": "12345"}, {(REFUSED, "stable-id")}),
        (MSN, {"id": "https://news.example/politik/read/1"}, {(ADVISED, "stable-id")}),
        (SMARTNEWS, {"id": good(100).id}, {(REFUSED, "unique-id")}),
    ],
)
def test_dates_and_ids(house: Profile, fields: dict[str, Any], found: set[tuple[str, str]]) -> None:
    assert rules(house, replace(good(1), **fields)) == found


SECTION = ListSpec(key="a", slug="a", kind=ListKind.SECTION, title="A", language="id-ID")


@pytest.mark.parametrize(
    ("house", "fields", "found"),
    [
        (MSN, {"spec": replace(spec(MSN), content="summary")}, {(REFUSED, "full-text")}),
        (MSN, {"site": replace(SITE, base_url="http://127.0.0.1:8080")}, {(REFUSED, "https")}),
        (MSN, {"spec": spec(MSN, guid="link")}, {(ADVISED, "stable-id")}),
        (MSN, {"spec": spec(MSN, access=Access.BASIC)}, set()),
        (MSN, {"spec": spec(MSN, access=Access.TOKEN)}, {(ADVISED, "access")}),
        (MSN, {"spec": replace(spec(MSN), taker=Taker(profile=MSN))}, {(ADVISED, "picture-rights")}),
        (MSN, {"spec": SECTION}, {(ADVISED, "profile")}),
        (FLIPBOARD, {"spec": spec(FLIPBOARD, access=Access.BASIC)}, {(REFUSED, "access")}),
        (MAIL, {"spec": spec(MAIL, access=Access.TOKEN)}, {(REFUSED, "access")}),
        (MAIL, {"spec": SECTION}, {(ADVISED, "profile")}),
        (SMARTNEWS, {"spec": SECTION}, {(REFUSED, "profile")}),
        (
            SMARTNEWS,
            {"spec": replace(SECTION, description="x" * 31)},
            {(REFUSED, "profile"), (ADVISED, "description-length")},
        ),
        (SMARTNEWS, {"spec": spec(SMARTNEWS, tracking="utm_source=s")}, {(ADVISED, "tracking")}),
        (SMARTNEWS, {"size": 1_000_001}, {(ADVISED, "feed-size")}),
        (SMARTNEWS, {"site": replace(SITE, logo="")}, {(ADVISED, "logo")}),
        (SMARTNEWS, {"spec": replace(spec(SMARTNEWS), max_age=901)}, {(ADVISED, "ttl")}),
        (APPLE, {"spec": replace(spec(APPLE), language="id")}, {(REFUSED, "language-region")}),
        (APPLE, {"site": replace(SITE, description="")}, {(ADVISED, "description")}),
        (GOOGLE, {"articles": [replace(good(1), own=False)]}, {(REFUSED, "own")}),
        (MSN, {"articles": [good(n) for n in range(19)]}, {(REFUSED, "items")}),
    ],
)
def test_feeds(house: Profile, fields: dict[str, Any], found: set[tuple[str, str]]) -> None:
    given: dict[str, Any] = {"site": SITE, "size": 50_000, "now": NOW, "spec": spec(house)}
    given["articles"] = [good(number) for number in range(30)]
    subject = Subject(**(given | fields))
    assert {(one.level, one.rule) for one in preflight(subject, (house.value,))} == found


def test_every_rule_is_documented_and_names_its_aggregators() -> None:
    bad = replace(
        good(1, title="<b>x</b>", image=None, content="", authors=(), url="", language="en"), id="1"
    )
    findings = preflight(Subject(site=SITE, spec=SECTION, articles=[bad, bad], size=3_000_000, now=NOW))
    assert len({one.rule for one in findings}) > 9
    for one in findings:
        assert f"`{one.rule}`" in DOC
        assert one.aggregators
        assert set(one.aggregators) <= set(AGGREGATORS)


SHOW = Show(
    author="Contoh",
    owner="ani@news.example",
    image="https://news.example/suara.jpg",
    categories=(("News", ""),),
    explicit=False,
    serial=False,
    guid="",
    locked=False,
    private=False,
)
AUDIO = Enclosure(url="https://news.example/1.mp3", type="audio/mpeg", length=9)
EPISODE = Episode(duration=60, number=1)
PODCAST = {"enclosures": (AUDIO,), "episode": EPISODE}


def heard(
    story: dict[str, Any], site: Site = SITE, show: Show | None = SHOW, **fields: Any
) -> set[tuple[str, str]]:
    """(level, rule) of what Apple finds in a podcast of this episode."""
    feed = replace(spec(Profile.PLAIN, **fields), show=show)
    subject = Subject(site=site, spec=feed, articles=[good(1, **(PODCAST | story))], size=9, now=NOW)
    return {(one.level, one.rule) for one in preflight(subject, (PODCASTS,))}


SERIAL = replace(SHOW, serial=True)


@pytest.mark.parametrize(
    ("story", "more", "found"),
    [
        ({}, {}, set()),
        ({}, {"show": SERIAL}, set()),
        ({}, {"show": None}, {(REFUSED, "podcast")}),
        ({}, {"show": replace(SHOW, image="")}, {(REFUSED, "cover")}),
        ({}, {"show": replace(SHOW, image="https://news.example/a.webp")}, {(REFUSED, "cover")}),
        ({}, {"show": replace(SHOW, owner="")}, {(ADVISED, "owner")}),
        ({}, {"site": replace(SITE, description="")}, {(REFUSED, "show-description")}),
        ({}, {"access": Access.TOKEN}, {(REFUSED, "access")}),
        ({"enclosures": ()}, {}, {(REFUSED, "file")}),
        ({"enclosures": (replace(AUDIO, type="audio/ogg"),)}, {}, {(REFUSED, "file-type")}),
        ({"enclosures": (replace(AUDIO, type=""),)}, {}, set()),  # its ending tells
        ({"enclosures": (replace(AUDIO, url="http://news.example/1.mp3"),)}, {}, {(ADVISED, "file-https")}),
        ({"enclosures": (replace(AUDIO, length=0),)}, {}, {(ADVISED, "file-length")}),
        ({"episode": None}, {}, {(ADVISED, "duration")}),
        ({"episode": replace(EPISODE, number=None)}, {"show": SERIAL}, {(REFUSED, "episode-number")}),
        ({"episode": replace(EPISODE, number=1.5)}, {"show": SERIAL}, {(REFUSED, "episode-number")}),
        ({"episode": replace(EPISODE, image="https://news.example/a.gif")}, {}, {(ADVISED, "cover")}),
    ],
)
def test_podcasts(story: dict[str, Any], more: dict[str, Any], found: set[tuple[str, str]]) -> None:
    assert heard(story, **more) == found


def test_two_episodes_do_not_share_a_file() -> None:
    feed = replace(spec(Profile.PLAIN), show=SHOW)
    both = [good(1, **PODCAST), good(2, **PODCAST)]
    subject = Subject(site=SITE, spec=feed, articles=both, size=9, now=NOW)
    assert [one.rule for one in preflight(subject, (PODCASTS,))] == ["unique-file"]


def test_the_command(tmp_path: Path) -> None:
    filled = Filled(tmp_path / "store.db", sections=1, articles=30)
    filled.database.close()
    config = tmp_path / "feedsvc.toml"
    config.write_text(
        '[site]\ntitle = "Contoh"\nurl = "https://news.example/"\nlanguage = "id"\n'
        f'[serve]\nbase_url = "https://feeds.example"\n[store]\nurl = "{filled.url}"\n'
        '[[section]]\nslug = "s0"\nsources = [{ page = "https://news.example/" }]\n'
        '[[taker]]\nslug = "surat"\nprofile = "newsletter"\n'
        '[[taker]]\nslug = "suara"\npodcast = true\n'
    )

    def run(*arguments: str) -> Any:
        return CliRunner().invoke(main, ["preflight", *arguments, "--config", str(config)])

    done = run("s0", "--json")
    report = json.loads(done.output)
    assert report["articles"] == 30
    assert done.exit_code == (1 if report["refused"] else 0)
    assert {one["rule"] for one in report["findings"]} >= {"logo", "description"}
    only = json.loads(run("s0", "--json", "--for", "smartnews").output)
    assert {one["rule"] for one in only["findings"]} == {"logo", "profile"}
    assert only["refused"] == 1
    text = run("s0", "--for", "smartnews")
    assert text.exit_code == 1
    assert "advised logo" in text.output
    mail = json.loads(run("for/surat", "--json").output)
    assert mail["findings"] == []
    podcast = json.loads(run("for/suara", "--json").output)
    assert {one["rule"] for one in podcast["findings"]} == {"cover", "show-description", "owner", "file"}
    assert "podcast" not in {one["rule"] for one in report["findings"]}
    assert json.loads(run("--for", "newsletter", "--json").output)["section"] == "for/surat"
    assert json.loads(run("--for", "msn", "--json").output)["section"] == "latest"
    unknown = run("nirwana")
    assert unknown.exit_code == 1
    assert "UNKNOWN_SECTION" in unknown.output
    assert "s0" in unknown.output
