"""Feeds of every dialect and with every wart we know, with the right answer beside each."""

from __future__ import annotations

import pytest

from feedsvc.extract.feed.memo import Memo
from tests.extract.feed.cases import FEEDS, NAMES, answer_of, plain, read, read_case, sound


@pytest.mark.parametrize("name", NAMES)
def test_it_says_what_the_answer_says(name: str) -> None:
    reading = read_case(name)
    answer = answer_of(name)
    answer.pop("hints", None)
    assert plain(reading) == answer
    sound(reading)


@pytest.mark.parametrize("name", NAMES)
def test_a_memo_changes_nothing(name: str) -> None:
    body, hints = (FEEDS / name).read_bytes(), answer_of(name).get("hints", {})
    memo = Memo()
    assert read(body, memo=memo, **hints) == read(body, memo=memo, **hints) == read_case(name)


def test_a_memo_tells_the_same_entry_of_two_feeds_apart() -> None:
    memo = Memo()
    body = b"<rss version='2.0'><channel><item><link>page</link></item></channel></rss>"
    one = read(body, url="https://one.example/feed", memo=memo)
    other = read(body, url="https://other.example/feed", memo=memo)
    assert one.entries[0].url == "https://one.example/page"
    assert other.entries[0].url == "https://other.example/page"


def test_a_memo_tells_the_same_date_in_two_zones_apart() -> None:
    memo = Memo()
    item = b"<item><guid>1</guid><pubDate>2026-11-20 10:00</pubDate></item>"
    body = b"<rss version='2.0'><channel>" + item + b"</channel></rss>"
    jakarta = read(body, memo=memo, zone="Asia/Jakarta").entries[0].published
    berlin = read(body, memo=memo, zone="Europe/Berlin").entries[0].published
    assert jakarta is not None
    assert berlin is not None
    assert (berlin.at - jakarta.at).total_seconds() == 6 * 3600


def test_a_memo_forgets_the_oldest() -> None:
    memo = Memo(drafts=2)
    for number in (1, 2, 1, 3, 1):
        item = f"<item><guid>{number}</guid></item>"
        assert len(read(f"<rss><channel>{item}</channel></rss>".encode(), memo=memo).entries) == 1
    assert len(memo) == 2


def test_a_memo_keeps_no_more_than_its_size() -> None:
    memo = Memo(size=5_000)
    items = "".join(f"<item><guid>{n}</guid></item>" for n in range(50))
    read(f"<rss><channel>{items}</channel></rss>".encode(), memo=memo)
    assert 1 <= len(memo) <= 5


def test_an_entry_without_address_and_id_is_called_by_its_enclosure() -> None:
    enclosure = b"<enclosure url='/e/1.mp3' type='audio/mpeg' length='9'/>"
    body = b"<rss version='0.92'><channel><item><description>One</description>" + enclosure
    reading = read(body + b"</item><item><description>Two</description></item></channel></rss>")
    assert [entry.guid for entry in reading.entries] == ["https://feeds.example/e/1.mp3"]
    assert "1 of the entries" in reading.notes[0]
