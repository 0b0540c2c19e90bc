"""RSS 2.0, after the RSS Advisory Board's specification and Best Practices Profile. Built by feedgen."""

from __future__ import annotations

import re
from html import escape
from urllib.parse import urlsplit

from feedgen.entry import FeedEntry
from feedgen.feed import FeedGenerator

from feedsvc import __version__
from feedsvc.model import SELF, FeedHead, Fragment, Frame, WindowEntry
from feedsvc.render.extension import OPTIONAL, RSS_NAMESPACES, EntryExtension, FeedExtension, cut
from feedsvc.render.text import legal, mailbox

_PICTURE = re.compile(r"\.(gif|jpe?g|png)$", re.I)
_TITLE = re.compile(rb"<title>(.*?)</title>", re.S)


def entry(item: WindowEntry) -> Fragment:
    """One `<item>`: the title plain, the summary in description, the full text in content:encoded."""
    article, story = item.article, item.article.story
    made = FeedEntry()
    made.title(story.title)
    if story.url:
        made.link(href=story.url)
    made.guid(article.id, permalink=item.permalink)
    # both are always given, so that feedgen puts each into its own element; absent ones are dropped below
    made.description(escape(story.summary, quote=False) or "-")  # description is HTML, a summary is not
    made.content(story.content or "-", type="CDATA")
    for category in item.categories:
        made.category(term=category.label, scheme=category.scheme)
    made.register_extension("feedsvc", EntryExtension, atom=True, rss=True)
    made.feedsvc.article = article
    made.feedsvc.source = item.source
    made.feedsvc.elements, made.feedsvc.picture = item.elements, item.picture
    namespaces = RSS_NAMESPACES | {prefix: OPTIONAL[prefix] for prefix in item.namespaces}
    head, summary, content, source, tail = cut(made.rss_entry(), namespaces)
    return Fragment(
        head=_TITLE.sub(_hex_references, head),
        summary=summary if story.summary else b"",
        content=content if story.content else b"",
        tail=tail,
        source=source,
    )


def _hex_references(match: re.Match[bytes]) -> bytes:
    # RSS Best Practices: `&` and `<` of a plain title as hex references; then readers that take the title for
    # HTML and readers that take it for text show the same
    return match[0].replace(b"&amp;", b"&#x26;").replace(b"&lt;", b"&#x3C;").replace(b"&gt;", b"&#x3E;")


def frame(head: FeedHead) -> Frame:
    """`<rss>` and `<channel>` with everything but the items."""
    made = FeedGenerator()
    made.title(legal(head.title))
    made.description(legal(head.description or head.title))
    made.link(href=SELF, rel="self", type="application/rss+xml")
    made.link(href=head.page, rel="alternate")  # the last link becomes the channel's
    made.language(head.language)
    made.generator("feedsvc", version=__version__, uri=None)
    made.docs("https://www.rssboard.org/rss-specification")
    made.ttl(max(1, round(head.ttl / 60)))
    made.lastBuildDate(head.updated)
    if head.copyright:
        made.copyright(legal(head.copyright))
    contact = mailbox(head.contact, head.site_title)
    if contact:
        made.managingEditor(f"{contact[0]} ({contact[1]})")
    if _PICTURE.search(urlsplit(head.logo).path):  # RSS 2.0 knows GIF, JPEG and PNG
        made.image(url=head.logo, title=legal(head.title), link=head.page)  # the channel's own, it wants
    made.register_extension("feedsvc", FeedExtension, EntryExtension, atom=True, rss=True)
    made.feedsvc.head = head
    text = made.rss_str()
    position = text.rindex(b"</channel>")
    return Frame(head=_TITLE.sub(_hex_references, text[:position]), separator=b"", tail=text[position:])
