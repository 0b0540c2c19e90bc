"""One transaction that writes articles: plain reads and writes. What they mean is decided above the store."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import Connection

from feedsvc.model import Fresh, Known, Level, Merge, Plan, Release, State, Stored, Waiting
from feedsvc.store.articles import known, lists, merging, release, withdrawal
from feedsvc.store.articles.writer import Writer
from feedsvc.store.engine import Database


class Transaction:
    """All or nothing. The feeds of the lists that it touches are built after it.

    Whoever writes articles does so alone (`lists.take_turn`); the first call that needs it takes the turn.
    """

    def __init__(self, connection: Connection, now: datetime) -> None:
        self.now = now
        self.new = 0  #: articles that this transaction added
        self.changed = 0  #: and those of which readers see a difference
        self._connection = connection
        self._touched: dict[str, bool] = {}  # list → whether it is news
        self._has_turn = False

    def known(
        self, fresh: Sequence[Fresh], *, upstream: int, article: int | None = None, older: bool = False
    ) -> Known:
        """What is known of `fresh`, read by `upstream` (on the page of `article`, or an older page)."""
        self._take_turn()
        return known.known(self._connection, fresh, upstream=upstream, article=article, older=older)

    def stored(self, article: int) -> Stored:
        """An article as it is kept, with every statement about it."""
        self._take_turn()
        return known.stored(self._connection, [article])[article]

    def write(self, plan: Plan, *, upstream: int, quiet: frozenset[str] = frozenset()) -> Writer:
        """Carry out a plan; feeds of the lists in `quiet` are not built for it. Raises StoreRaceError."""
        writer = Writer(self._connection, upstream=upstream, now=self.now, quiet=quiet)
        writer.carry_out(plan)
        self.new += writer.new
        self.changed += writer.changed
        return writer

    def merge(self, merged: Merge) -> None:
        """Join two articles."""
        merging.merge(self._connection, merged, now=self.now, touched=self._touched)
        self.changed += 1

    def withdraw(self, article: int, *, by: Level, state: State = State.WITHDRAWN) -> bool:
        """Take an article out of every feed; False if it was in none."""
        self._take_turn()
        done = withdrawal.withdraw(
            self._connection, article, now=self.now, touched=self._touched, by=by, state=state
        )
        self.changed += done
        return done

    def announce(self, names: Iterable[str]) -> None:
        """Have the feeds of some lists built, although they hold no news."""
        for name in names:
            self._touched.setdefault(name, False)

    def waiting(self) -> list[Waiting]:
        """Articles whose page was read or whose time has come, those that waited longest first."""
        self._take_turn()
        return release.waiting(self._connection, self.now)

    def postpone(self, article: int, until: datetime) -> None:
        """An article waits until a moment: it has an embargo, or feedsvc itself failed at it."""
        release.postpone(self._connection, article, until)

    def release(self, releases: Sequence[Release]) -> None:
        """Let articles go live. Of those with one minute the first gets the earliest second."""
        release.go_live(self._connection, releases, now=self.now, touched=self._touched)

    def close(self) -> None:
        """Note which feeds have to be built; the transaction commits after it."""
        lists.write_outbox(self._connection, self._touched, self.now)

    def _take_turn(self) -> None:
        if not self._has_turn:
            lists.take_turn(self._connection)
            self._has_turn = True


class SqlArticles:
    """Opens transactions that write articles."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def any_waiting(self, now: datetime) -> bool:
        """Whether an article could go live; cheap enough to ask all the time."""
        with self._database.read() as connection:
            return release.any_waiting(connection, now)

    @contextmanager
    def begin(self, now: datetime) -> Iterator[Transaction]:
        """Commit at the end of the block; raises StoreRaceError where another transaction was faster."""
        with self._database.write() as connection:
            transaction = Transaction(connection, now)
            yield transaction
            transaction.close()
