#!/usr/bin/env python3
"""How long articles wait for a look, at equal numbers of requests: bench/polling.py [TRACES] [--rate R]...

Drives feedsvc.rhythm, as the worker does, over the publication times in TRACES (default: headline-times.json
in FEEDSVC_TRACES or ../shared/traces) and over synthetic sources (log-normal rates, busy by day, in bursts).
Each policy learns in the first half; counted is the second half. Every policy makes as many looks as
the fixed interval does.
Printed: mean and p95 delay, gain over the fixed interval, and the share of the gain that an oracle has which
knows each source's true rate in the second half.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import random
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from feedsvc.collect.rhythm import DAY, HOUR, Fleet, Member, Rhythm, fleet

BEGIN = datetime(2022, 6, 20, tzinfo=UTC)  # a Monday
ZONE = ZoneInfo("UTC")
SEED = 7
DAYS = (0.35, 0.3, 0.25, 0.25, 0.3, 0.5, 0.8, 1.1, 1.4, 1.5, 1.6, 1.6)
HOURS = (*DAYS, 1.5, 1.5, 1.5, 1.5, 1.4, 1.3, 1.2, 1.1, 1.0, 0.8, 0.6, 0.45)

Traces = list[list[float]]  # of each source: seconds from the beginning, rising


@dataclass(frozen=True, slots=True)
class Result:
    """What a policy came to in the second half."""

    looks: int
    mean: float
    p95: float


def synthetic(count: int, days: int = 20) -> Traces:
    """Sources with log-normal rates, more by day than by night, three articles in ten followed by another."""
    chance = random.Random(SEED)
    most = max(HOURS)
    found: Traces = []
    for _ in range(count):
        rate = chance.lognormvariate(math.log(5 / DAY), 1.6)
        shift = chance.choice([0, 0, 0, 6, 12])
        at, times = 0.0, list[float]()
        while (at := at + chance.expovariate(rate * most)) < days * DAY:
            if chance.random() < HOURS[(int(at // HOUR) + shift) % 24] / most:
                times.append(at)
                while chance.random() < 0.3:
                    times.append(min(at + chance.expovariate(1 / 120), days * DAY - 1))
        found.append(sorted(times))
    return found


def learnt(trace: Sequence[float], until: float) -> Rhythm:
    """What hourly looks until then taught."""
    rhythm, done = Rhythm(), 0
    for hour in range(int(until / HOUR) + 1):
        end = bisect_right(trace, hour * HOUR)
        new = [BEGIN + timedelta(seconds=at) for at in trace[done:end]]
        rhythm, done = rhythm.learn(new, now=BEGIN + timedelta(hours=hour), zone=ZONE), end
    return rhythm


def look(
    traces: Traces, half: float, end: float, interval: Callable[[int, float, Sequence[float]], float]
) -> Result:
    """Look at every source in the second half; `interval(source, now, what was new)` says when next."""
    chance = random.Random(SEED)
    delays: list[float] = []
    looks = 0
    due = [half + chance.random() * 600 for _ in traces]
    done = [bisect_left(trace, half) for trace in traces]
    day = half
    while day < end:  # day by day, so that the pace can be solved anew each day
        day = min(day + DAY, end)
        for number, trace in enumerate(traces):
            at = due[number]
            while at < day:
                looks += 1
                upto = bisect_right(trace, at)
                new = trace[done[number] : upto]
                done[number] = upto
                delays += [at - one for one in new]
                at += interval(number, at, new)
            due[number] = at
    delays.sort()
    return Result(looks, sum(delays) / len(delays), delays[int(len(delays) * 0.95)])


def adaptive(
    traces: Traces, known: Sequence[Rhythm], half: float, end: float, budget: float, floor: float
) -> Result:
    """feedsvc.rhythm with this budget (looks a second); `known` was learnt in the first half."""
    rhythms = list(known)
    current: list[tuple[int, Fleet]] = []

    def interval(number: int, at: float, new: Sequence[float]) -> float:
        now = BEGIN + timedelta(seconds=at)
        moments = [BEGIN + timedelta(seconds=one) for one in new]
        rhythms[number] = rhythms[number].learn(moments, now=now, zone=ZONE)
        day = int((at - half) // DAY)
        if not current or current[0][0] != day:
            members = [Member(rhythm=one, floor=floor) for one in rhythms]
            current[:] = [(day, fleet(members, budget=budget, now=now))]
        member = Member(rhythm=rhythms[number], floor=floor)
        return current[0][1].interval(member, now=now).total_seconds()

    return look(traces, half, end, interval)


def oracle(traces: Traces, half: float, end: float, pace: float, floor: float) -> Result:
    """√ of each source's true rate in the second half."""
    rates = [max(len(one) - bisect_left(one, half), 0.2) / (end - half) for one in traces]

    def interval(number: int, _at: float, _new: Sequence[float]) -> float:
        return max(floor, min(DAY, 1 / (pace * math.sqrt(rates[number]))))

    return look(traces, half, end, interval)


def calibrated(run: Callable[[float], Result], looks: int, low: float, high: float) -> Result:
    """The result with the greatest parameter that makes at most `looks` looks."""
    best = run(low)
    for _ in range(7):
        middle = math.sqrt(low * high)
        found = run(middle)
        if found.looks > looks:
            high = middle
        else:
            low, best = middle, found
    return best


@dataclass(frozen=True, slots=True)
class Study:
    """Three policies at equal numbers of looks."""

    fixed: Result
    ours: Result
    oracle: Result

    @property
    def gain(self) -> float:
        """Share of the fixed interval's mean delay that is saved."""
        return 1 - self.ours.mean / self.fixed.mean

    @property
    def of_oracle(self) -> float:
        """Share of the oracle's gain."""
        return self.gain / (1 - self.oracle.mean / self.fixed.mean)


def study(traces: Traces, days: int, an_hour: float, floor: float) -> Study:
    """Looks at `an_hour` a source on average."""
    half, end = days * DAY / 2, days * DAY
    fixed = look(traces, half, end, lambda _number, _at, _new: HOUR / an_hour)
    known = [learnt(trace, half) for trace in traces]
    usual = an_hour / HOUR * len(traces)
    ours = calibrated(
        lambda budget: adaptive(traces, known, half, end, budget, floor),
        fixed.looks,
        usual * 0.7,
        usual * 1.4,
    )
    best = calibrated(lambda pace: oracle(traces, half, end, pace, floor), fixed.looks, 1e-6, 1.0)
    return Study(fixed, ours, best)


def show(name: str, traces: Traces, days: int, an_hour: float, floor: float) -> None:
    """Print one study."""
    found = study(traces, days, an_hour, floor)
    articles = sum(map(len, traces))
    print(f"{name}: {len(traces)} sources, {articles} articles, {an_hour:g} looks an hour, floor {floor:g} s")
    for policy, result in (("fixed", found.fixed), ("feedsvc", found.ours), ("oracle", found.oracle)):
        saved = 100 * (1 - result.mean / found.fixed.mean)
        print(
            f"  {policy:8} {result.looks:7} looks  mean {result.mean / 60:6.1f} min  "
            f"p95 {result.p95 / 60:6.1f} min  {saved:+5.1f} %"
        )
    print(f"  feedsvc has {100 * found.of_oracle:.0f} % of the oracle's gain")


def main() -> None:
    """Measure and print."""
    beside = Path(os.environ.get("FEEDSVC_TRACES", Path(__file__).parents[2] / "shared" / "traces"))
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("traces", nargs="?", type=Path, default=beside)
    options.add_argument("--rate", type=float, nargs="*", default=[1.0, 0.25], help="looks a source and hour")
    options.add_argument("--floor", type=float, nargs="*", default=[60.0, 900.0], help="seconds")
    options.add_argument("--synthetic", type=int, default=300, help="number of synthetic sources")
    given = options.parse_args()
    file = given.traces / "headline-times.json" if given.traces.is_dir() else given.traces
    kinds: list[tuple[str, Traces]] = []
    if file.exists():
        sites = json.loads(file.read_text())["sites"]
        kinds.append(("recorded", [sorted(map(float, one)) for one in sites.values()]))
    else:
        print(f"skipped the recorded traces: {file} is not there (name it, or set FEEDSVC_TRACES)")
    if given.synthetic:
        kinds.append(("synthetic", synthetic(given.synthetic)))
    for name, traces in kinds:
        for rate in given.rate:
            for floor in given.floor:
                show(name, traces, 20, rate, floor)


if __name__ == "__main__":
    main()
