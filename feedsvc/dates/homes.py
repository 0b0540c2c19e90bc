"""Where a page is at home: the zone of its country, as far as its address and language tell.

Of the countries of several zones only those count whose newsrooms keep one time (Moscow's, Jakarta's, São
Paulo's …). The United States, Canada and Australia have no such time.
"""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from importlib.resources import files
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from feedsvc.dates.spelling import family

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
