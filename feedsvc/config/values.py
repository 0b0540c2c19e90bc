"""What the values of a configuration file may be."""

from __future__ import annotations

import ipaddress
import logging
import re
from difflib import get_close_matches
from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from feedsvc import urls
from feedsvc.model import CATEGORIES

log = logging.getLogger(__name__)
RESERVED = frozenset({"tag", "author", "search", "latest", "archive", "for"})
_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(s|m|h|d|w|y|)")
_UNITS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400, "w": 7 * 86400, "y": 365.25 * 86400}
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9_](?:[a-z0-9._-]*[a-z0-9])?)(:\d{1,5})?", re.I)
#: Amazon's rules for names of general purpose buckets, and folders of plain characters
_BUCKET = re.compile(r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[A-Za-z0-9._-]+)*/?")

_WITH_PASSWORD = re.compile(r"\s*https?://[^/?#]*@", re.I)

# CSP 3, 2.3.1: a scheme, or a host with a scheme and a port; nothing that could end the directive
_ANCESTOR = re.compile(
    r"\*|self|none|https?:|(?:https?://)?(?:\*\.)?[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::(?:\d{1,5}|\*))?", re.I
)


def _address(value: str) -> str:
    if "${" in value:  # where the environment is put in, that was done before
        raise ValueError(
            "has ${…} in it, which is filled in only in sql, [notify], [celery] and purge_headers"
        )
    found = urls.absolute(value, value)
    if found is None and _WITH_PASSWORD.match(value):
        raise ValueError("has a name or password in it, which feedsvc sends to nobody; leave it out")
    if found is None:
        raise ValueError("must be an address that begins with http:// or https://")
    return found


def _base(value: str) -> str:
    if not value:
        return value
    found = urls.absolute(value, value)
    if found is None or urlsplit(found).query:
        raise ValueError("must be an address that begins with http:// or https://, without a query")
    return found.rstrip("/")


def _slug(value: str) -> str:
    if not _SLUG.fullmatch(value):
        raise ValueError("must be 1 to 64 of a-z, 0-9 and '-', and not begin with '-'")
    if value in RESERVED:
        raise ValueError(
            f"is reserved for a feed that the service makes itself ({', '.join(sorted(RESERVED))})"
        )
    return value


def _category(value: str) -> str:
    top, arrow, below = (part.strip() for part in value.partition(">"))
    if top in CATEGORIES and (below in CATEGORIES[top] if arrow else not below):
        return value
    all_of_them = [*CATEGORIES, *(f"{one} > {two}" for one, some in CATEGORIES.items() for two in some)]
    near = get_close_matches(value, all_of_them, n=1, cutoff=0.5)
    hint = f"; did you mean {near[0]!r}?" if near else " ('News', 'News > Politics', …)"
    raise ValueError(f"is not a category of Apple's{hint}")


def _zone(value: str) -> str:
    if value not in available_timezones():
        near = get_close_matches(value, available_timezones(), n=1, cutoff=0.5)
        hint = f"; did you mean {near[0]!r}?" if near else " (Asia/Jakarta, Europe/London, …)"
        raise ValueError(f"must be a time zone{hint}")
    return value


def _language(value: str) -> str:
    if not _LANGUAGE.fullmatch(value):
        raise ValueError("must be a language tag such as 'id', 'en' or 'pt-BR'")
    return value


def _duration(value: object) -> object:
    if isinstance(value, str):
        match = _DURATION.fullmatch(value.strip())
        if not match:
            raise ValueError("must be a time such as '30s', '15m', '2h' or '1d'")
        return float(match[1]) * _UNITS[match[2]]
    return value


def _own(value: str) -> str:
    if not _HOST.fullmatch(value):
        raise ValueError("must be a host or host:port, such as 'news.example' or '127.0.0.1:8081'")
    return value.lower()


def _network(value: str) -> str:
    try:
        return str(ipaddress.ip_network(value))
    except ValueError as error:
        raise ValueError("must be a network such as '10.0.0.0/8', '127.0.0.1/32' or 'fd00::/8'") from error


def _purge(value: str) -> str:
    filled = value.replace("{path}", "/")
    if value and (urls.absolute(filled, filled) is None or "{" in filled):
        raise ValueError(
            "must be an address that begins with http:// or https://; {path} is its only variable"
        )
    return value


def _smtp(value: str) -> str:
    if value and (urlsplit(value).scheme not in ("smtp", "smtps") or not urlsplit(value).hostname):
        raise ValueError(
            "must be a mail server such as 'smtp://user:password@mail.example:587' or 'smtps://…'"
        )
    return value


def _email(value: str) -> str:
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", value):
        raise ValueError("must be an e-mail address such as 'desk@news.example'")
    return value


def _apprise(value: str) -> str:
    if not re.match(r"[a-z0-9]+://", value):
        raise ValueError("must be an address as Apprise writes it, such as 'tgram://…'")
    return value


def _tracking(value: str) -> str:
    if value and not re.fullmatch(r"[\w.~%+-]+=[\w.~%+-]*(&[\w.~%+-]+=[\w.~%+-]*)*", value, re.ASCII):
        raise ValueError("must be parameters such as 'utm_source=msn&utm_medium=feed'")
    return value


def _ancestor(value: str) -> str:
    if not _ANCESTOR.fullmatch(value):
        raise ValueError("must be '*', 'self', 'none' or where a site is, such as 'https://*.news.example'")
    return f"'{value}'" if value in ("self", "none") else value


def _bucket(value: str) -> str:
    if not _BUCKET.fullmatch(value):
        raise ValueError("must be a bucket such as 's3://feeds' or 's3://feeds/folder'")
    return value.rstrip("/")


def _broker(value: str) -> str:
    if value and not value.startswith(("redis://", "rediss://", "amqp://", "amqps://")):
        raise ValueError("must begin with redis://, rediss://, amqp:// or amqps://")
    return value


Address = Annotated[str, AfterValidator(_address)]
BaseAddress = Annotated[str, AfterValidator(_base)]  #: or empty
Slug = Annotated[str, AfterValidator(_slug)]
Zone = Annotated[str, AfterValidator(_zone)]
Category = Annotated[str, AfterValidator(_category)]
Language = Annotated[str, AfterValidator(_language)]
Keep = Annotated[float, BeforeValidator(_duration), Field(ge=86400, le=200 * 366 * 86400)]
Seconds = Annotated[float, BeforeValidator(_duration), Field(ge=1, le=7 * 86400)]
Lease = Annotated[float, BeforeValidator(_duration), Field(ge=1, le=366 * 86400)]
MaxAge = Annotated[float, BeforeValidator(_duration), Field(ge=10, le=86400)]
Port = Annotated[int, Field(ge=0, le=65535)]
Heartbeat = Annotated[float, BeforeValidator(_duration), Field(ge=1, le=120)]
WorkLease = Annotated[float, BeforeValidator(_duration), Field(ge=10, le=240)]
PurgeAddress = Annotated[str, AfterValidator(_purge)]
OwnHost = Annotated[str, AfterValidator(_own)]
Network = Annotated[str, AfterValidator(_network)]
Ancestor = Annotated[str, AfterValidator(_ancestor)]
Email = Annotated[str, AfterValidator(_email)]
Apprise = Annotated[str, AfterValidator(_apprise)]
MailServer = Annotated[str, AfterValidator(_smtp)]
BucketAddress = Annotated[str, AfterValidator(_bucket)]
Broker = Annotated[str, AfterValidator(_broker)]
Parameters = Annotated[str, AfterValidator(_tracking)]


class Part(BaseModel):
    """A table of the configuration. Keys that are not listed are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=False)
