"""Drafts and stories ↔ compressed JSON."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

import orjson
import zstandard

from feedsvc.dates import Doubt, Label, Moment, Precision, Reason
from feedsvc.model import Draft, Enclosure, Episode, EpisodeKind, Image, Story, Transcript

_local = threading.local()


def pack(value: Draft | Story) -> bytes:
    """The value as bytes; empty fields are left out."""
    return compress(orjson.dumps(value, default=_plain))


def compress(data: bytes) -> bytes:
    """zstd, level 3."""
    compressor = getattr(_local, "compressor", None)
    if compressor is None:
        compressor = _local.compressor = zstandard.ZstdCompressor(level=3)
    packed: bytes = compressor.compress(data)
    return packed


def decompress(data: bytes) -> bytes:
    """What `compress` was given."""
    unpacked: bytes = zstandard.ZstdDecompressor().decompress(data)
    return unpacked


def _plain(value: Any) -> Any:
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")


def draft(data: bytes) -> Draft:
    """The draft that `pack` was given."""
    raw = orjson.loads(decompress(data))
    raw["published"] = _moment(raw["published"])
    raw["updated"] = _moment(raw["updated"])
    if raw["doubt"]:
        raw["doubt"] = Doubt(reason=Reason(raw["doubt"]["reason"]), text=raw["doubt"]["text"])
    raw["also"] = tuple(raw["also"])
    raw["confidence"] = MappingProxyType(raw.get("confidence", {}))  # older rows have none
    return Draft(**_shared(raw))


def story(data: bytes) -> Story:
    """The story that `pack` was given."""
    return Story(**_shared(orjson.loads(decompress(data))))


def _shared(raw: dict[str, Any]) -> dict[str, Any]:
    raw["authors"] = tuple(raw["authors"])
    raw["tags"] = tuple(raw["tags"])
    raw["image"] = Image(**raw["image"]) if raw["image"] else None
    raw["enclosures"] = tuple(Enclosure(**one) for one in raw["enclosures"])
    raw["episode"] = _episode(raw.get("episode"))
    raw["origin"] = MappingProxyType(raw["origin"])
    return raw


def _episode(raw: dict[str, Any] | None) -> Episode | None:
    if raw is None:
        return None
    raw["kind"] = EpisodeKind(raw["kind"]) if raw["kind"] else None
    raw["transcripts"] = tuple(Transcript(**one) for one in raw["transcripts"])
    return Episode(**raw)


def _moment(raw: dict[str, Any] | None) -> Moment | None:
    if raw is None:
        return None
    return Moment(
        at=datetime.fromisoformat(raw["at"]),
        precision=Precision(raw["precision"]),
        label=Label(raw["label"]) if raw["label"] else None,
        flags=frozenset(raw["flags"]),
        text=raw["text"],
    )
