"""Articles that move, are rewritten, used again, withdrawn and brought back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from feedsvc.curate import Context, decide, merge, prepare, story_digest, twin
from feedsvc.curate import likeness as like
from feedsvc.dates import Precision
from feedsvc.model import Article, Draft, Fresh, Known, Level, Merge, State, Statement, Stored, Story
from tests.makers import context, draft, listed, moment, statement

NOW = datetime(2025, 12, 18, 12, 0, tzinfo=UTC)
BODY = "<p>" + " ".join(f"kata{n} di kota itu" for n in range(60)) + "</p>"
OTHER = "<p>" + " ".join(f"lain{n} pada hari lain" for n in range(60)) + "</p>"


def kept(
    number: int,
    *said: Statement,
    state: State = State.LIVE,
    heard: bytes | None = None,
    lists: tuple[str, ...] = ("politik",),
    published: datetime = NOW - timedelta(days=2),
    by: Level | None = None,
) -> Stored:
    story = merge(said)
    return Stored(
        article=Article(
            no=number,
            id=f"urn:x:{number}",
            state=state,
            story=story,
            first_seen=NOW,
            published=published,
            precision=Precision.MINUTE,
        ),
        withdrawn_by=by,
        digest=story_digest(story),
        said=heard,
        lists=frozenset(lists),
        statements=said,
    )


def one(item: Draft, **fields: object) -> Fresh:
    ctx = context(NOW, **fields)
    name = "" if ctx.article is not None else "politik"
    (fresh,) = prepare([listed(name, [item], follow=ctx.level is Level.LIST)], ctx)
    return fresh


def page(number: int, item: Draft, known: Known) -> object:
    ctx = context(NOW, level=Level.PAGE, article=number, upstream=9, upstream_key=f"article:{number}")
    return decide([one(item, level=Level.PAGE, article=number, upstream=9, upstream_key="x")], known, ctx)


def page_context() -> Context:
    return context(NOW, level=Level.PAGE, article=7, upstream=9, upstream_key="article:7")


@pytest.mark.parametrize(
    ("a", "b", "near"),
    [
        ("Banjir melanda tiga desa di pesisir", "Banjir melanda tiga desa di pesisir utara", True),
        ("Harga emas 18 Desember naik lagi", "Harga emas 19 Desember naik lagi", False),
        ("Jadwal salat Jakarta hari ini", "Jadwal salat Jakarta hari ini", True),
        ("Persija menang 2-1", "Persija menang 3-1", False),
        ("Gubernur meresmikan pasar baru", "Wali kota membuka taman", False),
        ("東京で大雨、各地で被害広がる", "東京で大雨、各地で被害が広がる", True),
        ("", "", False),
    ],
)
def test_headlines_that_may_be_one(a: str, b: str, near: bool) -> None:
    assert like.titles_near(a, b) is near


def test_texts_that_tell_the_same() -> None:
    one_text = Story(title="Judul", content=BODY)
    assert like.near(one_text, Story(title="Judul lain sama sekali", content=BODY + "<p>Ralat.</p>"))
    assert not like.near(one_text, Story(title="Judul", content=OTHER))


def unread(item: Draft) -> Fresh:
    """An item whose page will not be read."""
    (fresh,) = prepare([listed("politik", [item])], context(NOW))
    return fresh


def test_an_article_that_moved_in_one_reading_keeps_its_identity() -> None:
    """It left the list as a newcomer with its headline and its minute appeared."""
    then = NOW - timedelta(days=2)
    old = kept(7, statement(draft(1, title="Banjir melanda tiga desa"), Level.LIST, NOW))
    new = unread(draft("baru", title="Banjir melanda tiga desa di pesisir", published=moment(then)))
    plan = decide([new], Known(articles={7: old}, left=(7,)), context(NOW))
    assert plan.new == ()
    assert [c.article for c in plan.corrections] == [7]
    assert [number for _, number in plan.keys] == [7]
    assert plan.corrections[0].story.url == new.draft.url


@pytest.mark.parametrize(
    "newcomer",
    [
        draft("b", title="Jadwal salat Jakarta hari ini"),  # no date: a template's headline proves nothing
        draft("b", title="Jadwal salat Jakarta hari ini", published=moment(NOW)),
        draft("2025/12/18/b", title="Jadwal salat Jakarta hari ini", published=moment(NOW, Precision.DAY)),
    ],
)
def test_yesterdays_template_is_not_todays(newcomer: Draft) -> None:
    old = kept(7, statement(draft("2025/12/16/a", title="Jadwal salat Jakarta hari ini"), Level.LIST, NOW))
    plan = decide([unread(newcomer)], Known(articles={7: old}, left=(7,)), context(NOW))
    assert len(plan.new) == 1
    followed = decide([one(newcomer)], Known(articles={7: old}, left=(7,)), context(NOW))
    assert followed.new[0].suspects == (7,)


def times(day: int) -> str:
    lines = [
        f"{name} {4 + n}:{(day * 7 + n * 11) % 60:02}" for n, name in enumerate("Subuh Dzuhur Ashar".split())
    ]
    return (
        "<p>Berikut jadwal salat untuk wilayah Jakarta dan sekitarnya hari ini.</p><p>"
        + ", ".join(lines)
        + "</p>"
    )


@pytest.mark.parametrize(
    ("days", "published"), [(1, None), (1, moment(NOW - timedelta(days=2))), (0, moment(NOW))]
)
def test_a_template_whose_page_is_read_stays_one_of_its_own(days: int, published: object) -> None:
    """Other numbers, or another day: it is not the one that left the list."""
    title = "Jadwal salat Jakarta hari ini"
    old = kept(7, statement(draft(1, title=title, content=times(17)), Level.PAGE, NOW))
    newcomer = kept(8, statement(draft("x", title=title), Level.LIST, NOW))
    known = Known(articles={7: old, 8: newcomer}, left=(7,))
    said = draft("x", title=title, content=times(17 + days), published=published)
    assert page(8, said, known).merge == ()  # type: ignore[attr-defined]


def test_a_page_that_names_another_one_of_its_list_as_canonical_joins_nothing() -> None:
    old = kept(7, statement(draft(1, title="Banjir melanda desa", content=BODY), Level.PAGE, NOW, 9))
    new = kept(8, statement(draft(2, title="Banjir melanda desa", content=BODY), Level.PAGE, NOW, 10))
    said = draft(2, title="Banjir melanda desa", content=BODY, also=(draft(1).url,))
    fresh = one(said, level=Level.PAGE, article=7, upstream=9, upstream_key="article:7")
    keys = {fresh.keys[0]: 8, fresh.keys[1]: 7}
    both = Known(keys=keys, articles={7: old, 8: new}, together=frozenset({frozenset({7, 8})}))
    assert page(7, said, both).merge == ()  # type: ignore[attr-defined]
    assert page(7, said, replace(both, together=frozenset())).merge  # type: ignore[attr-defined]


def test_while_both_are_listed_they_are_two() -> None:
    """Daily templates are near-equal and different: nothing that still stands in the list is joined."""
    first = one(draft(1, title="Jadwal salat Jakarta hari ini"))
    old = kept(7, statement(first.draft, Level.LIST, NOW), heard=first.digest)
    fresh = [first, one(draft(2, title="Jadwal salat Jakarta hari ini"))]
    plan = decide(fresh, Known(keys=dict.fromkeys(first.keys, 7), articles={7: old}), context(NOW))
    assert len(plan.new) == 1
    assert plan.merge == ()


def test_a_daily_template_with_other_numbers_is_never_joined() -> None:
    old = kept(7, statement(draft(1, title="Harga emas 18 Desember"), Level.LIST, NOW))
    new = one(draft(2, title="Harga emas 19 Desember"))
    assert len(decide([new], Known(articles={7: old}, left=(7,)), context(NOW)).new) == 1


def test_a_rewritten_article_is_known_by_its_text_when_its_page_is_read() -> None:
    """Another headline and another address: the page tells that it is the one that left the list."""
    old = kept(7, statement(draft(1, title="Judul lama", content=BODY), Level.PAGE, NOW))
    newcomer = kept(8, statement(draft("x", title="Kepala berita baru"), Level.LIST, NOW), lists=("politik",))
    known = Known(articles={7: old, 8: newcomer}, left=(7,))
    plan = page(8, draft("x", title="Kepala berita baru", content=BODY), known)
    (merged,) = plan.merge  # type: ignore[attr-defined]
    assert (merged.goes, merged.stays) == (8, 7)


def test_an_old_address_that_redirects_to_the_new_one_joins_both() -> None:
    old = kept(7, statement(draft(1, title="Banjir melanda desa", content=BODY), Level.PAGE, NOW, 9))
    new = kept(8, statement(draft(2, title="Banjir melanda desa", content=BODY), Level.PAGE, NOW, 10))
    redirected = draft(2, title="Banjir melanda desa", content=BODY, also=(draft(1).url,))
    fresh = one(redirected, level=Level.PAGE, article=7, upstream=9, upstream_key="article:7")
    known = Known(
        keys={fresh.keys[0]: 8, fresh.keys[1]: 7},
        articles={7: old, 8: new},
    )
    (merged,) = page(7, redirected, known).merge  # type: ignore[attr-defined]
    assert (merged.goes, merged.stays) == (8, 7)
    assert merged.story.url == redirected.url


def test_a_redirect_to_something_else_joins_nothing() -> None:
    old = kept(7, statement(draft(1, title="Banjir melanda desa", content=BODY), Level.PAGE, NOW, 9))
    new = kept(8, statement(draft(2, title="Pasar baru dibuka", content=OTHER), Level.PAGE, NOW, 10))
    redirected = draft(2, title="Pasar baru dibuka", content=OTHER, also=(draft(1).url,))
    fresh = one(redirected, level=Level.PAGE, article=7, upstream=9, upstream_key="article:7")
    known = Known(keys={fresh.keys[0]: 8, fresh.keys[1]: 7}, articles={7: old, 8: new})
    assert page(7, redirected, known).merge == ()  # type: ignore[attr-defined]


def test_an_address_that_is_used_again_is_a_new_article() -> None:
    old = kept(7, statement(draft(1, title="Kuis mingguan: siapa juara", content=BODY), Level.PAGE, NOW, 9))
    again = draft(1, title="Banjir melanda pesisir utara", content=OTHER, published=moment(NOW))
    fresh = one(again, level=Level.PAGE, article=7, upstream=9, upstream_key="article:7")
    plan = page(7, again, Known(keys={fresh.keys[0]: 7}, articles={7: old}))
    (new,) = plan.new  # type: ignore[attr-defined]
    assert new.instead_of == 7
    assert plan.corrections == ()  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "again",
    [
        draft(1, title="Kuis mingguan: juaranya Sari", content=OTHER, published=moment(NOW)),
        draft(1, title="Banjir melanda pesisir", content=BODY, published=moment(NOW)),
        draft(1, title="Banjir melanda pesisir", content=OTHER, published=moment(NOW - timedelta(days=2))),
        draft(1, title="Banjir melanda pesisir", content=OTHER),
    ],
)
def test_a_rewritten_article_is_not_a_new_one(again: Draft) -> None:
    """A like headline, a like text, or no later date: it is the same article, corrected."""
    old = kept(7, statement(draft(1, title="Kuis mingguan: siapa juara", content=BODY), Level.PAGE, NOW, 9))
    fresh = one(again, level=Level.PAGE, article=7, upstream=9, upstream_key="article:7")
    plan = page(7, again, Known(keys={fresh.keys[0]: 7}, articles={7: old}))
    assert plan.new == ()  # type: ignore[attr-defined]
    assert [c.article for c in plan.corrections] == [7]  # type: ignore[attr-defined]


def test_a_page_that_is_gone_may_go_on_elsewhere() -> None:
    gone = kept(7, statement(draft(1, title="Banjir melanda desa", content=BODY), Level.PAGE, NOW))
    other = kept(8, statement(draft(2, title="Pasar baru", content=OTHER), Level.PAGE, NOW))
    same = kept(9, statement(draft(3, title="Banjir melanda desa", content=BODY), Level.PAGE, NOW))
    assert twin(gone, [other]) is None
    found = twin(gone, [other, same])
    assert isinstance(found, Merge)
    assert (found.goes, found.stays) == (9, 7)


def test_a_page_that_is_gone_waits_for_a_like_headline_to_be_read() -> None:
    """Today's prayer times stand in the list, unread, when yesterday's page is found gone."""
    gone = kept(7, statement(draft(1, title="Jadwal salat hari ini", content=BODY), Level.PAGE, NOW))
    headline = kept(
        8, statement(draft(2, title="Jadwal salat hari ini"), Level.LIST, NOW), state=State.WAITING
    )
    other = kept(9, statement(draft(3, title="Pasar baru"), Level.LIST, NOW), state=State.WAITING)
    assert twin(gone, [other]) is None
    assert twin(gone, [other, headline]) == "unread"
    read = kept(8, statement(draft(2, title="Jadwal salat hari ini", content=OTHER), Level.PAGE, NOW))
    assert twin(gone, [other, read]) is None


def test_the_newsrooms_store_withdraws_and_brings_back() -> None:
    ctx = context(NOW, level=Level.STORE)
    live = one(draft(1, row="1"), level=Level.STORE)
    gone = one(draft(1, row="1", state="withdrawn"), level=Level.STORE)
    stored = kept(7, statement(live.draft, Level.STORE, NOW), heard=live.digest)
    known = Known(keys=dict.fromkeys(live.keys, 7), articles={7: stored})
    assert decide([gone], known, ctx).withdraw == (7,)
    withdrawn = replace(
        stored, article=replace(stored.article, state=State.WITHDRAWN), withdrawn_by=Level.STORE
    )
    known = Known(keys=known.keys, articles={7: withdrawn})
    assert decide([gone], known, ctx).withdraw == ()
    (correction,) = decide([live], known, ctx).corrections
    assert correction.revive
    # a page that still stands does not bring back what the newsroom took back, nor what a person withdrew
    seen = one(draft(1), level=Level.PAGE)
    (correction,) = decide([seen], replace(known, articles={7: withdrawn}), page_context()).corrections
    assert not correction.revive
    by_hand = replace(withdrawn, withdrawn_by=Level.HAND)
    assert not any(c.revive for c in decide([live], replace(known, articles={7: by_hand}), ctx).corrections)
    asked = replace(ctx, asked=True)
    (correction,) = decide([live], replace(known, articles={7: by_hand}), asked).corrections
    assert correction.revive
    erased = replace(by_hand, article=replace(by_hand.article, erased=True))
    for how in (ctx, page_context()):
        assert decide([live], replace(known, articles={7: erased}), how).corrections == ()
    assert decide([one(draft(5, row="5", state="withdrawn"), level=Level.STORE)], Known(), ctx).new == ()


def test_a_list_that_shows_a_withdrawn_article_again_has_its_page_looked_at() -> None:
    fresh = one(draft(1))
    stored = kept(
        7, statement(fresh.draft, Level.LIST, NOW), heard=fresh.digest, state=State.WITHDRAWN, by=Level.PAGE
    )
    plan = decide([fresh], Known(keys=dict.fromkeys(fresh.keys, 7), articles={7: stored}), context(NOW))
    assert plan.reread == (7,)
    assert plan.corrections == ()


def test_the_editors_hand_wins_over_every_reading() -> None:
    by_hand = statement(Draft(title="Judul redaksi"), Level.HAND, NOW, upstream=0)
    read = statement(draft(1, title="Judul dari halaman"), Level.PAGE, NOW + timedelta(days=1), 2)
    assert merge([read, by_hand]).title == "Judul redaksi"
    assert merge([read, by_hand]).url == draft(1).url
