"""Web nodes on machines without a worker: each answers with the same bytes and validators."""

from __future__ import annotations

import threading
from pathlib import Path

from feedsvc.store.publishing.builds import Changes, SqlPublishing
from feedsvc.store.web.listener import Listener
from tests.conftest import Clock, until
from tests.databases import Postgres
from tests.scale.nodes import Nodes
from tests.stores import migrated


def test_each_publication_wakes_every_node(postgres: Postgres, clock: Clock) -> None:
    """Two listeners hear of a publication; one whose front has ended listens no longer."""
    database = migrated(postgres.new())
    heard: dict[str, int] = {"one": 0, "other": 0, "ended": 0}
    lock = threading.Lock()

    def wake(name: str) -> bool:
        with lock:
            heard[name] += 1
        return name != "ended"

    for name in heard:
        Listener(database.url, lambda name=name: wake(name)).start()  # type: ignore[misc]
    until(lambda: min(heard.values()) == 1)  # at once, for whatever came before
    store = SqlPublishing(database)
    token = store.take_lease(clock(), 10, 0)
    assert token is not None
    assert store.save(Changes(), token=token, now=clock()) is not None
    until(lambda: heard["one"] == heard["other"] == 2)
    assert heard["ended"] == 1
    database.close()


def test_two_nodes_answer_with_the_same_bytes(postgres: Postgres, tmp_path: Path) -> None:
    """Whatever one node serves under a tag, the other serves under the same: any balancer will do."""
    nodes = Nodes(tmp_path, postgres.new(), web=2)
    seen: dict[tuple[str, str], tuple[bytes, dict[str, str]]] = {}
    by_node: list[set[tuple[str, str]]] = [set(), set()]
    kept = ("Last-Modified", "Cache-Control", "Link", "Content-Type", "Vary")

    def look() -> None:
        for node, port in enumerate(nodes.ports):
            for path in ("/feeds/politik.rss", "/feeds/politik.atom", "/feeds/latest.json", "/"):
                answer = nodes.get(port, path)
                assert answer.status_code == 200
                key = (path, answer.headers["ETag"])
                headers = {name: answer.headers.get(name, "") for name in kept}
                assert seen.setdefault(key, (answer.content, headers)) == (answer.content, headers)
                by_node[node].add(key)

    try:
        for number in range(10):
            assert nodes.post(nodes.ports[number % 2], number)
            look()
        until(lambda: all(len(nodes.get(one).json()["items"]) == 10 for one in nodes.ports), 60, nodes.log)
        look()
        assert len(by_node[0] & by_node[1]) >= 8  # at the least the first state and the last one
    finally:
        nodes.stop()
