"""`feedsvc doctor`: everything around the service, with what to do about it."""

from __future__ import annotations

import sys
from dataclasses import asdict

import click
from rich.console import Console
from rich.markup import escape
from rich.status import Status

from feedsvc.cli.common import EXIT_FAILED, config_option, json_option, print_json, reported, settings
from feedsvc.wiring.doctor import LOOK, OK, WRONG, Finding, examine

_MARKS = {OK: "[green]ok   [/]", LOOK: "[yellow]look [/]", WRONG: "[red]wrong[/]"}


@click.command()
@click.option("--sources/--no-sources", default=True, help="Poll every source once too.")
@json_option
@config_option
@reported
def doctor(sources: bool, as_json: bool, file: str) -> None:
    """Look at configuration, store, folders, disk, memory, clock, TLS, the public address, and every source.

    Each finding says what to do. Exit code 1 if something is wrong; what deserves a look does not count.
    Nothing is stored; robots.txt is obeyed.
    """
    chosen = settings(file)
    out = Console(width=None if sys.stdout.isatty() else 140, highlight=False)
    found: list[Finding] = []
    with Status("", console=Console(stderr=True)) as status:
        for one in examine(chosen, sources=sources, watch=lambda each: status.update(f"asking {each}")):
            found.append(one)
            if not as_json:
                out.print(f"{_MARKS[one.level]} [bold]{one.what}[/]: {escape(one.said)}", soft_wrap=True)
                if one.remedy:
                    out.print(f"      to do: {escape(one.remedy)}", soft_wrap=True)
    wrong, look = (sum(one.level == level for one in found) for level in (WRONG, LOOK))
    if as_json:
        print_json([asdict(one) for one in found])
    else:
        out.print(f"\n{len(found)} things looked at: {wrong or 'nothing'} wrong, {look or 'none'} to look at")
    if wrong:
        sys.exit(EXIT_FAILED)
