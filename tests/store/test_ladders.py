"""A ladder steps down where a rung is wrong for long, and back where it is well for as long."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select, update

from feedsvc.model import Upstream
from feedsvc.model.room import Health
from feedsvc.store import schema as t
from feedsvc.store.engine import Database
from feedsvc.store.notices import SqlNotices
from feedsvc.store.queue.ladders import SqlLadders, Step
from feedsvc.store.queue.operating import SqlOperating
from feedsvc.store.room import source_page
from feedsvc.store.status import read_status
from feedsvc.watch.conditions import judge
from feedsvc.wiring.status import report_of
from tests.conftest import Clock
from tests.store.test_due import queue_of, source

MINUTES = 30


def rungs(count: int = 3) -> list[Upstream]:
    return [
        source(
            n, ladder="page:0", rung=n, patience=60.0 * MINUTES, instead_of="source 0" if n else ""
        )
        for n in range(count)
    ]  # fmt: skip


class Stairs:
    def __init__(self, database: Database, clock: Clock) -> None:
        self.database, self.clock = database, clock
        self.rungs = rungs()
        queue_of(database, self.rungs, clock)
        self.ladders = SqlLadders(database, self.rungs)

    def polled(self, number: int, *, failures: int = 0) -> None:
        """A poll of a rung, now."""
        good = {"good_at": self.clock(), "error_code": ""} if not failures else {"error_code": "CONNECT"}
        key = f"page:{number}"
        with self.database.write() as connection:
            connection.execute(
                update(t.upstream)
                .where(t.upstream.c.key == key)
                .values(failures=failures, looked_at=self.clock(), **good)
            )
            no = connection.execute(select(t.upstream.c.no).where(t.upstream.c.key == key)).scalar_one()
            slot = len(connection.execute(select(t.run).where(t.run.c.upstream == no)).all())
            connection.execute(
                insert(t.run).values(
                    upstream=no, slot=slot, at=self.clock(), outcome="failed" if failures else "ok", code="",
                    milliseconds=1, requests=1, found=1, new=0, changed=0,
                )
            )  # fmt: skip

    def read(self) -> list[str]:
        with self.database.read() as connection:
            rows = connection.execute(
                select(t.upstream.c.name)
                .join(t.due, t.due.c.upstream == t.upstream.c.no)
                .where(t.due.c.active)
                .order_by(t.upstream.c.name)
            )
            return list(rows.scalars())

    def look(self) -> list[Step]:
        return self.ladders.run(self.clock())


def test_the_next_rung_is_read_after_a_while_and_rests_again(database: Database, clock: Clock) -> None:
    stairs = Stairs(database, clock)
    assert stairs.read() == ["source 0"]
    stairs.polled(0)
    assert stairs.look() == []
    clock.forward(minutes=10)
    stairs.polled(0, failures=5)
    assert stairs.look() == []  # hosts stumble
    clock.forward(minutes=25)
    stairs.polled(0, failures=6)
    assert stairs.look() == [Step("source 0", "source 1", back=False)]
    assert stairs.look() == []
    assert stairs.read() == ["source 0", "source 1"]
    # it is told, with what to do, and a restart changes nothing
    queue_of(database, stairs.rungs, clock)
    assert stairs.read() == ["source 0", "source 1"]
    told = judge(SqlNotices(database).facts(clock()), clock(), patience=timedelta())
    (ladder,) = [one for one in told if one.kind == "ladder"]
    assert (ladder.subject, ladder.grave) == ("source 0", False)
    assert ladder.reason == "its articles come from source 1 now"
    stairs.polled(0)
    assert stairs.look() == []  # well for a moment
    clock.forward(minutes=20)
    stairs.polled(0)
    assert stairs.look() == []
    clock.forward(minutes=20)
    stairs.polled(0)
    assert stairs.look() == [Step("source 0", "source 0", back=True)]
    assert stairs.read() == ["source 0"]
    told = judge(SqlNotices(database).facts(clock()), clock(), patience=timedelta())
    assert [one for one in told if one.kind == "ladder"] == []


def test_a_rung_that_fails_too_is_passed_over(database: Database, clock: Clock) -> None:
    stairs = Stairs(database, clock)
    stairs.polled(0, failures=2)  # it never worked
    assert stairs.look() == [Step("source 0", "source 1", back=False)]
    stairs.polled(1, failures=2)
    assert stairs.look() == [Step("source 0", "source 2", back=False)]
    stairs.polled(2, failures=2)
    assert stairs.look() == []  # nothing is better: all are polled
    assert stairs.read() == ["source 0", "source 1", "source 2"]


def test_one_that_a_person_pauses_gives_way_at_once(database: Database, clock: Clock) -> None:
    stairs = Stairs(database, clock)
    stairs.polled(0)
    SqlOperating(database).pause("source 0", clock())
    assert stairs.look() == [Step("source 0", "source 1", back=False)]
    SqlOperating(database).resume("source 0", clock())
    stairs.polled(0)
    assert stairs.look() == [Step("source 0", "source 0", back=True)]


def test_a_red_source_gives_way_too(database: Database, clock: Clock) -> None:
    stairs = Stairs(database, clock)
    stairs.polled(0)
    with database.write() as connection:
        connection.execute(
            insert(t.usual).values(key="page:0", kept=b"", drift=2, reason="no dates", since=clock())
        )
    assert stairs.look() == []
    clock.forward(minutes=MINUTES)
    stairs.polled(0)
    assert stairs.look() == [Step("source 0", "source 1", back=False)]


def test_rungs_that_rest_are_shown_and_those_that_left_are_not(database: Database, clock: Clock) -> None:
    stairs = Stairs(database, clock)
    shown = {one.name: one for one in read_status(database, clock()).sources}
    assert [shown[f"source {n}"].resting for n in range(3)] == ["", "source 0", "source 0"]
    assert "rests, and is read when source 0 is wrong" in report_of(database, clock()).text(ZoneInfo("UTC"))
    page = source_page(database, clock())
    assert [(one.name, one.health) for one in page.rows][1:] == [
        ("source 1", Health.RESTING), ("source 2", Health.RESTING)
    ]  # fmt: skip
    assert judge(SqlNotices(database).facts(clock()), clock(), patience=timedelta()) == []
    queue_of(database, stairs.rungs[:2], clock)
    assert "source 2" not in {one.name for one in read_status(database, clock()).sources}
