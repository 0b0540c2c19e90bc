"""The pictures of stories: four of each scene, in two sizes, drawn once and shipped as files."""

from __future__ import annotations

from functools import cache
from pathlib import Path

SCENES = ("hills", "field", "sea", "city")
KINDS = 4  #: pictures of a scene
_STATIC = Path(__file__).parent / "static"


@cache
def static(name: str) -> bytes:
    """A file that the site serves as it is."""
    return (_STATIC / name).read_bytes()


def picture(number: int, scene: str, *, small: bool) -> bytes:
    """The PNG of a story: 1200 × 675 pixels, or 480 × 270."""
    return static(f"pictures/{scene}-{number % KINDS}{'-small' if small else ''}.png")
