"""Podcasts: what an episode has besides an article, and a show besides a feed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class EpisodeKind(StrEnum):
    """What an episode is (itunes:episodeType)."""

    FULL = "full"
    TRAILER = "trailer"
    BONUS = "bonus"


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcript:
    """The words of an episode, or its captions, in a file."""

    url: str
    type: str = ""  #: media type; "" where only the address tells
    language: str = ""
    captions: bool = False  #: with times, to be shown while it plays


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """What an article is as an episode of a podcast; empty fields say nothing."""

    duration: int = 0  #: seconds
    number: float | None = None  #: within its season; 100.5 stands between two others
    season: int = 0
    kind: EpisodeKind | None = None
    explicit: bool | None = None
    image: str = ""  #: its own cover, a square
    title: str = ""  #: for lists of episodes, where it is another one than the headline
    summary: str = ""  #: plain text
    transcripts: tuple[Transcript, ...] = ()
    chapters: str = ""  #: the address of a file with chapters


@dataclass(frozen=True, slots=True, kw_only=True)
class Show:
    """What a feed is as a podcast."""

    author: str
    owner: str  #: an e-mail address, with or without a name; "" where there is none
    image: str  #: its cover, a square
    categories: tuple[tuple[str, str], ...]  #: (category, subcategory or "") in Apple's words
    explicit: bool
    serial: bool  #: meant to be heard in order
    guid: str  #: UUID for ever (podcast:guid); "": that of its first address
    locked: bool  #: other hosts may not take it over
    private: bool  #: no directory may list it


def number_text(number: float) -> str:
    """The number of an episode as a decimal without needless zeros."""
    return str(int(number)) if number == int(number) else str(number)


#: Apple's categories and what is below each (podcasters.apple.com/support/1691-apple-podcasts-categories).
CATEGORIES: dict[str, tuple[str, ...]] = {
    "Arts": ("Books", "Design", "Fashion & Beauty", "Food", "Performing Arts", "Visual Arts"),
    "Business": (
        *("Careers", "Entrepreneurship", "Investing", "Management", "Marketing"),
        "Non-Profit",
    ),
    "Comedy": ("Comedy Interviews", "Improv", "Stand-Up"),
    "Education": ("Courses", "How To", "Language Learning", "Self-Improvement"),
    "Fiction": ("Comedy Fiction", "Drama", "Science Fiction"),
    "Government": (),
    "Health & Fitness": (
        *("Alternative Health", "Fitness", "Medicine", "Mental Health", "Nutrition"),
        "Sexuality",
    ),
    "History": (),
    "Kids & Family": ("Education for Kids", "Parenting", "Pets & Animals", "Stories for Kids"),
    "Leisure": (
        *("Animation & Manga", "Automotive", "Aviation", "Crafts", "Games", "Hobbies"),
        *("Home & Garden", "Video Games"),
    ),
    "Music": ("Music Commentary", "Music History", "Music Interviews"),
    "News": (
        *("Business News", "Daily News", "Entertainment News", "News Commentary", "Politics"),
        *("Sports News", "Tech News"),
    ),
    "Religion & Spirituality": (
        *("Buddhism", "Christianity", "Hinduism", "Islam", "Judaism", "Religion"),
        "Spirituality",
    ),
    "Science": (
        *("Astronomy", "Chemistry", "Earth Sciences", "Life Sciences", "Mathematics"),
        *("Natural Sciences", "Nature", "Physics", "Social Sciences"),
    ),
    "Society & Culture": (
        *("Documentary", "Personal Journals", "Philosophy", "Places & Travel"),
        "Relationships",
    ),
    "Sports": (
        *("Baseball", "Basketball", "Cricket", "Fantasy Sports", "Football", "Golf", "Hockey"),
        *("Rugby", "Running", "Soccer", "Swimming", "Tennis", "Volleyball", "Wilderness"),
        "Wrestling",
    ),
    "TV & Film": ("After Shows", "Film History", "Film Interviews", "Film Reviews", "TV Reviews"),
    "Technology": (),
    "True Crime": (),
}
