"""What editors and content management systems say of single articles, rather than pages and feeds.

Publish, correct, withdraw, hide, edit; and explain why an article is as it is.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Protocol
from urllib.parse import quote

from feedsvc import curate, urls
from feedsvc.dates import Moment, Precision
from feedsvc.errors import Code, EditorialError, ReadError
from feedsvc.extract.clean import fold, summarise
from feedsvc.model import Draft, Episode, Expected, Image, Level, Newsroom, State, Submission
from feedsvc.protocols import Clock, ReleaseRule
from feedsvc.render.language import is_language
from feedsvc.store.articles.editorial import File, SqlEditorial
from feedsvc.store.engine import retry_races

EDITABLE = ("title", "summary", "url", "authors", "published")


@dataclass(frozen=True, slots=True)
class Published:
    """What publishing came to."""

    number: int
    new: bool
    changed: bool


class Reader(Protocol):
    """Cleans texts; see extract.child. Raises ReadError."""

    def clean(self, fragment: str, /, *, base: str) -> tuple[str, str]: ...
    def close(self) -> None: ...


class Editorial:
    """Changes single articles. Raises EditorialError with what is wrong, and StoreError."""

    def __init__(
        self,
        store: SqlEditorial,
        *,
        sections: Mapping[str, str],
        former: Mapping[str, str],
        lists: Mapping[str, str],
        languages: Mapping[str, str],
        site_url: str,
        base_url: str,
        release: ReleaseRule,
        reader: Reader,
        now: Clock,
    ) -> None:
        self._store = store
        self._sections = sections  # slug → key
        self._keys = {**former, **sections}  # the same, former slugs included
        self._lists = lists  # slug → key, of sections and boxes
        self._languages = languages  # slug → language tag
        self._site_url = site_url
        self._base_url = base_url
        self._release = release
        self._reader = reader  # in another process: a text that makes a parser crash ends no web process
        self._now = now

    def close(self) -> None:
        """Close the store, and end the reader."""
        self._reader.close()
        self._store.close()

    # ── for the API ──

    def describe(self, number: int, *, whole: bool = False) -> dict[str, Any]:
        """An article as the API shows it; with `whole` all that may be sent back to it."""
        kept = self._store.file(number)
        article, slugs = kept.article, {key: slug for slug, key in self._sections.items()}
        own = next((value for kind, value in kept.keys if kind == "row"), "")
        identity = article.id or own or article.story.url
        story = article.story
        published = article.published or _embargo(kept)
        texts = {
            "content": story.content,
            "summary": story.summary,
            "authors": list(story.authors),
            "tags": list(story.tags),
            "image": _picture(story.image),
            "enclosures": [asdict(file) for file in story.enclosures],
            "language": story.language,
            "episode": asdict(story.episode) if story.episode else None,
        }
        return {
            "id": article.id,
            "own_id": "" if own == article.id else own,
            "self": f"{self._base_url}/api/articles/{quote(identity, safe='')}",
            "state": str(article.state),
            "url": article.story.url,
            "title": article.story.title,
            "published": published.isoformat() if published else None,
            "updated": article.updated.isoformat() if article.updated else None,
            "sections": [
                slugs[place.list] for place in kept.places if place.list in slugs and place.left is None
            ],
            "version": kept.version,
            **(texts if whole else {}),
        }

    def reserve(self, newsroom: str, key: str, digest: bytes) -> tuple[bytes, int, str] | None:
        """What was answered for an idempotency key (status 0: nothing yet); None: it is the caller's now."""
        return self._store.access.reserve(newsroom, key, digest, self._now())

    def forget(self, newsroom: str, key: str) -> None:
        """Give an idempotency key back."""
        self._store.access.forget(newsroom, key)

    def remember(self, newsroom: str, key: str, digest: bytes, status: int, answer: str) -> None:
        """Keep an answer for its idempotency key."""
        self._store.access.remember(newsroom, key, digest, status, answer, self._now())

    # ── publishing ──

    def who(self, token: str) -> Newsroom | None:
        """The newsroom that a token belongs to."""
        return self._store.access.who(token, self._now())

    def publish(
        self,
        newsroom: Newsroom,
        submission: Submission,
        *,
        number: int | None = None,
        expected: Expected | None = None,
    ) -> Published:
        """Take an article over, or what is new about it. `number`: the newsroom's own one that is meant.

        Without it the `id` decides (the system's own, or the public one), or the `url`.
        """
        now = self._now()
        if number is None and submission.id:
            number = self._meant(submission, newsroom)
        if number is not None:
            submission = replace(submission, id=self._row_of(number, newsroom, submission.id))
        self._cover(newsroom, submission.sections)
        draft = self._draft(submission, now)
        if not (draft.title or draft.summary):
            raise EditorialError(
                Code.BAD_VALUE, "title: it has no readable text, and there is no content to take one from"
            )
        by_list = [(self._keys[slug], [(draft, False)]) for slug in submission.sections]
        return self._publish(newsroom, by_list, number, expected, now)

    @retry_races
    def _publish(
        self,
        newsroom: Newsroom,
        by_list: Sequence[tuple[str, Sequence[tuple[Draft, bool]]]],
        number: int | None,
        expected: Expected | None,
        now: datetime,
    ) -> Published:
        with self._store.begin(now) as transaction:
            upstream = transaction.source(newsroom)
            context = curate.Context(
                upstream=upstream,
                upstream_key=newsroom.source,
                level=Level.STORE,
                own=True,
                now=now,
                settle=partial(self._release, now=now),
                asked=True,
            )
            (fresh,) = curate.prepare(by_list, context)
            if number is not None:
                transaction.name_own(number, newsroom, fresh.draft.row)
            known = transaction.known([fresh], upstream=upstream)
            named = frozenset(known.keys[key] for key in fresh.keys if key in known.keys)
            transaction.require_own(named, newsroom)
            transaction.require(curate.meant(fresh, known, context), expected)
            transaction.write(curate.decide([fresh], known, context), upstream=upstream)
            kept = transaction.number_of(fresh)
            moved = transaction.stand_in(kept, [place.list for place in fresh.places])
            return Published(kept, bool(transaction.new), bool(transaction.changed) or moved)

    def _draft(self, submission: Submission, now: datetime) -> Draft:
        """What a newsroom says; without an address, relative links count from the site's."""
        base = submission.url or self._site_url
        if submission.language and not is_language(submission.language):
            raise EditorialError(Code.BAD_VALUE, f"language: {submission.language!r} is not known")
        language = submission.language or self._languages.get(submission.sections[0], "")
        content, words = self._cleaned(submission.content, base) if submission.content else ("", "")
        published = _moment(submission.published) if submission.published else None
        return Draft(
            url=urls.clean(submission.url) if submission.url else "",
            row=submission.id,
            title=fold(submission.title),
            content=content,
            summary=fold(submission.summary) if submission.summary else summarise(words),
            authors=tuple(fold(name) for name in submission.authors),
            tags=tuple(fold(tag) for tag in submission.tags),
            image=submission.image,
            enclosures=submission.enclosures,
            published=published,
            updated=_moment(submission.updated) if submission.updated else None,
            language=language,
            embargo=published is not None and published.at > now,
            episode=_worded(submission.episode),
            origin={"published": "the newsroom's own system"} if published else {},
        )

    def _cleaned(self, content: str, base: str) -> tuple[str, str]:
        """What is served of a text, and its words. Raises EditorialError."""
        try:
            return self._reader.clean(content, base=base)
        except ReadError as error:
            raise EditorialError(Code.BAD_VALUE, f"content: {error.message}") from error

    def _meant(self, submission: Submission, newsroom: Newsroom) -> int | None:
        """The newsroom's own article that an id names; None: there is none yet. Raises EditorialError.

        The public id of another's article is no id for a new one; only the article's address makes the
        two submission.
        """
        own, taken = self._store.find_own(submission.id, newsroom)
        if own is None and taken and self._store.find(submission.id) != self._store.find(submission.url):
            raise _unknown(submission.id)
        return own

    def _row_of(self, number: int, newsroom: Newsroom, given: str) -> str:
        """The id that the newsroom has for its article; where it has none, the name that it is given now."""
        return self._store.row(number, newsroom.source) or given or self._store.file(number).article.id

    def _cover(self, newsroom: Newsroom, slugs: Sequence[str]) -> None:
        """Raises EditorialError where a section is unknown, or not covered by the token (NOT_YOURS)."""
        unknown = [slug for slug in slugs if slug not in self._keys]
        if unknown:
            known = ", ".join(sorted(self._sections))
            raise EditorialError(Code.UNKNOWN_SECTION, f"no section {unknown[0]!r}; there are: {known}")
        for slug in slugs:
            if newsroom.sections is not None and self._keys[slug] not in newsroom.sections:
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

    # ── taken back ──

    @retry_races
    def withdraw(self, number: int, *, erase: bool = False, expected: Expected | None = None) -> bool:
        """Withdraw an article; with `erase` its texts are removed for ever. False if it was withdrawn."""
        with self._store.begin(self._now()) as transaction:
            transaction.require(number, expected)
            done = transaction.withdraw(number, by=Level.HAND)
            if erase:
                transaction.erase(number)
            return done

    @retry_races
    def hide(self, number: int) -> bool:
        """Take an article out of the feeds without a word."""
        with self._store.begin(self._now()) as transaction:
            return transaction.withdraw(number, by=Level.HAND, state=State.HIDDEN)

    @retry_races
    def show(self, number: int) -> bool:
        """Serve a hidden or withdrawn article again."""
        with self._store.begin(self._now()) as transaction:
            if not transaction.stored(number).article.story.title:
                raise EditorialError(Code.ERASED, "its texts were erased: there is nothing left to show")
            return transaction.restore(number)

    @retry_races
    def remove(self, number: int, slug: str, *, undo: bool = False) -> bool:
        """Take an article out of a section or box for good, or with `undo` let it stand there again.

        False if that was so already. Raises EditorialError where the article never stood there.
        """
        key = self._lists.get(slug)
        if key is None:
            known = ", ".join(sorted(self._lists))
            raise EditorialError(Code.UNKNOWN_SECTION, f"no section or box {slug!r}; there are: {known}")
        stands = [place.list for place in self._store.file(number).places]
        if key not in stands:
            slugs = {each: name for name, each in self._lists.items()}
            there = ", ".join(sorted(slugs[each] for each in stands if each in slugs)) or "nothing"
            raise EditorialError(Code.BAD_VALUE, f"it is not in {slug!r}; it is in {there}")
        with self._store.begin(self._now()) as transaction:
            return transaction.put_back(number, key) if undo else transaction.remove(number, key)

    # ── corrected by hand ──

    def edit(self, number: int, values: Mapping[str, str]) -> bool:
        """Correct fields by hand; "" gives a field back. True if readers see a difference."""
        by_hand: dict[str, object] = {}
        published = None
        for name, text in values.items():
            if name not in EDITABLE:
                near = difflib.get_close_matches(name, EDITABLE, n=1)
                hint = f"; did you mean {near[0]!r}?" if near else f" (there are: {', '.join(EDITABLE)})"
                raise EditorialError(Code.BAD_VALUE, f"{name!r} cannot be edited{hint}")
            by_hand[name] = _by_hand(name, text)
            if name == "published" and text:
                published = datetime.fromisoformat(text)
                if published > self._now() + timedelta(minutes=10):
                    raise EditorialError(Code.BAD_VALUE, "published is in the future")
        return self._edit(number, by_hand, published)

    @retry_races
    def _edit(self, number: int, by_hand: Mapping[str, object], published: datetime | None) -> bool:
        with self._store.begin(self._now()) as transaction:
            transaction.set_by_hand(number, by_hand)
            before = transaction.stored(number)
            story = curate.merge(before.statements)
            digest = curate.story_digest(story)
            if digest == before.digest and published in (None, before.article.published):
                return False
            transaction.correct(before, story, digest, published)
            return True


def _worded(episode: Episode | None) -> Episode | None:
    """An episode with its texts as plain lines; None where nothing is left of it."""
    if episode is None:
        return None
    found = replace(episode, title=fold(episode.title), summary=fold(episode.summary))
    return found if found != Episode() else None


def _embargo(kept: File) -> datetime | None:
    """When an article that waits goes live, by what was said of it."""
    dates = (one.draft.published for one in kept.statements if one.draft.embargo)
    return next((one.at for one in dates if one is not None), None)


def _picture(image: Image | None) -> dict[str, Any] | None:
    if image is None:
        return None
    return {name: value for name, value in asdict(image).items() if name != "thumbnail"}


def _unknown(name: str) -> EditorialError:
    return EditorialError(
        Code.UNKNOWN_ARTICLE,
        f"no article is known under {name!r}; name it by its address, its guid, or your own id",
    )


def _by_hand(name: str, text: str) -> object:
    if not text:
        return None
    if name == "authors":
        return [part.strip() for part in re.split(r"[;,]", text) if part.strip()]
    if name == "url":
        found = urls.absolute(text, text)
        if found is None:
            raise EditorialError(Code.BAD_VALUE, f"{text!r} is not an address")
        return found
    if name == "published":
        try:
            moment = datetime.fromisoformat(text)
        except ValueError as error:
            raise EditorialError(Code.BAD_VALUE, f"{text!r} is not an ISO 8601 time") from error
        if moment.tzinfo is None:
            raise EditorialError(Code.BAD_VALUE, f"{text!r} has no zone; write 2025-12-18T19:00+07:00")
        return moment.isoformat()
    return fold(text)


def _moment(at: datetime) -> Moment:
    return Moment(at=at, precision=Precision.SECOND, text=at.isoformat())
