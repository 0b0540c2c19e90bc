"""Whose an article is: a newsroom's own are those of which its own system said something."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from sqlalchemy import Connection, exists, insert, or_, select

from feedsvc import urls
from feedsvc.errors import Code, EditorialError
from feedsvc.model import Expected, Newsroom, State
from feedsvc.store import schema as t
from feedsvc.store.articles import lists


def named(connection: Connection, name: str, *, scope: str = "") -> list[int]:
    """The articles that a row id (in `scope`), a public id or an address names, in this order."""
    found = [] if not scope else [_by_key(connection, "row", scope, name)]
    found.append(connection.execute(select(t.article.c.no).where(t.article.c.id == name)).scalar())
    url = urls.absolute(name, name, fragment=True)
    if url is not None:
        page, spot = urls.key(url), urls.fragment(url)
        found.append(_by_key(connection, "address", "", urls.place(page, f"#{spot}") if spot else page))
    return list(dict.fromkeys(number for number in found if number is not None))


def _by_key(connection: Connection, kind: str, scope: str, value: str) -> int | None:
    k = t.key.c
    return connection.execute(
        select(k.article).where(k.kind == kind, k.scope == scope, k.value == value)
    ).scalar()


def is_own(connection: Connection, number: int, newsroom: Newsroom) -> bool:
    """Whether the newsroom's own system said something of an article, or gave it an id."""
    s, u, k = t.statement.c, t.upstream.c, t.key.c
    spoke = exists().where(s.article == number, s.upstream == u.no, u.key == newsroom.source)
    gave = exists().where(k.article == number, k.kind == "row", k.scope == newsroom.source)
    return connection.execute(select(u.no).where(spoke).limit(1)).first() is not None or bool(
        connection.execute(select(gave)).scalar()
    )


def refuse_others(connection: Connection, numbers: Iterable[int], newsroom: Newsroom) -> None:
    """Raises EditorialError (NOT_YOURS) where a newsroom says something of another's article.

    One that was collected becomes its own, unless it stands in a section that its token does not cover.
    """
    s, u, k, m = t.statement.c, t.upstream.c, t.key.c, t.membership.c
    for number in numbers:
        if is_own(connection, number, newsroom):
            continue
        of_api = or_(
            exists().where(s.article == number, s.upstream == u.no, u.kind == "api"),
            exists().where(k.article == number, k.kind == "row", k.scope == u.key, u.kind == "api"),
        )
        if connection.execute(select(u.no).where(u.kind == "api", of_api).limit(1)).first() is not None:
            raise EditorialError(Code.NOT_YOURS, "this address is that of another newsroom's article")
        if newsroom.sections is None:
            continue
        where = (m.article == number, m.left_at.is_(None), m.list.not_in([*newsroom.sections, lists.LATEST]))
        if connection.execute(select(m.list).where(*where).limit(1)).first() is not None:
            raise EditorialError(
                Code.NOT_YOURS,
                "the article at this address is in a section that the token does not cover",
            )


def give_row(connection: Connection, number: int, source: str, row: str) -> None:
    """Let a row id name an article, where nothing is named by it yet."""
    if _by_key(connection, "row", source, row) is None:
        connection.execute(insert(t.key).values(kind="row", scope=source, value=row, article=number))


def version(connection: Connection, number: int) -> str | None:
    """What an article is like, in a short text that changes with it; None where it is shown nowhere."""
    a, m = t.article.c, t.membership.c
    row = connection.execute(select(a.state, a.story, a.published, a.updated).where(a.no == number)).one()
    if row.state not in (State.LIVE, State.WAITING, State.HIDDEN):
        return None
    where = (m.article == number, m.left_at.is_(None))
    stands = connection.execute(select(m.list).where(*where).order_by(m.list)).scalars()
    parts = [row.state, row.published, row.updated, *stands]
    if row.state == State.WAITING:  # when it goes live is nowhere but in what was said of it
        s = t.statement.c
        said = select(s.digest).where(s.article == number).order_by(s.upstream)
        parts += [bytes(one).hex() for one in connection.execute(said).scalars()]
    digest = hashlib.blake2b(bytes(row.story), digest_size=12)
    digest.update("\0".join(str(part) for part in parts).encode())
    return digest.hexdigest()


def require(connection: Connection, number: int | None, expected: Expected | None) -> None:
    """Raises EditorialError (OTHER_VERSION) where an article is not as a request expects it."""
    if expected is None:
        return
    now = None if number is None else version(connection, number)
    if not expected.allows(now):
        raise EditorialError(Code.OTHER_VERSION, "the article is not as the request expects it; GET it again")
