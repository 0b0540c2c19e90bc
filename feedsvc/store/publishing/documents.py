"""What is served, as the publisher stores it and reads it back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, insert, select, update

from feedsvc.model import Snapshot
from feedsvc.store import schema as t


class ShownEntry(NamedTuple):
    """An entry as a document carries it, so that variants can be joined from fragments."""

    article: int
    full: bool = False  #: with its full text
    combined: bool = False  #: with the feed that it comes from
    extra: str = ""  #: what only this feed says of it, in the feed's format


@dataclass(frozen=True, slots=True)
class NewDocument:
    """A document that takes the place of what stands at its path."""

    snapshot: Snapshot
    list: str  #: key of the list that it belongs to, or ""
    digest: bytes  #: of all that is in it but the moment it was built
    entries: Sequence[ShownEntry] = ()
    private: bool = False  #: nobody is told of it: no hub, no cache


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What was stored last for a path."""

    digest: bytes
    last_modified: datetime
    entries: tuple[int, ...]


def read_published(connection: Connection, paths: Sequence[str]) -> dict[str, Published]:
    """What is stored for some paths."""
    return {
        row.path: Published(
            digest=row.digest,
            last_modified=row.last_modified,
            entries=tuple(entry[0] for entry in row.entries),
        )
        for row in connection.execute(_published_statement(), {"paths": list(paths)})
    }


@cache
def _published_statement() -> Any:
    c = t.snapshot.c
    return select(c.path, c.digest, c.last_modified, c.entries).where(
        c.path.in_(bindparam("paths", expanding=True)), c.status == 200
    )


def stale_paths(connection: Connection, wanted: Iterable[str], now: datetime, keep: timedelta) -> list[str]:
    """Paths that are served although no list of the configuration has them, for longer than `keep`.

    The first time a path is seen to be unwanted is when its list left the configuration.
    """
    c, g = t.snapshot.c, t.listing.c
    wanted = frozenset(wanted)
    rows = connection.execute(
        select(c.path, g.removed_at).outerjoin(t.listing, g.key == c.list).where(c.status != 404)
    )
    return [
        row.path
        for row in rows
        if row.path not in wanted and (row.removed_at is None or row.removed_at <= now - keep)
    ]


def put_document(connection: Connection, new: NewDocument, number: int) -> None:
    """Store a document as part of publication `number`."""
    snapshot, frame = new.snapshot, new.snapshot.frame
    values: dict[str, Any] = {
        "number": number,
        "list": new.list,
        "media_type": snapshot.media_type,
        "etag": snapshot.etag,
        "last_modified": snapshot.last_modified,
        "max_age": snapshot.max_age,
        "identity": snapshot.identity,
        "gzip": snapshot.gzip,
        "br": snapshot.br,
        "links": [list(link) for link in snapshot.links],
        "page": snapshot.page,
        "status": snapshot.status,
        "location": snapshot.location,
        "entries": [list(entry) for entry in new.entries],
        "digest": new.digest,
        "told": False,
        "head": frame.head if frame else b"",
        "separator": frame.separator if frame else b"",
        "tail": frame.tail if frame else b"",
    }
    given = {"at": snapshot.path, **{f"new_{name}": value for name, value in values.items()}}
    if not connection.execute(_put_statement(), given).rowcount:
        connection.execute(insert(t.snapshot).values(path=snapshot.path, **values))


@cache
def _put_statement() -> Any:
    c = t.snapshot.c
    names = [column.name for column in c if column.name != "path"]
    return (
        update(t.snapshot)
        .where(c.path == bindparam("at"))
        .values({name: bindparam(f"new_{name}", type_=c[name].type) for name in names})
    )


def drop_documents(connection: Connection, paths: Sequence[str], number: int) -> None:
    """Answer 404 at some paths from publication `number` on."""
    gone: Mapping[str, Any] = {"number": number, "status": 404, "identity": b"", "gzip": b"", "br": b""}
    connection.execute(update(t.snapshot).where(t.snapshot.c.path.in_(list(paths))).values(gone))
