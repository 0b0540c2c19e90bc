"""Entries and frames in every format. feedgen works here, so never on a request thread."""

from __future__ import annotations

from xml.sax.saxutils import quoteattr

import orjson

from feedsvc.model import FeedHead, Format, Fragment, Frame, WindowEntry
from feedsvc.render import atom, jsonfeed, podcast, rss, source_namespace
from feedsvc.render.extension import markup
from feedsvc.render.text import legal, legal_entry
from feedsvc.render.version import VERSION

__all__ = ["VERSION", "beside", "entry", "frame"]

_ENTRY = {Format.RSS: rss.entry, Format.ATOM: atom.entry, Format.JSON: jsonfeed.entry}
_FRAME = {Format.RSS: rss.frame, Format.ATOM: atom.frame, Format.JSON: jsonfeed.frame}


def entry(item: WindowEntry, form: Format) -> Fragment:
    """One article in one format: the same article gives the same bytes."""
    return _ENTRY[form](legal_entry(item))


def frame(head: FeedHead, form: Format) -> Frame:
    """What surrounds the entries of a feed: the same head gives the same bytes."""
    return _FRAME[form](head)


def beside(item: WindowEntry, form: Format) -> bytes:
    """What one feed alone says of an entry: its rank, the near-equal articles within it, the episode it is,
    and its licence for machines.

    `link rel="related"` (RFC 4287 4.2.7.2) in Atom and, as atom:link, in RSS; an extension in JSON Feed.
    """
    episode = item.article.story.episode if item.episode else None
    if form is Format.JSON:
        values = dict(item.extra or {})
        if episode:
            values["episode"] = podcast.values(episode)
        if item.related:
            values["related"] = [{"id": one, "url": url, "title": title} for one, url, title in item.related]
        return b',"_feedsvc":' + orjson.dumps(values) if values else b""
    name = "link" if form is Format.ATOM else "atom:link"
    links = [
        f'<{name} rel="related" href={quoteattr(legal(url))} title={quoteattr(legal(title))}/>'
        for _, url, title in item.related
        if url
    ]
    more = [*(podcast.of_episode(episode) if episode else ()), *item.terms]
    if item.markdown and item.full and item.article.story.content and form is Format.RSS:
        more.append(source_namespace.of_entry(item.article.story.content))
    return "".join(links).encode() + markup(more)
