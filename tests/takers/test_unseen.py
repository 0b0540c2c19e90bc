"""A private feed with a word of its own: nothing else that is served, kept or logged has the word."""

from __future__ import annotations

import gzip
import json
import logging
import sqlite3
from pathlib import Path

import brotli
import pytest
from click.testing import CliRunner
from werkzeug.test import Client

from feedsvc.cli.main import main
from feedsvc.serve.front import Front
from feedsvc.wiring.commands import export
from tests.asking import Answer
from tests.takers.room import BASE, Room, ask_built

WORD = "zamrudkelabu"
TAKER = f"""
[[taker]]
slug = "{WORD}"
title = "Untuk {WORD}"
description = "Hanya {WORD}"
access = "token"
podcast = true
content = "full"
footer = "{WORD}: {{article}}"
tracking = "utm_source={WORD}"
rights = {{ statement = "{WORD}", permits = ["ai-train"], usage = "train-ai=y", items = true }}
"""
#: What is built when somebody asks, and what is for operators.
ASKED = (
    *("/feeds/latest.rss?limit=5", "/feeds/s0.ninjs", "/feeds/latest/archive/1.atom", "/feeds/tag"),
    *("/feeds/author", "/feeds/tag/tag-3.rss", "/feeds/tag/tag-3", f"/feeds/search?q={WORD}x"),
    *("/feeds/search.json?q=tag", "/embed/latest?count=3", "/embed/s0/fragment", "/oembed?url=" + BASE),
    *(
        "/license.xml",
        "/status",
        "/status.atom",
        "/metrics",
        "/status/readers",
        "/readyz",
        "/api/openapi.json",
    ),
    *(f"/feeds/{WORD}.rss", f"/feeds/for/{WORD}.rss", f"/feeds/for/{WORD}/archive/1.rss", f"/embed/{WORD}"),
    *(f"/feeds/for/{WORD}", f"/feeds/for/{WORD}.ninjs", f"/feeds/for/{WORD}.xml"),
)


def plain(answer: Answer) -> bytes:
    coding = answer.headers.get("Content-Encoding")
    if coding == "br":
        return bytes(brotli.decompress(answer.body))
    return gzip.decompress(answer.body) if coding == "gzip" else answer.body


def seen(front: Front, path: str) -> None:
    client = Client(front)
    answer = client.get(path)
    while answer.status_code == 503:  # it is being built
        answer = client.get(path)
    shown = f"{answer.headers}{answer.get_data(as_text=True)}"
    # a search repeats its own words, and nothing else of a request is repeated
    assert WORD not in shown.replace(f"{WORD}x", ""), path


def test_a_word_of_a_private_feed_is_nowhere(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    room = Room(tmp_path, TAKER, articles=250)
    try:
        room.publish()
        front = room.front()
        caplog.set_level(logging.DEBUG)
        words = ["member", "add", "ani", "--feed", WORD, "--config", str(room.config)]
        address = CliRunner().invoke(main, words).output.split()[0].removeprefix(BASE)
        own = ask_built(front, address)
        assert own.status == 200
        assert plain(own).count(WORD.encode()) > 100  # it is all over the feed itself
        assert ask_built(front, address.replace(".rss", "/archive/1.atom")).status == 200

        front.published.keep_copy()
        public = [path for path in front.published.documents if not path.startswith("/static/")]
        assert len(public) > 20
        for path in (*public, *ASKED):
            seen(front, path)

        secret = address.split("/")[4].partition(".")[0]
        assert WORD not in caplog.text
        assert secret not in caplog.text
        with sqlite3.connect(room.folder / "store.db.served") as copy:
            assert WORD not in "\n".join(copy.iterdump())
        for file in room.folder.rglob("*"):
            assert not file.is_file() or secret.encode() not in file.read_bytes(), file
        export(room.settings, tmp_path / "out")
        for file in (tmp_path / "out").rglob("*"):
            assert WORD not in str(file.relative_to(tmp_path))
            assert not file.is_file() or WORD.encode() not in file.read_bytes(), file
        status = CliRunner().invoke(main, ["status", "--json", "--config", str(room.config)])
        assert json.loads(status.output)
        assert WORD not in status.output
    finally:
        room.close()
