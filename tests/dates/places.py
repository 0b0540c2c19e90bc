"""What the tests of dates share: zones, a collecting time, reading in few words."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from feedsvc.dates import Doubt, Moment, Reason, read

JAKARTA = ZoneInfo("Asia/Jakarta")
BERLIN = ZoneInfo("Europe/Berlin")
NEW_YORK = ZoneInfo("America/New_York")
LONDON = ZoneInfo("Europe/London")
UTC = ZoneInfo("UTC")
NOW = datetime(2025, 12, 19, 9, 0, tzinfo=JAKARTA)  # a Friday


def moment(
    text: str, language: str = "id", zone: ZoneInfo | None = JAKARTA, now: datetime | None = NOW
) -> Moment:
    """The moment that a text gives; fails with the reason where it gives none."""
    found = read(text, language=language, zone=zone, now=now)
    assert isinstance(found, Moment), f"{text!r}: {found}"
    return found


def at(text: str, language: str = "id", zone: ZoneInfo | None = JAKARTA, now: datetime | None = NOW) -> str:
    """The moment as ISO 8601."""
    return moment(text, language, zone, now).at.isoformat()


def reason(
    text: str, language: str = "id", zone: ZoneInfo | None = JAKARTA, now: datetime | None = NOW
) -> Reason:
    """Why a text gives no moment."""
    found = read(text, language=language, zone=zone, now=now)
    assert isinstance(found, Doubt), f"{text!r}: {found}"
    assert found.text == text
    return found.reason
