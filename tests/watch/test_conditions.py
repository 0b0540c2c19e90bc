"""What counts as wrong, since when, and what is told to do about it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from feedsvc.errors import Code
from feedsvc.model import Facts, PageFacts, SourceFacts, Trouble
from feedsvc.watch.conditions import judge, remedy, span_of

NOW = datetime(2025, 12, 18, 12, 0, tzinfo=UTC)
PATIENCE = timedelta(minutes=10)
GOOD = SourceFacts(
    name="https://news.example/politik",
    active=True,
    failures=0,
    code="",
    message="",
    polled_at=NOW - timedelta(minutes=1),
    good_at=NOW - timedelta(minutes=1),
    due=NOW + timedelta(minutes=1),
    leased=False,
)
FAILING = replace(GOOD, failures=5, code="HTTP_GONE", message="answers 404", good_at=NOW - timedelta(hours=1))
PAGES = PageFacts(
    host="news.example",
    read=0,
    failed=7,
    code="HTTP_STATUS",
    message="answers 403",
    since=NOW - timedelta(minutes=30),
)


def troubles(facts: Facts) -> list[tuple[Trouble, str]]:
    return [(one.kind, one.subject) for one in judge(facts, NOW, patience=PATIENCE)]


def test_nothing_is_wrong_where_all_is_well() -> None:
    assert troubles(Facts(sources=(GOOD,), worker_at=NOW - timedelta(seconds=20))) == []
    assert troubles(Facts()) == []


def test_a_source_that_fails_is_told_with_reason_and_remedy() -> None:
    (one,) = judge(Facts(sources=(FAILING,)), NOW, patience=PATIENCE)
    assert (one.kind, one.subject, one.code) == (Trouble.SOURCE, GOOD.name, "HTTP_GONE")
    assert one.since == NOW - timedelta(hours=1)
    assert one.reason == "answers 404"
    assert "the new one" in one.remedy


@pytest.mark.parametrize(
    "one",
    [
        replace(FAILING, failures=1),  # one failed poll is the next poll's to settle
        replace(FAILING, good_at=NOW - timedelta(minutes=9)),  # it has not lasted yet
    ],
)
def test_what_has_not_lasted_is_not_told(one: SourceFacts) -> None:
    assert troubles(Facts(sources=(one,))) == []


@pytest.mark.parametrize("code", ["BLOCKED_ROBOTS", "BLOCKED_URL", "BLOCKED_ADDRESS"])
def test_what_somebody_decided_is_told_without_a_second_failure(code: str) -> None:
    """A foreign source is asked again after half an hour or more, and will say the same."""
    (one,) = judge(Facts(sources=(replace(FAILING, failures=1, code=code),)), NOW, patience=PATIENCE)
    assert (one.kind, one.code) == (Trouble.SOURCE, code)
    assert one.remedy
    assert troubles(Facts(sources=(replace(GOOD, code=code),))) == []  # that was the last time


def test_a_source_that_nobody_polls_is_told() -> None:
    late = replace(GOOD, due=NOW - timedelta(minutes=20))
    assert troubles(Facts(sources=(late,))) == [(Trouble.LATE, GOOD.name)]
    assert troubles(Facts(sources=(replace(late, leased=True),))) == []  # somebody is at it
    assert troubles(Facts(sources=(replace(late, due=NOW - timedelta(minutes=14)),))) == []


def test_that_nobody_polled_is_told_once_and_not_for_each_source() -> None:
    late = replace(GOOD, due=NOW - timedelta(minutes=20))
    facts = Facts(sources=(late,), worker_at=NOW - timedelta(minutes=21))
    assert troubles(facts) == [(Trouble.WORKER, "worker")]
    # it was late while the worker lived
    stuck = replace(late, due=NOW - timedelta(minutes=40))
    assert {kind for kind, _ in troubles(replace(facts, sources=(stuck,)))} == {Trouble.WORKER, Trouble.LATE}


def test_a_source_that_is_gone_for_good_is_told_once_and_for_all() -> None:
    gone = replace(FAILING, active=False, polled_at=NOW - timedelta(days=3))
    assert troubles(Facts(sources=(gone,))) == [(Trouble.STOPPED, GOOD.name)]


def test_article_pages_that_all_fail_are_told_by_host() -> None:
    assert troubles(Facts(pages=(PAGES,))) == [(Trouble.PAGES, "news.example")]
    assert troubles(Facts(pages=(replace(PAGES, read=1),))) == []
    assert troubles(Facts(pages=(replace(PAGES, failed=2),))) == []


def test_a_worker_that_does_not_show_up_is_told_at_once() -> None:
    gone = Facts(worker_at=NOW - timedelta(seconds=75))
    assert troubles(gone) == [(Trouble.WORKER, "worker")]


def test_every_code_of_a_source_has_a_remedy() -> None:
    of_others = {
        *("CONFIG", "STORE", "STORE_VERSION", "STORE_OF_ANOTHER_SITE", "STORE_NOT_EMPTY", "STORE_DAMAGED"),
        *("STORE_BUSY", "SERVE", "PORT_TAKEN", "BAD_SUBSCRIPTION", "TOO_MANY_SUBSCRIPTIONS", "BAD_VALUE"),
        *("UNKNOWN_ARTICLE", "UNKNOWN_SECTION", "ERASED", "NOT_NOTIFIED", "NOT_YOURS", "OTHER_VERSION"),
        *("STORE_GONE", "BROKER", "BUCKET"),
    }
    # the readers' own limits say in their messages what they found; docs/errors.md has the rest
    in_their_words = {
        *("TOO_DEEP", "PARSE_TIMEOUT", "NOT_AN_ARTICLE", "BAD_FILE"),
    }
    without = {str(code) for code in Code if remedy(code).startswith("docs/errors.md")}
    assert without <= of_others | in_their_words


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(seconds=75), "75 seconds"),
        (timedelta(minutes=5), "5 minutes"),
        (timedelta(hours=3), "3 hours"),
        (timedelta(days=4), "4 days"),
    ],
)
def test_spans_in_words(span: timedelta, words: str) -> None:
    assert span_of(span) == words


def test_most_sources_out_of_reach_are_one_trouble() -> None:
    """Of one host: the host. Of several: this machine's network. What fails otherwise keeps its own."""
    away = replace(FAILING, code="CONNECT", message="no connection")
    site = [replace(away, name=f"https://news.example/{n}", host="news.example") for n in range(5)]
    found = judge(Facts(sources=site, worker_at=NOW), NOW, patience=PATIENCE)
    assert [(one.kind, one.subject) for one in found] == [(Trouble.NETWORK, "host news.example")]
    assert "browser" in found[0].remedy
    several = [replace(one, host=f"h{n}.example") for n, one in enumerate(site)]
    gone = replace(FAILING, name="https://other.example/", host="other.example")
    assert troubles(Facts(sources=[*several, gone], worker_at=NOW)) == [
        (Trouble.NETWORK, "network"),
        (Trouble.SOURCE, "https://other.example/"),
    ]


def test_pages_that_fail_as_their_list_does_are_told_once() -> None:
    away = replace(FAILING, host="news.example", code="TLS", message="certificate has expired")
    pages = replace(PAGES, code="TLS")
    assert troubles(Facts(sources=(away,), pages=(pages,))) == [(Trouble.SOURCE, GOOD.name)]
    (one,) = judge(
        Facts(sources=(replace(GOOD, host="news.example"),), pages=(pages,)), NOW, patience=PATIENCE
    )
    assert "renew the certificate" in one.remedy
    (one,) = judge(Facts(pages=(PAGES,)), NOW, patience=PATIENCE)
    assert "ask its operator to let feedsvc in" in one.remedy
