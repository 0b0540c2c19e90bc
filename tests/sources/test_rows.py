"""Rows that are read in a child process: as many at a time as it can take, with values of every kind."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import UUID

from sqlalchemy import create_engine, text

from feedsvc.errors import Code, ReadError
from feedsvc.extract.read import read
from feedsvc.extract.records.rows import CHARS, ROWS, Meaning, Row, draft, job, parts
from feedsvc.model import Fetched
from feedsvc.plugin_api import Batch, Job, Poll, Reading, Request, Tools
from feedsvc.sources.sql import TableSource
from tests.sources.test_sql import JAKARTA

NOW = datetime(2025, 12, 18, 12, tzinfo=UTC)
MEANING = Meaning(
    columns={"id": ("id",), "title": ("judul",), "content": ("isi",), "tags": ("a", "b")},
    actual={"id": "ID", "judul": "Judul", "isi": "isi", "a": "a", "b": "b"},
    guid="https://old.example/?p={id}",
    link="https://news.example/{id}/{judul}",
    text="auto",
    base="https://news.example/",
    note="table berita",
)


def test_a_job_takes_as_much_as_a_child_has_time_for() -> None:
    small = [Row(str(n), {"isi": "x"}) for n in range(ROWS * 2 + 1)]
    assert [len(part) for part in parts(small)] == [ROWS, ROWS, 1]
    large = [Row(str(n), {"isi": "x" * (CHARS // 2)}) for n in range(7)]
    assert [row for part in parts(large) for row in part] == large
    assert all(sum(row.size for row in part) <= CHARS + CHARS // 2 for part in parts(large))
    assert not list(parts([]))


def test_values_of_every_kind_cross() -> None:
    values = {
        "ID": UUID(int=7),
        "Judul": "Harga naik 5%",
        "isi": b"<p>Isi</p>",
        "a": Decimal("1.5"),
        "b": None,
    }
    row = Row("7", values | {"at": NOW})
    crossed = read(job([row], MEANING, url="sections[0]", language="id", zone=JAKARTA, now=NOW))
    (found,) = crossed.entries  # type: ignore[union-attr]
    assert found == draft(row, MEANING, language="id", zone=JAKARTA, now=NOW)
    assert found.url == f"https://news.example/{UUID(int=7)}/Harga%20naik%205%25"
    assert (found.row, found.content, found.tags) == ("7", "<p>Isi</p>", ("1.5",))


def imported(folder: Path, reading: Callable[[Job], Reading]) -> list[Batch]:
    """Every part of a first import, as the worker asks for them."""
    options = {
        "basis": "one", "address": f"sqlite:///{folder}/cms.db", "path": "sections[0]", "table": "berita",
        "where": "", "query": "", "modified": "diubah", "status": None, "guid": "", "link": "",
        "text": "auto", "sweep": 86400.0, "base": "https://news.example/",
        "map": {"id": ["id"], "title": ["judul"]},
    }  # fmt: skip
    source, batches, cursor = TableSource(), list[Batch](), ""
    while not batches or batches[-1].more:
        look = Poll(
            url="x",
            options=options,
            cursor=cursor,
            first=True,
            own=True,
            language="id",
            zone=JAKARTA,
            now=NOW,
        )
        batches.append(source.read(look, Tools(get=_nothing, read=reading)))
        cursor = batches[-1].cursor
        if len(batches) == 2:  # the second part was not stored: a process died, and it is asked for again
            again = source.read(look, Tools(get=_nothing, read=reading))
            assert again == batches[-1]
    return batches


def _nothing(_request: Request) -> Fetched:
    raise AssertionError("a table makes no requests")


def test_an_import_reads_ahead_and_loses_nothing(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path}/cms.db")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE berita (id INTEGER PRIMARY KEY, judul TEXT, diubah TEXT)"))
        connection.execute(
            text("INSERT INTO berita VALUES (:id, :judul, :at)"),
            [
                {"id": n, "judul": f"Judul {n}", "at": str(datetime(2025, 1, 1) + timedelta(minutes=n))}  # noqa: DTZ001
                for n in range(1, 1801)
            ],
        )
    engine.dispose()

    def killed(_job: Job) -> Reading:
        raise ReadError(Code.PARSE_TIMEOUT, "the reader was killed")

    for reading in (read, killed):
        batches = imported(tmp_path, reading)
        assert {one.row for batch in batches for one in batch.drafts} == {str(n) for n in range(1, 1801)}
        assert max(len(batch.drafts) for batch in batches) <= 500
