"""A newsroom's own record (a row of its database, the head of a file) → a draft.

Names of columns and keys end here: what comes in is field → value, as a driver or a parser gave it.
"""

from __future__ import annotations

import html
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, Literal
from zoneinfo import ZoneInfo

import orjson

from feedsvc import dates, urls
from feedsvc.dates import Doubt, Moment, Precision
from feedsvc.extract.clean import SILENT, TAGS, clean_html, fold, one_line, summarise, to_text
from feedsvc.extract.feed import texts
from feedsvc.extract.feed.wire import Text as Wire
from feedsvc.model import Draft, Image

#: What a record may say about an article.
FIELDS = (
    "title content summary published updated author tags section url image caption credit language".split()
)
TITLE = 500  #: characters
SHORT_TITLE = 80  #: of one that is made from the text, where a record has none
MOST_NAMES = 100

Text = Literal["auto", "html", "plain", "markdown"]

_LATEST = 5 * 10**15  #: microseconds since 1970: the year 2128
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
#: Since 1970, what a number of this size counts; smaller ones are no moments
_UNITS = ((10**14, 1), (10**11, 1_000), (10**8, 1_000_000))
#: What is markup in a text of a database; other words in angle brackets are meant as they stand
_TAG = "|".join(sorted(TAGS | SILENT | {"font", "center", "iframe"}))
_MARKUP = re.compile(rf"</?(?:{_TAG})\b[^<>]*>|<!--", re.I)
_BLOCK = re.compile(
    r"<(?:p|br|div|ul|ol|li|h[1-6]|table|blockquote|figure|section|article|pre|hr|dl)\b", re.I
)
_GAP = re.compile(r"\n[ \t\r]*\n\s*")
_BETWEEN_NAMES = re.compile(r"[;|\n]")
_ISO = re.compile(r"[12]\d{3}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:?\d\d)?")
_PLACE = re.compile(r"\{([^{}]+)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What is known about every record of a source."""

    base: str  #: the address that relative ones are resolved against
    zone: ZoneInfo  #: of times without one
    language: str
    now: datetime
    text: Text = "auto"  #: what a text without markup is


def draft(
    values: Mapping[str, Any], setting: Setting, *, row: str, guid: str = "", link: str = "", note: str = ""
) -> Draft:
    """What a record says; `values` has fields of `FIELDS`, None where there is nothing.

    `link` is taken where the record has no address. A future date of publication is an embargo. `note` says,
    for people, where the values came from.
    """
    url = urls.absolute(
        setting.base, whole(str(values.get("url") or "")).strip() or link or None, fragment=True
    )
    url = urls.clean(url) if url else ""
    base = url or setting.base
    content = _content(values.get("content"), setting.text, base)
    title = _line(values.get("title"), TITLE)
    summary = _words(values.get("summary")) or _words(content)
    published, doubt = moment(values.get("published"), setting)
    updated, _ = moment(values.get("updated"), setting)
    return Draft(
        url=url,
        title=title or summarise(summary, SHORT_TITLE),
        guid=guid,
        row=row,
        published=published,
        updated=updated,
        doubt=doubt,
        authors=names(values.get("author")),
        summary=summary,
        content=content,
        image=_image(values, base),
        tags=names(values.get("tags")),
        section=_line(values.get("section"), TITLE),
        language=_line(values.get("language"), 35),
        embargo=published is not None,
        origin={name: note for name, value in values.items() if value not in (None, "")} if note else {},
    )


def fill(template: str, values: Mapping[str, Any], *, escape: Any = str) -> str:
    """`template` with each {name} replaced by its value; "" where one is missing."""
    found: list[str] = []

    def put(match: re.Match[str]) -> str:
        value = identity(values.get(match[1]))
        found.append(value)
        return str(escape(value))

    text = _PLACE.sub(put, template)
    return text if all(found) else ""


def places(template: str) -> tuple[str, ...]:
    """The names that a template holds."""
    return tuple(dict.fromkeys(_PLACE.findall(template)))


def identity(value: Any) -> str:
    """An id as text: the same text however a driver gives it; "" for none."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value).hex()
    if isinstance(value, (float, Decimal)) and _is_whole(value):
        return str(int(value))
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    return whole(str(value)).replace("\0", "").strip()  # PostgreSQL takes none, and our store may be one


def _is_whole(value: float | Decimal) -> bool:
    """Whether a number is written without a fraction; one of a thousand digits is nobody's id."""
    found = _finite(value)
    return found is not None and abs(found) < 10.0**100 and value == int(value)


def whole(text: str) -> str:
    """A text without halves of surrogate pairs, which no store and no feed can hold."""
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


# ── moments ───────────────────────────────────────────────────────────────────────────────────────────


def moment(value: Any, setting: Setting) -> tuple[Moment | None, Doubt | None]:
    """The moment that a value means, or why it means none."""
    if value is None or value == "":
        return None, None
    if isinstance(value, bool):
        return None, Doubt(reason=dates.Reason.NO_DATE, text=str(value))
    if isinstance(value, datetime):
        return _clocked(value, setting.zone)
    if isinstance(value, date):
        midnight = datetime(value.year, value.month, value.day, tzinfo=setting.zone)
        if not 1990 <= value.year <= 2100:
            return None, Doubt(reason=dates.Reason.OUT_OF_RANGE, text=value.isoformat())
        return Moment(at=midnight, precision=Precision.DAY, text=value.isoformat()), None
    if isinstance(value, (int, float, Decimal)):
        return _counted(value)
    text = one_line(whole(str(value)))
    if _ISO.fullmatch(text):  # what most databases write; the reader of printed dates would do too
        try:
            return _clocked(datetime.fromisoformat(text), setting.zone)
        except ValueError:
            return None, Doubt(reason=dates.Reason.IMPOSSIBLE_DATE, text=text)
    if re.fullmatch(r"\d{9,16}(\.\d+)?", text) and not re.match(r"(19|20)\d{6}(\d{4}|\d{6})?$", text):
        return _counted(Decimal(text))
    if text.startswith("0000-00-00"):
        return None, None  # what MySQL writes for none
    found = dates.read(text, language=setting.language, zone=setting.zone, now=setting.now)
    return (found, None) if isinstance(found, Moment) else (None, found)


def _clocked(value: datetime, zone: ZoneInfo) -> tuple[Moment | None, Doubt | None]:
    aware = value if value.tzinfo is not None else value.replace(tzinfo=zone)
    if not 1990 <= aware.year <= 2100:
        return None, Doubt(reason=dates.Reason.OUT_OF_RANGE, text=value.isoformat())
    return Moment(at=aware, precision=Precision.SECOND, text=value.isoformat(sep=" ")), None


def _finite(value: float | Decimal) -> float | None:
    """A number as a float; None for what is none (NaN), has no end, or is out of a float's bounds."""
    try:
        found = float(value)
    except (OverflowError, ValueError):
        return None
    return found if math.isfinite(found) else None


def _counted(value: float | Decimal) -> tuple[Moment | None, Doubt | None]:
    found = _finite(value)
    unit = None if found is None else next((each for least, each in _UNITS if found >= least), None)
    if unit is None:
        return (
            (None, None) if found == 0 else (None, Doubt(reason=dates.Reason.NO_DATE, text=str(value)[:100]))
        )
    if value * unit > _LATEST:
        return None, Doubt(reason=dates.Reason.OUT_OF_RANGE, text=str(value)[:100])
    return _clocked(_EPOCH + timedelta(microseconds=int(value * unit)), ZoneInfo("UTC"))


# ── texts ─────────────────────────────────────────────────────────────────────────────────────────────


def _content(value: Any, kind: Text, base: str) -> str:
    text = "" if value is None else _decoded(value).replace("\r\n", "\n").replace("\0", "").strip()
    if not text:
        return ""
    if kind == "markdown":
        from feedsvc.extract.records.markdown import to_html

        return clean_html(to_html(text), base=base)
    if kind == "plain" or (kind == "auto" and not _MARKUP.search(text)):
        return paragraphs(text if kind == "plain" else html.unescape(text))
    if kind == "auto" and "\n" in text and not _BLOCK.search(text):
        # texts of editors that keep line breaks for paragraphs and write inline markup only
        text = "".join(f"<p>{part.replace(chr(10), '<br>')}</p>" for part in _GAP.split(text) if part.strip())
    return clean_html(text, base=base)


def paragraphs(text: str) -> str:
    """A plain text as HTML: blank lines part paragraphs, or each line is one where there are none."""
    parts = _GAP.split(text) if _GAP.search(text) else text.split("\n")
    found = []
    for part in parts:
        lines = [html.escape(line, quote=False) for raw in part.split("\n") if (line := one_line(raw))]
        if lines:
            found.append(f"<p>{'<br>'.join(lines)}</p>")
    return "".join(found)


def _decoded(value: Any) -> str:
    if isinstance(value, (bytes, memoryview)):
        return bytes(value).decode("utf-8", "replace")
    return whole(str(value))


def _line(value: Any, limit: int) -> str:
    if value is None:
        return ""
    text = _decoded(value)[: 10 * limit]
    text = to_text(text).replace("\n", " ") if _MARKUP.search(text) else fold(text)
    return text if len(text) <= limit else summarise(text, limit)


def _words(value: Any) -> str:
    return texts.summary(Wire(_decoded(value), html=True)) if value else ""


def names(value: Any) -> tuple[str, ...]:
    """Names out of a list, a JSON list, or a text with `;`, `|`, commas or lines between them."""
    found: dict[str, str] = {}
    for one in _each(value):
        name = _line(one, 200)
        if name:
            found.setdefault(name.casefold(), name)
        if len(found) == MOST_NAMES:
            break
    return tuple(found.values())


def _each(value: Any) -> Iterable[Any]:
    if value is None:
        return
    if isinstance(value, Mapping):
        yield value.get("name") or value.get("title") or ""
    elif isinstance(value, (list, tuple, set, frozenset)):
        for one in value:
            yield from _each(one) if isinstance(one, (Mapping, list, tuple)) else (one,)
    elif not isinstance(value, (bytes, memoryview)):
        text = whole(str(value)).strip()
        if text[:1] in "[{" and text[-1:] in "]}":
            try:
                loaded = orjson.loads(text)
            except orjson.JSONDecodeError:
                # how PostgreSQL writes an array as text
                loaded = [part.strip('" ') for part in text[1:-1].split(",")]
            yield from _each(loaded)
        else:
            apart = _BETWEEN_NAMES.split(text)
            yield from (name.strip() for name in (apart if len(apart) > 1 else text.split(",")))


def _image(values: Mapping[str, Any], base: str) -> Image | None:
    given = values.get("image")
    if isinstance(given, Mapping):
        values = {**given, **{name: value for name, value in values.items() if value}}
        given = given.get("url") or given.get("src")
    if isinstance(given, (list, tuple)):
        given = given[0] if given else None
    url = urls.absolute(base, whole(str(given)).strip()) if given else None
    if url is None:
        return None
    return Image(url=url, caption=_words(values.get("caption")), credit=_line(values.get("credit"), 200))


def is_same(value: Any, wanted: Iterable[Any]) -> bool:
    """Whether a column's value is one of those that the configuration names: true is 1, 1 is "1"."""
    return identity(value).casefold() in {identity(one).casefold() for one in wanted}


__all__ = ["FIELDS", "Setting", "Text", "draft", "fill", "identity", "is_same", "moment", "names", "places"]
