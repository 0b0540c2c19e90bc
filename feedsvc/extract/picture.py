"""What the first bytes of a picture tell: its kind and its size. Nothing is decoded."""

from __future__ import annotations

import io

import imagesize

MOST = 65_535  #: pixels of a side; what claims more is no picture for readers
_MAGIC = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)
_BRANDS = {b"avif": "image/avif", b"avis": "image/avif"}


def kind_of(head: bytes) -> str:
    """The media type by the bytes themselves; "" for what no browser shows as a picture."""
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12], "")
    start = head[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(b"<svg") or (start.startswith((b"<?xml", b"<!doctype svg")) and b"<svg" in start):
        return "image/svg+xml"
    return ""


def facts(head: bytes) -> tuple[int, int, str]:
    """(width, height, media type) of a picture as it is shown, from its first bytes.

    0 and "" are what they do not tell. Never raises, whatever the bytes are.
    """
    kind = kind_of(head)
    if not kind:
        return 0, 0, ""
    width, height = imagesize.get(io.BytesIO(head))  # answers (-1, -1) where it cannot read them
    if head[:4] == b"RIFF" and head[12:16] == b"VP8 ":
        width, height = width & 0x3FFF, height & 0x3FFF  # RFC 9649 2.5: the upper bits are a scale
    if not (0 < width <= MOST and 0 < height <= MOST):
        return 0, 0, kind
    return width, height, kind
