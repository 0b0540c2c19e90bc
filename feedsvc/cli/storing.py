"""`feedsvc store`: whose store it is."""

from __future__ import annotations

import click

from feedsvc.cli.common import config_option, reported, settings
from feedsvc.store.engine import Database
from feedsvc.store.migrate import migrate
from feedsvc.store.owner import adopt as adopt_store


@click.group()
def store() -> None:
    """Care for the store, where articles are kept."""


@store.command()
@config_option
@reported
def adopt(file: str) -> None:
    """Make the store this site's, although another [site] namespace filled it.

    For a site that got a new namespace. Articles keep the ids that they have; new ones get theirs from the
    new namespace.
    """
    chosen = settings(file)
    database = Database(chosen.store_url)
    try:
        migrate(database)
        before = adopt_store(database, chosen.site.namespace, chosen.site.title)
    finally:
        database.close()
    former = f"; it was that of {before!r}" if before else ""
    click.echo(f"{database.shown} belongs to {chosen.site.title!r} now{former}")
