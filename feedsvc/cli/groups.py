"""Groups of commands that help: whole sentences, the nearest name for a mistyped one, former names."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import NoReturn

import click

WIDTH = 100  #: columns of help at most


class Commands(click.Group):
    """A group whose help is never cut, and that knows what a mistyped name was meant to be."""

    former: Mapping[str, str] = {}  #: former name → the name now

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if name in self.former:
            now = self.former[name]
            click.echo(f"`{ctx.command_path} {name}` is now called `{ctx.command_path} {now}`", err=True)
            args = [now, *args[1:]]
        elif not name.startswith("-") and self.get_command(ctx, name) is None:
            self._unknown(ctx, name)
        return super().resolve_command(ctx, args)

    def _unknown(self, ctx: click.Context, name: str) -> NoReturn:
        near = difflib.get_close_matches(name, self.list_commands(ctx), n=3, cutoff=0.6)
        meant = " or ".join(f"`{ctx.command_path} {one}`" for one in near)
        hint = f"did you mean {meant}?" if near else f"`{ctx.command_path} --help` lists them all"
        raise click.UsageError(f"there is no command {name!r}; {hint}", ctx)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        rows = []
        for name in self.list_commands(ctx):
            command = self.get_command(ctx, name)
            if command is not None and not command.hidden:
                rows.append((name, first_sentence(command)))
        with formatter.section("Commands"):
            formatter.write_dl(rows)


def first_sentence(command: click.Command) -> str:
    """What a command does, whole."""
    return " ".join((command.help or "").partition("\n\n")[0].split())
