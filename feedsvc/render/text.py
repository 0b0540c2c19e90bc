"""Text as XML 1.0 lets it stand."""

from __future__ import annotations

import re
from dataclasses import replace
from email.utils import parseaddr
from html.entities import name2codepoint

from feedsvc.model import Category, Story, WindowEntry

# XML 1.0 2.2: Char; everything else makes a document that no parser accepts
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_MARKUP = re.compile(r"</[a-z]|&(#?\w+)", re.I)
_MAILBOX = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[a-z0-9-]+(\.[a-z0-9-]+)+", re.I)
NO_TITLE = 120  #: characters of a summary that stand in for a title


def legal_entry(item: WindowEntry) -> WindowEntry:
    """The same entry with every text of it legal; its title is never empty, nor is any name."""
    story = item.article.story
    image = story.image
    if image:
        image = replace(
            image,
            url=legal(image.url),
            type=legal(image.type),
            caption=_filled(image.caption),
            credit=_filled(image.credit),
            thumbnail=legal(image.thumbnail),
        )
    story = replace(
        story,
        url=legal(story.url),
        enclosures=tuple(replace(one, url=legal(one.url), type=legal(one.type)) for one in story.enclosures),
        language=story.language if _LANGUAGE.fullmatch(story.language) else "",
        title=" ".join(legal(story.title).split()) or _instead_of_title(story) or item.article.id,
        summary=_filled(story.summary),
        content=_filled(story.content),
        authors=_named(story.authors),
        tags=_named(story.tags),
        image=image,
    )
    categories = tuple(
        Category(" ".join(legal(one.term).split()), label, one.scheme)
        for one in item.categories
        if (label := " ".join(legal(one.label).split()))
    )
    source = replace(item.source, title=legal(item.source.title)) if item.source else None
    article = replace(item.article, story=story)
    return replace(item, article=article, categories=categories, source=source)


def legal(text: str) -> str:
    """`text` without the characters that XML forbids (controls, lone surrogates, U+FFFE)."""
    return _ILLEGAL.sub("", text)


def _instead_of_title(story: Story) -> str:
    """A title for an article that has none: lists in readers show nothing else."""
    summary = " ".join(legal(story.summary).split())
    if len(summary) > NO_TITLE:
        summary = summary[:NO_TITLE].rpartition(" ")[0] + "…"
    return summary or legal(story.url)


def _filled(text: str) -> str:
    """A legal text; "" where nothing but white space is in it, which is no text."""
    text = legal(text)
    return text if text.strip() else ""


def _named(names: tuple[str, ...]) -> tuple[str, ...]:
    """Legal names; an empty one is no name (RFC 4287 3.2.1)."""
    return tuple(name for name in (" ".join(legal(one).split()) for one in names) if name)


def looks_like_markup(text: str) -> bool:
    """Whether a reader that guesses might take a plain text for HTML: it quotes an end tag or a reference."""
    return any(
        not match[1] or match[1] in name2codepoint or not match[1].isalpha()
        for match in _MARKUP.finditer(text)
    )


def mailbox(contact: str, name: str) -> tuple[str, str] | None:
    """(e-mail address, name) of a contact, `name` where it has none; None where it holds no address."""
    given, address = parseaddr(legal(contact))
    return (address, given or legal(name)) if _MAILBOX.fullmatch(address) else None
