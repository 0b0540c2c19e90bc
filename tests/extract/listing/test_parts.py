"""The small decisions: addresses, paging, titles, times, verdicts."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from feedsvc.extract import listing
from feedsvc.extract.listing.addresses import agreement, likeness
from feedsvc.extract.listing.dating import figure_order
from feedsvc.extract.listing.page import count_words, fold_space, width
from feedsvc.extract.listing.ranking import section_of
from feedsvc.model import PageReading

NOW = datetime(2026, 3, 14, 12, tzinfo=UTC)
HEADS = [
    "Harbour council approves a longer timetable",
    "Village bakery wins prize for its sourdough",
    "Flood gates hold as the river rises again",
    "New tram line opens months ahead of plan",
    "Museum returns carved mask to the islanders",
]


def slug(text: str) -> str:
    return text.lower().replace(" ", "-")


def read(body: str, url: str = "https://news.example/news/") -> PageReading:
    return listing.read(f"<html lang=en><body>{body}", url=url, now=NOW)


def titles(body: str) -> list[str]:
    main = read(body).main
    return [item.title for item in main.items] if main else []


@pytest.mark.parametrize(
    "path",
    [
        "/2026/03/12/storm-hits-the-northern-coast",
        "/news/storm-hits-coast-1234567.html",
        "/index.php?id=48211",
        "/article/48211",
        "/daerah/read/2026/03/13/6100/pasar-ikan-pindah",
    ],
)
def test_addresses_of_articles(path: str) -> None:
    assert likeness(f"https://news.example{path}", outside=False) > 0.5


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/politics",
        "/tag/ferry-boats-of-the-north",
        "/author/ann-marlow",
        "/news?page=2",
        "/rss.xml",
        "/login",
        "/a.jpg",
    ],
)
def test_addresses_of_lists_and_tools(path: str) -> None:
    assert likeness(f"https://news.example{path}", outside=False) < 0


def test_a_headline_agrees_with_its_address_and_a_kicker_does_not() -> None:
    url = "https://news.example/2026/harbour-council-approves-timetable"
    assert (agreement("Harbour council approves a longer timetable", url) or 0) > 0.7
    assert (agreement("Politics", url) or 0) < 0.3
    assert agreement("Anything", "https://news.example/48211") is None


def test_invisible_characters_are_no_part_of_a_title() -> None:
    assert fold_space("Sach\u00adbuch\u200b \ufeffPreis") == "Sachbuch Preis"


@pytest.mark.parametrize(
    ("texts", "order"),
    [
        (["13/02/2026"], "en-GB"),
        (["02/13/2026", "01/02/2026"], "en-US"),
        (["05/02/2026"], "en-GB"),  # 2 May lies ahead
        (["01/02/2026"], ""),
        (["13/02/2026", "02/13/2026"], ""),
        (["03/03/2026", "99/99/2026"], ""),
    ],
)
def test_the_order_of_figures(texts: list[str], order: str) -> None:
    assert figure_order(texts, NOW.date()) == order


def test_measures_of_text() -> None:
    assert fold_space(" a \n\t b ") == "a b"
    assert width("ab漢字") == 6
    assert count_words("ฟากรอบค่ำตลอด") >= 3


@pytest.mark.parametrize(
    ("url", "section"),
    [
        ("https://x.example/", ""),
        ("https://x.example/category/daerah", "daerah"),
        ("https://x.example/sport/football/?page=2", "football"),
        ("https://x.example/sport/page/2", "sport"),
        ("https://x.example/index.php", ""),
    ],
)
def test_the_section_that_an_address_names(url: str, section: str) -> None:
    assert section_of(url) == section


@pytest.mark.parametrize(
    "inside",
    [
        "<b>{n}</b> {t}",
        "<span class=kicker>Politics</span> {t}",
        "<span>Politics</span><span>{t}</span>",
        "<div>Politics</div><div>{t}</div><div>By Ann Marlow</div><div>{n} hours ago</div>",
        "{t}<time datetime=2026-03-1{n}>1{n} March</time>",
        "<p>{t}</p><p>A summary that goes on for quite a while and says much that no title says.</p>",
        "<h3><span class=label>Live</span> {t}</h3><small>{n} comments</small>",
        "<img alt='{t}'><em>Sport</em><strong>{t}</strong>",
        "1{n}.03.2026 {t}",
        "{t} | The Example Gazette",
        "<span><span>{t}</span><span>A summary of it that goes on and on, and says much.</span></span>",
        "<span class=w>{w}</span>",
    ],
)
def test_only_the_headline_is_the_title(inside: str) -> None:
    cards = []
    for n, title in enumerate(HEADS, 1):
        words = "</span> <span class=w>".join(title.split())
        text = inside.format(n=n, t=title, w=words)
        cards.append(f"<li><a href='/news/{slug(title)}-{10 + n}'>{text}</a></li>")
    assert titles(f"<ul>{''.join(cards)}</ul>") == HEADS


def test_a_title_may_be_styled_within_and_spelt_with_entities() -> None:
    heads = [f"The <em>Dune</em> of {t} &amp; more" for t in HEADS]
    cards = (
        f"<li><a href='/n/{slug(t)}-1{n}'>{head}</a></li>"
        for n, (t, head) in enumerate(zip(HEADS, heads, strict=True))
    )
    assert titles(f"<ul>{''.join(cards)}</ul>") == [f"The Dune of {t} & more" for t in HEADS]


def test_a_summary_link_is_not_the_title() -> None:
    text = "The decision came after a long evening of talks, and most who were there could live with it."
    cards = (
        f"<div class=c><a href='/news/{slug(t)}'><img src=/{n}.jpg></a>"
        f"<div><a href='/news/{slug(t)}'>{t}</a></div>"
        f"<div><a href='/news/{slug(t)}'>{text} {n}</a></div><a href='/news/{slug(t)}'>Read more</a></div>"
        for n, t in enumerate(HEADS)
    )
    assert titles("".join(cards)) == HEADS


def test_a_heading_beside_a_read_more_link_is_the_title() -> None:
    cards = (
        f"<div class=c><h3>{t}</h3><p>Some words about it.</p><a href='/news/{slug(t)}-5'>Read more</a></div>"
        for t in HEADS
    )
    assert titles("".join(cards)) == HEADS


@pytest.mark.parametrize(
    "when",
    [
        "<time datetime='2026-03-12T08:00:00Z'>x</time>",
        "<span>12 March 2026</span>",
        "<span>2 days ago</span>",
        "<i data-date='2026-03-12'></i>",
        "<div><b>12</b> <span>March</span> <span>2026</span></div>",
    ],
)
def test_times_in_a_card(when: str) -> None:
    cards = (f"<div class=c><a href='/news/{slug(t)}-5'>{t}</a>{when}</div>" for t in HEADS)
    main = read("".join(cards)).main
    assert main is not None
    for item in main.items:
        assert item.published is not None
        assert item.published.at.date().isoformat() == "2026-03-12"


def test_times_between_the_cards() -> None:
    cards = (
        f"<a href='/news/{slug(t)}-5'>{t}</a> <small>(2026-03-0{n})</small><br>"
        for n, t in enumerate(HEADS, 1)
    )
    main = read("".join(cards)).main
    assert main is not None
    assert [item.published is not None for item in main.items] == [True] * 5
    assert [item.published.at.day for item in main.items if item.published] == [1, 2, 3, 4, 5]


def test_one_clear_date_settles_the_order_of_all_figures() -> None:
    days = ["01/03/2026", "02/03/2026", "13/03/2026", "04/03/2026", "05/03/2026"]
    cards = (
        f"<p><a href='/news/{slug(t)}-5'>{t}</a> <i>{d}</i></p>" for d, t in zip(days, HEADS, strict=True)
    )
    main = read("".join(cards)).main
    assert main is not None
    assert [item.published.at.day for item in main.items if item.published] == [1, 2, 13, 4, 5]
    unclear = (
        f"<p><a href='/news/{slug(t)}-5'>{t}</a> <i>0{n}/02/2025</i></p>" for n, t in enumerate(HEADS, 1)
    )
    main = read("".join(unclear)).main
    assert main is not None
    assert all(item.published is None and item.doubt is not None for item in main.items[2:])


def test_older_pages_are_the_numbers_after_this_one() -> None:
    cards = "".join(f"<li><a href='/news/{slug(t)}-5'>{t}</a></li>" for t in HEADS)
    pages = "".join(f"<a href='/news/?page={n}'>{n}</a> " if n != 2 else "<b>2</b> " for n in range(1, 6))
    reading = read(
        f"<ul>{cards}</ul><div>{pages}<a href='/news/?page=3'>Next</a></div>",
        "https://news.example/news/?page=2",
    )
    assert reading.older == tuple(f"https://news.example/news/?page={n}" for n in (3, 4, 5))


def test_numbers_that_count_comments_are_no_pages() -> None:
    cards = "".join(
        f"<li><a href='/news/{slug(t)}-5'>{t}</a> <a href='/talk?t=93{n}45'>{3 * n + 4}</a></li>"
        for n, t in enumerate(HEADS)
    )
    assert read(f"<ul>{cards}</ul>").older == ()


def test_each_list_has_its_own_pager() -> None:
    def block(part: str) -> str:
        cards = "".join(f"<li><a href='/{part}/{slug(t)}-5'>{t}</a></li>" for t in HEADS)
        pages = "".join(f"<a href='/{part}?page={n}'>{n}</a>" for n in (2, 3))
        return f"<h2>{part}</h2><ul>{cards}</ul><div>{pages}</div>"

    reading = read(
        block("forum").replace("<li>", "<li><i>x</i>") + block("news").replace("<li>", "<li><img src=/a.jpg>")
    )
    assert reading.main is not None
    assert reading.main.heading == "news"
    assert reading.older == ("https://news.example/news?page=2", "https://news.example/news?page=3")


def test_the_head_says_where_older_pages_are() -> None:
    cards = "".join(f"<li><a href='/news/{slug(t)}-5'>{t}</a></li>" for t in HEADS)
    text = f"<html><head><link rel=next href='/news/p2'></head><body><ul>{cards}</ul>"
    assert listing.read(text, url="https://news.example/news/", now=NOW).older == (
        "https://news.example/news/p2",
    )


@pytest.mark.parametrize(
    ("body", "verdict"),
    [
        ("<h1>Access denied</h1><p>You have been blocked.</p>", "blocked"),
        ("<form><h1>Masuk</h1><input type=password></form>", "login"),
        ("<div id=__next></div><script src=a.js></script>", "app-shell"),
        ("", "empty"),
        (
            "<h1>Opening hours</h1><p>We are here from nine to five, and on some days a little longer.</p>",
            "no-list",
        ),
    ],
)
def test_pages_without_a_list_say_why(body: str, verdict: str) -> None:
    reading = read(body)
    assert (reading.verdict, reading.lists) == (verdict, ())
    assert reading.hint


def test_a_contact_form_with_a_captcha_is_no_barrier() -> None:
    about = "<p>We are a small paper by the sea, and we read every letter that you send to us.</p>" * 12
    assert read(f"<h1>Write to us</h1>{about}<form><label>Captcha</label><input></form>").verdict == "no-list"


def test_a_weak_list_is_named_in_the_hint() -> None:
    names = ["About the house", "Opening our doors", "Meet all the crew"]
    links = "".join(f"<li><a href='/{slug(name)}-of-ours'>{name}</a></li>" for name in names)
    reading = read(f"<footer><ul>{links}</ul></footer>")
    assert reading.main is None
    assert reading.verdict == "no-list"


def cards(pieces: list[str]) -> str:
    """A list whose cards hold a headline and one of `pieces` each."""
    shown = zip(HEADS, pieces, strict=True)
    return "".join(
        f"<li><h3><a href=/n/{slug(h)}-{n}1234>{h}</a></h3>{p}</li>" for n, (h, p) in enumerate(shown)
    )


@pytest.mark.parametrize(
    ("stamp", "read_as"),
    [
        ("<abbr title=2026-03-13T10:22:00-03:00>10:22</abbr>", "2026-03-13T13:22:00+00:00"),
        ("<meta itemprop=datePublished content=2026-03-13T10:22:00Z>", "2026-03-13T10:22:00+00:00"),
        ("<span data-publish-ts=1773397320>2 h</span>", "2026-03-13T10:22:00+00:00"),
        ("<span data-created-at=1773397320000>2 h</span>", "2026-03-13T10:22:00+00:00"),
        ("<span data-updated-ts=1773397320></span>", None),
        ("<span data-id=1773397320 title=2026-03-13>new</span>", None),
    ],
)
def test_attributes_that_carry_a_date_for_machines(stamp: str, read_as: str | None) -> None:
    main = read(f"<main><ul>{cards([stamp] * 5)}</ul></main>").main
    assert main is not None
    found = {item.published.at.astimezone(UTC).isoformat() if item.published else None for item in main.items}
    assert found == {read_as}


def test_an_advert_amid_a_list_is_no_item_and_ends_nothing() -> None:
    advert = "<li><h3><a rel='nofollow sponsored' href=https://shop.example/offers-of-the-week-for-everybody>"
    pieces = ["", "", f"{advert}Seventy per cent off all of our kettles</a></h3>", "", ""]
    assert titles(f"<main><ul>{cards(pieces)}</ul></main>") == HEADS


@pytest.mark.parametrize(
    ("label", "listed"), [("Sponsored", 0), ("Anzeige", 0), ("Iklan", 0), ("Opinion", 1)]
)
def test_a_card_that_leads_elsewhere_and_says_advert_is_no_item(label: str, listed: int) -> None:
    offer = "<a href=https://shop.example/c?id=4412>Seventy per cent off all of our kettles</a>"
    advert = f"<li><h3>{offer}</h3>{label}"
    found = titles(f"<main><ul>{cards([''] * 5)}{advert}</li></ul></main>")
    assert len(found) == len(HEADS) + listed


def test_titles_with_a_more_link_to_the_same_address_are_no_register() -> None:
    lines = "".join(
        f"<a href=news.asp?id={1400 + n}><b>{h}</b></a> (1{n}/3/2026)<br>A summary in one sentence."
        f" <a href=news.asp?id={1400 + n}>[more]</a><br><br>"
        for n, h in enumerate(HEADS)
    )
    assert titles(f"<table><tr><td>{lines}</td></tr></table>") == HEADS


def test_a_river_in_one_row_with_most_read_is_no_side_list() -> None:
    def link(title: str, n: int) -> str:
        return f"<a href=/n/{slug(title)}-7712{n}>{title}</a>"

    slides = "".join(
        f"<p><img src=s.jpg></p><h2>{link(h + ' today', n)}</h2>" for n, h in enumerate(HEADS[:3])
    )
    river = "".join(
        f"<div class=c><img src=c.jpg><small>{n + 1} hours ago</small><h5>{link(h, n)}</h5></div>"
        for n, h in enumerate(HEADS)
    )
    side = "".join(f"<li>{link(h + ' now', n)}</li>" for n, h in enumerate(HEADS[:4]))
    row = f"<div>{river}</div><div><h3>Most read</h3><ul>{side}</ul></div>"
    main = read(f"<div>{slides}</div><div>{row}</div>").main
    assert main is not None
    assert "secondary" not in main.why


def test_a_clock_under_a_heading_of_videos_is_a_duration() -> None:
    videos = read(f"<main><h2>Video</h2><ul>{cards(['<i>03:12</i>'] * 5)}</ul></main>").lists[0]
    news = read(f"<main><h2>Today</h2><ul>{cards(['<i>03:12</i>'] * 5)}</ul></main>").lists[0]
    assert [item.published for item in videos.items] == [None] * 5
    assert all(item.published for item in news.items)


def test_a_minute_above_a_list_dates_none_of_its_articles() -> None:
    made = read(f"<main><p>13 March 2026, 08:15</p>{cards([''] * 5)}</main>").lists[0]
    day = read(f"<main><p>13 March 2026</p>{cards([''] * 5)}</main>").lists[0]
    assert [item.published for item in made.items] == [None] * 5
    assert all(item.published for item in day.items)


def test_a_hero_with_a_grid_beside_it_belongs_to_the_river_below() -> None:
    grid = [
        "Ferry runs aground in morning fog",
        "School choir sings for the president",
        "Otter returns to the canal",
    ]
    king = "<a href=/n/king-visits-91234>"
    hero = f"<div>{king}<img src=k.jpg></a><h2>{king}King visits the flooded valley</a></h2></div>"
    small = "".join(
        f"<div class=s><a href=/n/{slug(t)}-881234><img src=s.jpg><h3>{t}</h3></a></div>" for t in grid
    )
    rest = [f"{h} again and again" for h in HEADS]
    river = "".join(
        f"<li><img src=x.jpg><h3><a href=/n/{slug(t)}-77123{n}>{t}</a></h3><p>12 March 2026</p></li>"
        for n, t in enumerate(HEADS + rest)
    )
    found = titles(f"<main><div>{hero}<div>{small}</div></div><h4>Latest</h4><ul>{river}</ul></main>")
    assert found == ["King visits the flooded valley", *grid, *HEADS, *rest]
    # a grid alone is another list
    found = titles(f"<main><div>{small}</div><h4>Latest</h4><ul>{river}</ul></main>")
    assert found == [*HEADS, *rest]


def test_related_links_below_an_undeclared_article_are_no_list_of_news() -> None:
    text = " ".join(["The pump of the pool broke in March and the council has no money to repair it."] * 7)
    body = f"<p>{text}</p><b>Related news</b><ul>{cards([''] * 5)}</ul>"
    assert read(body, "https://news.example/detail.php?id=20331").verdict == "article"


@pytest.mark.parametrize(
    ("links", "older"),
    [
        ("<a href=/politik/10>2</a> <a href=/politik/20>3</a> <a href=/politik/400>Last</a>", [10, 20]),
        ("<a href=/politik/15>2</a>", [15]),
        ("<a href=/politik/10>2</a> <a href=/politik/25>3</a>", []),
        ("<a href=/olahraga/10>2</a>", []),
    ],
)
def test_numbers_that_lead_to_offsets(links: str, older: list[int]) -> None:
    body = f"<main><ul>{cards([''] * 5)}</ul><p><b>1</b> {links}</p></main>"
    found = read(body, "https://news.example/politik").older
    assert list(found) == [f"https://news.example/politik/{offset}" for offset in older]
