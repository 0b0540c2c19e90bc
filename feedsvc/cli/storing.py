"""`feedsvc backup`, `restore`, `store` and `upgrade`: the store as a whole."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

from feedsvc import __version__, urls
from feedsvc.cli.common import EXIT_FAILED, config_option, json_option, print_json, reported, settings
from feedsvc.cli.groups import Commands
from feedsvc.cli.progress import bars
from feedsvc.config.paths import located_database
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
    with _opened(settings(file).store_url) as database, bars() as watch:
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
        with bars() as watch:
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
    url to TO. Readers see the same bytes before and after. `feedsvc check` shows where the store is.
    """
    source, target = (located_database(one, Path.cwd()) for one in (source, target))
    with _opened(source) as origin, _opened(target, create=True) as copied, bars() as watch:
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
@json_option
@config_option
@reported
def upgrade(only_check: bool, as_json: bool, file: str) -> None:
    """Upgrade the store's tables to this version of feedsvc, after saying what is new.

    `work` and `run` do the same when they start. Make a backup first: older versions refuse the store
    afterwards. With --check, the configuration is checked too.
    """
    chosen = settings(file)
    kept = sqlite_file(chosen.store_url)
    there = not kept or Path(kept).exists()
    waiting: Sequence[str] = ()
    if there:
        with _opened(chosen.store_url) as database:
            waiting = outstanding(database)
            if waiting and not only_check:
                migrate(database)
    if as_json:
        steps = {"outstanding" if only_check else "done": list(waiting)}
        print_json({"version": __version__, "config": file, "store_exists": there, **steps})
    else:
        _say_upgraded(chosen.store_url, file, there, waiting, only_check)
    if waiting and only_check:
        sys.exit(EXIT_FAILED)


def _say_upgraded(store: str, file: str, there: bool, waiting: Sequence[str], only_check: bool) -> None:
    shown = urls.without_password(store)
    click.echo(f"feedsvc {__version__}; {file} can be used with it")
    if not there:
        click.echo(f"there is no store yet; the service makes {shown} when it starts")
    elif not waiting:
        click.echo(f"{shown} is up to date")
    elif only_check:
        click.echo(f"{shown} is from an older version; {len(waiting)} steps bring it up to date:")
        for one in waiting:
            click.echo(f"  {one}")
        click.echo("Make a backup (feedsvc backup FILE), then run feedsvc upgrade, or start the service.")
    else:
        click.echo(f"{shown} is up to date now ({len(waiting)} steps)")


@contextmanager
def _opened(url: str, *, create: bool = False) -> Iterator[Database]:
    database = Database(url, create=create)
    try:
        yield database
    finally:
        database.close()
