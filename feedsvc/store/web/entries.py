"""What feeds on demand are made from: queries over articles, without SQLAlchemy, for web processes."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from feedsvc.dates import Precision
from feedsvc.model import Article, Format, Fragment, Labels, ListKind, ListSpec, State, tag_key
from feedsvc.store import codec
from feedsvc.store.web.snapshots import Snapshots
from feedsvc.store.words import words as words_of

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_WORD = re.compile(r'"([^"]*)"|(\S+)')
MOST_WORDS = 12
_COLUMNS = "a.no, a.id, a.state, a.story, a.published, a.precision, a.updated, a.first_seen, a.own, a.touched"


@dataclass(frozen=True, slots=True)
class Selection:
    """Articles of a feed on demand, and when anything about it changed last."""

    articles: tuple[Article, ...]
    touched: datetime

    @property
    def updated(self) -> datetime:
        """The next whole second: HTTP dates have no fractions, and none may lie before the change."""
        whole = self.touched.replace(microsecond=0)
        return whole if whole == self.touched else whole + timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Query:
    """What a search asks for; everything given has to hold."""

    words: str = ""
    without: str = ""
    section: str = ""  #: key
    author: str = ""  #: slug
    tag: str = ""  #: slug


class ArticleReader:
    """Reads articles for what is built on demand. Raises StoreError."""

    def __init__(self, snapshots: Snapshots) -> None:
        self._ask = snapshots.ask
        self._sqlite = snapshots.sqlite

    # ── which articles ──

    def name(self, kind: str, slug: str) -> str | None:
        """The name of a tag or reporter; None if there is none."""
        rows = self._ask("SELECT name FROM facet_name WHERE kind = ? AND slug = ?", (kind, slug))
        return str(rows[0][0]) if rows else None

    def articles(self, numbers: Sequence[int]) -> tuple[Article, ...]:
        """Articles by their numbers, in that order; those that are no longer live are left out."""
        if not numbers:
            return ()
        marks = ", ".join("?" * len(numbers))
        rows = self._ask(
            f"SELECT {_COLUMNS} FROM article a WHERE a.state = 'live' AND a.no IN ({marks})",  # noqa: S608
            numbers,
        )
        found = {row[0]: _article(row) for row in rows}
        return tuple(found[number] for number in numbers if number in found)

    def search(self, query: Query, limit: int) -> Selection:
        """The newest articles that a query finds."""
        where, values = self._conditions(query)
        rows = self._ask(
            f"SELECT {_COLUMNS} FROM article a WHERE a.state = 'live' {where} "  # noqa: S608 - no foreign text
            "ORDER BY a.published DESC, a.no DESC LIMIT ?",
            (*values, limit),
        )
        return self._selection(rows)

    def _conditions(self, query: Query) -> tuple[str, list[Any]]:
        parts: list[str] = []
        values: list[Any] = []
        if query.section:
            parts.append(
                "a.no IN (SELECT article FROM membership WHERE list = ? AND live AND left_at IS NULL)"
            )
            values.append(query.section)
        for kind, slug in (("author", query.author), ("tag", query.tag)):
            if slug:
                parts.append("a.no IN (SELECT article FROM facet WHERE kind = ? AND slug = ?)")
                values += [kind, slug]
        for words, negation in ((query.words, ""), (query.without, "NOT ")):
            terms = self._terms(words)
            if terms:
                parts.append(f"a.no {negation}IN ({self._matching()})")
                values.append(terms if not negation else self._any(words))
            elif words and not negation:
                parts.append("1 = 0")  # nothing but punctuation: no article holds it
        return "".join(f" AND {part}" for part in parts), values

    def _matching(self) -> str:
        if self._sqlite:
            return "SELECT rowid FROM search WHERE search MATCH ?"
        return "SELECT article FROM search WHERE document @@ to_tsquery('simple', ?)"

    def _terms(self, words: str) -> str:
        return self._joined(words, " AND " if self._sqlite else " & ")

    def _any(self, words: str) -> str:
        return self._joined(words, " OR " if self._sqlite else " | ")

    def _joined(self, words: str, operator: str) -> str:
        """The words of a person as a query of the database: nothing in them is an operator."""
        terms = []
        for phrase, word in _WORD.findall(words)[:MOST_WORDS]:
            plain = words_of(phrase or word)
            if not plain:
                continue
            if self._sqlite:
                terms.append('"' + " ".join(plain) + '"')
            else:
                terms.append(" <-> ".join(plain) if len(plain) == 1 else f"({' <-> '.join(plain)})")
        return operator.join(terms)

    def archive(self, key: str, first: int, last: int) -> Selection:
        """The articles that entered a list with the numbers first … last, the newest first."""
        rows = self._ask(
            f"SELECT {_COLUMNS} FROM article a JOIN membership m ON m.article = a.no "  # noqa: S608
            "WHERE m.list = ? AND m.entered BETWEEN ? AND ? AND m.live ORDER BY m.entered DESC",
            (key, first, last),
        )
        touched = self._ask(
            "SELECT max(touched) FROM membership WHERE list = ? AND entered BETWEEN ? AND ?",
            (key, first, last),
        )
        moment = _moment(touched[0][0]) if touched and touched[0][0] else _EPOCH
        return Selection(tuple(_article(row) for row in rows), moment)

    def touched(self, key: str, size: int) -> dict[int, int]:
        """Number of an archive of `size` entries → when anything in it changed last, in microseconds."""
        rows = self._ask(
            "SELECT (entered - 1) / ? + 1, max(touched) FROM membership "
            "WHERE list = ? AND entered IS NOT NULL GROUP BY 1",
            (size, key),
        )
        return {int(number): int(moment or 0) for number, moment in rows}

    def removed(self, slug: str) -> ListSpec | None:
        """A list that left the configuration and whose last feed is still served; its archives are, too."""
        rows = self._ask(
            "SELECT key, kind, title FROM list WHERE slug = ? AND removed_at IS NOT NULL", (slug,)
        )
        if not rows:
            return None
        key, kind, title = rows[0]
        return ListSpec(key=key, slug=slug, kind=ListKind(kind), title=title)

    def entered(self, key: str) -> tuple[int, int]:
        """(how many ever entered a list, how many of its archives were dropped)."""
        rows = self._ask("SELECT entered, retired FROM list WHERE key = ?", (key,))
        return (int(rows[0][0]), int(rows[0][1])) if rows else (0, 0)

    def _selection(self, rows: Sequence[Sequence[Any]]) -> Selection:
        # what left a feed changed it too: the last withdrawal counts, whichever it was
        gone = self._ask("SELECT max(withdrawn_at) FROM article WHERE state = 'withdrawn'", ())
        moments = [_moment(row[9]) for row in rows if row[9] is not None]
        if not rows:  # it was as empty before the newest article came; a feed dated 1970 is taken for a fault
            gone += self._ask("SELECT max(touched) FROM membership WHERE list = 'latest' AND live", ())
        moments += [_moment(row[0]) for row in gone if row[0] is not None]
        return Selection(tuple(_article(row) for row in rows), max(moments, default=_EPOCH))

    # ── what is known of them ──

    def sections(self, numbers: Sequence[int]) -> dict[int, list[str]]:
        """The keys of the sections that articles stand in."""
        found: dict[int, list[str]] = defaultdict(list)
        if numbers:
            marks = ", ".join("?" * len(numbers))
            rows = self._ask(
                "SELECT m.article, m.list FROM membership m JOIN list l ON l.key = m.list "  # noqa: S608
                f"WHERE m.article IN ({marks}) AND m.left_at IS NULL AND l.kind = 'section' "
                "AND l.removed_at IS NULL ORDER BY m.list",
                numbers,
            )
            for article, key in rows:
                found[article].append(str(key))
        return found

    def labels(self, numbers: Sequence[int]) -> Labels:
        """The sections, tags and reporters of articles, as far as they are indexed."""
        if not numbers:
            return Labels()
        marks = ", ".join("?" * len(numbers))
        rows = self._ask(
            "SELECT f.article, f.kind, f.slug, n.name FROM facet f JOIN facet_name n "  # noqa: S608
            f"ON n.kind = f.kind AND n.slug = f.slug WHERE f.article IN ({marks})",
            numbers,
        )
        return Labels(
            sections={number: tuple(keys) for number, keys in self.sections(numbers).items()},
            slugs={(int(row[0]), str(row[1]), tag_key(str(row[3]))): str(row[2]) for row in rows},
        )

    def names(self, kind: str, limit: int) -> list[tuple[str, str, int]]:
        """(slug, name, live articles) of tags or reporters, the most used first."""
        rows = self._ask(
            "SELECT slug, name, articles FROM facet_name WHERE kind = ? AND articles > 0 "
            "ORDER BY articles DESC, slug LIMIT ?",
            (kind, limit),
        )
        return [(str(row[0]), str(row[1]), int(row[2])) for row in rows]

    def count(self, query: Query) -> int:
        """How many articles a query finds."""
        where, values = self._conditions(query)
        rows = self._ask(f"SELECT count(*) FROM article a WHERE a.state = 'live' {where}", values)  # noqa: S608
        return int(rows[0][0])

    def fragments(self, form: Format, numbers: Sequence[int]) -> dict[int, tuple[bytes, Fragment]]:
        """The stored fragments of articles: number → (digest, fragment)."""
        if not numbers:
            return {}
        marks = ", ".join("?" * len(numbers))
        rows = self._ask(
            "SELECT article, digest, head, summary, content, tail, instead, bare, source FROM fragment "  # noqa: S608
            f"WHERE format = ? AND article IN ({marks})",
            (str(form), *numbers),
        )
        return {
            row[0]: (
                bytes(row[1]),
                Fragment(
                    head=bytes(row[2]),
                    summary=bytes(row[3]),
                    content=bytes(row[4]),
                    tail=bytes(row[5]),
                    instead=bytes(row[6]),
                    bare=bytes(row[7]),
                    source=bytes(row[8]),
                ),
            )
            for row in rows
        }


def _moment(value: int) -> datetime:
    return _EPOCH + timedelta(microseconds=value)


def _article(row: Sequence[Any]) -> Article:
    return Article(
        no=row[0],
        id=row[1] or "",
        state=State(row[2]),
        story=codec.story(bytes(row[3])),
        published=_moment(row[4]) if row[4] is not None else None,
        precision=Precision(row[5]) if row[5] else None,
        updated=_moment(row[6]) if row[6] is not None else None,
        first_seen=_moment(row[7]),
        own=bool(row[8]),
    )
