"""Bytes → Snapshot: everything that a request would otherwise compute."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from xml.sax.saxutils import escape

import brotli
import orjson
from lxml import etree

from feedsvc.model import SELF, Format, Frame, Part, Snapshot

GZIP, BROTLI = 6, 5  #: levels: beyond them a build costs much more and saves little


def join(
    frame: Frame,
    entries: Iterable[Part],
    *,
    form: Format,
    self_url: str,
    summary: bool = True,
) -> bytes:
    """A feed: its frame and its entries; without their summaries, where the client wants none."""
    parts = []
    for part in entries:
        one = part.fragment
        if part.full and one.content:
            body = one.summary + one.content if summary else one.content
        else:
            body = one.summary + one.instead if summary else one.bare
        source = one.source if part.combined else b""
        parts.append(b"".join((one.head, body, source, part.extra, one.tail)))
    address = self_url if form is Format.JSON else escape(self_url, {'"': "&quot;"})
    head = frame.head.replace(SELF.encode(), address.encode())
    return b"".join((head, frame.separator.join(parts), frame.tail))


def freeze(
    identity: bytes,
    *,
    path: str,
    media_type: str,
    stored: datetime,
    max_age: int,
    links: Sequence[tuple[str, str]] = (),
    page: str = "",
    frame: Frame | None = None,
) -> Snapshot:
    """The document in gzip and Brotli, with its tag. The same bytes always give the same tag and codings.

    No two codings have one length: length and moment make the tag of a variant (serve.documents).
    """
    zipped = gzip.compress(identity, GZIP, mtime=0)
    br = brotli.compress(identity, quality=BROTLI)
    br = b"" if len(br) in {len(identity), len(zipped)} else br
    return Snapshot(
        path=path,
        media_type=media_type,
        etag=hashlib.sha256(identity).hexdigest()[:24],
        last_modified=stored,
        max_age=max_age,
        identity=identity,
        gzip=zipped,
        br=br,
        links=tuple(links),
        page=page,
        frame=frame,
    )


def rising(now: datetime, last: datetime | None) -> datetime:
    """When bytes are stored, to the second as HTTP dates are; later than the `last` ones of the same path."""
    now = now.replace(microsecond=0)
    return now if last is None else max(now, last + timedelta(seconds=1))


def parses(identity: bytes, media_type: str) -> bool:
    """Whether a document can be read back: well-formed XML, or JSON."""
    try:
        if "json" in media_type:
            orjson.loads(identity)
        else:
            etree.fromstring(
                identity, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
            )
    except (etree.XMLSyntaxError, orjson.JSONDecodeError):
        return False
    return True
