"""A newsroom's day, from its pages to its feeds: nothing repeated, nothing lost, whatever goes wrong."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from feedsvc.demo import DESKS, DemoServer, make_server
from feedsvc.errors import Code
from feedsvc.model import ListSpec
from feedsvc.publish.pages import FrontPages
from feedsvc.publish.publisher import Publisher
from feedsvc.render.pages import Pages
from feedsvc.store.engine import Database
from feedsvc.store.publishing.builds import FeedInput, SqlPublishing
from tests.conftest import Clock
from tests.pipeline import Pipeline, running

POLITIK = next(desk for desk in DESKS if desk.slug == "politik")


@pytest.fixture
def clock() -> Clock:
    return Clock(datetime(2025, 12, 18, 12, 0, 7, tzinfo=UTC))


@pytest.fixture
def newsroom(clock: Clock) -> Iterator[DemoServer]:
    with make_server(clock=clock) as server:
        yield server


@pytest.fixture
def pipeline(tmp_path: Path, clock: Clock, newsroom: DemoServer) -> Iterator[Pipeline]:
    with running(tmp_path, f"sqlite:///{tmp_path}/store.db", clock, newsroom) as found:
        yield found


def ids(items: list[dict[str, object]]) -> list[object]:
    return [one["id"] for one in items]


@pytest.mark.slow
def test_the_first_run_reads_the_newsroom(pipeline: Pipeline, newsroom: DemoServer, clock: Clock) -> None:
    reports = pipeline.settle()
    assert [one.message for one in reports if one.failed] == []
    politik = pipeline.items("politik")
    truth = newsroom.newsroom.listing(clock(), POLITIK, count=20)
    assert [one["title"] for one in politik] == [story.headline for story in truth]
    assert all(one["content_html"].startswith("<p>") for one in politik)
    assert all(one["authors"] and one["image"] and one["summary"] for one in politik)
    assert [one["tags"][0] for one in politik] == ["Politik"] * 20
    assert len(pipeline.items("update")) == 10
    assert len(pipeline.items("populer")) == 7
    everything = ids(pipeline.items("latest"))
    assert len(everything) == len(set(everything))
    assert {*ids(politik), *ids(pipeline.items("english"))} & set(everything)


@pytest.mark.slow
def test_minutes_are_the_newsrooms_minutes(pipeline: Pipeline, newsroom: DemoServer, clock: Clock) -> None:
    pipeline.settle()
    truth = newsroom.newsroom.listing(clock(), POLITIK, count=20)
    read = [datetime.fromisoformat(one["date_published"]) for one in pipeline.items("politik")]
    assert [one.replace(second=0) for one in read] == [
        s.published.astimezone(UTC).replace(second=0) for s in truth
    ]


@pytest.mark.slow
def test_ids_are_the_same_from_an_emptied_store(tmp_path: Path, clock: Clock, newsroom: DemoServer) -> None:
    found = []
    for name in ("one", "two"):
        with running(tmp_path, f"sqlite:///{tmp_path}/{name}.db", clock, newsroom) as pipeline:
            pipeline.settle()
            found.append(
                {
                    slug: {i["url"]: i["id"] for i in pipeline.items(slug)}
                    for slug in ("latest", "populer", "english")
                }
            )
            found[-1]["feeds"] = {slug: pipeline.feed(slug)["feed_url"] for slug in ("latest", "politik")}
    one, two = found
    for slug in ("latest", "populer", "english"):
        both = one[slug].keys() & two[slug].keys()
        assert both
        assert {url: one[slug][url] for url in both} == {url: two[slug][url] for url in both}


@pytest.mark.slow
def test_a_new_story_enters_and_a_second_look_changes_nothing(
    pipeline: Pipeline, newsroom: DemoServer, clock: Clock
) -> None:
    pipeline.settle()
    before, tags = ids(pipeline.items("politik")), pipeline.tags()
    pipeline.publish()
    assert pipeline.tags() == tags
    newsroom.edits.add(
        "politik", "Balai warga dibuka kembali", ("Balai warga dibuka.", "Semua senang."), at=clock()
    )
    pipeline.forward(seconds=35)
    after = pipeline.items("politik")
    assert "Balai warga dibuka kembali" in [one["title"] for one in after]
    assert set(before) - set(ids(after)) == set()


@pytest.mark.slow
def test_unchanged_pages_are_not_sent_again(pipeline: Pipeline, newsroom: DemoServer, clock: Clock) -> None:
    pipeline.settle()
    newsroom.log.clear()
    pipeline.forward(seconds=1)
    assert [hit.path for hit in newsroom.log] == []
    pipeline.forward(seconds=35)
    asked = {
        hit.path: {name.lower() for name in hit.headers}
        for hit in newsroom.log
        if not ("/read/" in hit.path or hit.path.startswith("/foto/"))  # of a new story
    }
    assert set(asked) == {"/", "/politik", "/nusantara", "/en/feed.xml"}
    assert all("if-none-match" in names for names in asked.values())


@pytest.mark.slow
def test_a_corrected_headline_keeps_its_id_and_dates(
    pipeline: Pipeline, newsroom: DemoServer, clock: Clock
) -> None:
    pipeline.settle()
    story = newsroom.newsroom.listing(clock(), POLITIK, count=20)[3]
    (before,) = [one for one in pipeline.items("politik") if one["title"] == story.headline]
    newsroom.edits.rewrite(
        story.id, at=clock(), headline="Judul yang dibetulkan redaksi", body=("Isi baru.", "Lagi.")
    )
    pipeline.forward(seconds=40)
    (after,) = [one for one in pipeline.items("politik") if one["id"] == before["id"]]
    assert after["title"] == "Judul yang dibetulkan redaksi"
    assert after["date_published"] == before["date_published"]
    assert after["date_modified"] > before["date_published"]
    assert [one["id"] for one in pipeline.items("latest")].count(before["id"]) == 1


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["status", "login", "empty", "truncated"])
def test_a_broken_source_changes_nothing_that_is_served(
    pipeline: Pipeline, newsroom: DemoServer, clock: Clock, kind: str
) -> None:
    pipeline.settle()
    served = {slug: ids(pipeline.items(slug)) for slug in ("politik", "update", "populer")}
    newsroom.faults.set("/politik", kind)
    reports = pipeline.forward(seconds=40)
    failed = [one for one in reports if one.failed and one.kind == "page"]
    assert [one.url.rpartition("/")[2] for one in failed] == ["politik"]
    assert failed[0].code in (
        Code.HTTP_STATUS,
        Code.LOGIN_PAGE,
        Code.EMPTY_LIST,
        Code.TRUNCATED,
        Code.NOT_A_PAGE,
    )
    assert [one for one in served["politik"] if one not in ids(pipeline.items("politik"))] == []
    newsroom.faults.clear()
    pipeline.forward(minutes=6)
    assert set(served["politik"]) <= set(ids(pipeline.items("politik")))


@pytest.mark.slow
def test_a_ranked_box_that_is_suddenly_empty_stays_as_it_was(
    pipeline: Pipeline, newsroom: DemoServer, clock: Clock
) -> None:
    pipeline.settle()
    before = ids(pipeline.items("populer"))
    newsroom.faults.set("/", "empty")
    reports = pipeline.forward(seconds=40)
    assert any(one.failed for one in reports)
    assert ids(pipeline.items("populer")) == before


@pytest.mark.slow
def test_articles_appear_although_their_pages_fail(
    tmp_path: Path, clock: Clock, newsroom: DemoServer
) -> None:
    """The lists answer, every article page answers 500: headlines are served, and filled in later."""
    newsroom.faults.set("/politik/read/", "status", status=500)
    with running(tmp_path, f"sqlite:///{tmp_path}/store.db", clock, newsroom) as pipeline:
        pipeline.settle()
        politik = pipeline.items("politik")
        assert len(politik) == 20
        assert all("content_html" not in one for one in politik)
        newsroom.faults.clear()
        pipeline.forward(seconds=8)
        pipeline.forward(seconds=40)
        filled = pipeline.items("politik")
        assert {one["id"] for one in politik} <= {one["id"] for one in filled}
        assert sum("content_html" in one for one in filled) >= 20


@pytest.mark.slow
def test_a_page_that_disappears_changes_nothing_yet(
    pipeline: Pipeline, newsroom: DemoServer, clock: Clock
) -> None:
    pipeline.settle()
    story = newsroom.newsroom.listing(clock(), POLITIK, count=20)[3]
    (before,) = [one for one in pipeline.items("politik") if one["title"] == story.headline]
    newsroom.edits.withdraw(story.id, at=clock(), status=404)
    pipeline.forward(seconds=40)
    assert before["id"] in ids(pipeline.items("politik"))


def test_on_postgresql_as_on_sqlite(
    tmp_path: Path, clock: Clock, newsroom: DemoServer, postgres: object
) -> None:
    from tests.databases import Postgres

    assert isinstance(postgres, Postgres)
    found = {}
    for url in (f"sqlite:///{tmp_path}/store.db", postgres.new()):
        with running(tmp_path, url, clock, newsroom) as pipeline:
            pipeline.settle()
            found[url] = pipeline.items("populer")
    one, two = found.values()
    seen = {i["url"]: (i["id"], i["title"], i["date_published"][:16]) for i in one}
    both = [i for i in two if i["url"] in seen]
    assert len(both) >= 6
    assert [seen[i["url"]] for i in both] == [(i["id"], i["title"], i["date_published"][:16]) for i in both]


@pytest.mark.slow
def test_a_feed_that_cannot_be_built_holds_up_no_other(pipeline: Pipeline, clock: Clock) -> None:
    class Faulty(SqlPublishing):
        def read(self, spec: ListSpec, now: datetime) -> FeedInput:
            if spec.slug == "politik":
                raise ValueError("a fault")
            return super().read(spec, now)

    settings = pipeline.settings
    pipeline.wired.worker._publisher = Publisher(
        site=settings.site,
        lists=settings.lists,
        store=(store := Faulty(Database(settings.store_url))),
        pages=FrontPages(settings.site, settings.lists, store, Pages(settings.site, settings.lists)),
        announce=lambda number: None,
        now=clock,
    )
    pipeline.settle()
    assert len(pipeline.items("nusantara")) >= 20
    assert "/feeds/politik.json" not in pipeline.tags()


def test_nothing_is_published_before_every_list_was_looked_at(pipeline: Pipeline, clock: Clock) -> None:
    pipeline.wired.worker.publish_once()
    assert pipeline.tags() == {}
    clock.forward(seconds=9)  # a source that never answers holds up nobody
    pipeline.wired.worker.publish_once()
    assert "/feeds/politik.rss" in pipeline.tags()
