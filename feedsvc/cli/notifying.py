"""`feedsvc notify`: what operators are told."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from urllib.parse import urlsplit

import click
import orjson

from feedsvc.cli.common import EXIT_FAILED, config_option, reported, settings
from feedsvc.errors import FeedsvcError
from feedsvc.model import Notice, Trouble
from feedsvc.store.engine import Database
from feedsvc.store.notices import SqlNotices
from feedsvc.watch.messages import body
from feedsvc.wiring.process import now
from feedsvc.wiring.watch import channels, watchdog


@click.command()
@click.option(
    "--test",
    is_flag=True,
    help="Send a test notice to all of [notify], the watchdog too.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON list, for programs.")
@config_option
@reported
def notify(test: bool, as_json: bool, file: str) -> None:
    """Show what is wrong now and what was wrong lately: since when, why, and what to do.

    The same notices go to [notify] email and webhooks, once when something breaks and once when it recovers.
    Exit code 1 if anything is wrong, or if a test notice did not arrive.
    """
    chosen = settings(file)
    if test:
        sys.exit(EXIT_FAILED if _test(file) else 0)
    database = Database(chosen.store_url, create=False)
    try:
        found = SqlNotices(database).notices()
    finally:
        database.close()
    if as_json:
        click.echo(orjson.dumps(found, option=orjson.OPT_INDENT_2).decode())
    elif not found:
        click.echo("Nothing is wrong, and nothing was wrong lately.")
    else:
        click.echo("\n\n".join(body(one, mended=bool(one.mended_at), zone=chosen.site.zone) for one in found))
    if any(one.mended_at is None for one in found):
        sys.exit(EXIT_FAILED)


def _test(file: str) -> int:
    """Send a notice of a trouble that is none; how many did not get it."""
    chosen = settings(file)
    moment = now()
    notice = Notice(
        no=0,
        kind=Trouble.SOURCE,
        subject="a test (nothing is wrong)",
        code="",
        reason="somebody called feedsvc notify --test",
        remedy="nothing: this is how a notice looks",
        since=moment,
        broke_at=moment,
        mended_at=None,
    )
    told: list[tuple[str, Callable[[], None]]] = [
        (one.name, partial(one.send, notice, mended=False)) for one in channels(chosen)
    ]
    if not told:
        click.echo("[notify] names no one: set email and smtp, or webhooks (docs/operate.md)", err=True)
    if ping := watchdog(chosen):
        told.append((f"watchdog at {urlsplit(chosen.notify.watchdog).hostname}", ping))
    failed = 0 if told else 1
    for name, send in told:
        try:
            send()
        except FeedsvcError as error:
            failed += 1
            click.echo(f"{name}: {error.message}", err=True)
        else:
            click.echo(f"{name}: sent")
    return failed
