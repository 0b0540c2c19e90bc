"""A web process is ready within a second: it loads nothing that only other processes need."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.filled import START, Filled

ASK = """
import sys
from feedsvc.websub.rules import Rules
from feedsvc.wiring.spec import WebSpec
from feedsvc.wiring.web import web_app
import os
from zoneinfo import ZoneInfo
from feedsvc.model import ListKind, ListSpec, Site
site = Site(
    title="Contoh", url="https://news.example/", language="id", zone=ZoneInfo("Asia/Jakarta"),
    namespace="6b2b5a0e-6c1d-4a41-9d54-6f2a6f6c9a11", base_url="http://127.0.0.1:8080",
)
lists = (ListSpec(key="latest", slug="latest", kind=ListKind.LATEST, title="Contoh"),)
spec = WebSpec(
    state="var", takers=(),
    store_url=sys.argv[1], site=site, lists=lists, websub=Rules(), translations="",
    frame_ancestors=("*",), stream="", master=os.getpid(), stale_after=0, readings=(), told=False,
)
front = web_app(spec)
environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/feeds/latest.rss", "QUERY_STRING": "",
           "SERVER_PROTOCOL": "HTTP/1.1", "HTTP_HOST": "x"}
told = []
front(environ, lambda line, headers: told.append(line))
print(told[0], *sorted({name.partition(".")[0] for name in sys.modules}))
"""
HEAVY = {
    *("sqlalchemy", "alembic", "flask", "requests", "pydantic", "feedgen", "jinja2", "babel"),
    *("feedparser", "trafilatura", "selectolax", "apscheduler", "pebble"),
}


def test_a_web_process_loads_nothing_heavy_before_it_serves(tmp_path: Path) -> None:
    filled = Filled(tmp_path / "store.db", sections=1, articles=5)
    filled.publisher(lambda number: None, lambda: START).run(last=True)
    filled.database.close()
    done = subprocess.run(
        [sys.executable, "-c", ASK, filled.url], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stdout.startswith("200 OK"), done.stderr
    assert HEAVY & set(done.stdout.split()) == set()
