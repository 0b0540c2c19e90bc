"""HTTP: validators, codings, methods, the clock, faults, and the end of the process."""

from __future__ import annotations

import gzip
import signal
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import count

import pytest
import requests

from feedsvc.demo import DESKS, DemoServer, Kind, make_server
from feedsvc.demo.schedule import fate
from feedsvc.demo.server import accepts_gzip

from .conftest import Clock, Reader

PLAIN = {"accept_encoding": "identity"}
SAMPLE = [
    "/",
    "/politik",
    "/nusantara?page=2",
    "/indeks",
    "/en/",
    "/rss",
    "/en/feed.xml",
    "/news-sitemap.xml",
    "/robots.txt",
]


def test_two_servers_send_the_same_bytes_at_the_same_moment(
    reader: Reader, server: DemoServer, clock: Clock
) -> None:
    host = {"host": "kabar.example"}
    paths = [*SAMPLE, *(story.path for story in server.newsroom.listing(clock.now, *DESKS, count=12))]
    first = [reader.get(path, **host) for path in paths]
    clock.forward(hours=1)
    assert reader.get("/", **host).content != first[0].content
    clock.forward(hours=-1)
    with make_server(clock=clock) as other, requests.Session() as session:
        second = [Reader(other.url, session).get(path, **host) for path in paths]
    assert [answer.content for answer in first] == [answer.content for answer in second]
    assert [answer.headers for answer in first] == [answer.headers for answer in second]
    assert "http://kabar.example/politik" in first[5].text


@pytest.mark.parametrize("path", [*SAMPLE, "/style.css", "/favicon.ico", "/logo.png"])
def test_validators_and_codings(reader: Reader, path: str) -> None:
    full = reader.get(path, **PLAIN)
    assert full.status_code == 200
    assert "Content-Encoding" not in full.headers
    assert int(full.headers["Content-Length"]) == len(full.content)
    zipped = reader.get(path)
    assert zipped.content == full.content
    if zipped.headers.get("Content-Encoding") == "gzip":
        assert zipped.headers["ETag"] != full.headers["ETag"]
        assert zipped.headers["Vary"] == "Accept-Encoding"
        assert int(zipped.headers["Content-Length"]) < len(full.content)
    for condition in (
        {"if_none_match": full.headers["ETag"]},
        {"if_none_match": f'"x", W/{zipped.headers["ETag"]}'},
        {"if_none_match": "*"},
        {"if_modified_since": full.headers["Last-Modified"]},
    ):
        same = reader.get(path, **condition)
        assert (same.status_code, same.content) == (304, b"")
        assert same.headers["ETag"] == zipped.headers["ETag"]
    assert (
        reader.get(path, if_none_match='"x"', if_modified_since=full.headers["Last-Modified"]).status_code
        == 200
    )
    assert reader.get(path, if_modified_since="soon").status_code == 200
    head = reader.ask("HEAD", path, **PLAIN)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers == full.headers


def test_pages_are_fresh_for_seconds_and_pictures_for_long(
    reader: Reader, server: DemoServer, clock: Clock
) -> None:
    story = next(server.newsroom.stories(clock.now))
    assert reader.get("/").headers["Cache-Control"] == "public, max-age=10"
    for path in (story.picture, story.thumbnail):
        answer = reader.get(path)
        assert answer.headers["Content-Type"] == "image/png"
        assert answer.content.startswith(b"\x89PNG")
        assert "immutable" in answer.headers["Cache-Control"]
        assert reader.get(path, if_none_match=answer.headers["ETag"]).status_code == 304
    assert reader.get("/foto/2025/12/18/99999999.png").status_code == 404
    assert reader.get(story.picture.replace("/18/", "/17/")).status_code == 404


def test_a_new_story_comes_with_the_clock(reader: Reader, clock: Clock) -> None:
    before = reader.get("/rss")
    clock.forward(seconds=15)
    assert reader.get("/rss", if_none_match=before.headers["ETag"]).status_code == 304, (
        "nothing within a step"
    )
    clock.forward(minutes=2)
    after = reader.get("/rss", if_none_match=before.headers["ETag"])
    assert after.status_code == 200
    assert after.headers["Last-Modified"] > before.headers["Last-Modified"]
    assert after.headers["Date"] == "Thu, 18 Dec 2025 12:02:25 GMT"


def test_a_correction_reaches_the_page(reader: Reader, server: DemoServer, clock: Clock) -> None:
    k = next(k for k in count(900_000) if fate(k).fixed is not None)
    clock.now = server.newsroom.schedule.moment(k)
    story = next(server.newsroom.stories(clock.now, *DESKS))
    before = reader.get(story.path).text
    clock.now = server.newsroom.schedule.moment(fate(k).fixed or 0)
    after = reader.get(story.path).text
    assert before != after
    assert (
        "Ralat (" in after or "UPDATE " in after.partition('class="article-body"')[2].partition("<aside")[0]
    )


def test_a_withdrawn_story_is_gone(reader: Reader, server: DemoServer, clock: Clock) -> None:
    k = next(k for k in count(900_000) if fate(k).withdrawn is not None)
    end = fate(k)
    clock.now = server.newsroom.schedule.moment(k)
    story = next(server.newsroom.stories(clock.now, *DESKS))
    assert reader.get(story.path).status_code == 200
    clock.now = server.newsroom.schedule.moment(end.withdrawn or 0)
    assert reader.get(story.path).status_code == end.status
    assert story.path not in reader.get(story.desk.path).text
    assert story.guid not in reader.get(story.desk.feed).text


def test_a_moved_story_redirects_for_good(reader: Reader, server: DemoServer, clock: Clock) -> None:
    story = next(server.newsroom.stories(clock.now))
    server.edits.move(story.id, "alamat-lain", at=clock.now)
    moved = reader.get(story.path)
    assert moved.status_code == 301
    target = moved.headers["Location"].removeprefix(reader.url)
    assert target.endswith(f"/{story.id}/alamat-lain")
    assert reader.get(target).status_code == 200
    assert target in reader.get("/").text


@pytest.mark.parametrize(
    ("path", "target"),
    [("/en", "/en/"), ("/politik/", "/politik"), ("/indeks/", "/indeks"), ("/rss/", "/rss")],
)
def test_near_misses_are_put_right(reader: Reader, path: str, target: str) -> None:
    answer = reader.get(path)
    assert (answer.status_code, answer.headers["Location"]) == (301, reader.url + target)


@pytest.mark.parametrize(
    "path", ["/tidak-ada", "/politik/read/2025/12/18/99999999/x", "/masuk", "/%2e%2e/etc", "//[x"]
)
def test_wrong_addresses_are_404(reader: Reader, path: str) -> None:
    answer = reader.get(path)
    assert answer.status_code == 404
    assert "tidak ditemukan" in answer.text


def test_a_story_that_is_not_out_yet_is_404(reader: Reader, server: DemoServer, clock: Clock) -> None:
    story = next(server.newsroom.stories(clock.now))
    clock.forward(minutes=-5)
    assert reader.get(story.path).status_code == 404
    assert reader.get(story.picture).status_code == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_other_methods_are_refused(reader: Reader, method: str) -> None:
    answer = reader.ask(method, "/politik")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD")
    assert reader.get("/politik").status_code == 200


def test_the_log_remembers_requests(reader: Reader, server: DemoServer) -> None:
    reader.get("/politik?page=2", user_agent="feedsvc/0.1")
    reader.get("/nope")
    first, second = server.log
    assert (first.method, first.path, first.status) == ("GET", "/politik?page=2", 200)
    assert first.headers["user-agent"] == "feedsvc/0.1"
    assert (second.path, second.status) == ("/nope", 404)
    assert first.at <= second.at


@pytest.mark.parametrize("status", [404, 410, 429, 500, 503])
def test_fault_status(reader: Reader, server: DemoServer, status: int) -> None:
    server.faults.set("/politik", Kind.STATUS, status=status, retry_after=120)
    answer = reader.get("/politik/rss")
    assert (answer.status_code, answer.headers["Retry-After"]) == (status, "120")
    assert reader.get("/hukum").status_code == 200
    server.faults.clear("/politik")
    assert reader.get("/politik").status_code == 200


def test_fault_login_and_empty(reader: Reader, server: DemoServer) -> None:
    server.faults.set("/", "login")
    server.faults.set("/politik", Kind.EMPTY)
    login = reader.get("/hukum")
    assert login.status_code == 200
    assert 'type="password"' in login.text
    for path in ("/politik", "/politik/rss"):
        empty = reader.get(path)
        assert empty.status_code == 200
        assert "/read/" not in empty.text
    server.faults.clear()
    assert "/read/" in reader.get("/politik").text


def test_fault_truncated(reader: Reader, server: DemoServer) -> None:
    server.faults.set("/rss", Kind.TRUNCATED)
    with pytest.raises(requests.exceptions.ChunkedEncodingError, match="IncompleteRead"):
        reader.get("/rss", **PLAIN)


def test_fault_drip(server: DemoServer) -> None:
    server.faults.set("/robots.txt", Kind.DRIP, pause=0.001)
    with requests.get(f"{server.url}/robots.txt", stream=True, timeout=5) as answer:
        pieces = list(answer.iter_content(1))
    assert len(pieces) == int(answer.headers["Content-Length"])


def test_fault_hang_ends_with_the_server(clock: Clock) -> None:
    with ThreadPoolExecutor(1) as pool:
        with make_server(clock=clock) as server:
            server.faults.set("/", Kind.HANG)
            waiting = pool.submit(requests.get, server.url, timeout=30)
            assert server.log.wait("/")
            assert not waiting.done()
        with pytest.raises(requests.ConnectionError):
            waiting.result(5)


def test_stop_closes_kept_connections_and_the_port(clock: Clock) -> None:
    server = make_server(clock=clock).start()
    with requests.Session() as session:
        assert session.get(server.url, timeout=5).ok
        server.stop()
        with pytest.raises(requests.ConnectionError):
            session.get(server.url, timeout=5)
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", server.server_port)) != 0


def test_many_readers_at_once(server: DemoServer, clock: Clock) -> None:
    stories = server.newsroom.listing(clock.now, count=20)
    with ThreadPoolExecutor(8) as pool:
        answers = list(
            pool.map(lambda story: requests.get(server.url + story.path, timeout=10).status_code, stories)
        )
    assert answers == [200] * 20


def test_a_strange_host_is_not_repeated(reader: Reader) -> None:
    assert "evil" not in reader.get("/rss", host='evil"><x>').text
    assert "http://kabar.example:8081/politik" in reader.get("/rss", host="kabar.example:8081").text


@pytest.mark.parametrize(
    ("header", "accepted"),
    [
        ("gzip", True),
        ("br;q=1.0, gzip;q=0.5", True),
        ("GZIP", True),
        ("*", True),
        ("gzip;q=0", False),
        ("gzip;q=0, *", False),
        ("identity", False),
        ("x-gzip-really", False),
        ("", False),
    ],
)
def test_who_accepts_gzip(header: str, accepted: bool) -> None:
    assert accepts_gzip(header) is accepted


def test_gzip_is_gzip(server: DemoServer) -> None:
    with requests.get(
        f"{server.url}/rss", headers={"Accept-Encoding": "gzip"}, stream=True, timeout=5
    ) as answer:
        body = answer.raw.read()
    assert gzip.decompress(body).startswith(b"<?xml")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_serve_ends_cleanly_on_a_signal(number: signal.Signals) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    code = f"from feedsvc.demo import serve; serve('127.0.0.1', {port})"
    command = [sys.executable, "-W", "error", "-c", code]
    with subprocess.Popen(command, stderr=subprocess.PIPE) as process, requests.Session() as session:
        session.mount("http://", requests.adapters.HTTPAdapter(max_retries=_until_it_listens()))
        assert session.get(f"http://127.0.0.1:{port}/", timeout=10).ok
        process.send_signal(number)
        _, errors = process.communicate(timeout=5)
    assert (process.returncode, errors) == (0, b"")


def _until_it_listens() -> requests.adapters.Retry:
    return requests.adapters.Retry(connect=60, backoff_factor=0.05, backoff_max=0.2)
