"""`feedsvc member`: who may read the private feeds of takers."""

from __future__ import annotations

import re
import secrets
import sys

import click

from feedsvc.cli.common import EXIT_FAILED, config_option, json_option, local, print_json, reported, settings
from feedsvc.config import Settings
from feedsvc.errors import Code, EditorialError
from feedsvc.model import Access, Format, ListSpec
from feedsvc.store.engine import Database
from feedsvc.store.members import SqlMembers
from feedsvc.wiring.process import now

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that are taken for one another when read aloud
_PASSWORD = 27  #: letters of a password: 133 bits


@click.command()
@click.argument("action", type=click.Choice(["add", "list", "revoke"]))
@click.argument("name", required=False)
@click.option("--feed", "slug", metavar="SLUG", help="The [[taker]] whose feed it is; one that is not open.")
@json_option
@config_option
@reported
def member(action: str, name: str | None, slug: str | None, as_json: bool, file: str) -> None:
    """Say who reads a private feed: `member add NAME --feed SLUG`, `member list`, `member revoke NAME`.

    `add` prints the member's addresses (access = "token"), or the name with its password (access = "basic"),
    once; only a hash is kept. `revoke` ends one membership, or without --feed all of that name: within two
    seconds its addresses answer 410, its password 401. A revoked name can be added again; it gets another
    secret.
    """
    chosen = settings(file)
    store = SqlMembers(Database(chosen.store_url, create=False))
    takers = {spec.slug: spec for spec in chosen.takers if spec.taker is not None and spec.taker.private}
    if slug is not None and slug not in takers:
        known = ", ".join(sorted(takers)) or 'none; give a [[taker]] access = "basic" or "token"'
        raise EditorialError(Code.UNKNOWN_SECTION, f"there is no private feed {slug!r}; there are: {known}")
    if action == "list":
        _show(store, chosen, takers, slug, as_json=as_json)
        return
    if not name or not re.fullmatch(r"[\w.@+-]{1,60}", name):
        raise click.UsageError("name the member: letters, digits, '.', '-', '_', '+' and '@'")
    if action == "add":
        if slug is None:
            raise click.UsageError("say which feed: --feed SLUG")
        _add(store, chosen, takers[slug], name)
        return
    ended = store.revoke(name, takers[slug].key if slug else "", now())
    if not ended:
        click.echo(f"{name} reads no private feed", err=True)
        sys.exit(EXIT_FAILED)
    click.echo(f"revoked: {ended}")


def _add(store: SqlMembers, chosen: Settings, spec: ListSpec, name: str) -> None:
    assert spec.taker is not None
    base = f"{chosen.site.base_url}{spec.path}"
    if spec.taker.access is Access.TOKEN:
        token = secrets.token_urlsafe(24)
        secret, lines = token, [f"{base}/{token}.{form}" for form in Format]
    else:
        password = "".join(secrets.choice(_LETTERS) for _ in range(_PASSWORD))
        secret = f"{name}:{password}"
        lines = [f"name      {name}", f"password  {password}", *(f"{base}.{form}" for form in Format)]
    if not store.add(spec.key, name, secret, now()):
        click.echo(f"{name} reads /feeds/for/{spec.slug} already; revoke it first", err=True)
        sys.exit(EXIT_FAILED)
    click.echo("\n".join(lines))


def _show(
    store: SqlMembers, chosen: Settings, takers: dict[str, ListSpec], slug: str | None, *, as_json: bool
) -> None:
    if as_json:
        members = [
            {
                "feed": one.feed.removeprefix("for:"),
                "name": one.name,
                "since": one.created,
                "revoked": one.revoked,
                "private": one.feed.removeprefix("for:") in takers,
            }
            for one in store.all()
            if slug in (None, one.feed.removeprefix("for:"))
        ]
        print_json({"members": members})
        return
    shown = [one for one in store.all() if slug in (None, one.feed.removeprefix("for:"))]
    if not shown:
        click.echo("there are no members; `feedsvc member add` makes one", err=True)
    for one in shown:
        feed = one.feed.removeprefix("for:")
        ended = f", revoked {local(one.revoked, chosen)}" if one.revoked else ""
        left = "" if feed in takers else ", no private feed any more"
        click.echo(f"{feed:24} {one.name:24} since {local(one.created, chosen)}{ended}{left}")
