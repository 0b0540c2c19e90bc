"""The newsroom as a function of time."""

from __future__ import annotations

from datetime import timedelta
from itertools import count, islice, pairwise

import pytest

from feedsvc.demo import DESKS, ENGLISH, EPOCH, INDONESIAN, Edits, Newsroom, Schedule, Story
from feedsvc.demo.dateline import WIB
from feedsvc.demo.desks import BY_SLUG
from feedsvc.demo.newsroom import FIRST_ID
from feedsvc.demo.schedule import LONGEST_LAG, Fix, fate

from .conftest import NOON

STEP = timedelta(seconds=30)


def first_version(newsroom: Newsroom, k: int) -> Story:
    """A story as it reads when it comes out."""
    story = newsroom.story(FIRST_ID + k, newsroom.schedule.moment(k))
    assert story is not None
    return story


def test_two_newsrooms_agree_on_everything() -> None:
    one, other = Newsroom(), Newsroom()
    assert one.listing(NOON, *DESKS, count=200) == other.listing(NOON, *DESKS, count=200)
    assert one.popular(NOON) == other.popular(NOON)


def test_headlines_ids_and_addresses_are_all_different() -> None:
    stories = Newsroom().listing(NOON, *DESKS, count=1000)
    for values in (
        {s.headline for s in stories},
        {s.id for s in stories},
        {s.path for s in stories},
        {s.guid for s in stories},
    ):
        assert len(values) == 1000


def test_a_story_comes_every_step_newest_first() -> None:
    stories = Newsroom().listing(NOON, *DESKS, count=400)
    assert stories[0].published <= NOON < stories[0].published + STEP
    for newer, older in pairwise(stories):
        assert newer.published > older.published
        assert newer.published - older.published <= 4 * STEP, "only a withdrawn one leaves a gap"


@pytest.mark.parametrize("desk", DESKS, ids=lambda desk: desk.slug)
def test_every_desk_writes_all_the_time(desk: object) -> None:
    hour = [s for s in islice(Newsroom().stories(NOON, *DESKS), 110) if s.desk == desk]
    assert len(hour) >= 8


def test_the_archive_goes_back_for_days_and_ends_at_the_epoch() -> None:
    newsroom = Newsroom()
    deep = newsroom.listing(NOON, *INDONESIAN, start=5000, count=3)
    assert all(NOON - story.published > timedelta(days=1) for story in deep)
    soon = EPOCH + 10 * STEP
    assert len(newsroom.listing(soon, *DESKS, count=99)) == 11
    assert newsroom.listing(EPOCH - STEP, *DESKS) == ()
    assert newsroom.popular(soon) == ()


def test_a_story_stays_as_it_is_at_its_address() -> None:
    newsroom = Newsroom()
    settled = NOON + LONGEST_LAG * STEP
    for story in newsroom.listing(settled, *DESKS, start=LONGEST_LAG + 2, count=200):
        assert newsroom.story(story.id, settled + timedelta(days=60)) == story


@pytest.mark.parametrize("fix", Fix)
def test_a_correction_keeps_id_and_address(fix: Fix) -> None:
    newsroom = Newsroom()
    k = next(k for k in count(900_000) if fate(k).fixed is not None and fate(k).fix is fix)
    before, at = first_version(newsroom, k), newsroom.schedule.moment(fate(k).fixed or 0)
    just_before, after = newsroom.story(before.id, at - timedelta(seconds=1)), newsroom.story(before.id, at)
    assert just_before == before
    assert after is not None
    assert (after.id, after.path, after.guid, after.published) == (
        before.id,
        before.path,
        before.guid,
        before.published,
    )
    assert after.updated == at > before.updated
    assert after.body != before.body
    assert bool(after.note) == (fix is Fix.NUMBER)


def test_a_withdrawn_story_leaves_all_lists() -> None:
    newsroom = Newsroom()
    k = next(k for k in count(900_000) if fate(k).withdrawn is not None)
    story, end = first_version(newsroom, k), fate(k)
    at = newsroom.schedule.moment(end.withdrawn or 0)
    assert story in newsroom.listing(at - timedelta(seconds=1), *DESKS, count=60)
    assert story.id not in {other.id for other in newsroom.listing(at, *DESKS, count=60)}
    gone = newsroom.story(story.id, at)
    assert gone is not None
    assert gone.gone == end.status
    assert timedelta(minutes=2) <= at - story.published <= timedelta(minutes=10)


def test_withdrawals_are_rare_and_corrections_are_not() -> None:
    fates = [fate(k) for k in range(8000)]
    assert 1 / 60 < sum(end.withdrawn is not None for end in fates) / 8000 < 1 / 28
    assert 1 / 14 < sum(end.fixed is not None for end in fates) / 8000 < 1 / 8
    assert {end.status for end in fates if end.withdrawn} == {404, 410}


def test_the_most_read_are_days_old_and_not_in_order_of_time() -> None:
    stories = Newsroom().popular(NOON)
    assert len(stories) == 7
    assert all(timedelta(days=1) < NOON - story.published < timedelta(days=10) for story in stories)
    assert list(stories) != sorted(stories, key=lambda story: story.published, reverse=True)
    assert all(story.desk in INDONESIAN for story in stories)
    assert Newsroom().popular(NOON + timedelta(seconds=90)) == stories, "ranks do not jump about"
    assert Newsroom().popular(NOON + timedelta(days=3)) != stories


def test_the_english_desk_keeps_to_itself() -> None:
    newsroom = Newsroom()
    assert {story.desk for story in newsroom.listing(NOON, count=100)} == set(INDONESIAN)
    english = newsroom.listing(NOON, *ENGLISH, count=30)
    assert all(story.path.startswith("/en/read/2025/12/18/") for story in english)
    assert all(story.guid.startswith("tag:") for story in english)


def test_the_day_in_the_address_is_the_local_day() -> None:
    newsroom = Newsroom()
    night = NOON.replace(hour=17, minute=5)  # 00:05 WIB on the next day
    newest = next(newsroom.stories(night))
    assert newest.published.astimezone(WIB).day == 19
    assert "/read/2025/12/19/" in newest.path


@pytest.mark.parametrize(
    "desks", [(), *[(desk,) for desk in DESKS]], ids=lambda desks: "+".join(d.slug for d in desks)
)
def test_changed_moves_exactly_when_the_list_does(desks: tuple[object, ...]) -> None:
    newsroom = Newsroom()
    picked = tuple(desk for desk in DESKS if desk in desks)
    look = newsroom.listing(NOON, *picked, count=60)
    for step in range(1, 80):
        now = NOON + step * STEP
        then, look = look, newsroom.listing(now, *picked, count=60)
        changed = newsroom.changed(now, *picked)
        assert changed is not None
        assert changed <= now
        if look != then:
            assert now - changed < STEP
        elif newsroom.changed(now - STEP, *picked) != changed:
            pytest.fail("moved without a change")


def test_another_step_makes_a_faster_newsroom() -> None:
    newsroom = Newsroom(Schedule(epoch=NOON, step=timedelta(seconds=1)))
    assert [story.id for story in newsroom.stories(NOON + timedelta(seconds=2), *DESKS)] == [
        FIRST_ID + 2,
        FIRST_ID + 1,
        FIRST_ID,
    ]


def test_edits_hold_from_their_moment_on() -> None:
    edits = Edits()
    newsroom = Newsroom(edits=edits)
    story = newsroom.listing(NOON, start=40, count=1)[0]
    later = NOON + timedelta(minutes=1)
    edits.rewrite(story.id, at=later, headline="Judul Baru")
    edits.move(story.id, "alamat-baru", at=later)
    own = edits.add("hukum", "Berita Sendiri & <Baru>", ("Isi.",), at=later, reporter="Penulis Tamu")
    assert newsroom.story(story.id, NOON) == story
    assert newsroom.story(own, NOON) is None
    assert newsroom.view(NOON) != newsroom.view(later)
    changed = newsroom.story(story.id, later)
    assert changed is not None
    assert (changed.headline, changed.slug, changed.updated) == ("Judul Baru", "alamat-baru", later)
    assert newsroom.listing(later, BY_SLUG["hukum"], count=1)[0].headline == "Berita Sendiri & <Baru>"
    assert own not in {other.id for other in newsroom.listing(later, BY_SLUG["dunia"], count=20)}
    edits.withdraw(own, at=later, status=404)
    assert own not in {other.id for other in newsroom.listing(later, count=20)}
    gone = newsroom.story(own, later)
    assert gone is not None
    assert gone.gone == 404
