"""Entries and frames in every format. feedgen works here, so never on a request thread."""

from __future__ import annotations

from feedsvc.model import FeedHead, Format, Fragment, Frame, WindowEntry
from feedsvc.render import atom, jsonfeed, rss
from feedsvc.render.text import legal_entry
from feedsvc.render.version import VERSION

__all__ = ["VERSION", "entry", "frame"]

_ENTRY = {Format.RSS: rss.entry, Format.ATOM: atom.entry, Format.JSON: jsonfeed.entry}
_FRAME = {Format.RSS: rss.frame, Format.ATOM: atom.frame, Format.JSON: jsonfeed.frame}


def entry(item: WindowEntry, form: Format) -> Fragment:
    """One article in one format: the same article gives the same bytes."""
    return _ENTRY[form](legal_entry(item))


def frame(head: FeedHead, form: Format) -> Frame:
    """What surrounds the entries of a feed: the same head gives the same bytes."""
    return _FRAME[form](head)
