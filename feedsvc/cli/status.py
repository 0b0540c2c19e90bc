"""`feedsvc status`, and `feedsvc accept`, which answers a doubt that it shows.

The figures are read in store/status.py, what is wrong is judged in watch/conditions.py, and wiring/status.py
writes both in words.
"""

from __future__ import annotations

import sys

import click

from feedsvc.cli.common import EXIT_FAILED, config_option, json_option, reported, settings
from feedsvc.wiring.process import now
from feedsvc.wiring.status import report


@click.command()
@json_option
@config_option
@reported
def status(as_json: bool, file: str) -> None:
    """Show the state of the service: what is wrong and what to do, workers, sources, subscribers, hubs.

    The page /status shows the same. Exit code 1 if anything is wrong, or if the store cannot be read.
    """
    chosen = settings(file)
    found = report(chosen.store_url)
    if as_json:
        import orjson

        click.echo(orjson.dumps(found.values(), option=orjson.OPT_INDENT_2).decode())
    else:
        click.echo(found.text(chosen.site.zone), nl=False)
    if found.wrong:
        sys.exit(EXIT_FAILED)


@click.command()
@click.argument("source", metavar="SOURCE")
@config_option
@reported
def accept(source: str, file: str) -> None:
    """Say that what stands at SOURCE now is right, although it is not what stood there before.

    SOURCE is the address or the name of a source, as `feedsvc status` shows it. Where a page shows another
    list all at once (DOUBTFUL_LIST), nothing is taken from it until the former list is back or you say that
    this is it. A list that feedsvc proposes instead of one that is gone is taken; what is usual for the
    source is learnt anew.
    """
    from feedsvc.store.engine import Database
    from feedsvc.store.queue.operating import SqlOperating

    chosen = settings(file)
    database = Database(chosen.store_url, create=False)
    try:
        found = SqlOperating(database).accept(source, now())
    finally:
        database.close()
    if not found:
        click.echo(f"there is no source {source!r}; `feedsvc status` shows them all", err=True)
        sys.exit(EXIT_FAILED)
    click.echo(f"{source}: accepted; the next poll, in a moment, takes the list that is there now")
