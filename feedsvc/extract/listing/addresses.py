"""What an address alone says: does it look like an article's, and does its slug repeat a headline?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from urllib.parse import SplitResult, unquote, urlsplit

from feedsvc.extract.listing.page import folded
from feedsvc.extract.listing.words import LIST_SEGMENTS

NEVER = -5.0  #: the address of a file, a share button or a home page

#: Addresses of "share this" buttons and accounts: host or path pieces that every site links to.
_SHARE = re.compile(
    r"/sharer|/share[/?]|/intent/|[?&](?:u|url|text|link)=https?(?::|%3a)|/submit\?|/pin/create", re.I
)
_NOT_A_PAGE = re.compile(
    r"\.(?:xml|rss|atom|jpe?g|png|gif|webp|avif|svg|mp3|mp4|zip|css|js|json|exe|apk|ics)$", re.I
)
_FILE_NAME = re.compile(r"\.(?:s?html?|pdf|php\d?|aspx?|jsp|cfm|do)$", re.I)
_SUFFIX = re.compile(r"\.\w{2,5}$")
_BETWEEN_WORDS = re.compile(r"[-_+ ,%.~]+")
_DATE = re.compile(r"(?:19|20)\d\d[/-]?[01]?\d(?:[/-]?[0-3]\d)?(?=/|[_-]|\d)")
_NUMBER = re.compile(r"\d{1,3}")
_PAGE_WORD = r"(?:page|paged|hal|halaman|index|seite|sivu|strana|stranica|str[aá]nka|pagina|p[aá]gina)"
_PAGE_NAME = re.compile(_PAGE_WORD, re.I)
_PAGE_SEGMENT = re.compile(rf"{_PAGE_WORD}[-_]?\d{{1,4}}(?:\.\w+)?", re.I)
_PAGE_QUERY = re.compile(rf"(?:^|&)(?:{_PAGE_WORD}|pg|start|offset)=\d{{1,3}}(?:&|$)", re.I)
_YEAR_OR_MONTH = re.compile(r"(?:19|20)\d\d|[01]?\d")
_ID_QUERY = re.compile(r"(?:^|&)(?!page|start|offset)(?:[\w%.]*=)?[^&=]*\d\d", re.I)
_SEARCH_QUERY = re.compile(r"(?:^|&)(?:s|q|search|tag|cat|sort|order|lang)=", re.I)
_ARCHIVE = re.compile(
    r"/(?:19|20)\d\d(/[01]?\d(?:/[0-3]?\d)?)?/?$"
)  #: all that was told in a year, month, day
#: Where some sites keep all their articles, and others the lists of months
_FILES = frozenset(("archives", "archive"))
_TOKEN = re.compile(r"[^\W_]{3,}")


def likeness(url: str, outside: bool) -> float:
    """How much an address looks like an article's: above 0 like one, below like a list's or a tool's.

    `outside`: it leads to another site, whose habits say little; never below -.5 unless it is no page at all.
    """
    value = _likeness(url)
    return max(value, -0.5) if outside and not _is_no_page(url, urlsplit(url).path) else value


@lru_cache(maxsize=8192)
def _likeness(url: str) -> float:
    parts = urlsplit(url)
    path = unquote(parts.path)
    segments = [segment for segment in path.split("/") if segment]
    if (not segments and not parts.query) or _is_no_page(url, path):
        return NEVER
    value = _path_likeness(path, segments)
    if parts.query:
        value += _query_likeness(parts)
    if value == 0 and len(segments) == 1 and len(_BETWEEN_WORDS.split(segments[0])) <= 2:
        return -1.0  # /politics
    return value


def _is_no_page(url: str, path: str) -> bool:
    return bool(_NOT_A_PAGE.search(path) or _SHARE.search(url))


def _path_likeness(path: str, segments: list[str]) -> float:
    value = 0.0
    listing = [place for place, segment in enumerate(segments) if segment.lower() in LIST_SEGMENTS]
    if listing and not _is_filed(segments[listing[0] :]):
        value -= 3 if listing[0] >= len(segments) - 2 else 1.5
    last = segments[-1] if segments else ""
    stem = _SUFFIX.sub("", last)
    slug_words = sum(1 for word in _BETWEEN_WORDS.split(stem) if word)
    value += 2 if slug_words >= 4 else slug_words == 3
    value += len(stem) >= 25
    if re.search(r"\d{4,}", path):
        value += 1.5
    elif re.search(r"\d{2,}", last):
        value += 0.5
    value += bool(_DATE.search(path))
    value += 0.5 * bool(_FILE_NAME.search(last)) + 0.5 * (len(segments) >= 3)
    if _names_page(segments):
        value -= 2 if len(segments) > 1 else 1.25  # /30 may be an article, of a site without any words
    if archive := _ARCHIVE.search(path):
        # /news/2019 may be a year's articles or one that is numbered so
        value -= 4 if archive[1] or len(segments) == 1 or _names_archive(segments[-2]) else 1.5
    return value


def _is_filed(segments: list[str]) -> bool:
    """`/archives/1234.html` is an article; `/archives/2025/05` is a list of a month."""
    last = segments[-1]
    return (
        len(segments) == 2
        and segments[0].lower() in _FILES
        and any(map(str.isdigit, last))
        and not _YEAR_OR_MONTH.fullmatch(last)
    )


def _names_archive(segment: str) -> bool:
    return segment.lower() in LIST_SEGMENTS or segment.lower() in _FILES


def _names_page(segments: list[str]) -> bool:
    """`/news/page/3` and `/3` count pages; `/news/30` and `/p/30/` may count articles, as young sites do."""
    if not segments:
        return False
    if _NUMBER.fullmatch(segments[-1]):
        return len(segments) == 1 or bool(_PAGE_NAME.fullmatch(segments[-2]))
    return bool(_PAGE_SEGMENT.fullmatch(segments[-1]))


def _query_likeness(parts: SplitResult) -> float:
    value = 0.0
    names_one = _ID_QUERY.search(parts.query)
    if names_one:
        value += 1.5
    elif _SEARCH_QUERY.search(parts.query):
        value -= 3
    if _PAGE_QUERY.search(parts.query) and not re.search(r"\d{4,}", parts.query):
        value -= 3.5
    return value


def is_like_most(url: str, others: Sequence[str]) -> bool:
    """Whether an address differs from most others only in its numbers and its slug: it is one of them."""
    own = _pattern(url)
    alike = sum(_pattern(other) == own for other in others)
    return 2 * alike > len(others) and bool({"0", "slug"} & set(own))


def _pattern(url: str) -> tuple[str, ...]:
    parts = urlsplit(url)
    segments = [unquote(segment).lower() for segment in parts.path.split("/") if segment]
    given = [f"{name}={value}" for name, _, value in (pair.partition("=") for pair in parts.query.split("&"))]
    return tuple(_part_pattern(part) for part in (*segments, "?", *given))


def _part_pattern(part: str) -> str:
    name, equals, value = part.rpartition("=")
    stem = _SUFFIX.sub("", value)
    if re.fullmatch(r"\d+", stem):
        return f"{name}{equals}0" if name and len(stem) < 2 else "0"  # page=2 is no article
    return "slug" if sum(1 for word in _BETWEEN_WORDS.split(stem) if word) >= 3 else part


@lru_cache(maxsize=4096)
def slug_words(url: str) -> frozenset[str]:
    """The words of a path that could come from a headline; empty when there are fewer than three."""
    segments = [segment for segment in urlsplit(url).path.split("/") if segment]
    best: frozenset[str] = frozenset()
    for segment in segments[-3:]:
        found = frozenset(
            word for word in _TOKEN.findall(folded(_SUFFIX.sub("", unquote(segment)))) if not word.isdigit()
        )
        if len(found) > len(best):
            best = found
    return best if len(best) >= 3 else frozenset()


def agreement(text: str, url: str) -> float | None:
    """How well a text repeats the slug of an address (F1 of their words), None where the slug has no words.

    A headline repeats most of its slug; a kicker, an author's name and a summary do not. Letters that the
    site transliterated (щ → shch) do not match, so a low value alone says nothing. Of a slug of one word or
    two only the very same words say something.
    """
    slug = slug_words(url)
    if not slug:
        return 1.0 if (name := _slug_name(url)) and name == _plain(text) else None
    said = set(_TOKEN.findall(folded(text)))
    if not said:
        return 0.0
    shared = len(slug & said)
    return 2 * shared / (len(slug) + len(said))


@lru_cache(maxsize=4096)
def _slug_name(url: str) -> str:
    """The letters and figures of an address's last segment, where it is no mere number."""
    last = urlsplit(url).path.rstrip("/").rpartition("/")[2]
    name = _plain(_SUFFIX.sub("", unquote(last)))
    return name if len(name) >= 3 and (not name.isdigit() or len(name) >= 8) else ""


def _plain(text: str) -> str:
    return "".join(filter(str.isalnum, folded(text)))
