"""What a reading means: pure decisions, the same for the same inputs."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.curate import decide, merge, prepare, story_digest
from feedsvc.curate.merge import draft_digest
from feedsvc.dates import Precision
from feedsvc.model import Article, Fresh, Image, Key, Known, Level, State, Stored
from tests.makers import context, draft, listed, moment, statement

NOW = datetime(2025, 12, 18, 12, 0, tzinfo=UTC)


def stored(
    fresh: Fresh, number: int = 7, *, state: State = State.LIVE, lists: tuple[str, ...] = ()
) -> Stored:
    """The store's knowledge of an article of which upstream 1 said what `fresh` says."""
    said = statement(fresh.draft, fresh.level, NOW)
    story = merge([said])
    return Stored(
        article=Article(no=number, id=f"urn:x:{number}", state=state, story=story, first_seen=NOW),
        digest=story_digest(story),
        said=fresh.digest,
        lists=frozenset(lists),
        statements=(said,),
    )


def known(*articles: tuple[Fresh, Stored]) -> Known:
    return Known(
        keys={key: one.article.no for fresh, one in articles for key in fresh.keys},
        articles={one.article.no: one for _, one in articles},
    )


def test_one_article_in_three_lists_is_one_article() -> None:
    with_tracking = draft(1, url="https://www.news.example/politik/read/1?utm_source=x")
    found = prepare(
        [
            listed("politik", [draft(1), draft(2)]),
            listed("update", [with_tracking]),
            listed("populer", [draft(1)]),
        ],
        context(NOW),
    )
    assert len(found) == 2
    assert [place.list for place in found[0].places] == ["politik", "update", "populer"]
    plan = decide(found, Known(), context(NOW))
    assert [one.story.title for one in plan.new] == ["Judul 1", "Judul 2"]


def test_a_later_mention_fills_what_the_first_left_out() -> None:
    first = draft(1)
    second = draft(1, summary="Kata pengantar", published=moment(NOW))
    (found,) = prepare([listed("a", [first]), listed("b", [second])], context(NOW))
    assert found.draft.summary == "Kata pengantar"
    assert found.draft.published is not None


def test_a_guid_of_several_addresses_names_none_of_them() -> None:
    found = prepare([listed("a", [draft(1, guid="g"), draft(2, guid="g"), draft(3, guid="h")])], context(NOW))
    assert [one.draft.guid for one in found] == ["", "", "h"]


def test_unchanged_changes_nothing() -> None:
    (fresh,) = prepare([listed("politik", [draft(1)])], context(NOW))
    plan = decide([fresh], known((fresh, stored(fresh, lists=("politik",)))), context(NOW))
    assert (plan.new, plan.corrections, plan.keys, plan.places) == ((), (), (), ())


def test_a_visible_change_is_a_correction_and_keeps_everything_else() -> None:
    (before,) = prepare([listed("politik", [draft(1)])], context(NOW))
    (after,) = prepare([listed("politik", [draft(1, title="Judul baru")])], context(NOW))
    plan = decide([after], known((before, stored(before, lists=("politik",)))), context(NOW))
    (correction,) = plan.corrections
    assert correction.article == 7
    assert correction.visible
    assert correction.story.title == "Judul baru"


def test_a_correction_of_something_not_yet_served_is_not_visible() -> None:
    (before,) = prepare([listed("politik", [draft(1)])], context(NOW))
    (after,) = prepare([listed("politik", [draft(1, title="Judul baru")])], context(NOW))
    waiting = stored(before, state=State.WAITING, lists=("politik",))
    (correction,) = decide([after], known((before, waiting)), context(NOW)).corrections
    assert not correction.visible


def test_a_headline_that_changed_in_a_list_has_its_page_read_again() -> None:
    (before,) = prepare([listed("politik", [draft(1)], follow=True)], context(NOW))
    (after,) = prepare([listed("politik", [draft(1, title="Judul baru")], follow=True)], context(NOW))
    assert decide([after], known((before, stored(before))), context(NOW)).corrections[0].reread


def test_what_the_page_says_counts_more_than_what_a_list_says() -> None:
    page = statement(draft(1, title="Judul lengkap dari halaman"), Level.PAGE, NOW, upstream=2)
    (before,) = prepare([listed("politik", [draft(1, title="Judul lengkap…")])], context(NOW))
    (after,) = prepare([listed("politik", [draft(1, title="Judul lain…")])], context(NOW))
    one = stored(before, lists=("politik",))
    story = merge([*one.statements, page])
    one = replace(
        one,
        article=replace(one.article, story=story),
        statements=(*one.statements, page),
        digest=story_digest(story),
    )
    (correction,) = decide([after], known((before, one)), context(NOW)).corrections
    assert correction.story.title == "Judul lengkap dari halaman"
    assert not correction.visible


def test_matching_goes_by_row_then_guid_then_address() -> None:
    ctx = context(NOW)
    (a,) = prepare([listed("l", [draft(1, guid="a")])], ctx)
    (b,) = prepare([listed("l", [draft(2, guid="b")])], ctx)
    moved = draft(2, guid="a", title="Sekarang di alamat lain")
    (fresh,) = prepare([listed("l", [moved])], ctx)
    plan = decide([fresh], known((a, stored(a, 1)), (b, stored(b, 2))), ctx)
    assert [one.article for one in plan.corrections] == [1]


def test_a_guid_of_another_source_says_nothing() -> None:
    ctx, other = context(NOW), context(NOW, upstream=2, upstream_key="feed:2")
    (a,) = prepare([listed("l", [draft(1, guid="same")])], ctx)
    (b,) = prepare([listed("l", [draft(2, guid="same")])], other)
    assert len(decide([b], known((a, stored(a, 1))), other).new) == 1


def test_backfill_is_what_was_there_before_we_looked_or_is_old() -> None:
    drafts = [
        draft(1, published=moment(NOW)),
        draft(2, published=moment(NOW - timedelta(hours=47))),
        draft(3, published=moment(NOW - timedelta(hours=49))),
        draft(4),
    ]
    later = prepare([listed("l", drafts)], context(NOW))
    assert [one.places[0].backfill for one in later] == [False, False, True, False]
    first = prepare([listed("l", drafts)], context(NOW, backfill=True))
    assert all(one.places[0].backfill for one in first)


def test_a_ranked_box_is_told_in_its_order() -> None:
    ctx = context(NOW, ranked=frozenset({"populer"}))
    (a,) = prepare([listed("populer", [draft(1)])], ctx)
    fresh = prepare([listed("populer", [draft(3), draft(1), draft(2)])], ctx)
    plan = decide(fresh, known((a, stored(a, 1, lists=("populer",)))), ctx)
    assert plan.ranked == {"populer": (-1, 1, -2)}


def test_an_articles_own_page_is_about_that_article_whatever_it_says() -> None:
    ctx = context(NOW, level=Level.PAGE, article=7, upstream=2, upstream_key="article:7")
    (in_list,) = prepare([listed("l", [draft(1)])], context(NOW))
    (page,) = prepare([("", [(draft(99, also=("https://news.example/politik/read/1",)), False)])], ctx)
    assert page.places == ()
    one = replace(stored(in_list), said=None)
    plan = decide([page], known((in_list, one)), ctx)
    assert not plan.new
    assert plan.corrections[0].article == 7
    assert plan.corrections[0].ready
    assert plan.keys == ((Key("address", "", "news.example/politik/read/99"), 7),)


def test_relative_times_do_not_make_a_change() -> None:
    one = draft(1, published=moment(NOW, Precision.HOUR))
    other = draft(1, published=moment(NOW + timedelta(minutes=10), Precision.HOUR))
    assert draft_digest(one) == draft_digest(other)
    assert draft_digest(draft(1, published=moment(NOW))) != draft_digest(one)


def test_invisible_changes_are_invisible() -> None:
    one = merge(
        [
            statement(
                draft(1, content='<p>Isi  satu</p>\n<p><a href="https://n.example/?a=1">x</a></p>'),
                Level.PAGE,
                NOW,
            )
        ]
    )
    same = merge(
        [
            statement(
                draft(
                    1,
                    content='<p>Isi satu</p><p> <a href="https://n.example/?a=1&amp;utm_source=q">x</a></p>',
                ),
                Level.PAGE,
                NOW,
            )
        ]
    )
    other = merge([statement(draft(1, content="<p>Isi dua</p>"), Level.PAGE, NOW)])
    assert story_digest(one) == story_digest(same)
    assert story_digest(one) != story_digest(other)


def test_a_rendition_of_the_same_picture_is_the_same_picture() -> None:
    pictures = [Image(url=f"https://n.example/a.jpg?w={width}", width=width) for width in (300, 1200)]
    digests = {story_digest(merge([statement(draft(1, image=one), Level.PAGE, NOW)])) for one in pictures}
    assert len(digests) == 1


NUMBERS = st.lists(st.integers(0, 6), max_size=12)


@given(NUMBERS, NUMBERS)
def test_deciding_twice_finds_nothing_new(first: list[int], second: list[int]) -> None:
    """Whatever two lists hold: once stored, the same reading is no news, and no article is there twice."""
    ctx = context(NOW)
    fresh = prepare([listed("a", [draft(n) for n in first]), listed("b", [draft(n) for n in second])], ctx)
    plan = decide(fresh, Known(), ctx)
    assert len(plan.new) == len({*first, *second})
    keys = [key for one in plan.new for key in one.keys]
    assert len(keys) == len(set(keys))
    after = known(*((one, stored(one, number, lists=("a", "b"))) for number, one in enumerate(fresh, 1)))
    again = decide(fresh, after, ctx)
    assert (again.new, again.corrections, again.keys, again.places) == ((), (), (), ())


@pytest.mark.parametrize(
    ("said", "title"),
    [
        ({"summary": "Catatan pendek &amp; tanpa judul"}, "Catatan pendek & tanpa judul"),
        ({"content": "<p>Catatan <b>pendek</b></p>"}, "Catatan pendek"),
        ({"summary": "kata " * 40}, "kata " * 19 + "kata …"),
        ({"summary": "字" * 300}, "字" * 100 + " …"),
    ],
)
def test_a_note_without_a_headline_gets_its_first_words(said: dict[str, str], title: str) -> None:
    story = merge([statement(draft(1, title="", **said), Level.FEED, NOW)])
    assert story.title == title
    assert story.origin["title"] == "the first words of its text"
