"""What a worker needs of the machine besides its store: a temporary folder, semaphores, database drivers."""

from __future__ import annotations

import logging
import multiprocessing
import os
import tempfile

from feedsvc.config import Settings
from feedsvc.errors import Code, SourceError, StoreError
from feedsvc.sources.sql.database import Database
from feedsvc.sources.sql.shape import TableSpec
from feedsvc.store.places import unusable
from feedsvc.store.web.snapshots import Snapshots
from feedsvc.wiring.process import state_path

log = logging.getLogger(__name__)

#: Bytes of a temporary folder's path: the sockets of multiprocessing lie two levels below it, and the address
#: of a Unix socket has 107 (unix(7)).
LONGEST = 70
NO_TEMPORARY = "there is no folder for temporary files; set TMPDIR to one that is short and may be written"


def problems(settings: Settings) -> list[str]:
    """Why this machine cannot run the configuration, each with what to do. Nothing is made."""
    found = [unusable(settings.store_url), _semaphores(), "" if _temporary(settings) else NO_TEMPORARY]
    for one in settings.upstreams:
        if one.kind == "sql":
            spec = TableSpec.of(one.options)
            try:
                Database(spec.address, path=spec.path)
            except SourceError as error:
                found.append(error.message)
    return [words for words in found if words]


def prepare(settings: Settings) -> None:
    """Give this process and its children a temporary folder. Raises StoreError where no worker can run."""
    place = _temporary(settings)
    wrong = unusable(settings.store_url) or _semaphores() or ("" if place else NO_TEMPORARY)
    if wrong:
        raise StoreError(Code.STORE, wrong)
    if place == _beside(settings):
        log.warning("temporary files go to %s: no other folder can be used", place)
    if place:
        os.environ["TMPDIR"] = tempfile.tempdir = place


def must_belong(settings: Settings) -> None:
    """Raises StoreError where the store is another site's. One that does not answer now may do so later."""
    snapshots = Snapshots(settings.store_url)
    try:
        snapshots.must_belong(settings.site.namespace, settings.site.title)
    finally:
        snapshots.close()


def of_another_site(settings: Settings) -> list[str]:
    """The same as one sentence, or none."""
    try:
        must_belong(settings)
    except StoreError as error:
        return [error.message]
    return []


def _semaphores() -> str:
    """Processes that read share locks, which Linux keeps in /dev/shm (sem_overview(7))."""
    try:
        multiprocessing.get_context("forkserver").Lock()
    except OSError as error:
        return f"no semaphore can be made ({error.strerror}); mount a writable tmpfs at /dev/shm"
    return ""


def _temporary(settings: Settings) -> str | None:
    """A folder for temporary files; that of the store where there is no other."""
    named = (os.environ.get(name, "") for name in ("TMPDIR", "TEMP", "TMP"))
    places = (*named, "/tmp", "/var/tmp", _beside(settings))  # noqa: S108 - looked at, never written by name
    return next((one for one in places if _usable(one)), None)


def _beside(settings: Settings) -> str:
    folder = state_path(settings.store_url, "tmp", settings.state).absolute().parent
    while not folder.exists():
        folder = folder.parent
    return str(folder)


def _usable(folder: str) -> bool:
    if not folder or len(os.fsencode(folder)) > LONGEST:
        return False
    try:
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False
