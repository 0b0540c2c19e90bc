"""Pages beside the feeds: they grow with what a person can look at, not with the number of sections."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from feedsvc.publish.pages import FrontPages
from feedsvc.publish.publisher import PAGES_WAIT, ROUND
from feedsvc.render.pages import IN_BAR, SECTIONS, Pages
from feedsvc.store.articles.lists import write_outbox
from feedsvc.store.publishing.builds import SqlPublishing
from tests.conftest import Clock
from tests.filled import START, Filled, lists

MANY = 2 * SECTIONS + 5


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    made = Filled(tmp_path_factory.mktemp("pages") / "store.db", sections=MANY, articles=MANY)
    yield made
    made.database.close()


def built(filled: Filled) -> dict[str, str]:
    """Path → text of every page beside the feeds."""
    store = SqlPublishing(filled.database)
    pages = FrontPages(filled.site, filled.lists, store, Pages(filled.site, filled.lists))
    clock, made = Clock(START), dict[str, str]()
    while pages.due(clock()):
        for document in pages.build(clock()):
            made[document.snapshot.path] = document.snapshot.identity.decode()
        clock.forward(seconds=5)
        if set(pages.paths()) <= made.keys():
            break
    return made


def test_many_sections_stand_on_several_pages_of_the_directory(filled: Filled) -> None:
    made = built(filled)
    shown = [
        re.findall(r'<h2 id="h-(s\d+)">', made[path])
        for path in ("/", "/feeds/sections/2", "/feeds/sections/3")
    ]
    assert [len(slugs) for slugs in shown] == [SECTIONS, SECTIONS, 5]
    assert [slug for slugs in shown for slug in slugs] == [f"s{n}" for n in range(MANY)]
    assert "/feeds/sections/4" not in made
    for path in ("/", "/feeds/sections/2"):
        assert '<a href="/feeds/sections/3">3</a>' in made[path]
        assert '<a href="/">1</a>' in made[path].replace(' aria-current="page"', "")


def test_no_page_names_every_section(filled: Filled) -> None:
    made = built(filled)
    for path, text in made.items():
        if not path.endswith((".opml", ".json")):  # lists for programs name all feeds
            assert len(set(re.findall(r'(?:/feeds/|value=")(s\d+)["."]', text))) <= SECTIONS + IN_BAR, path


def test_a_section_is_found_by_its_title(filled: Filled) -> None:
    pages = Pages(filled.site, filled.lists)
    page = pages.search_page("q=rubrik+12", {"q": "rubrik 12"}, ()).decode()
    shown = [int(n) for n in re.findall(r'<a href="/feeds/s(\d+)" dir="auto">', page)]
    assert shown == [12, 112, *range(120, 125)]
    few = Pages(filled.site, lists(3)).search_page("q=rubrik+1", {"q": "rubrik 1"}, ()).decode()
    assert 'dir="auto">Rubrik' not in few  # they all stand at the top of the page


def test_a_form_offers_the_section_that_was_chosen(filled: Filled) -> None:
    page = Pages(filled.site, filled.lists).search_page("section=s120", {"section": "s120"}, ()).decode()
    assert '<option value="s120" selected>' in page


@pytest.mark.slow
def test_feeds_go_first_and_pages_wait_a_minute_at_most(tmp_path: Path) -> None:
    clock = Clock(START)
    few = Filled(tmp_path / "store.db", sections=4 * ROUND, articles=1)
    publisher = few.publisher(lambda number: None, clock)
    first = publisher.run()
    assert first is not None
    assert "/" in first.paths  # whoever comes first finds the directory
    rounds = [publisher.run() for _ in range(3)]
    paths = [path for done in rounds if done for path in done.paths]
    assert sum(path.endswith(".rss") for path in paths) >= 3 * ROUND
    assert not any(path.startswith("/embed/") for path in paths)
    with few.database.write() as connection:
        write_outbox(connection, {spec.key: False for spec in few.lists}, clock())
    clock.forward(seconds=(PAGES_WAIT + timedelta(seconds=1)).total_seconds())
    late = publisher.run()
    assert late is not None
    assert any(path.startswith("/embed/") for path in late.paths)
    few.database.close()
