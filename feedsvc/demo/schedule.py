"""When what happens: story number k is published at epoch + k steps, and its later fate is settled with it.

Nothing here looks at a clock. A moment between two steps shows what the step before it brought.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache

from feedsvc.demo.dateline import WIB
from feedsvc.demo.desks import DESKS
from feedsvc.demo.dice import pick, roll, shuffled

EPOCH = datetime(2025, 1, 1, tzinfo=WIB)
STEP = timedelta(seconds=30)
DAY = 2880  #: stories in a day of the usual step
LONGEST_LAG = 20  #: steps after its publication in which a story may still change
DOZEN = tuple(desk.slug for desk in DESKS for _ in range(desk.share))
SHARE = {desk.slug: desk.share for desk in DESKS}


class Fix(StrEnum):
    """What a correction does."""

    NUMBER = "number"  #: a wrong number is put right, with a note
    NEWS = "news"  #: a paragraph is added
    HEADLINE = "headline"  #: a paragraph is added and the headline follows


@dataclass(frozen=True, slots=True)
class Place:
    """Which desk writes story k, and how many that desk wrote before."""

    desk: str
    nth: int


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of a story after its publication; steps are counted from the epoch."""

    fixed: int | None = None
    fix: Fix = Fix.NUMBER
    withdrawn: int | None = None
    status: int = 410

    def steps(self) -> tuple[int, ...]:
        """The steps at which it changes."""
        return tuple(step for step in (self.fixed, self.withdrawn) if step is not None)


UNTOUCHED = Fate()


@lru_cache(maxsize=4096)
def _dozen(number: int) -> tuple[str, ...]:
    return shuffled(DOZEN, "dozen", number)


def place(k: int) -> Place:
    """Desks take turns within each dozen, in an order that changes from dozen to dozen."""
    number, at = divmod(k, len(DOZEN))
    order = _dozen(number)
    desk = order[at]
    return Place(desk, number * SHARE[desk] + order[:at].count(desk))


def fate(k: int) -> Fate:
    """About one story in ten is corrected, one in forty withdrawn, minutes after it came out."""
    chance = roll("fate", k) % 40
    if chance == 0:
        return Fate(withdrawn=k + 6 + roll("withdrawn", k) % 11, status=pick((410, 410, 404), "status", k))
    if chance <= 4:
        return Fate(fixed=k + 3 + roll("fixed", k) % (LONGEST_LAG - 2), fix=pick(tuple(Fix), "fix", k))
    return UNTOUCHED


@dataclass(frozen=True, slots=True)
class Schedule:
    """Turns moments into step numbers and back."""

    epoch: datetime = EPOCH
    step: timedelta = STEP

    def tick(self, now: datetime) -> int:
        """The number of the newest story; negative before the epoch."""
        return (now - self.epoch) // self.step

    def moment(self, k: int) -> datetime:
        """When story k is published, or step k comes."""
        return self.epoch + k * self.step
