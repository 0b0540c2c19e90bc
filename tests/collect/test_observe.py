"""How late a source is: told by when we looked in vain, not by how seldom we look."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from feedsvc.collect.bodies import PollResult
from feedsvc.collect.observe import observe
from feedsvc.model import Draft

NOW = datetime(2026, 1, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
RESULT = PollResult(by_list=(("list", ((Draft(url="https://news.example/1", title="T"), False),)),))


def test_who_is_polled_once_a_day_is_not_late() -> None:
    seen = observe(RESULT, [NOW - 20 * HOUR], NOW, before=NOW - 24 * HOUR)
    assert (seen.lag, seen.late) == (20 * 3600, 0)


def test_what_was_not_there_at_the_poll_before_is_late() -> None:
    """Published six hours ago, and a quarter of an hour ago the source did not show it."""
    seen = observe(RESULT, [NOW - 6 * HOUR, NOW - 7 * HOUR, None], NOW, before=NOW - HOUR / 4)
    assert seen.late == 6.5 * 3600 - 900


def test_nothing_new_says_nothing() -> None:
    seen = observe(RESULT, [], NOW, before=NOW - HOUR)
    assert (seen.lag, seen.late) == (None, None)


def test_at_the_first_poll_the_source_has_not_been_watched() -> None:
    assert observe(RESULT, [NOW - HOUR], NOW, before=None).late is None
