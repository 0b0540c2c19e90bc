"""Building a feed from what was read: the window without its near-duplicates is what the store would show."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from feedsvc.publish.feeds import _without
from feedsvc.store import schema as t
from feedsvc.store.publishing.windows import read_window
from tests.filled import START, Filled

NOW = START + timedelta(days=30)  # nothing is recent: the size alone says what stands in the window


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    made = Filled(tmp_path_factory.mktemp("feeds") / "store.db", sections=1, articles=160)
    yield made
    made.database.close()


@pytest.mark.parametrize("seed", range(12))
def test_a_window_is_filled_up_where_near_duplicates_leave_it(filled: Filled, seed: int) -> None:
    chance = random.Random(seed)
    size = chance.randint(1, 30)
    spec = replace(filled.lists[0], merge_duplicates=True, size=size)
    served = {number for number in range(1, 161) if chance.random() < 0.3}
    with filled.database.read() as connection:
        window = read_window(connection, spec, NOW, served)
    numbers = [one.article.no for one in window.entries]
    new = [number for number in numbers if number not in served and number != min(numbers)]
    duplicates = {number: min(numbers) for number in new if chance.random() < 0.6}

    merged = _without(window, duplicates, size)

    with filled.database.write() as connection:
        m = t.membership.c
        connection.execute(update(t.membership).values(folded=None))
        for copy, first in duplicates.items():
            where = (m.list == "latest") & (m.article == copy)
            connection.execute(update(t.membership).where(where).values(folded=first))
    with filled.database.read() as connection:
        expected = read_window(connection, spec, NOW, served={*served, *numbers, *range(161)})
    assert merged.entries == expected.entries
    with filled.database.write() as connection:
        connection.execute(update(t.membership).values(folded=None))
