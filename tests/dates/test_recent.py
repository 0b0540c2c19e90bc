"""What is read beside the time of collecting: NOW is Friday, 19 December 2025, 09:00 WIB."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from feedsvc.dates import Label, Precision, Reason, read
from tests.dates.places import BERLIN, JAKARTA, NEW_YORK, NOW, at, moment, reason


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("5 menit yang lalu", "id", "2025-12-19T08:55"),
        ("5 mnt lalu", "id", "2025-12-19T08:55"),
        ("sekitar 1 jam lalu", "id", "2025-12-19T08:00"),
        ("sejam lalu", "id", "2025-12-19T08:00"),
        ("sejam yang lalu", "en-US", "2025-12-19T08:00"),
        ("setengah jam yang lalu", "id", "2025-12-19T08:30"),
        ("dua jam yang lalu", "id", "2025-12-19T07:00"),
        ("2 jam 15 menit yang lalu", "id", "2025-12-19T06:45"),
        ("1 hari 2 jam yang lalu", "id", "2025-12-18T07:00"),
        ("Baru saja", "id", "2025-12-19T09:00"),
        ("an hour ago", "en", "2025-12-19T08:00"),
        ("an hour and 6 minutes ago", "en", "2025-12-19T07:54"),
        ("less than a minute ago", "en", "2025-12-19T08:59"),
        ("3h ago", "en", "2025-12-19T06:00"),
        ("vor 2 Stunden 5 Minuten", "de", "2025-12-19T06:55"),
        ("il y a 2 heures et 5 minutes", "fr", "2025-12-19T06:55"),
        ("hace media hora", "es", "2025-12-19T08:30"),
        ("2小时5分钟前", "zh", "2025-12-19T06:55"),
        ("2時間5分前", "ja", "2025-12-19T06:55"),
        ("2시간 전", "ko", "2025-12-19T07:00"),
        ("час назад", "ru", "2025-12-19T08:00"),
        ("قبل ساعتين", "ar", "2025-12-19T07:00"),
        ("2 jam lalu", "", "2025-12-19T07:00"),
    ],
)
def test_minutes_and_hours_ago(text: str, language: str, expected: str) -> None:
    found = moment(text, language)
    assert found.at.isoformat() == f"{expected}:00+07:00"
    assert found.flags == {"relative"}
    assert found.precision in (Precision.MINUTE, Precision.HOUR)


def test_hours_ago_are_exact_to_the_hour() -> None:
    assert moment("3 jam lalu").precision is Precision.HOUR
    assert moment("3 menit lalu").precision is Precision.MINUTE


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("2 hari lalu", "id", "2025-12-17"),
        ("sehari lalu", "id", "2025-12-18"),
        ("kemarin", "id", "2025-12-18"),
        ("hari ini", "id", "2025-12-19"),
        ("vorgestern", "de", "2025-12-17"),
        ("昨天", "zh", "2025-12-18"),
        ("昨晚", "zh", "2025-12-18"),
        ("昨夜", "ja", "2025-12-18"),
    ],
)
def test_days_ago_are_days(text: str, language: str, expected: str) -> None:
    found = moment(text, language)
    assert (found.at.isoformat(), found.precision) == (f"{expected}T00:00:00+07:00", Precision.DAY)
    assert found.flags == {"relative", "zone-assumed"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [("2 minggu lalu", "2025-12-05"), ("10 bulan lalu", "2025-02-19"), ("1 tahun yang lalu", "2024-12-19")],
)
def test_weeks_months_and_years_ago_are_flagged_as_coarse(text: str, expected: str) -> None:
    found = moment(text)
    assert (found.at.date().isoformat(), "coarse" in found.flags) == (expected, True)


def test_months_ago_keep_to_the_length_of_the_month() -> None:
    assert at("1 bulan lalu", now=datetime(2025, 3, 31, 9, 0, tzinfo=JAKARTA)).startswith("2025-02-28")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kemarin, 21.15 WIB", "2025-12-18T21:15:00+07:00"),
        ("Hari ini 10:20", "2025-12-19T10:20:00+07:00"),
        ("10:20 WITA, hari ini", "2025-12-19T10:20:00+08:00"),
        ("Kemarin 23:30 WIT", "2025-12-18T23:30:00+09:00"),
    ],
)
def test_a_day_word_with_a_clock(text: str, expected: str) -> None:
    assert at(text) == expected


def test_yesterday_is_that_of_the_zone_on_the_clock() -> None:
    late = datetime(2025, 12, 19, 15, 30, tzinfo=UTC)  # 00:30 of the 20th in Jayapura
    assert at("Kemarin 08:00 WIT", now=late) == "2025-12-19T08:00:00+09:00"
    assert at("Kemarin 08:00 WIB", now=late) == "2025-12-18T08:00:00+07:00"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("08:55", "2025-12-19T08:55"),
        ("09:10", "2025-12-19T09:10"),  # clocks differ
        ("09:11", "2025-12-18T09:11"),
        ("19:05", "2025-12-18T19:05"),
        ("19.05 WIB", "2025-12-18T19:05"),
        ("pukul 19.05", "2025-12-18T19:05"),
        ("Nasional | 19:05", "2025-12-18T19:05"),
        ("7 pm", "2025-12-18T19:00"),
    ],
)
def test_a_bare_clock_is_the_last_such_hour(text: str, expected: str) -> None:
    found = moment(text)
    assert found.at.isoformat() == f"{expected}:00+07:00"
    assert "day-inferred" in found.flags


def test_a_bare_clock_carries_its_label() -> None:
    assert moment("Tayang: 08:55 WIB").label is Label.PUBLISHED


def test_a_weekday_with_a_clock_is_the_last_one() -> None:
    assert at("Kamis, 19:00 WIB") == "2025-12-18T19:00:00+07:00"
    assert at("Jumat, 08:00") == "2025-12-19T08:00:00+07:00"
    assert at("Jumat, 19:00") == "2025-12-12T19:00:00+07:00"


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("18 Desember, 19:00", "id", "2025-12-18T19:00"),
        ("20 Desember", "id", "2025-12-20T00:00"),  # it is the 20th further east
        ("21 Desember", "id", "2024-12-21T00:00"),
        ("29 Februari", "id", "2024-02-29T00:00"),
        ("Budi Santoso, 8 Januari, 16:00", "id", "2025-01-08T16:00"),
        ("12月18日 19:00", "ja", "2025-12-18T19:00"),
        ("12/18 19:00", "ja", "2025-12-18T19:00"),
        ("12/18(木) 19:00", "ja", "2025-12-18T19:00"),
        ("18.12., 19:00 Uhr", "de", "2025-12-18T19:00"),
        ("18.12.", "de", "2025-12-18T00:00"),
    ],
)
def test_a_day_without_a_year_is_the_last_one(text: str, language: str, expected: str) -> None:
    found = moment(text, language)
    assert found.at.isoformat() == f"{expected}:00+07:00"
    assert "year-inferred" in found.flags


@pytest.mark.parametrize(
    "text",
    [
        "Harga Emas Hari Ini",
        "5 tahun lalu tsunami besar melanda pesisir barat Sumatra dan sekitarnya",
        "Tragedi 12 Mei: Keluarga Korban Menuntut",
        "24/7",
        "Besok 10:20",
        "Kamis",
        "1,5 jam lalu",
        "Durasi (UTC+07:00) Jakarta",
        "10:00-12:00",
        "3 menit baca",
        "dalam 2 jam",
        "31 Xwst 2019",
        "Xyz, 31 Xwst 2019, 12:00",
    ],
)
def test_what_only_looks_like_it_is_no_date(text: str) -> None:
    assert reason(text) is Reason.NO_DATE


def test_without_the_time_of_collecting_it_is_a_doubt() -> None:
    for text in (
        "5 menit lalu",
        "kemarin",
        "baru saja",
        "19:05",
        "18 Desember",
        "Kamis, 19:00",
        "2 hari lalu",
    ):
        assert reason(text, now=None) is Reason.NO_CLOCK


def test_without_a_zone_days_are_a_doubt_and_hours_are_not() -> None:
    for text in ("kemarin", "2 hari lalu", "19:05"):
        assert reason(text, zone=None) is Reason.NO_ZONE
    assert moment("5 menit lalu", zone=None).at == NOW - timedelta(minutes=5)


def test_what_lies_out_of_all_reason_is_a_doubt() -> None:
    assert reason("900 tahun lalu") is Reason.OUT_OF_RANGE


def test_the_time_of_collecting_must_have_its_zone() -> None:
    with pytest.raises(ValueError, match="zone"):
        read("kemarin", now=datetime(2025, 12, 19))  # noqa: DTZ001


def test_hours_that_summer_time_repeats_are_the_first_ones_and_keep_their_order() -> None:
    first = moment("26 Oktober 2025, 02:30 Uhr", "de", BERLIN)
    assert (first.at.fold, first.at.utcoffset()) == (0, timedelta(hours=2))
    earlier, later = (moment(f"26. Oktober 2025, {clock} Uhr", "de", BERLIN) for clock in ("01:59", "03:00"))
    assert earlier.at < first.at < later.at


def test_hours_that_summer_time_skips_are_read_on_the_clock_before_it() -> None:
    skipped = moment("March 8, 2026 2:30 am", "en-US", NEW_YORK)
    assert skipped.at.astimezone(ZoneInfo("UTC")) == datetime(2026, 3, 8, 7, 30, tzinfo=UTC)
