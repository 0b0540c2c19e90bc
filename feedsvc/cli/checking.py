"""`feedsvc check` and `feedsvc collect`."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

import click
from rich.console import Console, JustifyMethod
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn
from rich.table import Table

from feedsvc import plugins, urls
from feedsvc.cli.common import (
    EXIT_CONFIG,
    EXIT_FAILED,
    config_option,
    json_option,
    local,
    print_json,
    reported,
    settings,
    start_logging,
)
from feedsvc.config import Settings
from feedsvc.errors import ConfigError
from feedsvc.model import RunReport
from feedsvc.wiring.process import now

if TYPE_CHECKING:
    from feedsvc.store.engine import Database

QUIET = 0.3  #: seconds without anything due, after which a collection is over
TICK = 0.5  #: seconds between two looks for more to do while there is work under way


@click.command()
@json_option
@config_option
@reported
def check(as_json: bool, file: str) -> None:
    """Validate the configuration and check the store: show every problem at once, with its place and a hint.

    Exit code 0 if both are valid, 1 if this machine cannot run it (a plug-in or a driver that cannot be
    loaded, a store that cannot be used), 2 if the configuration is not valid. Nothing is fetched or written;
    `feedsvc doctor` checks everything around it.
    """
    from feedsvc.store.look import problems

    try:
        chosen = settings(file)
    except ConfigError as error:
        if as_json:
            print_json({"file": file, "usable": False, "problems": error.problems})
            sys.exit(EXIT_CONFIG)
        raise
    from feedsvc.wiring import surroundings

    broken = plugins.problems({one.kind for one in chosen.upstreams}) + surroundings.problems(chosen)
    broken = broken or list(problems(chosen.store_url)) or surroundings.of_another_site(chosen)
    if as_json:
        print_json({"file": file, "usable": not broken, "problems": broken, **_summary(chosen)})
    elif broken:
        click.echo("\n".join(broken), err=True)
    if broken:
        sys.exit(EXIT_FAILED)
    if as_json:
        return
    sections = sum(spec.kind == "section" for spec in chosen.lists)
    boxes = sum(spec.kind == "box" for spec in chosen.lists)
    click.echo(
        f"{file}: ok; {sections} sections, {boxes} boxes, {len(chosen.upstreams)} sources; "
        f"serves {chosen.site.base_url}, store {chosen.store_url.partition('@')[2] or chosen.store_url}"
    )


def _summary(chosen: Settings) -> dict[str, object]:
    lists = [{"slug": one.slug, "kind": one.kind, "title": one.title} for one in chosen.lists]
    sources = [{"name": one.name, "kind": one.kind, "url": one.url} for one in chosen.upstreams]
    store = urls.without_password(chosen.store_url)
    return {"lists": lists, "sources": sources, "base_url": chosen.site.base_url, "store": store}


@click.command()
@config_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per source, each on a line.")
@click.option("--pages/--no-pages", default=True, help="Wait for the articles' own pages too.")
@reported
def collect(file: str, as_json: bool, pages: bool) -> None:
    """Collect every source now, publish, and show what came.

    Polls every source, due or not, but none whose host sent a Retry-After that has not passed. A service that
    runs on the same store is not disturbed. Sources that were not polled are shown with the reason. Exit code
    1 if any source failed.
    """
    from feedsvc.wiring import surroundings
    from feedsvc.wiring.work import collecting

    start_logging(logging.ERROR)
    chosen = settings(file)
    surroundings.prepare(chosen)
    reports: dict[str, RunReport] = {}
    article_pages = {"read": 0, "failed": 0}

    def report(one: RunReport) -> None:
        if one.kind == "article":
            article_pages["failed" if one.failed else "read"] += 1
        else:
            reports[one.name] = _together(reports.get(one.name), one)

    wired = collecting(chosen, report=report, executor="pool")
    console = Console(stderr=True)
    try:
        begun = now()
        wired.queue.hurry(begun)
        wired.worker.start()
        with Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            console=console,
            transient=True,
            disable=as_json,
        ) as progress:
            bar = progress.add_task("sources", total=len(chosen.upstreams))
            ticked = 0.0
            quiet_since: float | None = None  # measured between two looks: a busy machine may keep us waiting
            while quiet_since is None or time.monotonic() - quiet_since < QUIET:
                if not wired.worker.busy or time.monotonic() - ticked > TICK:
                    ticked = time.monotonic()  # whoever is busy takes the next unit itself
                    wired.worker.tick()
                progress.update(bar, completed=len(reports))
                # while somebody is at work nobody has to be asked: an import needs the time itself
                if wired.worker.busy or wired.queue.outstanding(now(), pages=pages):
                    quiet_since = None
                elif quiet_since is None:
                    quiet_since = time.monotonic()
                time.sleep(0.05)
        reports |= _left_out(chosen, wired.database, reports, begun)
    finally:
        wired.worker.stop(5)
        wired.close()
    if as_json:
        for one in reports.values():
            click.echo(_json(one))
    else:
        _show(
            Console(width=None if sys.stdout.isatty() else 160),
            [reports[key] for key in sorted(reports)],
            article_pages,
        )
    if any(one.failed for one in reports.values()):
        sys.exit(EXIT_FAILED)


def _left_out(
    chosen: Settings, database: Database, reports: Mapping[str, RunReport], begun: datetime
) -> dict[str, RunReport]:
    """The sources that were not polled here since `begun`, each with the reason."""
    from feedsvc.store.status import read_status

    moment = now()
    known = {one.name: one for one in read_status(database, moment).sources}
    found = {}
    for source in chosen.upstreams:
        one = known.get(source.name.partition("?")[0])
        if source.name in reports or one is None:
            continue
        if one.paused_at is not None:
            why = "it is paused in the control room"
        elif one.resting:
            why = f"it rests, and is read when {one.resting} is wrong"
        elif one.due is None:
            why = "it said that it is gone for good"
        elif one.due > moment and (one.polled_at is None or one.polled_at < begun):
            why = f"its host asked to wait until {local(one.due, chosen)}"
        else:
            why = "another worker has it"
        found[source.name] = RunReport(
            name=source.name,
            url=source.url,
            kind=source.kind,
            outcome="skipped",
            message=why,
            next_due=one.due,
        )
    return found


def _together(first: RunReport | None, one: RunReport) -> RunReport:
    """What a source came to, also where it was due again before everything was done."""
    if first is None:
        return one
    worse = first if first.failed else one
    return replace(
        first if first.status == 200 or worse is first else worse,
        new=first.new + one.new,
        changed=first.changed + one.changed,
        seconds=first.seconds + one.seconds,
        message=one.message or first.message if not worse.failed else worse.message,
    )


def _json(one: RunReport) -> str:
    import orjson

    return orjson.dumps(one).decode()


def _show(console: Console, reports: list[RunReport], pages: dict[str, int]) -> None:
    table = Table(box=None, pad_edge=False)
    for column, style in (
        ("source", "bold"),
        ("status", ""),
        ("new", ""),
        ("changed", ""),
        ("took", ""),
        ("what happened", ""),
    ):
        justify: JustifyMethod = "right" if column in ("new", "changed", "took") else "left"
        table.add_column(column, style=style, justify=justify, overflow="fold")
    for one in reports:
        colour = "red" if one.failed else "yellow" if one.outcome == "skipped" else "green"
        status = f"{one.status or ''} {one.code or one.outcome}".strip()
        took = f"{one.seconds:.2f} s"
        message = one.message.removeprefix(f"{one.name}: ")
        name = one.name.removeprefix("https://").removeprefix("http://")
        table.add_row(name, f"[{colour}]{status}[/]", str(one.new), str(one.changed), took, escape(message))
    console.print(table)
    console.print(f"{pages['read']} article pages read, {pages['failed']} failed")
