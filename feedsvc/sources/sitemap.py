"""Looks at a sitemap: one file at each look, an index first, then those of its files that may have news."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta

import orjson

from feedsvc import urls
from feedsvc.errors import Code, SourceError
from feedsvc.model import Draft, Fetched, Level
from feedsvc.plugin_api import Batch, Child, Job, Poll, Request, SitemapReading, Tools

MAX_BYTES = 50 * 1024 * 1024  #: of a file, as the protocol says
MAX_CHILDREN = 50  #: files of an index that are followed, the newest
MAX_KNOWN = 500  #: files whose validators are kept
MAX_DEPTH = 2  #: indexes in one another; the protocol forbids it, some do it
QUIET_AGAIN = timedelta(hours=24)  #: how soon a file is read again that had nothing new enough
BROKEN_AGAIN, OWN_BROKEN_AGAIN = timedelta(hours=1), timedelta(minutes=5)  #: the same of one that failed
#: Who cannot be reached, or asks to wait, speaks for the host; everything else is the fault of one file
OF_THE_HOST = frozenset({Code.HTTP_WAIT, Code.CONNECT, Code.DNS, Code.TLS})
NOTES = 5  #: of one look that are told
ACCEPT = "application/xml, text/xml;q=0.9, text/plain;q=0.5, */*;q=0.4"


@dataclass(slots=True)
class _File:
    """What is known of a file of an index."""

    lastmod: str = ""  # as the index said when it was read
    etag: str = ""
    last_modified: str = ""
    not_before: float = 0.0


@dataclass(slots=True)
class _State:
    queue: list[tuple[str, int]] = field(default_factory=list)  # files to be read: address, depth
    lastmods: dict[str, str] = field(default_factory=dict)  # of those in the queue
    files: dict[str, _File] = field(default_factory=dict)
    children: list[tuple[str, str]] = field(default_factory=list)  # of the index: address, lastmod
    notes: list[str] = field(default_factory=list)  # of the look under way, which has many parts


class SitemapSource:
    """Sitemaps, news sitemaps and their indexes. The article pages are read for the rest."""

    level = Level.SITEMAP
    follow = True

    def read(self, poll: Poll, tools: Tools) -> Batch:
        """The newest entries of one file. Raises SourceError."""
        state = _load(poll.cursor)
        if not state.queue:
            return self._root(poll, tools, state)
        url, depth = state.queue.pop(0)
        known = state.files.get(url, _File())
        request = Request(
            url=url, accept=ACCEPT, limit=MAX_BYTES, etag=known.etag, last_modified=known.last_modified
        )
        try:
            fetched = tools.get(request)
            reading = None if fetched.unchanged else _reading(fetched, poll, tools)
        except SourceError as error:
            if error.code in OF_THE_HOST:
                raise
            # one file of many is missing or broken: the others count, and what was known of it stays
            known.not_before = (poll.now + (OWN_BROKEN_AGAIN if poll.own else BROKEN_AGAIN)).timestamp()
            state.files[url] = known
            state.lastmods.pop(url, None)
            return _batch(state, (), None, (f"{url}: {error.message}",))
        if reading is None:
            known.lastmod = state.lastmods.get(url, known.lastmod)
            state.files[url] = known
            return _batch(state, (), None)
        drafts = _new_enough(reading.entries, poll)
        quiet = bool(reading.entries) and not drafts and url not in state.lastmods
        state.files[url] = _File(
            lastmod=state.lastmods.pop(url, ""),
            etag=fetched.etag,
            last_modified=fetched.last_modified,
            not_before=(poll.now + QUIET_AGAIN).timestamp() if quiet else 0.0,
        )
        if depth < MAX_DEPTH:
            _enqueue(state, reading.children, poll, depth + 1)
        return _batch(state, drafts, None, reading.notes)

    def _root(self, poll: Poll, tools: Tools, state: _State) -> Batch:
        state.notes = []
        fetched = tools.get(poll.request(poll.url, accept=ACCEPT, limit=MAX_BYTES))
        if fetched.unchanged:
            children = [Child(url=url) for url, _ in state.children]
            _enqueue(state, children, poll, 1, dict(state.children))
            return _batch(state, (), fetched)
        reading = _reading(fetched, poll, tools)
        state.children = []
        _enqueue(state, reading.children, poll, 1)
        return _batch(state, _new_enough(reading.entries, poll), fetched, reading.notes)


def _reading(fetched: Fetched, poll: Poll, tools: Tools) -> SitemapReading:
    job = Job(
        kind="sitemap",
        body=fetched.body,
        url=fetched.url,
        charset=fetched.charset,
        media_type=fetched.media_type,
        language=poll.language,
        zone=poll.zone,
        now=poll.now,
    )
    found = tools.read(job)
    assert isinstance(found, SitemapReading)
    return found


def _new_enough(entries: tuple[Draft, ...], poll: Poll) -> tuple[Draft, ...]:
    """Entries that are not older than the configuration wants, or tell no date."""
    oldest = poll.now - timedelta(seconds=poll.options["since"])
    return tuple(
        one for one in entries if (said := one.published or one.updated) is None or said.at >= oldest
    )


def _enqueue(
    state: _State,
    children: tuple[Child, ...] | list[Child],
    poll: Poll,
    depth: int,
    lastmods: dict[str, str] | None = None,
) -> None:
    """Put the files of an index into the queue that may have something new, the newest first."""
    oldest = poll.now - timedelta(seconds=poll.options["since"])
    found: list[tuple[datetime, str, str]] = []
    undated: list[str] = []
    for child in children:
        said = (
            lastmods.get(child.url, "") if lastmods else child.updated.at.isoformat() if child.updated else ""
        )
        if not urls.same_site(poll.url, child.url):
            continue  # the protocol's rule (and the pace of a host holds for that host)
        if said:
            found.append((datetime.fromisoformat(said).astimezone(UTC), said, child.url))
        else:
            undated.append(child.url)
    found.sort(reverse=True)
    dated = [(url, said) for at, said, url in found if at >= oldest][:MAX_CHILDREN]
    room = MAX_CHILDREN - len(dated)
    if len(undated) > room:
        half = room // 2
        undated = [*undated[: room - half], *(undated[-half:] if half else ())]
    chosen = [*dated, *((url, "") for url in undated)]
    waiting = {url for url, _ in state.queue}
    if depth == 1:
        state.children = [*state.children, *chosen] if not state.children else state.children
        if len(state.files) > MAX_KNOWN:
            names = {url for url, _ in chosen} | waiting
            state.files = {url: one for url, one in state.files.items() if url in names}
    for url, said in chosen:
        known = state.files.get(url)
        is_known = known is not None and (
            (said and known.lastmod == said) or known.not_before > poll.now.timestamp()
        )
        if url not in waiting and not is_known:
            state.queue.append((url, depth))
            if said:
                state.lastmods[url] = said


def _batch(
    state: _State, drafts: tuple[Draft, ...], fetched: Fetched | None, notes: tuple[str, ...] = ()
) -> Batch:
    state.notes = [*state.notes, *notes][-NOTES:]
    return Batch(
        drafts=drafts,
        cursor=orjson.dumps(asdict(state)).decode(),
        more=bool(state.queue),
        fetched=fetched,
        notes=tuple(state.notes),
    )


def _load(text: str) -> _State:
    try:
        raw = orjson.loads(text)
        return _State(
            queue=[(url, depth) for url, depth in raw["queue"]],
            lastmods=raw["lastmods"],
            files={url: _File(**one) for url, one in raw["files"].items()},
            children=[(url, said) for url, said in raw["children"]],
            notes=raw["notes"],
        )
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError):
        return _State()
