"""Which names mean one article: guids, pages that several articles share, and who may speak of an address."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.curate import Context, decide, merge, prepare, story_digest
from feedsvc.model import (
    Article,
    Draft,
    Enclosure,
    Fresh,
    Key,
    Known,
    Level,
    Plan,
    State,
    Statement,
    Stored,
)
from tests.makers import context, listed, moment

NOW = datetime(2025, 12, 18, 12, 0, tzinfo=UTC)
SHOW = "https://radio.example/show"
FEED = context(NOW, level=Level.FEED, upstream_key="feed:1", upstream_url="https://radio.example/feed.xml")


def episode(number: int, **fields: object) -> Draft:
    values: dict[str, object] = {
        "url": SHOW,
        "guid": f"ep-{number}",
        "title": f"Episode {number}: {'alpha bravo charlie delta echo foxtrot golf hotel'.split()[number]}",
        "published": moment(NOW - timedelta(days=9 - number)),
    }
    return Draft(**(values | fields))  # type: ignore[arg-type]


def reading(*drafts: Draft, ctx: Context = FEED, follow: bool = False) -> tuple[Fresh, ...]:
    return prepare([listed("radio", drafts, follow=follow)], ctx)


def remember(known: Known, plan: Plan, fresh: tuple[Fresh, ...], ctx: Context = FEED) -> Known:
    """What the store would answer to the next reading that names the same things."""
    articles, keys = dict(known.articles), dict(known.keys)
    for new in plan.new:
        number = len(articles) + 1
        said = statement_of(new.fresh, ctx)
        article = Article(
            no=number, id=f"urn:x:{number}", state=State.LIVE, story=merge([said]), first_seen=NOW
        )
        article = replace(
            article, published=new.fresh.draft.published.at if new.fresh.draft.published else NOW
        )
        articles[number] = Stored(
            article=article,
            digest=story_digest(article.story),
            said=new.fresh.digest,
            lists=frozenset({"radio"}),
            statements=(said,),
        )
        keys |= dict.fromkeys(new.keys, number)
    keys |= dict(plan.keys)
    for one in plan.corrections:
        said = statement_of(one.fresh, ctx)
        before = articles[one.article]
        others = tuple(other for other in before.statements if other.upstream != ctx.upstream)
        articles[one.article] = replace(
            before, article=replace(before.article, story=one.story), statements=(*others, said)
        )
    return Known(keys=keys, articles=articles)


def statement_of(fresh: Fresh, ctx: Context) -> Statement:
    return Statement(
        upstream=ctx.upstream,
        upstream_key=ctx.upstream_key,
        upstream_url=ctx.upstream_url,
        level=fresh.level,
        draft=fresh.draft,
        at=ctx.now,
    )


def polls(*readings: list[Draft], ctx: Context = FEED) -> Known:
    known = Known()
    for drafts in readings:
        fresh = reading(*drafts, ctx=ctx)
        known = remember(known, decide(fresh, known, ctx), fresh, ctx)
    return known


def titles(known: Known) -> list[str]:
    return sorted(one.article.story.title for one in known.articles.values())


def test_episodes_that_link_to_their_show_are_articles_of_their_own() -> None:
    first = [episode(3), episode(2), episode(1)]
    assert len(polls(first).articles) == 3
    known = polls(first, [episode(4), *first], [episode(5), episode(4), episode(3)])
    assert titles(known) == sorted(episode(n).title for n in range(1, 6))


def test_places_of_one_page_are_articles_with_the_link_as_given() -> None:
    said = [episode(n, url=f"https://radio.example/changes#v{n}") for n in (2, 1)]
    known = polls(said, [episode(3, url="https://radio.example/changes#v3"), *said])
    assert sorted(one.article.story.url for one in known.articles.values()) == [
        f"https://radio.example/changes#v{n}" for n in (1, 2, 3)
    ]


@pytest.mark.parametrize("guid", ["None", "x" * 5000], ids=["of several addresses", "far too long"])
def test_what_nothing_names_is_left_out(guid: str) -> None:
    """It would be a new article at each poll."""
    named = [episode(n, guid="None", url=f"https://radio.example/{n}") for n in (1, 2)]
    nameless = [episode(n, guid=guid, url="") for n in (3, 4)]
    fresh = prepare([listed("shows", [*named, *nameless])], FEED)
    assert [one.draft.url for one in fresh] == [one.url for one in named]


def test_without_guids_the_place_in_the_page_is_the_name() -> None:
    said = [episode(n, guid="", url=f"https://radio.example/live#u{n}") for n in (2, 1)]
    assert len(polls(said, [episode(3, guid="", url="https://radio.example/live#u3"), *said]).articles) == 3


def test_a_feed_that_shows_one_episode_at_a_time_loses_none() -> None:
    known = polls([episode(1)], [episode(2)], [episode(3)])
    assert titles(known) == sorted(episode(n).title for n in (1, 2, 3))


def test_a_bulletin_that_says_the_same_every_day_is_news_every_day() -> None:
    days = [[episode(n, title="Morning bulletin")] for n in (1, 2, 3)]
    assert len(polls(*days).articles) == 3


def test_another_recording_is_another_episode_whatever_its_headline() -> None:
    when = moment(NOW)
    said = [
        [episode(n, title="The news", published=when, enclosures=(Enclosure(url=f"{SHOW}/{n}.mp3"),))]
        for n in (1, 2)
    ]
    assert len(polls(*said).articles) == 2


@pytest.mark.parametrize("days", [0, 1])
def test_guids_that_change_at_each_look_repeat_nothing(days: int) -> None:
    """Also where the dates are those of the look."""
    looks = [
        [
            episode(
                page,
                guid=f"random-{look}-{page}",
                url=f"https://radio.example/{page}",
                published=moment(NOW + timedelta(days=days * look)),
            )
            for page in (1, 2, 3)
        ]
        for look in range(4)
    ]
    assert len(polls(*looks).articles) == 3


def test_a_newcomer_with_the_guid_that_all_have_overwrites_nothing() -> None:
    said = [episode(n, guid="N/A", url=f"https://radio.example/{n}") for n in (2, 1)]
    known = polls(said, [episode(3, guid="N/A", url="https://radio.example/3"), *said])
    assert titles(known) == sorted(episode(n).title for n in (1, 2, 3))


def test_the_page_of_several_articles_is_read_for_none_of_them() -> None:
    alone, other = episode(1, url="https://radio.example/alone"), episode(4, url="https://radio.example/#/4")
    fresh = reading(episode(3), episode(2), alone, other, follow=True)
    assert [one.follow for one in fresh] == [False, False, True, False]
    known = polls([episode(1)])
    (late,) = decide(reading(episode(2), follow=True), known, FEED).new
    assert not late.fresh.follow


def test_two_sources_that_name_an_episode_alike_mean_one() -> None:
    known = polls([episode(2), episode(1)])
    ctx = replace(FEED, upstream=2, upstream_key="feed:2")
    fresh = reading(episode(2), episode(1), ctx=ctx)
    assert decide(fresh, known, ctx).new == ()


def test_across_sources_the_address_joins() -> None:
    known = polls([episode(1, url="https://radio.example/one")])
    ctx = replace(FEED, upstream=2, upstream_key="feed:2")
    fresh = reading(episode(1, guid="other", url="https://radio.example/one"), ctx=ctx)
    plan = decide(fresh, known, ctx)
    assert (plan.new, [one.article for one in plan.corrections]) == ((), [1])


@given(st.lists(st.integers(0, 255), max_size=4), st.sampled_from([SHOW, f"{SHOW}#n"]))
def test_every_guid_is_one_article_whatever_the_feed_shows_when(masks: list[int], url: str) -> None:
    shown = [[n for n in range(8) if mask >> n & 1] for mask in masks]
    looks = [[episode(n, url=f"{url}{n}" if url.endswith("#n") else url) for n in look] for look in shown]
    known = polls(*looks)
    seen = {n for look in shown for n in look}
    assert titles(known) == sorted(episode(n).title for n in seen)


# ── who may speak of an address ───────────────────────────────────────────────────────────────────────

CITY = "https://city.example/council"
OWN = context(NOW, level=Level.LIST, upstream_url="https://www.city.example/")
FOREIGN = context(
    NOW, level=Level.FEED, upstream=2, upstream_key="feed:2", upstream_url="https://elsewhere.example/rss"
)
TRUE = Draft(url=CITY, title="Council keeps the ferry", published=moment(NOW - timedelta(hours=3)))
FAKE = Draft(
    url=CITY,
    guid="tag:elsewhere.example,2025:1",
    title="Buy these shares now",
    content=f"<p>{' '.join(f'word{n} of another story' for n in range(40))}</p>",
    published=moment(NOW),
)


@pytest.mark.parametrize("level", [Level.LIST, Level.FEED, Level.SITEMAP])
def test_a_foreign_feed_rewrites_nothing_and_says_no_address_was_used_again(level: Level) -> None:
    own = replace(OWN, level=level)
    known = polls(
        [replace(TRUE, content="" if level is not Level.FEED else "<p>The ferry stays.</p>")], ctx=own
    )
    plan = decide(reading(FAKE, ctx=FOREIGN), known, FOREIGN)
    assert plan.new == ()
    assert [(one.story.title, one.visible) for one in plan.corrections] == [(TRUE.title, False)]
    assert plan.corrections[0].story.content == known.articles[1].article.story.content


def test_the_publishers_own_feed_says_that_an_address_was_used_again() -> None:
    known = polls([replace(TRUE, content="<p>The ferry stays.</p>")], ctx=OWN)
    ctx = replace(FOREIGN, upstream_url="https://feeds.city.example/rss")
    (new,) = decide(reading(FAKE, ctx=ctx), known, ctx).new
    assert new.instead_of == 1


def test_a_guid_leads_no_article_of_others_to_another_site() -> None:
    known = polls([TRUE], ctx=OWN)
    fresh = reading(replace(TRUE, guid="g"), ctx=FOREIGN)
    known = remember(known, decide(fresh, known, FOREIGN), fresh, FOREIGN)
    assert known.keys[Key("guid", "feed:2", "g")] == 1
    away = replace(FAKE, guid="g", url="https://elsewhere.example/shares")
    plan = decide(reading(away, ctx=FOREIGN), known, FOREIGN)
    assert [one.story.url for one in plan.new] == [away.url]
    assert plan.corrections == ()


def test_a_foreign_entry_names_no_second_address_at_another_publisher() -> None:
    (fresh,) = reading(replace(FAKE, url="https://elsewhere.example/shares", also=(CITY,)), ctx=FOREIGN)
    assert {key.value for key in fresh.keys if key.kind == "address"} == {"elsewhere.example/shares"}


def test_where_nobody_else_speaks_a_foreign_feed_is_heard() -> None:
    known = polls([FAKE], ctx=FOREIGN)
    assert titles(known) == [FAKE.title]
