"""Which of an entry's files is its picture, and which are enclosures."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

from feedsvc.extract.feed import texts
from feedsvc.extract.feed.addresses import address
from feedsvc.extract.feed.wire import Medium
from feedsvc.model import Enclosure, Image

MAX_ENCLOSURES = 20
_EXTENSION = re.compile(r"\.(?:jpe?g|png|gif|webp|avif)(?=$|[?#])", re.I)
_MIME = re.compile(r"[a-z]+/[a-z0-9][a-z0-9.+-]{0,80}")
_NUMBER = re.compile(r"\d{1,12}(?=\D|$)")
_SMALL = 16  #: pixels; smaller ones count visits or draw lines
#: What a picture's element says of its worth
_RANK = ("media:content", "enclosure", "media:thumbnail", "image", "itunes:image")
_IMG = re.compile(r"<img\s([^<>]{1,4000})>", re.I)
_ATTRIBUTE = re.compile(r"""(?<![a-z-])([a-z-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>]+))""", re.I)
_TRIES = 5  #: `<img>` elements of a text that are looked at


def choose(media: Iterable[Medium], *, base: str) -> tuple[Image | None, str, tuple[Enclosure, ...]]:
    """The picture, the element it comes from, and the files that are no pictures."""
    pictures: list[Medium] = []
    files: dict[str, Enclosure] = {}
    for medium in media:
        if _is_picture(medium):
            pictures.append(medium)
        elif len(files) < MAX_ENCLOSURES and _is_file(medium) and (url := address(base, medium.url)):
            file = Enclosure(url=url, type=_mime(medium.type), length=_number(medium.length))
            if url not in files or not files[url].length:
                files[url] = file
    if not pictures:
        return None, "", tuple(files.values())
    if len(pictures) > 1:
        pictures.sort(key=_worth)
    for picture in pictures:
        if not _is_small(picture.width, picture.height) and (url := address(base, picture.url)):
            return _image(picture, url, pictures, base), picture.origin, tuple(files.values())
    return None, "", tuple(files.values())


def first_in(fragment: str, *, base: str) -> Image | None:
    """The first picture of a text that is more than a pixel."""
    for number, found in enumerate(_IMG.finditer(fragment)):
        if number >= _TRIES:
            break
        said = {
            match[1].lower(): html.unescape(match[2] or match[3] or match[4] or "")
            for match in _ATTRIBUTE.finditer(found[1])
        }
        width, height = said.get("width", ""), said.get("height", "")
        url = address(base, said.get("data-src") or said.get("src") or "")
        if url and not _is_small(width, height):
            return Image(url=url, width=_pixels(width), height=_pixels(height))
    return None


def _image(picture: Medium, url: str, pictures: list[Medium], base: str) -> Image:
    small = next((one for one in pictures if one.origin == "media:thumbnail"), None)
    thumbnail = address(base, small.url) if small is not None and small is not picture else ""
    return Image(
        url=url,
        width=_pixels(picture.width),
        height=_pixels(picture.height),
        type=_mime(picture.type),
        length=_number(picture.length),
        caption=texts.summary(picture.caption) if picture.caption.value else "",
        credit=texts.name(picture.credit) if picture.credit else "",
        thumbnail=thumbnail if thumbnail != url else "",
    )


def _is_picture(medium: Medium) -> bool:
    if medium.medium:
        return medium.medium.strip().lower() == "image"
    kind = medium.type.strip().lower()
    if kind and kind != "application/octet-stream":
        return kind.startswith("image/") or kind == "image"
    return _EXTENSION.search(medium.url) is not None


def _is_file(medium: Medium) -> bool:
    if medium.origin == "enclosure":
        return True
    kinds = (medium.medium.strip().lower(), medium.type.strip().lower().partition("/")[0])
    return "audio" in kinds or "video" in kinds


def _worth(picture: Medium) -> tuple[int, int]:
    return _RANK.index(picture.origin), -_pixels(picture.width)


def _is_small(width: str, height: str) -> bool:
    return any(side and (0 < _pixels(side) < _SMALL or side.strip() == "0") for side in (width, height))


def _pixels(text: str) -> int:
    number = _number(text)
    return number if number < 100_000 else 0


def _number(text: str) -> int:
    if not text:
        return 0
    found = _NUMBER.match(text.strip())
    return int(found[0]) if found else 0


def _mime(text: str) -> str:
    if not text:
        return ""
    kind = text.partition(";")[0].strip().lower()
    return kind if _MIME.fullmatch(kind) else ""
