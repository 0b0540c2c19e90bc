"""What is carried over from other programs, and what is said of the rest."""

from __future__ import annotations

import contextlib
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from feedsvc import config
from feedsvc.cli.main import main
from feedsvc.setup.foreign import ForeignError, read
from feedsvc.setup.xpath import as_css

MINE = """# The harbour's newsroom; ask Rina before you change this.
[site]
title = "Harbour Gazette"   # as on the masthead
url = "https://gazette.example/"

[[section]]
slug = "ships"
title = "Ships"
# the page, not the feed: it is an hour late
sources = [{ page = "https://gazette.example/ships" }]
"""
OPML = """<?xml version="1.0"?><opml version="2.0" xmlns:frss="https://freshrss.org/opml"><head/><body>
<outline text="Ships"><outline text="Lloyd" type="rss" xmlUrl="https://lloyd.example/feed"/></outline>
<outline text="Sea &amp; sky">
 <outline text="Tides" type="HTML+XPath" xmlUrl="https://tides.example/news"
  frss:xPathItem="//div[@class='story']" frss:xPathItemTitle="descendant::h2" frss:xPathItemUri=".//a/@href"
  frss:xPathItemTimestamp="concat(./b, ./i)" frss:xPathItemAuthor="./em"/>
 <outline text="Clouds" type="JSON+DotNotation" xmlUrl="https://clouds.example/api"/>
</outline>
<outline text="Alone" xmlUrl="https://alone.example/rss"/>
</body></opml>"""
HTML2RSS = """
feeds:
  cranes:
    channel: { url: "https://cranes.example/news", language: en, time_zone: Europe/London, ttl: 30 }
    selectors:
      items: { selector: "article.teaser" }
      title: { selector: h3 }
      link: { selector: a, extractor: href }
      updated: { selector: time, post_process: [{ name: parse_time }] }
      author: { selector: ".by" }
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    found = tmp_path / "feedsvc.toml"
    found.write_text(MINE)
    return found


def carry(file: Path, text: str, *more: str) -> Result:
    given = file.with_name("given")
    given.write_text(text)
    return CliRunner().invoke(main, ["import", str(given), "--config", str(file), "--yes", *more])


def test_opml_folders_become_sections_and_comments_stay(file: Path) -> None:
    done = carry(file, OPML)
    assert done.exit_code == 0, done.output
    text = file.read_text()
    for line in MINE.splitlines():
        if not line.startswith("sources"):
            assert line in text
    found = tomllib.loads(text)["section"]
    assert [one["slug"] for one in found] == ["ships", "sea-sky", "alone"]
    assert found[0]["sources"] == [
        {"page": "https://gazette.example/ships"},
        {"feed": "https://lloyd.example/feed"},
    ]
    select = {"item": 'div[class="story"]', "title": "h2", "link": "a"}
    assert found[1]["sources"] == [{"page": "https://tides.example/news", "select": select}]
    for lost in ("Clouds: FreshRSS reads it as JSON+DotNotation", "concat(./b, ./i)", "xPathItemAuthor"):
        assert lost in done.output
    assert "3 sources are carried over" in done.output
    assert config.load(file, {}).upstreams


def test_html2rss_rules_become_selectors(file: Path) -> None:
    done = carry(file, HTML2RSS)
    assert done.exit_code == 0, done.output
    (_, cranes) = tomllib.loads(file.read_text())["section"]
    select = {"item": "article.teaser", "title": "h3", "link": "a", "time": "time"}
    source = {
        "page": "https://cranes.example/news",
        "timezone": "Europe/London",
        "every": "30m",
        "select": select,
    }
    assert cranes == {"slug": "cranes", "title": "cranes", "language": "en", "sources": [source]}
    assert "post_process of updated" in done.output
    assert "the selector author" in done.output


BRIDGE = "https://bridge.example/?action=display&format=Atom&bridge="


@pytest.mark.parametrize(
    ("address", "source", "lost"),
    [
        (
            BRIDGE
            + "CssSelectorBridge&home_page=https%3A%2F%2Fa.example&url_selector=h2+a&url_pattern=%2F20%2F",
            {"page": "https://a.example", "select": {"item": "h2 a"}},
            "'/20/' is a regular expression",
        ),
        (
            BRIDGE + "XPathBridge&url=https%3A%2F%2Fa.example&item=%2F%2Fli%5B%40id%3D%22x%22%5D&title=.%2Fb",
            {"page": "https://a.example", "select": {"item": "li#x", "title": "b"}},
            "",
        ),
        (
            BRIDGE + "FilterBridge&url=https%3A%2F%2Fa.example%2Ffeed&filter=crane&filter_type=permit",
            {"feed": "https://a.example/feed", "match": "crane"},
            "",
        ),
        (BRIDGE + "Reddit&r=ships", {"feed": BRIDGE + "Reddit&r=ships"}, "RSS-Bridge must go on running"),
        (
            "https://rsshub.app/transform/html/https%3A%2F%2Fa.example%2Fnews/item=.card&itemTitle=h3&title=x",
            {"page": "https://a.example/news", "select": {"item": ".card", "title": "h3"}},
            "",
        ),
        (
            "https://rsshub.example/bbc/world",
            {"feed": "https://rsshub.example/bbc/world"},
            "RSSHub must go on",
        ),
        ("rsshub://bbc/world", {"feed": "https://rsshub.app/bbc/world"}, "RSSHub must go on"),
        ("https://plain.example/feed?a=1", {"feed": "https://plain.example/feed?a=1"}, ""),
    ],
)
def test_addresses_of_bridges_become_what_they_read(
    address: str, source: dict[str, object], lost: str
) -> None:
    (found,) = read(address)
    assert found.sources == [source]
    assert lost in " ".join(found.lost)
    assert bool(lost) == bool(found.lost)


def test_only_looking_changes_nothing_and_what_cannot_be_read_is_said(file: Path) -> None:
    assert "carried over" in carry(file, OPML, "--check").output
    assert file.read_text() == MINE
    for text, says in (
        ("<rss/>", "no OPML: its root is <rss>"),
        ("<opml><body>", "is no XML"),
        ("a: 1\n", "no feeds with a channel"),
        ("a: [", "neither OPML, nor YAML"),
    ):
        done = carry(file, text)
        assert (done.exit_code, says in done.output) == (1, True), done.output
    assert file.read_text() == MINE


ODD = """<opml version="2.0"><body><outline text="海">
 <outline text="Old scheme" xmlUrl=" feed://a.example/rss "/>
 <outline text="Older" xmlUrl="feed:https://b.example/rss"/>
 <outline text="Small letters" xmlurl="https://c.example/rss"/>
 <outline text="Again" xmlUrl="https://c.example/rss"/>
 <outline text="Files" type="rss" xmlUrl="ftp://d.example/rss"/>
 <outline text="Private" type="rss" xmlUrl="https://me:secret@e.example/rss"/>
 <outline text="Broken" type="rss" xmlUrl="http://[f.example/rss"/>
 <outline text="Nothing" type="rss"/>
</outline></body></opml>"""


def test_an_odd_entry_is_told_and_the_others_are_carried_over_once(file: Path) -> None:
    done = carry(file, ODD)
    assert done.exit_code == 0, done.output
    assert "3 sources are carried over into 1 sections" in done.output
    for told in (
        "Again: https://c.example/rss stands there twice",
        "Files: feed: must be an address that begins with http",
        "Private: feed: has a name or password in it",
        "Broken: feed: must be",
        "Nothing: it has no address",
    ):
        assert told in done.output
    assert "secret" not in done.output
    written = file.read_text()
    (_, sea) = tomllib.loads(written)["section"]
    hosts = ("http://a", "https://b", "https://c")
    assert sea["sources"] == [{"feed": f"{host}.example/rss"} for host in hosts]
    assert carry(file, ODD).exit_code == 0
    assert file.read_text() == written


def test_rules_that_the_configuration_refuses_are_told(file: Path) -> None:
    channel = '{ url: "https://cranes.example/", language: en_US, time_zone: Londn, ttl: often }'
    done = carry(file, f"feeds: {{ cranes: {{ channel: {channel} }}, none: {{ channel: {{ ttl: 1 }} }} }}")
    assert done.exit_code == 0, done.output
    (_, cranes) = tomllib.loads(file.read_text())["section"]
    assert (cranes["language"], cranes["sources"]) == ("en-US", [{"page": "https://cranes.example/"}])
    for told in ("cranes: timezone: must be a time zone", "cranes: every: ", "none: it has no address"):
        assert told in done.output


def test_a_line_that_is_no_address_does_not_hold_up_the_others(file: Path) -> None:
    done = carry(file, "https://a.example/rss\n  # mine\nnot one\nhttps://b.example/rss\n")
    assert done.exit_code == 0, done.output
    assert "2 sources are carried over" in done.output
    assert "not one: feed: must be an address" in done.output
    assert "is empty" in carry(file, " \n").output
    assert carry(file, "not: [an, address").output.count("\n") == 1


@pytest.mark.parametrize(
    ("xpath", "css"),
    [
        ("//article", "article"),
        ("//ul[@id='news']/li", "ul#news > li"),
        ("//div[contains(@class, 'item')]//a", 'div[class*="item"] a'),
        ("//div[contains(concat(' ', normalize-space(@class), ' '), ' card ')]", "div.card"),
        ("descendant::h2", "h2"),
        (".//a/@href", "a"),
        ("./h3/text()", "h3"),
        ("//*[@data-id]", "[data-id]"),
        ("//li[@class='a' and @lang='en']", 'li[class="a"][lang="en"]'),
        ("//li[1]", ""),
        ("//a | //b", ""),
        ("string(.)", ""),
        ("..", ""),
    ],
)
def test_xpath_becomes_a_selector_where_there_is_one(xpath: str, css: str) -> None:
    assert as_css(xpath) == css


@given(st.text(max_size=80))
def test_no_file_makes_it_fall_over(text: str) -> None:
    as_css(text)
    with contextlib.suppress(ForeignError):
        assert all(source for one in read(text) for source in one.sources)
