"""What programs that read feeds do badly: for the person who may tell their makers. Pure."""

from __future__ import annotations

from feedsvc.model.room import ReaderRow

LEAST = 30  #: requests, before anything is said
TOO_OFTEN = 60.0  #: seconds between two requests of one reader; no feed says less in its ttl


def behaviour(one: ReaderRow, *, seconds: float) -> str:
    """What a program did badly in the `seconds` of the day so far; "": nothing."""
    if one.requests < LEAST:
        return ""
    found = []
    if one.whole > 0.9 * one.requests:
        found.append("never asks whether anything changed (If-None-Match)")
    each = one.requests / max(1, one.pollers)
    if each > 10 and seconds / each < TOO_OFTEN:
        found.append(f"asks every {max(1, round(seconds / each))} s")
    return "; ".join(found)
