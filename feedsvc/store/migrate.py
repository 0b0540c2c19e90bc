"""Brings a store's tables to the form that this program knows. Only `work` and `run` do it (decision 18)."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from feedsvc.errors import Code, StoreError
from feedsvc.store.engine import Database

FOLDER = Path(__file__).parent / "migrations"
LOCK = 7_361_201_826  #: of PostgreSQL's advisory locks; any number, the same for every feedsvc


def revision(connection: Connection) -> str | None:
    """The form of a store's tables; None where there are none."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found


def revisions() -> list[str]:
    """Every form that this program knows, the newest last: a migration's file begins with it."""
    return sorted(file.name.partition("_")[0] for file in (FOLDER / "versions").glob("[0-9]*.py"))


def outstanding(database: Database) -> list[str]:
    """The migrations that `migrate` would apply, by number and purpose; none for a store that is still empty.

    Raises StoreError (STORE_VERSION) as `migrate` does.
    """
    with database.read() as connection:
        current = revision(connection)
    known = revisions()
    _must_be_known(database, current, known)
    files = sorted((FOLDER / "versions").glob("[0-9]*.py"))
    return [file.stem.replace("_", " ") for file in files if current is not None and file.stem[:4] > current]


def _must_be_known(database: Database, current: str | None, known: list[str]) -> None:
    if current is not None and current not in known:
        raise StoreError(
            Code.STORE_VERSION,
            f"{database.shown} was last used by a newer feedsvc (its tables are at {current}); "
            "install that version again, or restore a backup",
        )


def migrate(database: Database) -> bool:
    """Apply every outstanding migration, all or nothing, one process at a time; True if there were any.

    Raises StoreError (STORE_VERSION) where the store was made by a newer program.
    """
    known = revisions()
    with database.write() as connection:
        if not database.sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        current = revision(connection)
        if current == known[-1]:
            return False
        _must_be_known(database, current, known)
        from alembic import command  # 10 MB that a worker needs this once at most
        from alembic.config import Config

        config = Config()
        config.set_main_option("script_location", str(FOLDER))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    return True
