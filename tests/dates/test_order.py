"""Day or month first: never guessed, only concluded from evidence."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from feedsvc.dates import Reason
from tests.dates.places import BERLIN, JAKARTA, LONDON, NEW_YORK, UTC, at, reason

TORONTO = ZoneInfo("America/Toronto")
TOKYO = ZoneInfo("Asia/Tokyo")
MANILA = ZoneInfo("Asia/Manila")


@pytest.mark.parametrize(
    ("language", "zone", "expected"),
    [
        ("id", UTC, "2025-12-05"),
        ("de", UTC, "2025-12-05"),
        ("en-GB", UTC, "2025-12-05"),
        ("en-ZA", UTC, "2025-12-05"),
        ("en-US", UTC, "2025-05-12"),
        ("en-US", NEW_YORK, "2025-05-12"),
        ("en-PH", MANILA, "2025-05-12"),
        ("en", NEW_YORK, "2025-05-12"),
        ("en", LONDON, "2025-12-05"),
        ("", JAKARTA, "2025-12-05"),
        ("", NEW_YORK, "2025-05-12"),
        ("sv", UTC, "2025-12-05"),
    ],
)
def test_evidence_decides(language: str, zone: ZoneInfo, expected: str) -> None:
    assert at("05/12/2025", language, zone).startswith(expected)


@pytest.mark.parametrize(
    ("language", "zone"),
    [
        ("", UTC),
        ("en", UTC),
        ("", TORONTO),
        ("en-CA", TORONTO),
        ("ja", TOKYO),
        ("en-US", JAKARTA),  # what publishing systems claim unless they are told otherwise
        ("en-US", BERLIN),
    ],
)
def test_without_evidence_or_with_contradicting_evidence_it_is_a_doubt(language: str, zone: ZoneInfo) -> None:
    assert reason("05/12/2025", language, zone) is Reason.AMBIGUOUS_ORDER


def test_some_figures_tell_their_order_themselves() -> None:
    assert at("18/12/2025", "", UTC).startswith("2025-12-18")
    assert at("12/18/2025", "", UTC).startswith("2025-12-18")
    assert at("12/12/2025", "", UTC).startswith("2025-12-12")
    assert at("05.12.2025", "", UTC).startswith("2025-12-05")  # who writes dots writes the day first …
    assert at("2025/12/05", "en-US", NEW_YORK).startswith("2025-12-05")
    assert at("05.12.2025", "en-US", NEW_YORK).startswith("2025-05-12")  # … except in America


def test_a_weekday_beside_them_tells_the_order() -> None:
    assert at("Friday, 05/12/2025", "en", UTC).startswith("2025-12-05")
    assert at("Monday, 05/12/2025", "en", UTC).startswith("2025-05-12")
    assert reason("Sunday, 05/12/2025", "en", UTC) is Reason.AMBIGUOUS_ORDER


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("05.12.25", "de", "2025-12-05"),
        ("05/12/25", "en-US", "2025-05-12"),
        ("25.12.05", "ko", "2025-12-05"),
        ("25. 12. 5.", "ko", "2025-12-05"),
        ("05/12/98", "de", "1998-12-05"),
        ("18/12/'25", "en-GB", "2025-12-18"),
        ("18-Dec-25", "en", "2025-12-18"),
        ("18 Dec '25", "en", "2025-12-18"),
    ],
)
def test_years_of_two_digits(text: str, language: str, expected: str) -> None:
    assert at(text, language, UTC).startswith(expected)


def test_three_short_numbers_without_a_language_are_a_doubt() -> None:
    assert reason("05/12/25", "", JAKARTA) is Reason.AMBIGUOUS_ORDER
    assert reason("25.12.05", "", UTC) is Reason.AMBIGUOUS_ORDER
    assert at("12/18/14", "", UTC).startswith("2014-12-18")  # nothing else is a date


def test_a_year_of_two_digits_is_not_taken_from_a_clock() -> None:
    assert at("18 Des 19:00").startswith("2025-12-18T19:00")
    assert at("18 Des 19.00 WIB").startswith("2025-12-18T19:00")
    assert at("18 Des 19, 20:00").startswith("2019-12-18T20:00")
