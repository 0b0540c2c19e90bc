"""What feeds carry: windows, ranked boxes and what is new in them, retention; walked as a reader walks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from feedsvc.model import Absent, BuiltDocument, Format, Newsroom, Submission
from feedsvc.publish.on_demand import OnDemandFeeds
from feedsvc.store.web.entries import ArticleReader
from tests.collect.newsroom import House, house, text
from tests.conftest import Clock
from tests.servers import ScriptedServer

KANTOR = Newsroom("kantor")
BOXES = """
[[section]]
slug = "berita"
sources = [{ page = "SITE/berita", every = "60s" }]
[[box]]
slug = "populer"
title = "Populer"
ranked = true
sources = [{ page = "SITE/populer", every = "60s" }]
"""
KEPT = """
[[section]]
slug = "berita"
keep = "30d"
sources = [{ page = "SITE/berita", every = "60s" }]
[[section]]
slug = "penting"
sources = [{ page = "SITE/berita", match = "nowhere", every = "60s" }]
[[section]]
slug = "ringkas"
keep_count = 150
sources = [{ page = "SITE/berita", match = "nowhere", every = "60s" }]
"""


def archive(room: House, slug: str, number: int) -> BuiltDocument | Absent:
    settings = room.pipeline.settings
    feeds = OnDemandFeeds(settings.site, settings.lists, ArticleReader(room.pipeline.snapshots))
    return feeds.archive(slug, number, Format.JSON)


@pytest.fixture
def boxes(tmp_path: Path, clock: Clock, upstream: ScriptedServer) -> Iterator[House]:
    lists = {"/populer": [f"/read/isi-{n}" for n in range(5)]}
    with house(tmp_path, clock, upstream, BOXES, lists=lists) as found:
        yield found


def test_a_ranked_box_is_the_list_as_it_is_now(boxes: House) -> None:
    assert [one["_feedsvc"]["rank"] for one in boxes.items("populer")] == [1, 2, 3, 4, 5]
    paths = boxes.site.lists["/populer"]
    paths[0], paths[1] = paths[1], paths[0]
    boxes.look()
    first, second, third = boxes.items("populer")[:3]
    assert first["url"].endswith("isi-1")
    assert (first["_feedsvc"]["rank"], first["_feedsvc"]["previous_rank"]) == (1, 2)
    assert second["_feedsvc"]["previous_rank"] == 1
    assert "previous_rank" not in third["_feedsvc"]
    assert all(one["_feedsvc"]["since"] for one in (first, second, third))


def test_what_is_new_in_a_ranked_box_is_told_once(boxes: House) -> None:
    """By the order in which they entered, whatever their rank, their date, and how often they come back."""
    first = [one["id"] for one in boxes.items("populer-new")]
    assert sorted(first) == sorted(one["id"] for one in boxes.items("populer"))
    boxes.site.publish("/read/baru", "Kapal baru berlayar", "/berita")
    boxes.site.lists["/populer"] = ["/read/isi-5", "/read/baru", "/read/isi-0", "/read/isi-1", "/read/isi-2"]
    boxes.look()
    second = [one["url"].rpartition("/")[2] for one in boxes.items("populer-new")]
    assert set(second[:2]) == {"isi-5", "baru"}
    assert [one["id"] for one in boxes.items("populer-new")][2:] == first
    before = boxes.items("populer-new")
    boxes.site.lists["/populer"] = [f"/read/isi-{n}" for n in (4, 3, 2, 1, 0)]  # back again
    boxes.look()
    assert boxes.items("populer-new") == before
    assert boxes.pipeline.feed("populer-new")["title"].endswith("Populer: baru")
    assert "Populer" not in boxes.items("latest")[0].get("tags", [])


def test_a_slug_that_is_taken_is_not_given_twice(
    tmp_path: Path, upstream: ScriptedServer, clock: Clock
) -> None:
    taken = BOXES + '[[section]]\nslug = "populer-new"\nsources = [{ page = "SITE/berita", every = "60s" }]\n'
    with house(tmp_path, clock, upstream, taken) as room:
        assert [spec.slug for spec in room.pipeline.settings.lists].count("populer-new") == 1
        assert len(room.items("populer-new")) == 6


def test_old_finds_do_not_flood(tmp_path: Path, clock: Clock, upstream: ScriptedServer) -> None:
    """An old story found late is stored and stands by its date; it is no news."""
    with house(tmp_path, clock, upstream) as room:
        assert all(row["backfill"] for row in room.rows("membership"))  # a first run is a find
        for n in range(3):
            at = clock() - timedelta(days=90 + n)
            room.site.publish(f"/read/lama-{n}", f"Arsip lama nomor {n} ditemukan", "/berita", at=at)
        room.site.publish("/read/kini", "Kabar terkini dari balai kota", "/berita")
        room.look()
        titles = room.titles()
        assert titles[0] == "Kabar terkini dari balai kota"
        assert ["lama" in title for title in titles] == [False] * 7 + [True] * 3
        news = [row for row in room.rows("membership", list="berita") if not row["backfill"]]
        assert [row["article"] for row in news] == [room.find("/read/kini")]


@pytest.mark.slow
def test_retention_drops_whole_archives_and_what_stands_nowhere_else(
    tmp_path: Path, clock: Clock, upstream: ScriptedServer
) -> None:
    with house(tmp_path, clock, upstream, KEPT) as room:
        for n in range(250):
            where = ("berita", "penting") if n % 10 == 0 else ("berita", "ringkas")
            clock.forward(minutes=1)
            body = " ".join(text(f"kata{n}", 1))
            room.editorial.publish(
                KANTOR, Submission(id=str(n), title=f"Judul {n}", content=f"<p>{body}</p>", sections=where)
            )
        room.look()
        numbers = {row["value"]: row["article"] for row in room.rows("key", kind="row")}
        ids = {row["no"]: row["id"] for row in room.rows("article")}
        assert isinstance(archive(room, "berita", 1), BuiltDocument)
        # 225 entered `ringkas`: 150 are kept at least, so its first archive stays
        room.pipeline.tidy()
        assert isinstance(archive(room, "ringkas", 1), BuiltDocument)
        for n in range(250, 290):
            clock.forward(minutes=1)
            room.editorial.publish(KANTOR, Submission(id=str(n), title=f"Judul {n}", sections=("ringkas",)))
        room.look(minutes=11)
        room.pipeline.tidy()
        room.look()
        assert archive(room, "ringkas", 1) is Absent.GONE
        assert isinstance(archive(room, "ringkas", 2), BuiltDocument)
        assert room.rows("article", no=numbers["1"])[0]["state"] == "live"  # it stands in `berita`
        # by age: the archives of `berita` whose newest article is older than 30 days
        room.look(days=31)
        room.pipeline.tidy()
        room.look()
        assert archive(room, "berita", 1) is archive(room, "berita", 2) is Absent.GONE
        states = {row["no"]: row["state"] for row in room.rows("article")}
        assert states[numbers["0"]] == "live"  # `penting` keeps it for ever
        assert states[numbers["1"]] == "retired"
        held = {row["no"] for row in room.rows("article") if row["state"] == "live"}
        for table in ("statement", "revision", "fragment", "membership"):
            assert {row["article"] for row in room.rows(table)} <= held
        (gone,) = room.rows("article", no=numbers["1"])
        assert (gone["id"], gone["title"]) == (ids[numbers["1"]], "")
        # it never comes back as new
        again = room.editorial.publish(KANTOR, Submission(id="1", title="Judul 1", sections=("berita",)))
        assert (again.number, again.new, again.changed) == (numbers["1"], False, False)
        room.look()
        assert ids[numbers["1"]] not in [one["id"] for one in room.items("latest")]
        assert room.rows("statement", article=numbers["1"]) == []


def test_the_bytes_of_old_pages_are_dropped(tmp_path: Path, clock: Clock, upstream: ScriptedServer) -> None:
    with house(tmp_path, clock, upstream) as room:
        lists = {row["no"] for row in room.rows("upstream") if row["kind"] == "page"}
        assert len(room.rows("body")) == 7
        for _ in range(5):
            room.look(hours=15)
        room.pipeline.tidy()
        assert {row["upstream"] for row in room.rows("body")} == lists
