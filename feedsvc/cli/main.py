"""The command `feedsvc`."""

from __future__ import annotations

import importlib
import io
import logging
import sys
from types import MappingProxyType
from typing import Any

import click

from feedsvc import __version__
from feedsvc.cli.groups import WIDTH, Commands

_COMMANDS = {
    "init": "feedsvc.cli.setup",
    "add": "feedsvc.cli.adding",
    "import": "feedsvc.cli.adding",
    "run": "feedsvc.cli.running",
    "serve": "feedsvc.cli.running",
    "work": "feedsvc.cli.running",
    "stream": "feedsvc.cli.running",
    "collect": "feedsvc.cli.checking",
    "check": "feedsvc.cli.checking",
    "status": "feedsvc.cli.status",
    "doctor": "feedsvc.cli.doctoring",
    "accept": "feedsvc.cli.status",
    "inspect": "feedsvc.cli.inspect",
    "history": "feedsvc.cli.editing",
    "why": "feedsvc.cli.editing",
    "edit": "feedsvc.cli.editing",
    "withdraw": "feedsvc.cli.editing",
    "hide": "feedsvc.cli.editing",
    "unhide": "feedsvc.cli.editing",
    "remove": "feedsvc.cli.editing",
    "token": "feedsvc.cli.tokens",
    "member": "feedsvc.cli.members",
    "export": "feedsvc.cli.exporting",
    "preflight": "feedsvc.cli.preflighting",
    "notify": "feedsvc.cli.notifying",
    "backup": "feedsvc.cli.storing",
    "restore": "feedsvc.cli.storing",
    "store": "feedsvc.cli.storing",
    "upgrade": "feedsvc.cli.storing",
    "install-service": "feedsvc.cli.installing",
    "demo": "feedsvc.cli.running",
}


class _Lazy(Commands):
    """Imports a command when it is called: `serve` must not load what only `collect` needs."""

    former = MappingProxyType({"show": "unhide"})

    def main(self, *args: Any, **kwargs: Any) -> Any:
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):  # a terminal in Latin-1 gets "?" for what it cannot show
                stream.reconfigure(errors="replace")
        return super().main(*args, **kwargs)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        module = _COMMANDS.get(cmd_name)
        if module is None:
            return None
        name = "import_file" if cmd_name == "import" else cmd_name.replace("-", "_")
        command: click.Command = getattr(importlib.import_module(module), name)
        return command


@click.command(
    cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": WIDTH}
)
@click.version_option(__version__, prog_name="feedsvc")
def main() -> None:
    """feedsvc collects what a newsroom publishes and serves it as RSS, Atom and JSON Feed.

    `feedsvc run` does everything. The configuration is config/feedsvc.toml unless --config says otherwise; if
    that file does not exist, config/demo.toml.

    Exit codes: 0 done, and nothing is wrong; 1 not done, or something is wrong; 2 the command or the
    configuration is not valid. NO_COLOR=1 turns colours off.
    """
    # a command that does not log says itself what went wrong
    logging.getLogger("feedsvc").addHandler(logging.NullHandler())
