"""`feedsvc token`: who may publish through the API, and who may open the control room."""

from __future__ import annotations

import re
import secrets
import sys

import click

from feedsvc.cli.common import EXIT_FAILED, config_option, json_option, local, print_json, reported, settings
from feedsvc.config import Settings
from feedsvc.errors import Code, EditorialError
from feedsvc.store.articles.api_access import OPERATE, ApiAccess
from feedsvc.store.engine import Database
from feedsvc.wiring.process import now


@click.command()
@click.argument("action", type=click.Choice(["add", "list", "remove"]))
@click.argument("name", required=False)
@click.option("--section", "slugs", multiple=True, help="A section that it may publish into (default: all).")
@click.option("--operate", is_flag=True, help="For the control room (/status), not for publishing.")
@json_option
@config_option
@reported
def token(
    action: str, name: str | None, slugs: tuple[str, ...], operate: bool, as_json: bool, file: str
) -> None:
    """Manage who may publish through /api/articles: `token add NAME`, `token list`, `token remove NAME`.

    `add` prints the token once; only its hash is kept. One name for each newsroom or system: it sees and
    changes its own articles only. With --section (more than once) it publishes into these alone. With
    --operate the token opens the control room at /status, and its buttons, and publishes nothing.
    """
    chosen = settings(file)
    database = Database(chosen.store_url, create=False)
    click.get_current_context().call_on_close(database.close)
    access = ApiAccess(database)
    if action == "list":
        names = {spec.key: spec.slug for spec in chosen.lists}
        if as_json:
            print_json(
                [
                    {
                        "name": one.name,
                        "sections": [names.get(key, key) for key in one.sections] if one.sections else None,
                        "scope": scope,
                        "created": created,
                        "used": used,
                    }
                    for one, created, used, scope in access.tokens()
                ]
            )
            return
        known = access.tokens()
        if not known:
            click.echo("there are no tokens; `feedsvc token add NAME` makes one", err=True)
        for whose, created, used, scope in known:
            where = sorted(names.get(key, key) for key in whose.sections or ())
            into = "" if whose.sections is None else f", into {', '.join(where)}"
            into += ", operates" if scope == OPERATE else ""
            since = f"since {local(created, chosen)}, last used {local(used, chosen)}"
            click.echo(f"{whose.name:24} {since}{into}")
        return
    if not name or not re.fullmatch(r"[\w.-]{1,60}", name):
        raise click.UsageError("name the newsroom: letters, digits, '.', '-' and '_'")
    if action == "add":
        secret = f"fs_{secrets.token_urlsafe(32)}"
        if operate and slugs:
            raise click.UsageError("a token with --operate publishes nothing: leave --section out")
        keys = _section_keys(slugs, chosen)
        if not access.add_token(name, secret, now(), sections=keys, operates=operate):
            click.echo(f"{name} has a token; `feedsvc token remove {name}` ends it", err=True)
            sys.exit(EXIT_FAILED)
        click.echo(secret)
    elif not access.remove_token(name):
        click.echo(f"{name} has no token", err=True)
        sys.exit(EXIT_FAILED)


def _section_keys(slugs: tuple[str, ...], chosen: Settings) -> list[str] | None:
    keys = {spec.slug: spec.key for spec in chosen.lists if spec.kind == "section"}
    for slug in slugs:
        if slug not in keys:
            known = ", ".join(sorted(keys))
            raise EditorialError(Code.UNKNOWN_SECTION, f"no section {slug!r}; there are: {known}")
    return [keys[slug] for slug in slugs] or None
