"""/metrics is what Prometheus reads; every query of the rules and the dashboard names what is there."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from ruamel.yaml import YAML
from sqlalchemy import insert

from feedsvc.store import schema as t
from feedsvc.store.engine import Database
from feedsvc.store.migrate import migrate
from feedsvc.store.notices import SqlNotices
from feedsvc.store.web.sketch import sketch
from tests.conftest import Clock
from tests.serve.room import add_source, room_of

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


@pytest.fixture
def exposed(tmp_path: Path, clock: Clock) -> dict[str, set[str]]:
    """Name → names of its labels, of a service with a source, a worker, a reader and an article."""
    url = f"sqlite:///{tmp_path}/store.db"
    database = Database(url)
    migrate(database)
    add_source(database, clock, failures=3, error_code="DNS", error_message="no address")
    SqlNotices(database).beat("one", clock(), clock())
    with database.write() as connection:
        values = {"requests": 9, "not_modified": 3, "bytes": 70, "pollers": sketch(["a", "b"], "day")}
        connection.execute(insert(t.reach).values(day=clock().strftime("%Y-%m-%d"), path="", **values))
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
    body, kind = room_of(url, clock).metrics()
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
