"""What every process needs: the time, an end together with its parent, its files, room for connections."""

from __future__ import annotations

import ctypes
import logging
import os
import resource
import signal
import socket
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path

from feedsvc.errors import Code, ServeError
from feedsvc.store.address import sqlite_file

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


def state_path(store_url: str, ending: str, folder: str) -> Path:
    """A file of this machine that belongs to a store: beside an SQLite file, else in `folder`."""
    file = sqlite_file(store_url)
    if file:
        return Path(f"{file}.{ending}")
    return Path(folder) / f"{blake2b(store_url.encode(), digest_size=8).hexdigest()}.{ending}"


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


def listening(host: str) -> str:
    """The address that a host to listen at stands for; the web server takes no names.

    Raises ServeError where the name leads nowhere.
    """
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError) as error:
        raise ServeError(
            Code.PORT_TAKEN,
            f"cannot listen at {host!r}: the name leads to no address ({error}); set [serve] host or "
            "--host, or the environment's HOST, which wins over the file",
        ) from error
    # 127.0.0.1 before ::1: what a name of this machine means to most clients
    return str(min(found, key=lambda one: one[0] != socket.AF_INET)[4][0])
