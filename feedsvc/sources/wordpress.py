"""Posts of a WordPress site through its REST API, by the time of their last change, oldest first.

So what changes meanwhile comes last, and nothing is skipped between two pages.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode, urlsplit

import orjson

from feedsvc.errors import Code, FetchError, ReadError, SourceError
from feedsvc.extract.wordpress import loads
from feedsvc.model import Fetched, Level
from feedsvc.plugin_api import Batch, FeedReading, Job, Poll, Request, Tools

PER_PAGE = 50
OVERLAP = timedelta(minutes=10)  #: that is read again each time
FOREIGN_SINCE = timedelta(days=30)  #: of a foreign site, where the configuration does not say
CHECKED = 100  #: of the newest posts it is asked now and then whether they are still there
OWN_CHECK, CHECK = timedelta(minutes=10), timedelta(hours=12)
ROUTES = ("/wp-json/wp/v2/posts?", "/?rest_route=/wp/v2/posts&")


@dataclass(slots=True)
class _State:
    route: str = ""  # the address before the parameters; "": not found yet
    tried: int = 0  # of ROUTES
    after: str = ""  # posts changed after this are asked for (as WordPress wrote it, UTC)
    page: int = 1
    top: str = ""  # the last change seen
    recent: list[int] = field(default_factory=list)  # the newest posts that were handed over
    checked: float = 0.0
    most: int = 0  # posts that the site gives a page


class WordPressSource:
    """Posts of a WordPress site, with their full texts."""

    level = Level.FEED
    follow = False

    def read(self, poll: Poll, tools: Tools) -> Batch:
        """The next page of changed posts. Raises SourceError."""
        state = _load(poll.cursor)
        if not state.route:
            state.route = _route(poll.url, state.tried)
        if _is_checking(state, poll):
            return self._check(poll, tools, state)
        after = state.after or _beginning(poll)
        query = {"per_page": PER_PAGE, "page": state.page, "orderby": "modified", "order": "asc", "_embed": 1}
        if after:
            query["modified_after"] = f"{after}Z"
        try:
            fetched = tools.get(_request(poll, state, query))
        except FetchError as error:
            if error.status in (403, 404, 410) and not state.top and state.tried + 1 < len(ROUTES):
                state.tried, state.route = state.tried + 1, ""
                return Batch(cursor=_dump(state), more=True)
            if error.status == 400 and state.page > 1:  # rest_post_invalid_page_number: that was the last one
                return Batch(cursor=_dump(_ended(state)))
            if error.status in (401, 403, 404, 410):
                raise SourceError(
                    Code.NOT_WORDPRESS,
                    f"{poll.url}: no REST API of WordPress answers there ({error.message})",
                ) from error
            raise
        if fetched.unchanged:
            return Batch(cursor=_dump(_ended(state)), fetched=fetched)
        reading = tools.read(_job(fetched, poll))
        assert isinstance(reading, FeedReading)
        return self._page(state, reading, fetched)

    def _page(self, state: _State, reading: FeedReading, fetched: Fetched) -> Batch:
        told = [draft for draft in reading.entries if draft.updated is not None]
        changes = [f"{draft.updated.at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}" for draft in told if draft.updated]
        shown = tuple(draft for draft in reading.entries if draft.state != "withdrawn")
        hidden = tuple(draft.row for draft in reading.entries if draft.state == "withdrawn")
        full = _has_more(fetched, state.page, len(reading.entries))
        if changes:
            state.top = max([state.top, *changes])
            last = max(changes)
            before = (datetime.fromisoformat(last) - timedelta(seconds=1)).isoformat()
            # a page whose posts all have one time (an import) does not get on by time
            if full and min(changes) < last and before > state.after:
                state.after, state.page = before, 1
            else:
                state.page += 1
        numbers = {int(draft.row) for draft in shown if draft.row.isdecimal()}
        state.recent = sorted({*state.recent, *numbers}, reverse=True)[:CHECKED]
        if full:
            state.most = len(reading.entries)
        else:
            state = _ended(state)
        return Batch(
            drafts=shown,
            cursor=_dump(state),
            more=full,
            fetched=fetched,
            withdrawn_rows=hidden,
            notes=reading.notes,
        )

    def _check(self, poll: Poll, tools: Tools, state: _State) -> Batch:
        """Ask for the newest posts by number: those that do not come are no longer published."""
        state.checked = poll.now.timestamp()
        asked = state.recent[: state.most or CHECKED]
        query = {"include": ",".join(map(str, asked)), "per_page": len(asked), "_fields": "id"}
        fetched = tools.get(_request(poll, state, query))
        if fetched.unchanged:
            return Batch(cursor=_dump(state), more=True)
        try:
            there = {int(one["id"]) for one in loads(fetched.body, poll.url)}
        except (TypeError, KeyError, ValueError) as error:
            raise ReadError(Code.NOT_WORDPRESS, f"{poll.url}: the answer is not a list of posts") from error
        cut = _has_more(fetched, 1, 0)  # the site gives fewer than were asked for: that says nothing
        gone = [number for number in asked if number not in there] if there and not cut else []
        state.recent = [number for number in state.recent if number not in gone]
        return Batch(cursor=_dump(state), more=True, withdrawn_rows=tuple(map(str, gone)))


def _has_more(fetched: Fetched, page: int, count: int) -> bool:
    """Whether pages follow: the API tells how many there are, and some sites give fewer posts a page."""
    total = fetched.hints.get("x-wp-totalpages", "")
    if total.isascii() and total.isdecimal():
        return page < int(total[:9])
    return count >= PER_PAGE


def _is_checking(state: _State, poll: Poll) -> bool:
    due = state.checked + (OWN_CHECK if poll.own else CHECK).total_seconds() <= poll.now.timestamp()
    return due and bool(state.recent) and not poll.first and state.page == 1


def _route(url: str, tried: int) -> str:
    """The posts of a site: its address, or that of its API, is what the configuration names."""
    parts = urlsplit(url)
    if "rest_route=" in parts.query:
        return f"{url.rstrip('&')}&"
    if "/wp-json" in parts.path:
        base = url.partition("?")[0].rstrip("/")
        return f"{base}?" if base.endswith("/posts") else f"{base.partition('/wp-json')[0]}{ROUTES[0]}"
    return f"{url.partition('?')[0].rstrip('/')}{ROUTES[tried]}"


def _request(poll: Poll, state: _State, query: Mapping[str, object]) -> Request:
    url = f"{state.route}{urlencode(query, safe=':,')}"
    return poll.request(url, accept="application/json")


def _beginning(poll: Poll) -> str:
    since = poll.options["since"]
    if since is None and poll.own:
        return ""
    span = FOREIGN_SINCE if since is None else timedelta(seconds=since)
    return f"{poll.now.astimezone(UTC) - span:%Y-%m-%dT%H:%M:%S}"


def _ended(state: _State) -> _State:
    """All pages were read: the next time begins ten minutes before the last change."""
    state.page = 1
    if state.top:
        state.after = (datetime.fromisoformat(state.top) - OVERLAP).isoformat()
    return state


def _job(fetched: Fetched, poll: Poll) -> Job:
    return Job(
        kind="wordpress",
        body=fetched.body,
        url=fetched.url,
        language=poll.language,
        zone=poll.zone,
        now=poll.now,
        options={"site": poll.url},
    )


def _dump(state: _State) -> str:
    return orjson.dumps(asdict(state)).decode()


def _load(text: str) -> _State:
    try:
        return _State(**orjson.loads(text))
    except (orjson.JSONDecodeError, TypeError):
        return _State()


# ── what an answer says (in a child process) ──────────────────────────────────────────────────────────
