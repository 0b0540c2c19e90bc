"""The story skeletons: each must fill in every way it can be asked to."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from feedsvc.demo.desks import BY_SLUG, DESKS, Desk
from feedsvc.demo.library import Skeleton, fields, library, number, spelled
from feedsvc.demo.picture import SCENES
from feedsvc.demo.schedule import Fix
from feedsvc.demo.writing import Assignment, Copy, write

THEN = datetime(2025, 12, 18, 12, tzinfo=UTC)
ALL = [
    pytest.param(desk, skeleton, id=f"{desk}: {skeleton.later}")
    for desk, shelf in library().items()
    for skeleton in shelf.skeletons
]


def written(desk: Desk, nth: int, fix: Fix | None, *, fixed: bool) -> Copy:
    at = THEN + timedelta(minutes=5) if fixed else None
    return write(Assignment(k=7919 * nth, desk=desk, nth=nth, published=THEN, fix=fix, fixed=at))


@pytest.mark.parametrize("desk", DESKS, ids=lambda desk: desk.slug)
def test_a_desk_has_enough_to_tell(desk: Desk) -> None:
    assert len(library()[desk.slug].skeletons) >= 8


@pytest.mark.parametrize(("desk", "skeleton"), ALL)
def test_a_skeleton_keeps_its_promises(desk: str, skeleton: Skeleton) -> None:
    for headline in skeleton.headlines:
        assert set(skeleton.keys) <= set(fields(headline)), (
            "each headline names all that tells it from others"
        )
    assert len({*skeleton.headlines, skeleton.later}) == len(skeleton.headlines) + 1
    assert skeleton.wrong in skeleton.slots
    assert not skeleton.is_word(skeleton.wrong)
    assert any(f"{{{skeleton.wrong}}}" in wording for part in skeleton.body for wording in part)
    assert 4 <= len(skeleton.body) <= 8, "an update makes it one more"
    assert skeleton.scene in SCENES
    assert skeleton.tags


@pytest.mark.parametrize("desk", DESKS, ids=lambda desk: desk.slug)
@pytest.mark.parametrize("fix", Fix)
def test_every_skeleton_fills_and_is_corrected_consistently(desk: Desk, fix: Fix) -> None:
    for nth in range(len(library()[desk.slug].skeletons) * 2):
        first, later = (written(desk, nth, fix, fixed=fixed) for fixed in (False, True))
        for copy in (first, later):
            text = "\n".join((copy.headline, *copy.body, copy.note, copy.photo, *copy.tags))
            assert not re.search(r"[{}]|  |\.\.|<|>", text), text
            assert all(part[0].isupper() or not part[0].isalpha() for part in copy.body)
        assert first.first_headline == later.first_headline == first.headline
        assert first != later
        if fix is Fix.NUMBER:
            old, new = re.findall(r"\d[\d.,]*\d|\d", later.note)[-2:]
            assert old != new
            assert any(old in part for part in first.body)
            assert any(new in part for part in later.body)
            assert len(first.body) == len(later.body)
        else:
            assert later.body[:-1] == first.body
            assert later.body[-1].startswith("UPDATE")
            assert (later.headline != first.headline) == (fix is Fix.HEADLINE)


def test_two_people_of_a_story_never_share_a_surname() -> None:
    for nth in range(300):
        copy = written(BY_SLUG["politik"], nth, None, fixed=False)
        people = {
            row[0]: row[1] for row in library()["politik"].words["person"] if row[0] in " ".join(copy.body)
        }
        assert len(set(people.values())) == len(people)


def test_numbers_follow_their_rules() -> None:
    assert all(number("120..480/5", {}, seed) in range(120, 481, 5) for seed in range(99))
    assert all(0.1 <= number("0.1..0.9", {}, seed) <= 0.9 for seed in range(99))
    assert number("35% n", {"n": 200}) == 70
    assert number("pct% n", {"n": 200, "pct": 10}) == 20
    assert number("a - b", {"a": 45, "b": 6}) == 39
    assert number("a + b", {"a": 45, "b": 6}) == 51
    with pytest.raises(ValueError, match="no rule"):
        number("many", {})


def test_numbers_are_spelled_as_the_language_has_them() -> None:
    assert [spelled(1250, "id"), spelled(3.4, "id")] == ["1.250", "3,4"]
    assert [spelled(1250, "en"), spelled(3.4, "en")] == ["1,250", "3.4"]
