"""/metrics is what Prometheus reads; every query of the rules and the dashboard names what is there."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from ruamel.yaml import YAML
from sqlalchemy import insert, select

from feedsvc.store import schema as t
from feedsvc.store.engine import Database
from feedsvc.store.migrate import migrate
from feedsvc.store.notices import SqlNotices
from feedsvc.store.retention import retire
from feedsvc.store.web.reach import Figures, ReachWriter
from tests.conftest import Clock
from tests.serve.room import add_source, rooms_of

FOLDER = Path(__file__).parents[2] / "config/monitoring"
#: Of Prometheus itself, not ours.
THEIRS = {"up"}
_STRING = re.compile(r'"[^"]*"')
_LABELS = re.compile(r"\{[^}]*\}|\b(?:without|by|ignoring|on)\s*\([^)]*\)")
_NAME = re.compile(r"\b[a-z_][a-z0-9_]*\b(?!\s*\()")
_WORDS = {"and", "or", "unless", "bool", "without", "by", "ignoring", "on", "offset"}


def names(query: str) -> set[str]:
    """The metrics that a query of Prometheus names."""
    bare = _LABELS.sub("", _STRING.sub("", query))
    return set(_NAME.findall(re.sub(r"\[[^\]]*\]", "", bare))) - _WORDS


def queries() -> list[str]:
    rules = YAML(typ="safe").load((FOLDER / "alerts.yml").read_text())
    dashboard = json.loads((FOLDER / "grafana.json").read_text())
    found = [rule["expr"] for group in rules["groups"] for rule in group["rules"]]
    return found + [one["expr"] for panel in dashboard["panels"] for one in panel["targets"]]


def read_by(url: str, clock: Clock, *, requests: int) -> None:
    figures = Figures(requests=requests, not_modified=3, bytes=70, pollers={"a", "b"})
    ReachWriter(url).add(clock(), paths={"": figures}, agents={}, subscribers={})


@pytest.fixture
def exposed(tmp_path: Path, clock: Clock) -> dict[str, set[str]]:
    """Name → names of its labels, of a service with a source, a worker, a reader and an article."""
    url = f"sqlite:///{tmp_path}/store.db"
    database = Database(url)
    migrate(database)
    add_source(database, clock, failures=3, error_code="DNS", error_message="no address")
    SqlNotices(database).beat("one", clock(), clock())
    with database.write() as connection:
        connection.execute(
            insert(t.snapshot).values(
                path="/feeds/latest.rss", number=1, media_type="x", etag="x", last_modified=clock(),
                max_age=1, identity=b"<rss/>", gzip=b"", br=b"", links=[], entries=[], digest=b"",
            )
        )  # fmt: skip
        connection.execute(
            insert(t.listing).values(key="latest", slug="latest", kind="latest", title="L", entered=7)
        )
        number = connection.execute(
            insert(t.article)
            .values(
                id="urn:x", state="live", url="https://news.example/secret-story", title="T", story=b"",
                digest=b"", published=clock(), precision="minute", first_seen=clock(), release_at=clock(),
            )
            .returning(t.article.c.no)
        ).scalar_one()  # fmt: skip
        connection.execute(
            insert(t.membership).values(
                list="latest", article=number, rank=0, backfill=False, live=True, published=clock(),
                entered_at=clock(),
            )
        )  # fmt: skip
    database.close()
    read_by(url, clock, requests=9)
    room = rooms_of(url, clock).open()
    body, kind = room.metrics()
    room.close()
    assert kind.startswith("text/plain; version=")
    text = body.decode()
    assert "secret-story" not in text  # no label names an article
    samples = [one for family in text_string_to_metric_families(text) for one in family.samples]
    told: dict[tuple[object, ...], float] = {}
    for one in samples:
        told[(one.name, *sorted(one.labels.items()))] = one.value
    assert told[("feedsvc_sources", ("health", "red"))] == 1
    assert told[("feedsvc_feed_requests_total",)] == 9
    assert told[("feedsvc_readers",)] == 2
    assert told[("feedsvc_source_failures", ("source", "https://news.example/0"))] == 3
    assert told[("feedsvc_troubles", ("health", "red"), ("kind", "source"))] == 1
    assert told[("feedsvc_articles_entered_total",)] == 7
    found: dict[str, set[str]] = {}
    for one in samples:
        found.setdefault(one.name, set()).update(one.labels)
    return found


def test_every_query_names_what_is_there(exposed: dict[str, set[str]]) -> None:
    asked = set[str]()
    for query in queries():
        asked |= names(query)
        assert names(query) <= exposed.keys() | THEIRS, query
        for name, inside in re.findall(r"([a-z_]+)\{([^}]*)\}", query):
            for label in re.findall(r"([a-z_]+)\s*[=!]", inside):
                assert name in THEIRS or label in exposed[name], query
    assert len(asked) > 20


def test_legends_name_labels_that_are_there(exposed: dict[str, set[str]]) -> None:
    for panel in json.loads((FOLDER / "grafana.json").read_text())["panels"]:
        for one in panel["targets"]:
            wanted = set(re.findall(r"\{\{(\w+)\}\}", one["legendFormat"]))
            there = set[str]().union(*(exposed[name] for name in names(one["expr"])))
            assert wanted <= there, panel["title"]


def test_each_alert_says_what_to_do() -> None:
    rules = YAML(typ="safe").load((FOLDER / "alerts.yml").read_text())["groups"][0]["rules"]
    assert len({rule["alert"] for rule in rules}) == len(rules)
    for rule in rules:
        assert rule["labels"]["severity"] in ("critical", "warning")
        assert len(rule["annotations"]["description"]) > 20


def counters(url: str, clock: Clock) -> dict[str, float]:
    room = rooms_of(url, clock).open()
    text = room.metrics()[0].decode()
    room.close()
    families = [one for one in text_string_to_metric_families(text) if one.type == "counter"]
    return {one.name: one.value for family in families for one in family.samples}


def test_no_counter_falls_when_old_days_and_old_articles_go(tmp_path: Path, clock: Clock) -> None:
    url = f"sqlite:///{tmp_path}/store.db"
    database = Database(url)
    migrate(database)
    add_source(database, clock, attempts=5)
    with database.write() as connection:
        article = connection.execute(
            insert(t.article)
            .values(
                id="urn:x", state="live", url="https://news.example/1", title="T", story=b"", digest=b"",
                published=clock(), precision="minute", first_seen=clock(), release_at=clock(),
            )
            .returning(t.article.c.no)
        ).scalar_one()  # fmt: skip
    add_source(database, clock, 1, attempts=7, article=article, kind="article")
    read_by(url, clock, requests=9)
    before = counters(url, clock)
    assert before["feedsvc_polls_total"] == 12
    assert before["feedsvc_feed_requests_total"] == 9
    clock.forward(days=70)
    with database.write() as connection:
        retire(connection, [article], clock())
        assert len(connection.execute(select(t.upstream)).all()) == 1
    read_by(url, clock, requests=1)  # drops the days before
    with database.read() as connection:
        assert connection.execute(select(t.reach.c.requests)).scalars().all() == [1]
    database.close()
    after = counters(url, clock)
    assert after.keys() == before.keys()
    assert all(after[name] >= before[name] for name in before), (before, after)
    assert after["feedsvc_feed_requests_total"] == 10
    assert after["feedsvc_polls_total"] == 12
