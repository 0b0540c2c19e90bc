"""A number in a mapped file: the publisher writes it, every web process of the machine sees it at once.

Looking costs a memory read, so a web process can look at every request. Other machines look into the store.
"""

from __future__ import annotations

import errno
import mmap
import os
import struct
from pathlib import Path

_NUMBER = struct.Struct("<Q")


class GenerationFile:
    """The number of the newest publication, shared by the processes of one machine."""

    def __init__(self, path: Path) -> None:
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            if error.errno not in (errno.EACCES, errno.EROFS):
                raise
            self._map = mmap.mmap(-1, _NUMBER.size)  # nobody publishes here: a look into the store has to do
            return
        try:
            if os.fstat(descriptor).st_size < _NUMBER.size:
                os.ftruncate(descriptor, _NUMBER.size)
            self._map = mmap.mmap(descriptor, _NUMBER.size)
        finally:
            os.close(descriptor)

    def read(self) -> int:
        """The number as it stands now."""
        number: int = _NUMBER.unpack_from(self._map)[0]
        return number

    def write(self, number: int) -> None:
        """Announce that a publication is stored."""
        _NUMBER.pack_into(self._map, 0, number)
