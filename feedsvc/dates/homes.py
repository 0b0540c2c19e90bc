"""Where a page is at home: the zone of its country, as far as its address and language tell.

The table is IANA's zone.tab without the countries of several zones, except where newsrooms keep one time
(Moscow's, Jakarta's, São Paulo's …). The United States, Canada and Australia have no such time.
"""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from feedsvc.dates.spelling import family

_COUNTRIES = {
    "Africa": """
        AO=Luanda BF=Ouagadougou BI=Bujumbura BJ=Porto-Novo BW=Gaborone CD=Kinshasa CF=Bangui
        CG=Brazzaville CI=Abidjan CM=Douala DJ=Djibouti DZ=Algiers EG=Cairo EH=El_Aaiun
        ER=Asmara ET=Addis_Ababa GA=Libreville GH=Accra GM=Banjul GN=Conakry GQ=Malabo GW=Bissau
        KE=Nairobi LR=Monrovia LS=Maseru LY=Tripoli MA=Casablanca ML=Bamako MR=Nouakchott
        MW=Blantyre MZ=Maputo NA=Windhoek NE=Niamey NG=Lagos RW=Kigali SD=Khartoum SL=Freetown
        SN=Dakar SO=Mogadishu SS=Juba ST=Sao_Tome SZ=Mbabane TD=Ndjamena TG=Lome TN=Tunis
        TZ=Dar_es_Salaam UG=Kampala ZA=Johannesburg ZM=Lusaka ZW=Harare
    """,
    "America": """
        AG=Antigua AI=Anguilla AR=Argentina/Buenos_Aires AW=Aruba BB=Barbados BL=St_Barthelemy
        BO=La_Paz BQ=Kralendijk BR=Sao_Paulo BS=Nassau BZ=Belize CL=Santiago CO=Bogota
        CR=Costa_Rica CU=Havana CW=Curacao DM=Dominica DO=Santo_Domingo EC=Guayaquil GD=Grenada
        GF=Cayenne GL=Nuuk GP=Guadeloupe GT=Guatemala GY=Guyana HN=Tegucigalpa HT=Port-au-Prince
        JM=Jamaica KN=St_Kitts KY=Cayman LC=St_Lucia MF=Marigot MQ=Martinique MS=Montserrat
        MX=Mexico_City NI=Managua PA=Panama PE=Lima PM=Miquelon PR=Puerto_Rico PY=Asuncion
        SR=Paramaribo SV=El_Salvador SX=Lower_Princes TC=Grand_Turk TT=Port_of_Spain
        UY=Montevideo VC=St_Vincent VE=Caracas VG=Tortola VI=St_Thomas
    """,
    "Arctic": """
        SJ=Longyearbyen
    """,
    "Asia": """
        AE=Dubai AF=Kabul AM=Yerevan AZ=Baku BD=Dhaka BH=Bahrain BN=Brunei BT=Thimphu
        CN=Shanghai CY=Nicosia GE=Tbilisi HK=Hong_Kong ID=Jakarta IL=Jerusalem IN=Kolkata
        IQ=Baghdad IR=Tehran JO=Amman JP=Tokyo KG=Bishkek KH=Phnom_Penh KP=Pyongyang KR=Seoul
        KW=Kuwait KZ=Almaty LA=Vientiane LB=Beirut LK=Colombo MM=Yangon MN=Ulaanbaatar MO=Macau
        MY=Kuala_Lumpur NP=Kathmandu OM=Muscat PH=Manila PK=Karachi PS=Gaza QA=Qatar SA=Riyadh
        SG=Singapore SY=Damascus TH=Bangkok TJ=Dushanbe TL=Dili TM=Ashgabat TW=Taipei
        UZ=Tashkent VN=Ho_Chi_Minh YE=Aden
    """,
    "Atlantic": """
        BM=Bermuda CV=Cape_Verde FK=Stanley FO=Faroe GS=South_Georgia IS=Reykjavik SH=St_Helena
    """,
    "Europe": """
        AD=Andorra AL=Tirane AT=Vienna AX=Mariehamn BA=Sarajevo BE=Brussels BG=Sofia BY=Minsk
        CH=Zurich CZ=Prague DE=Berlin DK=Copenhagen EE=Tallinn ES=Madrid FI=Helsinki FR=Paris
        GB=London GG=Guernsey GI=Gibraltar GR=Athens HR=Zagreb HU=Budapest IE=Dublin
        IM=Isle_of_Man IT=Rome JE=Jersey LI=Vaduz LT=Vilnius LU=Luxembourg LV=Riga MC=Monaco
        MD=Chisinau ME=Podgorica MK=Skopje MT=Malta NL=Amsterdam NO=Oslo PL=Warsaw PT=Lisbon
        RO=Bucharest RS=Belgrade RU=Moscow SE=Stockholm SI=Ljubljana SK=Bratislava SM=San_Marino
        TR=Istanbul UA=Kyiv VA=Vatican
    """,
    "Indian": """
        CC=Cocos CX=Christmas KM=Comoro MG=Antananarivo MU=Mauritius MV=Maldives RE=Reunion
        SC=Mahe YT=Mayotte
    """,
    "Pacific": """
        AS=Pago_Pago CK=Rarotonga FJ=Fiji GU=Guam KI=Tarawa MH=Majuro MP=Saipan NC=Noumea
        NF=Norfolk NR=Nauru NU=Niue NZ=Auckland PF=Tahiti PG=Port_Moresby PN=Pitcairn PW=Palau
        SB=Guadalcanal TK=Fakaofo TO=Tongatapu TV=Funafuti VU=Efate WF=Wallis WS=Apia
    """,
}
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
    """Country (ISO 3166) → zone."""
    return {
        country: f"{area}/{place}"
        for area, places in _COUNTRIES.items()
        for country, place in (entry.split("=") for entry in places.split())
    }


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
