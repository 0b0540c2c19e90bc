"""What elements are called: the places of a page that hold other things than the article."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache

from lxml import etree


class Place(StrEnum):
    """What the name of an element says about the text in it."""

    ASIDE = "aside"  #: aside, nav, footer
    FORM = "form"
    FIGURE = "figure"
    CAPTION = "caption"
    RELATED = "related"
    PROMO = "promo"  #: newsletter, subscription, app
    SHARE = "share"
    TAGS = "tags"
    AUTHOR = "author"  #: about the author
    COMMENTS = "comments"
    HIDDEN = "hidden"
    EMBED = "embed"  #: a post of a social network


_NAMES = {
    Place.CAPTION: (
        r"(?:wp-)?caption\w*|bildunterschrift|bildtext|fotocredit|photo-?credit|image-?credit|media-?caption|"
        r"img-?desc|keterangan|image-?copyright|bild-?quelle"
    ),
    Place.RELATED: (
        r"related\w*|baca-?juga|lihat-?juga|read-?(?:more|also|next)|also-?read|inline-?related|recommend\w*|"
        r"most-?(?:read|popular)|trending|outbrain|taboola|terkait|artikel-?terkait|linksisip|further-?reading|"
        r"link-?box|teaser-?(?:list|box|grid)|more-?(?:stories|from|news)|popular\w*|terpopuler|siehe-?auch|"
        r"rekomendasi"
    ),
    Place.PROMO: (
        r"newsletter\w*|subscribe\w*|promo\w*|advert\w*|ads?|adsense|piano|onetrust|cookie\w*|opinary|signup|"
        r"donat\w*|app-?(?:banner|promo)|iklan|sponsor\w*|anzeige"
    ),
    Place.SHARE: r"share(?:bar|-bar|-buttons|daddy|r|box|-?tools|-?links)?|social(?:-\w+)?|sharing",
    # not `tag-jakarta`, with which WordPress marks every article
    Place.TAGS: r"tags?(?!-)|tag-?(?:list|cloud|links)|post-?tags|topics?-?list|keywords|breadcrumbs?",
    Place.AUTHOR: r"author-?(?:box|bio|info|card|desc\w*)|about-?(?:the-?)?author|bio(?:graphy)?",
    Place.COMMENTS: r"comments?(?:-?\w+)?|disqus\w*|komentar|kommentare?",
}
_NAMED = tuple(
    (place, re.compile(rf"(?:^|[\s_-])(?:{names})(?:$|[\s_-])", re.I)) for place, names in _NAMES.items()
)
_TAGS = {
    "aside": Place.ASIDE,
    "nav": Place.ASIDE,
    "footer": Place.ASIDE,
    "form": Place.FORM,
    "figure": Place.FIGURE,
    "figcaption": Place.CAPTION,
    "dialog": Place.FORM,
}
_POSTS = re.compile(r"twitter-|instagram-|tiktok-|bluesky|mastodon|facebook|fb-post|telegram")
_HIDING = re.compile(r"display:none|visibility:hidden", re.I)


def places_of(element: etree._Element) -> tuple[Place, ...]:
    """What the element's own tag, class and id say."""
    names = f"{element.get('class') or ''} {element.get('id') or ''}".strip()
    style = element.get("style")
    hidden = element.get("hidden") is not None or (
        style is not None and _HIDING.search(style.replace(" ", ""))
    )
    found = _named(str(element.tag), names)
    return (*found, Place.HIDDEN) if hidden else found


@lru_cache(maxsize=8192)
def _named(tag: str, names: str) -> tuple[Place, ...]:
    found = [_TAGS[tag]] if tag in _TAGS else []
    if names:
        found += [place for place, pattern in _NAMED if pattern.search(names)]
        if tag == "blockquote" and _POSTS.search(names):
            found.append(Place.EMBED)
    return tuple(dict.fromkeys(found))
