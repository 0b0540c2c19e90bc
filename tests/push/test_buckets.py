"""Published documents in an object storage: the same bytes, none that is older, nothing that is private."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert

from feedsvc.errors import BucketError
from feedsvc.model import Access, ListKind, ListSpec, Taker, ready
from feedsvc.push.buckets import Buckets
from feedsvc.push.object_storage import Bucket, ChangedError
from feedsvc.render.assets import assets
from feedsvc.store import schema as t
from feedsvc.store.articles.lists import write_outbox
from feedsvc.store.engine import Database
from feedsvc.store.notices import SqlNotices
from feedsvc.store.push.buckets import Lacking, SqlBuckets
from feedsvc.store.web.snapshots import Snapshots
from feedsvc.watch.conditions import judge
from tests.conftest import Clock
from tests.filled import START, Filled
from tests.push.storage import KEYS, Storage
from tests.stores import migrated


@pytest.fixture(scope="module")
def storage() -> Iterator[Storage]:
    server = Storage()
    yield server
    server.close()


@pytest.fixture(autouse=True)
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def clock() -> Clock:
    return Clock(START + timedelta(days=1))


@pytest.fixture
def filled(tmp_path: Path, clock: Clock) -> Filled:
    made = Filled(tmp_path / "store.db", sections=2, articles=30)
    made.takers = (
        ListSpec(
            key="for:mitra",
            slug="mitra",
            kind=ListKind.TAKER,
            title="Mitra",
            of="latest",
            taker=Taker(access=Access.TOKEN),
        ),
    )
    made.publisher(lambda number: None, clock).run(last=True)
    return made


def writer(filled: Filled, storage: Storage, address: str, clock: Clock) -> Buckets:
    """A worker's writer into one bucket, started as far as the store is concerned."""
    store = SqlBuckets(filled.database)
    store.sync([address])
    bucket = Bucket(address, endpoint=storage.endpoint)
    return Buckets(store, [bucket], now=clock, fixed=[ready(one) for one in assets()])


def test_a_bucket_has_what_is_served_and_nothing_else(filled: Filled, storage: Storage, clock: Clock) -> None:
    """Same bytes, type and freshness at the same address; feeds of takers stay with the service."""
    address = storage.new("whole")
    buckets = writer(filled, storage, address, clock)
    assert not buckets.have(1)
    buckets.run()
    rows = {row.path: row for row in Snapshots(filled.url).since(0) if row.status == 200}
    there = storage.objects("whole")
    private = [path for path in rows if path.startswith("/feeds/for/")]
    assert private
    wanted = {path[1:] or "index.html" for path in rows if path not in private}
    assert set(there) == wanted | {one.path[1:] for one in assets()}
    feed = there["feeds/s0.rss"]
    assert feed["body"] == gzip.decompress(rows["/feeds/s0.rss"].gzip)
    assert feed["headers"]["Content-Type"] == rows["/feeds/s0.rss"].media_type
    assert feed["headers"]["Cache-Control"].startswith("public, max-age=60, s-maxage=30")
    assert buckets.have(max(row.number for row in rows.values()))
    assert not buckets.have(99)


def test_only_what_changed_is_written_again(filled: Filled, storage: Storage, clock: Clock) -> None:
    address = storage.new("changes")
    buckets = writer(filled, storage, address, clock)
    buckets.run()
    before = storage.objects("changes")
    clock.forward(seconds=15)  # the lease of the publisher before
    filled.add(1, clock(), backfill=False)
    filled.publisher(lambda number: None, clock).run(last=True)
    buckets.run()
    after = storage.objects("changes")
    changed = {key for key in after if after[key]["tag"] != before[key]["tag"]}
    assert {"feeds/latest.rss", "feeds/s1.atom"} <= changed
    assert not {"feeds/s0.rss", "feeds/s0.json", "static/page.css"} & changed


def test_what_is_published_no_longer_leaves_the_bucket(
    filled: Filled, storage: Storage, clock: Clock
) -> None:
    address = storage.new("leaves")
    buckets = writer(filled, storage, address, clock)
    buckets.run()
    assert "feeds/s1.rss" in storage.objects("leaves")
    clock.forward(seconds=15)
    filled.lists = tuple(replace(one, retired=one.slug == "s1") for one in filled.lists)
    with filled.database.write() as connection:
        write_outbox(connection, {"s1": False}, clock())
    filled.publisher(lambda number: None, clock).run(last=True)
    buckets.run()
    there = storage.objects("leaves")
    assert "feeds/s1.rss" not in there
    assert "feeds/s0.rss" in there


def test_who_comes_late_replaces_nothing_that_is_newer(storage: Storage) -> None:
    """A worker that was stopped while another one wrote knows a tag that is no longer the bucket's."""
    bucket = Bucket(f"{storage.new('late')}/folder", endpoint=storage.endpoint)

    def put(body: bytes, known: str) -> str:
        return bucket.put("a", body, media_type="text/plain", cache_control="max-age=1", known=known)

    first = put(b"one", "")
    put(b"two", first)
    with pytest.raises(ChangedError):
        put(b"older", first)
    with pytest.raises(ChangedError):
        put(b"older", "")
    assert storage.objects("late")["folder/a"]["body"] == b"two"
    bucket.delete("a")
    bucket.delete("a")
    assert bucket.tag("a") == ""


def test_what_a_stranger_wrote_there_is_replaced(filled: Filled, storage: Storage, clock: Clock) -> None:
    """A store that was restored, or a bucket that had something: who holds the lease writes all the same."""
    address = storage.new("stranger")
    bucket = Bucket(address, endpoint=storage.endpoint)
    bucket.put("feeds/s0.rss", b"foreign", media_type="text/plain", cache_control="no-store", known="")
    buckets = writer(filled, storage, address, clock)
    buckets.run()
    assert storage.objects("stranger")["feeds/s0.rss"]["body"].startswith(b"<?xml")


def test_one_worker_writes_at_a_time(filled: Filled, storage: Storage, clock: Clock) -> None:
    address = storage.new("one-writer")
    store = SqlBuckets(filled.database)
    store.sync([address])
    assert store.take(address, now=clock(), seconds=60, holder=0) is not None
    buckets = writer(filled, storage, address, clock)
    buckets.run()
    assert storage.objects("one-writer") == {}
    clock.forward(seconds=61)
    buckets.run()
    assert "feeds/latest.rss" in storage.objects("one-writer")


@pytest.mark.slow
def test_a_storage_that_is_away_is_told_and_caught_up_with(
    filled: Filled, storage: Storage, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    """One line when it breaks, one when it mends; the operator hears of it after three tries."""
    own = Storage()
    try:
        address = own.new("away")
        buckets = writer(filled, own, address, clock)
        own.stop()
        for _ in range(4):
            buckets.run()
            clock.forward(seconds=120)
        assert not buckets.have(1)
        said = [one.levelname for one in caplog.records if one.name == "feedsvc.push.buckets"]
        assert said.count("ERROR") == 1
        facts = SqlNotices(filled.database).facts(clock())
        told = judge(facts, clock(), patience=timedelta(minutes=1))
        assert [one.subject for one in told if one.code == "BUCKET"] == [address]
        own.start()
        own.new("away")
        buckets.run()
        assert "feeds/latest.rss" in own.objects("away")
        assert "takes documents again" in caplog.text
        assert SqlNotices(filled.database).facts(clock()).buckets == ()
    finally:
        own.close()


def test_a_bucket_that_is_not_there_is_an_error_with_its_name(storage: Storage) -> None:
    bucket = Bucket("s3://nowhere", endpoint=storage.endpoint)
    with pytest.raises(BucketError, match="s3://nowhere"):
        bucket.put("a", b"", media_type="text/plain", cache_control="", known="")


def test_what_a_bucket_lacks_on_every_store(store_url: str, clock: Clock) -> None:
    """In the order of publications; a bucket that is no longer wanted is forgotten with what it has."""
    database: Database = migrated(store_url)
    store = SqlBuckets(database)
    store.sync(["s3://one", "s3://two"])
    rows = [
        {
            "path": path,
            "number": number,
            "list": "",
            "media_type": "text/plain",
            "etag": f"e{number}",
            "last_modified": clock(),
            "max_age": 60,
            "identity": b"",
            "gzip": b"",
            "br": b"",
            "links": [],
            "entries": [],
            "digest": b"",
            "status": status,
        }
        for path, number, status in (("/b", 2, 200), ("/a", 1, 200), ("/gone", 3, 410))
    ]
    with database.write() as connection:
        connection.execute(insert(t.snapshot), rows)
    assert [one.path for one in store.lacking("s3://one", 10)] == ["/a", "/b"]
    stray = Lacking(path="/stray", etag="x", tag="t")
    store.note("s3://one", [*store.lacking("s3://one", 10), stray])
    assert store.lacking("s3://one", 10) == [replace(stray, etag="")]
    assert store.lacking("s3://one", 10, {"/stray"}) == []
    assert [one.path for one in store.lacking("s3://two", 10)] == ["/a", "/b"]
    store.whole("s3://one", 3)
    assert store.number("s3://one") == 3
    store.sync(["s3://two"])
    assert store.number("s3://one") == 0
    database.close()
