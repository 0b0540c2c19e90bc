"""What the surroundings of a text tell: language, region, zone, the time of collecting.

From them follows the order of day and month in figures. It is never guessed: without evidence, or where the
evidence contradicts itself, the order is not known.
"""

from __future__ import annotations

import re
from datetime import datetime, tzinfo
from functools import lru_cache
from typing import NamedTuple

from feedsvc.dates.spelling import family
from feedsvc.dates.vocabulary import order

_SPLIT = re.compile(r"[-_@.]")
#: countries that write the month first, and their zones; the rest of the world does not
_MONTH_FIRST = frozenset("US PH PR GU VI AS MH FM PW UM".split())
_MONTH_FIRST_ZONES = frozenset(
    """America/New_York America/Detroit America/Chicago America/Denver America/Boise America/Phoenix
    America/Los_Angeles America/Anchorage America/Juneau America/Adak Pacific/Honolulu America/Puerto_Rico
    America/St_Thomas Pacific/Guam Pacific/Pago_Pago Asia/Manila EST5EDT CST6CDT MST7MDT PST8PDT""".split()
)
_MONTH_FIRST_AREAS = ("US/", "America/Indiana/", "America/Kentucky/", "America/North_Dakota/")
#: zones that say nothing: Canada uses several orders, East Asia another one
_MUTE_ZONES = frozenset(
    """America/Toronto America/Montreal America/Vancouver America/Edmonton America/Winnipeg America/Halifax
    America/Regina America/St_Johns America/Moncton America/Iqaluit America/Whitehorse America/Yellowknife
    Asia/Tokyo Asia/Seoul Asia/Shanghai Asia/Taipei Asia/Hong_Kong Asia/Macau Asia/Ulaanbaatar Japan PRC
    ROC ROK Hongkong""".split()
)
_PLACES = ("Africa/", "America/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")


class Hints(NamedTuple):
    """What is known beside the text."""

    language: str = ""  #: as vocabulary.family has it; "" is unknown
    region: str = ""  #: ISO 3166 of the language tag
    zone: tzinfo | None = None  #: of texts without one
    now: datetime | None = None  #: the time of collecting, aware

    def local_now(self) -> datetime | None:
        """The time of collecting on the clocks of the zone."""
        return self.now.astimezone(self.zone) if self.now and self.zone else None


def hints_of(language: str, zone: tzinfo | None, now: datetime | None) -> Hints:
    """Hints from what a caller knows; `language` is a tag of any spelling: "id", "en_US", "zh-Hant-TW"."""
    if now is not None and now.utcoffset() is None:
        raise ValueError("the time of collecting needs its zone")
    name, region = _tag(language)
    return Hints(name, region, zone, now)


@lru_cache(maxsize=512)
def _tag(language: str) -> tuple[str, str]:
    parts = _SPLIT.split(language.strip())
    region = next((p.upper() for p in parts[1:] if len(p) == 2 and p.isalpha() and p.isascii()), "")
    return family(parts[0].lower()), region


def date_order(hints: Hints) -> tuple[str, str]:
    """The order of a short date ("dmy", "mdy", "ymd"), and of day and month with the year last ("dm", "md").

    "?" is not known. Evidence: the region of the language tag, the language, the zone's country.
    """
    zone = _zone_order(str(hints.zone)) if hints.zone else "?"
    return _order(hints.language, hints.region, zone)


@lru_cache(maxsize=1024)
def _order(language: str, region: str, zone: str) -> tuple[str, str]:
    if language == "en" and region in _MONTH_FIRST and zone == "dm":
        return "?", "?"  # "en-US" is what publishing systems claim unless they are told otherwise
    full, short = order(language, region)
    if language == "en" and region and full == "?" and region != "CA":
        return "dmy", "dm"
    if full and (language != "en" or region):
        return full, short
    if language != "en":  # the country tells day and month, but not that the year stands last
        return "?", zone
    return {"dm": ("dmy", "dm"), "md": ("mdy", "md")}.get(zone, ("?", "?"))


@lru_cache(maxsize=512)
def _zone_order(zone: str) -> str:
    if zone in _MONTH_FIRST_ZONES or zone.startswith(_MONTH_FIRST_AREAS):
        return "md"
    return "?" if zone in _MUTE_ZONES or not zone.startswith(_PLACES) else "dm"
