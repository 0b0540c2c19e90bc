"""A folder of articles, written to while feedsvc reads it."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from feedsvc.errors import Code, ReadError
from feedsvc.extract.records import front_matter as head
from feedsvc.extract.records.front_matter import split
from tests.conftest import Clock
from tests.sources.newsroom import Newsroom

POST = """---
title: "Gempa di Merawan: 12 rumah rusak"
date: 2025-12-18 18:05:00 +07:00
author: [Hani Fatunnisa, Budi]
tags: [Gempa, Merawan]
section: Daerah
image: /foto/gempa.jpg
slug: gempa
---
Dua belas *rumah* rusak.

<script>alert(1)</script>

| a | b |
|---|---|
| 1 | 2 |
"""


class Folder:
    """A folder; what is written is a minute old at once, unless said otherwise."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self.path = path
        self.clock = clock
        path.mkdir()

    def write(self, name: str, text: str | bytes, *, age: float = 60) -> Path:
        file = self.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        at = (self.clock() - timedelta(seconds=age)).timestamp()
        os.utime(file, (at, at))
        return file

    def post(self, name: str, title: str, body: str = "Isi.") -> Path:
        return self.write(name, f"---\ntitle: {title}\n---\n{body}\n")


@pytest.fixture
def folder(tmp_path: Path, clock: Clock) -> Folder:
    return Folder(tmp_path / "posts", clock)


Open = Callable[..., Newsroom]


@pytest.fixture
def open_(tmp_path: Path, folder: Folder, clock: Clock) -> Iterator[Open]:
    opened: list[Newsroom] = []

    def make(more: str = "") -> Newsroom:
        source = f'files = "{folder.path}"\n{more}\n'
        opened.append(Newsroom(tmp_path, f"sqlite:///{tmp_path}/store.db", clock, source))
        return opened[-1]

    yield make
    for one in opened:
        one.close()


def test_markdown_with_its_head(folder: Folder, open_: Open) -> None:
    folder.write("2025/gempa.md", POST)
    newsroom = open_('link = "https://news.example/{section}/{year}/{slug}"')
    newsroom.look()
    (item,) = newsroom.items()
    assert item["title"] == "Gempa di Merawan: 12 rumah rusak"
    assert item["url"] == "https://news.example/Daerah/2025/gempa"
    assert item["date_published"] == "2025-12-18T11:05:00+00:00"
    assert [author["name"] for author in item["authors"]] == ["Hani Fatunnisa", "Budi"]
    assert "<p>Dua belas <em>rumah</em> rusak.</p>" in item["content_html"]
    assert "<td>1</td>" in item["content_html"]
    assert "alert" not in item["content_html"]
    assert item["image"] == "https://news.example/foto/gempa.jpg"


def test_toml_heads_html_and_names_with_a_date(folder: Folder, open_: Open) -> None:
    folder.write("2025-12-17-rapat.md", '+++\ntitle = "Rapat"\n+++\nIsi.')
    folder.write("halaman.html", "---\ntitle: Halaman\n---\n<p>Isi <b>tebal</b></p>")
    folder.write("ada.txt", "tidak dibaca")
    folder.write("_konsep.md", "tidak dibaca")
    newsroom = open_()
    newsroom.look()
    assert set(newsroom.titles()) == {"Rapat", "Halaman"}
    assert newsroom.item("Rapat")["date_published"].startswith("2025-12-17T05:00")  # noon in Jakarta
    assert newsroom.item("Halaman")["content_html"] == "<p>Isi <b>tebal</b></p>"


@pytest.mark.slow
def test_json_and_lines(folder: Folder, open_: Open) -> None:
    folder.write(
        "satu.json", json.dumps({"title": "Satu", "body": "<p>1</p>", "url": "https://news.example/1"})
    )
    folder.write("banyak.json", json.dumps([{"id": 2, "title": "Dua"}, {"id": 3, "title": "Tiga"}]))
    lines = [json.dumps({"id": n, "judul": f"Baris {n}", "isi": f"<p>{n}</p>"}) for n in range(1200)]
    folder.write("log.ndjson", "\n".join(lines))
    newsroom = open_('map = { title = "judul", content = "isi" }')
    report = newsroom.look()
    assert "satu.json" in report.message  # the map says where titles stand
    folder.write("satu.json", json.dumps({"judul": "Satu", "isi": "<p>1</p>"}))
    newsroom.restart()
    newsroom.look(minutes=1)
    kept = newsroom.ask("SELECT title FROM article WHERE state = 'live'")
    assert {f"Baris {n}" for n in range(1200)} <= set(kept)
    assert "Satu" in kept


def test_records_leave_a_file_of_many(folder: Folder, open_: Open) -> None:
    folder.write("banyak.json", json.dumps([{"id": 1, "title": "Satu"}, {"id": 2, "title": "Dua"}]))
    folder.write("log.jsonl", '{"id": 7, "title": "Tujuh"}\n{"title": "tanpa id"}\n')
    newsroom = open_()
    report = newsroom.look()
    assert report.message == "log.jsonl: record 2 has neither an id nor a url, to be known again"
    folder.write("banyak.json", json.dumps([{"id": 2, "title": "Dua, diperbaiki"}]))
    newsroom.restart()
    newsroom.look(minutes=1)
    assert set(newsroom.titles()) == {"Dua, diperbaiki", "Tujuh"}


def test_files_change_go_and_return(folder: Folder, open_: Open) -> None:
    file = folder.post("a.md", "Satu")
    folder.post("b.md", "Dua")
    newsroom = open_()
    newsroom.look()
    identity = newsroom.item("Satu")["id"]
    folder.post("a.md", "Satu, diperbaiki")
    newsroom.look(minutes=1)
    assert newsroom.item("Satu, diperbaiki")["id"] == identity
    file.unlink()
    newsroom.look(minutes=1)
    assert newsroom.titles() == ["Dua"]
    newsroom.restart()
    folder.post("a.md", "Satu")
    newsroom.look(minutes=1)
    assert newsroom.item("Satu")["id"] == identity


def test_a_draft_is_taken_back(folder: Folder, open_: Open) -> None:
    folder.post("a.md", "Satu")
    folder.write("b.md", "---\ntitle: Dua\ndraft: true\n---\nIsi")
    newsroom = open_()
    newsroom.look()
    assert newsroom.titles() == ["Satu"]
    folder.write("a.md", "---\ntitle: Satu\npublished: false\n---\nIsi")
    folder.write("b.md", "---\ntitle: Dua\ndraft: no\n---\nIsi")
    newsroom.look(minutes=1)
    assert newsroom.titles() == ["Dua"]


def test_what_is_still_written_to_is_not_read(folder: Folder, open_: Open) -> None:
    folder.post("a.md", "Satu")
    folder.write("b.md", "---\ntitle: Du", age=0.5)
    newsroom = open_()
    newsroom.look(seconds=1)
    assert newsroom.titles() == ["Satu"]
    folder.write("b.md", "---\ntitle: Dua\n---\nIsi", age=0.5)  # the writer went on
    newsroom.look(seconds=34)
    assert set(newsroom.titles()) == {"Satu", "Dua"}


def test_a_time_in_the_future_is_waited_for_twice(folder: Folder, open_: Open) -> None:
    """A clock that goes wrong, or another machine's: a file that stays as it is, is whole."""
    folder.post("b.md", "Satu")
    folder.write("a.md", "---\ntitle: Dua\n---\nIsi", age=-86400)
    newsroom = open_()
    newsroom.look()
    assert newsroom.titles() == ["Satu"]
    newsroom.look(minutes=1)
    assert set(newsroom.titles()) == {"Satu", "Dua"}


def test_nothing_outside_the_folder_is_read(folder: Folder, open_: Open, tmp_path: Path) -> None:
    outside = tmp_path / "rahasia.md"
    outside.write_text("---\ntitle: Rahasia\n---\n")
    (tmp_path / "lain").mkdir()
    (tmp_path / "lain" / "x.md").write_text("---\ntitle: Lain\n---\n")
    (folder.path / "tautan.md").symlink_to(outside)
    (folder.path / "folder").symlink_to(tmp_path / "lain")
    (folder.path / "lingkaran").symlink_to(folder.path)
    (folder.path / "putus.md").symlink_to(tmp_path / "tidak-ada.md")
    os.mkfifo(folder.path / "pipa.md")
    folder.post("a.md", "Satu")
    (folder.path / "dalam.md").symlink_to(folder.path / "a.md")
    newsroom = open_()
    newsroom.look()
    assert set(newsroom.ask("SELECT title FROM article")) == {"Satu"}


def test_a_folder_that_is_gone_or_empty_withdraws_nothing(folder: Folder, open_: Open) -> None:
    folder.post("a.md", "Satu").chmod(0o600)
    newsroom = open_()
    newsroom.look()
    folder.path.rename(folder.path.with_name("elsewhere"))
    assert newsroom.look(minutes=1).code is Code.BAD_FOLDER
    folder.path.mkdir()
    report = newsroom.look(minutes=6)
    assert (report.code, "is the disk mounted" in report.message) == (Code.BAD_FOLDER, True)
    assert newsroom.titles() == ["Satu"]


def test_a_bad_file_is_told_and_the_others_are_read(folder: Folder, open_: Open) -> None:
    folder.post("a.md", "Satu")
    folder.write("b.json", '{"title": "Du')
    folder.write("c.md", "---\ntitle: [Tiga]\n---\nIsi")
    newsroom = open_()
    report = newsroom.look()
    assert report.outcome == "ok"
    assert report.message.startswith("b.json: is not valid JSON")
    assert "c.md: has a list as its title; a text is wanted" in report.message
    assert newsroom.titles() == ["Satu"]
    folder.write("b.json", '{"title": "Dua"}')
    report = newsroom.look(minutes=1)
    assert "b.json" not in report.message
    assert set(newsroom.titles()) == {"Satu", "Dua"}


BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{','.join(['*' + chr(97 + n)] * 9)}]\n" for n in range(9)
)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a: !!python/object/apply:os.system ['id']", "not valid YAML"),
        (BOMB, "has an alias"),
        ("title: a\ntitle: b", "duplicate key"),
        ("[" * 50 + "]" * 50, "too large or too deep"),
        ("a: [" + "x," * 20_000 + "]", "too large or too deep"),
        ("- a\n- b", "not a table"),
        ("a: 'open", "not valid YAML"),
        ("a: b\n" * 20_000, "characters"),
    ],
)
def test_hostile_heads(text: str, says: str) -> None:
    with pytest.raises(ReadError, match=says) as caught:
        head.split(f"---\n{text}\n---\nIsi")
    assert caught.value.code is Code.BAD_FILE


def test_what_yaml_would_turn_into_something_else_stays_as_it_is_written() -> None:
    found, body = head.split(
        "---\na: no\nb: 12:30:00\nc: 0777\nd: 2025-12-18\ne: 1.10\nf: true\ng:\n---\nIsi"
    )
    assert found == {
        "a": "no", "b": "12:30:00", "c": "0777", "d": "2025-12-18", "e": "1.10", "f": True, "g": None
    }  # fmt: skip
    assert body == "Isi"
    assert head.split("--- a dash\nno head") == ({}, "--- a dash\nno head")


def test_an_embargo(folder: Folder, open_: Open, clock: Clock) -> None:
    later: datetime = clock() + timedelta(hours=1)
    folder.write("a.md", f"---\ntitle: Satu\ndate: {later.isoformat()}\n---\nIsi")
    newsroom = open_()
    newsroom.look()
    assert newsroom.ask("SELECT count(*) FROM article WHERE state = 'waiting'") == [1]
    newsroom.look(hours=1, seconds=1)
    assert newsroom.titles() == ["Satu"]


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["bare", "BOM"])
@pytest.mark.parametrize(("fence", "line"), [("---", "title: Judul"), ("+++", 'title = "Judul"')])
def test_a_head_is_found_whatever_ends_its_lines(fence: str, line: str, mark: str, ending: str) -> None:
    head, rest = split(mark + ending.join([fence, line, fence, "", "Satu", "", "Dua", ""]))
    assert head == {"title": "Judul"}
    assert rest == "Satu\n\nDua\n"
