"""Texts made to take time: only a few hundred characters of a text are looked at, in linear time."""

from __future__ import annotations

import pytest

from feedsvc.dates import Reason, find, is_date, read, read_stamp
from tests.dates.places import JAKARTA, NOW, at, reason

MANY = 100_000


@pytest.mark.parametrize(
    "piece",
    [
        *(
            "a",
            "1",
            "1.",
            "a.",
            "1 Jan ",
            "-",
            " ",
            "ก",
            "年",
            "a'",
            "\u202a",
            "Jan ",
            "1:",
            "\u0301",
            "a\u0301",
        ),
        *(
            "Senin, ",
            "18 Des 2025 ",
            "menit lalu ",
            "5 menit ",
            "1/",
            "2025-",
            "1-1-",
            "(",
            "T",
            "Z",
            "+7",
            "am ",
        ),
        *(
            "日",
            "0",
            "10 ",
            "Kamis 18 ",
            "19:00 ",
            "@",
            "é",
            "Aa",
            "tháng ",
            "hari ini ",
            "ม.",
            "2025 ",
            "'",
            "lalu",
        ),
    ],
)
def test_endless_repetition_ends(piece: str) -> None:
    text = (piece * MANY)[:MANY]
    read(text, language="id", zone=JAKARTA, now=NOW)
    find(text, language="", zone=JAKARTA, now=NOW)
    read_stamp(text)
    is_date(text)
    short = text[:99]
    read(short, language="en", zone=JAKARTA, now=NOW)
    read_stamp(short)
    is_date(short)


def test_a_date_at_the_beginning_of_a_long_text_is_read() -> None:
    assert at("Kamis, 18 Desember 2025, 19:00 WIB " + "kata " * 1000) == "2025-12-18T19:00:00+07:00"


def test_a_number_is_never_read_by_half() -> None:
    text = "kata " * 57 + " 18 Desember 2025"  # cut behind "20"
    assert text[:300].endswith("18 Desember 20")
    assert reason(text) is Reason.NO_DATE
