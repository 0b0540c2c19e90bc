"""What editors and content management systems say of single articles, rather than pages and feeds.

Publish, correct, withdraw, hide, edit; and tell why an article is as it is.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from feedsvc import curate, urls
from feedsvc.dates import Moment, Precision
from feedsvc.errors import Code, EditorialError
from feedsvc.extract.clean import clean_html, fold, summarise, to_text
from feedsvc.model import (
    Draft,
    Enclosure,
    Fresh,
    Image,
    Known,
    Level,
    Plan,
    Release,
    Statement,
    Story,
    Waiting,
)
from feedsvc.protocols import Clock
from feedsvc.store.articles.editorial import File, SqlEditorial

EDITABLE = ("title", "summary", "url", "authors", "published")


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """An article as a newsroom's own system publishes it. Texts are as they came; sections are slugs."""

    id: str = ""  #: the system's own
    url: str = ""
    title: str
    content: str = ""  #: HTML
    summary: str = ""
    authors: tuple[str, ...] = ()
    sections: tuple[str, ...]
    tags: tuple[str, ...] = ()
    image: Image | None = None
    enclosures: tuple[Enclosure, ...] = ()
    published: datetime | None = None  #: in the future: an embargo
    updated: datetime | None = None
    language: str = ""


@dataclass(frozen=True, slots=True)
class Published:
    """What publishing came to."""

    number: int
    new: bool
    changed: bool


class Editorial:
    """Changes single articles. Raises EditorialError with what is wrong, and StoreError."""

    def __init__(
        self,
        store: SqlEditorial,
        *,
        sections: Mapping[str, str],
        settle: Callable[[datetime], Callable[[Waiting], Release]],
        now: Clock,
    ) -> None:
        self._store = store
        self._sections = sections  # slug → key
        self._settle = settle
        self._now = now

    def close(self) -> None:
        """Close the store."""
        self._store.close()

    # ── for the API ──

    def tell(self, number: int, base_url: str) -> dict[str, Any]:
        """An article as the API tells about it."""
        kept = self._store.file(number)
        article, slugs = kept.article, {key: slug for slug, key in self._sections.items()}
        own = next((value for kind, value in kept.keys if kind == "row"), "")
        identity = article.id or own or article.story.url
        return {
            "id": article.id,
            "own_id": own,
            "self": f"{base_url}/api/articles/{quote(identity, safe='')}",
            "state": str(article.state),
            "url": article.story.url,
            "title": article.story.title,
            "published": article.published.isoformat() if article.published else None,
            "updated": article.updated.isoformat() if article.updated else None,
            "sections": [slugs[one.list] for one in kept.places if one.list in slugs and one.left is None],
        }

    def reserve(self, newsroom: str, key: str, digest: bytes) -> tuple[bytes, int, str] | None:
        """What was answered for an idempotency key (status 0: nothing yet); None: it is the caller's now."""
        return self._store.reserve(newsroom, key, digest, self._now())

    def forget(self, newsroom: str, key: str) -> None:
        """Give an idempotency key back."""
        self._store.forget(newsroom, key)

    def remember(self, newsroom: str, key: str, digest: bytes, status: int, answer: str) -> None:
        """Keep an answer for its idempotency key."""
        self._store.remember(newsroom, key, digest, status, answer, self._now())

    # ── publishing ──

    def who(self, token: str) -> str | None:
        """The newsroom that a token belongs to."""
        return self._store.who(token, self._now())

    def publish(self, newsroom: str, one: Submission) -> Published:
        """Take an article over, or what is new about it."""
        now = self._now()
        unknown = [slug for slug in one.sections if slug not in self._sections]
        if unknown:
            known = ", ".join(sorted(self._sections))
            raise EditorialError(Code.UNKNOWN_SECTION, f"no section {unknown[0]!r}; there are: {known}")
        key = source_key(newsroom)
        keys = [self._sections[slug] for slug in one.sections]
        draft = _draft(one, now)
        if not (draft.title or draft.summary):
            raise EditorialError(
                Code.BAD_VALUE, "title: nothing in it can be read, and no text could stand for it"
            )
        by_list = [(name, [(draft, False)]) for name in keys]

        def context(upstream: int) -> curate.Context:
            return curate.Context(
                upstream=upstream,
                upstream_key=key,
                level=Level.STORE,
                own=True,
                now=now,
                settle=self._settle(now),
                asked=True,
            )

        (fresh,) = curate.prepare(by_list, context(0))

        def decide(upstream: int, known: Known) -> Plan:
            return curate.decide([fresh], known, context(upstream))

        return Published(*self._say(key, newsroom, fresh, decide, now))

    def _say(
        self,
        key: str,
        newsroom: str,
        fresh: Fresh,
        decide: Callable[[int, Known], Plan],
        now: datetime,
    ) -> tuple[int, bool, bool]:
        return self._store.say(key, f"API: {newsroom}", fresh, decide, now=now)

    def find(self, name: str, newsroom: str = "") -> int:
        """The number of the article that a public id, an address or a newsroom's own id names."""
        scope = source_key(newsroom) if newsroom else ""
        number = None if "\0" in name else self._store.find(name, scope=scope)
        if number is None:
            raise EditorialError(Code.UNKNOWN_ARTICLE, f"no article is known under {name!r}")
        return number

    def file(self, number: int) -> File:
        """Everything that is kept about an article."""
        return self._store.file(number)

    # ── taking back ──

    def withdraw(self, number: int, *, erase: bool = False) -> bool:
        """Withdraw an article; with `erase` its texts are removed for ever. False if it was withdrawn."""
        done = self._store.withdraw(number, now=self._now())
        if erase:
            self._store.erase(number, now=self._now())
        return done

    def hide(self, number: int) -> bool:
        """Take an article out of the feeds without a word."""
        return self._store.withdraw(number, now=self._now(), hide=True)

    def show(self, number: int) -> bool:
        """Serve a hidden or withdrawn article again."""
        if not self._store.file(number).article.story.title:
            raise EditorialError(Code.ERASED, "its texts were erased: there is nothing left to show")
        return self._store.bring_back(number, now=self._now())

    # ── the editor's hand ──

    def edit(self, number: int, values: Mapping[str, str]) -> bool:
        """Correct fields by hand; "" gives a field back. True if readers see a difference."""
        said: dict[str, Any] = {}
        published = None
        for name, text in values.items():
            if name not in EDITABLE:
                near = difflib.get_close_matches(name, EDITABLE, n=1)
                hint = f"; did you mean {near[0]!r}?" if near else f" (there are: {', '.join(EDITABLE)})"
                raise EditorialError(Code.BAD_VALUE, f"{name!r} cannot be edited{hint}")
            said[name] = _by_hand(name, text)
            if name == "published" and said[name] is not None:
                published = datetime.fromisoformat(said[name])
                if published > self._now() + timedelta(minutes=10):
                    raise EditorialError(Code.BAD_VALUE, "published lies in the future")

        def remerge(statements: Sequence[Statement]) -> tuple[Story, bytes]:
            story = curate.merge(statements)
            return story, curate.story_digest(story)

        return self._store.edit(number, said, remerge, published=published, now=self._now())


def source_key(newsroom: str) -> str:
    """The key of the source that a newsroom's own system is."""
    return f"api:{newsroom}"[:64]


def _by_hand(name: str, text: str) -> object:
    if not text:
        return None
    if name == "authors":
        return [part.strip() for part in re.split(r"[;,]", text) if part.strip()]
    if name == "url":
        found = urls.absolute(text, text)
        if found is None:
            raise EditorialError(Code.BAD_VALUE, f"{text!r} is no address")
        return found
    if name == "published":
        try:
            moment = datetime.fromisoformat(text)
        except ValueError as error:
            raise EditorialError(Code.BAD_VALUE, f"{text!r} is no ISO 8601 moment") from error
        if moment.tzinfo is None:
            raise EditorialError(Code.BAD_VALUE, f"{text!r} names no zone; write 2025-12-18T19:00+07:00")
        return moment.isoformat()
    return fold(text)


def _draft(one: Submission, now: datetime) -> Draft:
    base = one.url or "https://invalid.invalid/"
    content = clean_html(one.content, base=base) if one.content else ""
    published = _moment(one.published) if one.published else None
    return Draft(
        url=urls.clean(one.url) if one.url else "",
        row=one.id,
        title=fold(one.title),
        content=content,
        summary=fold(one.summary) if one.summary else summarise(to_text(content)) if content else "",
        authors=tuple(fold(name) for name in one.authors),
        tags=tuple(fold(tag) for tag in one.tags),
        image=one.image,
        enclosures=one.enclosures,
        published=published,
        updated=_moment(one.updated) if one.updated else None,
        language=one.language,
        embargo=published is not None and published.at > now,
        origin={"published": "the newsroom's own system"} if published else {},
    )


def _moment(at: datetime) -> Moment:
    return Moment(at=at, precision=Precision.SECOND, text=at.isoformat())
