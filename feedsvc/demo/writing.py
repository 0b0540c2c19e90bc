"""From a skeleton to the text of a story. Pure: desk, running number and moment settle every word."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from feedsvc.demo import dateline
from feedsvc.demo.desks import Desk
from feedsvc.demo.dice import pick, roll, shuffled
from feedsvc.demo.library import Number, Row, Shelf, Skeleton, library, number, spelled
from feedsvc.demo.schedule import Fix

GOLDEN = 0.6180339887
HOURS = ("07:30", "08:00", "08:45", "09:15", "10:00", "13:30", "14:00", "15:20", "16:00", "19:30")
REPORTERS = 9  #: on each desk
NOTES = {
    "id": "Ralat ({time} WIB): {name} semula tertulis {old}, yang benar {new}. Redaksi mohon maaf.",
    "en": "Correction ({time} WIB): an earlier version gave {name} as {old}; it is {new}.",
}
FLAG = {"id": "UPDATE {time} WIB: ", "en": "UPDATE, {time} WIB: "}


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """Everything that settles a text."""

    k: int
    desk: Desk
    nth: int  #: how many stories the desk wrote before
    published: datetime
    fix: Fix | None = None  #: the correction that lies ahead, if any
    fixed: datetime | None = None  #: and when it was made; None: not yet


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """What the desk hands in."""

    first_headline: str  #: as first printed; the address is made from it
    headline: str
    body: tuple[str, ...]
    note: str
    reporter: str
    photo: str
    credit: str
    scene: str
    tags: tuple[str, ...]


def write(task: Assignment) -> Copy:
    """The text as it stands after the corrections made so far."""
    shelf = library()[task.desk.slug]
    skeleton, turn = _next_skeleton(shelf, task)
    style, words = _key_words(shelf, skeleton, turn)
    words |= _other_words(shelf, skeleton, words, task.k)
    right, wrong = _numbers(skeleton, task.k, false=False), _numbers(skeleton, task.k, false=True)
    at_first = _values(skeleton, words, wrong if task.fix is Fix.NUMBER else right, task)
    now = at_first if task.fixed is None else _values(skeleton, words, right, task)
    first_headline = skeleton.headlines[style].format_map(at_first)
    return Copy(
        first_headline=first_headline,
        headline=_headline(skeleton, style, task).format_map(now),
        body=_body(skeleton, task, now),
        note=_note(skeleton, task, at_first, now),
        reporter=_reporter(shelf, task),
        photo=skeleton.photo.format_map(now),
        credit=pick(shelf.credits, "credit", task.k),
        scene=skeleton.scene,
        tags=tuple(tag.format_map(now) for tag in skeleton.tags),
    )


def _next_skeleton(shelf: Shelf, task: Assignment) -> tuple[Skeleton, int]:
    """Each skeleton once before any comes again, in an order that changes from round to round."""
    turn, at = divmod(task.nth, len(shelf.skeletons))
    return shuffled(shelf.skeletons, "order", task.desk.slug, turn)[at], turn


def _key_words(shelf: Shelf, skeleton: Skeleton, turn: int) -> tuple[int, dict[str, Row]]:
    """The words of the headline: every combination comes up once before any comes again.

    The turn is multiplied by a stride without a common divisor with the number of combinations, so that
    neighbours look unlike, and its digits are the choices. Two slots of one list never get the same row.
    """
    lists = [skeleton.slots[name] for name in skeleton.keys]
    radices = [len(shelf.words[name]) - lists[:at].count(name) for at, name in enumerate(lists)]
    total = math.prod(radices) * len(skeleton.headlines)
    stride = int(total * GOLDEN)
    while math.gcd(stride, total) != 1:
        stride += 1
    rest, style = divmod((turn * stride + roll(skeleton.later)) % total, len(skeleton.headlines))
    words: dict[str, Row] = {}
    for slot, name, radix in zip(skeleton.keys, lists, radices, strict=True):
        rest, digit = divmod(rest, radix)
        left = [row for row in shelf.words[name] if row not in words.values()]
        words[slot] = left[digit]
    return style, words


def _other_words(shelf: Shelf, skeleton: Skeleton, taken: Mapping[str, Row], k: int) -> dict[str, Row]:
    """The words that no headline names."""
    words: dict[str, Row] = {}
    for slot, name in skeleton.slots.items():
        if slot in taken or not skeleton.is_word(slot):
            continue
        used = {row[-1] for row in (*taken.values(), *words.values())}  # nor two people of one surname
        turns = (pick(shelf.words[name], slot, k, turn) for turn in range(99))
        words[slot] = next(row for row in turns if row[-1] not in used)
    return words


def _numbers(skeleton: Skeleton, k: int, *, false: bool) -> dict[str, Number]:
    """The numbers of a story; with `false`, one of them and what follows from it is not as it should be."""
    found: dict[str, Number] = {}
    for slot, rule in skeleton.slots.items():
        if skeleton.is_word(slot):
            continue
        value = number(rule, found, slot, k)
        if false and slot == skeleton.wrong:
            turns = (number(rule, found, slot, k, "false", turn) for turn in range(99))
            value = next(other for other in turns if other != value)
        found[slot] = value
    return found


def _values(
    skeleton: Skeleton, words: Mapping[str, Row], numbers: Mapping[str, Number], task: Assignment
) -> dict[str, str]:
    """What each name in braces stands for."""
    language = task.desk.language
    values = {slot: spelled(value, language) for slot, value in numbers.items()}
    for slot, row in words.items():
        values |= {slot if at == 1 else f"{slot}_{at}": part for at, part in enumerate(row, 1)}
    return values | _times(task)


def _times(task: Assignment) -> dict[str, str]:
    """The words for days, and an hour of the day that lies before the publication wherever it can."""
    days = {"yesterday": -1, "today": 0, "tomorrow": 1, "nextweek": 7}
    moments = {name: task.published + timedelta(days=shift) for name, shift in days.items()}
    past = [hour for hour in HOURS if hour < dateline.minute(task.published)] or HOURS
    named = {name: dateline.in_prose(moment, task.desk.language) for name, moment in moments.items()}
    return named | {"clock": pick(past, "clock", task.k).replace(":", ".")}


def _headline(skeleton: Skeleton, style: int, task: Assignment) -> str:
    if task.fixed is not None and task.fix is Fix.HEADLINE:
        return skeleton.later
    return skeleton.headlines[style]


def _body(skeleton: Skeleton, task: Assignment, values: Mapping[str, str]) -> tuple[str, ...]:
    chosen = [pick(wordings, "wording", task.k, at) for at, wordings in enumerate(skeleton.body)]
    texts = [_sentence(text.format_map(values)) for text in chosen]
    if task.fixed is not None and task.fix in (Fix.NEWS, Fix.HEADLINE):
        flag = FLAG[task.desk.language].format(time=dateline.minute(task.fixed))
        texts.append(flag + _sentence(skeleton.update.format_map(values)))
    return tuple(texts)


def _sentence(text: str) -> str:
    """A sentence begins with a capital letter, whatever word its first slot got."""
    return text[:1].upper() + text[1:]


def _note(skeleton: Skeleton, task: Assignment, before: Mapping[str, str], now: Mapping[str, str]) -> str:
    if task.fixed is None or task.fix is not Fix.NUMBER:
        return ""
    return NOTES[task.desk.language].format(
        time=dateline.minute(task.fixed),
        name=skeleton.wrong_name,
        old=before[skeleton.wrong],
        new=now[skeleton.wrong],
    )


def _reporter(shelf: Shelf, task: Assignment) -> str:
    """One of the few who work for the desk."""
    seat = roll("reporter", task.k) % REPORTERS
    return pick(shelf.words["person"], "seat", task.desk.slug, seat)[0]
