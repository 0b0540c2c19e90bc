"""Lists whose headlines do not look like headlines: what stands beside them says what they are."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from feedsvc.extract import listing
from feedsvc.extract.listing.addresses import likeness
from feedsvc.model import PageReading

NOW = datetime(2026, 3, 14, 12, tzinfo=UTC)
MENU = "<nav><a href=/>Home</a> <a href=/team/>Team</a> <a href=/visit/>Visit</a></nav>"
SHORT = ["Kites", "Old Nets", "Salt", "Winter Oars", "Tar"]
LONG = [
    "Why the island still builds its kites from reed",
    "How six people mend a net in a single night",
    "What salt did to the chapel and its bells",
    "When the oars were locked away for the winter",
    "Where all the tar of the old yard has gone",
]


def read(body: str, url: str = "https://shore.example/log/") -> PageReading:
    page = f"<html lang=en><body>{MENU}<main>{body}</main>"
    return listing.read(page, url=url, now=NOW)


def titles(reading: PageReading) -> list[str]:
    return [item.title for item in reading.main.items] if reading.main else []


def address(n: int) -> str:
    return f"/{SHORT[n].lower().replace(' ', '-')}/"


def test_short_headlines_with_a_date_each() -> None:
    rows = (f"<dt>{n + 2} March 2026<dd><a href={address(n)}>{title}</a>" for n, title in enumerate(SHORT))
    reading = read(f"<h1>Log</h1><dl>{''.join(rows)}</dl>")
    assert titles(reading) == SHORT
    assert reading.main is not None
    assert [item.published.at.day for item in reading.main.items if item.published] == [2, 3, 4, 5, 6]


def test_short_headlines_in_headings_above_full_texts() -> None:
    text = "<p>It was read aloud in the <a href=https://hall.example/>hall</a>, and nobody left early.</p>"
    posts = (
        f"<article><h2><a href={address(n)}>{title}</a></h2>{text * 3}</article>"
        for n, title in enumerate(SHORT)
    )
    assert titles(read("".join(posts))) == SHORT


def test_headings_of_sections_are_no_list() -> None:
    sections = []
    for name in ("Harbour", "Village", "Weather"):
        cards = (
            f"<li><h3><a href=/{name.lower()}/{n}-{address(n)[1:]}>{title} in {name}</a></h3>3 May 2025"
            for n, title in enumerate(LONG)
        )
        sections.append(
            f"<section><h2><a href=/{name.lower()}/>{name}</a></h2><ul>{''.join(cards)}</ul></section>"
        )
    found = titles(read("".join(sections), "https://shore.example/"))
    assert len(found) == 15
    assert "Harbour" not in found


def test_headlines_over_one_word_addresses() -> None:
    cards = (
        f"<div><div><a href={address(n)}>{title}</a></div><p>A short account.</p></div>"
        for n, title in enumerate(LONG)
    )
    assert titles(read("".join(cards))) == LONG


def test_the_only_column_of_a_page_however_plain() -> None:
    rows = "".join(f"<li><a href=/log/craft/{title.lower()[:4].strip()}/>{title}</a>" for title in SHORT)
    assert titles(read(f"<h1>All about craft</h1><ul>{rows}</ul>")) == SHORT


def test_titles_that_are_months() -> None:
    months = ["May 2025", "April 2025", "March 2025", "February 2025"]
    cards = (
        f"<div><h3><a href=/log/{m.lower().replace(' ', '-')}/>{m}</a></h3><p>What the yard did in this "
        "month, and what it cost, in words and figures.</p></div>"
        for m in months
    )
    assert titles(read("".join(cards))) == months


@pytest.mark.parametrize(
    "path",
    ["/news/30", "/p/7/", "/archives/1234.html", "/office/hall/130.html", "/?p=31", "/read.php?id=3", "/30"],
)
def test_articles_with_small_numbers(path: str) -> None:
    rows = "".join(
        f"<li>{n + 1}.3.2026 <a href={path.replace('3', str(3 + n)).replace('7', str(7 + n))}>{title}</a>"
        for n, title in enumerate(LONG)
    )
    assert titles(read(f"<ul>{rows}</ul>")) == LONG


@pytest.mark.parametrize(
    "work", ["<em>1984</em>, the film, returns to town", "Why we still read <i>1984</i>"]
)
def test_a_number_that_is_the_name_of_a_work_stays(work: str) -> None:
    heads = [work, *LONG]
    rows = "".join(f"<li><h3><a href=/news/a{n}-told>{title}</a></h3></li>" for n, title in enumerate(heads))
    assert titles(read(f"<ul>{rows}</ul>"))[0] == re.sub("<[^>]*>", "", work)


def test_a_short_headline_among_long_ones_with_dates() -> None:
    heads = [*LONG, "Tar", "Old Nets"]
    rows = "".join(f"<p>{n + 1}.3.2026 <a href=/n/x{n}>{title}</a></p>" for n, title in enumerate(heads))
    assert titles(read(f"<h2>Log</h2><div>{rows}</div>")) == heads


@pytest.mark.parametrize(
    "leaf",
    [
        "<p>{day:02}</p><p>2026/03</p>",
        "<b>{day}</b><span>March</span><span>2026</span>",
        "<div>2026-03</div><div>{day:02}</div>",
    ],
)
def test_a_date_in_several_elements_beside_the_headline(leaf: str) -> None:
    rows = "".join(
        f"<li>{leaf.format(day=n + 2)}<a href=/log/{title[:7]}>{title}</a></li>"
        for n, title in enumerate(LONG)
    )
    main = read(f"<ul>{rows}</ul>").main
    assert main is not None
    assert [item.published.at.day for item in main.items if item.published] == [2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    "path", ["/news/page/3", "/3", "/archives/", "/archives/2025/05", "/news/page-12.html"]
)
def test_addresses_of_lists(path: str) -> None:
    assert likeness(f"https://shore.example{path}", outside=False) < 0


def test_links_of_the_footer_are_no_list() -> None:
    names = ["Privacy of our guests", "Prices of all our rooms", "Maps of the whole shore"]
    links = "".join(f"<li><a href=/{name.lower().replace(' ', '-')}/>{name}</a>" for name in names)
    page = f"<body>{MENU}<main><p>Closed until May.</p></main><footer><ul>{links}</ul></footer>"
    assert listing.read(page, url="https://shore.example/log/", now=NOW).verdict == "no-list"


def test_a_short_headline_before_a_long_summary() -> None:
    names = ["Knots", "瀬戸", "Tar 2", "Ropes"]
    cards = (
        f"<a href=/log/2026/{n}-from-the-yard/><img src=/{n}.jpg alt='{name}'><div class=big>{name}</div>"
        f"<p class=small>How the yard talks of {name}, what is made of it and what it costs</p></a>"
        for n, name in enumerate(names)
    )
    assert titles(read("".join(cards))) == names


def test_headlines_that_are_days_among_others() -> None:
    names = [
        "2026-03-02",
        "A net mended by six people",
        "2026-02-28",
        "The chapel's salt bells",
        "2026-02-11",
    ]
    cards = (
        f"<article><a href=/log/{n}-entry><h3>{name}</h3><p>The yard wrote down what was done that day,"
        f" and who had done it, in pencil.</p></a><i>{9 - n} March 2026</i></article>"
        for n, name in enumerate(names)
    )
    assert titles(read("".join(cards))) == names


def test_a_card_with_related_articles_is_one_card() -> None:
    related = "".join(
        f"<section><h4><a href=/old/{n}-quay>{title}</a></h4></section>" for n, title in enumerate(LONG)
    )
    cards = (
        f"<li><article><h2><a href=/log/{n}-yard>{title} again</a></h2><p>It took all of the spring.</p>"
        f"<div><h3>You may also like</h3>{related}</div></article>"
        for n, title in enumerate(LONG[:4])
    )
    assert titles(read(f"<ul>{''.join(cards)}</ul>")) == [f"{title} again" for title in LONG[:4]]


def test_buttons_of_sections_stand_behind_dated_news() -> None:
    about = "<p>We build quiet engines for small harbours, and keep the water clean.</p>" * 3
    parts = [
        f"<section><h2>{name}</h2>{about}<img src=/{name}.png>"
        f"<a href=/{name}/>Learn more about {name}</a></section>"
        for name in ("engines", "pumps", "people", "history")
    ]
    news = "".join(
        f"<div><i>2.{n + 1}.2026</i><a href=/log/2026{n}01/>{title}</a></div>" for n, title in enumerate(LONG)
    )
    parts.insert(1, f"<section><h2>News</h2><div>{news}</div></section>")
    assert titles(read("".join(parts), "https://shore.example/")) == LONG


@pytest.mark.parametrize(
    "amid", ["", "<div><h2>Harbour tales</h2><p>They are told on Fridays, by the stove.</p></div>"]
)
@pytest.mark.parametrize("mark", ["strong", "b", "div"])
def test_a_box_that_a_bold_line_heads_is_a_list_of_its_own(mark: str, amid: str) -> None:
    def box(name: str, first: int) -> str:
        rows = "".join(
            f"<div class=row><a href=/n/{first + n}-{title[:9]}>{title}</a><i>{n + 1} March 2026</i></div>"
            for n, title in enumerate(LONG)
        )
        return f"<div class=box><{mark}>{name}</{mark}>{rows}</div>"

    reading = read(f"<div>{box('Most read', 10)}{amid}{box('Just in', 20)}</div>")
    found = {each.heading: len(each.items) for each in reading.lists}
    assert found == {"Most read": 5, "Just in": 5}
