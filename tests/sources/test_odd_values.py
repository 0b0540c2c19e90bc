"""Values that a database holds and Python does not: one of them never ends the reading of the others."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import text

from feedsvc.sources.sql.database import Database
from tests.conftest import Clock
from tests.databases import Postgres
from tests.sources.newsroom import Newsroom

COLUMNS = ("title", "body", "published", "updated", "url", "author", "tags", "image")
USUAL = (
    "<p>Isi.</p>",
    "2025-12-18 10:00:00",
    "2025-12-18 10:00:00",
    "Hani",
    "a, b",
    "https://news.example/a.jpg",
)
#: What a column of SQLite may hold, whatever its type says.
ODD = (
    *(None, "", 0, -1, 2**63 - 1, -(2**63), 1e308, float("inf"), 1.5, b"\x00\xff\xfe", "\x00", "9" * 400),
    *("0000-00-00 00:00:00", "9999-12-31 23:59:59", "-0001-01-01", "2025-13-45", "1e999", "NaN", 10**15),
    *(
        "javascript:x",
        "http://[::1",
        "\x1b[31mred\r\nX: y",
        "\u202eab",
        "a" * 20_000,
        '{"a": [1]}',
        "[" * 500,
    ),
    *("<" * 5000, "\u2028", 1766055600, 1766055600000),
)
SOURCE = """
sql = "sqlite:///{file}"
table = "post"
[section.sources.map]
id = "id"
content = "body"
"""


def test_a_text_of_sqlite_that_is_no_utf_8(tmp_path: Path) -> None:
    file = tmp_path / "news.db"
    with sqlite3.connect(file) as made:
        made.execute("CREATE TABLE post (id INTEGER, title TEXT)")
        made.execute("INSERT INTO post VALUES (1, 'Kapal'), (2, CAST(x'4bff61' AS TEXT)), (3, 'Tiba')")
    with Database(f"sqlite:///{file}", path="sections[0]").reading() as connection:
        rows = connection.execute(text("SELECT id, title FROM post ORDER BY id")).all()
    assert [tuple(row) for row in rows] == [(1, "Kapal"), (2, "K\ufffda"), (3, "Tiba")]


def test_moments_of_postgresql_that_python_cannot_hold(postgres: Postgres) -> None:
    url = postgres.new()
    statement = """
        SELECT 'infinity'::timestamptz, '-infinity'::date, '20000-01-01'::date, '0044-03-15 BC'::timestamp,
               '24:00:00'::time, '200000 years'::interval, '2026-11-30 12:00:00+00'::timestamptz
    """
    with Database(url, path="sections[0]").reading() as connection:
        row = connection.execute(text(statement)).one()
    assert [str(one) for one in row[:3]] == ["infinity", "-infinity", "20000-01-01"]
    assert row[6].year == 2026


@pytest.mark.slow
def test_no_value_of_any_column_ends_a_look(tmp_path: Path, clock: Clock) -> None:
    """Each odd value in each column, a row each, and one row that is as it should be."""
    file = tmp_path / "news.db"
    with sqlite3.connect(file) as made:
        made.execute(f"CREATE TABLE post (id, {', '.join(COLUMNS)})")
        cases = [(column, value) for column in range(len(COLUMNS)) for value in ODD]
        for number, (column, value) in enumerate([*cases, (0, "Judul baik")]):
            content, published, updated, *more = USUAL
            row: list[object] = [
                f"Judul {number}",
                content,
                published,
                updated,
                f"https://news.example/{number}",
                *more,
            ]
            row[column] = value
            made.execute(f"INSERT INTO post VALUES ({', '.join('?' * 9)})", (number, *row))
    names = "".join(f'{name} = "{name}"\n' for name in COLUMNS if name != "body")
    newsroom = Newsroom(tmp_path, f"sqlite:///{tmp_path}/store.db", clock, SOURCE.format(file=file) + names)
    try:
        report = newsroom.look(minutes=1)
        assert (report.outcome, report.code) == ("ok", None), report.message
        assert "Judul baik" in newsroom.titles()
    finally:
        newsroom.pipeline.close()
