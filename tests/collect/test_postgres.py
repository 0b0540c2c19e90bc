"""What an article lives through, on PostgreSQL: the stories that touch the most tables."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.collect import test_moves, test_withdrawal
from tests.collect.newsroom import House, house
from tests.conftest import Clock
from tests.databases import Postgres
from tests.servers import ScriptedServer

LIVES = [
    test_moves.test_a_changed_headline_is_read_at_once_and_moves_updated_alone,
    test_moves.test_an_old_address_that_redirects_later_joins_both_and_atom_tells,
    test_withdrawal.test_a_story_that_is_gone_is_withdrawn_within_minutes_and_comes_back,
    test_withdrawal.test_the_editors_hand_wins_and_is_told,
]


@pytest.mark.parametrize("life", LIVES, ids=lambda one: one.__name__.removeprefix("test_"))
def test_on_postgresql(
    life: Callable[[House], None],
    tmp_path: Path,
    clock: Clock,
    upstream: ScriptedServer,
    postgres: Postgres,
) -> None:
    with house(tmp_path, clock, upstream, store_url=postgres.new()) as room:
        if life.__module__ == test_withdrawal.__name__:  # they begin with a story that was served
            room.site.publish("/read/a", test_withdrawal.TITLE, "/berita")
            room.look()
        life(room)
