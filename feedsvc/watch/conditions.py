"""What is wrong at a moment, from figures of the store: since when, why, and what to do about it.

A fault of one poll is no condition: hosts stumble, and the next poll tells. What a person is told has lasted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from feedsvc.errors import Code
from feedsvc.model import BucketFacts, Condition, Facts, HubFacts, PageFacts, SourceFacts, Trouble

LATE = timedelta(minutes=15)  #: past its time, from which on a source that nobody polls is told
WORKER_GONE = timedelta(seconds=75)  #: without a sign of life from any worker
LEAST_PAGES = 3  #: article pages of a host, all failing, before that is told
LEAST_AWAY = 5  #: sources that cannot be reached at once, before it is us and not them
FULL, NEARLY_ALL = 0.95, 0.98  #: share of the disk that is used: amber, red
UNREACHED = frozenset({Code.DNS, Code.CONNECT, Code.TOO_SLOW})
#: What lasts already when it is seen.
AT_ONCE = frozenset({Trouble.WORKER, Trouble.DISK, Trouble.CLOCK, Trouble.CONFIG, Trouble.LADDER})
TIMES = 2  #: failures in a row of a source, before it can be told
#: One failure is enough: somebody decided it, and the next poll will find the same.
DECIDED = frozenset({Code.BLOCKED_ROBOTS, Code.BLOCKED_URL, Code.BLOCKED_ADDRESS})


def judge(
    facts: Facts, now: datetime, *, patience: timedelta, polled_from: datetime | None = None
) -> list[Condition]:
    """What is wrong at `now` and has been for `patience` or longer.

    `polled_from`: when polling began again after nobody had polled; lateness counts from then.
    """
    found = [
        *_network(facts.sources, now), *_sources(facts.sources, now), *_pages(_alone(facts)),
        *_ladders(facts.sources), *_hubs(facts.hubs), *_buckets(facts.buckets), *_machine(facts, now),
        *facts.seen,
    ]  # fmt: skip
    if any(one.kind is Trouble.NETWORK for one in found):  # told once, not for each source
        found = [one for one in found if one.kind is not Trouble.SOURCE or one.code not in UNREACHED]
    found = [
        one for one in found if not (one.kind is Trouble.LATE and _explained(one, facts, now, polled_from))
    ]
    return [one for one in found if one.kind in AT_ONCE or now - one.since >= patience]


def _explained(late: Condition, facts: Facts, now: datetime, polled_from: datetime | None) -> bool:
    """Whether a source is late because nobody polled: that is told once, or was meant."""
    if polled_from is not None and now - polled_from < LATE:
        return True
    gone = facts.worker_at is not None and now - facts.worker_at >= WORKER_GONE
    return gone and facts.worker_at is not None and late.since > facts.worker_at - LATE


def _network(sources: Sequence[SourceFacts], now: datetime) -> Iterator[Condition]:
    active = [one for one in sources if one.active]
    away = [one for one in active if one.failures and one.code in UNREACHED]
    if len(away) >= LEAST_AWAY and len(away) * 2 > len(active):
        last = max(away, key=lambda one: one.polled_at or one.due)
        hosts = {one.host for one in away}
        subject, remedy = (
            "network",
            "look whether this machine reaches the network: name servers, proxy, firewall",
        )
        if len(hosts) == 1 and all(hosts):  # most newsrooms have one site
            subject, remedy = f"host {last.host}", "open it in a browser: all these sources are read there"
        yield Condition(
            kind=Trouble.NETWORK,
            subject=subject,
            since=min(one.good_at or one.polled_at or one.due for one in away),
            code=last.code,
            reason=f"{len(away)} of {len(active)} sources cannot be reached; the last: {last.message}",
            remedy=remedy,
        )


def _sources(sources: Sequence[SourceFacts], now: datetime) -> Iterator[Condition]:
    for one in sources:
        if not one.active:
            yield Condition(
                kind=Trouble.STOPPED,
                subject=one.name,
                since=one.polled_at or one.due,
                code=one.code,
                reason=one.message or "it said that it is gone for good",
                remedy="write its new address into the configuration, or take the source out",
            )
        elif one.drift and one.failures < TIMES and one.drift_since is not None:
            yield Condition(
                kind=Trouble.DRIFT,
                subject=one.name,
                since=one.drift_since,
                code="",
                reason=one.drift_reason,
                remedy=_drift_remedy(one),
                grave=one.drift > 1,
            )
        elif one.failures >= TIMES or (one.failures and _is_decided(one)):
            yield Condition(
                kind=Trouble.SOURCE,
                subject=one.name,
                since=one.good_at or one.polled_at or one.due,
                code=one.code,
                reason=one.message,
                remedy=PROPOSED if one.proposed else remedy(one.code),
            )
        elif not one.leased and now - one.due >= LATE:
            yield Condition(
                kind=Trouble.LATE,
                subject=one.name,
                since=one.due,
                code="",
                reason=f"it should have been polled {span_of(now - one.due)} ago",
                remedy="check whether the worker runs, and read its log; `feedsvc status` shows what is due",
            )


def _ladders(sources: Sequence[SourceFacts]) -> Iterator[Condition]:
    """Sources that are read instead of others: of several the one that works."""
    known = {one.name: one for one in sources}
    read: dict[str, SourceFacts] = {}
    for one in sources:
        if one.instead_of and (one.instead_of not in read or not one.failures):
            read[one.instead_of] = one
    for name, one in read.items():
        first = known.get(name)
        yield Condition(
            kind=Trouble.LADDER,
            subject=name,
            since=(first.good_at or first.polled_at or first.due) if first else one.due,
            code=first.code if first else "",
            reason=f"its articles come from {one.name} now",
            remedy="mend it: it is polled on, and read itself again by itself once it has been well for long",
            grave=False,
        )


def _is_decided(one: SourceFacts) -> bool:
    """Whether a second failure would tell nothing new, or come too late: its host asked for patience."""
    polled = one.polled_at
    if one.code in DECIDED:
        return True
    return one.code == Code.HTTP_WAIT and polled is not None and one.due - polled >= 2 * LATE


#: What to do where another list was found
PROPOSED = (
    "another list that may be the right one was found: /status shows both; take it there, or with "
    "`feedsvc accept ADDRESS`"
)


#: Codes of a host that answers, and not with its pages
REFUSALS = frozenset({Code.HTTP_STATUS, Code.HTTP_WAIT, Code.LOGIN_PAGE, Code.BLOCKED_ROBOTS})
PAGES_REMEDY = (
    "open one of them in a browser; where the host refuses us, ask its operator to let feedsvc in, or take "
    "the texts from its feed (follow = false)"
)


def _drift_remedy(one: SourceFacts) -> str:
    if one.proposed:
        return PROPOSED
    return (
        "open it and compare with the feed; `feedsvc inspect ADDRESS` shows what is read; if this is how it "
        "is now, `feedsvc accept ADDRESS`"
    )


def _alone(facts: Facts) -> Sequence[PageFacts]:
    """Article pages that do not fail as the lists of their host do: that is told already."""
    failing = {(one.host, one.code) for one in facts.sources if one.failures >= TIMES}
    return [one for one in facts.pages if (one.host, one.code) not in failing]


def _pages(pages: Sequence[PageFacts]) -> Iterator[Condition]:
    for one in pages:
        if one.drift and one.drift_since is not None:
            yield Condition(
                kind=Trouble.DRIFT,
                subject=f"article pages of {one.host}",
                since=one.drift_since,
                code="",
                reason=one.drift_reason,
                remedy="open one of its newest articles: what is missing there? `feedsvc inspect ADDRESS` "
                "shows what is read and why",
                grave=one.drift > 1,
            )
        if one.refused >= LEAST_PAGES or (one.failed >= LEAST_PAGES and not one.read):
            yield Condition(
                kind=Trouble.PAGES,
                subject=one.host,
                since=one.since,
                code=one.code,
                reason=f"all article pages that were polled lately failed ({max(one.refused, one.failed)}); "
                f"the last: {one.message}",
                remedy=PAGES_REMEDY if one.code in REFUSALS else remedy(one.code),
            )


def _hubs(hubs: Sequence[HubFacts]) -> Iterator[Condition]:
    for one in hubs:
        yield Condition(
            kind=Trouble.HUB,
            subject=one.hub,
            since=one.since,
            code="",
            reason=f"it has not taken what it was sent, {one.tries} times in a row: {one.error}",
            remedy="look whether its address in [websub] hubs is right and it answers; readers still poll",
            grave=False,
        )


def _buckets(buckets: Sequence[BucketFacts]) -> Iterator[Condition]:
    for one in buckets:
        yield Condition(
            kind=Trouble.BUCKET,
            subject=one.address,
            since=one.since,
            code=Code.BUCKET,
            reason=f"it has not taken what was published, {one.tries} times in a row: {one.error}",
            remedy="look whether [publish] to and endpoint are right, and whether the key in the environment "
            "(AWS_ACCESS_KEY_ID) may write there; what the CDN has grows old until it does",
        )


def _machine(facts: Facts, now: datetime) -> Iterator[Condition]:
    if facts.disk_full >= FULL:
        yield Condition(
            kind=Trouble.DISK,
            subject="store",
            since=now,
            code="",
            reason=f"{facts.disk_full:.0%} of its disk are used",
            remedy="make room: old backups, logs; or set keep for the sections. A full disk stops "
            "collecting, not serving",
            grave=facts.disk_full >= NEARLY_ALL,
        )
    yield from _worker(facts, now)


#: What to do where a worker may live, and cannot write so
NO_ROOM = "make room on the disk of the store first: on a full one no worker can note that it lives"


def _worker(facts: Facts, now: datetime) -> Iterator[Condition]:
    if facts.worker_at is not None and now - facts.worker_at >= WORKER_GONE:
        yield Condition(
            kind=Trouble.WORKER,
            subject="worker",
            since=facts.worker_at,
            code="",
            reason=f"no worker has shown a sign of life for {span_of(now - facts.worker_at)}",
            remedy=NO_ROOM
            if facts.disk_full >= NEARLY_ALL
            else "start it (`feedsvc run`, or `feedsvc work` beside `feedsvc serve`) and read its log",
        )


def span_of(span: timedelta) -> str:
    """A time as a person says it."""
    minutes = round(span.total_seconds() / 60)
    if minutes < 2:
        return f"{round(span.total_seconds())} seconds"
    if minutes < 120:
        return f"{minutes} minutes"
    return f"{minutes // 60} hours" if minutes < 48 * 60 else f"{minutes // 1440} days"


_REMEDIES = {
    Code.HTTP_GONE: "the address is not there: look for the new one and write it into the configuration",
    Code.HTTP_STATUS: "open the address in a browser. 5xx is a fault of the host: it passes, or its operator "
    "mends it. 401 or 403 is a refusal: renew the token or key in the address, or ask to let feedsvc in",
    Code.HTTP_WAIT: "the host asks for patience; if that stays, poll less often (every, budget)",
    Code.TLS: "renew the certificate; for a private authority set [fetch] ca_bundle",
    Code.DNS: "check the host's name, and whether its name servers answer",
    Code.CONNECT: "check whether the host is up and lets this machine connect",
    Code.TOO_SLOW: "check whether the host is overloaded; it is polled again automatically",
    Code.TRUNCATED: "the host breaks its answers off: tell its operator; it is polled again by itself",
    Code.BAD_ENCODING: "the host says that its answer is packed as it is not: tell its operator",
    Code.TOO_MANY_REDIRECTS: "open the address in a browser, and write the one where it ends",
    Code.TOO_LARGE: "point the source at a shorter page or feed",
    Code.BLOCKED_ROBOTS: "robots.txt forbids it; if the host is yours, add it to [fetch] own",
    Code.BLOCKED_ADDRESS: "its name leads to a private address; if the host is yours, add it to [fetch] own",
    Code.BLOCKED_URL: "add its port to [fetch] ports, or correct the address",
    Code.BOX_NOT_FOUND: "`feedsvc inspect ADDRESS` shows the headings of the page; put one into box",
    Code.EMPTY_LIST: "`feedsvc inspect ADDRESS` shows what the page holds; if it has changed, set select",
    Code.DOUBTFUL_LIST: "look at the page: if that is its list now, `feedsvc accept ADDRESS`; else wait",
    Code.SHRUNK_LIST: "`feedsvc inspect ADDRESS` shows what the page holds; if it is right, wait",
    Code.LOGIN_PAGE: "the page asks for a login or consent: use a page, feed or sitemap that is open",
    Code.NOT_A_FEED: "open the address: if it moved, write the new one; if it is a page, write page =",
    Code.NOT_A_PAGE: "open the address: if it is a feed, write feed =, if a sitemap, sitemap =; "
    "else look for the page",
    Code.BAD_XML: "tell the feed's publisher; `feedsvc inspect ADDRESS` shows where it breaks",
    Code.DATABASE: "check whether the database is up and lets this user in",
    Code.BAD_TABLE: "correct table, map or query of the source",
    Code.BAD_FOLDER: "check whether the folder is mounted and readable",
    Code.NOT_WORDPRESS: "the site has no open WordPress REST API: use its feed or page instead",
    Code.PLUGIN: "update or remove the plug-in",
    Code.POISON: "read the worker's log for what ended it; it is tried again later by itself",
    Code.INTERNAL: "a fault in feedsvc: please report it with the log",
}


def remedy(code: str) -> str:
    """What to do about a source that fails with a code."""
    try:
        return _REMEDIES[Code(code)]
    except (KeyError, ValueError):
        return f"docs/errors.md says what {code or 'it'} means and what to do"
