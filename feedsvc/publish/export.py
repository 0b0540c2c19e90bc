"""Everything that stands ready, as static files for nginx or a CDN: the same bytes and the same validators.

A document is written in every coding (.gz, .br beside it), an address without extension as .html. Its
time is Last-Modified: nginx makes its tags from time and length, and so does serve.documents. Each file is
replaced as a whole; what did not change is not touched; what an earlier export wrote and nobody wants is
removed.
"""

from __future__ import annotations

import gzip
import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path, PurePosixPath
from types import MappingProxyType

import orjson

from feedsvc.errors import Code, StoreError
from feedsvc.model import Absent, Format, ReadyDocument, ready
from feedsvc.publish.on_demand import ARCHIVE_AGE, OnDemandFeeds
from feedsvc.render.freeze import freeze
from feedsvc.serve.documents import About, cache_control, validators_of

MANIFEST = ".feedsvc.json"  #: what the last export wrote: file → what it was made from
INCLUDE = ".nginx"  #: folder of what nginx.conf includes
NOTHING: Mapping[str, str] = MappingProxyType({})
_ARCHIVE_LINK = re.compile(r', <[^>]*>; rel="prev-archive"')


#: What is written, how many of it are, and how many there are in all (None: not known).
Watch = Callable[[str, int, int | None], None]


def unwatched(what: str, done: int, total: int | None) -> None:
    """Nobody looks on."""


@dataclass(frozen=True, slots=True)
class Source:
    """One document to be exported: built only where it is not the one that is there already."""

    path: str
    basis: str  #: changes when its bytes do
    make: Callable[[], ReadyDocument | None]


@dataclass(slots=True)
class Report:
    """What an export came to, in files."""

    written: int = 0
    kept: int = 0
    removed: int = 0
    moved: dict[str, str] = field(default_factory=dict)
    gone: list[str] = field(default_factory=list)
    aliases: dict[str, str] = field(default_factory=dict)


def file_of(path: str, media_type: str) -> str:
    """The file of an address, relative to the folder of the export."""
    if path.endswith("/"):
        return f"{path[1:]}index.html"
    extension = PurePosixPath(path).suffix
    return path[1:] if extension or not media_type.startswith("text/html") else f"{path[1:]}.html"


def basis_of(row: ReadyDocument) -> str:
    """What distinguishes a stored document from all that stood at its path before."""
    return f"{row.last_modified.timestamp():.0f} {len(row.gzip)} {row.max_age}"


class Export:
    """Writes one folder."""

    def __init__(self, folder: Path, base_url: str, about: About) -> None:
        self._folder = folder
        self._about = about
        self._base_url = base_url
        self._report = Report()

    def run(
        self, rows: Sequence[ReadyDocument], others: Iterable[Source], watch: Watch = unwatched
    ) -> Report:
        """Write `rows` and `others`; remove what is wanted no longer. `watch` is told how far it is.

        Raises StoreError where the folder cannot be written.
        """
        try:
            return self._run(rows, others, watch)
        except OSError as error:
            raise StoreError(
                Code.STORE, f"{self._folder}: {error.strerror or error}; may this user write there?"
            ) from error

    def _run(self, rows: Sequence[ReadyDocument], others: Iterable[Source], watch: Watch) -> Report:
        self._folder.mkdir(parents=True, exist_ok=True)
        before: dict[str, list[object]] = self._read_manifest()
        now: dict[str, list[object]] = {}
        headers: dict[str, ReadyDocument] = {}
        for number, row in enumerate(rows, 1):
            watch("feeds and pages", number, len(rows))
            if row.status == 301:
                self._report.moved[row.path] = row.location
            elif row.status == 410:
                self._report.gone.append(row.path)
            elif row.location:
                self._report.aliases[row.path] = row.location
            elif row.status == 200:
                headers[row.path] = row
                name = file_of(row.path, row.media_type)
                now[name] = self._one(name, basis_of(row), row, before)
        for number, source in enumerate(others, 1):
            watch("archives", number, None)
            known = before.get(source.path[1:])
            if known is not None and known[0] == source.basis and self._stands(source.path[1:], known):
                now[source.path[1:]] = known
                self._report.kept += len(known) - 1
                continue
            made = source.make()
            if made is not None:
                now[source.path[1:]] = self._one(source.path[1:], source.basis, made, {})
        include = http_include(self._base_url, self._report, headers.values(), self._about)
        self._put(f"{INCLUDE}/http.conf", include.encode(), None)
        self._remove({str(name) for files in before.values() for name in files[1:]}, now)
        self._put(MANIFEST, orjson.dumps(now), None)
        return self._report

    def _read_manifest(self) -> dict[str, list[object]]:
        try:
            found: dict[str, list[object]] = orjson.loads((self._folder / MANIFEST).read_bytes())
        except (FileNotFoundError, orjson.JSONDecodeError):
            return {}
        return found

    def _stands(self, name: str, known: list[object]) -> bool:
        return all((self._folder / str(file)).exists() for file in known[1:])

    def _one(
        self, name: str, basis: str, row: ReadyDocument, before: dict[str, list[object]]
    ) -> list[object]:
        """Write a document in every coding; returns its line of the manifest."""
        known = before.get(name)
        if known is not None and known[0] == basis and self._stands(name, known):
            self._report.kept += len(known) - 1
            return known
        moment = row.last_modified.timestamp()
        files = [name]
        for ending, body in ((".gz", row.gzip), (".br", row.br)):
            if body:
                files.append(name + ending)
                self._put(name + ending, body, moment)
        self._put(name, gzip.decompress(row.gzip) if row.gzip else b"", moment)
        return [basis, *files]

    def _put(self, name: str, data: bytes, moment: float | None) -> None:
        """Replace a file as a whole, unless it is the same already."""
        path = self._folder / name
        if path.is_file() and path.stat().st_size == len(data):
            same = moment is None or path.stat().st_mtime == moment
            if same and path.read_bytes() == data:
                self._report.kept += 1
                return
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.new")
        draft.write_bytes(data)
        if moment is not None:
            os.utime(draft, (moment, moment))
        draft.replace(path)
        self._report.written += 1

    def _remove(self, before: set[str], now: dict[str, list[object]]) -> None:
        for name in sorted(before - {str(file) for files in now.values() for file in files[1:]}):
            (self._folder / name).unlink(missing_ok=True)
            self._report.removed += 1


def archives_of(feeds: OnDemandFeeds) -> Iterator[Source]:
    """Every archive document."""
    for slug, number, basis in feeds.archives():
        for form in Format:
            path = f"/feeds/{slug}/archive/{number}.{form}"
            yield Source(path, basis, partial(_archive, feeds, slug, number, form, path))


def _archive(feeds: OnDemandFeeds, slug: str, number: int, form: Format, path: str) -> ReadyDocument | None:
    built = feeds.archive(slug, number, form)
    if isinstance(built, Absent):
        return None
    return ready(
        freeze(
            built.identity,
            path=path,
            media_type=built.media_type,
            stored=built.last_modified,
            max_age=built.max_age,
            links=built.links,
        )
    )


def http_include(base_url: str, report: Report, rows: Iterable[ReadyDocument], about: About) -> str:
    """What nginx has to know of our configuration, as maps. It changes only when the configuration does."""
    ages: dict[str, str] = {}
    links: dict[str, str] = {}
    policies: dict[str, str] = {}
    for row in rows:
        headers = dict([*validators_of(row), *about(row)])
        ages[row.path] = headers["Cache-Control"]
        # which archive is the newest changes without the configuration; the document says it
        links[row.path] = _ARCHIVE_LINK.sub("", headers.get("Link", ""))
        policies[row.path] = headers.get("Content-Security-Policy", "")
    usual = {}
    for name, values in (("age", ages), ("policy", policies)):
        usual[name] = Counter(values.values()).most_common(1)[0][0] if values else ""
    archive = "~^(?<feed>/feeds/[^/]+)/archive/[0-9]+[.](?<form>rss|atom|json)$"
    address = "$feedsvc_base$feedsvc_path"
    current = ", ".join(
        (
            f'<{address}>; rel="self"',
            '<$feedsvc_base$feed.$form>; rel="current"',
            '<$feedsvc_base$feed>; rel="alternate"',
        )
    )
    asked = {path: feed for path, feed in report.aliases.items() if "?" in path}
    maps = (
        _map("$uri $feedsvc_moved", report.moved),
        _map("$uri $feedsvc_gone", dict.fromkeys(report.gone, "1")),
        _map("$uri $feedsvc_alias", {path: feed for path, feed in report.aliases.items() if "?" not in path}),
        _map("$uri?$args $feedsvc_asked", {}, raw={_asked(path): feed for path, feed in asked.items()}),
        _map("$host $feedsvc_base", {}, default=base_url),
        _map("$feedsvc_path $feedsvc_links", links, raw={archive: current}),
        _map(
            "$feedsvc_path $feedsvc_fresh",
            {path: age for path, age in ages.items() if age != usual["age"]},
            default=usual["age"],
            raw={archive: cache_control(ARCHIVE_AGE)},
        ),
        _map(
            "$feedsvc_path $feedsvc_policies",
            {path: policy for path, policy in policies.items() if policy != usual["policy"]},
            default=usual["policy"],
            raw={archive: ""},
        ),
    )
    return "".join(maps)


def _asked(address: str) -> str:
    """The regular expression of an old address with parameters, whatever comes besides and in any order."""
    path, _, query = address.partition("?")
    parts = "".join(f"(?=(.*&)?{re.escape(pair)}(&|$))" for pair in query.split("&"))
    return f"~^{re.escape(path)}\\?{parts}".replace('"', '\\"')


def _map(
    names: str, values: Mapping[str, str], *, default: str = "", raw: Mapping[str, str] = NOTHING
) -> str:
    """A map of nginx. In the values of `raw` its variables are meant."""
    lines = [f"    {_quoted(key)} {_quoted(value)};\n" for key, value in sorted(values.items())]
    lines += [f'    "{key}" {_string(value)};\n' for key, value in raw.items()]
    return f"map {names} {{\n    default {_quoted(default)};\n{''.join(lines)}}}\n"


def _quoted(text: str) -> str:
    """A string of nginx's configuration; `$` would begin a variable, and an address can do without."""
    return _string(text.replace("$", "%24"))


def _string(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
