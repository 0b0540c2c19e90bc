"""A store copied, backed up and restored answers every reader as the original did."""

from __future__ import annotations

import gzip
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import func, insert, select

from feedsvc.cli import main
from feedsvc.errors import Code, StoreError
from feedsvc.store import schema as t
from feedsvc.store.backup import back_up, restore, verify
from feedsvc.store.copying import LEFT_BEHIND, copy
from feedsvc.store.engine import Database
from feedsvc.store.migrate import migrate
from feedsvc.store.notices import SqlNotices
from feedsvc.store.web.snapshots import Snapshots
from tests.databases import Postgres
from tests.reference.store import STORE


@pytest.fixture
def original(tmp_path: Path) -> Iterator[Database]:
    """The store of a newsroom, as it stood in an earlier version, brought up to date."""
    file = tmp_path / "original.db"
    file.write_bytes(gzip.decompress(STORE.read_bytes()))
    with opened(f"sqlite:///{file}") as database:
        migrate(database)
        yield database


@contextmanager
def opened(url: str) -> Iterator[Database]:
    database = Database(url)
    try:
        yield database
    finally:
        database.close()


def served(url: str) -> list[Any]:
    snapshots = Snapshots(url)
    try:
        return sorted(snapshots.since(-1), key=lambda row: row.path)
    finally:
        snapshots.close()


def rows(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    with database.read() as connection:
        return {
            table.name: [
                tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key.columns))
            ]
            for table in t.metadata.sorted_tables
            if table.name not in LEFT_BEHIND
        }


def test_a_copy_holds_every_row_and_counts_on_from_there(original: Database, store_url: str) -> None:
    with original.write() as connection:
        connection.execute(
            insert(t.counter).values(name="something", value=41)
        )  # a row that only this store has
    with opened(store_url) as target:
        counts = copy(original, target)
        assert counts["article"] > 50
        assert rows(target) == rows(original)
        with target.write() as connection:
            highest = connection.execute(select(func.max(t.push.c.no))).scalar() or 0
            inserted = connection.execute(
                insert(t.upstream)
                .values(key="page:new", name="new", kind="page", url="https://news.example/", spec={})
                .returning(t.upstream.c.no)
            ).scalar_one()
            assert inserted > max(row[0] for row in rows(original)["upstream"])
            assert highest >= 0


def test_nobody_of_the_former_machine_is_missed_in_the_copy(original: Database, tmp_path: Path) -> None:
    moment = datetime(2025, 12, 18, 12, 0, tzinfo=UTC)
    SqlNotices(original).beat("there:1", moment, moment)
    with opened(f"sqlite:///{tmp_path}/copy.db") as target:
        copy(original, target)
        assert SqlNotices(target).facts(moment + timedelta(hours=3)).worker_at is None
        assert SqlNotices(original).facts(moment).worker_at == moment


def test_there_and_back_the_served_bytes_are_the_same(
    original: Database, tmp_path: Path, postgres: Postgres
) -> None:
    there, back = postgres.new(), f"sqlite:///{tmp_path}/back.db"
    with opened(there) as first, opened(back) as second:
        copy(original, first)
        copy(first, second)
        assert rows(second) == rows(original)
    assert served(back) == served(original.url)
    assert served(there) == served(original.url)


def test_words_are_found_in_the_copy(original: Database, store_url: str) -> None:
    with opened(store_url) as target:
        copy(original, target)
        with target.read() as connection:
            assert connection.execute(select(func.count()).select_from(t.reindex)).scalar() == 0
            found = connection.exec_driver_sql("SELECT count(*) FROM search").scalar_one()
            live = select(func.count()).select_from(t.article).where(t.article.c.state == "live")
            assert found == connection.execute(live).scalar_one()


def test_nothing_is_ever_copied_over_articles(original: Database, tmp_path: Path) -> None:
    with opened(f"sqlite:///{tmp_path}/other.db") as other:
        copy(original, other)
        before = rows(other)
        with pytest.raises(StoreError, match="has articles already") as caught:
            copy(original, other)
        assert caught.value.code is Code.STORE_NOT_EMPTY
        assert rows(other) == before


@pytest.mark.slow
def test_a_backup_can_be_made_again_and_again_and_restored(
    original: Database, tmp_path: Path, store_url: str
) -> None:
    file = tmp_path / "news.backup"
    for _ in range(2):
        back_up(original, file)
    assert file.stat().st_mode & 0o777 == 0o600
    subprocess.run(["sha256sum", "-c", f"{file.name}.sha256"], cwd=tmp_path, check=True, capture_output=True)
    assert sorted(path.name for path in tmp_path.glob("news.*")) == ["news.backup", "news.backup.sha256"]
    with opened(store_url) as target:
        restore(file, target)
        assert rows(target) == rows(original)


@pytest.mark.parametrize("fault", ["cut", "changed", "another file", "gone"])
def test_a_damaged_backup_is_told_before_anything_is_written(
    original: Database, tmp_path: Path, fault: str
) -> None:
    file = tmp_path / "news.backup"
    back_up(original, file)
    body = bytearray(file.read_bytes())
    if fault == "cut":
        file.write_bytes(body[: len(body) // 2])
    elif fault == "changed":
        body[len(body) // 2] ^= 0xFF
        file.write_bytes(body)
    elif fault == "another file":
        file.write_text("Dear diary")
        (tmp_path / "news.backup.sha256").unlink()
    else:
        file.unlink()
    with pytest.raises(StoreError, match=r"news\.backup") as caught:
        verify(file)
    assert caught.value.code is Code.STORE_DAMAGED
    with opened(f"sqlite:///{tmp_path}/target.db") as target, pytest.raises(StoreError):
        restore(file, target)


@pytest.mark.slow
def test_the_commands(original: Database, tmp_path: Path) -> None:
    def config(name: str, store: str) -> str:
        file = tmp_path / name
        file.write_text(
            '[site]\ntitle = "Kabar"\nurl = "https://news.example/"\n'
            f'[store]\nurl = "{store}"\n[[section]]\nslug = "a"\nsources = []\n'
        )
        return str(file)

    def call(*arguments: str) -> tuple[int, str]:
        result = CliRunner().invoke(main, arguments)
        return result.exit_code, result.output

    backup = str(tmp_path / "b.db")
    first, second = config("first.toml", original.url), config("second.toml", "sqlite:///second.db")
    assert call("backup", backup, "--config", first)[0] == 0
    assert call("restore", backup, "--check", "--config", second) == (0, f"{backup} is complete\n")
    code, said = call("restore", backup, "--config", second)
    assert (code, "articles are in" in said) == (0, True)
    assert served(f"sqlite:///{tmp_path}/second.db") == served(original.url)
    code, said = call("restore", backup, "--config", second)
    assert (code, Code.STORE_NOT_EMPTY in said) == (1, True)
    assert call("store", "copy", original.url, f"sqlite:///{tmp_path}/third.db")[0] == 0
    status, said = call("store", "copy", "var/feedsvc.db", f"sqlite:///{tmp_path}/fourth.db")
    assert (status, "'var/feedsvc.db' is no address of a store" in said) == (1, True), said
    status, said = call("store", "copy", "sqlite:///not-there.db", f"sqlite:///{tmp_path}/fourth.db")
    assert (status, f"sqlite:///{Path.cwd()}/not-there.db: there is no store" in said) == (1, True), said
    assert served(f"sqlite:///{tmp_path}/third.db") == served(original.url)
