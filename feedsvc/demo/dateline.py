"""Days and moments as the newsroom prints them: in Indonesian or English, always in WIB (UTC+7)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime

WIB = timezone(timedelta(hours=7), "WIB")

DAYS = {
    "id": "Senin Selasa Rabu Kamis Jumat Sabtu Minggu".split(),
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split(),
}
MONTHS = {
    "id": "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember".split(),
    "en": "January February March April May June July August September October November December".split(),
}
BY = {"id": "LAPORAN:", "en": "BY"}


def weekday(moment: datetime, language: str) -> str:
    """`Kamis`."""
    return DAYS[language][moment.astimezone(WIB).weekday()]


def day(moment: datetime, language: str) -> str:
    """`Kamis, 18 Desember 2025`."""
    local = moment.astimezone(WIB)
    return f"{weekday(moment, language)}, {local.day:02} {MONTHS[language][local.month - 1]} {local.year}"


def minute(moment: datetime) -> str:
    """`19:00`."""
    return moment.astimezone(WIB).strftime("%H:%M")


def stamp(moment: datetime, language: str) -> str:
    """`Kamis, 18 Desember 2025 | 19:00`, as lists and boxes have it."""
    return f"{day(moment, language)} | {minute(moment)}"


def date_line(moment: datetime, reporter: str, language: str) -> str:
    """`KAMIS, 18 DESEMBER 2025 | 19:00 WIB | LAPORAN: HANI FATUNNISA`, as article pages have it."""
    return f"{day(moment, language)} | {minute(moment)} WIB | {BY[language]} {reporter}".upper()


def in_prose(moment: datetime, language: str) -> str:
    """The day as running text names it: `Kamis (18/12/2025)` or `Thursday`."""
    local = moment.astimezone(WIB)
    if language == "en":
        return weekday(moment, language)
    return f"{weekday(moment, language)} ({local.day}/{local.month}/{local.year})"


def local_iso(moment: datetime) -> str:
    """`2025-12-18T19:00:00+07:00`."""
    return moment.astimezone(WIB).isoformat(timespec="seconds")


def utc_iso(moment: datetime) -> str:
    """`2025-12-18T12:00:00Z`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def rfc822(moment: datetime, language: str) -> str:
    """The date of a feed entry: local time for the Indonesian desks, GMT for the English one."""
    if language == "en":
        return format_datetime(moment.astimezone(UTC), usegmt=True)
    return format_datetime(moment.astimezone(WIB))


def http_date(moment: datetime) -> str:
    """`Thu, 18 Dec 2025 12:00:00 GMT`."""
    return format_datetime(moment.astimezone(UTC), usegmt=True)
