"""`feedsvc backup`, `restore` and `store`: the store as a whole."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn

from feedsvc import __version__
from feedsvc.cli.common import EXIT_FAILED, config_option, reported, settings
from feedsvc.cli.groups import Commands
from feedsvc.store.address import sqlite_file
from feedsvc.store.backup import back_up, verify
from feedsvc.store.backup import restore as restore_backup
from feedsvc.store.copying import copy as copy_store
from feedsvc.store.engine import Database
from feedsvc.store.migrate import migrate, outstanding
from feedsvc.store.owner import adopt as adopt_store
from feedsvc.store.owner import belong


@click.command()
@click.argument("backup_file", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path))
@config_option
@reported
def backup(backup_file: Path, file: str) -> None:
    """Back up the whole store to FILE, while the service runs.

    FILE is an SQLite database, whatever database the store uses; FILE.sha256 holds its checksum
    (`sha256sum -c`). An older backup of that name is replaced once the new one is complete.
    """
    with _opened(settings(file).store_url) as database, _progress() as watch:
        counts = back_up(database, backup_file, watch)
    click.echo(f"{backup_file}: {counts['article']} articles, {counts['snapshot']} served documents")


@click.command()
@click.argument("backup_file", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--check", "only_check", is_flag=True, help="Only say whether the backup is complete.")
@config_option
@reported
def restore(backup_file: Path, only_check: bool, file: str) -> None:
    """Fill an empty store from a backup.

    Ids, dates, validators and served bytes are those of the backup, so readers notice nothing. The configured
    store must be empty, and the service must not run meanwhile.
    """
    if only_check:
        verify(backup_file)
        click.echo(f"{backup_file} is complete")
        return
    chosen = settings(file)
    with _opened(chosen.store_url, create=True) as database:
        with _progress() as watch:
            counts = restore_backup(backup_file, database, watch)
        belong(database, chosen.site.namespace, chosen.site.title)
    click.echo(f"{counts['article']} articles are in {database.shown}")


@click.group(cls=Commands)
def store() -> None:
    """Manage the store, where articles are kept."""


@store.command()
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
@reported
def copy(source: str, target: str) -> None:
    """Copy a store into an empty one: sqlite:////path/news.db, postgresql+psycopg://user:password@host/name.

    Moves an installation from SQLite to PostgreSQL or back. Stop the service first, copy, then set [store]
    url to TO. Readers see the same bytes before and after.
    """
    with _opened(source) as origin, _opened(target, create=True) as copied, _progress() as watch:
        counts = copy_store(origin, copied, watch)
    click.echo(f"{counts['article']} articles are in {copied.shown}")


@store.command()
@config_option
@reported
def adopt(file: str) -> None:
    """Take over a store that was filled under another [site] namespace.

    For a site whose namespace changed. Articles keep their ids; new ones get theirs from the new namespace.
    """
    chosen = settings(file)
    with _opened(chosen.store_url) as database:
        migrate(database)
        before = adopt_store(database, chosen.site.namespace, chosen.site.title)
    former = f"; it was that of {before!r}" if before else ""
    click.echo(f"{database.shown} belongs to {chosen.site.title!r} now{former}")


@click.command()
@click.option(
    "--check", "only_check", is_flag=True, help="Change nothing; exit code 1 if there is something to do."
)
@config_option
@reported
def upgrade(only_check: bool, file: str) -> None:
    """Upgrade the store's tables to this version of feedsvc, after saying what is new.

    `work` and `run` do the same when they start. Make a backup first: older versions refuse the store
    afterwards. With --check, the configuration is checked too.
    """
    chosen = settings(file)
    click.echo(f"feedsvc {__version__}; {file} can be used with it")
    kept = sqlite_file(chosen.store_url)
    if kept and not Path(kept).exists():
        click.echo(f"there is no store yet; the service makes {kept} when it starts")
        return
    with _opened(chosen.store_url) as database:
        waiting = outstanding(database)
        if not waiting:
            click.echo(f"{database.shown} is up to date")
        elif only_check:
            click.echo(
                f"{database.shown} is from an older version; {len(waiting)} steps bring it up to date:"
            )
            for one in waiting:
                click.echo(f"  {one}")
            click.echo("Make a backup (feedsvc backup FILE), then run feedsvc upgrade, or start the service.")
            sys.exit(EXIT_FAILED)
        else:
            migrate(database)
            click.echo(f"{database.shown} is up to date now ({len(waiting)} steps)")


@contextmanager
def _opened(url: str, *, create: bool = False) -> Iterator[Database]:
    database = Database(url, create=create)
    try:
        yield database
    finally:
        database.close()


@contextmanager
def _progress() -> Iterator[Callable[[str, int, int], None]]:
    """A bar for each table, on a terminal."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        bars: dict[str, TaskID] = {}

        def watch(table: str, done: int, rows: int) -> None:
            if table not in bars:
                bars[table] = progress.add_task(table, total=rows)
            progress.update(bars[table], completed=done)

        yield watch
