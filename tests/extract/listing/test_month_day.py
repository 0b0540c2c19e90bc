"""Days without a year, and figures whose order the page settles."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from feedsvc.extract import listing
from feedsvc.extract.listing.month_day import days_of_column, figures_of

NOW = datetime(2026, 1, 20, 9, tzinfo=UTC)
HEADS = ["Reef map is found", "Chapel bells fall silent", "Old baker retires", "Trawlers meet in fog"]


def days(column: list[str], language: str = "de") -> list[str | None]:
    found = days_of_column([figures_of(text) for text in column], language, NOW, UTC)
    return [moment.at.date().isoformat() if moment else None for moment in found]


@pytest.mark.parametrize(
    ("column", "language", "expected"),
    [
        (["[01-19]", "[01-03]", "[12-28]"], "zh-CN", ["2026-01-19", "2026-01-03", "2025-12-28"]),
        (["19.01", "28.12", "02.12"], "de", ["2026-01-19", "2025-12-28", "2025-12-02"]),
        (["01/19", "12/28", "12/02"], "en", ["2026-01-19", "2025-12-28", "2025-12-02"]),
        (["(12/31)", "(12/30)", "", "(12/29)"], "ja", ["2025-12-31", "2025-12-30", None, "2025-12-29"]),
    ],
)
def test_a_column_that_goes_back_in_time(
    column: list[str], language: str, expected: list[str | None]
) -> None:
    assert days(column, language) == expected


@pytest.mark.parametrize(
    "column",
    [
        ["3-1", "2-0", "1-1", "0-4"],  # results
        ["02.03", "01.03", "12.02"],  # nothing says which is the month
        ["13-25", "12-24", "11-23"],  # no months at all
        ["01-19", "12-28"],  # too few
        ["05-14", "06-20", "07-22", "08-30", "09-13"],  # a calendar of what is to come
    ],
)
def test_other_figures_are_no_days(column: list[str]) -> None:
    assert not any(days(column))


@example([8, 253, 527], "zh")
@given(st.lists(st.integers(0, 900), min_size=3, max_size=30, unique=True), st.sampled_from(["zh", "sv"]))
def test_days_are_the_latest_that_can_be(ages: list[int], language: str) -> None:
    true = [NOW.date() - timedelta(days=age) for age in sorted(ages)]
    column = [(d.month, d.day) if language == "zh" else (d.day, d.month) for d in true]
    found = [moment.at.date() for moment in days_of_column(column, language, NOW, UTC) if moment]
    assert all(day <= NOW.date() + timedelta(days=1) for day in found)
    gaps = [a - b for a, b in zip([NOW.date(), *true], true, strict=False)]
    if found and max(gaps) < timedelta(days=360):
        assert found == true


def read(rows: str, language: str = "en") -> list[date | None]:
    page = f"<html lang={language}><body><main><h1>Log</h1><ul>{rows}</ul></main>"
    main = listing.read(page, url="https://reef.example/log/", now=NOW).main
    assert main is not None
    assert [item.title for item in main.items] == HEADS
    return [item.published.at.date() if item.published else None for item in main.items]


def test_a_list_with_days_without_a_year() -> None:
    stamps = ["19.01.", "12.01.", "30.12.", "24.12."]
    rows = (
        f"<li><a href=/log/{n}>{t}</a><em>{s[:-1]}</em>"
        for n, (t, s) in enumerate(zip(HEADS, stamps, strict=True))
    )
    assert read("".join(rows), "de")[2] == date(2025, 12, 30)


def test_dotted_figures_are_day_first_on_english_pages_too() -> None:
    stamps = ["07.05.2019", "10.02.2016", "12.01.2016", "03.11.2015"]
    rows = (
        f"<li><a href=/log/{n}>{t}</a><em>{s}</em>"
        for n, (t, s) in enumerate(zip(HEADS, stamps, strict=True))
    )
    assert read("".join(rows), "en-US")[0] == date(2019, 5, 7)


def test_a_figure_above_twelve_settles_the_order_of_the_page() -> None:
    stamps = ["07/05/2019", "04/05/2019", "30/04/2019", "02/04/2019"]
    rows = (
        f"<li><a href=/log/{n}>{t}</a><em>{s}</em>"
        for n, (t, s) in enumerate(zip(HEADS, stamps, strict=True))
    )
    assert read("".join(rows), "en-US")[0] == date(2019, 5, 7)


def test_days_without_a_year_go_on_back_in_time() -> None:
    # by itself 15 January lies five days ago; below December it lies a year before
    rows = "".join(
        f"<li>{day} <a href=/r/{n + 40}>{HEADS[n]} again</a>"
        for n, day in enumerate(["12月18日", "12月9日", "12月3日", "1月15日"])
    )
    reading = listing.read(f"<html lang=zh><ul>{rows}</ul>", url="https://reef.example/r/", now=NOW)
    assert reading.main is not None
    found = [item.published.at.date().isoformat() for item in reading.main.items if item.published]
    assert found == ["2025-12-18", "2025-12-09", "2025-12-03", "2025-01-15"]


def test_a_pinned_day_moves_no_other() -> None:
    rows = "".join(
        f"<li>{day} <a href=/r/{n + 40}>{HEADS[n]} again</a>"
        for n, day in enumerate(["6月1日", "1月15日", "1月9日", "12月30日"])
    )
    reading = listing.read(f"<html lang=zh><ul>{rows}</ul>", url="https://reef.example/r/", now=NOW)
    assert reading.main is not None
    found = [item.published.at.date().isoformat() for item in reading.main.items if item.published]
    assert found == ["2025-06-01", "2026-01-15", "2026-01-09", "2025-12-30"]
