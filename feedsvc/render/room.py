"""The pages of the control room: what operators see. English, like the commands and the log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from lxml import etree

from feedsvc.model import Site
from feedsvc.model.room import FeedDetail, FeedRow, Health, Hour, Overview, Reach, SourceDetail, SourcePage
from feedsvc.render import assets, charts
from feedsvc.render.shown import root_of

#: What the buttons did, for the page that follows.
DONE = {
    "poll": "It is polled now.",
    "pause": "It is paused: nobody polls it until you say so.",
    "resume": "It is polled again.",
    "accept": "Taken: what stands there now is right, from the next poll on.",
    "refuse": "The configured reading holds.",
    "withdraw": "Withdrawn from every feed.",
    "remove": "Taken out of this feed.",
    "nothing": "Nothing was changed: it is not there any more.",
}


class RoomPages:
    """Renders the control room of one site."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._environment = Environment(
            loader=PackageLoader("feedsvc.render"),
            autoescape=select_autoescape(default=True),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        globals_: dict[str, Any] = {
            "site": site, "root": root_of(site), "version": assets.version, "at": self._at, "span": span,
            "size": size,
        }  # fmt: skip
        self._environment.globals |= globals_

    def overview(self, found: Overview, *, told: bool, done: str) -> str:
        """The service as a whole. `told`: somebody is told of what goes wrong."""
        counts = found.counts
        sick = counts[Health.RED] + counts[Health.AMBER]
        polls, unchanged = found.polls_today
        figures = [
            ("sources", sum(counts.values()), f"{sick} need a look" if sick else "all fine"),
            ("feeds", found.feeds, f"publication {found.publication}"),
            ("new articles today", found.articles_today, ""),
            (
                "publication to feed",
                span(found.lag[0]) if found.lag else "–",
                f"p95 {span(found.lag[1])}" if found.lag else "",
            ),
            ("requests for feeds today", _thousands(found.requests_today), ""),
            ("unchanged answers (304)", _share(unchanged, polls), "of the last polls of all sources"),
        ]
        return self._page(
            "overview.html",
            found.now,
            "/status",
            done,
            found=found,
            wrong=found.wrong,
            lately=found.lately,
            told=told,
            figures=figures,
            chart=self._hours(found.hours),
            chart_rows=self._hour_rows(found.hours),
        )

    def sources(
        self, page: SourcePage, *, health: Health | None, words: str, now: datetime, done: str
    ) -> str:
        """One page of the sources."""
        asked = [(name, value) for name, value in (("health", health), ("q", words)) if value]
        query = urlencode(asked)
        return self._page(
            "sources.html",
            now,
            f"/status/sources?{query}" if query else "/status/sources",
            done,
            page=page,
            health=health,
            words=words,
            query=f"{query}&" if query else "",
        )

    def source(self, found: SourceDetail, *, remedy: str, now: datetime, done: str) -> str:
        """Everything about one source."""
        requests = sum(run.requests for run in found.runs)
        unchanged = sum(run.outcome == "unchanged" for run in found.runs)
        row = found.row
        return self._page(
            "source.html",
            now,
            f"/status/sources/{row.no}",
            done,
            found=found,
            remedy=remedy,
            drifts=row.health in (Health.AMBER, Health.RED) and not row.code and bool(row.reason),
            requests=requests,
            unchanged=_share(unchanged, requests),
            chart=self._hours(found.hours),
            chart_rows=self._hour_rows(found.hours),
        )

    def feeds(self, rows: Sequence[FeedRow], number: int, pages: int, *, now: datetime) -> str:
        """One page of the feeds."""
        return self._page("feeds.html", now, "/status/feeds", "", rows=rows, number=number, pages=pages)

    def feed(self, found: FeedDetail, *, now: datetime, done: str) -> str:
        """Everything about one feed."""
        return self._page("feed.html", now, f"/status/feeds/{found.row.slug}", done, found=found)

    def readers(self, found: Reach, *, now: datetime) -> str:
        """Who reads."""
        today = found.days[-1] if found.days else None
        formats = sum(found.formats.values())
        figures = [
            ("subscribers", _thousands(found.subscribers), "that aggregators report"),
            ("different readers today", _thousands(today.pollers if today else 0), "programs that asked"),
            ("requests today", _thousands(today.requests if today else 0), ""),
            ("unchanged (304)", _share(today.not_modified, today.requests) if today else "–", ""),
            *(
                (f"as {name}", _share(count, formats), "last seven days")
                for name, count in found.formats.items()
            ),
        ]
        names = [one.day[5:] for one in found.days]
        chart = charts.bars(
            "Requests a day",
            [
                ("unchanged", [one.not_modified for one in found.days]),
                ("sent", [one.requests - one.not_modified for one in found.days]),
            ],
            names,
        )
        rows = [
            (one.day, one.not_modified, one.requests - one.not_modified, one.pollers, size(one.bytes))
            for one in reversed(found.days)
        ]
        return self._page(
            "readers.html",
            now,
            "/status/readers",
            "",
            found=found,
            figures=figures,
            chart=chart,
            chart_rows=rows,
        )

    def _page(self, name: str, now: datetime, back: str, done: str, **values: Any) -> str:
        template = self._environment.get_template(f"room/{name}")
        values = {"words": "", **values}
        return template.render(now=now, back=back, done=DONE.get(done, ""), ago=_ago(now), **values)

    def _at(self, moment: datetime) -> str:
        local = moment.astimezone(self._site.zone)
        name = local.tzname() or ""
        return local.strftime("%Y-%m-%d %H:%M:%S ") + (f"UTC{name}" if name[:1] in "+-" else name)

    def _hours(self, hours: Sequence[Hour]) -> Any:
        ticks = [one.at.astimezone(self._site.zone).strftime("%a %H:%M") for one in hours]
        counts: list[float | None] = [one.count for one in hours]
        series = [("now", counts), ("usually", [one.usual for one in hours])]
        return charts.lines("New articles an hour of the last two days", series, ticks, every=8)

    def _hour_rows(self, hours: Sequence[Hour]) -> list[tuple[str, Any, Any]]:
        return [
            (
                one.at.astimezone(self._site.zone).strftime("%a %H:%M"),
                "–" if one.count is None else one.count,
                "–" if one.usual is None else f"{one.usual:g}",
            )
            for one in reversed(hours)
        ]


def span(seconds: float) -> str:
    """A time as a person reads it at a glance."""
    seconds = abs(seconds)
    if seconds < 120:
        return f"{seconds:.0f} s"
    if seconds < 2 * 3600:
        return f"{seconds / 60:.0f} min"
    if seconds < 2 * 86400:
        return f"{seconds / 3600:.1f} h"
    return f"{seconds / 86400:.0f} days"


def size(count: int) -> str:
    """Bytes as a person reads them."""
    if count < 10_000:
        return f"{count:,} B"
    return f"{count / 1000:,.0f} kB" if count < 10_000_000 else f"{count / 1_000_000:,.0f} MB"


def _thousands(count: int) -> str:
    return f"{count:,}"


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f} %" if whole else "–"


def _ago(now: datetime) -> Any:
    def ago(moment: datetime) -> str:
        past = (now - moment).total_seconds()
        return f"{span(past)} ago" if past >= 0 else f"in {span(past)}"

    return ago


def status_feed(site: Site, changes: Sequence[Mapping[str, Any]]) -> bytes:
    """The changes of state as Atom (RFC 4287): each break and each mending is an entry, the newest first.

    `changes`: id, title, text, at.
    """
    space = "http://www.w3.org/2005/Atom"
    names: dict[Any, str] = {None: space}
    feed = etree.Element(f"{{{space}}}feed", nsmap=names)

    def add(parent: Any, name: str, text: str = "", **attributes: str) -> Any:
        element = etree.SubElement(parent, f"{{{space}}}{name}", attributes)
        if text:
            element.text = text
        return element

    base = f"{site.base_url}/status"
    add(feed, "id", f"urn:uuid:{site.namespace}#status")
    add(feed, "title", f"{site.title}: changes of state")
    newest = max((one["at"] for one in changes), default=datetime(1970, 1, 1, tzinfo=UTC))
    add(feed, "updated", _iso(newest))
    add(feed, "link", rel="self", type="application/atom+xml", href=f"{base}.atom")
    add(feed, "link", rel="alternate", type="text/html", href=base)
    add(add(feed, "author"), "name", "feedsvc")
    for one in changes:
        entry = add(feed, "entry")
        add(entry, "id", f"urn:uuid:{site.namespace}#{one['id']}")
        add(entry, "title", one["title"])
        add(entry, "updated", _iso(one["at"]))
        add(entry, "link", rel="alternate", type="text/html", href=base)
        add(entry, "content", one["text"], type="text")
    text: bytes = etree.tostring(feed, xml_declaration=True, encoding="utf-8")
    return text


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
