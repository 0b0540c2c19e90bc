"""Renditions of pictures: what an `<img>` offers, and when two addresses show the same picture."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from selectolax.lexbor import LexborNode

#: selector of what may show a picture; `amp-img` is an img (AMP HTML), a background is one for readers
PICTURES = (
    "img, picture source, amp-img, video[poster], [style*='url('], [data-bg], [data-background-image], "
    "div[data-src]"
)
_BACKGROUND = re.compile(r"background(?:-image)?\s?:[^;]*?url\(\s?[\"']?([^\"')\s]{4,2000})", re.I)
_SOURCES = ("data-src", "data-original", "data-lazy-src", "data-full")
#: the address of a picture, in whatever attribute a script looks for it
_PICTURE_FILE = re.compile(r"[^\s,]{1,2000}\.(?:jpe?g|png|webp|avif|gif)(?:\?[^\s,]{0,500})?", re.I)
_LARGE_ENOUGH = 600  #: pixels
_ENLARGED = re.compile(r"\.(?:jpe?g|png|webp|avif)(?:\?|$)", re.I)
#: one candidate of a srcset (HTML 4.8.4.2.2): an address that a comma ends, or one and what is said of it
_CANDIDATE = re.compile(r"(?:([^\s,]\S*+)(?<=,)|([^\s,]\S*+)([^,]*+))")
_WIDTH = re.compile(r"\s{0,9}(\d{1,7})(?:\.\d*)?w")
_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_TOKEN = re.compile(rf"{_UUID}|[A-Za-z0-9_-]{{20,}}|[0-9a-f]{{12,}}")
_EXTENSION = re.compile(r"\.(?:jpe?g|png|webp|avif|gif|ece)$")
_SIZE_IN_NAME = re.compile(
    r"[-_](?:\d{2,4}x\d{2,4}|w\d{2,4}|\d{2,4}w|scaled|e\d{10,}(?:-\d+x\d+)?|v\d+_\d+_\d{3,4}|\d{3,4})(?=$|"
    r"[-_.])"
)
_COMMON_NAME = re.compile(
    r"(?:master|image|original|photo|default|normalized|picture|large|medium|thumb)[-_\d]*"
)
_WIDTH_IN_URL = (
    re.compile(r"[?&;/,_-](?:w|width|wid)[=_:]?(\d{2,4})(?!\d)"),
    re.compile(r"(?<!\d)(\d{2,4})x\d{2,4}(?!\d)"),
    re.compile(r"/s(\d{2,4})(?:-[a-z][\w-]*)?/"),  # of a large host of blogs
)

#: in addresses of what is no picture of the news
_NO_PICTURE = (
    "avatar author autor journalist newsletter logo icon placeholder sprite pixel gravatar portrait headshot "
    "/banner /ad/ /ads/ emoji badge qrcode qr-code spacer blank. 1x1 .svg?"
).split()
_STAND_IN = re.compile(
    r"spinner|placeholder|loading|loader|blank\.|spacer|pixel\.|1x1|transparent|lazy[-_.]", re.I
)


@dataclass(frozen=True, slots=True)
class Rendition:
    """One file of a picture; 0 and "" mean unknown."""

    url: str
    width: int = 0
    height: int = 0
    type: str = ""


def is_no_picture(url: str) -> bool:
    """Whether an address says that it is no picture of the news: a logo, a portrait, an advertisement."""
    url = url.lower()
    return url.endswith(".svg") or any(word in url for word in _NO_PICTURE)


def is_stand_in(url: str) -> bool:
    """Whether an address names what is shown until the picture is loaded."""
    return _STAND_IN.search(url.rsplit("/", 1)[-1]) is not None


def renditions_of(node: LexborNode) -> Iterator[Rendition]:
    """What an `<img>` or `<source>` offers, the widest of its srcset first."""
    given = node.attributes
    kind = given.get("type") or ""
    names = (
        name for name in given if name == "srcset" or (name.startswith("data-") and name.endswith("srcset"))
    )
    found = [(width, url) for name in names for url, width in _srcset(given.get(name) or "")]
    for width, url in sorted(found, key=lambda pair: -pair[0]):
        yield Rendition(url, width or width_in(url), 0, kind)
    for name, url in _addresses(node):
        if node.tag in ("img", "source", "amp-img", "video") or (
            name != "src" and _PICTURE_FILE.fullmatch(url)
        ):
            width, height = _number(given.get("width")), _number(given.get("height"))
            yield Rendition(url, width_in(url) or width, height if not width_in(url) else 0, kind)
    if background := _BACKGROUND.search(given.get("style") or ""):
        yield Rendition(background[1], width_in(background[1]))


def _addresses(node: LexborNode) -> Iterator[tuple[str, str]]:
    """The addresses in a picture's attributes; a script's own one where `src` shows none or a stand-in."""
    given = {name: (value or "").strip() for name, value in node.attributes.items()}
    given = {name: url for name, url in given.items() if url and not url.startswith(("data:", "blob:"))}
    if node.tag == "video":
        yield from ((name, given[name]) for name in ("poster",) if name in given)
        return
    src = given.get("src", "")
    known = [name for name in _SOURCES if name in given]
    if not known and (not src or is_stand_in(src) or src.lower().endswith(".gif")):
        known = [
            name
            for name, url in given.items()
            if name.startswith("data-") and _PICTURE_FILE.fullmatch(url) and not is_stand_in(url)
        ]
    yield from ((name, given[name]) for name in known)
    if src:
        yield "src", src


def offered_by(node: LexborNode) -> Iterator[Rendition]:
    """What an `<img>` and the `<picture>` around it offer (HTML 4.8.1: its sources are the same picture)."""
    offered = tuple(renditions_of(node))
    enlarged = _enlarged(node, offered)
    yield from (enlarged,) if enlarged is not None else offered
    if node.parent is not None and node.parent.tag == "picture" and node.tag == "img":
        for source in node.parent.css("source")[:8]:
            yield from renditions_of(source)


def _enlarged(node: LexborNode, offered: tuple[Rendition, ...]) -> Rendition | None:
    """The file that a small picture leads to, if its name says that it is the same picture."""
    box = node.parent
    while box is not None and box.tag in ("picture", "span", "div") and node.tag == "img":
        box = box.parent
    href = (box.attributes.get("href") or "").strip() if box is not None and box.tag == "a" else ""
    if not offered or not _ENLARGED.search(href) or max(each.width for each in offered) >= _LARGE_ENOUGH:
        return None
    same = any(_bare_name(href) == _bare_name(each.url) for each in offered)
    return Rendition(href, width_in(href)) if same else None


def _srcset(value: str) -> Iterator[tuple[str, int]]:
    for match in _CANDIDATE.finditer(value[:8000]):
        url, size = (match[1] or match[2] or "").rstrip(","), _WIDTH.match(match[3] or "")
        if ("/" in url or "." in url) and not url.startswith("data:"):
            yield url, int(size[1]) if size else 0


def _number(value: str | None) -> int:
    match = re.match(r"\s*(\d{1,5})(?:px)?\s*$", value or "")
    return int(match[1]) if match else 0


def width_in(url: str) -> int:
    """The width that an address mentions: `?w=650`, `/1200x675/`; 0 if none."""
    for pattern in _WIDTH_IN_URL:
        if match := pattern.search(url):
            return int(match[1])
    return 0


def picture_keys(url: str) -> frozenset[str]:
    """What stays the same between the sizes of one picture: ids, hashes, the file's name without its size."""
    url = unquote(unquote(url))
    path = url if re.search(r"https?:", url[8:]) else urlsplit_path(url)
    keys = {
        token.lower() for token in _TOKEN.findall(path) if len(token) > 26 or any(map(str.isdigit, token))
    }
    name = _bare_name(path)
    if len(name) >= 8 and not _COMMON_NAME.fullmatch(name):
        keys.add(name)
    keys.update(re.findall(r"/(\d{7,})[/_]", path))
    return frozenset(keys)


def _bare_name(path: str) -> str:
    """The name of a file without its ending and size."""
    name = path.partition("?")[0].rstrip("/").rsplit("/", 1)[-1].lower()
    return re.sub(r"^\d{2,4}x\d{2,4}[-_]", "", _SIZE_IN_NAME.sub("", _EXTENSION.sub("", name)))


def urlsplit_path(url: str) -> str:
    """The path of an address that may be broken."""
    try:
        return urlsplit(url).path
    except ValueError:
        return url
