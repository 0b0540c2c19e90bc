"""How sure a reading is of each field, 0 to 1.

Calibrated on 2026-11-30 on 193 pages with and without their metadata: the share that was right among
readings of this weight. Of those called 0.9 and more, at least 95 % were.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import takewhile

from feedsvc.extract.article.compare import words
from feedsvc.extract.article.finding import Finding
from feedsvc.extract.article.times import Times
from feedsvc.model import Image

#: weight from which on a field is right so often; of a title the number of statements that say the same
_TITLE = ((0, 0.7), (1, 0.96))
_PUBLISHED = ((0, 0.85), (5, 0.88), (6, 0.97))
_AUTHORS = ((0, 0.5), (3, 0.75), (4, 0.85), (7, 0.89), (8.5, 0.95))
#: a declared picture that stands in a strange place (8 to 13) is less sure than one that nothing declares
_IMAGE = ((0, 0.6), (2, 0.88), (4, 0.95), (8, 0.75), (14, 0.97))


def confidence_of(
    headline: str,
    title: Finding[str],
    times: Times,
    authors: Finding[tuple[str, ...]],
    image: Finding[Image | None],
) -> Mapping[str, float]:
    """The confidence of title, published, authors and image; 0 where nothing was read."""
    agreeing = sum(words(one.value) == words(headline) for one in title.evidence)
    return {
        "title": _at(_TITLE, agreeing) if headline else 0.0,
        "published": _at(_PUBLISHED, times.weight) if times.published else 0.0,
        "authors": _at(_AUTHORS, authors.weight) if authors.value else 0.0,
        "image": _at(_IMAGE, image.weight) if image.value else 0.0,
    }


def _at(steps: tuple[tuple[float, float], ...], weight: float) -> float:
    reached = list(takewhile(lambda step: step[0] <= weight, steps))
    return reached[-1][1] if reached else steps[0][1]
