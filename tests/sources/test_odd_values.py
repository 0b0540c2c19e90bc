"""Values that a database holds and Python does not: one of them never ends the reading of the others."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from sqlalchemy import text

from feedsvc.sources.sql.database import Database
from tests.databases import Postgres


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
