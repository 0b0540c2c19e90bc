"""What editors and content management systems say of single articles, rather than pages and feeds.

Publish, correct, withdraw, hide, edit; and tell why an article is as it is.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
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
    Expected,
    Image,
    Known,
    Level,
    Newsroom,
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
        languages: Mapping[str, str],
        site_url: str,
        settle: Callable[[datetime], Callable[[Waiting], Release]],
        now: Clock,
    ) -> None:
        self._store = store
        self._sections = sections  # slug → key
        self._languages = languages  # slug → language tag
        self._site_url = site_url
        self._settle = settle
        self._now = now

    def close(self) -> None:
        """Close the store."""
        self._store.close()

    # ── for the API ──

    def describe(self, number: int, base_url: str, *, whole: bool = False) -> dict[str, Any]:
        """An article as the API shows it; with `whole` all that may be sent back to it."""
        kept = self._store.file(number)
        article, slugs = kept.article, {key: slug for slug, key in self._sections.items()}
        own = next((value for kind, value in kept.keys if kind == "row"), "")
        identity = article.id or own or article.story.url
        story = article.story
        texts = {
            "content": story.content,
            "summary": story.summary,
            "authors": list(story.authors),
            "tags": list(story.tags),
            "image": _picture(story.image),
            "enclosures": [asdict(one) for one in story.enclosures],
            "language": story.language,
        }
        return {
            "id": article.id,
            "own_id": "" if own == article.id else own,
            "self": f"{base_url}/api/articles/{quote(identity, safe='')}",
            "state": str(article.state),
            "url": article.story.url,
            "title": article.story.title,
            "published": article.published.isoformat() if article.published else None,
            "updated": article.updated.isoformat() if article.updated else None,
            "sections": [slugs[one.list] for one in kept.places if one.list in slugs and one.left is None],
            "version": kept.version,
            **(texts if whole else {}),
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

    def who(self, token: str) -> Newsroom | None:
        """The newsroom that a token belongs to."""
        return self._store.who(token, self._now())

    def publish(
        self,
        newsroom: Newsroom,
        one: Submission,
        *,
        number: int | None = None,
        expected: Expected | None = None,
    ) -> Published:
        """Take an article over, or what is new about it. `number`: the newsroom's own one that is meant.

        Without it the `id` tells (the system's own, or the public one), or the `url`.
        """
        now = self._now()
        if number is None and one.id:
            number = self._meant(one, newsroom)
        if number is not None:
            one = replace(one, id=self._row_of(number, newsroom, one.id))
        unknown = [slug for slug in one.sections if slug not in self._sections]
        if unknown:
            known = ", ".join(sorted(self._sections))
            raise EditorialError(Code.UNKNOWN_SECTION, f"no section {unknown[0]!r}; there are: {known}")
        keys = [self._sections[slug] for slug in one.sections]
        self._cover(newsroom, one.sections)
        key = newsroom.source
        draft = self._draft(one, now)
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

        return Published(*self._store.say(newsroom, fresh, decide, number=number, expected=expected, now=now))

    def _draft(self, one: Submission, now: datetime) -> Draft:
        """What a newsroom says; without an address, relative links count from the site's."""
        base = one.url or self._site_url
        language = one.language or self._languages.get(one.sections[0], "")
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
            language=language,
            embargo=published is not None and published.at > now,
            origin={"published": "the newsroom's own system"} if published else {},
        )

    def _meant(self, one: Submission, newsroom: Newsroom) -> int | None:
        """The newsroom's own article that an id names; None: there is none yet. Raises EditorialError.

        The public id of another's article is no id for a new one; only the article's address makes the
        two one.
        """
        own, taken = self._store.find_own(one.id, newsroom)
        if own is None and taken and self._store.find(one.id) != self._store.find(one.url):
            raise _unknown(one.id)
        return own

    def _row_of(self, number: int, newsroom: Newsroom, given: str) -> str:
        """The id that the newsroom has for its article; where it has none, the name that it is given now."""
        return self._store.row(number, newsroom.source) or given or self._store.file(number).article.id

    def _cover(self, newsroom: Newsroom, slugs: Sequence[str]) -> None:
        """Raises EditorialError (NOT_YOURS) where a token does not cover a section."""
        for slug in slugs:
            if newsroom.sections is not None and self._sections[slug] not in newsroom.sections:
                raise EditorialError(Code.NOT_YOURS, f"the token does not cover the section {slug!r}")

    def find(self, name: str) -> int:
        """The number of the article that a public id or an address names."""
        number = None if "\0" in name else self._store.find(name)
        if number is None:
            raise _unknown(name)
        return number

    def find_own(self, name: str, newsroom: Newsroom) -> int:
        """The number of a newsroom's own article, by its own id, the public id or the address."""
        number = self.seek_own(name, newsroom)
        if number is None:
            raise _unknown(name)
        return number

    def seek_own(self, name: str, newsroom: Newsroom) -> int | None:
        """The same; None where nothing has that name. Raises EditorialError where it is another's."""
        number, taken = (None, False) if "\0" in name else self._store.find_own(name, newsroom)
        if number is None and taken:
            raise _unknown(name)
        return number

    def file(self, number: int) -> File:
        """Everything that is kept about an article."""
        return self._store.file(number)

    # ── taking back ──

    def withdraw(self, number: int, *, erase: bool = False, expected: Expected | None = None) -> bool:
        """Withdraw an article; with `erase` its texts are removed for ever. False if it was withdrawn."""
        done = self._store.withdraw(number, now=self._now(), expected=expected)
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


def _picture(image: Image | None) -> dict[str, Any] | None:
    if image is None:
        return None
    return {name: value for name, value in asdict(image).items() if name != "thumbnail"}


def _unknown(name: str) -> EditorialError:
    return EditorialError(Code.UNKNOWN_ARTICLE, f"no article is known under {name!r}")


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


def _moment(at: datetime) -> Moment:
    return Moment(at=at, precision=Precision.SECOND, text=at.isoformat())
