"""What a certificate that was refused says of itself: for whom it is, and until when.

The ssl module tells nothing of a certificate that it does not accept, so the few fields are read from its DER
form (X.690): the validity (RFC 5280 4.1.2.5) and the names after it. Pure; what cannot be read is left out.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

_TIME = rb"(?:\x17\x0d(\d{12}Z)|\x18\x0f(\d{14}Z))"
_VALIDITY = re.compile(_TIME + _TIME)
_COMMON_NAME = re.compile(rb"\x06\x03\x55\x04\x03[\x0c\x13\x14\x16](.)", re.S)
_ALTERNATIVES = b"\x06\x03\x55\x1d\x11"  #: subjectAltName
_DNS = re.compile(rb"\x82(.)", re.S)
MOST_NAMES = 5


def describe(der: bytes) -> str:
    """One clause for a person; "" where nothing can be read."""
    match = _VALIDITY.search(der)
    if match is None:
        return ""
    begun, ended = _moment(match[1] or match[2]), _moment(match[3] or match[4])
    rest = der[match.end() :]
    names = _names(rest)
    said = []
    if names:
        said.append(f"it is for {', '.join(names)}")
    if begun is not None and ended is not None:
        said.append(f"valid from {begun:%Y-%m-%d} until {ended:%Y-%m-%d %H:%M} UTC")
    return ", ".join(said)


def _names(rest: bytes) -> list[str]:
    """The DNS names of the subject, else its common name."""
    found = []
    start = rest.find(_ALTERNATIVES)
    if start >= 0:
        for match in _DNS.finditer(rest, start, start + 4096):
            text = rest[match.end() : match.end() + match[1][0]]
            if re.fullmatch(rb"[a-zA-Z0-9.*_-]+\.[a-zA-Z0-9-]+", text):
                found.append(text.decode())
    if not found and (common := _COMMON_NAME.search(rest)):
        found.append(rest[common.end() : common.end() + common[1][0]].decode("utf-8", "replace"))
    return list(dict.fromkeys(found))[:MOST_NAMES]


def _moment(text: bytes) -> datetime | None:
    """UTCTime has two digits for the year: 50 and above are of the last century (RFC 5280 4.1.2.5.1)."""
    digits = text.decode()
    if len(digits) == 13:
        digits = f"{'19' if digits[:2] >= '50' else '20'}{digits}"
    try:
        return datetime.strptime(digits, "%Y%m%d%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None
