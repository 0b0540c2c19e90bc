"""One poll and all that it means is one transaction, and only the holder of the claim can commit it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from uuid import UUID

import orjson
import pytest
from sqlalchemy import select

from feedsvc import curate
from feedsvc.collect.bodies import PollResult
from feedsvc.collect.release import Releasing
from feedsvc.collect.schedule import Timing
from feedsvc.collect.unit_of_work import LEVELS, UnitOfWork
from feedsvc.dates import Precision
from feedsvc.errors import Code, FetchError
from feedsvc.model import Draft, Fetched, ListKind, Release, RunReport, Upstream, Waiting
from feedsvc.protocols import Task
from feedsvc.store import leases
from feedsvc.store import schema as t
from feedsvc.store.articles import lists, release
from feedsvc.store.articles.transaction import SqlArticles
from feedsvc.store.engine import Database
from feedsvc.store.queue import units
from feedsvc.store.queue.due import SqlDueQueue
from feedsvc.store.queue.outcomes import ClaimLostError, SqlUnits
from tests.conftest import Clock
from tests.makers import JAKARTA, SITE, draft, moment
from tests.store.test_due import queue_of, source

LISTS = [
    ("latest", "latest", ListKind.LATEST, "Latest"),
    ("politik", "politik", ListKind.SECTION, "Politik"),
    ("populer", "populer", ListKind.BOX, "Populer"),
]


class Newsroom:
    """A store with two sources, and short ways to tell it what was read."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.database = database
        self.clock = clock
        self.sources = [source(1, "a.example", own=True), source(2, "b.example", own=True)]
        self.queue: SqlDueQueue = queue_of(database, self.sources, clock)
        self.store = SqlUnits(database)
        with database.write() as connection:
            lists.sync_lists(connection, LISTS, clock())
        rule = partial(curate.release, namespace=UUID(SITE.namespace), zone=JAKARTA)
        self.releasing = Releasing(SqlArticles(database), rule)
        self.unit_of_work = UnitOfWork(
            self.store,
            timing=Timing(lambda: 0.0),
            release=rule,
            levels=LEVELS,
            is_own=lambda url: True,
            now=clock,
        )

    def task(self, number: int = 0) -> Task:
        self.queue.hurry(self.clock())
        for claim in self.queue.claim(9, lease=60, now=self.clock(), blocked=()):
            task = self.queue.task(claim)
            assert task is not None
            if task.upstream.key == self.sources[number].key:
                return task
        raise AssertionError("not due")

    def reads(
        self,
        *lists: tuple[str, Sequence[Draft]],
        number: int = 0,
        follow: bool = False,
        task: Task | None = None,
    ) -> RunReport:
        task = replace(task or self.task(number), lists={"politik": False, "populer": True})
        result = PollResult(
            by_list=tuple((name, tuple((one, follow) for one in drafts)) for name, drafts in lists),
            answer=Fetched(url=task.upstream.url, status=200, body=b"body", etag='"1"', at=self.clock()),
        )
        report = self.unit_of_work.succeed(task, result)
        with self.database.write() as connection:
            due_now = connection.execute(t.due.update().values(lease_until=leases.NEVER))
            assert due_now.rowcount
        return report

    def release(self) -> int:
        return self.releasing.run(self.clock())

    def rows(self, table: str, **where: object) -> list[dict[str, object]]:
        columns = t.metadata.tables[table]
        with self.database.read() as connection:
            found = connection.execute(
                select(columns).where(*(columns.c[name] == value for name, value in where.items()))
            )
            return [dict(row._mapping) for row in found]


@pytest.fixture
def newsroom(database: Database, clock: Clock) -> Newsroom:
    room = Newsroom(database, clock)
    room.reads(("politik", []), number=1)  # every source has been looked at once
    room.reads(("politik", []), number=0)
    return room


def test_a_reading_is_stored_whole(newsroom: Newsroom) -> None:
    applied = newsroom.reads(("politik", [draft(1), draft(2)]), ("populer", [draft(2)]))
    assert (applied.new, applied.changed) == (2, 0)
    assert len(newsroom.rows("article", state="waiting")) == 2
    places = sorted((row["list"], row["article"]) for row in newsroom.rows("membership"))
    assert places == [("latest", 1), ("latest", 2), ("politik", 1), ("politik", 2), ("populer", 2)]
    (upstream,) = newsroom.rows("upstream", key="page:1")
    assert (upstream["etag"], upstream["complete"], upstream["new"]) == ('"1"', True, 2)
    assert newsroom.rows("outbox") == []


def test_nothing_is_stored_when_the_claim_is_lost(newsroom: Newsroom) -> None:
    task = newsroom.task()
    newsroom.clock.forward(seconds=120)
    newsroom.task()  # another worker takes it over
    with pytest.raises(ClaimLostError):
        newsroom.reads(("politik", [draft(1)]), task=task)
    assert newsroom.rows("article") == []
    assert newsroom.rows("key") == []


def test_going_live_settles_identity_and_dates(newsroom: Newsroom) -> None:
    minute = newsroom.clock.moment.replace(hour=11)
    drafts = [draft(n, published=moment(minute)) for n in range(3)]
    newsroom.reads(("politik", drafts))
    assert newsroom.release() == 3
    assert newsroom.release() == 0
    found = sorted(newsroom.rows("article"), key=lambda row: str(row["published"]), reverse=True)
    assert [row["title"] for row in found] == ["Judul 0", "Judul 1", "Judul 2"]  # the list's order
    assert len({row["updated"] for row in found}) == 3
    assert all(row["published"].replace(second=0) == minute for row in found)  # type: ignore[attr-defined]
    assert len({row["id"] for row in found}) == 3
    assert {row["list"] for row in newsroom.rows("outbox")} == {"latest", "politik"}
    entered = sorted(row["entered"] for row in newsroom.rows("membership", list="politik"))  # type: ignore[type-var]
    assert entered == [1, 2, 3]


def test_an_article_at_which_we_fail_holds_up_no_other(newsroom: Newsroom) -> None:
    """Wherever the fault is: a rule that fails at one article stands for it."""
    newsroom.reads(("politik", [draft(1), draft(2), draft(3)]))
    rule = partial(curate.release, namespace=UUID(SITE.namespace), zone=JAKARTA)

    def faulty(waiting: Waiting, *, now: datetime) -> Release:
        if waiting.article.story.title == draft(2).title:
            raise ZeroDivisionError
        return rule(waiting, now=now)

    releasing = Releasing(SqlArticles(newsroom.database), faulty)
    assert releasing.run(newsroom.clock()) == 2
    assert {row["title"] for row in newsroom.rows("article", state="live")} == {
        draft(1).title,
        draft(3).title,
    }
    assert releasing.run(newsroom.clock()) == 0  # it is not tried again at once
    newsroom.clock.forward(hours=2)
    assert newsroom.release() == 1


def test_what_is_followed_waits_for_its_page_but_not_for_ever(newsroom: Newsroom) -> None:
    newsroom.reads(("politik", [draft(1), draft(2, published=moment(newsroom.clock()))]), follow=True)
    assert newsroom.release() == 0
    assert [row["kind"] for row in newsroom.rows("upstream", kind="article")] == ["article", "article"]
    newsroom.clock.forward(seconds=11)
    assert newsroom.release() == 1  # the list told its minute
    newsroom.clock.forward(seconds=80)
    assert newsroom.release() == 1


def test_nothing_goes_live_early_while_a_source_was_never_looked_at(database: Database, clock: Clock) -> None:
    """Its entries may carry the article's own id, and ids are given once."""
    room = Newsroom(database, clock)
    room.reads(("politik", [draft(1)]), follow=True)
    with database.write() as connection:
        release.stop_waiting(connection, 1)
    assert room.release() == 0
    room.reads(("politik", [draft(1, guid="tag:b.example,2025:1")]), number=1)
    assert room.release() == 1
    assert room.rows("article")[0]["id"] == "tag:b.example,2025:1"


def test_a_correction_moves_updated_and_keeps_a_revision(newsroom: Newsroom) -> None:
    newsroom.reads(("politik", [draft(1)]))
    newsroom.release()
    before = newsroom.rows("article")[0]
    newsroom.clock.forward(minutes=20)
    assert newsroom.reads(("politik", [draft(1, title="Judul baru")])).changed == 1
    after = newsroom.rows("article")[0]
    assert after["updated"] == newsroom.clock.moment
    assert (after["id"], after["published"]) == (before["id"], before["published"])
    (revision,) = newsroom.rows("revision")
    assert (revision["number"], revision["story"]) == (1, before["story"])
    newsroom.clock.forward(minutes=20)
    assert newsroom.reads(("politik", [draft(1, title="Judul baru")])).changed == 0


def test_two_lists_that_name_a_new_article_at_once_make_one(newsroom: Newsroom) -> None:
    newsroom.reads(("politik", [draft(1)]), number=0)
    newsroom.reads(("populer", [draft(1)]), number=1)
    assert len(newsroom.rows("article")) == 1
    assert len(newsroom.rows("statement")) == 2


def test_a_ranked_box_is_what_the_page_shows_now(newsroom: Newsroom) -> None:
    newsroom.reads(("populer", [draft(1), draft(2), draft(3)]))
    newsroom.release()
    newsroom.clock.forward(minutes=20)
    newsroom.reads(("populer", [draft(3), draft(4), draft(1)]))
    newsroom.release()
    here = {
        row["article"]: row["rank"]
        for row in newsroom.rows("membership", list="populer")
        if row["left_at"] is None
    }
    assert here == {3: 0, 4: 1, 1: 2}
    newsroom.clock.forward(minutes=20)
    newsroom.reads(("populer", [draft(2)]))
    (back,) = [row for row in newsroom.rows("membership", list="populer") if row["left_at"] is None]
    assert back["article"] == 2
    assert back["entered"] == 2  # it entered once


def test_a_failure_keeps_validators_and_counts(newsroom: Newsroom) -> None:
    task = newsroom.task()
    newsroom.unit_of_work.fail(task, FetchError(Code.TOO_SLOW, "slow"))
    (row,) = newsroom.rows("upstream", key="page:1")
    assert (row["failures"], row["error_code"], row["etag"]) == (1, "TOO_SLOW", '"1"')


def test_the_kept_body_comes_back(newsroom: Newsroom) -> None:
    task = newsroom.task()
    kept = newsroom.store.kept_body(task.claim.upstream)
    assert kept is not None
    assert (kept.body, kept.url) == (b"body", "https://a.example/1")


def test_no_two_entries_share_updated_even_at_the_same_second(newsroom: Newsroom) -> None:
    exact = [draft(n, published=moment(newsroom.clock(), Precision.SECOND)) for n in range(5)]
    newsroom.reads(("politik", exact))
    newsroom.release()
    rows = newsroom.rows("article")
    assert len({row["updated"] for row in rows}) == 5
    assert all(row["updated"] == row["published"] for row in rows)  # nobody saw another version


def test_drafts_survive_the_store(newsroom: Newsroom) -> None:
    from feedsvc.dates import Doubt, Reason
    from feedsvc.model import Enclosure, Image
    from feedsvc.store import codec

    full = draft(
        1,
        published=moment(newsroom.clock(), Precision.DAY, "zone-assumed"),
        doubt=Doubt(reason=Reason.WEEKDAY, text="Senin"),
        authors=("Hani Fatunnisa",),
        image=Image(url="https://n.example/a.jpg", width=10, caption="K"),
        enclosures=(Enclosure(url="https://n.example/a.mp3", type="audio/mpeg", length=5),),
        tags=("a", "b"),
        also=("https://n.example/b",),
        origin={"title": "h1"},
        confidence={"title": 0.96, "list": 0.88},
    )
    assert codec.draft(codec.pack(full)) == full
    raw = orjson.loads(codec.decompress(codec.pack(full)))
    del raw["confidence"]  # as it was kept before readers said how sure they are
    assert codec.draft(codec.compress(orjson.dumps(raw))) == replace(full, confidence={})
    assert codec.draft(codec.pack(replace(full, published=None, image=None, doubt=None))).published is None


# ── withdrawn, back, and joined ───────────────────────────────────────────────────────────────────────


def page_task(newsroom: Newsroom, article: int, *, own: bool = True) -> Task:
    """The claimed page of an article."""
    with newsroom.database.write() as connection:
        found = connection.execute(select(t.upstream.c.no).where(t.upstream.c.article == article)).scalar()
        if found is None:
            url = connection.execute(select(t.article.c.url).where(t.article.c.no == article)).scalar_one()
            one = Upstream(key=f"article:{article}", name="p", kind="article", url=url)
            units.add_upstream(
                connection, replace(one, own=own), newsroom.clock(), priority=1, article=article
            )
        connection.execute(
            t.due.update()
            .where(t.due.c.upstream.in_(select(t.upstream.c.no).where(t.upstream.c.article == article)))
            .values(next_due=newsroom.clock(), lease_until=leases.NEVER, active=True)
        )
    for claim in newsroom.queue.claim(50, lease=1, now=newsroom.clock(), blocked=(), begins=False):
        task = newsroom.queue.task(claim)
        assert task is not None
        if task.article == article:
            return task
    raise AssertionError("not due")


def gone(newsroom: Newsroom, article: int, *, own: bool = True) -> None:
    """The page answers 404."""
    task = page_task(newsroom, article, own=own)
    newsroom.unit_of_work.fail(task, FetchError(Code.HTTP_GONE, "404", status=404))


def page_says(newsroom: Newsroom, article: int, item: Draft) -> RunReport:
    """The page was read."""
    task = page_task(newsroom, article)
    return newsroom.unit_of_work.succeed(task, PollResult(by_list=(("", ((item, False),)),)))


def states(newsroom: Newsroom) -> dict[object, object]:
    return {row["no"]: row["state"] for row in newsroom.rows("article")}


def test_a_page_that_stays_gone_withdraws_its_article(newsroom: Newsroom) -> None:
    newsroom.reads(("politik", [draft(1)]))
    newsroom.release()
    before = newsroom.rows("article")[0]
    gone(newsroom, 1)
    assert states(newsroom) == {1: "live"}  # once is nothing
    newsroom.clock.forward(seconds=30)
    gone(newsroom, 1)
    assert states(newsroom) == {1: "live"}  # a minute has not gone by
    newsroom.clock.forward(seconds=31)
    gone(newsroom, 1)
    after = newsroom.rows("article")[0]
    assert (after["state"], after["withdrawn_at"]) == ("withdrawn", newsroom.clock.moment)
    assert after["id"] == before["id"]
    assert not any(row["live"] for row in newsroom.rows("membership"))


def test_a_foreign_page_needs_an_hour(newsroom: Newsroom) -> None:
    newsroom.reads(("politik", [draft(1)]))
    newsroom.release()
    for _ in range(3):
        gone(newsroom, 1, own=False)
        newsroom.clock.forward(minutes=25)
    assert states(newsroom) == {1: "live"}
    newsroom.clock.forward(minutes=10)
    gone(newsroom, 1, own=False)
    assert states(newsroom) == {1: "withdrawn"}


def test_a_page_that_is_gone_waits_for_a_like_headline(newsroom: Newsroom) -> None:
    """Yesterday's prayer times are found gone after today's were listed, and before today's page was read."""
    title = "Jadwal salat hari ini"
    newsroom.reads(("politik", [draft(1, title=title)]))
    newsroom.release()
    page_says(newsroom, 1, draft(1, title=title, content="<p>Subuh 04:05, Zuhur 11:45, Magrib 18:10</p>"))
    gone(newsroom, 1)
    newsroom.clock.forward(seconds=65)
    newsroom.reads(("politik", [draft(2, title=title)]), follow=True)
    gone(newsroom, 1)
    assert states(newsroom) == {1: "live", 2: "waiting"}
    page_says(newsroom, 2, draft(2, title=title, content="<p>Subuh 04:06, Zuhur 11:46, Magrib 18:11</p>"))
    newsroom.clock.forward(seconds=65)
    gone(newsroom, 1)
    assert states(newsroom)[1] == "withdrawn"


def test_a_page_that_answers_in_between_begins_anew(newsroom: Newsroom) -> None:
    newsroom.reads(("politik", [draft(1)]))
    newsroom.release()
    gone(newsroom, 1)
    newsroom.clock.forward(minutes=5)
    page_says(newsroom, 1, draft(1))
    newsroom.clock.forward(minutes=5)
    gone(newsroom, 1)
    assert states(newsroom) == {1: "live"}


def test_what_comes_back_is_live_with_a_later_updated(newsroom: Newsroom) -> None:
    newsroom.reads(("politik", [draft(1)]))
    newsroom.release()
    first = newsroom.rows("article")[0]
    for _ in range(2):
        gone(newsroom, 1)
        newsroom.clock.forward(seconds=65)
    withdrawn = newsroom.rows("article")[0]["withdrawn_at"]
    newsroom.clock.forward(hours=1)
    page_says(newsroom, 1, draft(1))
    row = newsroom.rows("article")[0]
    assert row["state"] == "live"
    assert row["updated"] > withdrawn  # type: ignore[operator]
    assert (row["id"], row["published"]) == (first["id"], first["published"])
    assert all(one["live"] for one in newsroom.rows("membership"))
    assert {one["entered"] for one in newsroom.rows("membership")} == {1}  # it did not enter anew


def test_a_moved_article_keeps_id_dates_and_places(newsroom: Newsroom) -> None:
    when = moment(newsroom.clock())
    newsroom.reads(("politik", [draft(1, title="Banjir melanda tiga desa", published=when), draft(2)]))
    newsroom.release()
    before = {row["no"]: row["id"] for row in newsroom.rows("article")}
    newsroom.clock.forward(minutes=20)
    newsroom.reads(("politik", [draft("pindah", title="Banjir melanda tiga desa", published=when), draft(2)]))
    newsroom.release()
    rows = {row["no"]: row for row in newsroom.rows("article")}
    assert {no: row["id"] for no, row in rows.items()} == before
    assert rows[1]["url"] == "https://news.example/politik/read/pindah"
    newsroom.clock.forward(minutes=20)
    newsroom.reads(
        ("politik", [draft(1, title="Banjir melanda tiga desa"), draft(2)])
    )  # the old address again
    assert len(newsroom.rows("article")) == 2


def test_two_that_are_one_are_joined_with_all_they_have(newsroom: Newsroom) -> None:
    body = "<p>" + " ".join(f"kata{n} di kota" for n in range(40)) + "</p>"
    newsroom.reads(("politik", [draft(1, title="Judul lama")]))
    newsroom.release()
    page_says(newsroom, 1, draft(1, title="Judul lama", content=body))
    newsroom.clock.forward(minutes=20)
    newsroom.reads(("populer", [draft(2, title="Judul baru")]), number=1)
    newsroom.release()
    page_says(newsroom, 2, draft(2, title="Judul baru", content=body))
    assert states(newsroom) == {1: "live", 2: "live"}
    newsroom.clock.forward(minutes=1)
    page_says(newsroom, 1, draft(2, title="Judul baru", content=body, also=(draft(1).url,)))  # it redirects
    assert states(newsroom) == {1: "live", 2: "merged"}
    assert {row["article"] for row in newsroom.rows("key")} == {1}
    places = {row["list"] for row in newsroom.rows("membership", article=1)}
    assert places == {"politik", "populer", "latest"}
    assert newsroom.rows("membership", article=2) == []
    assert newsroom.rows("article", no=1)[0]["title"] == "Judul baru"
    # both addresses are that article from now on
    newsroom.clock.forward(minutes=20)
    newsroom.reads(("politik", [draft(1, title="Judul baru"), draft(2, title="Judul baru")]))
    assert len(newsroom.rows("article")) == 2


def test_an_address_that_is_used_again_makes_a_new_article(newsroom: Newsroom) -> None:
    old = "<p>" + " ".join(f"kata{n} di kota" for n in range(40)) + "</p>"
    new = "<p>" + " ".join(f"lain{n} pada hari" for n in range(40)) + "</p>"
    newsroom.reads(("politik", [draft(1, title="Kuis mingguan", published=moment(newsroom.clock()))]))
    newsroom.release()
    page_says(newsroom, 1, draft(1, title="Kuis mingguan", content=old, published=moment(newsroom.clock())))
    newsroom.clock.forward(days=7)
    again = draft(1, title="Banjir di pesisir", content=new, published=moment(newsroom.clock()))
    page_says(newsroom, 1, again)
    newsroom.release()
    assert states(newsroom) == {1: "live", 2: "live"}
    rows = {row["no"]: row for row in newsroom.rows("article")}
    assert (rows[1]["title"], rows[2]["title"]) == ("Kuis mingguan", "Banjir di pesisir")
    assert rows[1]["id"] != rows[2]["id"]
    assert {row["list"] for row in newsroom.rows("membership", article=2)} == {"politik", "latest"}
    (page,) = newsroom.rows("upstream", kind="article")
    assert page["article"] == 2
