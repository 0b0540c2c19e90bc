"""Whatever is read, in whatever order, and whatever editors do: ids, dates and entries hold."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.curate import release
from feedsvc.dates import Precision
from feedsvc.editorial import Editorial
from feedsvc.extract.child import ChildExtractor
from feedsvc.store.articles.editorial import SqlEditorial
from tests.collect.test_unit_of_work import Newsroom, gone, page_says
from tests.conftest import Clock
from tests.kinds import examples
from tests.makers import SITE, draft, moment
from tests.stores import migrated

START = datetime(2025, 12, 18, 12, tzinfo=UTC)
TEXTS = ["<p>" + " ".join(f"{seed}{n} di kota" for n in range(30)) + "</p>" for seed in ("kata", "lain")]
TITLES = ["Banjir melanda tiga desa", "Banjir melanda empat desa", "Pasar dibuka", "Jadwal salat hari ini"]
HANDS = ["hide", "show", "withdraw", "edit", "erase"]


@contextmanager
def newsroom() -> Iterator[Newsroom]:
    with tempfile.TemporaryDirectory() as folder:
        database = migrated(f"sqlite:///{folder}/store.db")
        room = Newsroom(database, Clock(START))
        for number in (0, 1):
            room.reads(("politik", []), number=number)  # every source has been looked at once
        try:
            yield room
        finally:
            database.close()


items = st.builds(
    lambda number, title, age, guid: draft(
        number,
        title=TITLES[title],
        guid=f"g-{guid}" if guid else "",
        published=None if age is None else moment(START - timedelta(minutes=age), Precision.MINUTE),
    ),
    st.integers(1, 6),
    st.integers(0, 3),
    st.one_of(st.none(), st.integers(-5, 4000)),
    st.integers(0, 3),
)
steps = st.one_of(
    st.tuples(st.just("list"), st.integers(0, 1), st.booleans(), st.lists(items, min_size=1, max_size=6)),
    st.tuples(st.just("page"), st.integers(1, 6), items, st.integers(0, 1)),
    st.tuples(st.just("gone"), st.integers(1, 6)),
    st.tuples(st.just("hand"), st.sampled_from(HANDS), st.integers(1, 6)),
    st.tuples(st.just("wait"), st.integers(0, 4000)),
)


@dataclass
class Watch:
    """What was ever served, and whether it still holds."""

    room: Newsroom
    seen: dict[int, dict[str, Any]] = field(default_factory=dict)
    taken_back: set[int] = field(default_factory=set)

    def look(self) -> None:
        rows = {row["no"]: row for row in self.room.rows("article")}
        ids = Counter(row["id"] for row in rows.values() if row["id"])
        assert all(count == 1 for count in ids.values())
        for number, before in self.seen.items():
            after = rows[number]
            assert after["id"] == before["id"]
            assert after["published"] == before["published"]
            assert after["updated"] >= before["updated"]
            if before["state"] == "live" and after["state"] != "live":
                assert after["state"] == "merged" or number in self.taken_back
            if after["state"] == "merged":
                assert rows[after["merged_into"]]["state"] != "merged"
        if self.seen:
            moments = [row["updated"] for row in rows.values() if row["state"] == "live"]
            assert len(moments) == len(set(moments))
        self.seen |= {number: row for number, row in rows.items() if row["id"]}  # type: ignore[misc]
        self._places(rows)  # type: ignore[arg-type]

    def _places(self, rows: dict[int, dict[str, Any]]) -> None:
        members = self.room.rows("membership")
        for one in members:
            assert one["live"] == (rows[one["article"]]["state"] == "live"), one  # type: ignore[index]
        numbers = Counter((one["list"], one["entered"]) for one in members if one["entered"])
        assert all(count == 1 for count in numbers.values())
        live = {number for number, row in rows.items() if row["state"] == "live"}
        assert live == {one["article"] for one in members if one["list"] == "latest" and one["live"]}
        keys = self.room.rows("key")
        assert not any(rows[key["article"]]["state"] == "merged" for key in keys)  # type: ignore[index]


def editorial_of(room: Newsroom) -> Editorial:
    return Editorial(
        SqlEditorial(room.database),
        sections={},
        former={},
        lists={},
        languages={},
        site_url=SITE.url,
        base_url=SITE.base_url,
        release=partial(release, namespace=UUID(SITE.namespace), zone=SITE.zone),
        reader=ChildExtractor(workers=1),
        now=room.clock,
    )


def by_hand(room: Newsroom, editorial: Editorial, what: str, number: int) -> None:
    if what == "hide":
        editorial.hide(number)
    elif what == "show":
        if room.rows("article", no=number)[0]["title"]:
            editorial.show(number)
    elif what == "edit":
        editorial.edit(number, {"title": f"Redaksi {room.clock():%H%M}"})
    else:
        editorial.withdraw(number, erase=what == "erase")


@examples(30)
@given(st.lists(steps, min_size=3, max_size=14))
@pytest.mark.slow
def test_ids_are_unique_published_never_moves_and_nothing_is_lost(told: list[tuple[Any, ...]]) -> None:
    with newsroom() as room:
        editorial, watch = editorial_of(room), Watch(room)
        for step in told:
            known = {row["no"]: row["state"] for row in room.rows("article")}
            match step:
                case ("list", source, ranked, found):
                    room.reads(("populer" if ranked else "politik", found), number=source)
                case ("page", number, item, text) if known.get(number) in ("waiting", "live", "withdrawn"):
                    page_says(room, number, replace(item, guid="", content=TEXTS[text]))
                case ("gone", number) if known.get(number) in ("live", "withdrawn"):
                    for _ in range(2):
                        if room.rows("article", no=number)[0]["state"] == "merged":
                            break
                        gone(room, number)
                        room.clock.forward(minutes=2)
                    watch.taken_back.add(number)
                case ("hand", what, number) if known.get(number) in (
                    "live",
                    "withdrawn",
                    "hidden",
                    "waiting",
                ):
                    by_hand(room, editorial, what, number)
                    watch.taken_back.add(number)
                case ("wait", minutes):
                    room.clock.forward(minutes=minutes)
            room.clock.forward(seconds=1)
            room.release()
            watch.look()


@examples(15)
@given(
    st.lists(
        st.tuples(st.integers(0, 1), st.lists(st.integers(1, 8), min_size=1, max_size=5, unique=True)),
        min_size=1,
        max_size=5,
    ),
    st.randoms(use_true_random=False),
)
@pytest.mark.slow
def test_ids_do_not_depend_on_the_order_of_readings(
    readings: list[tuple[int, list[int]]], random: Any
) -> None:
    found = []
    for order in (readings, random.sample(readings, len(readings))):
        with newsroom() as room:
            for source, numbers in order:
                room.reads(("politik", [draft(n) for n in numbers]), number=source)
                room.clock.forward(minutes=3)
                room.release()
            found.append({row["url"]: row["id"] for row in room.rows("article")})
    assert found[0] == found[1]
