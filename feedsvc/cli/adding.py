"""`feedsvc add` and `feedsvc import`: further sources, written into the configuration that a person keeps."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from feedsvc import urls
from feedsvc.cli.common import EXIT_FAILED, config_option, reported, settings
from feedsvc.cli.progress import pages
from feedsvc.cli.setup import choose_one, show_candidates
from feedsvc.setup.edit import replace_file, with_list, with_source
from feedsvc.setup.file import plain_slug, slug_from, slug_of
from feedsvc.setup.foreign import ForeignError, ForeignList, read
from feedsvc.setup.survey import Candidate
from feedsvc.setup.usable import language
from feedsvc.wiring.setup import surveyor


@click.command()
@click.argument("url", metavar="URL")
@click.option(
    "--section", "slug", default="", metavar="SECTION", help="The section or box that it becomes, or joins."
)
@click.option("--box", default="", metavar="HEADING", help="Of a page: the box under this heading.")
@click.option("--title", default="", help="The title of a new section or box.")
@click.option("--yes", is_flag=True, help="Take the best and ask nothing.")
@config_option
@reported
def add(url: str, slug: str, box: str, title: str, yes: bool, file: str) -> None:
    """Add a page, a box of a page or a feed: shows what would be read, asks, writes the configuration.

    With the name of a section that is there, that section gets one more source; else a new one is made. Your
    comments stay. `systemctl reload feedsvc` (or kill -HUP) takes it over.
    """
    chosen = settings(file)
    address = urls.absolute(url, url if "://" in url else f"https://{url}")
    if address is None:
        raise click.BadParameter(f"{url!r} is no address", param_hint="URL")
    console = _console()
    own = bool({urls.host(address), address.split("/")[2]} & chosen.own)
    with pages() as watch, surveyor(address, own=own, watch=watch) as made:
        found = made.look(address)
    if box:
        found = [one for one in found if one.box.casefold() == box.casefold()] or _no_box(found, box)
    if not found:
        click.echo(
            f"no list of articles is found at {address}; `feedsvc inspect {address}` shows why", err=True
        )
        sys.exit(EXIT_FAILED)
    show_candidates(found, console, chosen.site.zone)
    one = found[0] if yes or len(found) == 1 else choose_one(found)
    text = Path(file).read_text(encoding="utf-8")
    source = {one.kind: one.url, **({"box": one.box} if one.box else {})}
    table = _table_of(text, slug) or one.table
    changed = with_source(text, table, slug, source) if slug else None
    where = f"one more source of {slug}"
    if changed is None:
        slug = slug or slug_of(one, _taken(text))
        values: dict[str, Any] = {"slug": slug, "title": title or one.title}
        values |= {"ranked": True} if one.ranked and one.table == "box" else {}
        if language(one.language) and one.language != chosen.site.language.partition("-")[0].lower():
            values["language"] = one.language
        changed = with_list(text, one.table, {**values, "sources": [source]}, comment=one.why)
        where = f"a new {one.table}, {slug}"
    if not yes and not click.confirm(f"Write it into {file} as {where}?", default=True):
        return
    replace_file(Path(file), changed, settings)
    console.print(
        f"{escape(file)} has {escape(where)}. Reload the service, or see it at once: feedsvc collect"
    )


@click.command(name="import")
@click.argument("source_file", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--section", "slug", default="", metavar="SECTION", help="Put everything into this one.")
@click.option("--check", "only_check", is_flag=True, help="Only show what would be carried over.")
@click.option("--yes", is_flag=True, help="Ask nothing.")
@config_option
@reported
def import_file(source_file: Path, slug: str, only_check: bool, yes: bool, file: str) -> None:
    """Carry the subscriptions or rules of another program over: OPML, html2rss YAML, a list of addresses.

    Folders of OPML become sections. FreshRSS's scraping rules, and addresses of RSS-Bridge and RSSHub, become
    the pages that they read. What cannot be carried over is told, item by item.
    """
    settings(file)  # what is there must be right before anything is added
    console = _console()
    try:
        lists = read(source_file.read_text(encoding="utf-8-sig", errors="replace"))
    except ForeignError as error:
        click.echo(f"{source_file} {error}", err=True)
        sys.exit(EXIT_FAILED)
    if slug:
        lists = [_joined(lists, slug)]
    _show(lists, console)
    if not any(one.sources for one in lists):
        sys.exit(EXIT_FAILED)
    if only_check:
        return
    if not yes and not click.confirm(f"Write it into {file}?", default=True):
        return
    text = Path(file).read_text(encoding="utf-8")
    for one in lists:
        text = _carried(text, one, slug)
    replace_file(Path(file), text, settings)
    console.print(f"{escape(file)} is written. Look at what comes: feedsvc collect")


def _carried(text: str, one: ForeignList, slug: str) -> str:
    """`text` with the sources of a list, in the section of that name or a new one."""
    if not one.sources:
        return text
    name = slug or plain_slug(one.title) or _slug_of_title(text, one.title)
    table = _table_of(text, name)
    if table:
        known = next(each.get("sources", []) for each in _entries(text)[table] if each.get("slug") == name)
        for source in one.sources:  # a file may be imported again, when it has grown
            text = text if source in known else with_source(text, table, name, source) or text
        return text
    values: dict[str, Any] = {
        "slug": slug or slug_from([one.title], _taken(text), "section"),
        "title": one.title,
    }
    if one.language:
        values["language"] = one.language
    return with_list(text, "section", {**values, "sources": one.sources})


def _joined(lists: Sequence[ForeignList], title: str) -> ForeignList:
    whole = ForeignList(title)
    for one in lists:
        whole.sources += one.sources
        whole.lost += one.lost
    return whole


def _show(lists: Sequence[ForeignList], console: Console) -> None:
    table = Table(box=None, pad_edge=False)
    for column in ("section", "kind", "address"):
        table.add_column(column, overflow="fold")
    for one in lists:
        for number, source in enumerate(one.sources):
            kind = next(iter(source))
            more = f" ({', '.join(name for name in source if name != kind)})" if len(source) > 1 else ""
            table.add_row(escape("" if number else one.title), kind + more, escape(str(source[kind])))
    console.print(table)
    lost = [said for one in lists for said in one.lost]
    carried = sum(len(one.sources) for one in lists)
    into = sum(bool(one.sources) for one in lists)
    console.print(f"\n[green]{carried} sources are carried over[/] into {into} sections")
    if lost:
        console.print(f"[yellow]{len(lost)} things are not:[/]")
        for said in lost:
            console.print(f"  {escape(said)}")


def _no_box(found: Sequence[Candidate], box: str) -> list[Candidate]:
    headings = ", ".join(repr(one.box) for one in found if one.box) or "none"
    click.echo(f"there is no box under {box!r}; the headings there: {headings}", err=True)
    sys.exit(EXIT_FAILED)


def _entries(text: str) -> dict[str, list[Mapping[str, Any]]]:
    raw = tomllib.loads(text)
    return {table: raw.get(table, []) for table in ("section", "box")}


def _table_of(text: str, slug: str) -> str:
    """Whether `slug` is a section or a box; "" where it is neither."""
    return next(
        (name for name, each in _entries(text).items() if any(one.get("slug") == slug for one in each)), ""
    )


def _slug_of_title(text: str, title: str) -> str:
    """The section of that title, where the title has no letters for a slug; "" where there is none."""
    return next((one.get("slug", "") for one in _entries(text)["section"] if one.get("title") == title), "")


def _taken(text: str) -> set[str]:
    return {
        name
        for each in _entries(text).values()
        for one in each
        for name in (one.get("slug", ""), *one.get("was", []))
    }


def _console() -> Console:
    return Console(width=None if sys.stdout.isatty() else 140, highlight=False)
