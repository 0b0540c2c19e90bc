"""Many statements → one story. For each field the statement that counts most and says something wins."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from html import unescape
from typing import Any
from urllib.parse import urlsplit

import orjson

from feedsvc import urls
from feedsvc.curate import likeness
from feedsvc.dates import Precision
from feedsvc.model import Draft, Level, Statement, Story

OPENING = 100  #: characters of a text that stand for a missing headline
ENOUGH = 0.7  #: a feed's text is the full text when it has this share of the page's

ELSEWHERE = 0.3  #: share of a headline's words that a page has at most which is not the article's

_WORDS = {level: level.name.lower() for level in Level}
_SPACE = re.compile(r"\s+")
_BLOCK = re.compile(r"(</?(?:p|div|li|ul|ol|h[1-6]|blockquote|figure|table|tr|td|th|br|hr)\b[^>]*>)")
_LINK = re.compile(r'((?:href|src)=")([^"]*)(")')
_MARKUP = re.compile(r"<[^<>]*>")
_SHORT = re.compile(r"<(p|div|li|span|small)>([^<]{1,48})</\1>")
_NUMBER = re.compile(r"\d[\d.,]*(?:k|m|rb|jt|x)?")
#: What pages count, and the words around it.
_COUNTED = frozenset(
    "dibaca dilihat kali pembaca komentar dibagikan bagikan suka ribu juta read reads view views viewed "
    "times share shares shared comment comments like likes reaction reactions hits thousand million".split()
)


def merge(statements: Iterable[Statement]) -> Story:
    """The story that the statements tell together.

    Their order does not matter: `heard` says which of them counts more.
    """
    said = heard(statements)
    named = _named(said)
    origin: dict[str, str] = {}

    def first(name: str, empty: Any) -> Any:
        for one in said:
            value = getattr(one.draft, name)
            if value:
                where = one.draft.origin.get(name) or one.upstream_key
                origin[name] = f"{_WORDS[one.level]}: {where}{one.draft.told_sure(name)}"
                return value
        return empty

    content = _content(said, origin)
    summary = first("summary", "")
    title = first("title", "")
    if named is not None and said[0].level is Level.PAGE and not likeness.told(named.draft.title, title):
        # the name of the site is the heading of each of its pages
        origin["title"] = f"{_WORDS[named.level]}: {named.upstream_key}, for its page is headed {title!r}"
        title = named.draft.title
    if not title and (summary or content):
        # notes and microblogs have none; Atom and every list for people need one
        title, origin["title"] = _opening(summary or _MARKUP.sub(" ", content)), "the first words of its text"
    return Story(
        url=first("url", ""),
        title=title,
        summary=summary,
        content=content,
        authors=first("authors", ()),
        tags=first("tags", ()),
        image=first("image", None),
        enclosures=first("enclosures", ()),
        language=first("language", ""),
        section=first("section", ""),
        episode=first("episode", None),
        origin=origin,
    )


def heard(statements: Iterable[Statement]) -> list[Statement]:
    """The statements that count, the strongest first: by level, then by the upstream's key.

    What another publisher's feed or list says of an address counts only as long as no list or feed of its
    own speaks of it: else a foreign feed could rewrite the articles of others. Of two pages (the article
    moved, or two turned out to be one) the one that was read last counts. A page that tells something else
    than what it was named for ("not found", with status 200) says nothing of the article.
    """
    said = sorted(statements, key=_weight)
    own = [one for one in said if not is_foreign(one)]
    said = own if any(one.level not in (Level.HAND, Level.PAGE) for one in own) else said
    return [one for one in said if one.level is not Level.PAGE or not _is_elsewhere(one.draft, said)]


def _named(said: Iterable[Statement]) -> Statement | None:
    """What the publisher's feed or sitemap says of the article, if it has a headline."""
    of = (Level.FEED, Level.SITEMAP)
    return next((one for one in said if one.level in of and one.draft.title and not is_foreign(one)), None)


def _is_elsewhere(page: Draft, said: Sequence[Statement]) -> bool:
    """Whether a page is not that of the article: it has hardly a word of the headline that led to it."""
    named = _named(said)
    if named is None or not page.title:
        return False
    return likeness.told(named.draft.title, f"{page.title} {page.summary} {page.content}") < ELSEWHERE


def is_foreign(one: Statement) -> bool:
    """Whether a feed or a list speaks of an address that is not of its own publisher."""
    if one.level <= Level.PAGE or not (one.upstream_url and one.draft.url):
        return False
    return not urls.same_publisher(one.upstream_url, one.draft.url)


def _opening(text: str) -> str:
    """The first words of a text, to stand for a headline."""
    text = _fold(unescape(text))
    if len(text) <= OPENING:
        return text
    words = text[:OPENING].rpartition(" ")[0]
    return f"{words if len(words) > OPENING // 2 else text[:OPENING]} …"  # not every script has spaces


def _weight(one: Statement) -> tuple[int, float, str]:
    age = -one.at.timestamp() if one.level is Level.PAGE else 0.0
    return (one.level, age, one.upstream_key)


def _content(said: Sequence[Statement], origin: dict[str, str]) -> str:
    """The body: the newsroom's own, else a feed's if it is the whole text, else the page's, else any."""
    best: Statement | None = None
    for one in said:
        if not one.draft.content:
            continue
        if one.level <= Level.STORE or best is None:
            best = best or one
        elif (
            best.level is Level.PAGE
            and one.level is Level.FEED
            and _length(one.draft.content) >= ENOUGH * _length(best.draft.content)
        ):
            best = one
    if best is None:
        return ""
    origin["content"] = f"{_WORDS[best.level]}: {best.draft.origin.get('content') or best.upstream_key}"
    return best.draft.content


def _length(content: str) -> int:
    return len(_SPACE.sub(" ", _MARKUP.sub("", content)))


def unmoved(served: Story, story: Story) -> Story:
    """`served`, where `story` shows readers no difference: what they have stays as it is, byte for byte.

    Only the address follows, and a picture that is now on another host.
    """
    image = served.image
    if story.image and image and urlsplit(story.image.url).netloc != urlsplit(image.url).netloc:
        image = story.image
    return replace(served, url=story.url, image=image, origin=story.origin)


def story_digest(story: Story) -> bytes:
    """16 bytes that change exactly when readers see a difference.

    White space between elements, tracking parameters in links, the size of a rendition, counters ("Dibaca
    1.234 kali", "12 shares") and the article's own address do not count.
    """
    image = urlsplit(story.image.url).path if story.image else ""
    caption = (story.image.caption, story.image.credit) if story.image else ("", "")
    seen: list[object] = [
        _fold(story.title),
        _fold(story.summary),
        _SHORT.sub(_uncounted, _body(story.content)),
        story.authors,
        sorted(story.tags),
        image,
        caption,
        [one.url for one in story.enclosures],
    ]
    if story.episode is not None:  # else the digest is what it was before there were any
        seen.append(story.episode)
    return hashlib.blake2b(orjson.dumps(seen), digest_size=16).digest()


def _body(content: str) -> str:
    """A body without white space around its blocks, and without tracking parameters."""
    text = "".join([part.strip(" ") for part in _BLOCK.split(_fold(content))])
    return _LINK.sub(_plain_link, text) if '="' in text else text


def _plain_link(match: re.Match[str]) -> str:
    return f"{match[1]}{urls.clean(match[2].replace('&amp;', '&'))}{match[3]}"


def _uncounted(match: re.Match[str]) -> str:
    """Nothing, where an element holds nothing but a number and what was counted."""
    parts = match[2].casefold().replace(":", " ").split()
    figures = [part for part in parts if _NUMBER.fullmatch(part)]
    counter = len(figures) == 1 and len(parts) > 1 and set(parts) - set(figures) <= _COUNTED
    return "" if counter else match[0]


def _fold(text: str) -> str:
    return " ".join(text.split())


def draft_digest(draft: Draft) -> bytes:
    """16 bytes that change when an upstream says something else about an article.

    Times counted back from the moment of reading ("5 minutes ago") move at each poll and say nothing.
    """
    if draft.published and (
        draft.published.precision is Precision.HOUR or "relative" in draft.published.flags
    ):
        draft = replace(draft, published=None)
    data = orjson.dumps(draft, default=_plain, option=orjson.OPT_SORT_KEYS)
    return hashlib.blake2b(data, digest_size=16).digest()


def _plain(value: Any) -> Any:
    return sorted(value) if isinstance(value, frozenset) else dict(value)
