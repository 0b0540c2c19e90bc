"""The due table: leases, fences, priorities, hosts that are busy; the same on both databases."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import timedelta

import pytest

from feedsvc.model import ReadingSpec, Upstream
from feedsvc.protocols import Claim, LaneName
from feedsvc.store.engine import Database
from feedsvc.store.queue import units
from feedsvc.store.queue.due import SqlDueQueue
from feedsvc.store.queue.units import PAGES_LATER
from tests.conftest import Clock

LANES: tuple[LaneName, ...] = ("own", "quick", "slow")


def source(number: int, host: str = "news.example", **fields: object) -> Upstream:
    values: dict[str, object] = {
        "key": f"page:{number}",
        "name": f"source {number}",
        "kind": "page",
        "url": f"https://{host}/{number}",
    }
    return Upstream(**(values | fields))  # type: ignore[arg-type]


def queue_of(database: Database, sources: Sequence[Upstream], clock: Clock) -> SqlDueQueue:
    queue = SqlDueQueue(
        database, sources, [ReadingSpec(upstream=one.key, list="politik") for one in sources], frozenset()
    )
    queue.sync(clock())
    return queue


def claim(queue: SqlDueQueue, clock: Clock, limit: int = 10, *blocked: str) -> list[Claim]:
    return queue.claim(limit, lease=60, now=clock(), blocked=blocked)


def finish(database: Database, one: Claim, clock: Clock, **span: float) -> bool:
    with database.write() as connection:
        return units.finish(
            connection, one, next_due=clock() + timedelta(**span), not_before=None, values={"attempts": 1}
        )


def test_what_is_due_is_handed_out_once(database: Database, clock: Clock) -> None:
    queue = queue_of(database, [source(n, f"h{n}.example") for n in range(3)], clock)
    assert len(claim(queue, clock, 2)) == 2
    assert len(claim(queue, clock)) == 1
    assert claim(queue, clock) == []


def test_a_foreign_host_gets_one_unit_and_an_own_one_four(database: Database, clock: Clock) -> None:
    foreign = [source(n) for n in range(3)]
    own = [source(n, "own.example", own=True) for n in range(10, 17)]
    queue = queue_of(database, [*foreign, *own], clock)
    hosts = [one.host for one in claim(queue, clock, 20)]
    assert sorted(hosts) == ["news.example"] + ["own.example"] * 4


def test_blocked_hosts_are_passed_over_however_much_they_have_due(database: Database, clock: Clock) -> None:
    queue = queue_of(database, [*(source(n) for n in range(200)), source(999, "other.example")], clock)
    assert [one.host for one in claim(queue, clock, 1, "news.example")] == ["other.example"]


def test_a_unit_comes_back_when_its_lease_ends_and_the_old_holder_is_fenced_out(
    database: Database, clock: Clock
) -> None:
    queue = queue_of(database, [source(1)], clock)
    (first,) = claim(queue, clock)
    clock.forward(seconds=61)
    (second,) = claim(queue, clock)
    assert second.token == first.token + 1
    assert queue.task(first) is None
    assert finish(database, first, clock, hours=1) is False
    assert finish(database, second, clock, hours=1) is True
    assert claim(queue, clock) == []
    clock.forward(hours=1)
    assert len(claim(queue, clock)) == 1


def test_release_gives_a_unit_back_undone(database: Database, clock: Clock) -> None:
    queue = queue_of(database, [source(1)], clock)
    (one,) = claim(queue, clock)
    assert queue.release(one, not_before=clock() + timedelta(seconds=5))
    assert claim(queue, clock) == []
    clock.forward(seconds=5)
    assert len(claim(queue, clock)) == 1
    assert not queue.release(one, not_before=clock())


def test_lists_go_before_article_pages(database: Database, clock: Clock) -> None:
    queue = queue_of(database, [source(1, "a.example")], clock)
    with database.write() as connection:
        units.add_upstream(
            connection,
            source(2, "b.example", kind="article"),
            clock() - timedelta(hours=1),
            priority=PAGES_LATER,
        )
    assert [one.host for one in claim(queue, clock, 1)] == ["a.example"]
    assert [one.host for one in claim(queue, clock, 1)] == ["b.example"]


def test_a_restart_changes_no_due_time(database: Database, clock: Clock) -> None:
    queue = queue_of(database, [source(1)], clock)
    (one,) = claim(queue, clock)
    finish(database, one, clock, minutes=15)
    clock.forward(minutes=14)
    again = queue_of(database, [source(1, every=60)], clock)
    assert claim(again, clock) == []
    clock.forward(minutes=1)
    (two,) = claim(again, clock)
    task = again.task(two)
    assert task is not None
    assert task.upstream.every == 60
    assert task.attempts == 1


def test_sources_that_left_the_configuration_rest_and_come_back(database: Database, clock: Clock) -> None:
    queue = queue_of(database, [source(1, "a.example"), source(2, "b.example")], clock)
    queue = queue_of(database, [source(1, "a.example")], clock)
    assert [one.host for one in claim(queue, clock)] == ["a.example"]
    queue = queue_of(database, [source(1, "a.example"), source(2, "b.example")], clock)
    assert [one.host for one in claim(queue, clock)] == ["b.example"]


def test_hurry_respects_what_a_host_asked_for(database: Database, clock: Clock) -> None:
    queue = queue_of(database, [source(1, "a.example"), source(2, "b.example")], clock)
    for one in claim(queue, clock):
        finish(database, one, clock, hours=5)
    with database.write() as connection:
        units.hold_host(connection, "b.example", clock() + timedelta(minutes=30))
    assert queue.hurry(clock()) == 1
    assert [one.host for one in claim(queue, clock)] == ["a.example"]
    clock.forward(minutes=31)
    assert queue.hurry(clock()) == 2


def test_a_host_that_asks_to_wait_holds_all_its_units(database: Database, clock: Clock) -> None:
    queue = queue_of(database, [source(1), source(2), source(3, "b.example")], clock)
    with database.write() as connection:
        units.hold_host(connection, "news.example", clock() + timedelta(minutes=10))
    assert [one.host for one in claim(queue, clock)] == ["b.example"]
    clock.forward(minutes=10)
    assert [one.host for one in claim(queue, clock, 10, "b.example")] == ["news.example"]


def test_a_collection_is_over_although_a_host_asks_to_wait(database: Database, clock: Clock) -> None:
    queue = queue_of(database, [source(1), source(2)], clock)
    with database.write() as connection:
        units.hold_host(connection, "news.example", clock() + timedelta(hours=1))
    assert not queue.outstanding(clock(), pages=True)
    clock.forward(hours=1)
    assert queue.outstanding(clock(), pages=True)


def test_outstanding_and_forgotten_leases(database: Database, clock: Clock) -> None:
    queue = queue_of(database, [source(1)], clock)
    assert queue.outstanding(clock(), pages=True)
    (one,) = claim(queue, clock)
    assert queue.outstanding(clock(), pages=False)
    queue.forget_leases()
    (two,) = claim(queue, clock)
    assert two.token == one.token + 1
    finish(database, two, clock, hours=1)
    assert not queue.outstanding(clock(), pages=True)


@pytest.mark.parametrize("claimers", [4])
def test_many_claimers_share_without_overlap(database: Database, clock: Clock, claimers: int) -> None:
    queue = queue_of(database, [source(n, f"h{n}.example") for n in range(60)], clock)
    taken: list[int] = []
    lock = threading.Lock()

    def work() -> None:
        while found := claim(queue, clock, 3):
            with lock:
                taken.extend(one.upstream for one in found)

    threads = [threading.Thread(target=work) for _ in range(claimers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == len(set(taken)) == 60


def test_a_shorter_wait_never_takes_back_a_longer_one(database: Database, clock: Clock) -> None:
    queue = queue_of(database, [source(1)], clock)
    for hours in (3, 1):
        (one,) = claim(queue, clock)
        with database.write() as connection:
            assert units.finish(
                connection,
                one,
                next_due=clock(),
                not_before=clock() + timedelta(hours=hours),
                values={"attempts": 1},
            )
        assert claim(queue, clock) == []
        clock.forward(hours=hours)


def test_each_lane_claims_its_own(database: Database, clock: Clock) -> None:
    ups = [source(n, f"h{n}.example", own=n % 3 == 0) for n in range(9)]
    queue = queue_of(database, ups, clock)
    clock.forward(seconds=1)
    for claim in queue.claim(9, lane="quick", lease=60, now=clock(), blocked=()):
        if claim.upstream % 2:
            with database.write() as connection:
                values = {"failures": 1, "looked_at": clock()}
                assert units.finish(connection, claim, next_due=clock(), not_before=None, values=values)
        else:
            queue.release(claim, not_before=clock())
    claimed = {lane: queue.claim(9, lane=lane, lease=60, now=clock(), blocked=()) for lane in LANES}
    assert {one.own for one in claimed["own"]} == {True}
    assert [len(claimed[lane]) for lane in LANES] == [3, 3, 3]
    assert all(one.upstream % 2 for one in claimed["slow"])
    assert queue.claim(9, lane=None, lease=60, now=clock(), blocked=()) == []


def test_a_postponed_unit_keeps_its_turn(database: Database, clock: Clock) -> None:
    queue = queue_of(database, [source(1, "h1.example"), source(2, "h2.example")], clock)
    clock.forward(seconds=1)
    (first,) = queue.claim(1, lane="quick", lease=60, now=clock(), blocked=())
    queue.postpone(first, clock() + timedelta(seconds=5))
    (second,) = queue.claim(9, lane="quick", lease=60, now=clock(), blocked=())
    queue.release(second, not_before=clock())
    clock.forward(seconds=5)
    again = queue.claim(9, lane="quick", lease=60, now=clock(), blocked=())
    assert [one.upstream for one in again] == [first.upstream, second.upstream]


def test_workers_that_die_over_a_unit_are_counted(database: Database, clock: Clock) -> None:
    """A lease that runs out counts; a unit that is given back, or ended, does not."""
    queue = queue_of(database, [source(1)], clock)

    def lost() -> int:
        one = claim(queue, clock)[0]
        task = queue.task(one)
        assert task is not None
        return task.lost

    assert lost() == 0
    for expected in (1, 2, 3):
        clock.forward(seconds=61)
        assert lost() == expected
    clock.forward(seconds=61)
    one = claim(queue, clock)[0]
    queue.release(one, not_before=clock())
    assert lost() == 4  # giving it back neither adds nor forgets
    clock.forward(seconds=61)
    assert finish(database, claim(queue, clock)[0], clock, seconds=10)
    clock.forward(seconds=11)
    assert lost() == 0


def test_a_message_that_nobody_began_counts_as_nobodys_death(database: Database, clock: Clock) -> None:
    queue = queue_of(database, [source(1)], clock)

    def sent() -> Claim:
        (one,) = queue.claim(1, lease=60, now=clock(), blocked=(), begins=False)
        return one

    for _ in range(4):  # no hand took it in time
        sent()
        clock.forward(seconds=61)
    for expected in (0, 1):
        one = sent()
        assert queue.begin(one.upstream, one.token) == one
        assert queue.begin(one.upstream, one.token - 1) is None
        task = queue.task(one)
        assert task is not None
        assert task.lost == expected
        clock.forward(seconds=61)
    one = sent()
    queue.release(one, not_before=clock(), begun=False)  # the broker did not take it
    (again,) = claim(queue, clock)
    task = queue.task(again)
    assert task is not None
    assert task.lost == 2


def test_who_lives_holds_on_to_what_takes_long(database: Database, clock: Clock) -> None:
    queue = queue_of(database, [source(1, "h1.example"), source(2, "h2.example")], clock)
    slow, other = claim(queue, clock)
    clock.forward(seconds=40)
    queue.renew([slow], lease=60, now=clock())
    clock.forward(seconds=40)
    (taken,) = claim(queue, clock)  # of the dead
    assert taken.upstream == other.upstream
    queue.renew([other], lease=60, now=clock())  # comes too late: it is another's
    assert finish(database, slow, clock, seconds=10)
    queue.renew([slow], lease=600, now=clock())  # it has ended: nothing is held
    clock.forward(seconds=30)
    assert [one.upstream for one in claim(queue, clock)] == [slow.upstream]


def test_what_two_workers_died_over_is_done_alone(database: Database, clock: Clock) -> None:
    """Of several sources that were under way when workers died, the next death tells which one it is."""
    queue = queue_of(database, [source(n, f"h{n}.example") for n in range(4)], clock)
    for _ in range(2):
        assert [one.suspect for one in claim(queue, clock)] == [False] * 4
        clock.forward(seconds=61)
    (first,) = claim(queue, clock)
    assert first.suspect
    assert queue.claim(9, lease=60, now=clock(), blocked=(), suspects=False) == []
    assert finish(database, first, clock, seconds=1)
    clock.forward(seconds=1)
    again, second = sorted(claim(queue, clock), key=lambda one: one.suspect)
    assert (again.upstream, again.suspect, second.suspect) == (first.upstream, False, True)
