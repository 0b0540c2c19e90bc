"""Nobody waits behind sources that are silent: lanes and their places, in the worker."""

from __future__ import annotations

import threading
from ipaddress import ip_network
from pathlib import Path

from feedsvc import config
from feedsvc.run.lanes import GRACE, LANES, Lane, Lanes
from feedsvc.wiring.collector import Outside
from feedsvc.wiring.work import collecting
from tests.conftest import Clock, until
from tests.makers import OWN_AND_FOREIGN
from tests.servers import Exchange, ScriptedServer

FEED = b"<rss version='2.0'><channel><title>x</title></channel></rss>"


def test_a_place_counts_for_a_moment_and_the_lane_has_an_end() -> None:
    now = 100.0
    lanes = Lanes((Lane("own", 2, 5, 1), Lane("quick", 1, 1, 1)), lambda: now)
    assert (lanes.threads, lanes.free("own"), lanes.free("quick")) == (6, 2, 1)
    entered = [lanes.enter("own"), lanes.enter("own")]
    assert (lanes.free("own"), lanes.free("quick"), lanes.busy) == (0, 1, 2)
    now += GRACE
    assert lanes.free("own") == 2
    entered += [lanes.enter("own"), lanes.enter("own")]
    now += GRACE
    assert lanes.free("own") == 1  # five at most
    lanes.leave("own", entered[0])
    assert (lanes.free("own"), lanes.rested) == (2, now)


def test_silent_hosts_hold_up_nobody(tmp_path: Path, upstream: ScriptedServer) -> None:
    """More of them than there are threads; then, when they have failed once, a new source among them."""
    silent = sum(lane.most for lane in LANES) + 20
    free = threading.Event()
    asked: set[str] = set()

    def answer(exchange: Exchange) -> None:
        host = exchange.headers["host"].partition(".")[0]
        asked.add(host)
        if host.startswith("silent") and not free.is_set():
            free.wait(30)
        exchange.answer(200 if exchange.path == "/feed" else 404, FEED)

    upstream.routes["*"] = answer

    def url(name: str) -> str:
        return f'{{ feed = "http://{name}.example:{upstream.port}/feed", follow = false }}'

    names = [f"silent{n}" for n in range(silent)] + ["own"]
    file = tmp_path / "feedsvc.toml"
    sources = ", ".join(url(name) for name in names)
    file.write_text(
        OWN_AND_FOREIGN.format(port=upstream.port, ports=upstream.port, folder=tmp_path, sources=sources)
    )
    outside = Outside(
        lookup=lambda host, port: ["127.0.0.1"],
        networks=(ip_network("127.0.0.1/32"),),
        monotonic=lambda: 0.0,
    )
    wired = collecting(config.load(file, {}), outside=outside)
    try:
        wired.worker.tick()
        until(lambda: "own" in asked)
        quick = next(lane for lane in LANES if lane.name == "quick")
        assert wired.worker.busy >= quick.places  # they hang, and the own source was asked beside them
        assert len(asked) <= silent
    finally:
        free.set()
        wired.worker.stop(20)
        wired.close()


def test_a_unit_whose_end_was_lost_is_done_at_once_however_often(
    tmp_path: Path, clock: Clock, upstream: ScriptedServer
) -> None:
    """The store is away while a source is read, and back afterwards; in between all is well for a while."""
    store, away = tmp_path / "store.db", tmp_path / "away.db"
    lose = False
    times = 0

    def answer(exchange: Exchange) -> None:
        nonlocal times
        if exchange.path == "/feed":
            times += 1
            if lose:
                store.rename(away)
        exchange.answer(200 if exchange.path == "/feed" else 404, FEED)

    upstream.routes["*"] = answer
    file = tmp_path / "feedsvc.toml"
    source = f'{{ feed = "http://own.example:{upstream.port}/feed", every = "5s", follow = false }}'
    file.write_text(
        OWN_AND_FOREIGN.format(port=upstream.port, ports=upstream.port, folder=tmp_path, sources=source)
    )
    outside = Outside(
        lookup=lambda host, port: ["127.0.0.1"],
        networks=(ip_network("127.0.0.1/32"),),
        monotonic=lambda: clock().timestamp(),
    )
    wired = collecting(config.load(file, {}), clock=clock, outside=outside)

    def tick() -> int:
        wired.worker.tick()
        until(lambda: wired.worker.busy == 0)
        clock.forward(seconds=6)
        return times

    try:
        for turn in range(3):
            lose = True
            assert tick() == turn * 3 + 1
            away.rename(store)
            lose = False
            assert tick() == turn * 3 + 2  # no lease is waited for
            assert tick() == turn * 3 + 3
    finally:
        wired.worker.stop(5)
        wired.close()
