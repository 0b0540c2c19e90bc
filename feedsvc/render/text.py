"""Text as XML 1.0 lets it stand."""

from __future__ import annotations

import re
from dataclasses import replace

from feedsvc.model import WindowEntry

# XML 1.0 2.2: Char; everything else makes a document that no parser accepts
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def legal_entry(item: WindowEntry) -> WindowEntry:
    """The same entry with every text of its story legal."""
    story = item.article.story
    image = story.image
    if image:
        image = replace(image, caption=legal(image.caption), credit=legal(image.credit))
    story = replace(
        story,
        title=legal(story.title),
        summary=legal(story.summary),
        content=legal(story.content),
        authors=tuple(map(legal, story.authors)),
        tags=tuple(map(legal, story.tags)),
        image=image,
    )
    return replace(item, article=replace(item.article, story=story))


def legal(text: str) -> str:
    """`text` without the characters that XML forbids (controls, lone surrogates, U+FFFE)."""
    return _ILLEGAL.sub("", text)
