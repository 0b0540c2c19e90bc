#!/usr/bin/env python3
"""One day of a large installation as discrete events: bench/simulate.py [--sources N] [--readers N] …

The policy is feedsvc's own (collect.rhythm: how polls follow what is published, within a budget); so are the
headers (serve.documents: how long caches may keep a feed). What is assumed stands in ASSUMED and is
printed beside the result; costs are those of docs/scale.md. A sample of the sources is
simulated event by event and the rest is scaled up from it: polls of different sources do not depend on one
another but for the budget, which is scaled down alike. Readers are many and poll without knowing of
each other, so what a cache asks the origin for follows from their rate (a renewal process).

With --check N a day of N sources is simulated, and lived through by the real worker, with its due table and
over HTTP; its clock is set from due time to due time. Printed are the polls and delays of both.
"""

from __future__ import annotations

import argparse
import heapq
import math
import random
import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import timedelta
from pathlib import Path

from polling import BEGIN, SEED, ZONE, Traces, learnt, synthetic

from feedsvc.collect.rhythm import DAY, HOUR, Fleet, Member, Rhythm, fleet
from feedsvc.serve.documents import cache_control

LEARNT = 10  #: days that the worker knew each source before the simulated one


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumed:
    """What the simulation does not know by itself. Times in seconds, sizes in bytes."""

    total: int  #: sources
    polls_an_hour: float = 1.0  #: of a source on average: the budget
    floor: float = 900.0  #: between two polls of a foreign host
    poll_cpu: float = 0.010  #: processor time of a poll that brings nothing (304)
    news_cpu: float = 0.045  #: of one that brings news: reading, storing
    publish_cpu: float = 0.015  #: of building one feed in three formats
    publish_every: float = 2.0  #: changes of a feed within this time are one publication
    publish_delay: float = 1.0  #: from storing to serving
    feeds: int = 20_000  #: each of one section, sources spread over them
    reader_every: float = 1800.0  #: between two polls of one reader
    reader_304: float = 0.95  #: share of the readers' requests that have the newest version already
    edges: int = 30  #: places of a CDN that cache by themselves, without a shield
    max_age: int = 60  #: of a feed, as it is configured unless it says otherwise
    look_up_cpu: float = 0.000_035  #: of the service for one request for a feed
    document: int = 15_000  #: compressed
    used: float = 0.5  #: share of a processor that is planned with


@dataclass(frozen=True, slots=True)
class Day:
    """What a day came to, for the sources that were simulated."""

    polls: int
    with_news: int
    delays: Sequence[float]  #: seconds from publication to serving, sorted
    hourly: Sequence[int]  #: polls in each hour
    publications: int


def simulate(traces: Traces, assumed: Assumed, *, known: int) -> Day:
    """The day of `traces` after the first `known` ones, event by event; those taught the policy."""
    chance = random.Random(SEED)
    begin = known * DAY
    rhythms = [learnt(trace, begin) if known else Rhythm() for trace in traces]
    budget = assumed.polls_an_hour / HOUR * len(traces)
    feeds = max(1, round(assumed.feeds * len(traces) / assumed.total))
    seen = [_until(trace, begin) for trace in traces]
    spread = HOUR if known else 1.0
    due = [(begin + chance.random() * spread, number) for number in range(len(traces))]
    heapq.heapify(due)
    solved, shared = -math.inf, Fleet()
    delays: list[float] = []
    hourly = [0] * 24
    changed: set[tuple[int, int]] = set()  # feed, publication slot
    polls = with_news = 0
    while due[0][0] < begin + DAY:
        at, number = due[0]
        now = BEGIN + timedelta(seconds=at)
        if at - solved >= HOUR:  # the worker does it every five minutes; within an hour little changes
            solved = at
            shared = fleet([_member(rhythm, assumed) for rhythm in rhythms], budget=budget, now=now)
        upto = _until(traces[number], at)
        new = traces[number][seen[number] : upto]
        seen[number] = upto
        polls += 1
        hourly[int((at - begin) // HOUR)] += 1
        if new:
            with_news += 1
            slot = int(at // assumed.publish_every)
            changed.add((number % feeds, slot))
            delays += [at - one + assumed.publish_delay + assumed.publish_every / 2 for one in new]
        moments = [BEGIN + timedelta(seconds=one) for one in new]
        rhythms[number] = rhythms[number].learn(moments, now=now, zone=ZONE)
        pause = shared.interval(_member(rhythms[number], assumed), now=now).total_seconds()
        heapq.heapreplace(due, (at + pause, number))
    return Day(polls, with_news, sorted(delays), hourly, len(changed))


def _until(trace: Sequence[float], at: float) -> int:
    return bisect_right(trace, at)


def _member(rhythm: Rhythm, assumed: Assumed) -> Member:
    return Member(rhythm=rhythm, floor=assumed.floor)


def part(values: Sequence[float], share: float) -> float:
    """The value below which a share of sorted values lies."""
    return values[min(len(values) - 1, int(len(values) * share))] if values else 0.0


# ── readers ──


def shared_age(max_age: int) -> int:
    """Seconds that a CDN keeps a feed, as our own header says it."""
    found = re.search(r"s-maxage=(\d+)", cache_control(max_age))
    assert found is not None
    return int(found[1])


def at_the_origin(readers: int, assumed: Assumed) -> float:
    """Requests a second that get through a CDN, feeds being as popular as Zipf's law says (exponent 1).

    An edge asks once, then answers by itself for s-maxage seconds; the next request after that goes through:
    one in every s-maxage + 1/rate seconds.
    """
    age = shared_age(assumed.max_age)
    weights = [1 / rank for rank in range(1, assumed.feeds + 1)]
    scale = readers / assumed.reader_every / sum(weights) / assumed.edges
    return sum(assumed.edges / (age + 1 / (scale * weight)) for weight in weights)


# ── what it takes ──


def report(day: Day, sources: int, simulated: int, readers: int, assumed: Assumed) -> list[str]:
    """The result for people, scaled from the simulated sources to all of them."""
    scale = sources / simulated
    peak = max(day.hourly) * 24 / max(1, day.polls)
    unchanged = day.polls - day.with_news
    seconds = (
        unchanged * assumed.poll_cpu
        + day.with_news * assumed.news_cpu
        + day.publications * assumed.publish_cpu
    ) * scale
    collecting = seconds * peak / DAY / assumed.used
    direct = readers / assumed.reader_every
    origin = at_the_origin(readers, assumed)
    bytes_out = direct * (1 - assumed.reader_304) * assumed.document * 8 / 1e6

    def cores(requests: float) -> str:
        return f"{max(1, math.ceil(requests * assumed.look_up_cpu / assumed.used))}"

    polls, news = day.polls * scale, 100 * day.with_news / day.polls
    half, most = (part(day.delays, share) / 60 for share in (0.5, 0.95))
    through = 100 * origin / direct
    return [
        f"{sources:,} sources ({simulated:,} simulated), {readers:,} readers, one day",
        f"polls         {polls / 1e6:.1f} million, {polls / DAY:.0f} a second; {news:.0f} % bring news",
        f"busiest hour  {peak:.2f} times as many",
        f"delay         p50 {half:.1f} min, p95 {most:.1f} min from publication to our feeds",
        f"publications  {day.publications * scale / 1e6:.2f} million of one feed",
        f"collecting    {collecting:.0f} processors in the busiest hour, publishing with it",
        f"without CDN   {direct:,.0f} requests a second, {bytes_out:,.0f} Mbit/s, {cores(direct)} processors",
        f"with CDN      {origin:,.0f} at the origin ({through:.1f} %), {cores(origin)} processors",
    ]


# ── the check: the same sources, polled by the real worker ──


def check(count: int) -> list[str]:
    """A day of `count` sources: simulated, and with the real worker over HTTP, whose clock is set from due
    time to due time."""
    from real_day import real_day

    traces = [[at for at in trace if at < DAY] for trace in synthetic(count, days=1)]
    assumed = Assumed(total=count, feeds=count)
    told = simulate(traces, assumed, known=0)
    real = real_day(traces, budget=assumed.polls_an_hour * count)
    delay = assumed.publish_delay + assumed.publish_every / 2

    def line(name: str, polls: int, with_news: int, delays: Sequence[float]) -> str:
        half, most = (part(delays, share) / 60 for share in (0.5, 0.95))
        return f"  {name:10} {polls:6} polls, {with_news:5} with news, p50 {half:.1f} min, p95 {most:.1f} min"

    polled = [one - delay for one in told.delays]
    return [
        f"check: {count} sources, one day, nothing known of them before",
        line("simulated", told.polls, told.with_news, polled),
        line("real", real.polls, real.with_news, real.delays),
        f"  processor time of a real poll: {1000 * real.cpu / real.polls:.1f} ms, the sources' own with it",
    ]


def plot(day: Day, scale: float, file: Path) -> None:
    """Polls by hour and the spread of delays, as SVG."""
    import pygal

    chart = pygal.Bar(
        title="Polls in each hour of the day", x_title="hour", y_title="polls", show_legend=False
    )
    chart.x_labels = [str(hour) for hour in range(24)]
    chart.add("polls", [round(one * scale) for one in day.hourly])
    file.write_bytes(chart.render())
    line = pygal.Line(
        title="From publication to our feeds",
        x_title="share of articles, %",
        y_title="minutes",
        show_legend=False,
    )
    line.x_labels = [str(share) for share in range(5, 100, 5)]
    line.add("delay", [round(part(day.delays, share / 100) / 60, 1) for share in range(5, 100, 5)])
    file.with_stem(f"{file.stem}-delays").write_bytes(line.render())


def main() -> None:
    """Simulate and print."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--sources", type=int, default=1_000_000)
    options.add_argument("--readers", type=int, default=10_000_000)
    options.add_argument("--sample", type=int, default=5_000, help="sources that are simulated")
    options.add_argument("--plot", type=Path, help="write polls by hour (SVG), and FILE-delays beside it")
    options.add_argument("--check", type=int, default=0, help="compare with the real worker, with N sources")
    given = options.parse_args()
    assumed = Assumed(total=given.sources)
    sample = min(given.sample, given.sources)
    day = simulate(synthetic(sample, days=LEARNT + 1), assumed, known=LEARNT)
    print("\n".join(report(day, given.sources, sample, given.readers, assumed)))
    print("assumed: " + ", ".join(f"{one.name} {getattr(assumed, one.name):g}" for one in fields(assumed)))
    if given.plot:
        plot(day, given.sources / sample, given.plot)
    if given.check:
        print("\n".join(check(given.check)))


if __name__ == "__main__":
    main()
