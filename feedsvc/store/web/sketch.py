"""How many different readers there were, without keeping who: HyperLogLog (Flajolet and others, 2007).

A sketch is 1,024 numbers, each the longest run of zeros among the hashes that fell to it. No address can be
read from it; two sketches join into that of all; the count is right within 3 % or so.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from hashlib import blake2b

BITS = 10
SIZE = 1 << BITS
EMPTY = bytes(SIZE)
_ALPHA = 0.7213 / (1 + 1.079 / SIZE)


def sketch(names: Iterable[str], salt: str) -> bytes:
    """The sketch of some names; `salt` makes those of different days differ."""
    registers = bytearray(SIZE)
    key = salt.encode()[:64]
    for name in names:
        value = int.from_bytes(blake2b(name.encode(), digest_size=8, key=key).digest())
        place, rest = value & (SIZE - 1), value >> BITS
        registers[place] = max(registers[place], 64 - BITS - rest.bit_length() + 1)
    return bytes(registers)


def joined(one: bytes, other: bytes) -> bytes:
    """The sketch of everybody who is in one of two."""
    return bytes(map(max, one, other))


def count(registers: bytes) -> int:
    """About how many different names went into a sketch."""
    empty = registers.count(0)
    raw = _ALPHA * SIZE * SIZE / sum(2.0**-value for value in registers)
    if raw <= 2.5 * SIZE and empty:
        return round(SIZE * math.log(SIZE / empty))
    return round(raw)
