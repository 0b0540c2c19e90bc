"""How far a command is: bars on a terminal, nothing elsewhere. NO_COLOR takes their colours."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn

#: What is being done, how much of it is, and how much there is in all (None: not known yet).
Watch = Callable[[str, int, int | None], None]


@contextmanager
def bars() -> Iterator[Watch]:
    """One bar for each thing that is done; all are gone at the end."""
    console = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        known: dict[str, TaskID] = {}

        def watch(what: str, done: int, total: int | None) -> None:
            if what not in known:
                known[what] = progress.add_task(escape(what), total=total)
            progress.update(known[what], completed=done, total=total)

        yield watch


@contextmanager
def pages() -> Iterator[Callable[[str], None]]:
    """A count of the pages that are read, and which one it is now."""
    console = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.completed} pages; reading {task.description}"))
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("", total=None)
        yield lambda url: progress.update(task, description=escape(url), advance=1)
