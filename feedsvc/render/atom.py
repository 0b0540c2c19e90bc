"""Atom 1.0 (RFC 4287). Built by feedgen."""

from __future__ import annotations

from feedgen.entry import FeedEntry
from feedgen.feed import FeedGenerator

from feedsvc import __version__
from feedsvc.model import SELF, FeedHead, Fragment, Frame, WindowEntry
from feedsvc.render.extension import ATOM_NAMESPACES, AtomFeedExtension, EntryExtension, cut
from feedsvc.render.text import legal


def entry(item: WindowEntry) -> Fragment:
    """One `<entry>`: title and summary as text, the content as HTML."""
    article, story = item.article, item.article.story
    made = FeedEntry()
    made.id(article.id)
    made.title(story.title or story.url or article.id)
    if story.url:
        made.link(href=story.url, rel="alternate")
    made.updated(article.updated)
    made.published(article.published)
    for name in story.authors:
        made.author(name=name)
    made.summary(story.summary or "-")
    made.content(story.content or "-", type="html")
    for category in item.categories:
        made.category(term=category.term, scheme=category.scheme, label=category.label)
    made.register_extension("feedsvc", EntryExtension, atom=True, rss=True)
    made.feedsvc.article = article
    made.feedsvc.source = item.source
    head, summary, content, source, tail = cut(made.atom_entry(), ATOM_NAMESPACES)
    return Fragment(
        head=head,
        summary=summary if story.summary else b"",
        content=content if story.content else b"",
        tail=tail,
        source=source,
    )


def frame(head: FeedHead) -> Frame:
    """`<feed>` with everything but the entries."""
    made = FeedGenerator()
    made.id(head.id)
    made.title(legal(head.title))
    if head.description:
        made.subtitle(legal(head.description))
    made.link(href=SELF, rel="self", type="application/atom+xml")
    made.link(href=head.page, rel="alternate", type="text/html")
    made.language(head.language)
    made.generator("feedsvc", version=__version__)
    made.updated(head.updated)
    made.author(name=legal(head.site_title), uri=head.site_url)  # RFC 4287 4.1.1: entries without one
    if head.copyright:
        made.rights(legal(head.copyright))
    if head.logo:
        made.logo(head.logo)
    if head.icon:
        made.icon(head.icon)
    made.register_extension("feedsvc", AtomFeedExtension, EntryExtension, atom=True, rss=True)
    made.feedsvc.head = head
    text = made.atom_str()
    position = text.rindex(b"</feed>")
    return Frame(head=text[:position], separator=b"", tail=text[position:])
