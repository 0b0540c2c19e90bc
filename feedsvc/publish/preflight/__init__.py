"""What an aggregator would refuse of a feed, and why. Pure: articles in, findings out.

The rules are those that aggregators publish for feeds of news; docs/preflight.md names each with its source.
A finding is `refused` where an aggregator says that it does not take such an item or feed, `advised` where it
asks for something better.
"""

from __future__ import annotations

from collections.abc import Collection

from feedsvc.publish.preflight import podcasts
from feedsvc.publish.preflight.articles import ARTICLE_RULES
from feedsvc.publish.preflight.feeds import FEED_RULES
from feedsvc.publish.preflight.subject import ADVISED, AGGREGATORS, NEWS, PODCASTS, REFUSED, Finding, Subject

__all__ = ["ADVISED", "AGGREGATORS", "NEWS", "PODCASTS", "REFUSED", "Finding", "Subject", "preflight"]


def preflight(subject: Subject, wanted: Collection[str] = AGGREGATORS) -> list[Finding]:
    """Everything that some of the `wanted` object to: the feed first, then its articles in their order."""
    findings = [Finding(*one) for rule in (*FEED_RULES, podcasts.show) for one in rule(subject)]
    for article in subject.articles:
        findings += [
            Finding(*one, id=article.id, title=article.story.title)
            for rule in (*ARTICLE_RULES, podcasts.episode)
            for one in rule(article, subject)
        ]
    return [one for one in findings if set(wanted) & set(one.aggregators)]
