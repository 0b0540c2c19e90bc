"""Dates are read, never invented; a doubtful one is held back, never the article."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from uuid import UUID

import pytest

from feedsvc.curate import MintedIds, settle
from feedsvc.curate.settle import date_in
from feedsvc.dates import Precision
from feedsvc.model import Draft, Key, Level
from tests.makers import JAKARTA, draft, moment, statement

SEEN = datetime(2025, 12, 18, 12, 30, tzinfo=UTC)  # 19:30 in Jakarta
WIB = timezone(timedelta(hours=7))
NAMESPACE = UUID("6b2b5a0e-6c1d-4a41-9d54-6f2a6f6c9a11")


def settled(*statements: object, url: str = "https://n.example/a", rank: int = 0) -> tuple[datetime, str]:
    found = settle(statements, url=url, first_seen=SEEN, rank=rank, zone=JAKARTA, now=SEEN)  # type: ignore[arg-type]
    return found.at, found.origin.partition(":")[0]


def at(hour: int, minute: int = 0, day: int = 18, precision: Precision = Precision.MINUTE) -> Draft:
    return draft(1, published=moment(datetime(2025, 12, day, hour, minute, tzinfo=WIB), precision))


def test_the_page_counts_more_than_the_list() -> None:
    page, found = statement(at(19), Level.PAGE, SEEN, 2), statement(at(18), Level.LIST, SEEN)
    assert settled(found, page) == (datetime(2025, 12, 18, 12, 0, tzinfo=UTC), "page")


def test_a_minute_counts_more_than_a_day() -> None:
    page = statement(at(0, precision=Precision.DAY), Level.PAGE, SEEN, 2)
    found = statement(at(19), Level.LIST, SEEN)
    assert settled(page, found) == (datetime(2025, 12, 18, 12, 0, tzinfo=UTC), "list")


def test_unless_it_is_of_another_day() -> None:
    page = statement(at(0, day=16, precision=Precision.DAY), Level.PAGE, SEEN, 2)
    found = statement(at(19, day=18), Level.LIST, SEEN)
    assert settled(page, found) == (datetime(2025, 12, 16, 5, 0, tzinfo=UTC), "page")


def test_a_day_is_today_since_it_was_seen_or_noon() -> None:
    today = statement(at(0, precision=Precision.DAY), Level.PAGE, SEEN)
    assert settled(today) == (SEEN, "page")
    before = statement(at(0, day=17, precision=Precision.DAY), Level.PAGE, SEEN)
    assert settled(before) == (datetime(2025, 12, 17, 5, 0, tzinfo=UTC), "page")  # 12:00 WIB


def test_a_future_date_is_held_back() -> None:
    page, found = statement(at(20), Level.PAGE, SEEN, 2), statement(at(19), Level.LIST, SEEN)
    assert settled(page, found)[1] == "list"
    assert settled(page) == (SEEN, "first seen")
    slightly = statement(at(19, 39), Level.PAGE, SEEN)
    assert settled(slightly) == (datetime(2025, 12, 18, 12, 39, tzinfo=UTC), "page")


def test_a_future_date_of_the_store_is_an_embargo() -> None:
    one = at(23)
    embargo = Draft(url=one.url, title=one.title, published=one.published, embargo=True)
    found = settle(
        [statement(embargo, Level.STORE, SEEN)], url=one.url, first_seen=SEEN, rank=0, zone=JAKARTA, now=SEEN
    )
    assert found.embargo
    assert found.at == datetime(2025, 12, 18, 16, 0, tzinfo=UTC)


def test_the_address_then_the_moment_of_finding() -> None:
    nothing = statement(draft(1), Level.LIST, SEEN)
    old = "https://n.example/politik/read/2025/12/10/1/judul"
    assert settled(nothing, url=old) == (datetime(2025, 12, 10, 5, 0, tzinfo=UTC), "address")
    assert settled(nothing, rank=3) == (SEEN - timedelta(seconds=3), "first seen")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://n.example/read/2025/12/18/1/a", date(2025, 12, 18)),
        ("https://n.example/2025-12-18-judul", date(2025, 12, 18)),
        ("https://n.example/berita-20251218-a", date(2025, 12, 18)),
        ("https://n.example/2025/13/18/a", None),
        ("https://n.example/2025/02/31/a", None),
        ("https://n.example/2025/12/18/banding-2024-01-01", None),
        ("https://n.example/a?d=2025/12/18", None),
        ("https://n.example/read/104233", None),
    ],
)
def test_dates_in_addresses(url: str, expected: date | None) -> None:
    assert date_in(url) == expected


def test_ids_are_the_upstreams_own_where_it_has_one() -> None:
    said = statement(draft(1, guid="tag:n.example,2025:1"), Level.FEED, SEEN)
    keys = (Key("guid", "feed:1", "tag:n.example,2025:1"), Key("address", "", "n.example/a"))
    assert (
        next(iter(MintedIds(NAMESPACE, [said], keys, "https://n.example/a", SEEN))) == "tag:n.example,2025:1"
    )


def test_no_two_articles_have_all_their_ids_in_common() -> None:
    """Not even those that nothing names any more, and that are dated alike."""
    one, other = ([*MintedIds(NAMESPACE, [], (), "", SEEN, number)] for number in (7, 8))
    assert one[-1] not in other


def test_minted_ids_do_not_depend_on_who_found_the_article_or_when() -> None:
    one = statement(draft(1), Level.LIST, SEEN, 1)
    other = statement(draft(1), Level.LIST, SEEN + timedelta(days=9), 2)
    url = "https://www.n.example/a?utm_source=x"
    first = next(iter(MintedIds(NAMESPACE, [one], (), url, SEEN)))
    assert first == next(
        iter(MintedIds(NAMESPACE, [other], (), "http://n.example/a/", SEEN + timedelta(days=1)))
    )
    assert first.startswith("urn:uuid:")
    row = next(iter(MintedIds(NAMESPACE, [one], (Key("row", "sql:1", "77"),), url, SEEN)))
    assert row != first
