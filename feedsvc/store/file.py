"""The files of an SQLite store while they are in use: are they those that were opened?

SQLite goes on writing into files that were deleted: all of it would be lost at the next start. And two
processes of which one has another write-ahead log, or another index of it, than the other destroy the store.
"""

from __future__ import annotations

import logging
import os
import sqlite3
import threading
import time
from contextlib import closing, suppress
from pathlib import Path

from feedsvc.errors import Code, StoreError

log = logging.getLogger(__name__)

Identity = tuple[int, int]  #: device and inode
BESIDE = ("-wal", "-shm")  #: the write-ahead log and its index, for all processes
HELD = ".held"  #: second names of both, from which a deleted one is put back
RECHECK = 30.0  #: seconds between two looks whether a damaged file is whole again


class StoreFile:
    """The file of one store and what SQLite has beside it, for one process.

    A connection stays open: as long as it is, nobody may rightly delete the log. Whoever does deletes a name;
    we have another one.
    """

    def __init__(self, path: Path, shown: str) -> None:
        self.path = path
        self.shown = shown
        self._lock = threading.Lock()
        self._main: Identity | None = None
        self._sized = False
        self._beside: tuple[Identity | None, ...] = ()
        self._kept: sqlite3.Connection | None = None
        self._again = 0.0

    def must_be_there(self) -> None:
        """Raises StoreError (STORE_GONE) where the files are not those that were opened."""
        self._must_be_same()
        if self._kept is not None and self._found() == self._beside:
            return
        with self._lock:
            if self._kept is None:
                self._keep()
            elif self._found() != self._beside:
                self._put_back()

    def must_be_whole(self) -> None:
        """Raises StoreError (STORE_DAMAGED) where anybody saw that the file is damaged, until it is whole."""
        if not self.mark.exists():
            return
        with self._lock:
            begun = time.monotonic()
            if begun < self._again:
                raise self.damage()
            found = problem_of(self.path)
            took = time.monotonic() - begun
            self._again = time.monotonic() + RECHECK + 20 * took  # a large one takes minutes
        if found:
            raise self.damage(found)
        self.mark.unlink(missing_ok=True)
        log.warning("%s is whole", self.shown)

    @property
    def mark(self) -> Path:
        """Is there while the file is known to be damaged, for all processes."""
        return Path(f"{self.path}.damaged")

    def note_damage(self, error: BaseException) -> StoreError:
        """Nothing may be written any more that could be lost; the error to raise."""
        if getattr(error, "sqlite_errorcode", 0) != sqlite3.SQLITE_CORRUPT_VTAB:  # the words' index alone
            with suppress(OSError):  # a folder that may only be read: nobody writes there
                self.mark.write_text(f"{error}\n")
        return self.damage(str(error))

    def damage(self, words: str = "") -> StoreError:
        """The error of a file that is damaged."""
        return StoreError(
            Code.STORE_DAMAGED,
            f"{self.shown} is damaged{f' ({words})' if words else ''}; stop feedsvc, put the file aside and "
            "fill a new one from a backup (`feedsvc restore FILE`)",
        )

    def last(self) -> sqlite3.Connection | None:
        """A connection that still reads what was there, whatever became of the names; for one at a time."""
        return self._kept

    def close(self) -> None:
        """Let go of the files."""
        with self._lock:
            if self._kept is None:
                return
            self._kept.close()
            self._kept = None
            for ending in BESIDE:
                if not Path(f"{self.path}{ending}").exists():  # nobody else uses the store
                    with suppress(OSError):
                        Path(f"{self.path}{ending}{HELD}").unlink(missing_ok=True)

    def _must_be_same(self) -> None:
        try:
            found = self.path.stat()
        except FileNotFoundError:
            if self._main is not None:
                raise self._gone("the file was deleted", "put it back") from None
            return
        except OSError as error:
            raise StoreError(Code.STORE_GONE, f"{self.shown}: {error.strerror}") from error
        if self._main is None:
            self._main = (found.st_dev, found.st_ino)
        elif self._main != (found.st_dev, found.st_ino):
            raise self._gone("the file was replaced", "put it back")
        if self._sized and found.st_size == 0:
            raise self._gone("the file was emptied", "fill it from a backup")
        self._sized = found.st_size > 0

    def _gone(self, what: str, remedy: str) -> StoreError:
        words = f"{self.shown}: {what} while it was in use; {remedy}, or restart feedsvc"
        return StoreError(Code.STORE_GONE, words)

    def _found(self) -> tuple[Identity | None, ...]:
        return tuple(_identity(f"{self.path}{ending}") for ending in BESIDE)

    def _keep(self) -> None:
        """Open the connection, where there is a store already; whoever uses it says what is wrong with it."""
        if not self._sized:
            return
        try:
            connection = sqlite3.connect(self.path, timeout=10, isolation_level=None, check_same_thread=False)
        except sqlite3.Error:
            return
        try:
            if connection.execute("PRAGMA journal_mode").fetchone() != ("wal",):
                raise sqlite3.OperationalError("no write-ahead log yet")
            connection.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchall()  # this opens the log
        except sqlite3.Error:
            connection.close()
            return
        connection.execute("PRAGMA query_only = ON")
        self._kept, self._beside = connection, self._found()
        for ending, known in zip(BESIDE, self._beside, strict=True):
            name = f"{self.path}{ending}"
            if known is not None and _identity(name + HELD) != known:
                with suppress(OSError):  # a file system without links: a deleted log cannot be put back
                    draft = Path(f"{name}{HELD}.{os.getpid()}")
                    draft.hardlink_to(name)
                    draft.replace(name + HELD)

    def _put_back(self) -> None:
        """Give a deleted log its name back. Raises StoreError where it cannot be."""
        for ending, known in zip(BESIDE, self._beside, strict=True):
            name = f"{self.path}{ending}"
            if _identity(name) is None and known is not None and _identity(name + HELD) == known:
                try:
                    Path(name).hardlink_to(name + HELD)
                except FileExistsError:
                    pass  # another process was first
                except OSError as error:
                    raise self._gone(f"{name} was deleted", f"it cannot be put back ({error})") from error
                log.warning("%s was deleted while it was in use; it is back, nothing is lost", name)
        if self._found() != self._beside:
            what = "its write-ahead log was deleted or replaced"
            raise self._gone(what, "stop everything that uses it")


def _identity(path: str) -> Identity | None:
    """What a name leads to now; None for nothing."""
    try:
        found = Path(path).stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def may_only_be_read(file: Path) -> bool:
    """Whether nobody writes to a store, and its folder is not ours to write in.

    SQLite can then make no file beside it, and has to be told that it needs none ("immutable").
    """
    if os.access(file.parent, os.W_OK) or not file.exists():
        return False
    log = Path(f"{file}-wal")
    return not (log.exists() and log.stat().st_size)


def was_emptied(path: Path) -> bool:
    """Whether a store's file is empty although something was served from it: it is not to be begun anew."""
    return path.is_file() and path.stat().st_size == 0 and Path(f"{path}.served").exists()


def problem_of(path: Path) -> str:
    """What is wrong with an SQLite file, in SQLite's words; "" for nothing. Reads all of it."""
    if was_emptied(path):
        return "it is empty"
    try:
        with closing(sqlite3.connect(path, timeout=10)) as connection:
            connection.execute("PRAGMA query_only = ON")
            found = connection.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.Error as error:
        return str(error)
    return "" if found == ("ok",) else str(found[0] if found else "nothing in it")
