"""What feeds say of episodes: the `itunes:` and `podcast:` elements of an item → an Episode.

Apple's "A Podcaster's Guide to RSS" (podcasters.apple.com/support/823-podcast-requirements) and the podcast
namespace (podcastindex.org/namespace/1.0). What is written wrongly says nothing.
"""

from __future__ import annotations

import re

from feedsvc.extract.feed import texts
from feedsvc.extract.feed.addresses import address
from feedsvc.extract.feed.document import Document, Fields, first, plain_or_markup, text
from feedsvc.extract.feed.wire import Airing, File, Text
from feedsvc.model import Episode, EpisodeKind, Transcript

MAX_TRANSCRIPTS = 10
LONGEST = 30 * 86_400  #: seconds; what is longer is no duration
_NAMES = frozenset(
    [f"itunes:{name}" for name in "duration episode season episodetype explicit title summary".split()]
    + [f"podcast:{name}" for name in "episode season transcript chapters".split()]
)
_DURATION = re.compile(r"(?:(?:(\d{1,5}):)?(\d{1,5}):)?(\d{1,8})(?:\.\d*)?")
_NUMBER = re.compile(r"\d{1,9}(?:\.\d{1,3})?")
_SEASON = re.compile(r"\d{1,6}")
_TYPE = re.compile(r"[a-z]+/[a-z0-9][a-z0-9.+-]{0,80}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_EXPLICIT = {"true": True, "yes": True, "explicit": True, "false": False, "no": False, "clean": False}
_KINDS = {kind.value: kind for kind in EpisodeKind}


def of(document: Document, fields: Fields) -> Airing | None:
    """What an item with these fields says of itself as an episode; None where it says nothing."""
    if _NAMES.isdisjoint(fields):
        return None
    files = [
        File(one.get("url", ""), one.get("type", ""), one.get("language", ""), one.get("rel", ""))
        for one in fields.get("podcast:transcript", ())[:MAX_TRANSCRIPTS]
    ]
    chapters = next((one.get("url", "") for one in fields.get("podcast:chapters", ())), "")
    image = next((one.get("href", "") or text(one) for one in fields.get("itunes:image", ())), "")
    summary = next((plain_or_markup(one, html=True) for one in fields.get("itunes:summary", ())), Text())
    return Airing(
        duration=first(fields, "itunes:duration"),
        number=first(fields, "podcast:episode", "itunes:episode"),
        season=first(fields, "podcast:season", "itunes:season"),
        kind=first(fields, "itunes:episodetype"),
        explicit=first(fields, "itunes:explicit"),
        image=image,
        title=first(fields, "itunes:title"),
        summary=summary,
        transcripts=tuple(files),
        chapters=chapters,
    )


def episode(said: Airing | None, *, title: str, base: str) -> Episode | None:
    """The episode that is meant; None where nothing of it can be read. `title` is the item's headline."""
    if said is None:
        return None
    own_title = texts.title(Text(said.title, html=True))
    found = Episode(
        duration=seconds(said.duration),
        number=float(said.number) if _NUMBER.fullmatch(said.number) else None,
        season=int(said.season) if _SEASON.fullmatch(said.season) else 0,
        kind=_KINDS.get(said.kind.strip().lower()),
        explicit=_EXPLICIT.get(said.explicit.strip().lower()),
        image=address(base, said.image),
        title="" if own_title == title else own_title,
        summary=texts.summary(said.summary) if said.summary.value else "",
        transcripts=tuple(_transcripts(said, base)),
        chapters=address(base, said.chapters),
    )
    return found if found != Episode() else None


def seconds(said: str) -> int:
    """A duration, `1:02:03`, `62:03` or `3723`, in seconds; 0 for what is none."""
    match = _DURATION.fullmatch(said.strip())
    if match is None:
        return 0
    hours, minutes, rest = (int(part or 0) for part in match.groups())
    total = hours * 3600 + minutes * 60 + rest
    return total if total <= LONGEST else 0


def _transcripts(said: Airing, base: str) -> list[Transcript]:
    found: dict[str, Transcript] = {}
    for file in said.transcripts:
        if url := address(base, file.url):
            kind, language = file.type.partition(";")[0].strip().lower(), file.language.strip()
            transcript = Transcript(
                url=url,
                type=kind if _TYPE.fullmatch(kind) else "",
                language=language if _LANGUAGE.fullmatch(language) else "",
                captions=file.relation.strip().lower() == "captions",
            )
            found.setdefault(url, transcript)
    return list(found.values())
