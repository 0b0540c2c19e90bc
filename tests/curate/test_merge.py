"""What many statements tell together."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from feedsvc.curate.merge import merge
from feedsvc.model import Draft, Level, Statement

NOW = datetime(2025, 12, 18, 12, 0, tzinfo=UTC)
ADDRESS = "https://news.example/ferry"


def says(level: Level, key: str, *, source: str = "https://news.example/feed", **fields: str) -> Statement:
    draft = Draft(url=ADDRESS, **fields)  # type: ignore[arg-type]
    return Statement(
        upstream=1,
        upstream_key=key,
        level=level,
        draft=draft,
        at=NOW,
        upstream_url="" if level < 2 else source,
    )


def feed(title: str, source: str = "https://news.example/feed") -> Statement:
    return says(Level.FEED, "feed:news", source=source, title=title, summary="As the feed tells it.")


def page(title: str, content: str) -> Statement:
    return says(Level.PAGE, "article:1", title=title, content=content)


@pytest.mark.parametrize(
    ("headline", "heading", "text"),
    [
        ("The ferry that never left", "Page not found", "<p>We looked everywhere. Try the search.</p>"),
        ("Kapal feri batal berangkat", "Masuk", "<p>Silakan masuk dengan akun Anda untuk melanjutkan.</p>"),
        ("旧渡轮今日停航三小时", "页面不存在", "<p>您访问的页面已被删除, 请返回首页。</p>"),
        ("Паром отменили из-за шторма", "Вход", "<p>Введите логин и пароль.</p>"),
    ],
)
def test_a_page_that_is_not_the_articles_says_nothing_of_it(headline: str, heading: str, text: str) -> None:
    """Such pages come with status 200."""
    story = merge([feed(headline), page(heading, text)])
    assert (story.title, story.summary, story.content) == (headline, "As the feed tells it.", "")


def test_the_name_of_the_site_over_each_page_is_no_headline() -> None:
    text = "<p>The old ferry has never left its harbour again.</p>"
    story = merge([feed("The ferry that never left"), page("Harbour Gazette", text)])
    assert (story.title, story.content) == ("The ferry that never left", text)
    assert story.origin["title"] == "feed: feed:news, for its page is headed 'Harbour Gazette'"


@pytest.mark.parametrize(
    ("headline", "heading"),
    [
        ("Ferry cancelled in storm", "Storm keeps ferries in the harbour"),
        ("Паром отменили из-за шторма", "Паромы отменены: шторм усилился"),
        ("Live", "Ferry cancelled in storm"),  # too short to be missed
    ],
)
def test_a_headline_that_the_page_words_anew_is_the_pages(headline: str, heading: str) -> None:
    text = "<p>The ferries were cancelled when the storm grew. Паром отменили, шторм растёт.</p>"
    assert merge([feed(headline), page(heading, text)]).title == heading


def test_what_strangers_call_an_article_is_no_measure_of_its_page() -> None:
    told = feed("Why nobody should ever trust boats", "https://links.example/feed")
    story = merge([told, page("Ferry cancelled in storm", "<p>The ferry was cancelled.</p>")])
    assert (story.title, story.content) == ("Ferry cancelled in storm", "<p>The ferry was cancelled.</p>")
