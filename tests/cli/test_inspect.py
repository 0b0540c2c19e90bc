# ruff: noqa: E501 - markup reads better whole
"""`feedsvc inspect` as a person and as a program calls it."""

from __future__ import annotations

import gzip
import json
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from feedsvc.cli.inspect import inspect
from tests.extract.listing.generated import make
from tests.servers import ScriptedServer

ARTICLE = (
    """<html lang=id><head><title>Jembatan baru diresmikan - Kabar</title>
<meta property="og:title" content="Jembatan lama ditutup"><meta name=author content="Rina Wijaya"></head><body>
<h1>Jembatan baru diresmikan di Palembang</h1><p class=date>Kamis, 18 Desember 2025 | 19:00 WIB | LAPORAN: ADI PUTRA</p>
"""
    + "<p>Gubernur meresmikan jembatan yang menghubungkan dua kota itu pada hari Kamis di depan ribuan warga.</p>"
    * 12
)


def call(*arguments: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(inspect, arguments, input=stdin, catch_exceptions=False)


def written(folder: Path, body: bytes, name: str = "page.html") -> str:
    path = folder / name
    path.write_bytes(body)
    return str(path)


def a_section() -> tuple[str, str]:
    truth = next(t for t in map(make, range(100)) if not t.is_union and "class=" in t.html and t.boxes)
    return truth.html, truth.url


def test_a_page_shows_its_lists_and_why(tmp_path: Path) -> None:
    text, url = a_section()
    shown = call(written(tmp_path, text.encode()), "--url", url).output
    assert "a feed of this page carries" in shown
    assert "because" in shown
    assert "links that are not items" in shown


def test_the_line_to_paste_is_a_source_of_the_configuration(tmp_path: Path) -> None:
    text, url = a_section()
    shown = call(written(tmp_path, text.encode()), "--url", url).output
    lines = [line.partition("as a source: ")[2] for line in shown.splitlines() if "as a source: " in line]
    assert lines
    for line in lines:
        source = tomllib.loads(f"source = {line}")["source"]
        assert source["page"] == url
        assert source["select"]


def test_an_article_shows_where_each_field_is_from_and_what_contradicts(tmp_path: Path) -> None:
    shown = call(written(tmp_path, ARTICLE.encode()), "--url", "https://kabar.example/a/1").output
    assert "2025-12-18 19:00 +07:00" in shown
    assert "date line" in shown
    assert "meta author" in shown
    assert "not used" in shown
    assert "Jembatan lama ditutup" in shown


def test_json_holds_the_same(tmp_path: Path) -> None:
    answer = json.loads(call(written(tmp_path, ARTICLE.encode()), "--as", "article", "--json").output)
    assert answer["draft"]["title"] == "Jembatan baru diresmikan di Palembang"
    assert answer["draft"]["origin"]["title"] == "h1"


def test_where_nothing_can_be_told_it_says_so(tmp_path: Path) -> None:
    page = (
        "<html><body><p>Kontak kami di sini.</p><a href=/about>Tentang</a> <a href=/x>Iklan</a></body></html>"
    )
    shown = call(written(tmp_path, page.encode()), "--as", "listing").output
    assert "no list found" in shown
    assert "select" in shown


def test_dates() -> None:
    shown = call("--as", "date", "Kamis, 18 Desember 2025 | 19:00 WIB", "--language", "id")
    assert (shown.exit_code, "2025-12-18 19:00 +07:00" in shown.output) == (0, True)
    doubtful = call("--as", "date", "03/04/2025", "--timezone", "UTC")
    assert doubtful.exit_code != 0
    assert "ambiguous-order" in doubtful.output


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "is empty"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" * 40, "is a PNG picture"),
        (b"\x7fELF\2\1\1\0\0\0" * 40, "is a binary file"),
        (b"%PDF-1.7\n1 0 obj", "is a PDF file"),
        (
            b"\xef\xbb\xbf<?xml version='1.0'?>\n<!-- ours -->\n<rss version='2.0'><channel/></rss>",
            "is a feed",
        ),
        (b"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'/>", "is a sitemap"),
        (b"\x1f\x8b\x08\x00abc", "gzip file"),
        (gzip.compress(b"<p>x" * 9000)[:60], "truncated gzip file"),
        (b"<div>" * 200_000, "nested"),
        (b"x" * 5_000_001, "characters"),
        (b"<i>x</i>" * 100_001, "elements"),
        (b"<div " + b"a1 " * 20_000 + b">", "attributes"),
    ],
    ids=[
        "empty",
        "picture",
        "binary",
        "pdf",
        "feed",
        "sitemap",
        "gzip",
        "cut gzip",
        "nested",
        "long",
        "many",
        "attributes",
    ],
)
def test_hostile_files_end_in_one_clear_line(tmp_path: Path, body: bytes, says: str) -> None:
    ended = call(written(tmp_path, body), "--as", "article")
    assert ended.exit_code != 0
    assert says in ended.output


@pytest.mark.parametrize("what", ["/no/such/file", "."])
def test_what_is_no_file_is_said_to_be_none(what: str) -> None:
    ended = call(what)
    assert ended.exit_code != 0
    assert "neither an address (https://…) nor a file" in ended.output


def test_an_address_that_is_none_is_said_to_be_none(tmp_path: Path) -> None:
    ended = call("http://[bad")
    assert (ended.exit_code, "not an address that can be requested" in ended.output) == (1, True)
    ended = call(written(tmp_path, b"<p>x"), "--url", "http://[bad")
    assert (ended.exit_code, "not the address of a page" in ended.output) == (2, True)


def test_an_answer_with_an_error_names_it() -> None:
    server = ScriptedServer()
    try:
        server.page("/x", b"gone", 404)
        ended = call(server.url("/x"))
    finally:
        server.close()
    assert ended.exit_code != 0
    assert "404" in ended.output


def test_the_stream_answers_each_request_by_its_id(tmp_path: Path) -> None:
    name = written(tmp_path, gzip.compress(ARTICLE.encode()), "a.html.gz")
    requests = [
        {"id": "1", "kind": "article", "file": name, "url": "https://kabar.example/a/1"},
        {"id": "2", "kind": "date", "text": "18 Desember 2025 19:00 WIB", "language": "id"},
        {"id": "3", "kind": "article", "file": written(tmp_path, b"\x1f\x8b\x08\x00", "broken.gz")},
    ]
    shown = call("--jsonl", stdin="".join(json.dumps(request) + "\n" for request in requests)).output
    answers = {answer["id"]: answer for answer in map(json.loads, shown.splitlines())}
    assert answers["1"]["authors"] == ["Rina Wijaya"]
    assert answers["2"]["published"] == "2025-12-18T19:00:00+07:00"
    assert answers["3"]["error"].startswith("NOT_A_PAGE")


def test_a_packed_page_that_is_not_declared_so_is_unpacked() -> None:
    server = ScriptedServer()
    try:
        server.page("/news", gzip.compress(ARTICLE.encode()))
        shown = call(server.url("/news"), "--as", "article")
    finally:
        server.close()
    assert "Jembatan baru diresmikan di Palembang" in shown.output


@pytest.mark.parametrize(("wait", "says"), [("120", "in 120 seconds"), (None, "later")])
def test_a_host_that_asks_for_patience_says_for_how_long(wait: str | None, says: str) -> None:
    server = ScriptedServer()
    try:
        server.page("/news", b"slow down", 429, **({"Retry_After": wait} if wait else {}))
        ended = call(server.url("/news"))
    finally:
        server.close()
    assert ended.exit_code == 1
    assert f"answers 429: the host asks for patience; try again {says}" in ended.output


def test_errors_name_the_file_that_was_given(tmp_path: Path) -> None:
    file = written(tmp_path, b"%PDF-1.7\n1 0 obj")
    ended = call(file, "--url", "https://kabar.example/a/1")
    assert f"{file} is a PDF file" in ended.output
    assert "kabar.example" not in ended.output


def test_json_of_another_kind_says_what_to_do(tmp_path: Path) -> None:
    ended = call(written(tmp_path, b'{"a": [1, 2]}'))
    assert ended.exit_code == 1
    assert "give the site's address as `wordpress = …`" in ended.output
