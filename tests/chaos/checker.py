"""What is promised of served feeds under any fault, checked on real answers.

Of every answer: 200 or 304; the document parses; an id stands in it once; Last-Modified is not after Date. Of
all answers together: an article keeps its id and its date, `updated` never goes back and changes when, and
only when, the text did; a tag stands for one sequence of bytes, and these bytes for one tag. At the end: all
that was acknowledged is there, as it was acknowledged last, and nothing that was withdrawn.
"""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import feedparser
import requests
from lxml import etree

from feedsvc.model import NOTHING

ATOM = "{http://www.w3.org/2005/Atom}"
FORMATS = ("rss", "atom", "json")


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as a reader sees it; moments in whole seconds of UTC, "" where there is none."""

    id: str
    url: str
    title: str
    text: str
    published: str
    updated: str
    rest: str  #: all of it but `updated`, where the format has that


class Checker:
    """Judges answers. Safe to use from many threads.

    `one`: one web process answers, so that what is seen never goes back. `dates`: dates of articles stay, as
    they do where their sources do not change them. `returns`: what was published is withdrawn, so that a feed
    may become again what it was, under a new tag.
    """

    def __init__(
        self, base: str, slugs: Sequence[str], *, one: bool = True, dates: bool = True, returns: bool = False
    ) -> None:
        self.base = base
        self.paths = [f"/feeds/{slug}.{form}" for slug in slugs for form in FORMATS]
        self.wrong: Counter[str] = Counter()
        self.seen: Counter[str] = Counter()
        self.read: dict[str, set[str]] = {}  #: path → addresses of articles that were seen in it
        self._one = one
        self._dates = dates
        self._returns = returns
        self._bytes: dict[tuple[str, str], bytes] = {}
        self._tags: dict[tuple[str, bytes], str] = {}
        self._ids: dict[str, str] = {}  # address → id
        self._published: dict[str, str] = {}  # id → its date
        self._texts: dict[tuple[str, str, str], tuple[str, str]] = {}  # (path, id, updated) → title, text
        self._updated: dict[tuple[str, str], str] = {}
        self._rests: dict[tuple[str, str, str], str] = {}  # (path, id, updated) → all else
        self._lock = threading.Lock()

    def fault(self, words: str) -> None:
        """A promise was broken."""
        with self._lock:
            self.wrong[words] += 1

    # ── one answer ──

    def poll(self, path: str, tag: str = "", timeout: float = 10) -> str:
        """Ask for a feed as a reader does; returns the tag for the next time."""
        headers = {"Accept-Encoding": "gzip"} | ({"If-None-Match": tag} if tag else {})
        try:
            answer = requests.get(self.base + path, headers=headers, timeout=timeout)
        except requests.RequestException as error:
            self.seen["polls without an answer"] += 1
            self.unanswered(path, error)
            return tag
        self.seen[f"polls {answer.status_code}"] += 1
        if answer.status_code == 304 and tag:
            return tag
        if answer.status_code != 200:
            self.refused(path, answer)
            return tag
        self.judge(path, answer.headers, answer.content)
        return answer.headers["ETag"]

    def unanswered(self, path: str, error: requests.RequestException) -> None:
        """A poll without an answer: a fault, unless the web process itself was killed."""
        self.fault(f"{path}: no answer ({type(error).__name__})")

    def refused(self, path: str, answer: requests.Response) -> None:
        """A poll that was answered with something else than the feed."""
        self.fault(f"{path}: {answer.status_code} {answer.text[:60]!r}")

    def judge(self, path: str, headers: Mapping[str, str], body: bytes) -> None:
        """One 200."""
        tag = headers["ETag"]
        if parsedate_to_datetime(headers["Last-Modified"]) > parsedate_to_datetime(headers["Date"]):
            self.fault(f"{path}: Last-Modified {headers['Last-Modified']}, and it is {headers['Date']}")
        with self._lock:
            if self._tags.setdefault((path, body), tag) != tag and not self._returns:
                self.wrong[f"{path}: the same bytes under another tag"] += 1
            known = self._bytes.setdefault((path, tag), body)
        if known is not body:
            if known != body:
                self.fault(f"{path}: one tag, other bytes")
            return
        try:
            entries = entries_of(path, body)
        except ValueError as error:
            self.fault(f"{path}: {error}")
            return
        for one, times in Counter(entry.id for entry in entries).items():
            if times > 1:
                self.fault(f"{path}: {one} stands in it {times} times")
        with self._lock:
            self.read.setdefault(path, set()).update(entry.url for entry in entries)
            for entry in entries:
                self._judge(path, entry)

    def _judge(self, path: str, entry: Entry) -> None:
        if self._ids.setdefault(entry.url, entry.id) != entry.id:
            self.wrong[f"{path}: {entry.url} was {self._ids[entry.url]} and is {entry.id}"] += 1
        known = self._published.setdefault(entry.id, entry.published)
        if self._dates and known != entry.published:
            self.wrong[f"{path}: {entry.id} was published {known}, now {entry.published}"] += 1
        if not entry.updated:
            return
        if entry.updated < entry.published:
            self.wrong[f"{path}: {entry.id} changed before it was published"] += 1
        seen = (entry.title, entry.text)
        if self._texts.setdefault((path, entry.id, entry.updated), seen) != seen:
            self.wrong[f"{path}: {entry.id} changed and {entry.updated} stays"] += 1
        before = self._updated.get((path, entry.id), "")
        self._rests[path, entry.id, entry.updated] = entry.rest
        if before and before != entry.updated and self._rests[path, entry.id, before] == entry.rest:
            self.wrong[f"{path}: {entry.id} is the same, and updated {before} is {entry.updated}"] += 1
        if self._one and entry.updated < before:
            self.wrong[f"{path}: {entry.id} was updated {before}, now {entry.updated}"] += 1
        self._updated[path, entry.id] = max(before, entry.updated)

    # ── meanwhile ──

    @contextmanager
    def watching(self, every: float = 0.1) -> Iterator[None]:
        """Poll all feeds over and over, from another thread, until the block ends."""
        over = threading.Event()

        def poll() -> None:
            tags: dict[str, str] = {}
            while not over.is_set():
                for path in self.paths:
                    tags[path] = self.poll(path, tags.get(path, ""))
                over.wait(every)

        thread = threading.Thread(target=poll, name="reader")
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()

    # ── at the end ──

    def chain(self, slug: str) -> dict[str, Entry]:
        """Address → entry, of everything that a client finds which follows prev-archive."""
        address, found = f"{self.base}/feeds/{slug}.atom", dict[str, Entry]()
        while address:
            body = requests.get(address, timeout=10).content
            for entry in entries_of(".atom", body):
                found.setdefault(entry.url, entry)
            links = etree.fromstring(body).findall(f"{ATOM}link")
            address = next((one.get("href", "") for one in links if one.get("rel") == "prev-archive"), "")
        return found

    def reckon(
        self,
        slug: str,
        standing: Mapping[str, str],
        patience: float = 60,
        perhaps: Mapping[str, str] = NOTHING,
    ) -> None:
        """All of `standing` (address → title) is in a feed, at the latest after a while.

        Nothing else is, but what `perhaps` stands: no answer told whether it was taken.
        """
        deadline = time.monotonic() + patience
        while True:
            try:
                found = {url: entry.title for url, entry in self.chain(slug).items()}
            except (requests.RequestException, ValueError):
                found = {}
            unsure = {url: title for url, title in found.items() if perhaps.get(url) == title}
            if found == {**unsure, **standing} or time.monotonic() > deadline:
                break
            time.sleep(0.2)
        for url, title in standing.items():
            if found.get(url) != title:
                self.fault(f"{url} was acknowledged as {title!r} and is {found.get(url)!r}")
        for url in found.keys() - standing.keys() - unsure.keys():
            self.fault(f"{url} stands and was withdrawn, or never published")


class Patient(Checker):
    """Judges a service whose web processes are killed: readers come again."""

    def unanswered(self, path: str, error: requests.RequestException) -> None:
        """A web process was killed."""

    def refused(self, path: str, answer: requests.Response) -> None:
        """Nothing is loaded yet: they are told when to come again."""
        if answer.status_code != 503 or "Retry-After" not in answer.headers:
            super().refused(path, answer)


def entries_of(path: str, body: bytes) -> list[Entry]:
    """The entries of a document. Raises ValueError where it does not parse."""
    if path.endswith(".json"):
        return [
            Entry(
                id=one["id"],
                url=one.get("url", ""),
                title=one.get("title", ""),
                text=one.get("content_html") or one.get("content_text", ""),
                published=in_utc(one["date_published"]),
                updated=in_utc(one.get("date_modified") or one["date_published"]),
                rest=json.dumps(one | {"date_modified": ""}),
            )
            for one in json.loads(body)["items"]
        ]
    try:
        rests = [_without_updated(one) for one in etree.fromstring(body).iter(f"{ATOM}entry", "item")]
    except etree.XMLSyntaxError as error:
        raise ValueError(f"not well-formed: {error}") from error
    document = feedparser.parse(body)
    if document.bozo:
        raise ValueError(f"feedparser: {document.bozo_exception}")
    return [
        Entry(
            id=one.id,
            url=one.get("link", ""),
            title=one.get("title", ""),
            text=one["content"][0]["value"] if one.get("content") else one.get("summary", ""),
            published=_stamp(one.get("published_parsed")),
            updated=_stamp(one.get("updated_parsed")) if path.endswith(".atom") else "",
            rest=rest,
        )
        for one, rest in zip(document.entries, rests, strict=True)
    ]


def _without_updated(entry: etree._Element) -> str:
    for one in entry.findall(f"{ATOM}updated"):
        entry.remove(one)
    return etree.tostring(entry, encoding="unicode")


def in_utc(stamp: str) -> str:
    """An RFC 3339 time as one of UTC in whole seconds."""
    return datetime.fromisoformat(stamp).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")


def _stamp(found: time.struct_time | None) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", found) if found else ""
