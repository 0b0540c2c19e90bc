"""Notices in words, and in the shapes that chat services take."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from feedsvc.model import Notice, Trouble
from feedsvc.watch.conditions import span_of

_BROKE = {
    Trouble.SOURCE: "{} fails",
    Trouble.LATE: "{} is not polled",
    Trouble.STOPPED: "{} is gone for good",
    Trouble.PAGES: "the article pages of {} cannot be read",
    Trouble.WORKER: "no worker is running",
    Trouble.CONFIG: "the changed {} was refused",
    Trouble.DRIFT: "{} is not as usual",
    Trouble.STORE: "the {} cannot be used; nothing is collected",
    Trouble.DISK: "the disk of the {} is nearly full",
    Trouble.NETWORK: "the {} is away",
    Trouble.CLOCK: "the {} is wrong",
    Trouble.ADDRESS: "something is wrong with {}",
    Trouble.CACHE: "the {} in front is not emptied",
    Trouble.LADDER: "another source is read instead of {}",
    Trouble.HUB: "the hub {} takes nothing",
    Trouble.BUCKET: "the bucket {} takes nothing",
}
_MENDED = {
    Trouble.SOURCE: "{} works again",
    Trouble.LATE: "{} is polled again",
    Trouble.STOPPED: "{} is polled again as expected",
    Trouble.PAGES: "the article pages of {} can be read again",
    Trouble.WORKER: "a worker collects again",
    Trouble.CONFIG: "{} can be used again",
    Trouble.DRIFT: "{} is as usual again",
    Trouble.STORE: "the {} can be used again",
    Trouble.DISK: "the disk of the {} has room again",
    Trouble.NETWORK: "the {} is back",
    Trouble.CLOCK: "the {} is right again",
    Trouble.ADDRESS: "all is well with {} again",
    Trouble.CACHE: "the {} in front is emptied again",
    Trouble.LADDER: "{} is read itself again",
    Trouble.HUB: "the hub {} takes what it is sent again",
    Trouble.BUCKET: "the bucket {} has everything again",
}


def headline(notice: Notice, *, mended: bool) -> str:
    """One line: what broke, or what mended and how long it took."""
    text = (_MENDED if mended else _BROKE)[notice.kind].format(notice.subject)
    if mended:
        assert notice.mended_at is not None
        return f"{text} (after {span_of(notice.mended_at - notice.since)})"
    return f"{text} ({notice.code})" if notice.code else text


def body(notice: Notice, *, mended: bool, zone: ZoneInfo) -> str:
    """The whole message: what, since when, why, and what to do."""

    def at(moment: datetime) -> str:
        return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M %Z")

    lines = [headline(notice, mended=mended), "", f"since    {at(notice.since)}"]
    if mended:
        assert notice.mended_at is not None
        lines.append(f"until    {at(notice.mended_at)}")
    lines.append(f"reason   {notice.reason}")
    if not mended:
        lines += [
            f"to do    {notice.remedy}",
            "",
            "What is served stays as it is. You get another notice when this is over.",
        ]
    return "\n".join(lines)


def payload(notice: Notice, shape: str, *, mended: bool, site: str, zone: ZoneInfo) -> dict[str, Any]:
    """What a webhook is sent: our own JSON, or what Slack, Discord or Telegram take."""
    text = f"{'✅' if mended else '⚠️'} {site}: {body(notice, mended=mended, zone=zone)}"
    match shape:
        case "slack":
            return {"text": text}
        case "discord":
            return {"content": text[:2000], "allowed_mentions": {"parse": []}}
        case "telegram":
            return {"text": text[:4096]}
    return {
        "site": site,
        "event": "mended" if mended else "broke",
        "kind": notice.kind,
        "subject": notice.subject,
        "code": notice.code,
        "reason": notice.reason,
        "remedy": "" if mended else notice.remedy,
        "since": notice.since.isoformat(),
        "at": ((notice.mended_at if mended else None) or notice.broke_at).isoformat(),
    }
