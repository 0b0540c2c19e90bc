"""Publications as PostgreSQL announces them (LISTEN): a web node on any machine knows of each at once.

Without SQLAlchemy, like all that web processes read. Where no notice comes through, nodes find publications
by looking, as they do on SQLite.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from feedsvc.store.address import connect, libpq_address

CHANNEL = "feedsvc_publication"
PAUSE = 5.0  #: seconds between two tries to connect

log = logging.getLogger(__name__)


class Listener:
    """Calls `wake` for each publication, from a thread of its own, until that says False."""

    def __init__(self, url: str, wake: Callable[[], bool]) -> None:
        """`url` is the store's, one of PostgreSQL."""
        self._target = libpq_address(url)
        self._wake = wake

    def start(self) -> None:
        """Begin to listen; a database that is away is connected to again."""
        threading.Thread(target=self._run, name="listen", daemon=True).start()

    def _run(self) -> None:
        import psycopg

        going = True
        while going:
            try:
                with connect(self._target) as connection:
                    connection.execute(f"LISTEN {CHANNEL}")
                    going = self._wake()  # whatever was published meanwhile
                    for _ in connection.notifies() if going else ():
                        if not (going := self._wake()):
                            break
            except psycopg.Error as error:
                log.debug("publications are looked for until the database is back: %s", error)
            time.sleep(PAUSE)
