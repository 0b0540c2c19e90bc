"""Photographs, drawn: sky, sun and layers of land or town, different for each story; and a small PNG encoder.

A picture is composed column by column, because a column is a few runs of bytes; slicing with a stride turns
the columns into rows. 1200 × 675 pixels take some 15 ms.
"""

from __future__ import annotations

import math
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from feedsvc.demo.dice import pick, roll

WIDE = (1200, 675)
SMALL = (480, 270)
SKY = 88  #: shades of the sky
LAND = 24  #: shades of a layer
SUN = SKY
GLOW = SKY + 1  #: windows, glints on water
FIRST_LAND = SKY + 2

Colour = tuple[int, int, int]
Heights = list[int]


@dataclass(frozen=True, slots=True)
class Light:
    """The colours of an hour of the day."""

    zenith: Colour
    horizon: Colour
    sun: Colour
    glow: Colour
    far: Colour
    near: Colour


LIGHTS = (
    Light((46, 92, 150), (236, 206, 170), (255, 240, 205), (255, 226, 150), (140, 160, 176), (24, 58, 66)),
    Light((30, 40, 92), (246, 140, 84), (255, 214, 128), (255, 214, 120), (134, 92, 112), (34, 26, 52)),
    Light((96, 160, 208), (226, 240, 240), (255, 252, 232), (255, 246, 200), (150, 184, 178), (34, 84, 62)),
    Light((22, 30, 60), (74, 96, 140), (240, 240, 224), (250, 214, 120), (56, 74, 108), (10, 16, 34)),
    Light((120, 150, 170), (224, 222, 208), (250, 244, 226), (246, 230, 180), (156, 168, 160), (52, 70, 58)),
    Light((60, 70, 128), (250, 184, 170), (255, 228, 196), (255, 220, 160), (150, 120, 150), (44, 40, 76)),
)


@lru_cache(maxsize=96)
def draw(seed: int, scene: str, width: int, height: int) -> bytes:
    """The PNG of one scene: `hills`, `field`, `sea` or `city`."""
    light = pick(LIGHTS, "light", seed)
    layers = SCENES.get(scene, _hills)(seed, width, height)
    columns = b"".join(_columns(layers, _sun(seed, width, height), width, height))
    rows = b"".join(b"\0" + columns[y::height] for y in range(height))
    return _png(width, height, _palette(light, len(layers)), rows)


@dataclass(frozen=True, slots=True)
class Layer:
    """Land, water or houses in front of what is farther away."""

    tops: Heights  #: for each column, where it begins
    fills: tuple[bytes, ...]  #: kinds of columns, from the top down
    kinds: bytes  #: for each column, its kind


@dataclass(frozen=True, slots=True)
class Sun:
    """A disc."""

    x: int
    y: int
    radius: int


def _sun(seed: int, width: int, height: int) -> Sun:
    x = width // 6 + roll("sun x", seed) % (width * 2 // 3)
    return Sun(
        x,
        height // 5 + roll("sun y", seed) % (height // 4),
        height // 16 + roll("sun r", seed) % (height // 20),
    )


def _columns(layers: list[Layer], sun: Sun, width: int, height: int) -> Iterator[bytes]:
    sky = bytes(min(SKY - 1, y * SKY * 4 // (height * 3)) for y in range(height))
    for x in range(width):
        column = bytearray(sky)
        if abs(x - sun.x) < sun.radius:
            half = int(math.sqrt(sun.radius**2 - (x - sun.x) ** 2))
            column[sun.y - half : sun.y + half] = bytes((SUN,)) * (2 * half)
        for layer in layers:
            top = layer.tops[x]
            column[top:] = layer.fills[layer.kinds[x]][: height - top]
        yield bytes(column)


def _ridge(seed: int, number: int, width: int, height: int, base: float, rise: float) -> Heights:
    """A line of hills: three waves of random phase."""
    waves = [
        (
            rise / (n + 1),
            (1.3 + 1.9 * n + roll("length", seed, number, n) % 100 / 90) * math.tau,
            roll(seed, number, n) % 628 / 100,
        )
        for n in range(3)
    ]
    tops = (
        base + sum(size * math.sin(x / width * length + phase) for size, length, phase in waves)
        for x in range(width)
    )
    return [min(height - 1, max(1, int(top * height))) for top in tops]


def _shade(number: int, height: int, spread: float = 0.5) -> bytes:
    """One column of a layer: lighter at its top, darker below."""
    first, reach = FIRST_LAND + number * LAND, height * spread
    return bytes(first + min(LAND - 1, int(y * LAND / reach)) for y in range(height))


def _plain(seed: int, number: int, width: int, height: int, base: float, rise: float) -> Layer:
    return Layer(_ridge(seed, number, width, height, base, rise), (_shade(number, height),), bytes(width))


def _hills(seed: int, width: int, height: int) -> list[Layer]:
    return [_plain(seed, n, width, height, 0.48 + 0.13 * n, 0.085 - 0.012 * n) for n in range(4)]


def _field(seed: int, width: int, height: int) -> list[Layer]:
    """Hills, and before them terraces that widen towards the eye."""
    back = [_plain(seed, n, width, height, 0.5 + 0.1 * n, 0.06) for n in range(2)]
    first = FIRST_LAND + 2 * LAND
    steps = bytes(
        first + (9 if int(math.sqrt(y * 900 / height)) % 2 else 2) + y * 12 // height for y in range(height)
    )
    front = Layer(_ridge(seed, 2, width, height, 0.68, 0.03), (steps,), bytes(width))
    return [*back, front]


def _sea(seed: int, width: int, height: int) -> list[Layer]:
    """Islands, water with a path of light, and a shore."""
    island = _plain(seed, 0, width, height, 0.6, 0.07)
    first, horizon = FIRST_LAND + LAND, int(height * 0.6)
    waves = (y * 60 // height + (roll("wave", seed, y // 3) % 3 == 0) for y in range(height))
    calm = bytes(first + min(LAND - 1, shade) for shade in waves)
    glints = tuple(
        bytes(
            GLOW if roll("glint", seed, y // 2) % (4 + 4 * out) == 0 else shade
            for y, shade in enumerate(calm)
        )
        for out in range(3)
    )
    sun = _sun(seed, width, height)
    kinds = bytes(
        1 + abs(x - sun.x) * 3 // sun.radius if abs(x - sun.x) < sun.radius else 0 for x in range(width)
    )
    water = Layer([horizon] * width, (calm, *glints), kinds)
    return [island, water, _plain(seed, 2, width, height, 0.93, 0.035)]


def _city(seed: int, width: int, height: int) -> list[Layer]:
    """Hills behind two rows of houses, the nearer with lit windows."""
    return [
        _plain(seed, 0, width, height, 0.52, 0.06),
        _houses(seed, 1, width, height),
        _houses(seed, 2, width, height),
    ]


def _houses(seed: int, number: int, width: int, height: int) -> Layer:
    storey = max(4, height // 36)
    dark = _shade(number, height, 0.9)
    lit = [
        bytes(
            GLOW
            if number == 2
            and storey // 3 <= y % storey < storey * 3 // 4
            and roll(seed, n, y // storey) % 5 < 2
            else shade
            for y, shade in enumerate(dark)
        )
        for n in range(6)
    ]
    tops: Heights = []
    kinds = bytearray()
    while len(tops) < width:
        house = roll("house", seed, number, len(tops))
        broad = width // 30 + house % (width // 18)
        top = int(height * (0.36 + 0.17 * number + (house >> 8) % 100 / 420))
        tops += [top] * broad
        kinds += bytes(
            1 + (house + x // storey) % 6
            if storey // 2 <= x % (storey * 2) < storey * 3 // 2 and x > storey // 2
            else 0
            for x in range(broad)
        )
    return Layer(tops[:width], (dark, *lit), bytes(kinds[:width]))


SCENES: dict[str, Callable[[int, int, int], list[Layer]]] = {
    "hills": _hills,
    "field": _field,
    "sea": _sea,
    "city": _city,
}


def _mix(one: Colour, other: Colour, share: float) -> bytes:
    return bytes(round(a + (b - a) * share) for a, b in zip(one, other, strict=True))


def _palette(light: Light, layers: int) -> bytes:
    """The sky's shades, sun and glow, then each layer from its lit edge to its foot."""
    sky = b"".join(_mix(light.zenith, light.horizon, n / (SKY - 1)) for n in range(SKY))
    tones = [tuple(_mix(light.far, light.near, n / layers)) for n in range(layers)]
    land = b"".join(
        _mix((red, green, blue), light.near, 0.75 * n / (LAND - 1))
        for red, green, blue in tones
        for n in range(LAND)
    )
    return sky + bytes(light.sun) + bytes(light.glow) + land


def _png(width: int, height: int, palette: bytes, rows: bytes) -> bytes:
    """An indexed PNG of 8 bits a pixel (PNG 1.2, sections 3 and 4.1)."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    parts = (
        chunk(b"IHDR", head),
        chunk(b"PLTE", palette),
        chunk(b"IDAT", zlib.compress(rows, 6)),
        chunk(b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


@lru_cache(maxsize=1)
def icon() -> bytes:
    """The favicon: an ICO file around a PNG."""
    png = draw(11, "sea", 48, 48)
    return struct.pack("<HHH", 0, 1, 1) + struct.pack("<BBBBHHII", 48, 48, 0, 0, 1, 32, len(png), 22) + png
