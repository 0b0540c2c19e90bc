"""`feedsvc preflight`: what an aggregator would refuse."""

from __future__ import annotations

import json
import logging
import sys
from dataclasses import asdict

import click

from feedsvc.cli.common import EXIT_FAILED, config_option, reported, settings, start_logging
from feedsvc.publish.preflight import AGGREGATORS, REFUSED, Finding


@click.command()
@click.argument("section")
@click.option("--json", "as_json", is_flag=True, help="One JSON object, for programs.")
@click.option(
    "--for",
    "wanted",
    multiple=True,
    type=click.Choice(AGGREGATORS),
    help="Only what these ask.",
)
@config_option
@reported
def preflight(section: str, as_json: bool, wanted: tuple[str, ...], file: str) -> None:
    """Tell what an aggregator would refuse in the feed of SECTION, a box or latest, article by article.

    Looks at what is stored; nothing is fetched. Exit code 1 if an aggregator would refuse something, 0 if
    there is nothing or only advice: fit for CI. docs/preflight.md has every rule and whose it is.
    """
    from feedsvc.wiring.commands import preflight as look

    start_logging(logging.WARNING)
    findings, articles = look(settings(file), section)
    asked = set(wanted or AGGREGATORS)
    findings = [one for one in findings if asked & set(one.aggregators)]
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


def _show(section: str, findings: list[Finding], articles: int, refused: int) -> None:
    place = None
    for one in findings:
        if one.id != place:
            place = one.id
            click.echo(f"\n{one.title or one.id}\n  {one.id}" if one.id else f"/feeds/{section}")
        who = ", ".join(one.aggregators)
        click.echo(f"  {one.level} {one.rule}: {one.message} ({who})")
    advised = len(findings) - refused
    click.echo(f"\n{articles} articles: {refused} things that are refused, {advised} that are advised")
