"""The address of the article: the canonical one, where it plausibly names this article."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlsplit

from feedsvc.extract.article.compare import words
from feedsvc.extract.article.page import Page
from feedsvc.model import Evidence
from feedsvc.urls import absolute, clean, key, same_site

#: `/2`, `/page/2`, `/all`, `/amp`: parts of an address that choose a piece or a form of one article
_PIECE = re.compile(
    r"/?(?:(?:page|halaman|seite|p|hal)[/-]?\d{1,3}|\d{1,2}|all|full|amp|print|single|index\.html?)/?", re.I
)
_LONG_NUMBER = re.compile(r"\d{5,}")
_TWINS = 'link[rel="amphtml"], link[rel="shortlink"], link[rel="alternate"][media]'


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where the article lives."""

    url: str
    also: tuple[str, ...]
    origin: str
    evidence: tuple[Evidence, ...]


def read_address(page: Page, headline: str) -> Address:
    """The canonical address; other addresses of the same article in `also`."""
    own = clean(absolute(page.url, page.url) or page.url)
    chosen, origin = own, "address of the page"
    evidence = []
    for stated, where in _stated(page):
        url = absolute(page.url, stated)
        note = "no address" if url is None else _objection(clean(url), own, headline)
        used = url is not None and not note and origin == "address of the page"
        if used and url is not None:
            chosen, origin = clean(url), where
        evidence.append(Evidence(field="url", value=stated[:300], origin=where, used=used, note=note))
    twins = [
        twin
        for node in page.tree.css(_TWINS)[:6]
        if (twin := absolute(page.url, node.attributes.get("href")))
    ]
    twins = [twin for twin in map(clean, twins) if same_site(twin, chosen) and urlsplit(twin).path != "/"]
    also = dict.fromkeys(url for url in (own, *twins) if url != chosen)
    return Address(url=chosen, also=tuple(also), origin=origin, evidence=tuple(evidence))


def _stated(page: Page) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    links = page.tree.css('link[rel~="canonical" i]')[:2]
    found += [((node.attributes.get("href") or "").strip(), "link canonical") for node in links]
    if given := page.meta("og:url"):
        found.append((given, "meta og:url"))
    return [(value, origin) for value, origin in found if value]


def _objection(url: str, own: str, headline: str) -> str:
    """Why `url` should not be believed to be the address of this article; "" if there is nothing against "
    "it."""
    if key(url) == key(own):
        return ""
    if not same_site(url, own) and not _is_cache_of(own, url):
        return "another site"
    path, own_path = (unquote(urlsplit(each).path).rstrip("/") for each in (url, own))
    if not path:
        return "the home page"
    if own_path.startswith(path + "/") and not _PIECE.fullmatch(own_path[len(path) :]):
        return "a section"
    if _PIECE.fullmatch(own_path.removeprefix(path)) and own_path != path:
        return ""
    return "" if _names_the_same(url, own, headline) else "another article"


def _is_cache_of(own: str, url: str) -> bool:
    """Whether `own` is a copy of `url` on a cache: the whole address stands in its path or host."""
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    return bool(host) and (
        host in urlsplit(own).path or host.replace(".", "-") in (urlsplit(own).hostname or "")
    )


def _names_the_same(url: str, own: str, headline: str) -> bool:
    numbers, own_numbers = (set(_LONG_NUMBER.findall(_tail(each))) for each in (url, own))
    if numbers & own_numbers:
        return True
    mine, its = _slug_words(own), _slug_words(url)
    if numbers and own_numbers:
        return False
    if its and len(its & mine) >= 0.5 * min(len(its), len(mine) or 1) and mine:
        return True
    # a short link like ?p=123 says nothing: the headline has to
    return len(its) >= 2 and len(its & set(words(headline).split())) >= 0.5 * len(its)


def _tail(url: str) -> str:
    parts = urlsplit(url)
    values = " ".join(value for _, value in parse_qsl(parts.query))
    return f"{unquote(parts.path)} {values}"


def _slug_words(url: str) -> set[str]:
    segment = unquote(urlsplit(url).path).rstrip("/").rsplit("/", 1)[-1]
    return {
        word
        for word in words(segment).split()
        if len(word) > 2 and not word.isdigit() and word not in ("html", "htm", "php")
    }
