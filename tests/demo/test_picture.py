"""The drawn photographs."""

from __future__ import annotations

import struct
import zlib

import pytest

from feedsvc.demo.picture import SCENES, SMALL, WIDE, draw, icon


def chunks(png: bytes) -> dict[bytes, bytes]:
    """A PNG taken apart, its checksums proved."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    found, at = {}, 8
    while at < len(png):
        (length,) = struct.unpack_from(">I", png, at)
        name, body = png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        assert struct.unpack_from(">I", png, at + 8 + length) == (zlib.crc32(name + body),)
        found[name] = body
        at += 12 + length
    return found


@pytest.mark.parametrize("scene", SCENES)
@pytest.mark.parametrize("size", [WIDE, SMALL, (48, 48)], ids=str)
def test_a_picture_is_a_valid_png(scene: str, size: tuple[int, int]) -> None:
    for seed in (3, 1_113_160):
        png = draw(seed, scene, *size)
        assert len(png) < 60_000
        parts = chunks(png)
        width, height, depth, kind, *_ = struct.unpack(">IIBBBBB", parts[b"IHDR"])
        assert ((width, height), depth, kind) == (size, 8, 3)
        rows = zlib.decompress(parts[b"IDAT"])
        assert len(rows) == (width + 1) * height
        lines = [rows[at : at + width + 1] for at in range(0, len(rows), width + 1)]
        assert {line[0] for line in lines} == {0}
        assert max(max(line[1:]) for line in lines) < len(parts[b"PLTE"]) // 3


def test_pictures_differ_and_repeat() -> None:
    first = draw(5, "hills", *SMALL)
    draw.cache_clear()
    assert draw(5, "hills", *SMALL) == first
    assert len({draw(seed, "city", *SMALL) for seed in range(20)}) == 20


def test_the_icon_holds_a_png() -> None:
    body = icon()
    assert body[:4] == b"\0\0\1\0"
    assert chunks(body[22:])
