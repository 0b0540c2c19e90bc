"""The language of pages: gettext catalogues for their words, CLDR (Babel) for their dates.

English stands in the templates; a catalogue `<language>.po` translates it. Those of the package are in
`locale/`; a folder of the operator's may add others and comes first.
"""

from __future__ import annotations

import gettext
import logging
from datetime import datetime
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po
from babel.numbers import format_decimal

from feedsvc.dates import Precision

log = logging.getLogger(__name__)

LOCALE = Path(__file__).parent / "locale"

#: Where names are not divided by "," (CLDR: listPattern).
_COMMAS = {
    **dict.fromkeys(("ar", "fa", "ur", "ps", "sd", "ug", "ckb", "ks"), "\u060c "),
    **dict.fromkeys(("ja", "zh", "yue"), "\u3001"),
}


class Language:
    """How one language writes what pages say. A language without a catalogue speaks English."""

    def __init__(self, tag: str, folder: Path | None = None) -> None:
        self.tag = tag
        self.translations = _catalogue(tag, folder)
        self._locale = _locale(tag)
        self.direction = self._locale.text_direction  #: ltr | rtl
        self.comma = _COMMAS.get(self._locale.language, ", ")  #: between names

    def moment(self, moment: datetime, zone: ZoneInfo, precision: Precision | None = None) -> str:
        """Date and time on the clocks of `zone`, "19 Des 2025, 00.09 WIB"; the day, if no more is known."""
        local = moment.astimezone(zone)
        day = format_date(local, "medium", locale=self._locale)
        if precision is Precision.DAY:
            return day
        return f"{day}, {format_time(local, 'short', locale=self._locale)} {_zone_name(local)}"

    def day(self, moment: datetime, zone: ZoneInfo) -> str:
        """A day in full: "Jumat, 19 Desember 2025"."""
        return format_date(moment.astimezone(zone), "full", locale=self._locale)

    def number(self, value: int) -> str:
        """A number with the language's separators."""
        return format_decimal(value, locale=self._locale)


def _zone_name(local: datetime) -> str:
    name = local.tzname() or ""
    # zones without a letter name are written "+03"; that alone reads like a sum
    return f"UTC{name}" if name[:1] in "+-" else name


def is_language(tag: str) -> bool:
    """Whether CLDR knows the language of a tag (RFC 5646 2.2.1), such as "id", "min" or "pt-BR"."""
    return tag.partition("-")[0].lower() in Locale("en").languages


def _locale(tag: str) -> Locale:
    for one in (tag, tag.partition("-")[0], "en"):
        try:
            return Locale.parse(one, sep="-")
        except (UnknownLocaleError, ValueError):
            continue
    raise AssertionError("Babel knows English")


def _catalogue(tag: str, folder: Path | None) -> gettext.NullTranslations:
    for name in dict.fromkeys((tag, tag.replace("-", "_"), tag.partition("-")[0])):
        for place in (folder, LOCALE):
            file = place / f"{name}.po" if place is not None else None
            if file is None or not file.is_file():
                continue
            try:
                with file.open("rb") as stream:
                    catalogue = read_po(stream, locale=_locale(tag), abort_invalid=True)
            except (PoFileError, ValueError) as error:
                log.warning("%s is not a catalogue and is not used: %s", file, error)
                continue
            compiled = BytesIO()
            write_mo(compiled, catalogue)
            compiled.seek(0)
            return gettext.GNUTranslations(compiled)
    return gettext.NullTranslations()
