"""Atom 1.0 (RFC 4287). Built by feedgen."""

from __future__ import annotations

from html import escape

from feedgen.entry import FeedEntry
from feedgen.feed import FeedGenerator

from feedsvc import __version__
from feedsvc.model import SELF, FeedHead, Fragment, Frame, WindowEntry
from feedsvc.render.extension import ATOM_NAMESPACES, AtomFeedExtension, EntryExtension, cut
from feedsvc.render.text import legal, looks_like_markup, mailbox


def entry(item: WindowEntry) -> Fragment:
    """One `<entry>`: title and summary as text, the content as HTML.

    Without summary and content the headline is its summary: an entry needs some text, and one without an
    address needs content (RFC 4287 4.1.2).
    """
    article, story = item.article, item.article.story
    made = FeedEntry()
    made.id(article.id)
    made.title(story.title)
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
    bare = text_construct("summary" if story.url else "content", story.title)
    instead = b"" if story.url else text_construct("content", story.summary)
    return Fragment(
        head=head,
        summary=summary if story.summary else b"",
        content=content if story.content else b"",
        tail=tail,
        instead=instead if story.summary else bare,
        bare=bare,
        source=source,
    )


def text_construct(name: str, text: str) -> bytes:
    """A text as an element that no reader takes for something else (RFC 4287 3.1)."""
    if looks_like_markup(text):
        return f'<{name} type="html">{escape(escape(text, quote=False), quote=False)}</{name}>'.encode()
    return f"<{name}>{escape(text, quote=False)}</{name}>".encode()


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
    contact = mailbox(head.contact, head.site_title)
    # RFC 4287 4.1.1: whose entries name no author
    made.author(name=legal(head.site_title), uri=head.site_url, email=contact[0] if contact else None)
    if head.copyright or head.rights:
        made.rights(legal(head.copyright or head.rights))
    if head.logo:
        made.logo(head.logo)
    if head.icon:
        made.icon(head.icon)
    made.register_extension("feedsvc", AtomFeedExtension, EntryExtension, atom=True, rss=True)
    made.feedsvc.head = head
    text = made.atom_str()
    position = text.rindex(b"</feed>")
    return Frame(head=text[:position], separator=b"", tail=text[position:])
