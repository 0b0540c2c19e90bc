"""Rules for podcasts: Apple's, whose directory the others follow."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from feedsvc.model import Access, Article
from feedsvc.publish.preflight.subject import ADVISED, PODCASTS, REFUSED, Found, Subject
from feedsvc.render.extension import enclosures

APPLE_PODCASTS = (PODCASTS,)
COVERS = frozenset({".jpg", ".jpeg", ".png"})
#: What Apple plays
FILES = frozenset(
    "audio/x-m4a audio/mpeg audio/mp4 video/quicktime video/mp4 video/x-m4v application/pdf".split()
)


def show(subject: Subject) -> Iterator[Found]:
    """What is looked at in a podcast as a whole."""
    given = subject.spec.show
    if given is None:
        text = "the feed is no podcast: give the section podcast = true"
        yield REFUSED, "podcast", text, APPLE_PODCASTS
        return
    if not given.image:
        yield REFUSED, "cover", "it has no cover: [section.podcast] image", APPLE_PODCASTS
    elif _ending(given.image) not in COVERS:
        text = f"its cover {given.image} is no .jpg or .png"
        yield REFUSED, "cover", text, APPLE_PODCASTS
    if not (subject.spec.description or subject.site.description):
        yield REFUSED, "show-description", "it has no description", APPLE_PODCASTS
    if "@" not in given.owner:
        text = "it names no e-mail address: [section.podcast] owner"
        yield ADVISED, "owner", text, APPLE_PODCASTS
    if subject.access is not Access.OPEN:
        text = f"access is {subject.access.value!r}: directories list open feeds alone"
        yield REFUSED, "access", text, APPLE_PODCASTS
    seen: set[str] = set()
    for url in (files[0][0] for article in subject.articles if (files := enclosures(article))):
        if url in seen:
            yield REFUSED, "unique-file", f"two episodes have the file {url}", APPLE_PODCASTS
        seen.add(url)


def episode(article: Article, subject: Subject) -> Iterator[Found]:
    """What is looked at in each episode."""
    if subject.spec.show is None:
        return
    about = article.story.episode
    if not article.story.enclosures:
        yield REFUSED, "file", "no file to play", APPLE_PODCASTS
        return
    url, kind, length = enclosures(article)[0]
    if kind not in FILES:
        yield REFUSED, "file-type", f"its file is {kind}, which is not played", APPLE_PODCASTS
    if urlsplit(url).scheme != "https":
        yield ADVISED, "file-https", "the address of its file is not https", APPLE_PODCASTS
    if not length:
        yield ADVISED, "file-length", "the size of its file is not known", APPLE_PODCASTS
    if about is None or not about.duration:
        yield ADVISED, "duration", "its duration is not known", APPLE_PODCASTS
    if subject.spec.show.serial and (about is None or not about.number or about.number != int(about.number)):
        text = "a serial show wants the number of each episode"
        yield REFUSED, "episode-number", text, APPLE_PODCASTS
    if about is not None and about.image and _ending(about.image) not in COVERS:
        yield ADVISED, "cover", f"its cover {about.image} is no .jpg or .png", APPLE_PODCASTS


def _ending(url: str) -> str:
    return PurePosixPath(urlsplit(url).path).suffix.lower()
