"""Searches find words in every script, in either spelling, on every database."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.model import ListKind, ListSpec, Newsroom, Submission
from feedsvc.store.articles import lists
from feedsvc.store.articles.search_index import SqlIndexer
from feedsvc.store.web.entries import ArticleReader, Query
from feedsvc.store.web.snapshots import Snapshots
from feedsvc.store.words import words
from feedsvc.wiring.editorial import open_editorial
from tests.conftest import Clock
from tests.makers import SITE
from tests.stores import migrated

TITLES = (
    "上海地铁二号线恢复运行 iPhone发布",
    "大阪の新しい橋が開通しました",
    "รถไฟฟ้าสายใหม่กลับมาวิ่งแล้ว",
    "국회가 예산안을 처리했다",
    "ក្រុងភ្នំពេញ សាងសង់ស្ពានថ្មី",
    "Café Lumière ouvre à Nancy",
)
FOUND = (
    ("地铁", 0), ("恢复", 0), ("iphone", 0), ("新しい橋", 1), ("大阪", 1), ("รถไฟฟ้า", 2), ("กลับมา", 2),
    ("예산안", 3), ("ស្ពាន", 4), ("café", 5), ("lumière nancy", 5),
)  # fmt: skip


@pytest.fixture
def reader(store_url: str, clock: Clock) -> Iterator[ArticleReader]:
    database = migrated(store_url)
    with database.write() as connection:
        kinds = (("latest", ListKind.LATEST), ("a", ListKind.SECTION))
        lists.sync_lists(connection, [(key, key, kind, key) for key, kind in kinds], clock())
    spec = ListSpec(key="a", slug="a", kind=ListKind.SECTION, title="A")
    editorial = open_editorial(store_url, (spec,), SITE, clock)
    for number, title in enumerate(TITLES):
        given_title = unicodedata.normalize("NFD" if number % 2 else "NFC", title)
        editorial.publish(Newsroom("cms"), Submission(id=str(number), title=given_title, sections=("a",)))
    SqlIndexer(database).run()
    snapshots = Snapshots(store_url)
    yield ArticleReader(snapshots)
    snapshots.close()
    editorial.close()
    database.close()


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_parts_of_a_run_are_found_in_either_spelling(reader: ArticleReader, form: str) -> None:
    for asked, number in FOUND:
        selection = reader.search(Query(words=unicodedata.normalize(form, asked)), 10)  # type: ignore[arg-type]
        titles = [unicodedata.normalize("NFC", one.story.title) for one in selection.articles]
        assert titles == [unicodedata.normalize("NFC", TITLES[number])], asked
    for absent in ("铁地", "新橋", "안예산"):
        assert not reader.search(Query(words=absent), 10).articles


@given(st.text())
def test_both_spellings_of_any_text_have_the_same_words(text: str) -> None:
    assert words(unicodedata.normalize("NFD", text)) == words(unicodedata.normalize("NFC", text))
    assert words(" ".join(words(text))) == words(text)
