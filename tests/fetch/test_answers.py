"""No header and no status ends a poll with a fault of ours: whatever comes is an answer or a FetchError."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from feedsvc.collect.schedule import Timing
from feedsvc.errors import FetchError
from feedsvc.fetch.client import HINTS, MAX_HEADER, MAX_VALIDATOR, Client
from feedsvc.fetch.failures import LONGEST_WAIT, retry_after_seconds
from feedsvc.fetch.guard import Guard
from feedsvc.fetch.sender import Sender
from feedsvc.model import Fetched, Upstream
from feedsvc.plugin_api import Request
from feedsvc.protocols import Claim, Message, Task, Wishes
from feedsvc.websub import links

T = TypeVar("T")
NOW = datetime(2025, 12, 18, 12, 0, tzinfo=UTC)
NAMES = (
    "ETag Last-Modified Location Content-Type Content-Length Content-Encoding Content-Range "
    "Transfer-Encoding Retry-After Cache-Control Expires Age Date Link Set-Cookie Connection Trailer X"
).split()
ODD = [
    *(
        "",
        " ",
        "0",
        "-1",
        "1e9",
        "9" * 5000,
        "1" * 20,
        "\xb2",
        "5, 5",
        "5, 6",
        "gzip",
        "gzip, gzip",
        "br",
        "zstd",
    ),
    *(
        "identity",
        "chunked",
        "chunked, chunked",
        'W/"a"',
        '"\x00"',
        "\x0b",
        "\x7f",
        "a" * 9000,
        "bytes 0-1/*",
    ),
    *(
        "bytes 0-1/99999999999999999999",
        "http://[::1",
        "http://a:99999/",
        "//",
        "/\xff\xfe",
        "max-age=99999999999999",
    ),
    *(
        "max-age=-1",
        "Thu, 32 Dec 9999 99:99:99 GMT",
        "Fri, 31 Dec 9999 23:59:59 -2359",
        "Mon, 01 Jan 0001 00:00:00 +2359",
    ),
    *(
        "text/html; charset=",
        'text/html; charset="' + "x" * 500,
        "<x>; rel=hub",
        '<http://[>; rel="hub self"',
        "<" * 4000,
    ),
    *("a=b; Expires=" + "9" * 3000, "close", "Sat, 01 Jan 0000 00:00:00 GMT", "1 1 1 1 1 1", "\x85\xa0"),
]
VALUES = st.one_of(
    st.sampled_from(ODD),
    st.text(st.characters(codec="latin-1", exclude_characters="\r\n"), max_size=60),
)
HEADERS = st.lists(st.tuples(st.sampled_from(NAMES), VALUES), max_size=6)


class Raw:
    """Answers each connection with the bytes that a test sets, and closes it."""

    def __init__(self) -> None:
        self.answer = b""
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.host = f"127.0.0.1:{self._listener.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(5)
                try:
                    while b"\r\n\r\n" not in connection.recv(65536):
                        pass
                    connection.sendall(self.answer)
                    connection.shutdown(socket.SHUT_WR)
                    while connection.recv(65536):  # else a reset would overtake the answer
                        pass
                except OSError:
                    pass  # the client has seen enough

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(10)


@pytest.fixture(scope="module")
def raw() -> Iterator[Raw]:
    one = Raw()
    yield one
    one.close()


def answer(status: object, headers: list[tuple[str, str]], body: bytes) -> bytes:
    head = "".join(f"{name}: {value}\r\n" for name, value in headers)
    return f"HTTP/1.1 {status}\r\n{head}\r\n".encode("latin-1") + body


def outcome(work: Callable[[], T]) -> T | FetchError:
    """What came, or the one kind of error that may be raised instead."""
    try:
        return work()
    except FetchError as error:
        return error


def plan(fetched: Fetched) -> None:
    """What is done with hints afterwards raises nothing either."""
    claim = Claim(upstream=1, token=1, host="n.example", own=False)
    one = Upstream(key="k", name="n", kind="page", url="https://n.example/")
    task = Task(claim=claim, upstream=one, readings=(), lists={})
    due = Timing().after(task, now=NOW, hints=fetched.hints, wishes=Wishes()).due
    assert due is not None
    assert NOW < due <= NOW + timedelta(days=9)
    links.discovered(fetched.hints.get("link", ""), url=fetched.url, hub="", topic="")


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(
    st.one_of(
        st.sampled_from([200, 304, 206, 301, 302, 404, 429, 503, 999, 99, 1000, "", "200", "2OO"]),
        st.integers(),
    ),
    HEADERS,
    st.sampled_from(
        [
            b"",
            b"x",
            b"5\r\nhello\r\n0\r\n\r\n",
            b"ffffffffffffffffff\r\n",
            b"-1\r\n",
            b"\x1f\x8b\x08",
            b"\0" * 9,
        ]
    ),
)
@example(302, [("Location", "http://[::1")], b"")
@example(200, [("Content-Length", "9" * 5000)], b"x")
@example(503, [("Retry-After", "Fri, 31 Dec 9999 23:59:59 -2359")], b"")
@example(200, [("ETag", '"\x00"'), ("Last-Modified", "\x01")], b"x")
def test_whatever_an_answer_says(
    raw: Raw, status: object, headers: list[tuple[str, str]], body: bytes
) -> None:
    raw.answer = answer(status, headers, body)
    guard = Guard(own=frozenset({raw.host}))
    client = Client(guard, user_agent="t", now=lambda: NOW)
    request = Request(url=f"http://{raw.host}/", etag='"a"', limit=1000, seconds=5)
    found = outcome(lambda: client.get(request, own=True))
    if isinstance(found, FetchError):
        assert found.wait is None or 0 <= found.wait <= LONGEST_WAIT
        return
    for value in (found.etag, found.last_modified):
        assert len(value) <= MAX_VALIDATOR
        assert value.isprintable() or max(value) >= "\x80"
    assert set(found.hints) <= HINTS
    assert all(len(value) <= MAX_HEADER and "\x00" not in value for value in found.hints.values())
    assert len(found.body) <= 1000
    plan(found)
    # what was kept is sent back without a fault
    again = Request(url=f"http://{raw.host}/", etag=found.etag, last_modified=found.last_modified, seconds=5)
    assert outcome(lambda: client.get(again, own=True)) is not None


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from([200, 202, 301, 410, 429, 999, "", "x"]),
    HEADERS,
    st.sampled_from([b"", b"x" * 500, b"zz\r\n"]),
)
def test_whatever_a_subscriber_answers(
    raw: Raw, status: object, headers: list[tuple[str, str]], body: bytes
) -> None:
    raw.answer = answer(status, headers, body)
    sender = Sender(Guard(own=frozenset({raw.host})), user_agent="t", now=lambda: NOW)
    message = Message(method="POST", url=f"http://{raw.host}/", body=b"news", limit=100, seconds=5)
    found = outcome(lambda: sender.send(message))
    sender.close()
    if isinstance(found, FetchError):
        return
    assert len(found.body) <= 100
    assert found.wait is None or 0 <= found.wait <= LONGEST_WAIT


@pytest.mark.slow
@settings(max_examples=500)
@given(
    st.one_of(
        st.sampled_from(ODD),
        st.text(max_size=80),
        st.from_regex(r"[A-Z][a-z]{2}, \d+ [A-Z][a-z]{2} \d+ \d+:\d+:\d+ [+-]?\w*"),
    )
)
def test_retry_after_is_seconds_within_a_year_or_nothing(value: str) -> None:
    found = retry_after_seconds(value, NOW)
    assert found is None or 0 <= found <= LONGEST_WAIT
