"""Telling date lines from titles, and finding a date in a longer text."""

from __future__ import annotations

import pytest

from feedsvc.dates import find, is_date
from tests.dates.places import JAKARTA, NOW


@pytest.mark.parametrize(
    "text",
    [
        "KAMIS, 18 DESEMBER 2025 | 19:00 WIB",
        "Jumat, 19 Desember 2025 | 00:09",
        "Tayang: Kamis, 18 Des 2025",
        "18 Desember",
        "17 Agustus 2025",
        "Desember 2025",
        "05/06/2025",  # whichever is the day
        "18.12.2025, 19.05 Uhr",
        "2025-12-18T19:00:00+07:00",
        "19:05",
        "19.05 WIB",
        "Kemarin",
        "Kemarin, 21.15 WIB",
        "Hari ini",
        "Baru saja",
        "5 menit yang lalu",
        "sejam lalu",
        "an hour ago",
        "vor 2 Stunden",
        "昨天",
        "3小时前",
        "2025年12月18日",
        "18 ธันวาคม 2568",
        "10 Desember 2025 - 12 Desember 2025",
    ],
)
def test_date_lines(text: str) -> None:
    assert is_date(text)
    assert is_date(f"  {text} \n")


@pytest.mark.parametrize(
    "text",
    [
        "2054, Part VI",
        "1984",
        "2025",
        "9/11",
        "24/7",
        "Covid-19",
        "Apollo 11",
        "12 jam",
        "Kamis",
        "19.05",
        "3-1",
        "Persib 2-1 Persija",
        "Top 10 Lagu 2025",
        "Tragedi 12 Mei 1998",
        "Pemilu 2024: Hasil Hitung Cepat",
        "Harga Emas Hari Ini Naik Tajam",
        "Baru Saja Terjadi Gempa",
        "A Day in the Life",
        "Menteri Resmikan Jembatan Baru di Kalimantan",
        "By Jane Doe, 12 Jan 2025",
        "今天我们来谈谈中国的经济发展",
        "",
        "   ",
        "—",
        "x" * 500,
        "18 Desember 2025 " * 20,
    ],
)
def test_what_is_no_date_line(text: str) -> None:
    assert not is_date(text)


def test_a_date_is_cut_from_a_title() -> None:
    text = "Menteri Resmikan Jembatan Baru - Kamis, 18 Des 2025 19:00 WIB (Foto)"
    found = find(text, language="id", zone=JAKARTA, now=NOW)
    assert found is not None
    assert text[found.start : found.end] == "Kamis, 18 Des 2025 19:00 WIB"
    assert found.moment.at.isoformat() == "2025-12-18T19:00:00+07:00"
    assert 0.3 < found.fill < 0.5


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tayang: Kamis, 18 Des 2025 | 19:00 WIB", "Tayang: Kamis, 18 Des 2025 | 19:00 WIB"),
        ("Oleh Budi, 19:00 WIB, 18 Desember 2025.", "19:00 WIB, 18 Desember 2025"),
        ("Kemarin, 21.15 WIB | Nasional", "Kemarin, 21.15 WIB"),
        ("Nasional | 5 menit yang lalu", "5 menit yang lalu"),
        ("  2025-12-18T19:00:00Z ", "2025-12-18T19:00:00Z"),
        ("更新時間：2025年12月18日（木）19:05 分享", "更新時間：2025年12月18日（木）19:05"),
    ],
)
def test_the_place_takes_in_what_belongs_to_the_date(text: str, expected: str) -> None:
    found = find(text, language="id", zone=JAKARTA, now=NOW)
    assert found is not None
    assert text[found.start : found.end] == expected


def test_a_line_that_is_all_date_is_filled() -> None:
    found = find("Kamis, 18 Des 2025, 19:00 WIB", language="id", zone=JAKARTA)
    assert found is not None
    assert found.fill == 1.0


@pytest.mark.parametrize(
    "text", ["Menteri Resmikan Jembatan", "31 Februari 2025", "05/06/2025", "2025-02-31", ""]
)
def test_where_read_doubts_nothing_is_found(text: str) -> None:
    assert find(text, language="en") is None
