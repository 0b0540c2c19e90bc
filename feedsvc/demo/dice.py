"""Chance without chance: the same seed always gives the same choice, in every process and Python version."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from typing import TypeVar

Choice = TypeVar("Choice")


def roll(*seed: object) -> int:
    """A number of 64 bits that depends on nothing but the seed."""
    text = "\x1f".join(map(str, seed)).encode()
    return int.from_bytes(blake2b(text, digest_size=8).digest(), "big")


def pick(options: Sequence[Choice], *seed: object) -> Choice:
    """One of the options."""
    return options[roll(*seed) % len(options)]


def shuffled(options: Sequence[Choice], *seed: object) -> tuple[Choice, ...]:
    """All of the options, in an order of the seed's making."""
    order = sorted(range(len(options)), key=lambda place: roll(place, *seed))
    return tuple(options[place] for place in order)
