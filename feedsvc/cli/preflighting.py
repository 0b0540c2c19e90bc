"""`feedsvc preflight`: what an aggregator would refuse."""

from __future__ import annotations

import json
import logging
import sys
from dataclasses import asdict

import click

from feedsvc.cli.common import EXIT_FAILED, config_option, reported, settings, start_logging
from feedsvc.config import Settings
from feedsvc.publish.preflight import AGGREGATORS, NEWS, PODCASTS, REFUSED, Finding


@click.command()
@click.argument("section", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object, for programs.")
@click.option(
    "--for",
    "wanted",
    multiple=True,
    type=click.Choice(AGGREGATORS),
    help="Check only the rules of this aggregator (repeatable).",
)
@config_option
@reported
def preflight(section: str | None, as_json: bool, wanted: tuple[str, ...], file: str) -> None:
    """Show what an aggregator would refuse in the feed of SECTION, article by article.

    SECTION is the slug of a section or box, latest, or for/SLUG for the feed of a [[taker]], which is checked
    against its profile unless --for is given. Default: the first taker with the profile --for, or latest.
    A podcast is held to Apple's rules for podcasts, other feeds to those of all the others.

    Checks what is stored; nothing is fetched. Exit code 1 if an aggregator would refuse anything, else 0, so
    it fits CI. docs/preflight.md lists every rule.
    """
    from feedsvc.wiring.commands import preflight as look

    start_logging(logging.WARNING)
    chosen = settings(file)
    section = section or _feed_for(chosen, wanted)
    findings, articles = look(chosen, section, wanted or _usual(chosen, section))
    refused = sum(one.level == REFUSED for one in findings)
    if as_json:
        report = {
            "section": section,
            "articles": articles,
            "refused": refused,
            "advised": len(findings) - refused,
            "findings": [asdict(one) for one in findings],
        }
        click.echo(json.dumps(report, ensure_ascii=False))
    else:
        _show(section, findings, articles, refused)
    if refused:
        sys.exit(EXIT_FAILED)


def _feed_for(chosen: Settings, wanted: tuple[str, ...]) -> str:
    """The feed that is meant where none is named."""
    meant = [spec.slug for spec in chosen.takers if spec.taker is not None and spec.taker.profile in wanted]
    return f"for/{meant[0]}" if meant else "latest"


def _usual(chosen: Settings, section: str) -> tuple[str, ...]:
    """Whose rules a feed is held to unless somebody is named."""
    podcasts = [one.slug for one in chosen.lists if one.show] + [
        f"for/{one.slug}" for one in chosen.takers if one.show
    ]
    return _profile_of(chosen, section) or ((PODCASTS,) if section in podcasts else NEWS)


def _profile_of(chosen: Settings, section: str) -> tuple[str, ...]:
    """Whose rules a taker's feed follows; () where it follows nobody's."""
    slug = section.removeprefix("for/") if section.startswith("for/") else ""
    profiles = [spec.taker.profile for spec in chosen.takers if spec.taker is not None and spec.slug == slug]
    return tuple(one.value for one in profiles if one.value in AGGREGATORS)


def _show(section: str, findings: list[Finding], articles: int, refused: int) -> None:
    place = None
    for one in findings:
        if one.id != place:
            place = one.id
            click.echo(f"\n{one.title or one.id}\n  {one.id}" if one.id else f"/feeds/{section}")
        who = ", ".join(one.aggregators)
        click.echo(f"  {one.level} {one.rule}: {one.message} ({who})")
    advised = len(findings) - refused
    click.echo(f"\n{articles} articles: {refused} refused, {advised} advised")
