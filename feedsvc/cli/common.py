"""What the commands share: the configuration option, errors as messages, logging."""

from __future__ import annotations

import functools
import logging
import os
import sys
from collections.abc import Callable
from datetime import datetime
from typing import ParamSpec, TypeVar

import click

from feedsvc import plugins
from feedsvc.config import DEFAULT_FILE, Settings, default_file, load
from feedsvc.errors import ConfigError, FeedsvcError
from feedsvc.run import logs, supervise
from feedsvc.wiring.process import die_with

P = ParamSpec("P")
R = TypeVar("R")

EXIT_FAILED, EXIT_CONFIG = 1, 2

config_option = click.option(
    "--config",
    "file",
    metavar="FILE",
    default=default_file,
    envvar="FEEDSVC_CONFIG",
    show_default=DEFAULT_FILE,
    help="The configuration file (or FEEDSVC_CONFIG).",
)


json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object, for programs.")


def print_json(value: object) -> None:
    """One JSON object on standard output."""
    import orjson

    click.echo(orjson.dumps(value, default=_plain, option=orjson.OPT_INDENT_2).decode())


def _plain(value: object) -> object:
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, bytes):
        return value.hex()
    raise TypeError


def address_options(command: Callable[P, R]) -> Callable[P, R]:
    """`--host` and `--port`."""
    command = click.option("--host", help="Address to listen on (or HOST, or [serve] host).")(command)
    return click.option(
        "--port", type=click.IntRange(0, 65535), help="Port to listen on (or PORT, or [serve] port)."
    )(command)


def reported(command: Callable[P, R]) -> Callable[P, R]:
    """Errors of ours end the command with their message: 2 for the configuration, 1 for all else."""

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except ConfigError as error:
            click.echo(error.message, err=True)
            sys.exit(EXIT_CONFIG)
        except FeedsvcError as error:
            click.echo(f"feedsvc: {error}", err=True)
            sys.exit(EXIT_FAILED)
        except OSError as error:
            if error.filename is None:  # no file that a person named: a fault of ours
                raise
            hint = "is the folder there, and may this user write into it?"
            click.echo(f"feedsvc: {error.filename}: {error.strerror}; {hint}", err=True)
            sys.exit(EXIT_FAILED)

    return run


def settings(
    file: str, host: str | None = None, port: int | None = None, *, listens: bool = False
) -> Settings:
    """The settings of a command. Raises ConfigError.

    Without `listens` the environment's HOST says nothing: conda and some shells keep a name of their own in
    it, which would stand in every address of what the command writes.
    """
    env = {name: value for name, value in os.environ.items() if listens or name != "HOST"}
    return load(file, env, host=host, port=port, plugins=plugins.checks())


def start_logging(level: int = logging.INFO) -> None:
    """Log to standard error, a line an event; and end with the parent, where there is one."""
    logs.start_logging(level)
    for noisy in ("urllib3", "trafilatura", "alembic", "psycopg"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # it warns of each tick that is left out
    parent = os.environ.get(supervise.PARENT, "")
    if parent.isdecimal():
        die_with(int(parent))


def local(moment: datetime | None, chosen: Settings) -> str:
    """A moment as the newsroom's people read it; "-" where there is none."""
    return moment.astimezone(chosen.site.zone).strftime("%Y-%m-%d %H:%M:%S %Z") if moment else "-"
