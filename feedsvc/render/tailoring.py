"""Entries and heads of feeds as one taker wants them: by its options, and by its house's published rules.

docs/takers.md names each rule with its source. What a taker gets is still the article: its text, its dates
and (unless it wants the address instead) its id are those of every other feed.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from html import escape
from urllib.parse import parse_qsl, urlencode, urlsplit

import orjson
from lxml import etree, html

from feedsvc.model import Article, Element, FeedHead, Image, Profile, Site, Story, Taker, WindowEntry

SHORT_TITLE = 150  #: characters: MSN wants a short title beside a longer one
CHANNEL_DESCRIPTION = 30  #: characters: SmartNews
COLUMN = 600  #: pixels: what newsletters are laid out for, where the taker names no width
_DROPPED_IN_MAIL = ("figure", "picture", "img", "video", "audio", "iframe", "object", "svg")
_UNWRAPPED_IN_MAIL = ("section", "article", "aside", "header", "footer", "main", "nav", "div", "span")
_SPACE = re.compile(r"\s+")


def tailored(entry: WindowEntry, taker: Taker, site: Site) -> WindowEntry:
    """An entry as a taker's feed carries it."""
    if not taker.tailored:
        return entry
    article = entry.article
    story = article.story
    elements, picture, namespaces = _elements(article, taker)
    story = replace(
        story,
        url=tracked(story.url, taker.tracking) if story.url else "",
        content=_content(story, taker, site) if story.content else "",
    )
    permalink = taker.guid == "link" and bool(article.story.url)
    if permalink:
        article = replace(article, id=article.story.url)
    about = [entry.digest.hex(), taker, site.title, site.url]
    digest = hashlib.blake2b(orjson.dumps(about, default=_plain), digest_size=16).digest()
    return replace(
        entry,
        article=replace(article, story=story),
        digest=digest,
        elements=elements,
        picture=picture,
        namespaces=namespaces,
        permalink=permalink,
    )


def tailored_head(head: FeedHead, taker: Taker) -> FeedHead:
    """The head of a feed as a taker wants it."""
    if taker.profile is Profile.MSN:
        return replace(head, namespaces=("dcterms", "mi"))
    if taker.profile is Profile.SMARTNEWS:
        logos = [("snf:logo", head.logo), ("snf:darkModeLogo", taker.dark_logo)]
        return replace(
            head,
            description=shortened(head.description or head.title, CHANNEL_DESCRIPTION),
            elements=tuple(Element(name, children=(Element("url", url),)) for name, url in logos if url),
            namespaces=("snf",),
            dated=True,
        )
    return head


def tracked(url: str, tracking: str) -> str:
    """An address with the parameters of a taker; those of the same name that it had are theirs no more."""
    if not tracking:
        return url
    added = parse_qsl(tracking.lstrip("?&"), keep_blank_values=True)
    names = {name for name, _ in added}
    parts = urlsplit(url)
    kept = [
        pair for pair in parts.query.split("&") if pair and pair.partition("=")[0] not in names
    ]  # as they were written: a server may distinguish spellings
    return parts._replace(query="&".join([*kept, urlencode(added)])).geturl()


def shortened(text: str, most: int) -> str:
    """The beginning of a text, cut between words where there is a space, at most `most` characters long."""
    text = _SPACE.sub(" ", text).strip()
    if len(text) <= most:
        return text
    cut = text[: most - 1]
    return f"{(cut.rpartition(' ')[0] or cut).rstrip(' ,.;:-–')}…"


def _plain(value: object) -> object:
    return sorted(value) if isinstance(value, frozenset) else str(value)


# ── elements of a house ───────────────────────────────────────────────────────────────────────────────


def _elements(
    article: Article, taker: Taker
) -> tuple[tuple[Element, ...], tuple[Element, ...], tuple[str, ...]]:
    """What an RSS item has besides, what its picture has besides, and the prefixes of both."""
    if taker.profile is Profile.MSN:
        return _for_msn(article), _picture_for_msn(article.story, taker), ("dcterms", "mi")
    if taker.profile is Profile.SMARTNEWS:
        return _for_smartnews(article, taker), (), ("snf",)
    return (), (), ()


def _for_msn(article: Article) -> tuple[Element, ...]:
    elements = []
    if len(article.story.title) > SHORT_TITLE:
        elements.append(Element("mi:shortTitle", shortened(article.story.title, SHORT_TITLE)))
    if article.updated is not None:
        # every item: whoever compares it with pubDate need not tell "never changed" from "not said"
        elements.append(Element("dcterms:modified", article.updated.isoformat()))
    if article.story.tags:
        elements.append(Element("media:keywords", ", ".join(article.story.tags)))
    return tuple(elements)


def _picture_for_msn(story: Story, taker: Taker) -> tuple[Element, ...]:
    """What MSN shows with a picture; and, where it is so, that the newsroom may pass it on."""
    image = story.image
    if image is None:
        return ()
    elements = [Element("media:title", shortened(image.caption or story.title, SHORT_TITLE))]
    if image.caption:
        elements.append(Element("media:text", image.caption))
    if taker.pictures_licensed:
        elements.append(Element("mi:hasSyndicationRights", "1"))
    return tuple(elements)


def _for_smartnews(article: Article, taker: Taker) -> tuple[Element, ...]:
    elements = [Element("media:status", "active")]
    if article.story.image:
        elements.append(Element("media:thumbnail", attributes=(("url", article.story.image.url),)))
    if taker.analytics:
        code = taker.analytics.replace("{url}", article.story.url)
        code = code.replace("{path}", urlsplit(article.story.url).path)
        elements.append(Element("snf:analytics", code, markup=True))
    return tuple(elements)


# ── texts ─────────────────────────────────────────────────────────────────────────────────────────────


def _content(story: Story, taker: Taker, site: Site) -> str:
    content = story.content
    if taker.profile is Profile.NEWSLETTER:
        content = _for_mail(story, taker.picture or COLUMN)
    elif taker.picture:
        content = _with_width(content, taker.picture)
    if taker.footer:
        content += f"<p>{_footer(story, taker, site)}</p>"
    return content


def _footer(story: Story, taker: Taker, site: Site) -> str:
    """The taker's line, with its links. `{article}` is the headline, `{site}` the newsroom."""
    address = tracked(story.url, taker.tracking) if story.url else ""
    article = f'<a href="{escape(address)}">{escape(story.title)}</a>' if address else escape(story.title)
    newsroom = f'<a href="{escape(site.url)}">{escape(site.title)}</a>'
    parts = re.split(r"(\{article\}|\{site\})", taker.footer)
    links = {"{article}": article, "{site}": newsroom}
    return "".join(links.get(part) or escape(part, quote=False) for part in parts)


def _with_width(content: str, width: int) -> str:
    """The text with its pictures `width` pixels wide; their heights follow."""
    root = html.fragment_fromstring(content, create_parent="div")
    for image in root.iter("img"):
        _resize(image, width)
    return _inner(root)


def _resize(image: etree._Element, width: int) -> None:
    before, height = image.get("width", ""), image.get("height", "")
    if before.isdecimal() and height.isdecimal() and int(before):
        image.set("height", str(max(1, round(int(height) * width / int(before)))))
    elif height:
        del image.attrib["height"]
    image.set("width", str(width))


def _for_mail(story: Story, width: int) -> str:
    """What mail programs show alike: one picture of a fixed width, in a table of one column, then plain text.

    Of pictures within the text none is kept: their number and sizes are what breaks the layout of a mail.
    """
    root = html.fragment_fromstring(story.content, create_parent="div")
    for element in list(root.iter(*_DROPPED_IN_MAIL)):
        if element.getparent() is not None:
            element.drop_tree()
    for element in list(root.iter(*_UNWRAPPED_IN_MAIL)):
        if element is not root:
            element.drop_tag()
    rows = []
    if story.image is not None:
        rows.append(_picture_row(story.image, story.title, width))
    rows.append(f"<tr><td>{_inner(root)}</td></tr>")
    table = f'<table role="presentation" width="{width}" cellpadding="0" cellspacing="0" border="0">'
    return f"{table}{''.join(rows)}</table>"


def _picture_row(image: Image, title: str, width: int) -> str:
    height = f' height="{round(image.height * width / image.width)}"' if image.width and image.height else ""
    alt = escape(image.caption or title)
    picture = f'<img src="{escape(image.url)}" width="{width}"{height} alt="{alt}">'
    words = " ".join(one for one in (image.caption, image.credit) if one)
    below = f"<br><small>{escape(words, quote=False)}</small>" if words else ""
    return f"<tr><td>{picture}{below}</td></tr>"


def _inner(root: etree._Element) -> str:
    """The HTML within an element."""
    text = escape(root.text or "", quote=False)
    return text + "".join(html.tostring(child, encoding="unicode") for child in root)
