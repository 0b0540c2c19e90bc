"""The export, served by a real nginx with the configuration that we ship: as the service answers."""

from __future__ import annotations

import http.client
import shutil
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from feedsvc.config import Settings, load
from feedsvc.serve.front import Front
from feedsvc.wiring.commands import export
from feedsvc.wiring.spec import web_spec
from feedsvc.wiring.web import web_app
from tests.asking import Answer, ask
from tests.conftest import Clock, missing, until
from tests.filled import Filled

ROOT = Path(__file__).parent.parent.parent
NOW = datetime(2026, 1, 2, 12, 0, tzinfo=UTC)
CODINGS = (
    "identity",
    "gzip",
    "br",
    "zstd, gzip",
    "gzip;q=0.5, br;q=0",
    "gzip;q=0, *;q=0",
    "deflate, gzip, br",
)


ALIASES = ("/rss/s0.xml", "/berita/kültür.xml", "/?feed=rss2", "/index.php?format=feed&option=com.x")


class Exported:
    """A filled store, its service in this process, and its export."""

    def __init__(self, folder: Path) -> None:
        self.clock = Clock(NOW)
        self.filled = Filled(folder / "store.db", sections=2, articles=230, base_url="https://feeds.example")
        self.filled.lists = tuple(
            replace(spec, was=("lama",), aliases=ALIASES, max_age=120) if spec.slug == "s0" else spec
            for spec in self.filled.lists
        )
        self.publisher = self.filled.publisher(lambda number: None, self.clock)
        self.publisher.run()
        config = folder / "feedsvc.toml"
        config.write_text(
            '[site]\ntitle = "Kantor Berita Contoh"\nurl = "https://news.example/"\nlanguage = "id"\n'
            'namespace = "6b2b5a0e-6c1d-4a41-9d54-6f2a6f6c9a11"\n'
            f'[serve]\nbase_url = "https://feeds.example"\n[store]\nurl = "{self.filled.url}"\n'
            '[[section]]\nslug = "s0"\nsources = [{ page = "https://news.example/" }]\n'
            '[[section]]\nslug = "s1"\nsources = [{ page = "https://news.example/1" }]\n'
        )
        self.settings: Settings = load(config, {})
        self.folder = folder / "www"

    def front(self) -> Front:
        return web_app(web_spec(self.settings))

    def export(self) -> Any:
        return export(self.settings, self.folder)

    def files(self) -> dict[str, tuple[float, int]]:
        """Everything that was written: name → (time, inode): a file that was replaced has another one."""
        found = (path for path in self.folder.rglob("*") if path.is_file())
        return {
            str(path.relative_to(self.folder)): (path.stat().st_mtime, path.stat().st_ino) for path in found
        }


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Exported:
    made = Exported(tmp_path_factory.mktemp("export"))
    made.export()
    return made


@pytest.fixture(scope="module")
def nginx(exported: Exported) -> Iterator[int]:
    """The port of an nginx that serves the export."""
    program = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")
    if program is None:
        missing("nginx")
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
    home = exported.folder.parent
    shipped = (ROOT / "config/nginx.conf").read_text()
    shipped = shipped.replace("/srv/feeds", str(exported.folder)).replace(
        "listen 8080", f"listen 127.0.0.1:{port}"
    )
    temporary = " ".join(
        f"{name}_temp_path {home}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    config = home / "nginx.conf"
    config.write_text(
        f"daemon off; user root; pid {home}/nginx.pid; error_log {home}/error.log warn;\n"
        f"events {{ worker_connections 64; }}\nhttp {{ access_log off; {temporary}\n{shipped}}}\n"
    )
    process = subprocess.Popen([str(program), "-c", str(config), "-p", str(home)])
    until(lambda: _listens(port) or process.poll() is not None)
    assert process.poll() is None, (home / "error.log").read_text()
    yield port
    process.terminate()
    process.wait(10)
    assert (home / "error.log").read_text() == ""


def _listens(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False


def get(port: int, path: str, method: str = "GET", **headers: str) -> Answer:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, headers=named)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return Answer(answer.status, {name.title(): value for name, value in answer.getheaders()}, body)


#: What an answer says about a document; the rest is the server's own affair
SAID = (
    *("Content-Type", "Content-Length", "Content-Encoding", "Etag", "Last-Modified", "Cache-Control", "Vary"),
    *("Access-Control-Allow-Origin", "Access-Control-Expose-Headers", "X-Content-Type-Options"),
    *("Content-Security-Policy", "Referrer-Policy"),
)


def said(answer: Answer) -> dict[str, str]:
    titled = {name.title(): value for name, value in answer.headers.items()}
    return {name: titled[name] for name in SAID if name in titled}


PATHS = (
    *(
        "/embed/s0",
        "/embed",
        "/embed-1.js",
        "/static/page.css",
        "/feeds.opml",
        "/news-sitemap.xml",
        "/robots.txt",
    ),
    *("/feeds-catalogue.json", "/.well-known/feed-menu.json", "/", "/feeds/s0"),
    *("/feeds/s0.rss", "/feeds/s1.atom", "/feeds/latest.json", "/rss/s0.xml"),
)


@pytest.mark.parametrize("path", PATHS)
def test_nginx_answers_as_the_service_does(exported: Exported, nginx: int, path: str) -> None:
    front = exported.front()
    for coding in CODINGS:
        ours = ask(front, path, accept_encoding=coding)
        theirs = get(nginx, path, Accept_Encoding=coding)
        assert (theirs.status, theirs.body) == (ours.status, ours.body) == (200, ours.body)
        assert said(theirs) == said(ours)
        tag, moment = ours.headers["ETag"], ours.headers["Last-Modified"]
        for conditions in (
            {"If_None_Match": tag},
            {"If_None_Match": f'"x", W/{tag}'},
            {"If_None_Match": "*"},
            {"If_None_Match": '"x"', "If_Modified_Since": moment},
            {"If_Modified_Since": moment},
            {"If_Modified_Since": "Thu, 01 Jan 1970 00:00:00 GMT"},
        ):
            lower = {name.lower(): value for name, value in conditions.items()}
            ours = ask(front, path, accept_encoding=coding, **lower)
            theirs = get(nginx, path, Accept_Encoding=coding, **conditions)
            assert (theirs.status, theirs.body) == (ours.status, ours.body), conditions
            assert said(theirs).items() >= said(ours).items()
    head = get(nginx, path, "HEAD", Accept_Encoding="gzip")
    assert said(head) == said(get(nginx, path, Accept_Encoding="gzip"))
    assert head.body == b""
    assert get(nginx, path, Range="bytes=0-9").status == 200


def test_links_point_where_the_service_says(exported: Exported, nginx: int) -> None:
    for path in ("/feeds/s0.rss", "/feeds/s0"):
        ours = ask(exported.front(), path).headers["Link"]
        theirs = get(nginx, path, Accept_Encoding="gzip").headers["Link"]
        kept = [link for link in ours.split(", ") if "archive" not in link]  # those change by themselves
        assert theirs.split(", ") == kept


def test_archives_have_the_same_bytes(exported: Exported, nginx: int) -> None:
    front = exported.front()
    for path in ("/feeds/latest/archive/1.rss", "/feeds/latest/archive/2.json", "/feeds/s1/archive/1.atom"):
        ours, theirs = ask(front, path), get(nginx, path)
        assert (theirs.status, theirs.body) == (ours.status, ours.body) == (200, ours.body)
        for name in ("Last-Modified", "Cache-Control", "Content-Type"):
            assert theirs.headers[name] == ours.headers[name]
    assert get(nginx, "/feeds/latest/archive/3.rss").status == 404


def test_redirects_and_what_is_not_there(exported: Exported, nginx: int) -> None:
    front = exported.front()
    for path, status in (
        ("/feeds/lama.rss", 301),
        ("/feeds/lama", 301),
        ("/feeds/nope.rss", 404),
        ("/nope", 404),
        ("/.feedsvc.json", 404),
        ("/.nginx/http.conf", 404),
        ("/feeds/../.feedsvc.json", 404),
    ):
        theirs = get(nginx, path)
        assert theirs.status == status, path
        if status == 301:
            ours = ask(front, path)
            assert (ours.status, ours.headers["Location"]) == (301, theirs.headers["Location"])
    seen = get(nginx, "/feeds/s0.rss", Sec_Fetch_Dest="document", Host="evil.example")
    assert (seen.status, seen.headers["Location"]) == (303, "https://feeds.example/feeds/s0")
    assert seen.headers["Cache-Control"] == "no-store"
    options = get(nginx, "/feeds/s0.rss", "OPTIONS")
    assert (options.status, options.headers["Access-Control-Allow-Methods"]) == (204, "GET, HEAD, OPTIONS")
    assert get(nginx, "/feeds/s0.rss", "POST").status == 405
    assert get(nginx, "/static/page.css").headers["Content-Type"].startswith("text/css")


#: Of an answer that is no document: what clients act upon
REFUSED = (
    *("Content-Type", "X-Content-Type-Options", "Location", "Allow", "Access-Control-Allow-Origin"),
    *("Access-Control-Allow-Methods", "Access-Control-Allow-Headers", "Access-Control-Max-Age"),
)
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND")


@pytest.mark.parametrize(
    "path",
    [
        *(
            "/feeds/s0.rss",
            "/feeds/latest/archive/1.json",
            "/feeds/s0",
            "/",
            "/feeds/lama.rss",
            "/feeds.opml",
        ),
        *("/static/page.css", "/embed/s0", "/embed", "/embed-1.js", "/robots.txt", "/rss/s0.xml"),
        *("/feeds/nope.rss", "/feeds/nope", "/nope", "/feeds/s0.xml", "/feeds/latest/archive/99.atom"),
        *("/feeds/S0.rss", "/feeds/s0.rss/", "/.well-known/feed-menu.json", "/.feedsvc.json"),
        "/%3Cscript%3E.html",
    ],
)
def test_nginx_refuses_as_the_service_does(exported: Exported, nginx: int, path: str) -> None:
    front = exported.front()
    for method in METHODS:
        ours, theirs = ask(front, path, method), get(nginx, path, method)
        if ours.status == 301 and "lama" not in path:
            assert theirs.status == 404  # what was meant is guessed by the service alone
            continue
        assert theirs.status == ours.status, method
        if ours.status == 404:
            assert theirs.headers["Cache-Control"] == "no-store"
        if ours.status != 200:
            named = {name.title(): value for name, value in ours.headers.items()}
            # nginx sends a page of its own with a redirect, and nosniff with everything
            names = REFUSED if ours.status in (404, 405) else REFUSED[2:]
            wanted = {name: named.get(name) for name in names}
            assert {name: theirs.headers.get(name) for name in names} == wanted, method


@pytest.mark.slow
def test_only_what_changed_is_written(tmp_path: Path) -> None:
    made = Exported(tmp_path)
    first = made.export()
    before = made.files()
    assert (first.removed, first.kept) == (0, 0)
    assert first.written == len(before)
    foreign = made.folder / "ads.txt"
    foreign.write_text("placeholder\n")
    again = made.export()
    assert (again.written, again.removed) == (0, 0)
    assert made.files().items() >= before.items()
    moment = made.clock.forward(seconds=5)
    touched = made.filled.add(1, moment, backfill=False)
    made.publisher.run()
    made.export()
    changed = {name for name, known in made.files().items() if before.get(name) != known}
    slug = (touched - {"latest"}).pop()
    wanted = {f"feeds/{one}.{form}" for one in ("latest", slug) for form in ("rss", "atom", "json")}
    assert wanted <= changed
    other = "s1" if slug == "s0" else "s0"
    assert not [name for name in changed if f"/{other}." in name or f"/{other}/" in name or "embed-" in name]
    for name in wanted:
        assert made.files()[name][0] == moment.timestamp()
    made.filled.database.close()
    made.settings = replace(made.settings, lists=made.settings.lists[:1])
    (made.folder / "feeds/s1.rss.gz").unlink()  # somebody's accident is mended
    made.export()
    assert (made.folder / "feeds/s1.rss.gz").exists()
    assert not (made.folder / "feeds/s1/archive/1.rss").exists()  # no list of the configuration has it
    assert foreign.exists()


@pytest.mark.slow
def test_a_reader_never_sees_half_a_file(tmp_path: Path) -> None:
    """A file that is open while the export replaces it stays whole: it is another file."""
    made = Exported(tmp_path)
    made.export()
    path = made.folder / "feeds/latest.rss"
    before = path.read_bytes()
    with path.open("rb") as reader:
        start = reader.read(100)
        made.filled.add(1, made.clock.forward(seconds=5), backfill=False)
        made.publisher.run()
        made.export()
        assert start + reader.read() == before
    assert path.read_bytes() != before
    assert not list(made.folder.rglob("*.new"))
    assert path.stat().st_mtime == (NOW + timedelta(seconds=5)).timestamp()


@pytest.mark.parametrize(
    "path",
    [
        "/berita/k%C3%BClt%C3%BCr.xml",
        "/?feed=rss2",
        "/?utm_source=x&feed=rss2",
        "/index.php?option=com.x&Itemid=3&format=feed",
        "/rss/s0.xml?limit=all",
    ],
)
def test_old_addresses(nginx: int, path: str) -> None:
    theirs = get(nginx, path)
    assert (theirs.status, theirs.body) == (200, get(nginx, "/feeds/s0.rss").body)
    assert theirs.headers["Content-Type"] == "application/rss+xml; charset=utf-8"


@pytest.mark.parametrize("path", ["/?feed=rss", "/?feeds=rss2", "/?feed=rss22", "/index.php?format=feed"])
def test_other_parameters_are_no_old_address(nginx: int, path: str) -> None:
    assert get(nginx, path).headers["Content-Type"] != "application/rss+xml; charset=utf-8"


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip;q=1.0, br;q=0.000", "gzip"),
        ("br;q=0.001", "br"),
        ("gzip ; q=0.5", "gzip"),
        ("GZIP", "gzip"),
        ("gzip;q=0.0", None),
        ("gzip;q=2", None),
        ("brotli, gzipped", None),
        ("*", None),
        ("identity;q=1, *;q=0", None),
    ],
)
def test_weights_of_codings(nginx: int, accepted: str, coding: str | None) -> None:
    assert get(nginx, "/feeds/s0.rss", Accept_Encoding=accepted).headers.get("Content-Encoding") == coding
