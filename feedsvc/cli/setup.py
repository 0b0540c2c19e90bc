"""`feedsvc init`: from an address to a configuration."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from uuid import uuid4
from zoneinfo import ZoneInfo

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from feedsvc import urls
from feedsvc.cli.common import EXIT_FAILED, reported
from feedsvc.cli.progress import pages as reading
from feedsvc.config import DEFAULT_FILE, load
from feedsvc.setup.file import Wishes, write
from feedsvc.setup.survey import MAX_PAGES, Candidate, Survey
from feedsvc.wiring.setup import is_local, surveyor

UNSURE = 0.9  #: below it a person is asked to look


@click.command()
@click.argument("url", metavar="URL")
@click.option(
    "--output",
    "--config",
    "output",
    default=DEFAULT_FILE,
    envvar="FEEDSVC_CONFIG",
    show_default=True,
    metavar="FILE",
    help="The file to write.",
)
@click.option("--yes", is_flag=True, help="Accept what is proposed without asking.")
@click.option(
    "--own/--not-own", default=None, help="You run the site: read it without waiting, with full texts."
)
@click.option(
    "--base-url", default="", metavar="URL", help="Where readers reach this service, behind a proxy."
)
@click.option(
    "--contact", default="", metavar="EMAIL", help="An address where the site can ask about the requests."
)
@click.option(
    "--pages",
    default=MAX_PAGES,
    show_default=True,
    type=click.IntRange(0, 100),
    help="How many menu entries to look at.",
)
@reported
def init(url: str, output: str, yes: bool, own: bool | None, base_url: str, contact: str, pages: int) -> None:
    """Write a configuration for the site at URL.

    Reads the home page and what its menu leads to, finds sections, boxes with headings, the site's own feeds,
    news sitemap and WordPress, shows what it found with the newest headlines, lets you choose, and writes a
    commented file. Nothing is stored; robots.txt is obeyed.
    """
    address = urls.absolute(url, url if "://" in url else f"https://{url}")
    if address is None:
        raise click.BadParameter(f"{url!r} is not the address of a site", param_hint="URL")
    file = Path(output)
    if file.exists():
        click.echo(f"{file} already exists; name another file with --output, or edit that one", err=True)
        sys.exit(EXIT_FAILED)
    console = Console(width=None if sys.stdout.isatty() else 140, highlight=False)
    if own is None:
        own = is_local(address) or (not yes and click.confirm(f"Do you run {urls.host(address)} yourself?"))
    found = _survey(address, own, pages, console)
    chosen = _choose(found, yes, console)
    if not chosen:
        click.echo(
            "Nothing was found that would make a feed. `feedsvc inspect URL` shows what a page holds; "
            "docs/sources.md says what to do if a list is not found.",
            err=True,
        )
        sys.exit(EXIT_FAILED)
    wishes = Wishes(namespace=str(uuid4()), own=own, base_url=base_url, contact=contact)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(write(found.site, chosen, wishes), encoding="utf-8")
    load(file, os.environ)  # what was written can be used, or the faults are told
    console.print(f"\n{escape(str(file))} written: {len(chosen)} lists. Edit it as you like, then:")
    console.print(f"  feedsvc run --config {escape(str(file))}", style="bold")
    if not yes and sys.stdin.isatty() and click.confirm("Start it now?", default=True):
        os.execv(sys.executable, [sys.executable, "-m", "feedsvc", "run", "--config", str(file)])  # noqa: S606


def _survey(address: str, own: bool, pages: int, console: Console) -> Survey:
    with reading() as watch, surveyor(address, own=own, watch=watch) as made:
        found = made.survey(address, pages=pages)
    console.print(f"[bold]{escape(found.site.name)}[/]  {escape(found.site.url)}")
    language, zone = found.site.language or "unknown", found.site.timezone or "unknown"
    console.print(f"language {language}, time zone {zone}\n")
    show_candidates(found.candidates, console, ZoneInfo(found.site.timezone) if found.site.timezone else None)
    for note in found.notes:
        console.print(f"[dim]not read: {escape(note)}[/]")
    return found


def show_candidates(candidates: Sequence[Candidate], console: Console, zone: ZoneInfo | None) -> None:
    """A table of what may be taken: the newest headlines of each, its kind, how sure it is, and why."""
    table = Table(box=None, pad_edge=False)
    for column in ("", "what", "kind", "articles", "newest", "sure", "why"):
        table.add_column(
            column, justify="right" if column in ("articles", "sure") else "left", overflow="fold"
        )
    for number, one in enumerate(candidates, 1):
        colour = "green" if one.confidence >= UNSURE else "yellow"
        newest = "\n".join(
            _line(item.title, item.published.at if item.published else None, zone) for item in one.newest
        )
        table.add_row(
            f"{number}{'*' if one.chosen else ' '}",
            escape(one.title),
            "box" if one.box else one.kind,
            str(one.count or ""),
            escape(newest),
            f"[{colour}]{one.confidence:.0%}[/]",
            escape(one.why),
            style="" if one.chosen else "dim",
        )
    console.print(table)


def _line(title: str, at: datetime | None, zone: ZoneInfo | None) -> str:
    when = f"{at.astimezone(zone):%d.%m. %H:%M} " if at else ""
    return f"{when}{title[:60]}"


def choose_one(candidates: Sequence[Candidate]) -> Candidate:
    """The one that a person wants."""
    number = click.prompt("Which one", type=click.IntRange(1, len(candidates)), default=1)
    return candidates[int(number) - 1]


def _choose(found: Survey, yes: bool, console: Console) -> Sequence[Candidate]:
    """The candidates that a person wants; those marked with a star, where nobody is asked."""
    if yes:
        chosen = [one for one in found.candidates if one.chosen]
        for one in filter(_is_unsure, chosen):
            console.print(f"[yellow]look at this one[/]: {escape(one.title)}, {one.confidence:.0%} sure")
            console.print(f"  feedsvc inspect {escape(one.url)}")
        return chosen
    console.print("\nThose with a star are taken. Numbers change that (`3 -5`: take 3, leave out 5).")
    while True:
        answer = click.prompt("Numbers, or Enter", default="", show_default=False)
        try:
            chosen = _chosen(found.candidates, answer)
        except ValueError as error:
            console.print(f"[red]{error}[/]")
        else:
            return [one for one in chosen if not _is_unsure(one) or _is_right(one, console)]


def _is_unsure(one: Candidate) -> bool:
    return one.kind == "page" and one.confidence < UNSURE


def _is_right(one: Candidate, console: Console) -> bool:
    """A person's word about a list of which the reader is not sure."""
    console.print(
        f"\n[yellow]{escape(one.title)}[/]: the reader is only {one.confidence:.0%} sure of this list."
    )
    for item in one.newest:
        console.print(f"  {escape(item.title)}")
    console.print(f"[dim]all of it: feedsvc inspect {escape(one.url)}[/]")
    return click.confirm(f"Are these the newest of {one.title}?", default=True)


def _chosen(candidates: Sequence[Candidate], answer: str) -> list[Candidate]:
    """Raises ValueError for what is no number of a candidate."""
    wanted = {number: one.chosen for number, one in enumerate(candidates, 1)}
    for word in answer.replace(",", " ").split():
        number = int(word.lstrip("-")) if word.lstrip("-").isdecimal() else 0
        if number not in wanted:
            raise ValueError(f"{word} is not one of the numbers above")
        wanted[number] = not word.startswith("-")
    return [replace(one, chosen=True) for number, one in enumerate(candidates, 1) if wanted[number]]
