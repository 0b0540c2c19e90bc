"""`feedsvc export`: what is served, as files."""

from __future__ import annotations

import logging
from pathlib import Path

import click

from feedsvc.cli.common import config_option, reported, settings, start_logging
from feedsvc.cli.progress import bars


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@config_option
@reported
def export(folder: Path, file: str) -> None:
    """Write every feed, page and archive into DIR, as static files for nginx or a CDN.

    Files have the service's paths, bytes and times, with .gz and .br beside them; pages end in .html.
    A file is replaced as a whole, and only if it changed: export as often as you like, with the service
    running or not. config/nginx.conf serves them.
    """
    from feedsvc.wiring.commands import export as write

    start_logging(logging.WARNING)
    with bars() as watch:
        done = write(settings(file), folder, watch)
    click.echo(f"{folder}: {done.written} files written, {done.kept} as they were, {done.removed} removed")
