"""Readers in children: what kills a child or the server that makes them ends one reading at most."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psutil
import pytest

from feedsvc.errors import Code, ReadError
from feedsvc.extract.child import ChildExtractor
from feedsvc.plugin_api import FeedReading, Job
from tests.conftest import until

NOW = datetime(2025, 12, 18, 12, 0, tzinfo=UTC)
FEED = b"""<rss version="2.0"><channel><title>Contoh</title>
<item><title>Satu</title><link>https://news.example/1</link></item></channel></rss>"""


def job(body: bytes = FEED) -> Job:
    return Job(kind="feed", body=body, url="https://news.example/feed", now=NOW)


@pytest.fixture
def extractor() -> Iterator[ChildExtractor]:
    made = ChildExtractor(workers=1)
    yield made
    made.close()


def reads(extractor: ChildExtractor) -> bool:
    try:
        found = extractor.read(job())
    except ReadError:
        return False
    assert isinstance(found, FeedReading)
    return [entry.title for entry in found.entries] == ["Satu"]


def readers() -> list[psutil.Process]:
    """The processes that read, and the server that makes them; not the servers of other tests."""
    family = psutil.Process().children(recursive=True)
    return [one for one in family if _reads(one)]


def _reads(process: psutil.Process) -> bool:
    try:
        return "forkserver" in str(process.cmdline())
    except psutil.NoSuchProcess:  # it ended while it was asked
        return False


def test_a_killed_reader_is_replaced(extractor: ChildExtractor) -> None:
    assert reads(extractor)
    before = readers()
    before[-1].kill()
    assert reads(extractor) or reads(extractor)


def _killed_at_first(mark: str) -> str:
    if not Path(mark).exists():
        Path(mark).touch()
        signal.raise_signal(signal.SIGKILL)
    return "read"


@pytest.mark.slow
def test_what_was_read_while_its_reader_was_killed_is_read_once_more(
    extractor: ChildExtractor, tmp_path: Path
) -> None:
    """A machine without memory kills; the next look, or an article of the API, is not to blame."""
    assert extractor._done("the text", 10.0, _killed_at_first, str(tmp_path / "mark")) == "read"
    with pytest.raises(ReadError, match="ended its reader"):  # twice: then it may be
        extractor._done("the text", 10.0, signal.raise_signal, signal.SIGKILL)


@pytest.mark.slow
def test_readers_come_back_when_all_of_them_and_their_server_are_killed(extractor: ChildExtractor) -> None:
    assert reads(extractor)
    for one in readers():
        one.kill()
    # the reading that is under way may be lost, with an error; none hangs, and the next ones work
    assert any(reads(extractor) for _ in range(10))
    assert reads(extractor)


def test_a_text_is_cleaned_in_a_child_and_one_that_kills_it_is_refused(extractor: ChildExtractor) -> None:
    text = "<p>Isi <script>x</script><img src='/a.jpg'></p>"
    cleaned = extractor.clean(text, base="https://news.example/")
    assert cleaned == ('<p>Isi <img src="https://news.example/a.jpg"></p>', "Isi")
    with pytest.raises(ReadError, match="ended its reader") as caught:
        extractor._done("the text", 10.0, os.abort)  # as a fault in a parser written in C ends it
    assert caught.value.code is Code.PARSE_TIMEOUT
    assert extractor.clean(text, base="https://news.example/") == cleaned


def test_a_reading_that_takes_too_long_is_ended() -> None:
    hasty = ChildExtractor(workers=1, seconds=0.05)
    try:
        many = b"<item><title>x</title><description>&lt;p&gt;y&lt;/p&gt;</description></item>" * 20_000
        slow = b"<rss version='2.0'><channel><title>x&nbsp;</title>" + many + b"</channel></rss>"
        with pytest.raises(ReadError) as caught:
            hasty.read(job(slow))
        assert caught.value.code is Code.PARSE_TIMEOUT
    finally:
        hasty.close()


def test_readers_start_with_the_first_job_and_end_when_there_is_none() -> None:
    quiet = ChildExtractor(workers=1, idle=0.05)
    try:
        server = len(readers())  # the server of other tests' readers may be there already
        assert quiet._pool is None
        for _ in range(2):  # they come back with the next job
            assert reads(quiet)
            until(lambda: quiet._pool is None)
            until(lambda: len(readers()) <= max(server, 1))
    finally:
        quiet.close()
