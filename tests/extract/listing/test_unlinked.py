"""Cards whose links say nothing of the article, and headlines that are printed cut off."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from feedsvc.extract import listing
from feedsvc.model import PageReading

NOW = datetime(2026, 3, 14, 12, tzinfo=UTC)
HEADS = [
    "Chapel bells are silent for the first time",
    "Two trawlers meet in the fog and part as friends",
    "A map of the old reef is found behind a wall",
    "The baker of the lower street retires at ninety",
]


def read(body: str) -> PageReading:
    page = f"<html lang=en><body><nav><a href=/>Home</a></nav><main><h1>Reports</h1>{body}</main>"
    return listing.read(page, url="https://reef.example/reports/", now=NOW)


def titles(reading: PageReading) -> list[str]:
    return [item.title for item in reading.main.items] if reading.main else []


def overlay(n: int, title: str) -> str:
    return f"<div class=c><p class=t>{title}</p><p>{n + 1} March 2026</p><a class=o href=/r/{n}></a></div>"


def labelled(n: int, title: str) -> str:
    return f"<li><strong id=t{n}>{title}</strong><a aria-labelledby=t{n} href=/r/{n}>Continue</a></li>"


def row(n: int, title: str) -> str:
    return f"<tr><td>{n + 1} March 2026<td>{title}<td><a href=/files/{n}.pdf>Open</a>"


def picture(n: int, title: str) -> str:
    return f"<li><a href=/r/{n} aria-label='{title}'><img src=/{n}.jpg></a><time>{n + 1} March 2026</time>"


def alternative(n: int, title: str) -> str:
    return f"<li><a href=/r/{n}><img src=/{n}.jpg alt='{title}'></a><span>{n + 1} March 2026</span>"


def headed(n: int, title: str) -> str:
    return f"<div><h3>{title}</h3><p>Told on the quay.</p><a href=/r/{n}>Read it all</a></div>"


def arrowed(n: int, title: str) -> str:
    return f"<div class=c><p>{title}</p><p>{n + 1} March 2026</p><p><a href=/r/{n}>→</a></p></div>"


@pytest.mark.parametrize("card", [overlay, labelled, row, picture, alternative, headed, arrowed])
def test_titles_that_are_no_links(card: Callable[[int, str], str]) -> None:
    cards = "".join(card(n, title) for n, title in enumerate(HEADS))
    assert titles(read(f"<table>{cards}</table>" if card is row else f"<div>{cards}</div>")) == HEADS


def test_buttons_with_one_label_and_no_title_are_no_list() -> None:
    cards = "".join(f"<div><p>{n + 1} March 2026</p><a href=/r/{n}>Order now</a></div>" for n in range(5))
    assert read(f"<div>{cards}</div>").main is None


@pytest.mark.parametrize(
    "card",
    [
        "<li><a href=/r/{n} title='{whole}'>{cut}…</a>",
        "<li><a href=/r/{n} title='{whole}'>{cut} ...</a>",
        "<li><a href=/r/{n}><img src=/{n}.jpg alt='{whole}'><b>{cut}…</b></a>",
        "<li><h3 title='{whole}'><a href=/r/{n}>{cut}</a></h3>",
        "<li><a href=/r/{n}><img src=/{n}.jpg alt='{whole}'></a><h3><a href=/r/{n}>{cut}…</a></h3>",
        "<li><a href=/r/{n} data-title='{whole}'>{cut}…</a>",
    ],
)
def test_cut_headlines_are_whole_where_an_attribute_has_them(card: str) -> None:
    rows = "".join(
        f"{card.format(n=n, whole=title, cut=title[:22])}<i>{n + 1} March 2026</i></li>"
        for n, title in enumerate(HEADS)
    )
    assert titles(read(f"<ul>{rows}</ul>")) == HEADS


def test_an_attribute_that_adds_to_a_headline_is_not_taken() -> None:
    rows = "".join(
        f"<li><a href=/r/{n} title='{title} (with pictures)'>{title}</a> {n + 1} March 2026</li>"
        for n, title in enumerate(HEADS)
    )
    assert titles(read(f"<ul>{rows}</ul>")) == HEADS


def test_one_headline_above_several_addresses() -> None:
    names = [
        *HEADS,
        "Water is turned off in the lower street",
        *["Water is turned off in the upper street"] * 3,
    ]
    rows = "".join(f"<li><h3><a href=/r/{n}>{title}</a></h3>" for n, title in enumerate(names))
    assert titles(read(f"<ul>{rows}</ul>")) == names
