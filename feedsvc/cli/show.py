"""Readings as a person reads them in a terminal."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import datetime

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from feedsvc.dates import Doubt, Moment, Precision
from feedsvc.model import ArticleReading, Evidence, FoundList, Headline, PageReading
from feedsvc.plugin_api import FeedReading

FIRST = 10  #: items that are shown of the list that a feed would carry
FIRST_OF_BOX = 3
NARROW = 100  #: columns where the output goes to no terminal


def console() -> Console:
    """Where the output goes; colours in a terminal alone."""
    return Console(width=None if sys.stdout.isatty() else NARROW, highlight=False)


def date(text: str, found: Moment | Doubt) -> None:
    """One printed date."""
    out = console()
    if isinstance(found, Doubt):
        out.print(f"[red]no date[/]: {found.reason}", f"[dim]in {escape(text)!r}[/]")
        return
    about = ", ".join(sorted(found.flags)) or "everything is in the text"
    out.print(f"[bold green]{_moment(found)}[/]", f"({found.precision}; {about})")
    if found.label:
        out.print(f"it says it is when it was {found.label}")


def page(reading: PageReading, *, everything: bool) -> None:
    """The lists of a page, the one that a feed would carry first."""
    out = console()
    out.print(f"[bold]{escape(reading.url)}[/]", f"[dim]language {reading.language or 'not declared'}[/]")
    main = reading.main
    if main is None:
        out.print(f"[red]no list found[/] ({reading.verdict})", escape(reading.hint))
    else:
        if reading.verdict != "ok":
            out.print(f"[yellow]{reading.verdict}[/]", escape(reading.hint))
        _list(out, main, "a feed of this page carries", reading.url, None if everything else FIRST)
    for found in reading.lists:
        if found is not main:
            limit = None if everything else FIRST_OF_BOX
            _list(out, found, "box" if main else "candidate", reading.url, limit)
    if reading.older:
        out.print("[bold]older pages[/]", escape(reading.older[0]), f"[dim]+{len(reading.older) - 1}[/]")
    if reading.rejected:
        told = ", ".join(f"{count} {why}" for why, count in sorted(reading.rejected.items()))
        out.print(f"[dim]links that are not items: {escape(told)}[/]")


def _list(out: Console, found: FoundList, role: str, url: str, limit: int | None) -> None:
    heading = f" under {found.heading!r}" if found.heading else ""
    out.print()
    out.print(
        f"[bold]{role}[/]{escape(heading)}: {len(found.items)} items",
        f"[dim]{found.confidence:.0%} sure, score {found.score:.1f}[/]",
    )
    if found.why:
        out.print(f"  [dim]because {escape(found.why)}[/]")
    if found.select:  # a TOML literal string: selectors made here hold no apostrophes
        line = f"{{ page = \"{url}\", select = '{found.select}' }}"
        out.print("  [dim]to force it, as a source:[/]", escape(line), soft_wrap=True)
    for item in found.items[:limit]:
        _headline(out, item)
    if limit is not None and len(found.items) > limit:
        out.print(f"  [dim]… {len(found.items) - limit} more (--all)[/]")


def _headline(out: Console, item: Headline) -> None:
    when = _moment(item.published) if item.published else ""
    if item.doubt is not None and not when:
        when = f"[red]{item.doubt.reason}[/]"
    out.print(f"  [cyan]{when or '-':<22}[/] {escape(item.title)}", soft_wrap=True)
    out.print(f"  {'':<22} [dim]{escape(item.url)}[/]", soft_wrap=True)


def article(reading: ArticleReading, *, url: str) -> None:
    """Each field of an article with where it came from, and what contradicted it."""
    out = console()
    draft = reading.draft
    if not reading.probably_article:
        out.print("[yellow]this is probably not an article[/]; --as listing shows its lists")
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    table.add_column(style="dim", overflow="fold")
    image = draft.image
    rows = [
        ("title", draft.title, "title"),
        ("published", _moment(draft.published) if draft.published else _doubt(draft.doubt), "published"),
        ("updated", _moment(draft.updated) if draft.updated else "", "updated"),
        ("authors", ", ".join(draft.authors), "authors"),
        ("image", image.url if image else "", "image"),
        ("caption", image.caption if image else "", "image"),
        ("credit", image.credit if image else "", "image"),
        ("section", draft.section, "section"),
        ("tags", ", ".join(draft.tags), "tags"),
        ("summary", draft.summary, "summary"),
        ("language", draft.language, "language"),
        ("address", draft.url if draft.url != url else "as asked for", "url"),
    ]
    for name, value, field in rows:
        told = draft.origin.get(field, "") + (draft.told_sure(name) if value else "")
        table.add_row(name, escape(value) or "[red]-[/]", escape(told))
    out.print(table)
    _contradictions(out, reading.evidence)
    words = len(reading.body_text.split())
    out.print()
    out.print(f"[bold]body[/]: {words} words", f"[dim]{draft.origin.get('content', '')}[/]")
    for line in reading.body_text.split("\n"):
        out.print(f"  {escape(line)}")


def _contradictions(out: Console, evidence: Sequence[Evidence]) -> None:
    """What the page says otherwise."""
    others = [one for one in evidence if not one.used and one.note]
    if others:
        out.print()
        out.print("[bold]not used[/]")
    for one in others[:20]:
        value = one.value if len(one.value) <= 80 else f"{one.value[:79]}…"
        out.print(f"  {one.field}: {escape(value)}", f"[dim]{escape(one.origin)}; {escape(one.note)}[/]")


def feed(reading: FeedReading, *, everything: bool) -> None:
    """The entries of a feed."""
    out = console()
    out.print(
        f"[bold]{escape(reading.title) or 'a feed without a title'}[/]", f"{len(reading.entries)} entries"
    )
    for name, value in (("ttl", reading.ttl), ("hub", reading.hub), ("its own address", reading.topic)):
        if value:
            out.print(f"  [dim]{name} {escape(str(value))}[/]")
    for note in reading.notes:
        out.print(f"  [yellow]{escape(note)}[/]")
    for draft in reading.entries[: None if everything else FIRST]:
        when = _moment(draft.published) if draft.published else _doubt(draft.doubt) or "-"
        out.print(f"  [cyan]{when:<22}[/] {escape(draft.title)}")
        said = [draft.url, f"id {draft.guid}" if draft.guid else "no id", ", ".join(draft.authors)]
        said.append(f"{len(draft.content)} characters of text" if draft.content else "no full text")
        out.print(f"  {'':<22} [dim]{escape('; '.join(one for one in said if one))}[/]", soft_wrap=True)
    if not everything and len(reading.entries) > FIRST:
        out.print(f"  [dim]… {len(reading.entries) - FIRST} more (--all)[/]")


def source(name: str, kind: str) -> None:
    """The headline over what a configured source gives."""
    console().print(f"\n[bold]{escape(kind)}[/] {escape(name)}")


def failed(name: str, error: str) -> None:
    """A configured source that gives nothing."""
    console().print(f"\n[bold]{escape(name)}[/]\n  [red]{escape(error)}[/]", soft_wrap=True)


def _doubt(doubt: Doubt | None) -> str:
    return f"held back: {doubt.reason} in {doubt.text!r}" if doubt else ""


def _moment(found: Moment) -> str:
    at: datetime = found.at
    if found.precision is Precision.DAY:
        return at.strftime("%Y-%m-%d")
    offset = at.strftime("%z")
    return at.strftime("%Y-%m-%d %H:%M ") + (f"{offset[:3]}:{offset[3:]}" if offset else "")
