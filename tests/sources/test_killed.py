"""kill -9 in the middle of an import: a real process over a real store, which another one takes up."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.conftest import until
from tests.sources.newsroom import HEAD, SECTION

ROWS = 3000
SOURCE = """sql = "sqlite:///{cms}"
table = "berita"
modified = "diubah"
map = {{ id = "id", title = "judul", content = "isi", published = "terbit", url = "url" }}
"""


@pytest.fixture
def cms(tmp_path: Path) -> Path:
    """Rows of which seven have one minute, so that the seconds are the store's to give."""
    file = tmp_path / "cms.db"
    begin = datetime(2019, 3, 1, 6, 30)  # noqa: DTZ001 - naive, as such columns are
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("CREATE TABLE berita (id INTEGER PRIMARY KEY, judul, isi, terbit, diubah, url)")
        connection.executemany(
            "INSERT INTO berita VALUES (?, ?, ?, ?, ?, ?)",
            (
                (
                    number,
                    f"Judul {number}",
                    f"<p>Isi berita nomor {number}.</p>" * 20,
                    (begin + timedelta(minutes=number // 7)).strftime("%Y-%m-%d %H:%M"),
                    (begin + timedelta(seconds=number)).isoformat(sep=" "),
                    f"/read/{number}",
                )
                for number in range(ROWS)
            ),
        )
    return file


class Import:
    """`feedsvc collect` over a store of its own."""

    def __init__(self, folder: Path, cms: Path) -> None:
        folder.mkdir()
        self.store = folder / "store.db"
        self.file = folder / "feedsvc.toml"
        head = HEAD.format(host="news.example", store=f"sqlite:///{self.store}")
        self.file.write_text(head + SECTION + SOURCE.format(cms=cms))
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "feedsvc", "collect", "--config", str(self.file)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        return self.process

    def ask(self, question: str) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(f"file:{self.store}?mode=ro", uri=True)) as connection:
            return connection.execute(question).fetchall()

    def count(self) -> int:
        """How many articles there are; 0 before there is a store."""
        try:
            ((count,),) = self.ask("SELECT count(*) FROM article")
        except sqlite3.OperationalError:  # no file or no table yet
            return 0
        assert isinstance(count, int)
        return count

    def articles(self) -> list[tuple[object, ...]]:
        return self.ask(
            "SELECT key.value, id, state, published, updated, article.digest FROM article "
            "JOIN key ON key.article = article.no AND key.kind = 'row' ORDER BY id"
        )


@pytest.fixture
def imports(tmp_path: Path, cms: Path) -> Iterator[tuple[Import, Import]]:
    both = Import(tmp_path / "killed", cms), Import(tmp_path / "whole", cms)
    yield both
    for one in both:
        if one.process is not None and one.process.poll() is None:
            one.process.kill()
            one.process.wait()


def test_an_import_that_is_killed_goes_on_where_it_was(imports: tuple[Import, Import]) -> None:
    killed, whole = imports
    for least in (1, ROWS // 3):
        process = killed.start()
        until(lambda least=least: killed.count() > least, 120.0)  # type: ignore[misc]
        process.kill()
        process.communicate()
        assert least < killed.count() < ROWS, "it was not killed in the middle"
        ((held,),) = killed.ask(
            "SELECT count(*) FROM article WHERE no NOT IN (SELECT article FROM statement)"
        )
        assert held == 0  # a part is stored with all that belongs to it, or not at all
        # lists may be waiting because a process began, none because of what was imported so far
        assert killed.ask("SELECT count(*) FROM outbox WHERE news") == [(0,)]

    for one in imports:
        process = one.start()
        _, said = process.communicate()
        assert process.returncode == 0, said
    assert len(killed.articles()) == ROWS == killed.count()
    assert killed.articles() == whole.articles()
    for one in imports:
        assert one.ask("SELECT DISTINCT state FROM article") == [("live",)]
        assert one.ask(
            "SELECT list, count(*), count(DISTINCT entered), min(entered), max(entered), min(backfill) "
            "FROM membership GROUP BY list ORDER BY list"
        ) == [(name, ROWS, ROWS, 1, ROWS, 1) for name in ("berita", "latest")]
