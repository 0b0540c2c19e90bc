"""`feedsvc run` in its own processes: live within seconds, ended cleanly, killed without loss."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import feedparser
import psutil
import pytest

from tests.conftest import until
from tests.e2e.service import Service


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    found = Service(tmp_path)
    yield found
    found.close()


def carries(service: Service, path: str, least: int) -> bool:
    return len(feedparser.parse(service.get(path).content).entries) >= least


def unchanged(service: Service, path: str) -> bool:
    tag = service.get(path).headers["ETag"]
    return service.get(path, **{"If-None-Match": tag}).status_code == 304


def test_the_first_answer_is_not_half_a_house(service: Service) -> None:
    """The directory is published with the first feeds: whoever sees one of them never gets a 404 for it."""
    service.start()
    service.wait()
    assert service.get("/").status_code in {200, 503}  # 503: another web process, which has not begun yet


def test_a_newsroom_is_live_and_ends_cleanly(service: Service) -> None:
    service.start()
    service.wait()
    until(lambda: len(service.items("populer")) == 7 and len(service.items("politik")) >= 20, 60)
    for form in ("rss", "atom"):
        path = f"/feeds/politik.{form}"
        # each web process takes a publication over by itself, within a second
        until(partial(carries, service, path, 20))
        until(partial(unchanged, service, path))  # it may change between two questions
    until(lambda: service.get("/").status_code == 200)  # … and this one may come to the slower process
    assert "Politik" in service.get("/").text
    assert service.get("/feeds/politik").status_code == 200
    assert service.get("/static/page.css").status_code == 200
    assert service.get("/nowhere").status_code == 404
    assert service.get("/healthz").text == "ok\n"
    assert service.get("/readyz").status_code == 200
    short = service.get("/feeds/politik.json?limit=3&content=summary&x=y").json()
    assert len(short["items"]) == 3
    assert all("content_html" not in one for one in short["items"])
    assert short["feed_url"].endswith("/feeds/politik.json?content=summary&limit=3")
    children = service.family()
    assert service.terminate() == 0
    _, alive = psutil.wait_procs(children, timeout=3)
    assert alive == []
    assert not service.listening()


def test_ctrl_c_ends_it(service: Service) -> None:
    service.start()
    service.wait()
    assert service.process is not None
    os.killpg(service.process.pid, signal.SIGINT)  # as a terminal does
    assert service.process.wait(10) == 0


def test_killed_at_any_moment_nothing_is_lost_or_repeated(service: Service) -> None:
    seen: dict[str, str] = {}
    for pause in (0.0, 0.4, 1.1, 2.3):
        service.start()
        service.wait()
        time.sleep(pause)  # the kill is to come at a moment of no meaning: there is nothing to poll for
        items = service.items("latest")
        now = {one["url"]: one["id"] for one in items}
        assert len(now) == len(items) == len(set(now.values()))
        for url, known in seen.items():
            assert now.get(url, known) == known
        seen |= now
        children = service.family()
        service.kill()
        _, alive = psutil.wait_procs(children, timeout=10)
        assert alive == []
    service.start()
    service.wait()
    until(lambda: {one["url"] for one in service.items("politik")} <= seen.keys() | {*_urls(service)}, 30)
    assert service.terminate() == 0


def _urls(service: Service) -> set[str]:
    return {one["url"] for one in service.items("latest")}


def test_a_worker_that_dies_is_started_again_and_serving_goes_on(service: Service) -> None:
    service.start()
    service.wait()
    (worker,) = service.family("work")
    worker.kill()
    assert service.serving()
    until(lambda: [one for one in service.family("work") if one.pid != worker.pid], 20)
    assert service.serving()
    assert service.terminate() == 0


def test_a_taken_port_is_said_plainly(service: Service) -> None:
    import socket

    with socket.create_server(("127.0.0.1", service.port)):
        done = service.call("run")
    assert done.returncode == 1
    assert "PORT_TAKEN" in done.stderr
    assert "--port" in done.stderr


def test_serve_and_work_are_the_two_halves(service: Service, tmp_path: Path) -> None:
    """As the Procfile starts them; the web half starts first and waits for the store."""
    service.start("serve")
    until(service.listening, 20)
    assert service.get("/feeds/latest.rss").status_code == 503
    web = service.process
    service.start("demo")
    demo = service.process
    service.start("work")
    service.wait()
    assert service.terminate() == 0
    assert service.serving()  # the last good copy stays without a worker
    for process in (web, demo):
        assert process is not None
        process.terminate()
        assert process.wait(10) == 0


def test_collect_shows_what_came_and_fails_when_a_source_fails(service: Service) -> None:
    service.start("demo")
    until(lambda: _listens(service.demo), 20)
    done = service.call("collect")
    assert done.returncode == 0, done.stderr
    assert "politik" in done.stdout
    assert "article pages read" in done.stdout
    service.file.write_text(service.file.read_text().replace('/politik"', '/nirwana"'))
    done = service.call("collect")
    assert done.returncode == 1
    assert "HTTP_GONE" in done.stdout
    lines = service.call("collect", "--json").stdout.splitlines()
    assert len(lines) == 3


def _listens(port: int) -> bool:
    import socket

    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False


def test_a_worker_waits_for_a_store_that_cannot_be_used(service: Service) -> None:
    """One that ended could tell nobody; what is there is not overwritten."""
    store = service.folder / "store.db"
    store.write_bytes(b"no database at all, but somebody put it here" * 100)
    assert service.call("work").returncode == 1  # whoever starts it by hand is told at once
    signs, given = os.pipe2(os.O_NONBLOCK)
    service.start("work", signs=given)
    os.close(given)
    until(lambda: b"the worker waits for the store: STORE" in service.log.read_bytes(), 60)
    assert store.read_bytes().startswith(b"no database")
    store.unlink()
    (service.folder / "store.db.damaged").unlink(missing_ok=True)
    until(lambda: b"/politik: " in service.log.read_bytes(), 60)  # it asks, although no newsroom answers
    assert os.read(signs, 4096).startswith(b"r")  # so nobody took it for frozen
    assert service.terminate() == 0
    os.close(signs)
