"""Feeds on demand: what is cached, for how long and in how much memory; searches by hostile people."""

from __future__ import annotations

import asyncio
import json
import threading
from typing import Any

import pytest

from feedsvc.model import BuiltDocument
from feedsvc.serve import on_demand as module
from feedsvc.serve.documents import Document
from feedsvc.serve.front import Front
from feedsvc.serve.lanes import Lanes
from feedsvc.serve.on_demand import OnDemand, Wanted
from feedsvc.serve.rsgi import Application
from feedsvc.store.articles.search_index import SqlIndexer
from feedsvc.store.articles.search_index import mark as mark_for_index
from tests.asking import Answer, ask, ask_rsgi
from tests.conftest import until
from tests.publish.test_archives import Newsroom
from tests.serve.test_front import AT


def built(identity: bytes) -> BuiltDocument:
    """A feed as a builder makes it."""
    return BuiltDocument(
        identity=identity,
        media_type="application/feed+json",
        last_modified=AT,
        max_age=60,
        links=(("self", "https://feeds.example/feeds/x.json"),),
    )


def wanted(key: str, make: Any) -> Wanted:
    return Wanted(key, lambda builder: make())


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> Newsroom:
    made = Newsroom(tmp_path_factory.mktemp("on-demand"), 120)
    with made.filled.database.write() as connection:
        mark_for_index(connection, range(1, 121))
    indexer = SqlIndexer(made.filled.database)
    while indexer.run():
        pass
    return made


def get(newsroom: Newsroom, path: str, **headers: str) -> Answer:
    newsroom.front.published.refresh()
    return ask(newsroom.front, path, **headers)


def kept(front: Front) -> int:
    return len(front.on_demand._cache)


def test_a_build_is_shared_by_all_who_ask_at_once() -> None:
    hold, count = threading.Event(), []

    def make() -> BuiltDocument:
        count.append(1)
        hold.wait(10)
        return built(b"{}")

    store = OnDemand(lambda: None)  # type: ignore[arg-type, return-value]
    found: list[Any] = []
    one = wanted("/feeds/x.json", make)
    threads = [threading.Thread(target=lambda: found.append(store.get(one, 1))) for _ in range(20)]
    for thread in threads:
        thread.start()
    until(lambda: count)
    hold.set()
    for thread in threads:
        thread.join()
    assert len(count) == 1
    assert len({id(document) for document in found}) == 1


def test_a_build_that_takes_too_long_leaves_the_older_copy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_WAIT", 0.05)
    store = OnDemand(lambda: None)  # type: ignore[arg-type, return-value]
    hold = threading.Event()
    first = store.get(wanted("/a", lambda: built(b"1")), 1)
    assert isinstance(first, Document)
    assert store.get(wanted("/a", lambda: hold.wait(10) and built(b"2")), 2) is None
    assert store.older("/a") is first
    hold.set()
    until(lambda: store.cached("/a", 2) is not None)
    second = store.older("/a")
    assert isinstance(second, Document)
    # other bytes are never of the same moment, whatever the builder says
    assert second.last_modified > first.last_modified


def test_memory_is_bounded_and_what_is_asked_for_stays() -> None:
    store = OnDemand(lambda: None, limit=40 * 4096 * 2)  # type: ignore[arg-type, return-value]
    for number in range(500):
        store.get(wanted(f"/{number}", lambda: built(bytes(1000))), 1)
        assert store.cached("/0", 1) is not None
    assert store.cached("/1", 1) is None
    assert store.cached("/499", 1) is not None
    assert len(store._cache) <= 80


def test_parameters_that_mean_nothing_make_no_new_answers(newsroom: Newsroom) -> None:
    first = get(newsroom, "/feeds/s0.json?limit=3")
    before = kept(newsroom.front)
    for number in range(3000):
        answer = get(newsroom, f"/feeds/s0.json?x={number}&limit=3&utm_source={number}")
        assert answer.headers["ETag"] == first.headers["ETag"]
    assert kept(newsroom.front) == before
    plain = get(newsroom, "/feeds/s0.json")
    assert get(newsroom, "/feeds/s0.json?x=1").headers == plain.headers
    assert get(newsroom, "/feeds/s0.json?limit=003").headers["ETag"]
    assert json.loads(first.body)["feed_url"].endswith("/feeds/s0.json?limit=3")


def test_a_variant_is_kept_until_its_own_feed_changes(newsroom: Newsroom) -> None:
    before = get(newsroom, "/feeds/s0.rss?content=none&limit=2")
    newsroom.come(1)
    newsroom.publish()
    after = get(newsroom, "/feeds/s0.rss?limit=2&content=none")
    assert after.headers["ETag"] != before.headers["ETag"]
    assert (
        get(newsroom, "/feeds/s0.rss?content=none&limit=2", if_none_match=after.headers["ETag"]).status == 304
    )


@pytest.mark.parametrize(
    "query",
    [
        *(
            '"',
            '""',
            '"a',
            "a OR b",
            "a AND",
            "NEAR(a b)",
            "NOT a",
            "*",
            "a*",
            "title:a",
            "-a",
            "^a",
            "(",
            "a)",
        ),
        *(
            "'; DROP TABLE article; --",
            "a\x00b",
            "การเมือง",
            "新聞",
            "الأخبار",
            "😀",
            "\u202e",
            "%",
            "_",
            "\\",
            "{}",
        ),
        " ".join("kata" for _ in range(40)),
    ],
)
def test_no_search_is_an_error_of_ours(newsroom: Newsroom, query: str) -> None:
    from urllib.parse import urlencode

    for name in ("q", "not"):
        path = f"/feeds/search.json?{urlencode({name: query, 'section': 's0'})}"
        answer = get(newsroom, path)
        assert answer.status == 200, (name, query)
        json.loads(answer.body)
        assert "1970" not in answer.headers["Last-Modified"]


def test_searches_find_words_phrases_and_names(newsroom: Newsroom) -> None:
    from urllib.parse import urlencode

    some = newsroom.standing[7]
    words = some.split()

    def found(**options: str) -> set[str]:
        answer = get(newsroom, f"/feeds/search.json?{urlencode(options)}")
        assert answer.status == 200
        return {one["title"] for one in json.loads(answer.body)["items"]}

    assert some in found(q=words[0].lower())
    assert found(q=f'"{words[0]} {words[1]}"') == {some}
    assert some not in found(q=words[0], **{"not": words[1]})
    assert found(q="nirwanatidakada") == found(q="*") == found(q='"') == set()
    assert some in found(tag="tag-7")
    assert found(tag="tag-7", section="s0")
    assert get(newsroom, "/feeds/search.json?section=nirwana").status == 404
    for bad in ("q=" + "x" * 201, "tag=A%20B", "", "q=", "limit=3"):
        assert get(newsroom, f"/feeds/search.json?{bad}").status == 400
    assert get(newsroom, "/feeds/tag/tag-7.rss").status == 200
    assert get(newsroom, "/feeds/tag/nirwana.rss").status == 404


@pytest.mark.slow
def test_where_no_lane_is_free_the_older_copy_is_served(newsroom: Newsroom) -> None:
    async def test() -> None:
        lanes = Lanes(lanes=1)
        app = Application(newsroom.front, own_lanes=lanes)
        before = get(newsroom, "/feeds/search.json?section=s0")
        newsroom.come(1)
        newsroom.publish()
        newsroom.front.published.refresh()
        assert await lanes.enter("")
        again = await ask_rsgi(app, "/feeds/search.json?section=s0")
        assert (again.status, again.body) == (200, before.body)
        cold = await ask_rsgi(app, "/feeds/search.json?section=s0&limit=5")
        assert (cold.status, cold.headers["Retry-After"]) == (503, "2")
        ready = await ask_rsgi(app, "/feeds/s0.json?limit=7")  # a variant needs no lane
        assert ready.status == 200
        lanes.leave("")
        now = await ask_rsgi(app, "/feeds/search.json?section=s0")
        assert now.status == 200
        assert now.body != before.body

    asyncio.run(test())
