"""What every process needs: the time, an end together with its parent, its files, room for connections."""

from __future__ import annotations

import ctypes
import logging
import os
import resource
import signal
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path
from urllib.parse import unquote, urlsplit

log = logging.getLogger(__name__)

SPARE_FILES = 100  #: descriptors of a process besides those of its connections
_PR_SET_PDEATHSIG = 1


def now() -> datetime:
    """The wall clock."""
    return datetime.now(UTC)


def die_with(parent: int) -> None:
    """Have the kernel end this process when its parent, process `parent`, dies however it dies."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it died before the line above
        os.kill(os.getpid(), signal.SIGKILL)


def state_path(store_url: str, ending: str) -> Path:
    """A file of this machine that belongs to a store: beside an SQLite file, else in var/."""
    parts = urlsplit(store_url)
    if parts.scheme.startswith("sqlite"):
        return Path(f"{unquote(parts.path[1:])}.{ending}")
    return Path("var") / f"{blake2b(store_url.encode(), digest_size=8).hexdigest()}.{ending}"


def open_files(wished: int, what: str) -> int:
    """As many connections as this process and its children may hold; their soft limit of files is raised."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = wished + SPARE_FILES
    allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < allowed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
    if allowed < wanted:
        log.warning(
            "%s: the system allows %d open files (ulimit -Hn), so %d of %d connections fit",
            what,
            hard,
            max(1, allowed - SPARE_FILES),
            wished,
        )
    return max(1, allowed - SPARE_FILES)
