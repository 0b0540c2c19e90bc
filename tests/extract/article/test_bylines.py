# ruff: noqa: E501 - markup reads better whole
"""Names: whose byline it is, and how it is written."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from feedsvc.extract import article
from feedsvc.extract.article.house import House
from feedsvc.extract.article.people import names_in
from feedsvc.model import ArticleReading

NOW = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)
TEXT = "".join(
    f"<p>The harbour board of the town met for the {nth} time and spoke about the new bridge at length.</p>"
    for nth in ("first", "second", "third", "fourth", "fifth", "sixth")
)


def read(head: str, *, after: str = "", site: str = "Harbour Post") -> ArticleReading:
    page = (
        f'<html lang=en><head><meta property="og:site_name" content="{site}"></head><body>'
        f"<main><article><h1>Board agrees on the new bridge</h1>{head}{TEXT}</article>{after}</main></body></html>"
    )
    return article.read(page, url="https://post.example/2026/03/14/bridge", now=NOW)


def authors(head: str, *, after: str = "", site: str = "Harbour Post") -> tuple[str, ...]:
    return read(head, after=after, site=site).draft.authors


def test_bylines_of_other_articles_on_the_page_are_not_this_ones() -> None:
    teasers = "".join(
        f"<div class=card><h3><a href=/{n}>Other news number {n}</a></h3><a rel=author href=/by/{n}>{name}</a></div>"
        for n, name in enumerate(("Tom Brown", "Ann Miller", "Joe Clark"))
    )
    assert authors("<a rel=author href=/by/x>Mary Holt</a>", after=f"<div>{teasers}</div>") == ("Mary Holt",)


def test_names_in_one_line_stay_together() -> None:
    line = "<p class=byline>By <a rel=author href=/by/1>Mary Holt</a> and <a rel=author href=/by/2>Ian Fox</a></p>"
    assert authors(line) == ("Mary Holt", "Ian Fox")


def test_a_desk_of_the_house_is_nobody() -> None:
    line = (
        "<p class=byline><span class=author>Mary Holt</span>, <span class=author>NPX World Service</span></p>"
    )
    assert authors(line, site="NPX") == ("Mary Holt",)


def test_capitals_become_a_names_case() -> None:
    assert authors("<p class=byline>By DONNA G. McNEIL</p>") == ("Donna G. McNeil",)


def test_a_name_that_runs_two_others_together_is_left_out() -> None:
    line = "<div class=byline><span class=byline-name>Mary Holt</span> <span class=byline-name>Ian Fox</span></div>"
    assert authors(line) == ("Mary Holt", "Ian Fox")


def test_a_clock_alone_dates_no_article() -> None:
    page = f"<html lang=en><body><h1>Board agrees on the bridge</h1><p class=time>3:03 pm</p>{TEXT}</body></html>"
    reading = article.read(page, url="https://post.example/read/1", now=NOW)
    assert reading.draft.published is None


def test_a_named_day_goes_before_a_counted_one() -> None:
    head = "<p class=date>2 days ago</p><p class=date>Published 3 March 2026, 10:20 GMT</p>"
    published = read(head).draft.published
    assert published is not None
    assert published.at == datetime(2026, 3, 3, 10, 20, tzinfo=UTC)


def test_a_dialog_is_not_taken_for_the_text() -> None:
    dialog = "<div class=modal>" + "".join(
        f"<p>You now have full access to number {n} of our offers, thank you for reading with us today.</p>"
        for n in range(4)
    )
    text = read("", after=f"{dialog}</div>").body_text
    assert "sixth" in text
    assert "full access" not in text


def test_an_agency_alone_below_the_headline_reported() -> None:
    assert authors("<p class=credit>JIJI</p>") == ("JIJI",)
    assert authors("<p>Harbour</p>") == ()


def test_a_box_about_the_author_names_him_where_nothing_else_does() -> None:
    box = "<div class='author-bio'><h3>Mary Holt</h3><h4>Your guide to bridges</h4></div>"
    assert authors("", after=box) == ("Mary Holt",)
    assert authors("<p>By Ian Fox</p>", after=box) == ("Ian Fox",)
    assert authors("", after=box + box.replace("Mary Holt", "Tom Brown")) == ()


def test_the_department_behind_a_role_is_nobody() -> None:
    assert authors("<p class=byline>Von Jana Müller, Redakteurin Lokales · 24.11.2026</p>") == (
        "Jana Müller",
    )


def test_the_place_behind_a_name_is_nobody() -> None:
    assert authors("<p class=byline>Por MARTA RUIZ | Sevilla</p>") == ("Marta Ruiz",)
    assert names_in("MARTA RUIZ | Sevilla", House(frozenset())) == ("Marta Ruiz",)
    assert names_in("Marta Ruiz | Luis Sanz", House(frozenset())) == ("Marta Ruiz", "Luis Sanz")


def test_a_table_amid_the_text_stays() -> None:
    rows = "".join(
        f"<tr><td>{part}</td><td>{cost} euro</td></tr>" for part, cost in (("Piers", 12), ("Deck", 34))
    )
    half = TEXT.index("<p>", len(TEXT) // 2)
    page = f"<html lang=en><body><article><h1>Board agrees on the bridge</h1>{TEXT[:half]}<table>{rows}</table>{TEXT[half:]}</article></body></html>"
    content = article.read(page, url="https://post.example/2026/03/14/bridge", now=NOW).draft.content
    assert "<td>Piers</td><td>12 euro</td>" in content


def test_a_name_of_the_house_behind_a_dash_is_cut_off() -> None:
    assert authors("<p class=byline>Mary Holt - harbourpostcom</p>") == ("Mary Holt",)
    assert authors("<p class=byline>By Mary Holt, Ian Fox and Reuters</p>") == (
        "Mary Holt",
        "Ian Fox",
        "Reuters",
    )


def test_a_bold_line_says_which_part_of_the_title_is_the_headline() -> None:
    page = f"<html><head><title>Gazette - Council closes the old pool</title></head><body><table><tr><td><font size=5><b>Council closes the old pool</b></font>{TEXT}</td></tr></table>"
    page = page.replace("<font size=5>", "<font color=gray>14 March 2026, 09:05</font><br><font size=5>")
    draft = article.read(page, url="https://gazette.example/show.php?id=512").draft
    assert draft.title == "Council closes the old pool"
    assert draft.published is not None
    assert draft.published.at.isoformat().startswith("2026-03-14T09:05")


def test_a_blog_post_is_posted_by_its_author_at_a_clock() -> None:
    byline = "<p>Postado por Rita Lemos às 10:22</p>"
    page = f"<html lang=pt><body><h1>Board agrees on the bridge</h1>{byline}{TEXT}</body></html>"
    assert article.read(page, url="https://post.example/2026/03/bridge.html", now=NOW).draft.authors == (
        "Rita Lemos",
    )


def test_the_minute_may_stand_in_the_foot_of_a_post() -> None:
    foot = "<div class=post-footer><abbr class=published title=2026-03-13T10:22:00-03:00>10:22</abbr></div>"
    page = f"<html lang=pt><body><h3>Board agrees on the bridge</h3>{TEXT}{foot}</body></html>"
    published = article.read(page, url="https://post.example/2026/03/bridge.html", now=NOW).draft.published
    assert published is not None
    assert published.at.isoformat() == "2026-03-13T10:22:00-03:00"


@pytest.mark.parametrize(
    ("head", "people"),
    [
        ("<div>Hani Fatunnisa | Rabu, 3 Januari 2024 10:15 WIB</div>", ["Hani Fatunnisa"]),
        (
            "<div>Hani Fatunnisa | Budi Prakoso | Rabu, 3 Januari 2024 10:15 WIB</div>",
            ["Hani Fatunnisa", "Budi Prakoso"],
        ),
        ("<div>Hani Fatunnisa , Jurnalis-Rabu, 03 Januari 2024 |10:15 WIB</div>", ["Hani Fatunnisa"]),
        (
            "<div>Kontributor Sukamaju, Hani Fatunnisa - Rabu, 3 Januari 2024 10:15 WIB</div>",
            ["Hani Fatunnisa"],
        ),
        ("<div>Rep: Hani Fatunnisa/ Red: Budi Prakoso</div>", ["Hani Fatunnisa"]),
        ("<div>Redaktur &amp; Reporter : Hani Fatunnisa</div>", ["Hani Fatunnisa"]),
        ("<div>Oleh Hani Fatunnisa pada 3 Januari 2024, 10:15 WIB</div>", ["Hani Fatunnisa"]),
        ("<div>Laporan Wartawan Kabar Kini, Hani Fatunnisa</div>", ["Hani Fatunnisa"]),
        ("<div>2024-01-03 10:15　来源：海港报　作者：林晓雨　责任编辑：周明</div>", ["林晓雨"]),
        ("<div class=author>来源：海港报　作者：未知　责任编辑：周明</div>", []),
        ("<div>Berita Daerah | Rabu, 3 Januari 2024 10:15 WIB</div>", []),
        ("<div>Jawa Barat • Rabu, 3 Januari 2024 10:15 WIB</div>", []),
        ("<div>VATICAN CITY | Thu Jun 6, 2013 9:57am EDT</div>", []),
        ("<div>Harbour Post - Wed, 3 Jan 2024 10:15</div>", []),
    ],
)
def test_lines_that_name_the_reporter(head: str, people: list[str]) -> None:
    assert list(authors(head)) == people


def test_a_byline_in_the_foot_of_the_post_counts() -> None:
    foot = '<div class="post-footer"><span class="post-author">Posted by <span class="fn">Mary Holt</span></span></div>'
    assert authors("", after=foot) == ("Mary Holt",)


def test_a_role_before_a_name_is_none_of_it() -> None:
    house = House(frozenset())
    assert names_in("Senior Editor John Smith", house) == ("John Smith",)
    assert names_in("Wartawan Hani Fatunnisa", house) == ("Hani Fatunnisa",)


@pytest.mark.parametrize(
    "sentence",
    [
        "Yesterday at 10.15 the harbour board published the plan of the bridge, which it had promised for years.",
        "On 9 September the police told this newspaper that the man had been called by the gang again and again.",
    ],
)
def test_a_sentence_with_a_day_dates_no_article(sentence: str) -> None:
    page = f"<html lang=en><body><h1>Board agrees on the bridge</h1><p>{sentence}</p>{TEXT}</body></html>"
    assert article.read(page, url="https://post.example/read/1", now=NOW).draft.published is None
