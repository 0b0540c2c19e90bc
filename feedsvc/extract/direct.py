"""Reads foreign bytes in the process itself, where that process is the fence: a child of a Celery worker."""

from __future__ import annotations

import resource

from feedsvc.extract.read import read
from feedsvc.plugin_api import Job, Reading

MEMORY = 3 * 1024**3  #: address space of the process, with all that it holds besides


class DirectExtractor:
    """Who makes it has its process killed when reading takes too long."""

    def __init__(self) -> None:
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        most = MEMORY if hard == resource.RLIM_INFINITY else min(MEMORY, hard)
        resource.setrlimit(resource.RLIMIT_AS, (most, hard))

    def read(self, job: Job, *, own: bool = False) -> Reading:
        """What the bytes say. Raises ReadError."""
        return read(job)
