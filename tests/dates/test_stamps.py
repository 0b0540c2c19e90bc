"""Stamps that programs write, alone (read_stamp) and where feeds print them (read)."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from feedsvc.dates import Doubt, Moment, Precision, Reason, read, read_stamp
from tests.dates.places import JAKARTA, NEW_YORK

SEVEN = "2025-12-18T19:00:00+07:00"
NOON = "2025-12-18T12:00:00+00:00"


def stamp(text: str, zone: ZoneInfo | None = None) -> Moment:
    found = read_stamp(text, zone=zone)
    assert isinstance(found, Moment), f"{text!r}: {found}"
    assert found.text == text
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2025-12-18T19:00:00+07:00", SEVEN),
        ("2025-12-18T19:00:00+0700", SEVEN),
        ("2025-12-18T19:00:00+07", SEVEN),
        ("2025-12-18T19:00:00+7:00", SEVEN),
        ("2025-12-18T19:00:00%2B07:00", SEVEN),
        ("2025-12-18T19:00:00.123456+07:00", SEVEN),
        ("2025-12-18T19:00:00,123+07:00", SEVEN),
        ("2025-12-18t12:00:00z", NOON),
        ("2025-12-18T12-00-00Z", NOON),
        ("2025-12-18 19:00:00 +0700", SEVEN),
        ("2025-12-18 19:00:00+07", SEVEN),
        ("2025-12-18 19:00:00 WIB", SEVEN),
        ("2025-12-18 12:00:00 UTC", NOON),
        ("2025-12-18 12:00:00 +0000 UTC", NOON),
        ("2025-12-18 19:00:00 +0700 WIB m=+0.013", SEVEN),
        ("2025-12-18T19:00:00+07:00[Asia/Jakarta]", SEVEN),
        ("2025-12-18T05:00:00−07:00", "2025-12-18T05:00:00-07:00"),
        ("2025/12/18 19:00:00 +07:00", SEVEN),
        ("20251218T190000+0700", SEVEN),
        ("2025-W51-4T12:00:00Z", NOON),
        ("2025-352T12:00:00Z", NOON),
        ("2025-12-17T24:00:00Z", "2025-12-18T00:00:00+00:00"),
        ("2025-12-18T11:59:60Z", "2025-12-18T11:59:59+00:00"),
        ("  2025-12-18T12:00:00Z\n", NOON),
        ("Thu, 18 Dec 2025 19:00:00 +0700", SEVEN),
        ("Thu, 18 Dec 2025 12:00:00 GMT", NOON),
        ("Thu, 18 Dec 2025 12:00:00 UT", NOON),
        ("Thu, 18 Dec 2025 12:00:00 Z", NOON),
        ("18 Dec 2025 12:00:00 GMT", NOON),
        ("Thu, 18 Dec 25 12:00:00 GMT", NOON),
        ("Thursday, 18-Dec-25 12:00:00 GMT", NOON),
        ("Thu, 18 Dec 2025 07:00:00 EST", "2025-12-18T07:00:00-05:00"),
        ("Thu, 18 Dec 2025 19:00:00 WIB", SEVEN),
        ("Thu, 18 Dec 2025 19:00:00 GMT+7", SEVEN),
        ("Thu Dec 18 2025 19:00:00 GMT+0700 (Western Indonesia Time)", SEVEN),
        ("Thu Dec 18 19:00:00 WIB 2025", SEVEN),
        ("Thu Dec 18 19:00:00 +0700 2025", SEVEN),
        ("1766059200", NOON),
        ("1766059200000", NOON),
        ("1766059200000000", NOON),
        ("1766059200.25", NOON),
        ("@1766059200", NOON),
        ("/Date(1766059200000+0700)/", NOON),
    ],
)
def test_complete_stamps(text: str, expected: str) -> None:
    found = stamp(text)
    assert (found.at.isoformat(), found.precision) == (expected, Precision.SECOND)
    assert found.flags == frozenset()


@pytest.mark.parametrize(
    ("text", "expected", "precision"),
    [
        ("2025-12-18T19:00:00", SEVEN, Precision.SECOND),
        ("2025-12-18 19:00", SEVEN, Precision.MINUTE),
        ("2025-12-18T19", SEVEN, Precision.MINUTE),
        ("2025-12-18", "2025-12-18T00:00:00+07:00", Precision.DAY),
        ("20251218", "2025-12-18T00:00:00+07:00", Precision.DAY),
        ("202512181900", SEVEN, Precision.MINUTE),
        ("20251218190000", SEVEN, Precision.SECOND),
        ("Thu Dec 18 19:00:00 2025", SEVEN, Precision.SECOND),
        ("Thu, 18 Dec 2025 19:00:00", SEVEN, Precision.SECOND),
        ("Thu, 18 Dec 2025 19:00:00 A", SEVEN, Precision.SECOND),  # a military letter tells nothing
        ("2025-12-18T19:00:00[Asia/Jakarta]", SEVEN, Precision.SECOND),
    ],
)
def test_stamps_without_a_zone_have_the_pages(text: str, expected: str, precision: Precision) -> None:
    found = stamp(text, JAKARTA)
    assert (found.at.isoformat(), found.precision) == (expected, precision)
    assert found.flags == {"zone-assumed"}
    assert read_stamp(text) == Doubt(reason=Reason.NO_ZONE, text=text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2025-02-31T12:00:00Z", Reason.IMPOSSIBLE_DATE),
        ("2025-13-01", Reason.IMPOSSIBLE_DATE),
        ("2025-W54-1", Reason.IMPOSSIBLE_DATE),
        ("2025-366T12:00:00Z", Reason.IMPOSSIBLE_DATE),
        ("2025-12-18T24:25:00Z", Reason.IMPOSSIBLE_TIME),
        ("2025-12-18T12:61:00Z", Reason.IMPOSSIBLE_TIME),
        ("2025-12-18T12:00:00+15:00", Reason.IMPOSSIBLE_TIME),
        ("0001-01-01T00:00:00Z", Reason.OUT_OF_RANGE),
        ("1970-01-01T00:00:00Z", Reason.OUT_OF_RANGE),
        ("9999999999", Reason.OUT_OF_RANGE),
        ("Thu, 18 Dec 2025 19:00:00 CST", Reason.AMBIGUOUS_ZONE),
        ("2025-12", Reason.NO_DATE),
        ("2025", Reason.NO_DATE),
        ("12345678", Reason.NO_DATE),
        ("2025121801", Reason.NO_DATE),  # a running number of a day
        ("18 Desember 2025", Reason.NO_DATE),
        ("December 18, 2025 7:00 PM", Reason.NO_DATE),
        ("18 Dec 2025 07:00:00 PM", Reason.NO_DATE),
        ("", Reason.NO_DATE),
        ("@", Reason.NO_DATE),
        ("²²²²-²²-²²", Reason.NO_DATE),
    ],
)
def test_what_is_no_stamp_or_a_wrong_one(text: str, expected: Reason) -> None:
    assert read_stamp(text) == Doubt(reason=expected, text=text)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Thu, 18 Dec 2025 19:00:00 WIB", "id"),
        ("Thu, 18 Dec 2025 19:00:00 +0700", ""),
        ("Kam, 18 Des 2025 19:00:00 +0700", "id"),
        ("Kam, 18 Des 2025 19:00:00 +0700", "en-US"),
        ("Kamis, 18 Desember 2025 19:00:00 +0700", ""),
        ("jeu., 18 déc. 2025 19:00:00 +0700", "fr"),
        ("2025-12-18 19:00:00 +0700", "id"),
        ("2025-12-18T19:00:00+07:00", ""),
        ("Published 2025-12-18T19:00:00+07:00 by us", "en"),
        ("18 Dec 2025 07:00:00 PM +0700", "en"),
        ("Dec 18, 2025 07:00:00.123 PM GMT+7", "en"),
    ],
)
def test_dates_of_feeds_are_read(text: str, language: str) -> None:
    found = read(text, language=language, zone=NEW_YORK)
    assert isinstance(found, Moment)
    assert (found.at.isoformat(), found.flags) == (SEVEN, frozenset())


@pytest.mark.parametrize(
    "text",
    ["Fri, 18 Dec 2025 19:00:00 +0700", "Jum, 18 Des 2025 19:00:00 WIB", "Fri, 18 Dec 2025 19:00 +0700"],
)
def test_a_wrong_weekday_in_a_complete_stamp_is_flagged_and_in_prose_a_doubt(text: str) -> None:
    found = read(text, language="id", zone=JAKARTA)
    assert isinstance(found, Moment)
    assert found.at.isoformat() == SEVEN
    assert found.flags == {"weekday-wrong"}
    prose = read("Jumat, 18 Desember 2025 19:00 WIB", language="id", zone=JAKARTA)
    assert prose == Doubt(reason=Reason.WEEKDAY, text="Jumat, 18 Desember 2025 19:00 WIB")


def test_a_stamp_of_another_calendar_is_not_misread() -> None:
    found = read("2568-12-18 19:00", language="th", zone=ZoneInfo("Asia/Bangkok"))
    assert isinstance(found, Moment)
    assert found.at == datetime(2025, 12, 18, 12, 0, tzinfo=UTC)
