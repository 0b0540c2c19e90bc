"""What reading a feed costs: our reader, and feedparser alone.

    python bench/feed.py [REPEAT]         (default: 15)

CPU milliseconds of one process, the fastest of REPEAT readings, in turns. feedparser parses and sanitises
(its defaults) and makes no drafts; ours makes drafts: dates, addresses, clean HTML. Ours, four times:

    1 new     one of the 50 entries is new since the last reading in this process: a poll of a changed feed
    5 new     so are five
    first     nothing is known, as when a process reads the feed for the first time
    no nh3    the same, without cleaning full texts: shows how much of it is the sanitiser
"""

from __future__ import annotations

import io
import random
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html import escape
from unittest.mock import patch

import feedparser

from feedsvc.extract import feed
from feedsvc.extract.feed.memo import Memo

ENTRIES = 50
URL = "https://news.example/feed"
NOW = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
WORDS = (
    "pemerintah kota menetapkan anggaran baru untuk tahun depan dengan alasan kuat bahwa warga perlu layanan "
    "umum lebih baik sementara harga pangan naik di pasar"
).split()
SPACES = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:media="http://search.yahoo.com/mrss/"'
)


class Story:
    """One made-up entry; the same number is always the same story."""

    def __init__(self, number: int) -> None:
        chance = random.Random(number)

        def words(count: int) -> str:
            return " ".join(chance.choices(WORDS, k=count))

        self.number = number
        self.title = words(9).capitalize()
        self.link = f"https://news.example/politik/2026/11/{number}-{words(5).replace(' ', '-')}"
        self.author = words(2).title()
        self.tags = ("Politik", words(1))
        self.at = NOW - timedelta(minutes=1_000 - number)
        self.summary = f"<p>{words(30)} [&#8230;]</p>"
        link = f'<a href="https://news.example/tag/{words(1)}">{words(2)}</a>'
        self.full = "\n".join(f"<p>{words(30)} {link} {words(30)}</p>" for _ in range(6))


def rss(first: int, *, full: bool) -> bytes:
    """A feed of the ENTRIES stories from number `first` on, newest first."""

    def item(story: Story) -> str:
        body = f"<content:encoded><![CDATA[{story.full}]]></content:encoded>" if full else ""
        tags = "".join(f"<category><![CDATA[{tag}]]></category>" for tag in story.tags)
        return (
            f"<item>\n<title>{story.title}</title>\n<link>{story.link}</link>\n"
            f"<dc:creator><![CDATA[{story.author}]]></dc:creator>\n{tags}\n"
            f"<pubDate>{story.at:%a, %d %b %Y %H:%M:%S} +0000</pubDate>\n"
            f'<guid isPermaLink="false">https://news.example/?p={story.number}</guid>\n'
            f"<description><![CDATA[{story.summary}]]></description>\n{body}"
            f'<media:content url="https://news.example/{story.number}.jpg" medium="image"/>\n</item>'
        )

    items = "\n".join(item(Story(number)) for number in reversed(range(first, first + ENTRIES)))
    head = "<title>Berita</title><link>https://news.example</link><language>id</language>"
    return (
        f'<?xml version="1.0"?>\n<rss version="2.0" {SPACES}><channel>{head}{items}</channel></rss>'.encode()
    )


def atom(first: int, *, full: bool) -> bytes:
    """The same as Atom."""

    def entry(story: Story) -> str:
        body = f'<content type="html">{escape(story.full)}</content>' if full else ""
        tags = "".join(f'<category term="{tag}"/>' for tag in story.tags)
        at = f"{story.at:%Y-%m-%dT%H:%M:%S}Z"
        return (
            f"<entry>\n<title>{story.title}</title>\n<link href='{story.link}'/>\n"
            f"<id>https://news.example/?p={story.number}</id>\n<author><name>{story.author}</name></author>\n"
            f"<published>{at}</published>\n<updated>{at}</updated>\n"
            f'{tags}\n<summary type="html">{escape(story.summary)}</summary>\n{body}</entry>'
        )

    entries = "\n".join(entry(Story(number)) for number in reversed(range(first, first + ENTRIES)))
    head = "<title>Berita</title><id>https://news.example/</id><updated>2026-11-23T00:00:00Z</updated>"
    return f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="id">{head}{entries}</feed>'.encode()


def cost(work: Callable[[], object]) -> float:
    """CPU milliseconds that `work` takes."""
    begun = time.process_time_ns()
    work()
    return (time.process_time_ns() - begun) / 1e6


def read(body: bytes, memo: Memo) -> None:
    """One reading, whose result must be whole: a bench of errors would look fast."""
    assert len(feed.read(body, url=URL, now=NOW, memo=memo).entries) == ENTRIES


def changed(make: Callable[..., bytes], new: int, *, full: bool) -> float:
    """The cost of a reading in which `new` entries were not in the reading before."""
    memo = Memo()
    read(make(0, full=full), memo)
    body = make(new, full=full)
    return cost(lambda: read(body, memo))


def measure(make: Callable[..., bytes], *, full: bool, repeat: int) -> dict[str, float]:
    """The least cost of each way, measured in turns: the machine may be busy with other things."""
    body = make(0, full=full)
    least: dict[str, float] = {}
    for _ in range(repeat):
        with patch("feedsvc.extract.feed.texts.clean_html", lambda fragment, base: fragment):
            bare = cost(lambda: read(body, Memo()))
        figures = {
            "feedparser": cost(lambda: feedparser.parse(io.BytesIO(body))),
            "1 new": changed(make, 1, full=full),
            "5 new": changed(make, 5, full=full),
            "first": cost(lambda: read(body, Memo())),
            "no nh3": bare,
        }
        least = {way: min(figure, least.get(way, figure)) for way, figure in figures.items()}
    return least


def main() -> None:
    """Print a line for each kind of feed."""
    repeat = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    print(f"{ENTRIES} entries; CPU ms (times less than feedparser)")
    for make in (rss, atom):
        for full in (False, True):
            size = len(make(0, full=full)) // 1024
            figures = measure(make, full=full, repeat=repeat)
            base = figures.pop("feedparser")
            ours = "  ".join(f"{way} {ms:6.2f} ({base / ms:4.1f}x)" for way, ms in figures.items())
            kind = f"{make.__name__} {'full texts' if full else 'summaries'}"
            print(f"{kind:16} {size:4} kB  feedparser {base:6.2f}  {ours}")


if __name__ == "__main__":
    main()
