"""A feed as a podcast: the `itunes:` and `podcast:` elements of shows and episodes.

Apple's "A Podcaster's Guide to RSS" (podcasters.apple.com/support/823-podcast-requirements) and the podcast
namespace (podcastindex.org/namespace/1.0); docs/podcasts.md names each rule.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid5

from feedsvc.model import Element, Episode, Show, Transcript, number_text
from feedsvc.render.text import legal, mailbox

NAMESPACES = ("itunes", "podcast")
SUMMARY = 4000  #: characters: Apple
_OF_PODCASTS = UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")  #: the namespace that podcast:guid names
CHAPTERS = "application/json+chapters"
#: What an ending stands for where a transcript's type is not known; the element wants one.
_TRANSCRIPTS = {
    ".vtt": "text/vtt",
    ".srt": "application/x-subrip",
    ".json": "application/json",
    ".html": "text/html",
    ".htm": "text/html",
}


def of_show(show: Show, first: str) -> tuple[Element, ...]:
    """What a channel has besides. `first` is the address that it was first served under."""
    return tuple(_show(show, show.guid or _guid(first)))


def _guid(address: str) -> str:
    """podcast:guid of an address: a UUID (version 5) of the address without scheme and last slashes."""
    return str(uuid5(_OF_PODCASTS, address.partition("://")[2].rstrip("/")))


def _show(show: Show, guid: str) -> Iterator[Element]:
    yield Element("itunes:author", legal(show.author))
    owner = mailbox(show.owner, show.author)
    if owner:
        name, mail = Element("itunes:name", owner[1]), Element("itunes:email", owner[0])
        yield Element("itunes:owner", children=(name, mail))
    if show.image:
        yield Element("itunes:image", attributes=(("href", show.image),))
    for category, below in show.categories:
        inner = (Element("itunes:category", attributes=(("text", below),)),) if below else ()
        yield Element("itunes:category", attributes=(("text", category),), children=inner)
    yield Element("itunes:explicit", _truth(show.explicit))
    yield Element("itunes:type", "serial" if show.serial else "episodic")
    yield Element("podcast:guid", guid)
    yield Element(
        "podcast:locked",
        "yes" if show.locked else "no",
        attributes=(("owner", owner[0]),) if owner else (),
    )
    if show.private:
        yield Element("itunes:block", "Yes")
        yield Element("podcast:block", "yes")


def of_episode(episode: Episode) -> tuple[Element, ...]:
    """What an item has besides."""
    return tuple(_episode(episode))


def _episode(episode: Episode) -> Iterator[Element]:
    if episode.title:
        yield Element("itunes:title", legal(episode.title))
    if episode.duration:
        yield Element("itunes:duration", str(episode.duration))
    if episode.number is not None:
        if episode.number >= 1 and episode.number == int(episode.number):  # Apple: an integer, not 0
            yield Element("itunes:episode", number_text(episode.number))
        yield Element("podcast:episode", number_text(episode.number))
    if episode.season:
        yield Element("itunes:season", str(episode.season))
        yield Element("podcast:season", str(episode.season))
    if episode.kind:
        yield Element("itunes:episodeType", episode.kind.value)
    if episode.explicit is not None:
        yield Element("itunes:explicit", _truth(episode.explicit))
    if episode.image:
        yield Element("itunes:image", attributes=(("href", legal(episode.image)),))
    if episode.summary:
        yield Element("itunes:summary", legal(episode.summary)[:SUMMARY])
    for one in episode.transcripts:
        yield _transcript(one)
    if episode.chapters:
        attributes = (("url", legal(episode.chapters)), ("type", CHAPTERS))
        yield Element("podcast:chapters", attributes=attributes)


def _transcript(one: Transcript) -> Element:
    kind = one.type or _TRANSCRIPTS.get(PurePosixPath(urlsplit(one.url).path).suffix.lower(), "text/plain")
    attributes = [("url", legal(one.url)), ("type", legal(kind))]
    attributes += [("language", legal(one.language))] if one.language else []
    attributes += [("rel", "captions")] if one.captions else []
    return Element("podcast:transcript", attributes=tuple(attributes))


def values(episode: Episode) -> dict[str, Any]:
    """An episode for JSON Feed's extension: what is known of it."""
    known = {name: value for name, value in asdict(episode).items() if value not in ("", 0, None, ())}
    known |= {"explicit": episode.explicit} if episode.explicit is not None else {}
    known |= {"number": episode.number} if episode.number is not None else {}
    return known


def _truth(value: bool) -> str:
    return "true" if value else "false"
