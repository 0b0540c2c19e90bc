"""`feedsvc serve` as real processes: idle connections, slow senders and many at once."""

from __future__ import annotations

import json
import os
import re
import resource
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest
import requests

from tests.conftest import missing, until
from tests.e2e.service import free_port
from tests.filled import START, Filled

IDLE = 3000

CONFIG = """
[site]
title = "Contoh"
url = "https://news.example/"
namespace = "6b2b5a0e-6c1d-4a41-9d54-6f2a6f6c9a11"
[serve]
port = {port}
[store]
url = "{store}"
[[section]]
slug = "s0"
sources = [{{ page = "https://news.example/" }}]
"""


CLIENTS = [f"127.0.0.{number}" for number in range(2, 12)]


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return tmp_path / "feedsvc.toml"


@pytest.fixture
def port(tmp_path: Path, config: Path) -> Iterator[int]:
    found = free_port()
    filled = Filled(tmp_path / "store.db", sections=1, articles=20)
    filled.publisher(lambda number: None, lambda: START).run(last=True)
    filled.database.close()
    config.write_text(CONFIG.format(port=found, store=filled.url))
    with subprocess.Popen([sys.executable, "-m", "feedsvc", "serve", "--config", str(config)]) as server:
        until(lambda: polled(found), 60)
        yield found
        server.terminate()


def polled(port: int) -> bool:
    """Whether a poll on a connection of its own is answered."""
    try:
        answer = requests.get(
            f"http://127.0.0.1:{port}/feeds/s0.rss", headers={"Connection": "close"}, timeout=10
        )
    except requests.RequestException:
        return False
    return answer.status_code == 200


def test_thousands_of_idle_connections_shut_nobody_out(port: int) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < IDLE + 500:
        missing(f"{IDLE} connections need more open files than {hard}")
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    try:
        with ExitStack() as idle:
            for _ in range(IDLE):
                idle.enter_context(socket.create_connection(("127.0.0.1", port), timeout=10))
            assert [polled(port) for _ in range(20)] == [True] * 20
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def token_of(config: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "feedsvc", "token", "add", "desk", "--config", str(config)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "COLUMNS": "200"},
    )
    found = re.findall(r"[\w-]{30,}", done.stdout)
    assert found, done.stdout
    return str(found[-1])


def article(number: int) -> str:
    return json.dumps({"id": f"a{number}", "title": f"Kapal {number} tiba", "sections": ["s0"]})


def raw(port: int, request: str) -> str:
    """The first line of the answer to bytes; where they are not a whole request, no more come."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(request.encode())
        if not request.endswith("0\r\n\r\n"):
            connection.shutdown(socket.SHUT_WR)
        return connection.makefile("rb").readline().decode().strip()


def test_a_body_of_which_a_part_is_missing_is_none(port: int, config: Path) -> None:
    """Whatever frames it: else half a text would be published, or a part of a secret taken."""
    body = article(1)
    whole = f"{len(body):x}\r\n{body}\r\n"
    kind = "Content-Type: application/json"
    head = f"HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token_of(config)}\r\n{kind}\r\n"
    codings = "Transfer-Encoding: {}\r\n\r\n"
    chunked = codings.format("chunked")
    for framed in (
        f"{chunked}{whole}",  # no last chunk
        f"{chunked}{whole}zz\r\n",  # a size that is none
        f"{chunked}ffffffffffffffffff\r\n{body}\r\n0\r\n\r\n",
        f"{chunked}{len(body) + 9:x}\r\n{body}",  # fewer bytes than its size
        f"Content-Length: {len(body) + 9}\r\n\r\n{body}",
        f"Content-Length: {len(body)}\r\nContent-Length: 5\r\n\r\n{body}",
        f"Content-Length: {len(body)}, {len(body)}\r\n\r\n{body}",
        f"Content-Length: +{len(body)}\r\n\r\n{body}",
        *(codings.format(one) + f"{whole}0\r\n\r\n" for one in ("gzip, chunked", "chunked, chunked", "x")),
        f"Transfer-Encoding: chunked\r\n{chunked}{whole}0\r\n\r\n",
    ):
        assert raw(port, f"POST /api/articles {head}{framed}").startswith("HTTP/1.1 400 "), framed
    # where both frame it, the chunks count, and what follows on the connection is no request (RFC 9112 6.3)
    both = f"Content-Length: 4\r\n{chunked}{whole}0\r\n\r\n"
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(
            f"POST /api/articles {head}{both}GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n".encode()
        )
        answered = connection.makefile("rb").read()
    assert answered.count(b"HTTP/1.1 ") == 1
    assert answered.startswith(b"HTTP/1.1 201 ")
    assert raw(port, f"POST /api/articles {head}{chunked}{whole}0\r\n\r\n").startswith("HTTP/1.1 200 ")


def posted(port: int, token: str, number: int) -> int:
    answer = requests.post(
        f"http://127.0.0.1:{port}/api/articles",
        data=article(number),
        headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
        timeout=60,
    )
    return answer.status_code


def test_forty_articles_at_once_all_get_in(port: int, config: Path) -> None:
    token = token_of(config)
    with ThreadPoolExecutor(40) as threads:
        found = list(threads.map(lambda number: posted(port, token, number), range(40)))
    assert found == [201] * 40
    assert posted(port, token, 7) == 200


def test_slow_senders_from_many_addresses_hold_up_nobody(port: int, config: Path) -> None:
    """Eight connections of each of ten addresses begin a body and go on drop by drop, or never."""
    token = token_of(config)
    post = "POST {} HTTP/1.1\r\nHost: x\r\nContent-Type: {}\r\n{}\r\n"
    length = "Content-Length: 1000\r\n"
    heads = [
        post.format("/api/articles", "application/json", f"Authorization: Bearer {token}\r\n{length}"),
        post.format("/api/articles", "application/json", length),
        post.format("/websub", "application/x-www-form-urlencoded", length),
        post.format("/nowhere", "text/plain", "Transfer-Encoding: chunked\r\n") + "3\r\nabc\r\n",
    ]
    with ExitStack() as held:
        slow = []
        for client in CLIENTS:
            for number in range(8):
                one = socket.create_connection(("127.0.0.1", port), timeout=10, source_address=(client, 0))
                one.sendall(heads[number % len(heads)].encode() + b"{" * (number > 3))
                slow.append(held.enter_context(one))
        for number in range(10):
            assert posted(port, token, number) == 201
            assert polled(port)
            search = requests.get(
                f"http://127.0.0.1:{port}/feeds/search.rss?q=kapal&limit={number + 1}", timeout=10
            )
            assert search.status_code == 200
            for one in slow[4::8]:
                try:
                    one.sendall(b" ")
                except OSError:  # it was answered, and closed
                    continue
        with_token = slow[0]
        with_token.settimeout(60)
        assert with_token.recv(100).startswith(b"HTTP/1.1 408 ")
