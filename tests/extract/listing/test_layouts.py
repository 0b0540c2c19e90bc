"""Lists of pages whose layouts were put together by chance: means, and what must not change a reading."""

from __future__ import annotations

import re
from functools import cache
from random import Random
from zoneinfo import ZoneInfo

import pytest

from feedsvc import urls
from feedsvc.extract import listing
from feedsvc.model import PageReading
from tests.extract.listing.generated import make
from tests.extract.listing.layouts import NOW, Story, Truth
from tests.extract.listing.site import overlap

SEEDS = range(1000, 1060)
UTC = ZoneInfo("UTC")


def read(text: str, url: str) -> PageReading:
    return listing.read(text, url=url, now=NOW, zone=UTC)


@cache
def case(seed: int, rare: bool) -> tuple[Truth, PageReading]:
    truth = make(seed, rare=rare)
    return truth, read(truth.html, truth.url)


def keys(stories: list[Story]) -> list[str]:
    return [urls.key(story.url) for story in stories]


def found(reading: PageReading) -> list[str]:
    return [urls.key(item.url) for item in reading.main.items] if reading.main else []


@pytest.mark.parametrize("rare", [False, True])
@pytest.mark.slow
def test_main_lists(rare: bool) -> None:
    figures = []
    for truth, reading in (case(seed, rare) for seed in SEEDS):
        true = keys(truth.main)
        if truth.is_union:  # what else a front page gathers is a matter of taste
            figures.append(len(set(true) & set(found(reading))) / len(true))
        else:
            figures.append(overlap(found(reading), true))
    assert sum(figures) / len(figures) >= 0.97


@pytest.mark.parametrize("rare", [False, True])
def test_titles(rare: bool) -> None:
    right = []
    for truth, reading in (case(seed, rare) for seed in SEEDS):
        titles = {urls.key(item.url): item.title for item in (reading.main.items if reading.main else ())}
        right += [titles.get(urls.key(story.url)) == story.title for story in truth.main]
    assert sum(right) / len(right) >= 0.96


def test_times() -> None:
    right = []
    for truth, reading in (case(seed, False) for seed in SEEDS):
        times = {urls.key(item.url): item.published for item in (reading.main.items if reading.main else ())}
        for story in truth.main if truth.dated else ():
            read_time = times.get(urls.key(story.url))
            right.append(read_time is not None and abs((read_time.at - story.at).total_seconds()) <= 3600)
    assert sum(right) / len(right) >= 0.96


@pytest.mark.parametrize("rare", [False, True])
def test_boxes_and_their_headings(rare: bool) -> None:
    sets, headings = [], []
    for truth, reading in (case(seed, rare) for seed in SEEDS):
        for heading, stories in truth.boxes:
            best = max(
                reading.lists,
                key=lambda each: overlap([urls.key(i.url) for i in each.items], keys(stories)),
            )
            sets.append(overlap([urls.key(item.url) for item in best.items], keys(stories)))
            headings.append(best.heading == heading)
    assert sum(sets) / len(sets) >= 0.97
    assert sum(headings) / len(headings) >= 0.95


@pytest.mark.parametrize("seed", SEEDS[:20])
def test_wrappers_and_adverts_change_nothing(seed: int) -> None:
    truth, reading = case(seed, False)
    advert = "<div><span>Advertisement</span><a href='https://ads.example/1'><img src=/a.gif></a></div>"
    spoiled = truth.html.replace("<body>", f"<body><div><div class=has-sidebar>{advert}", 1)
    spoiled = spoiled.replace("</body>", f"{advert}</div></div></body>", 1)
    assert found(read(spoiled, truth.url)) == found(reading)


@pytest.mark.parametrize("seed", SEEDS[:20])
def test_another_days_news_has_the_same_shape(seed: int) -> None:
    """The page as it is when the numbers in all addresses and the words of all titles are others."""
    truth, reading = case(seed, False)
    other = re.sub(
        r"(?<=\d)(\d{4})(?=[/.\-'\"])", lambda match: str(9999 - int(match[1])).zfill(4), truth.html
    )
    random = Random(seed)
    for story in truth.main:
        words = story.title.split()
        random.shuffle(words)
        other = other.replace(story.title, " ".join(words))
    again = read(other, truth.url)
    assert (again.main and len(again.main.items)) == (reading.main and len(reading.main.items))
    assert [each.heading for each in again.lists] == [each.heading for each in reading.lists]
