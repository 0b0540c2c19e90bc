"""Writes every published document into object storages, for a CDN to serve.

    publication ──► what a bucket lacks (store.push.buckets) ──► written, each on condition that nobody else
        wrote it since ──► noted ──► caches may be purged, subscribers may know (push.announce)

One worker writes into a bucket, by a lease. One that was stopped in the middle, and goes on after its lease
has passed, finds that the tag it knows is not the bucket's: so an older document never replaces a newer one.
"""

from __future__ import annotations

import gzip
import logging
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from feedsvc.errors import BucketError
from feedsvc.model import ReadyDocument
from feedsvc.protocols import Clock
from feedsvc.push.background import Background
from feedsvc.push.object_storage import Bucket, ChangedError
from feedsvc.serve.documents import cache_control
from feedsvc.store.push.buckets import Lacking, SqlBuckets

log = logging.getLogger(__name__)

BATCH = 64  #: documents that are noted together
AT_ONCE = 16  #: requests to one bucket
LEASE = 60.0  #: seconds
LONGEST_WAIT = timedelta(minutes=2)  #: between two tries


class Buckets:
    """Keeps buckets as the service is. `fixed` are documents that no publication brings: our own files."""

    IDLE = 1.0  #: seconds between two looks for publications of other workers

    def __init__(
        self, store: SqlBuckets, buckets: Sequence[Bucket], *, now: Clock, fixed: Sequence[ReadyDocument] = ()
    ) -> None:
        self._store = store
        self._buckets = buckets
        self._fixed = {row.path: row for row in fixed}
        self._now = now
        self._holders = dict.fromkeys((one.address for one in buckets), 0)
        self._failed: dict[str, tuple[int, datetime]] = {}  # address → times in a row, when last
        self._whole: dict[str, int] = {}  # address → the publication that it has
        self._background = Background(
            "buckets", self.run, every=self.IDLE, idle=self.IDLE, told="the buckets wait"
        )

    def wake(self) -> None:
        """Something was published."""
        self._background.wake()

    def start(self) -> None:
        """Begin. Raises StoreError."""
        self._store.sync(one.address for one in self._buckets)
        if self._buckets:
            self._background.start()

    def stop(self) -> None:
        """End; what is being written is written."""
        self._background.stop(25)

    def have(self, number: int) -> bool:
        """Whether every bucket has a publication as a whole. Raises StoreError."""
        return all(
            self._whole.get(one.address, 0) >= number or self._store.number(one.address) >= number
            for one in self._buckets
        )

    def run(self) -> bool:
        """Write what each bucket lacks; whether one still lacks something. Raises StoreError.

        One that fails is tried again later.
        """
        newest = self._store.newest()
        for bucket in self._buckets:
            if self._whole.get(bucket.address) != newest:
                self._whole[bucket.address] = self._store.number(bucket.address)
            if self._whole[bucket.address] >= newest or self._waits(bucket):
                continue
            try:
                if self._write(bucket):
                    self._store.whole(bucket.address, newest)
                    self._whole[bucket.address] = newest
                    if self._failed.pop(bucket.address, None) is not None:
                        log.warning("%s takes documents again", bucket.address)
            except BucketError as error:
                times, _ = self._failed.get(bucket.address, (0, None))
                if not times:
                    log.error("nothing is written there until it answers: %s", error)
                self._failed[bucket.address] = (times + 1, self._now())
                self._store.failed(bucket.address, error.message, self._now())
        return any(number < newest for number in self._whole.values())

    def _waits(self, bucket: Bucket) -> bool:
        times, last = self._failed.get(bucket.address, (0, None))
        if last is None:
            return False
        return timedelta() <= self._now() - last < min(LONGEST_WAIT, timedelta(seconds=2 ** min(times, 10)))

    def _held(self, bucket: Bucket) -> bool:
        token = self._store.take(
            bucket.address, now=self._now(), seconds=LEASE, holder=self._holders[bucket.address]
        )
        self._holders[bucket.address] = token or 0
        return token is not None

    def _write(self, bucket: Bucket) -> bool:
        """Whether the bucket has everything now; not so where another worker writes into it."""
        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="bucket") as threads:
            while not self._background.stopping and self._held(bucket):
                batch = self._batch(bucket)
                if not batch:
                    return True
                done: list[Lacking] = []
                try:
                    done.extend(threads.map(partial(self._one, bucket), batch))  # up to the first that failed
                except ChangedError:
                    return False
                finally:
                    self._store.note(bucket.address, done)
        return False

    def _batch(self, bucket: Bucket) -> list[Lacking]:
        known: Mapping[str, tuple[str, str]] = self._store.has(bucket.address, list(self._fixed))
        ours = [
            Lacking(
                path=row.path,
                etag=row.etag,
                tag=known.get(row.path, ("", ""))[1],
                media_type=row.media_type,
                max_age=row.max_age,
                gzip=row.gzip,
            )
            for row in self._fixed.values()
            if known.get(row.path, ("", ""))[0] != row.etag
        ]
        return ours or self._store.lacking(bucket.address, BATCH, self._fixed)

    def _one(self, bucket: Bucket, one: Lacking) -> Lacking:
        """Write or remove one document; it, with the tag that it has in the bucket now.

        Raises ChangedError where another worker writes there by now.
        """
        key = one.path[1:] or "index.html"
        if not one.etag:
            bucket.delete(key)
            return one
        known = one.tag
        while True:
            try:
                tag = bucket.put(
                    key,
                    gzip.decompress(one.gzip) if one.gzip else b"",
                    media_type=one.media_type,
                    cache_control=cache_control(one.max_age),
                    known=known,
                )
            except ChangedError:
                if not self._held(bucket):
                    raise  # we were too slow, and another worker writes what is newer
                known = bucket.tag(key)
                continue
            return replace(one, tag=tag)
