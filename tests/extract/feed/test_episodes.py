"""What feeds say of episodes of podcasts, in every dialect; and what is written wrongly says nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from feedsvc.extract.feed.episodes import seconds
from feedsvc.extract.read import read
from feedsvc.model import Draft, Episode, EpisodeKind, Transcript
from feedsvc.plugin_api import FeedReading, Job

WHOLE = Episode(
    duration=3723,
    number=12.5,
    season=3,
    kind=EpisodeKind.BONUS,
    explicit=False,
    image="https://host.example/e12.jpg",
    title="Pasar malam",
    summary="Bunyi & cerita.",
    transcripts=(
        Transcript(url="https://host.example/e12.vtt", type="text/vtt", language="id", captions=True),
        Transcript(url="https://host.example/e12.html"),
    ),
    chapters="https://host.example/e12.json",
)
ELEMENTS = """
<itunes:duration> 1:02:03 </itunes:duration><itunes:episode>12</itunes:episode>
<podcast:episode display="XII">12.5</podcast:episode><itunes:season>3</itunes:season>
<itunes:episodeType>Bonus</itunes:episodeType><itunes:explicit>clean</itunes:explicit>
<itunes:image href="/e12.jpg"/><itunes:title>Pasar malam</itunes:title>
<itunes:summary>&lt;p&gt;Bunyi &amp;amp; cerita.&lt;/p&gt;</itunes:summary>
<podcast:transcript url="/e12.vtt" type="text/vtt" language="id" rel="captions"/>
<podcast:transcript url="/e12.html" type="not a type"/>
<podcast:transcript url="javascript:alert(1)" type="text/html"/>
<podcast:chapters url="/e12.json" type="application/json+chapters"/>
"""
OLD = "https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/1.0.md"
NEW = "https://podcastindex.org/namespace/1.0"


def rss(elements: str, namespace: str = NEW) -> str:
    return (
        '<rss version="2.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" '
        f'xmlns:podcast="{namespace}"><channel><title>Suara</title><item><title>12: Pasar malam</title>'
        '<link>https://host.example/12</link><enclosure url="https://host.example/12.mp3" '
        f'type="audio/mpeg" length="9"/>{elements}</item></channel></rss>'
    )


def only(text: str) -> Draft:
    reading = read(
        Job(
            kind="feed",
            body=text.encode(),
            url="https://host.example/feed",
            language="id",
            zone=ZoneInfo("Asia/Jakarta"),
            now=datetime(2026, 1, 2, tzinfo=UTC),
        )
    )
    assert isinstance(reading, FeedReading)
    (entry,) = reading.entries
    return entry


@pytest.mark.parametrize("namespace", [NEW, OLD])
def test_all_of_an_episode_is_read(namespace: str) -> None:
    draft = only(rss(ELEMENTS, namespace))
    assert draft.episode == WHOLE
    assert [one.url for one in draft.enclosures] == ["https://host.example/12.mp3"]


def test_atom_has_the_same_elements() -> None:
    text = (
        '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:podcast="https://podcastindex.org/namespace/1.0" '
        'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"><title>Suara</title><entry>'
        f"<id>urn:x:12</id><title>12</title>{ELEMENTS}</entry></feed>"
    )
    assert only(text).episode == WHOLE


def test_json_feed_has_the_duration() -> None:
    file = '{"url": "https://host.example/12.mp3", "mime_type": "audio/mpeg", "duration_in_seconds": 62}'
    head = '{"version": "https://jsonfeed.org/version/1.1", "title": "Suara", "items": '
    assert only(f'{head}[{{"id": "12", "attachments": [{file}]}}]}}').episode == Episode(duration=62)


def test_a_feed_that_is_not_well_formed_keeps_what_its_reader_knows() -> None:
    found = only(rss(ELEMENTS + "<sub><b></sub>")).episode
    assert found is not None
    assert (found.duration, found.season, found.kind) == (3723, 3, EpisodeKind.BONUS)


def test_what_is_written_wrongly_says_nothing() -> None:
    wrong = (
        "<itunes:duration>long</itunes:duration><itunes:episode>zwölf</itunes:episode>"
        "<itunes:season>-1</itunes:season><itunes:episodeType>special</itunes:episodeType>"
        "<itunes:explicit>perhaps</itunes:explicit><podcast:chapters url='ftp://x/y'/>"
        "<itunes:title>12: Pasar malam</itunes:title>"
    )
    assert only(rss(wrong)).episode is None
    assert only(rss("")).episode is None


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("0", 0),
        ("59", 59),
        ("02:05", 125),
        ("1:00:00", 3600),
        ("90:00", 5400),
        ("3723.5", 3723),
        ("12:", 0),
        ("1:2:3:4", 0),
        ("-5", 0),
        ("9" * 30, 0),
        ("99999:00:00", 0),
        ("", 0),
    ],
)
def test_durations(said: str, meant: int) -> None:
    assert seconds(said) == meant
