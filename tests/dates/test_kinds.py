"""Kinds of dates that other readers get wrong."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.dates import Doubt, Moment, Precision, Reason, find, read, read_stamp
from tests.dates.places import BERLIN, NEW_YORK, at, moment, reason

BOGOTA, TAIPEI, TOKYO, SHANGHAI = map(
    ZoneInfo, ("America/Bogota", "Asia/Taipei", "Asia/Tokyo", "Asia/Shanghai")
)


@pytest.mark.parametrize("half", ["p. m.", "p.\u00a0m.", "P. M.", "p m", "p.m.", "pm"])
def test_spaces_in_the_half_of_the_day(half: str) -> None:
    text = f"Publicado el 3 de marzo de 2025, 9:40 {half}"
    assert at(text, "es", BOGOTA) == "2025-03-03T21:40:00-05:00"
    found = find(f"{text} Redacción", language="es", zone=BOGOTA)
    assert found is not None
    assert found.moment.text == f"{text} Redacción"
    assert f"{text} Redacción"[: found.end].rstrip(".") == text.rstrip(".")


@pytest.mark.parametrize(
    ("stamp", "zone"),
    [
        ("2025-03-03T21:40:00 07:00", "+07:00"),
        ("2025-03-03T21:40 05:30", "+05:30"),
        ("2025-03-03 21:40:00 0100", "+01:00"),
        ("Mon, 03 Mar 2025 21:40:00 0930", "+09:30"),
    ],
)
def test_a_plus_that_became_a_space(stamp: str, zone: str) -> None:
    found = read_stamp(stamp, zone=BERLIN)
    assert isinstance(found, Moment)
    assert found.at.isoformat() == f"2025-03-03T21:40:00{zone}"
    assert found.text == stamp


def test_two_clocks_are_no_lost_plus() -> None:
    assert at("2025-03-03 19:00 20:00", "en", BERLIN).startswith("2025-03-03T19:00:00+01:00")


@pytest.mark.parametrize("written", ["تشرين الأول/أكتوبر", "أكتوبر / تشرين الأول", "تشرين الأول (أكتوبر)"])
def test_a_month_in_both_sets_of_arabic_names(written: str) -> None:
    assert at(f"9 {written} 2025", "ar", BERLIN) == "2025-10-09T00:00:00+02:00"


def test_two_different_months_are_no_month() -> None:
    assert reason("9 May/June 2025", "en") is Reason.NO_DATE


@pytest.mark.parametrize(
    "text", ["民國114年3月9日", "114年3月9日", "114/03/09", "114-3-9", "114.03.09", "民國114-03-09"]
)
def test_years_of_taiwan(text: str) -> None:
    assert at(text, "zh-TW", TAIPEI) == "2025-03-09T00:00:00+08:00"
    if text[0] == "1":
        assert isinstance(read(text, language="zh-CN", zone=SHANGHAI), Doubt)


def test_the_first_year_of_an_era() -> None:
    assert at("令和元年6月9日", "ja", TOKYO) == "2019-06-09T00:00:00+09:00"
    assert at("令和7年6月9日 元の記事", "ja", TOKYO).startswith("2025-06-09")


def test_persian_figures_are_of_the_persian_calendar_whatever_the_page_claims() -> None:
    assert at("۱۴۰۴/۰۳/۰۹", "en", BERLIN) == "2025-05-30T00:00:00+02:00"


@pytest.mark.parametrize(
    ("text", "language", "zone"),
    [
        ("[03-09]", "zh", SHANGHAI),
        ("03/09", "en-US", NEW_YORK),
        ("09/03", "fr", BERLIN),
        ("(09-03)", "it", BERLIN),
    ],
)
def test_a_day_alone_without_its_year(text: str, language: str, zone: ZoneInfo) -> None:
    found = moment(text, language, zone, datetime(2025, 12, 18, tzinfo=UTC))
    assert found.at.date().isoformat() == "2025-03-09"
    assert "year-inferred" in found.flags


@pytest.mark.parametrize("text", ["3-9", "03-09 goals", "03.09", "99-12", "03/09"])
def test_other_pairs_of_figures_are_no_day(text: str) -> None:
    assert reason(text, "en", BERLIN if text != "03/09" else None) in (Reason.NO_DATE, Reason.NO_ZONE)


def test_dots_mean_the_day_first_on_pages_that_claim_to_be_english() -> None:
    assert at("09.03.2025", "en", BERLIN) == "2025-03-09T00:00:00+01:00"


LANGUAGES = st.sampled_from(["", "en", "zh-TW", "ja", "ar", "fa", "es", "xx-YY"])
WORDS = "114 元 年 月 日 民國 令和 p. m. / - . ( ) 12 9 2025 : 00 T + 07:00 IST الأول أكتوبر ۱۴۰۴ ²"
PIECES = st.sampled_from([*WORDS.split(), " ", "\u0660", "تشرين الأول"])


@given(st.lists(PIECES, max_size=14).map("".join), LANGUAGES)
def test_no_text_raises(text: str, language: str) -> None:
    now = datetime(2025, 12, 18, tzinfo=UTC)
    found = read(text, language=language, zone=TAIPEI, now=now)
    assert found.text == text
    assert read_stamp(text).text == text
    placed = find(text, language=language, zone=TAIPEI, now=now)
    assert placed is None or 0 <= placed.start <= placed.end <= len(text)
    assert not isinstance(found, Moment) or found.precision in Precision


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("R7.6.9", "2025-06-09"),
        ("R7/6/9", "2025-06-09"),
        ("更新日 R7-06-09", "2025-06-09"),
        ("㋿7.6.9", "2025-06-09"),
        ("H31.4.2", "2019-04-02"),
        ("㍻29年4月2日", "2017-04-02"),
    ],
)
def test_eras_by_their_letters(text: str, day: str) -> None:
    assert at(text, "ja", TOKYO).startswith(day)


@pytest.mark.parametrize("text", ["R2D2.5.6", "BR7.6.9.1", "R7.6.9.3"])
def test_letters_that_name_no_era(text: str) -> None:
    assert isinstance(read(text, language="ja", zone=TOKYO), Doubt)


@pytest.mark.parametrize(
    ("text", "day"),
    [("پنجشنبه ۲۷ آذر", "2025-12-18"), ("۱ فروردین", "2026-03-21"), ("۲ تیر", "2025-06-23")],
)
def test_persian_days_without_a_year(text: str, day: str) -> None:
    now = datetime(2026, 4, 2, 12, tzinfo=UTC)
    found = read(text, language="fa", zone=ZoneInfo("Asia/Tehran"), now=now)
    assert isinstance(found, Moment)
    assert found.at.date().isoformat() == day
    assert "year-inferred" in found.flags
