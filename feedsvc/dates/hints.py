"""What the surroundings of a text tell: language, region, zone, the time of collecting.

From them follows the order of day and month in figures. It is never guessed: without evidence, or where the
evidence contradicts itself, the order is not known.

Address and language tell the zone of a page, too: that of its country. Of countries with several zones only
those count whose newsrooms keep one time (Moscow's, Jakarta's, São Paulo's …). The United States, Canada and
Australia have no such time.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime, tzinfo
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

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
#: Countries of several zones whose newsrooms keep one time
_CAPITALS = """
    CD=Africa/Kinshasa AR=America/Argentina/Buenos_Aires BR=America/Sao_Paulo CL=America/Santiago
    EC=America/Guayaquil GL=America/Nuuk MX=America/Mexico_City CN=Asia/Shanghai CY=Asia/Nicosia
    ID=Asia/Jakarta KZ=Asia/Almaty MN=Asia/Ulaanbaatar MY=Asia/Kuala_Lumpur PS=Asia/Gaza UZ=Asia/Tashkent
    DE=Europe/Berlin ES=Europe/Madrid PT=Europe/Lisbon RU=Europe/Moscow UA=Europe/Kyiv KI=Pacific/Tarawa
    MH=Pacific/Majuro NZ=Pacific/Auckland PF=Pacific/Tahiti PG=Pacific/Port_Moresby
"""
#: languages that are spoken in one zone mainly
_LANGUAGES = """
    id=ID jv=ID su=ID ms=MY fil=PH th=TH vi=VN lo=LA km=KH my=MM ja=JP ko=KR zh=CN hi=IN mr=IN
    gu=IN te=IN kn=IN ml=IN or=IN pa=IN ne=NP si=LK dz=BT fa=IR ps=AF he=IL tr=TR az=AZ hy=AM
    ka=GE kk=KZ ky=KG uz=UZ tk=TM tg=TJ mn=MN de=DE it=IT nl=NL da=DK no=NO sv=SE fi=FI is=IS
    fo=FO et=EE lv=LV lt=LT pl=PL cs=CZ sk=SK hu=HU sl=SI hr=HR bs=BA sr=RS mk=MK sq=AL bg=BG
    ro=RO el=GR uk=UA be=BY mt=MT ga=IE cy=GB lb=LU ca=ES eu=ES gl=ES sw=KE am=ET so=SO rw=RW
    zu=ZA xh=ZA af=ZA ha=NG yo=NG ig=NG
"""
#: Country domains that the whole world uses; only under com., gov. … do they tell the country.
_WORLDLY = frozenset(
    "ac ag ai am as bz cc cd co cx dj fm gg gl im io la ly me ms nu pw sc sh st su tk to tv vc vg ws".split()
)
_SECOND = frozenset("com co org net gov edu ac or go web news".split())


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


@lru_cache(maxsize=1)
def _zone_names() -> dict[str, str]:
    """Country (ISO 3166) → zone, as tzdata's copy of IANA's zone.tab has them."""
    table = (files("tzdata") / "zoneinfo" / "zone.tab").read_text("utf-8")
    rows = [line.split("\t") for line in table.splitlines() if line and line[0] != "#"]
    zones = Counter(row[0] for row in rows)
    alone = {row[0]: row[2] for row in rows if zones[row[0]] == 1}
    return alone | dict(entry.split("=") for entry in _CAPITALS.split())


@lru_cache(maxsize=1)
def _countries() -> dict[str, str]:
    """Language → country."""
    return dict(entry.split("=") for entry in _LANGUAGES.split())


def home_zone(url: str, language: str) -> ZoneInfo | None:
    """The zone of the page at `url` that claims `language`, or None if that cannot be told.

    The domain's country comes before the language tag's region, that before the language itself.
    """
    name, *rest = language.replace("_", "-").split("-")
    region = next((part.upper() for part in rest if len(part) == 2 and part.isalpha()), "")
    return _zone_of(_country(url)) or home_of(family(name.lower()), region)


@lru_cache(maxsize=512)
def home_of(language: str, region: str) -> ZoneInfo | None:
    """The zone that a language and its region tell. "en-GB" tells a spelling, not a place."""
    if language == "en" and region == "GB":
        return None
    return _zone_of(region) if region else _zone_of(_countries().get(language, ""))


def _zone_of(country: str) -> ZoneInfo | None:
    name = _zone_names().get(country)
    return ZoneInfo(name) if name else None


def _country(url: str) -> str:
    """The country of an address's domain, or ""."""
    try:
        labels = (urlsplit(url).hostname or "").rstrip(".").split(".")
    except ValueError:
        return ""
    top = labels[-1]
    if top in _WORLDLY and not (len(labels) > 2 and labels[-2] in _SECOND):
        return ""
    return "GB" if top == "uk" else top.upper() if len(top) == 2 else ""
