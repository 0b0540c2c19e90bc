"""Brings a store's tables to the form that this program knows. Only `work` and `run` do it (decision 18)."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from feedsvc.errors import Code, StoreError
from feedsvc.store.engine import Database

LOCK = 7_361_201_826  #: of PostgreSQL's advisory locks; any number, the same for every feedsvc


def revision(connection: Connection) -> str | None:
    """The form of a store's tables; None where there are none."""
    return MigrationContext.configure(connection).get_current_revision()


def migrate(database: Database) -> bool:
    """Apply every outstanding migration, all or nothing, one process at a time; True if there were any.

    Raises StoreError (STORE_VERSION) where the store was made by a newer program.
    """
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    known = ScriptDirectory.from_config(config)
    with database.write() as connection:
        if not database.sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        current = revision(connection)
        if current == known.get_current_head():
            return False
        if current is not None and current not in {script.revision for script in known.walk_revisions()}:
            raise StoreError(
                Code.STORE_VERSION,
                f"{database.shown} was last used by a newer feedsvc (its tables are at {current}); "
                "install that version again, or restore a backup",
            )
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    return True
