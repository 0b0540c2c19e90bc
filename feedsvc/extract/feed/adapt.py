"""The neutral shape of a feed → drafts. The only place that decides what an entry's fields mean for us."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from hashlib import blake2b
from typing import NamedTuple
from zoneinfo import ZoneInfo

from feedsvc import dates, urls
from feedsvc.dates import Doubt, Moment
from feedsvc.extract.bounds.xml import Budget
from feedsvc.extract.feed import episodes, people, pictures, texts
from feedsvc.extract.feed.addresses import address
from feedsvc.extract.feed.memo import Memo
from feedsvc.extract.feed.mend import FORBIDDEN
from feedsvc.extract.feed.wire import Link, Stamp, Text, WireEntry, WireFeed
from feedsvc.model import Draft
from feedsvc.plugin_api import FeedReading

MAX_TAGS = 50
MAX_GUID = 2_000  #: characters; a longer id is none
_MAX_STAMP = 200
_DAY = 86_400
_LONGEST_TTL = 31 * _DAY
#: RSS 1.0 syndication module
_PERIODS = {"hourly": 3_600, "daily": _DAY, "weekly": 7 * _DAY, "monthly": 30 * _DAY, "yearly": 365 * _DAY}
_IDS = ("id", "guid", "rdf:about")
_WEB = re.compile(r"\s*https?://", re.I)
_WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_NUMBER = re.compile(r"\d{1,9}")
_LANGUAGE = re.compile(r"([A-Za-z]{2,3})(?:[-_]([A-Za-z]{4}))?(?:[-_]([A-Za-z]{2}|\d{3}))?(?![A-Za-z0-9])")


class Hints(NamedTuple):
    """What is known about the feed from elsewhere."""

    language: str
    zone: ZoneInfo | None
    now: datetime


def to_reading(feed: WireFeed, hints: Hints, memo: Memo) -> FeedReading:
    """`feed` as drafts, in its order.

    An entry with neither an address nor an id is called by its enclosure, as podcast players do. Without one
    it is left out: nothing could tell it from another one at the next reading. The notes say how many.
    """
    language = language_tag(feed.language)
    budget = Budget()
    home = "" if feed.based else _home(feed)
    context = _context(feed, language, hints)
    drafts = []
    for sealed in feed.entries:
        key = sealed.seal and sealed.seal + context
        draft = memo.get(key) if key else None
        if draft is None:
            refused = budget.refused
            draft = _draft(sealed.open(), home, language, hints, budget)
            if key and draft is not None and budget.refused == refused:
                memo.keep(key, draft)
        if draft is not None:
            drafts.append(draft)
    return FeedReading(
        title=texts.title(feed.title),
        entries=tuple(drafts),
        language=language,
        ttl=_ttl(feed),
        skip=_skip(feed),
        hub=address(feed.base, feed.hub),
        topic=address(feed.base, feed.topic),
        notes=(*feed.notes, *_notes(len(feed.entries) - len(drafts), budget.refused)),
    )


def _home(feed: WireFeed) -> str:
    """To what addresses of a feed are relative that does not say it: its own, or its site's on another host.

    A feed that another host delivers (FeedBurner and its like) was written for its site.
    """
    site = address(feed.base, feed.site)
    return site if site and urls.host(site) != urls.host(feed.base) else feed.base


def _context(feed: WireFeed, language: str, hints: Hints) -> bytes:
    """A digest of what an entry's draft depends on, beside the entry itself."""
    said = repr((feed.base, feed.site, feed.context, language, hints.language, str(hints.zone)))
    return blake2b(said.encode(), digest_size=16).digest()


def _notes(nameless: int, uncleaned: int) -> Iterator[str]:
    if nameless:
        yield f"{nameless} of the entries have neither an address nor an id and were left out"
    if uncleaned:
        yield f"the full text of {uncleaned} entries was left out: too much markup in one feed"


def _draft(entry: WireEntry, home: str, feed_language: str, hints: Hints, budget: Budget) -> Draft | None:
    base = home or entry.base
    url, url_origin, also = _url(entry.links, base)
    image, image_origin, enclosures = pictures.choose(entry.media, base=base)
    guid = _guid(entry.guid)
    if not url and not guid:
        if not enclosures:
            return None
        guid = enclosures[0].url
    page = url if url and home else base  # to which addresses in its texts are relative
    language = language_tag(entry.language) or feed_language
    published, updated, doubt, date_origins = _dates(entry, language, hints)
    full, full_origin = _full_text(entry)
    if image is None:
        for text in (full, entry.summary):
            if (
                text.html
                and "<" in text.value
                and (image := pictures.first_in(text.value, base=text.base or page))
            ):
                image_origin = "text"
                break
    title = texts.title(entry.title)
    origins = {"url": url_origin, **date_origins, "content": full_origin, "image": image_origin}
    return Draft(
        url=url,
        title=title,
        guid=guid,
        published=published,
        updated=updated,
        doubt=doubt,
        authors=people.names(entry.authors),
        summary=texts.summary(entry.summary if entry.summary.value else entry.content),
        content=texts.content(full, base=page, budget=budget) if full.value else "",
        image=image,
        enclosures=enclosures,
        tags=_tags(entry.tags),
        language=language,
        also=also,
        episode=episodes.episode(entry.airing, title=title, base=base),
        origin={field: origin for field, origin in origins.items() if origin},
    )


def _url(links: Iterable[Link], base: str) -> tuple[str, str, tuple[str, ...]]:
    """The first link that is an http(s) address; and, beside FeedBurner's note of it, FeedBurner's own.

    An id can stand in for a missing link, but only one that is an address by itself.
    """
    found = [
        (url, link.origin)
        for link in links
        if (link.origin not in _IDS or _WEB.match(link.href))
        and (url := address(base, link.href, fragment=True))
    ]
    if not found:
        return "", "", ()
    url, origin = found[0]
    also = (found[1][0],) if origin == "feedburner:origLink" and len(found) > 1 and found[1][0] != url else ()
    return url, origin, also


def _guid(said: str) -> str:
    guid = said if said.isprintable() else FORBIDDEN.sub("", said).strip()
    return guid if len(guid) <= MAX_GUID else ""


def _dates(
    entry: WireEntry, language: str, hints: Hints
) -> tuple[Moment | None, Moment | None, Doubt | None, dict[str, str]]:
    """Published, updated, the doubt about the first, and where they come from.

    An entry that says only when it was updated was published no later; without that, all entries of an Atom
    feed without `published` would be news of the hour in which the feed was first read.
    """
    language = hints.language or language
    published, origin, doubt = _moment(entry.published, language, hints)
    updated, updated_origin, _ = _moment(entry.updated, language, hints)
    origins = {"published": origin, "updated": updated_origin}
    if published is None and updated is not None:
        published, origins["published"] = updated, updated_origin
    return published, updated, doubt if published is None else None, origins


def _moment(stamps: Iterable[Stamp], language: str, hints: Hints) -> tuple[Moment | None, str, Doubt | None]:
    doubt = None
    for stamp in stamps:
        read = dates.read(stamp.text[:_MAX_STAMP], language=language, zone=hints.zone, now=hints.now)
        if isinstance(read, Moment):
            return read, stamp.origin, None
        doubt = doubt or read
    return None, "", doubt


def _full_text(entry: WireEntry) -> tuple[Text, str]:
    """The full text: where the feed has it apart, else a description that is as long as one."""
    if entry.content.value:
        return entry.content, entry.content_origin
    if texts.is_full(entry.summary):
        return entry.summary, "description"
    return Text(), ""


def _tags(said: Iterable[str]) -> tuple[str, ...]:
    found: dict[str, str] = {}
    for one in said:
        if tag := texts.name(one):
            found.setdefault(tag.casefold(), tag)
            if len(found) == MAX_TAGS:
                break
    return tuple(found.values())


def _ttl(feed: WireFeed) -> int | None:
    """Seconds for which the feed asks not to be fetched again."""
    if (minutes := _NUMBER.fullmatch(feed.ttl)) and int(minutes[0]):
        return min(int(minutes[0]) * 60, _LONGEST_TTL)
    period = _PERIODS.get(feed.period.lower())
    if period is None:
        return None
    times = _NUMBER.fullmatch(feed.frequency)
    return min(period // max(1, int(times[0]) if times else 1), _LONGEST_TTL) or None


def _skip(feed: WireFeed) -> tuple[int, ...]:
    """Hours of the week (GMT, 0 is Monday 0:00) that RSS's skipHours and skipDays exclude."""
    hours = {int(one) % 24 for one in feed.skip_hours if _NUMBER.fullmatch(one) and int(one) <= 24}
    days = {_WEEK.index(one.casefold()) for one in feed.skip_days if one.casefold() in _WEEK}
    found = {day * 24 + hour for day in range(7) for hour in range(24) if hour in hours or day in days}
    return tuple(sorted(found))


def language_tag(said: str) -> str:
    """A language as BCP 47 writes it (`en-us` → `en-US`); "" for what is none."""
    found = _LANGUAGE.match(said.strip())
    if found is None:
        return ""
    language, script, region = found.groups()
    parts = (language.lower(), (script or "").title(), (region or "").upper())
    return "-".join(part for part in parts if part)
