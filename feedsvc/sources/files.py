"""Looks at a folder: which files are new or changed, whole, and which are gone."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from feedsvc.errors import Code, ReadError, SourceError
from feedsvc.extract.records.file import HTML, JSON, LINES, MARKDOWN
from feedsvc.model import Draft, Level
from feedsvc.plugin_api import MAX_DRAFTS, Batch, FeedReading, Job, Poll, Tools

ENDINGS = MARKDOWN | HTML | JSON | LINES
SETTLED = 3.0  #: seconds without a change, after which a file is whole
MAX_BYTES = 64 * 1024 * 1024  #: of one file
MAX_TEXT = 4 * 1024 * 1024  #: of one file of text
MAX_LOOK = 32 * 1024 * 1024  #: of all files of one look
MAX_FILES = 500_000
MAX_DEPTH = 32  #: folders in one another
MAX_NOTES = 5

Stamp = tuple[int, int, int]  #: size, modified, changed (ns): of a file; whatever is done to it, one moves


@dataclass(slots=True)
class _Memory:
    """What a process remembers of a folder. After a restart it is made from the cursor and the folder."""

    known: dict[str, Stamp] = field(default_factory=dict)  # files that were handed over
    seen: dict[str, Stamp] = field(default_factory=dict)  # files at the last look, whole or not
    rows: dict[str, set[str]] = field(default_factory=dict)  # file of several records → their rows
    bad: dict[str, str] = field(default_factory=dict)  # files that could not be read → why
    line: int = 0  # records of the file under way that were handed over
    records: set[str] = field(default_factory=set)  # … and their rows
    handed: str = ""


@dataclass(slots=True)
class _Part:
    drafts: list[Draft] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)
    size: int = 0

    @property
    def room(self) -> int:
        return MAX_DRAFTS - len(self.drafts) - len(self.withdrawn)


class FilesSource:
    """Files of folders, as the newsroom's own statements."""

    level = Level.STORE
    follow = False

    def __init__(self) -> None:
        self._memories: dict[str, _Memory] = {}

    def read(self, poll: Poll, tools: Tools) -> Batch:
        """What is new since the cursor. Raises SourceError (BAD_FOLDER)."""
        state = _load(poll.cursor)
        files = dict(_scan(Path(poll.url), poll.options["path"]))
        if not files and state["count"]:
            raise SourceError(
                Code.BAD_FOLDER,
                f"{poll.options['path']}.files: all of the {state['count']} files are gone; nothing is "
                "withdrawn because of that (is the disk mounted?). If that is intended, remove the source",
            )
        memory = self._memories.get(poll.options["basis"])
        if memory is None or memory.handed != poll.cursor:
            memory = self._memories[poll.options["basis"]] = _remembered(state, files)
        now = poll.now.timestamp()
        whole = {
            name
            for name, stamp in files.items()
            if now - stamp[1] / 1e9 >= SETTLED or memory.seen.get(name) == stamp
        }
        memory.seen = files
        todo = sorted(name for name in whole if memory.known.get(name) != files[name])
        part = _Part()
        for name in todo:
            if part.room <= 0 or part.size >= MAX_LOOK:
                break
            self._take(name, files[name], poll, tools, memory, part)
        left = any(memory.known.get(name) != files[name] and name not in memory.bad for name in todo)
        return self._batch(poll, state, files, memory, part, more=left, whole=whole)

    def _batch(
        self,
        poll: Poll,
        state: dict[str, Any],
        files: dict[str, Stamp],
        memory: _Memory,
        part: _Part,
        *,
        more: bool,
        whole: set[str],
    ) -> Batch:
        alive = None
        state = {**state, "number": state["number"] + 1}
        if not more:
            for name in memory.known.keys() - files.keys():
                memory.known.pop(name)
                memory.rows.pop(name, None)
                memory.bad.pop(name, None)
            rows = frozenset(row for name in files for row in memory.rows.get(name, {name}))
            digest = hashlib.blake2b(
                "\0".join(sorted(rows)).encode("utf-8", "replace"), digest_size=12
            ).hexdigest()
            if digest != state["rows"] and not poll.first:
                alive = rows
            # what is not whole yet, or was not read, is looked at after a restart too
            open_ = [files[name][2] for name in files if name not in whole or name in memory.bad]
            mark = max((stamp[2] for stamp in files.values()), default=0)
            names = _digest(files)
            state |= {
                "rows": digest,
                "names": names,
                "mark": min([mark, *(at - 1 for at in open_)]),
                "count": len(files),
            }
        memory.handed = orjson.dumps(state).decode()
        notes = [f"{name}: {why}" for name, why in sorted(memory.bad.items())]
        if len(notes) > MAX_NOTES:
            notes = [*notes[:MAX_NOTES], f"and {len(notes) - MAX_NOTES} more files that cannot be read"]
        return Batch(
            drafts=tuple(part.drafts),
            cursor=memory.handed,
            more=more,
            withdrawn_rows=tuple(part.withdrawn),
            alive_rows=alive,
            notes=tuple(notes),
        )

    def _take(self, name: str, stamp: Stamp, poll: Poll, tools: Tools, memory: _Memory, part: _Part) -> None:
        """Read one file, or the next records of it."""
        memory.bad.pop(name, None)
        try:
            body = _body(Path(poll.url), name)
            part.size += len(body)
            body, last = _slice(body, name, memory.line, part.room)
            reading = tools.read(_job(name, body, poll))
            assert isinstance(reading, FeedReading)
        except ReadError as error:
            memory.bad[name] = error.message
            memory.known[name] = stamp
            memory.line, memory.records = 0, set()
            return
        except OSError as error:
            memory.bad[name] = f"cannot be read: {error.strerror}"
            return  # it is tried again at the next look
        entries = reading.entries
        if not _is_lines(name):
            entries, last = entries[memory.line :][: part.room], memory.line + part.room >= len(entries)
        for draft in entries:
            if draft.state == "withdrawn":
                part.withdrawn.append(draft.row)
            else:
                part.drafts.append(draft)
            memory.records.add(draft.row)
        if reading.notes:
            memory.bad[name] = "; ".join(note.removeprefix(f"{name}: ") for note in reading.notes[:3])
        if last:
            if memory.records != {name}:
                memory.rows[name] = memory.records
            memory.known[name] = stamp
            memory.line, memory.records = 0, set()
        else:
            memory.line += len(entries) if not _is_lines(name) else part.room + len(entries)


def _is_lines(name: str) -> bool:
    return Path(name).suffix.lower() in LINES


def _slice(body: bytes, name: str, start: int, room: int) -> tuple[bytes, bool]:
    """The next lines of a file of lines, and whether they are the last; any other file whole."""
    if not _is_lines(name):
        return body, True
    lines = [line for line in body.split(b"\n") if line.strip()]
    return b"\n".join(lines[start : start + room]), start + room >= len(lines)


def _job(name: str, body: bytes, poll: Poll) -> Job:
    wanted = ("base", "map", "guid", "link", "text")
    return Job(
        kind="file",
        body=body,
        url=name,
        language=poll.language,
        zone=poll.zone,
        now=poll.now,
        options={key: poll.options[key] for key in wanted},
    )


# ── the folder ────────────────────────────────────────────────────────────────────────────────────────


def _scan(root: Path, path: str) -> Iterator[tuple[str, Stamp]]:
    """Every file below `root` that may hold articles: its path within, and its stamp.

    Folders behind symbolic links are not entered; a file behind one counts if it lies within `root`. Names
    that begin with a dot, an underscore or a tilde are none of ours.
    """
    try:
        real = root.resolve(strict=True)
        found = _walk(real, real, "", MAX_DEPTH)
        for count, one in enumerate(found):
            if count == MAX_FILES:
                raise SourceError(
                    Code.BAD_FOLDER, f"{path}.files: {root} holds more than {MAX_FILES:,} files"
                )
            yield one
    except OSError as error:
        raise SourceError(
            Code.BAD_FOLDER,
            f"{path}.files: {root} cannot be read: {error.strerror}; is it there, may this user read it?",
        ) from error


def _walk(real: Path, folder: Path, prefix: str, depth: int) -> Iterator[tuple[str, Stamp]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith((".", "_", "~")) or not entry.name.isprintable():
                continue  # a name that is not printable is no UTF-8, or was made to mislead
            if entry.is_dir(follow_symlinks=False):
                if depth:
                    yield from _walk(real, Path(entry.path), f"{prefix}{entry.name}/", depth - 1)
            elif Path(entry.name).suffix.lower() in ENDINGS and (stamp := _stamp(real, Path(entry.path))):
                yield f"{prefix}{entry.name}", stamp


def _stamp(real: Path, path: Path) -> Stamp | None:
    try:
        if path.is_symlink() and not path.resolve(strict=True).is_relative_to(real):
            return None
        found = path.stat()
    except (OSError, RuntimeError):  # it went away, or the link leads nowhere or to itself
        return None
    return (found.st_size, found.st_mtime_ns, found.st_ctime_ns) if stat.S_ISREG(found.st_mode) else None


def _body(root: Path, name: str) -> bytes:
    """The bytes of a file; what was swapped for a link or a pipe since the scan is not opened."""
    real = root.resolve(strict=True)
    path = (real / name).resolve(strict=True)
    if not path.is_relative_to(real):
        raise ReadError(Code.BAD_FILE, "leads out of the folder")
    limit = MAX_BYTES if path.suffix.lower() in JSON | LINES else MAX_TEXT
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        about = os.fstat(descriptor)
        if not stat.S_ISREG(about.st_mode):
            raise ReadError(Code.BAD_FILE, "is no file")
        if about.st_size > limit:
            raise ReadError(Code.BAD_FILE, f"has {about.st_size:,} bytes; {limit:,} are read")
        return file.read(limit)


# ── the cursor ────────────────────────────────────────────────────────────────────────────────────────


def _load(text: str) -> dict[str, Any]:
    empty = {"number": 0, "rows": "", "names": "", "mark": 0, "count": 0}
    try:
        return {**empty, **orjson.loads(text)}
    except (orjson.JSONDecodeError, TypeError):
        return empty


def _digest(files: dict[str, Stamp]) -> str:
    return hashlib.blake2b("\0".join(sorted(files)).encode("utf-8", "replace"), digest_size=12).hexdigest()


def _remembered(state: dict[str, Any], files: dict[str, Stamp]) -> _Memory:
    """After a restart: what has not changed since the mark is known, if no file came, went or was renamed.

    Files of several records are read again: what rows they have is known by reading alone.
    """
    if _digest(files) != state["names"]:
        return _Memory()
    known = {
        name: stamp
        for name, stamp in files.items()
        if stamp[2] <= state["mark"] and Path(name).suffix.lower() not in JSON | LINES
    }
    return _Memory(known=known)
