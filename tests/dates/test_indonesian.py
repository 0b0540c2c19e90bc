"""Dates as Indonesian newsrooms print them."""

from __future__ import annotations

import pytest

from feedsvc.dates import Label, Precision, Reason
from tests.dates.places import JAKARTA, at, moment, reason


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("KAMIS, 18 DESEMBER 2025 | 19:00 WIB | LAPORAN: SRI WAHYUNI", "2025-12-18T19:00:00+07:00"),
        ("Jumat, 19 Desember 2025 | 00:09", "2025-12-19T00:09:00+07:00"),
        ("Jum'at, 19 Desember 2025 08:15", "2025-12-19T08:15:00+07:00"),
        ("Jum’at, 19 Desember 2025 08:15", "2025-12-19T08:15:00+07:00"),
        ("Jumaat, 19 Desember 2025 08:15", "2025-12-19T08:15:00+07:00"),
        ("Ahad, 21 Desember 2025, 06.30 WIB", "2025-12-21T06:30:00+07:00"),
        ("18 Desember 2025 pukul 19.00", "2025-12-18T19:00:00+07:00"),
        ("18 Desember 2025, pkl. 19.00 WIB", "2025-12-18T19:00:00+07:00"),
        ("18 Desember 2025 jam 7 malam", "2025-12-18T19:00:00+07:00"),
        ("18 Desember 2025 pukul 3 sore", "2025-12-18T15:00:00+07:00"),
        ("Rabu, 17 Des 2025 10:05 WITA", "2025-12-17T10:05:00+08:00"),
        ("Rabu, 17 Des 2025 10:05 WIT", "2025-12-17T10:05:00+09:00"),
        ("Rabu, 17/12/2025 | 09.15 WIB", "2025-12-17T09:15:00+07:00"),
        ("17-12-2025 09:15", "2025-12-17T09:15:00+07:00"),
        ("Rabu (17/12/2025) 09:15 WIB", "2025-12-17T09:15:00+07:00"),
        ("7 Nopember 2024 11:00 WIB", "2024-11-07T11:00:00+07:00"),
        ("7 Pebruari 2024 11:00 WIB", "2024-02-07T11:00:00+07:00"),
        ("17 Agt 2024, 11:00", "2024-08-17T11:00:00+07:00"),
        ("Nasional - Kamis, 18 Dec 2025, 19:00 WIB", "2025-12-18T19:00:00+07:00"),
        ("Redaksi Pagi, 18 Desember 2025, 08:05 WIB - Dibaca 1.204 kali", "2025-12-18T08:05:00+07:00"),
        ("18 Desember 2025 24:00 WIB", "2025-12-19T00:00:00+07:00"),
    ],
)
def test_a_day_with_its_clock(text: str, expected: str) -> None:
    assert at(text) == expected


@pytest.mark.parametrize("language", ["en", "en-US", "en-GB", ""])
def test_indonesian_is_read_whatever_language_the_page_claims(language: str) -> None:
    assert at("Kamis, 18 Agt 2022 19:00 WIB", language) == "2022-08-18T19:00:00+07:00"


def test_a_printed_zone_wins_over_the_page_and_leaves_no_flag() -> None:
    found = moment("18 Desember 2025 19:00 WITA")
    assert found.at.isoformat() == "2025-12-18T19:00:00+08:00"
    assert found.flags == frozenset()
    assert moment("18 Desember 2025 19:00 WIB").at.tzinfo == JAKARTA


def test_precision_is_what_the_text_tells() -> None:
    assert moment("18 Desember 2025 19:00:05 WIB").precision is Precision.SECOND
    assert moment("18 Desember 2025 19:00 WIB").precision is Precision.MINUTE
    day = moment("18 Desember 2025")
    assert (day.precision, day.at.isoformat()) == (Precision.DAY, "2025-12-18T00:00:00+07:00")
    assert day.flags == {"zone-assumed"}


@pytest.mark.parametrize(
    ("text", "expected", "label"),
    [
        ("Tayang: 18 Des 2025 10:00 WIB", "2025-12-18T10:00:00+07:00", Label.PUBLISHED),
        ("Diperbarui: 18 Des 2025 10:00 WIB", "2025-12-18T10:00:00+07:00", Label.UPDATED),
        ("18 Des 2025 10:00 WIB", "2025-12-18T10:00:00+07:00", None),
        (
            "Tayang: 18 Des 2025 10:00 WIB / Diperbarui: 19 Des 2025 08:00 WIB",
            "2025-12-18T10:00:00+07:00",
            Label.PUBLISHED,
        ),
        (
            "Diperbarui: 19 Des 2025 08:00 WIB | Terbit: 18 Des 2025 10:00 WIB",
            "2025-12-18T10:00:00+07:00",
            Label.PUBLISHED,
        ),
        ("18 Des 2025 10:00 WIB, diperbarui 19 Des 2025 08:00 WIB", "2025-12-18T10:00:00+07:00", None),
    ],
)
def test_the_label_says_which_date_counts(text: str, expected: str, label: Label | None) -> None:
    found = moment(text)
    assert (found.at.isoformat(), found.label) == (expected, label)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Jumat, 18 Desember 2025 19:00 WIB", Reason.WEEKDAY),
        ("Senin, 18 Desember 2025", Reason.WEEKDAY),
        ("31 Februari 2025", Reason.IMPOSSIBLE_DATE),
        ("0 Februari 2025", Reason.IMPOSSIBLE_DATE),
        ("18 Desember 2025 25:10 WIB", Reason.IMPOSSIBLE_TIME),
        ("18 Desember 2025 24:25 WIB", Reason.IMPOSSIBLE_TIME),
        ("18 Desember 2025 10:75 WIB", Reason.IMPOSSIBLE_TIME),
        ("17 Agustus 1945", Reason.OUT_OF_RANGE),
        ("17 Agustus 2145", Reason.OUT_OF_RANGE),
        ("Desember 2025", Reason.NO_DATE),
        ("2054, Part VI", Reason.NO_DATE),
        ("Menteri Resmikan Jembatan Baru", Reason.NO_DATE),
        ("Harga Emas Hari Ini Naik Rp 10.000", Reason.NO_DATE),
        ("", Reason.NO_DATE),
        ("   ", Reason.NO_DATE),
    ],
)
def test_what_is_doubtful_is_a_doubt(text: str, expected: Reason) -> None:
    assert reason(text) is expected


def test_without_any_zone_there_is_no_moment() -> None:
    assert reason("18 Desember 2025 19:00", zone=None) is Reason.NO_ZONE
    assert reason("18 Desember 2025", zone=None) is Reason.NO_ZONE
    assert at("18 Desember 2025 19:00 WIB", zone=None) == "2025-12-18T19:00:00+07:00"


def test_a_clock_belongs_to_the_day_beside_it() -> None:
    assert at("19:00 WIB, 18 Desember 2025") == "2025-12-18T19:00:00+07:00"
    assert at("19:00 WIB - 18/12/2025") == "2025-12-18T19:00:00+07:00"
    assert at("08:39, 6 Jan 2025 Diperbarui 08:41, 6 Jan 2025") == "2025-01-06T08:39:00+07:00"


def test_numbers_of_other_things_are_no_clock() -> None:
    assert moment("18 Desember 2025 - 03:15 menit").precision is Precision.DAY
    assert moment("18 Desember 2025 Persija 2:1 Persib").precision is Precision.DAY
    assert moment("18 Desember 2025 Rp 3.500").precision is Precision.DAY
