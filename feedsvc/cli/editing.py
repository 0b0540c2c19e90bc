"""`feedsvc history`, `why`, `withdraw`, `hide`, `unhide`, `remove`, `edit`: what editors do to articles."""

from __future__ import annotations

import difflib
import re
import sys
from dataclasses import fields

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from feedsvc.cli.common import config_option, json_option, local, print_json, reported, settings
from feedsvc.config import Settings
from feedsvc.editorial import EDITABLE, Editorial
from feedsvc.errors import Code, EditorialError
from feedsvc.model import Draft, Level, Story
from feedsvc.store.articles.editorial import File
from feedsvc.wiring.editorial import open_editorial

article_argument = click.argument("article", metavar="ARTICLE")


def _editorial(file: str) -> tuple[Editorial, Settings]:
    chosen = settings(file)
    editorial = open_editorial(chosen.store_url, chosen.lists, chosen.site)
    click.get_current_context().call_on_close(editorial.close)
    return editorial, chosen


@click.command()
@article_argument
@json_option
@config_option
@reported
def history(article: str, as_json: bool, file: str) -> None:
    """Show every version of an article that readers saw, as differences.

    ARTICLE is its public id (from a feed) or its address.
    """
    editorial, chosen = _editorial(file)
    kept = editorial.file(editorial.find(article))
    if as_json:
        print_json({"article": kept.article, "versions": kept.revisions})
        return
    out = Console(width=None if sys.stdout.isatty() else 120, highlight=False)
    out.print(f"[bold]{escape(kept.article.story.title)}[/]  [dim]{escape(kept.article.id)}[/]")
    versions = [(one.at, one.story) for one in kept.revisions]
    versions.append((kept.article.updated or kept.article.first_seen, kept.article.story))
    before: Story | None = None
    for number, (at, story) in enumerate(versions, 1):
        out.print(f"\n[bold]version {number}[/]  {local(at, chosen)}")
        if before is None:
            out.print(f"  {escape(story.title)}")
        else:
            for line in _difference(before, story):
                colour = {"+": "green", "-": "red"}.get(line[0], "dim")
                out.print(f"  [{colour}]{escape(line)}[/]", soft_wrap=True)
        before = story
    if kept.article.withdrawn:
        out.print(f"\n[red]{kept.article.state}[/]  {local(kept.article.withdrawn, chosen)}")


def _difference(before: Story, after: Story) -> list[str]:
    found = []
    for one in fields(Story):
        if one.name in ("origin", "content"):
            continue
        old, new = getattr(before, one.name), getattr(after, one.name)
        if old != new:
            found += [f"- {one.name}: {_short(old)}", f"+ {one.name}: {_short(new)}"]
    lines = [
        re.sub(r"(</(?:p|h\d|li|blockquote)>)", r"\1\n", text.content).split("\n") for text in (before, after)
    ]
    body = difflib.unified_diff(lines[0], lines[1], lineterm="", n=0)
    return found + [line for line in body if not line.startswith(("---", "+++", "@@"))]


def _short(value: object) -> str:
    text = ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
    return text or "(nothing)"


@click.command()
@article_argument
@json_option
@config_option
@reported
def why(article: str, as_json: bool, file: str) -> None:
    """Explain an article: where each field came from, which sources name it, which feeds carry it.

    ARTICLE is its public id (from a feed) or its address. Values that were set by hand come first; they win
    over every reading.
    """
    editorial, chosen = _editorial(file)
    kept = editorial.file(editorial.find(article))
    if as_json:
        print_json({name: getattr(kept, name) for name in (*_TOLD, "date_origin", "merged_into")})
        return
    out = Console(width=None if sys.stdout.isatty() else 140, highlight=False)
    one = kept.article
    out.print(f"[bold]{escape(one.story.title)}[/]")
    out.print(f"{escape(one.id or 'not served yet')}  {one.state}", end="")
    out.print(f" into {escape(kept.merged_into)}" if kept.merged_into else "")
    _fields(out, kept, chosen)
    out.print("\n[bold]sources[/] (the first counts most)")
    for statement in sorted(kept.statements, key=lambda one: (one.level, one.upstream_key)):
        is_hand = statement.level is Level.HAND
        text = _by_hand(statement.draft, chosen) if is_hand else statement.draft.title
        level, at = statement.level.name.lower(), local(statement.at, chosen)
        who = kept.upstreams.get(statement.upstream, "") + statement.draft.told_sure("list")
        out.print(f"  {level:8} {at}  {escape(text)}  [dim]{escape(who)}[/]", soft_wrap=True)
    out.print("\n[bold]known as[/]")
    for kind, value in kept.keys:
        out.print(f"  {kind:8} {escape(value)}", soft_wrap=True)
    out.print("\n[bold]in[/]")
    for place in kept.places:
        where = f"number {place.entered}" if place.entered else "not entered yet"
        where += ", backfill" if place.backfill else ""
        where += f", left {local(place.left, chosen)}" if place.left else ""
        out.print(f"  {place.list:16} {where}")


_TOLD = ("article", "statements", "places", "keys")


def _by_hand(said: Draft, chosen: Settings) -> str:
    """What the editor's hand set."""
    values = {name: getattr(said, name) for name in EDITABLE if getattr(said, name)}
    if said.published is not None:
        values["published"] = local(said.published.at, chosen)
    return ", ".join(f"{name} = {_short(value)}" for name, value in values.items())


def _fields(out: Console, kept: File, chosen: Settings) -> None:
    one, story = kept.article, kept.article.story
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    table.add_column(style="dim", overflow="fold")
    image = story.image.url if story.image else ""
    for name, value, origin in (
        ("title", story.title, story.origin.get("title", "")),
        ("address", story.url, story.origin.get("url", "")),
        ("published", local(one.published, chosen), kept.date_origin),
        ("updated", local(one.updated, chosen), "the last visible change"),
        ("first seen", local(one.first_seen, chosen), ""),
        ("authors", ", ".join(story.authors), story.origin.get("authors", "")),
        ("image", image, story.origin.get("image", "")),
        ("summary", story.summary, story.origin.get("summary", "")),
        ("content", f"{len(story.content)} characters", story.origin.get("content", "")),
        ("tags", ", ".join(story.tags), story.origin.get("tags", "")),
    ):
        table.add_row(name, escape(value) or "-", escape(origin))
    out.print(table)
    doubts = {said.draft.doubt for said in kept.statements if said.draft.doubt}
    for doubt in doubts:
        out.print(f"[yellow]a date was held back[/]: {doubt.reason} in {escape(repr(doubt.text))}")


@click.command()
@article_argument
@click.option("--erase", is_flag=True, help="Remove its texts and versions for ever; id and tombstone stay.")
@config_option
@reported
def withdraw(article: str, erase: bool, file: str) -> None:
    """Withdraw an article: it leaves every feed, and Atom says so (RFC 6721).

    ARTICLE is its public id or its address. `feedsvc unhide` brings it back, unless it was erased.
    """
    editorial, _ = _editorial(file)
    done = editorial.withdraw(editorial.find(article), erase=erase)
    click.echo("erased" if erase else "withdrawn" if done else "it was not served")


@click.command()
@article_argument
@config_option
@reported
def hide(article: str, file: str) -> None:
    """Take an article out of the feeds without a tombstone, whatever its sources say later."""
    editorial, _ = _editorial(file)
    click.echo("hidden" if editorial.hide(editorial.find(article)) else "it was not served")


@click.command()
@article_argument
@config_option
@reported
def unhide(article: str, file: str) -> None:
    """Serve a hidden or withdrawn article again, with the same id and dates.

    ARTICLE is its public id or its address. An erased article cannot come back: nothing is left to show.
    """
    editorial, _ = _editorial(file)
    click.echo("shown" if editorial.show(editorial.find(article)) else "it is served already")


@click.command()
@article_argument
@click.option("--from", "slug", required=True, metavar="SECTION", help="The section or box that it leaves.")
@click.option("--undo", is_flag=True, help="Put it back.")
@config_option
@reported
def remove(article: str, slug: str, undo: bool, file: str) -> None:
    """Take an article out of one section or box, for good: the next poll does not bring it back.

    ARTICLE is its public id or its address. It stays in the other feeds, but an article that is in no
    other section or box leaves `latest` too. `feedsvc hide` takes an article out of every feed.
    """
    editorial, _ = _editorial(file)
    done = editorial.remove(editorial.find(article), slug, undo=undo)
    if undo:
        click.echo(f"it is in {slug} again" if done else f"it was not taken out of {slug}")
    else:
        click.echo(f"it is out of {slug} and stays out" if done else f"it was taken out of {slug} before")


@click.command()
@article_argument
@click.argument("changes", metavar="FIELD=VALUE ...", nargs=-1, required=True)
@config_option
@reported
def edit(article: str, changes: tuple[str, ...], file: str) -> None:
    """Correct an article by hand; the value wins over every later reading.

    FIELD is title, summary, url, authors (separated by commas) or published (ISO 8601 with zone). An empty
    value gives the field back to its sources. `feedsvc why` lists the values that are set.
    """
    editorial, _ = _editorial(file)
    values = {}
    for change in changes:
        name, sign, value = change.partition("=")
        if not sign:
            raise EditorialError(Code.BAD_VALUE, f"{change!r} is not FIELD=VALUE ({', '.join(EDITABLE)})")
        values[name.strip()] = value.strip()
    changed = editorial.edit(editorial.find(article), values)
    click.echo("changed" if changed else "noted; readers see no difference")
