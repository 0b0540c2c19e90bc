"""Zones behind clocks, and the zone where a page is at home."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from feedsvc.dates import Precision, Reason, home_zone
from feedsvc.dates.hints import _countries, _zone_names
from tests.dates.places import BERLIN, JAKARTA, LONDON, NEW_YORK, UTC, at, moment, reason

KOLKATA = ZoneInfo("Asia/Kolkata")
SHANGHAI = ZoneInfo("Asia/Shanghai")
DUBLIN = ZoneInfo("Europe/Dublin")


@pytest.mark.parametrize(
    ("text", "zone", "expected"),
    [
        ("18 Dec 2025 19:00 WIB", UTC, "+07:00"),
        ("18 Dec 2025 19:00 wita", UTC, "+08:00"),
        ("18 Dec 2025 19:00 (WIT)", UTC, "+09:00"),
        ("18 Dec 2025 19:00 GMT+7", UTC, "+07:00"),
        ("18 Dec 2025 19:00 (GMT+07:00)", UTC, "+07:00"),
        ("18 Dec 2025 19:00 UTC -3:30", JAKARTA, "-03:30"),
        ("18 Dec 2025 19:00 +0530", UTC, "+05:30"),
        ("18 Dec 2025 19:00 Uhr MEZ", UTC, "+01:00"),
        ("18 Jun 2025 19:00 CEST", UTC, "+02:00"),
        ("18 Jun 2025 7:00 pm ET", UTC, "-04:00"),
        ("18 Dec 2025 7:00 pm ET", UTC, "-05:00"),
        ("18 Jun 2025 7:00 pm Pacific Time", UTC, "-07:00"),
        ("19:00 JST, December 18, 2025", UTC, "+09:00"),
        ("19:00, 18 Dec 2025 WIB", UTC, "+07:00"),
    ],
)
def test_printed_zones(text: str, zone: ZoneInfo, expected: str) -> None:
    assert at(text, "en-GB", zone).endswith(f"19:00:00{expected}")


@pytest.mark.parametrize(
    ("text", "language", "zone", "expected"),
    [
        ("18 Dec 2025 19:00 IST", "en", KOLKATA, "+05:30"),
        ("18 Jun 2025 19:00 IST", "en", DUBLIN, "+01:00"),
        ("18 Dec 2025 19:00 IST", "hi", UTC, "+05:30"),
        ("18 Dec 2025 19:00 IST", "en-IN", UTC, "+05:30"),
        ("18 Dec 2025 19:00 CST", "en", SHANGHAI, "+08:00"),
        ("18 Dec 2025 19:00 CST", "zh", UTC, "+08:00"),
        ("18 Dec 2025 19:00 CST", "en", NEW_YORK, "-06:00"),
        ("18 Dec 2025 19:00 CST", "en-US", UTC, "-06:00"),
        ("18 Dec 2025 19:00 EST", "en", UTC, "-05:00"),
        ("18 Dec 2025 19:00 PST", "en", ZoneInfo("Asia/Manila"), "+08:00"),
        ("18 Dec 2025 19:00 PST", "en", UTC, "-08:00"),
        ("18 Jun 2025 19:00 BST", "en", LONDON, "+01:00"),
    ],
)
def test_letters_of_several_zones_follow_the_page(
    text: str, language: str, zone: ZoneInfo, expected: str
) -> None:
    assert at(text, language, zone).endswith(expected)


@pytest.mark.parametrize("letters", ["IST", "CST", "AST"])
def test_letters_of_several_zones_leave_the_day_that_is_printed(letters: str) -> None:
    text = f"18 Dec 2025 19:00 {letters}"
    for zone in (UTC, BERLIN, JAKARTA):
        found = moment(text, "en", zone)
        assert (found.at.date().isoformat(), found.precision) == ("2025-12-18", Precision.DAY)
        assert "zone-ambiguous" in found.flags
    assert reason(text, "en", None) is Reason.AMBIGUOUS_ZONE


def test_words_that_are_zones_only_in_capitals() -> None:
    assert at("18 décembre 2025, 19:00 est la date", "fr", UTC).endswith("+00:00")
    assert at("18. Dezember 2025, 19:00 ist es", "de", BERLIN).endswith("+01:00")


def test_a_span_of_time_is_no_zone() -> None:
    assert at("18 Des 2025, 10:00-12:00 WIB").endswith("T10:00:00+07:00")
    assert at("18 Des 2025, 16:15-20:00", zone=BERLIN).endswith("T16:15:00+01:00")


@pytest.mark.parametrize(
    ("url", "language", "expected"),
    [
        ("https://news.example.co.id/berita", "en-US", "Asia/Jakarta"),
        ("https://news.example.id/", "", "Asia/Jakarta"),
        ("https://example.com/", "id", "Asia/Jakarta"),
        ("https://example.com/", "in-ID", "Asia/Jakarta"),
        ("https://example.com/", "de_AT", "Europe/Vienna"),
        ("https://example.com/", "zh-Hant-TW", "Asia/Taipei"),
        ("https://example.co.uk/", "", "Europe/London"),
        ("https://example.com.br/", "", "America/Sao_Paulo"),
        ("https://example.com.co/", "es", "America/Bogota"),
        ("https://example.de.", "", "Europe/Berlin"),
        ("", "nb", "Europe/Oslo"),
    ],
)
def test_home_zone(url: str, language: str, expected: str) -> None:
    assert home_zone(url, language) == ZoneInfo(expected)


@pytest.mark.parametrize(
    ("url", "language"),
    [
        ("https://example.com/", "en"),
        ("https://example.com/", "en-US"),  # several zones
        ("https://example.com/", "en-GB"),  # a spelling, not a place
        ("https://example.com.au/", "en-AU"),
        ("https://example.com/", "es"),
        ("https://example.tv/", ""),
        ("https://example.co/", ""),
        ("http://[bad", ""),
        ("https://127.0.0.1/", ""),
        ("", ""),
        ("nonsense", "x-y-z"),
    ],
)
def test_home_zone_tells_nothing_where_it_knows_nothing(url: str, language: str) -> None:
    assert home_zone(url, language) is None


def test_every_zone_and_country_of_the_table_exists() -> None:
    assert {ZoneInfo(name).key for name in _zone_names().values()} == set(_zone_names().values())
    assert set(_countries().values()) <= _zone_names().keys()
