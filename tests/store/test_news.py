"""What open pages get: news and withdrawals, list by list; never backfill or what stood before."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from feedsvc.demo import make_server
from feedsvc.store.web.news import News, RecentNews
from feedsvc.wiring.editorial import open_editorial
from tests.conftest import Clock
from tests.pipeline import Pipeline, running


@pytest.fixture
def pipeline(tmp_path: Path, store_url: str) -> Iterator[Pipeline]:
    clock = Clock(datetime(2025, 12, 18, 12, 0, 7, tzinfo=UTC))
    with make_server(clock=clock) as newsroom, running(tmp_path, store_url, clock, newsroom) as found:
        yield found


@pytest.mark.slow
def test_pages_get_news_and_withdrawals(pipeline: Pipeline) -> None:
    recent = RecentNews(pipeline.snapshots, pipeline.settings.lists)
    assert recent.look() == {}
    pipeline.settle()  # the first run of every source is backfill
    assert all(not news.items for news in recent.look().values())
    assert recent.look() == {}

    before = {item["id"] for item in pipeline.items("politik")}
    news_of: dict[str, News] = {}
    while "politik" not in news_of:
        pipeline.forward(minutes=1)
        news_of |= recent.look()
    fresh = [item for item in pipeline.items("politik") if item["id"] not in before]
    assert {one.id for one in news_of["politik"].items} == {item["id"] for item in fresh}
    assert {item["id"] for item in fresh} <= {one.id for one in news_of["latest"].items}
    assert "english" not in news_of or not {item["id"] for item in fresh} & {
        one.id for one in news_of["english"].items
    }

    settings = pipeline.settings
    opened = open_editorial(settings.store_url, settings.lists, settings.site, pipeline.clock)
    with closing(opened) as hand:
        hand.withdraw(hand.find(fresh[0]["id"]))
    pipeline.publish()
    news_of = dict(recent.look())
    for slug in ("politik", "latest"):
        assert fresh[0]["id"] in news_of[slug].gone
        assert news_of[slug].items == ()
