"""What stands around a page's list neither replaces it nor breaks it nor makes an article of the page."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

import pytest

from feedsvc.extract import listing
from feedsvc.model import PageReading

NOW = datetime(2026, 3, 14, 12, tzinfo=UTC)
THINGS = "kiln|loom|forge|mill|press|weir|barn|quarry|lock|tannery|orchard|smokehouse|pier|granary".split("|")
DEEDS = (
    "is lit again after years|burns for two nights|finds its last master|opens its doors to children".split(
        "|"
    )
)
TEXT = "<p>The guild has kept its books in this house for as long as people here can remember, and reads.</p>"
FOOT = "<footer><a href=/imprint>Imprint</a> <a href=/privacy>Privacy</a></footer>"


def title(n: int) -> str:
    return f"The {THINGS[n % len(THINGS)]} by the river {DEEDS[n % len(DEEDS)]}"


def bare(numbers: Iterable[int]) -> str:
    return "".join(
        f"<li><a href=/craft/{n}-{title(n).lower().replace(' ', '-')}>{title(n)}</a></li>" for n in numbers
    )


def card(n: int, dated: bool = False) -> str:
    link = f"<a href=/craft/{n}-{title(n).lower().replace(' ', '-')}>{title(n)}</a>"
    day = f"<i>{n + 1} March 2026</i>" if dated else ""
    return f"<div class=c><img src=/{n}.jpg><h3>{link}</h3>{day}<p>Told by those who were there.</p></div>"


def cards(numbers: Iterable[int], dated: bool = False) -> str:
    return "".join(card(n, dated) for n in numbers)


def box(name: str) -> str:
    links = "".join(
        f"<li><h4><a href=/old/{n}-of-the-{name}>An older tale of the {name}, part {n}</a></h4>"
        f"<span>{n + 1} May 2025</span>"
        for n in range(8)
    )
    return f"<div><h3>{name}</h3><ul>{links}</ul></div>"


def found(body: str, url: str = "https://guild.example/craft/") -> tuple[str, list[str]]:
    reading: PageReading = listing.read(f"<html lang=en><body>{body}</body>", url=url, now=NOW)
    return reading.verdict, [item.title for item in reading.main.items] if reading.main else []


RIVER = [title(n) for n in range(10)]


@pytest.mark.parametrize("frame", ["{}", "<header>{}</header>", "<nav>{}</nav>"])
@pytest.mark.parametrize("main", ["<main><h1>Craft</h1>{}</main>", "<h1>Craft</h1><div>{}</div>"])
def test_a_menu_with_previews(frame: str, main: str) -> None:
    menu = "".join(
        f"<li><a href=/{name}/>{name}</a><div>"
        + "".join(
            f"<p><img src=/{n}.png><a href=/{name}/{n}-a-preview-of-it>Preview {n} of all {name}</a>"
            for n in range(4)
        )
        + "</div></li>"
        for name in ("wool", "iron", "wood", "glass")
    )
    verdict, titles = found(
        frame.format(f"<ul>{menu}</ul>") + main.format(f"<ul>{bare(range(10))}</ul>") + FOOT
    )
    assert (verdict, titles) == ("ok", RIVER)


@pytest.mark.parametrize("name", ["Most read", "Ticker"])
@pytest.mark.parametrize("dated", [True, False])
def test_a_rich_box_after_the_river_or_above_it(name: str, dated: bool) -> None:
    river = f"<h1>Craft</h1><div>{cards(range(10), dated)}</div>"
    body = river + box(name) if name == "Most read" else box(name) + river
    assert found(body + FOOT) == ("ok", RIVER)


@pytest.mark.parametrize(
    "between",
    [
        "<div><h3>Our letter to you</h3><p>Weekly.</p><form><input type=email></form></div>",
        "<div><h3>Most read</h3><ol>" + bare(range(20, 25)) + "</ol></div>",
    ],
)
def test_a_box_amid_the_river_does_not_halve_it(between: str) -> None:
    body = (
        f"<main><h1>Craft</h1><div>{cards(range(5), True)}{between}{cards(range(5, 10), True)}</div></main>"
    )
    assert found(body) == ("ok", RIVER)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"<div role=dialog><h2>Your choice</h2>{TEXT * 12}<button>Accept</button></div>", ""),
        ("", f"<div class=below>{TEXT * 40}</div>"),
        ("", f"<footer>{TEXT * 40}</footer>"),
    ],
)
def test_long_texts_around_a_list_make_no_article(before: str, after: str) -> None:
    assert found(f"{before}<main><h1>Craft</h1><ul>{bare(range(10))}</ul></main>{after}") == ("ok", RIVER)


def test_an_introduction_makes_no_article() -> None:
    body = f"<main><h1>Craft</h1><div>{TEXT * 8}</div><div>{cards(range(10), True)}</div></main>"
    assert found(body, "https://guild.example/topics/all-the-old-crafts") == ("ok", RIVER)


def test_a_text_above_a_related_list_is_an_article() -> None:
    body = f"<main><h1>{title(3)}</h1><div>{TEXT * 40}</div><h2>Related</h2><ul>{bare(range(5))}</ul></main>"
    assert found(body, "https://guild.example/craft/33-the-mill-by-the-river-is-lit")[0] == "article"


def test_a_lead_with_related_links_goes_with_the_river() -> None:
    body = (
        f"<main><div>{card(0)}<ul>{bare(range(1, 4))}</ul></div><div>{cards(range(4, 12))}</div></main>{FOOT}"
    )
    assert found(body) == ("ok", [title(n) for n in range(12)])


def test_columns_of_sections_are_one_list() -> None:
    columns = "".join(
        f"<div class=col><h2><a href=/{name}/>{name}</a></h2><ul>{bare(range(first, first + 3))}</ul></div>"
        for name, first in (("Wool", 0), ("Iron", 3), ("Wood", 6), ("Glass", 9))
    )
    verdict, titles = found(f"<main><div>{columns}</div></main>{FOOT}", "https://guild.example/")
    assert verdict == "ok"
    assert titles == [title(n) for n in range(12)]


def test_an_app_with_a_long_footer_has_drawn_nothing() -> None:
    app = "<header><a href=/>Guild</a></header><div id=root></div><script src=/a.js></script>"
    assert found(f"{app}<footer>{TEXT * 9}</footer>") == ("app-shell", [])
