"""When the article was published and changed: the stamp that most speaks for, completed by the others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta, timezone, tzinfo

from feedsvc import dates
from feedsvc.dates import Doubt, Moment, Precision, Reason
from feedsvc.extract.article.lines import Line
from feedsvc.extract.article.page import Page, text_in
from feedsvc.extract.article.stamps import (
    LINE,
    UTC_ZONE,
    Stamp,
    clock_of_foot,
    machine_stamps,
    stamp_in_address,
    visible_stamps,
    with_address,
)
from feedsvc.model import Evidence

_SAME_DAY = timedelta(days=1)
_DAY_APART = timedelta(hours=38)  #: a day and the largest difference of zones
_ZONES_APART = timedelta(hours=14, minutes=5)
_COUNTED = frozenset({"relative", "day-inferred"})  #: read from the time of collecting
_GUESSED = _COUNTED | {"year-inferred"}
_QUARTER = timedelta(minutes=15)  #: offsets are whole quarters of an hour
_CLOCK_SKEW = timedelta(minutes=5)
_NEARER_BY = 2.0  #: weight by which a line by the headline goes before one far off
_SURE = 6.0  #: weight of a machine's stamp from which readers' lines only complete it


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """The answer about time."""

    published: Moment | None
    updated: Moment | None
    doubt: Doubt | None
    origin: str
    updated_origin: str
    evidence: tuple[Evidence, ...]
    weight: float = 0.0  #: of the published stamp
    lines: tuple[str, ...] = ()  #: what readers see of it, where that was looked for


def read_times(page: Page, lines: tuple[Line, ...]) -> Times:
    """Read the times of a page whose head stands in `lines`."""
    address = stamp_in_address(page)
    stamps = _by_weight(with_address(stamp, address) for stamp in machine_stamps(page))
    seen: list[Stamp] = []
    doubt: Doubt | None = None
    best = _complete(_first_published(stamps), stamps)
    if best is None or best.weight < _SURE or not best.is_exact or not best.has_zone or not best.offset:
        seen, doubt = visible_stamps(page, lines)
        seen = _by_weight(with_address(stamp, address) for stamp in seen)
        best = _with_visible(best, _trusted(seen, address))
    if best is not None and not best.is_exact and best.origin == "date line":
        best = clock_of_foot(best, page) or best
    if best is None:
        best = _last_resort(address, [*stamps, *seen], page)
    best = _or_only_update(best, seen)
    told = [stamp for stamp in seen if not stamp.moment.flags & _GUESSED]
    changed = next((stamp for stamp in (*stamps, *told) if stamp.updated and stamp.weight > 0), None)
    note = ""
    if best is not None:
        found = best
        best, note = _truthful(best, stamps, seen, page)
        lie = found.offset == timedelta() and found.has_zone and best.offset != timedelta()
        best = _with_zone(best, stamps, page)
        changed = _settled_update(changed, best, stamps, page, lie=lie)
    return Times(
        published=best.moment if best else None,
        updated=changed.moment if changed else None,
        doubt=None if best else doubt,
        origin=best.origin if best else "",
        updated_origin=changed.origin if changed else "",
        evidence=tuple(_evidence([*stamps, *seen], best, changed, note, doubt)),
        weight=best.weight if best else 0.0,
        lines=tuple(stamp.text for stamp in seen if best is not None and stamp.wall == best.wall),
    )


def _by_weight(stamps: Iterable[Stamp]) -> list[Stamp]:
    return sorted(stamps, key=lambda stamp: -stamp.weight)


def _first_published(stamps: list[Stamp]) -> Stamp | None:
    """The stamp that most speaks for; None where everything speaks against being the article's."""
    return next((stamp for stamp in stamps if not stamp.updated and stamp.weight > 0), None)


def _last_resort(address: Stamp | None, stamps: list[Stamp], page: Page) -> Stamp | None:
    """The address's day, else a date anywhere, else when the page says that it was updated."""
    update = next(
        (replace(stamp, updated=False) for stamp in stamps if stamp.updated and stamp.weight > 0), None
    )
    if update is not None and (address is None or update.wall.date() == address.wall.date()):
        return update
    return address or _stamp_anywhere(page) or update


def _or_only_update(best: Stamp | None, seen: list[Stamp]) -> Stamp | None:
    """`best`, or the line by the headline that says "updated", where `best` stands far off."""
    if best is None or best.origin != "date line":
        return best
    update = next((stamp for stamp in seen if stamp.updated and stamp.is_exact), None)
    if update is None or update.wall.date() != best.wall.date():
        return best
    return replace(update, updated=False) if update.weight >= best.weight + _NEARER_BY else best


# ── completing ────────────────────────────────────────────────────────────────────────────────────────


def _complete(best: Stamp | None, stamps: list[Stamp]) -> Stamp | None:
    """`best`, or a more complete stamp that says the same."""
    if best is None or (best.is_exact and best.has_zone):
        return best
    for other in stamps:
        if not other.updated and other.is_exact and other.has_zone and _says_the_same(other, best):
            return other
    return best


def _says_the_same(other: Stamp, best: Stamp) -> bool:
    apart = abs(other.wall - best.wall)
    if not best.is_exact:
        return apart < _DAY_APART
    return apart < _ZONES_APART and apart % _QUARTER == timedelta()


def _trusted(seen: list[Stamp], address: Stamp | None) -> list[Stamp]:
    """Lines that can date the article, those that name a day first.

    A clock alone may be anything's; `2 days ago` may be said of a comment, so the address has to allow it; a
    sentence that says "this morning" or a day without its year tells of something else.
    """
    named, counted = [], []
    for stamp in seen:
        if stamp.moment.flags & _GUESSED and not stamp.is_line:
            continue
        if not stamp.moment.flags & _COUNTED:
            named.append(stamp)
        elif "clock-only" not in stamp.moment.flags and (
            address is None or abs(stamp.wall - address.wall) < 2 * _DAY_APART
        ):
            counted.append(stamp)
    return named + counted


def _with_visible(best: Stamp | None, seen: list[Stamp]) -> Stamp | None:
    """`best`, or a line that more speaks for, completed by what readers see; `seen` by weight."""
    readable = [stamp for stamp in seen if not stamp.updated and stamp.weight > 0]
    if readable and (best is None or (best.weight < _SURE and readable[0].weight > best.weight)):
        best = readable[0]
    if best is None:
        return None
    exact = [stamp for stamp in readable if stamp.moment.precision in (Precision.MINUTE, Precision.SECOND)]
    exact.sort(key=lambda stamp: (stamp.moment.label is not dates.Label.PUBLISHED, not stamp.has_zone))
    if not best.is_exact:
        within = _DAY_APART if best.origin != "date line" else _SAME_DAY
        near = [stamp for stamp in exact if abs(stamp.wall - best.wall) < within]
        if near and not (
            best.is_midnight and best.moment.precision is not Precision.DAY and _confirms(best, near)
        ):
            return near[0]
        return best
    if not best.has_zone:
        same = (stamp for stamp in exact if stamp.has_zone and stamp.wall == best.wall)
        return next(same, best)
    return best


def _confirms(best: Stamp, near: Iterable[Stamp]) -> bool:
    """Whether readers see that it really was midnight."""
    return any(stamp.wall == best.wall for stamp in near)


# ── the zone ──────────────────────────────────────────────────────────────────────────────────────────


def _truthful(best: Stamp, stamps: list[Stamp], seen: list[Stamp], page: Page) -> tuple[Stamp, str]:
    """`best` in its real zone, where a local time was marked `Z`."""
    if not best.has_zone or best.offset or best.moment.precision is Precision.DAY:
        return best, ""
    for other in (*stamps, *seen):
        # only a zone that is written down convicts: a line without one may itself be printed in UTC
        if other.has_zone and other.offset and other.wall == best.wall:
            return best.in_zone(
                other.moment.at.tzinfo or UTC_ZONE, "zone-corrected"
            ), f"{other.text} says its zone"
    if page.now is not None and page.zone is not None and best.moment.at > page.now + _CLOCK_SKEW:
        local = best.in_zone(page.zone, "zone-corrected")
        if local.moment.at <= page.now + _CLOCK_SKEW:
            return local, "would be in the future"
    return best, ""


def _with_zone(best: Stamp, stamps: list[Stamp], page: Page) -> Stamp:
    """`best` with a zone: its own, that of another stamp of the page, or that of the site."""
    if best.has_zone:
        return best
    for other in stamps:
        if other.has_zone and other.offset and other.moment.precision is not Precision.DAY:
            return best.in_zone(_site_zone(other, best, page), "zone-of-page")
    return best.in_zone(page.zone or UTC_ZONE, "zone-assumed")


def _site_zone(other: Stamp, best: Stamp, page: Page) -> tzinfo:
    if page.zone is not None and page.zone.utcoffset(other.wall) == other.offset:
        return page.zone  # knows about summer time
    return timezone(other.offset) if page.zone is None else other.moment.at.tzinfo or timezone(other.offset)


def _settled_update(
    changed: Stamp | None, best: Stamp, stamps: list[Stamp], page: Page, *, lie: bool
) -> Stamp | None:
    if changed is None:
        return None
    if lie and not changed.offset and best.moment.at.tzinfo is not None:
        changed = changed.in_zone(best.moment.at.tzinfo, "zone-corrected")
    changed = _with_zone(changed, stamps, page)
    return changed if changed.moment.at > best.moment.at else None


# ── last resorts, and the record ──────────────────────────────────────────────────────────────────────


def _stamp_anywhere(page: Page) -> Stamp | None:
    """The first short text on the page that is nothing but a date; weak."""
    looked = 0
    for node in page.tree.css("p, span, td, li, div, small, em, i, b, strong"):
        if node.child is None or node.child.tag != "-text" or node.child.next is not None:
            continue
        text = text_in(node)
        if not 6 <= len(text) <= 60 or sum(char.isdigit() for char in text) < 2 or page.is_beside(node):
            continue
        looked += 1
        if looked > 80:
            break
        read = dates.read(text, language=page.language, zone=page.zone or UTC_ZONE, now=page.now)
        if isinstance(read, Doubt) or read.label is dates.Label.UPDATED or read.flags & _COUNTED:
            continue
        if 1995 < read.at.year < 2100:
            return Stamp(read, "a date somewhere on the page", text, LINE)
    return None


def _evidence(
    stamps: list[Stamp], best: Stamp | None, changed: Stamp | None, note: str, doubt: Doubt | None
) -> Iterator[Evidence]:
    used = {"published": best, "updated": changed}
    known = list(stamps)
    for stamp in (best, changed):
        if stamp is not None and not any(_is_same_statement(stamp, other) for other in known):
            known.append(stamp)
    for stamp in known:
        field = "updated" if stamp.updated else "published"
        chosen = used[field]
        is_used = chosen is not None and _is_same_statement(stamp, chosen)
        says = note if is_used else _contradiction(stamp, chosen)
        if stamp.reasons and (is_used or says):
            says = "; ".join(filter(None, (says, f"{stamp.weight:g}: {', '.join(stamp.reasons)}")))
        yield Evidence(field=field, value=stamp.text, origin=stamp.origin, used=is_used, note=says)
    if doubt is not None and doubt.reason is not Reason.NO_DATE:
        yield Evidence(field="published", value=doubt.text[:100], origin="date line", note=str(doubt.reason))


def _is_same_statement(one: Stamp, other: Stamp) -> bool:
    return (one.origin, one.text, one.updated) == (other.origin, other.text, other.updated)


def _contradiction(stamp: Stamp, chosen: Stamp | None) -> str:
    if chosen is None or stamp.moment.at == chosen.moment.at:
        return ""
    if stamp.wall == chosen.wall:
        return "another zone"
    if stamp.moment.precision is Precision.DAY and stamp.wall.date() == chosen.wall.date():
        return "day only"
    return "differs"
