"""The processes of a fleet, in a world where every name leads to 127.0.0.1 and counts as public.

python -m tests.scale.world CONFIG          a ticker: `feedsvc work`
celery -A tests.scale.world:app worker      hands: `celery -A feedsvc.celery worker`
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from ipaddress import ip_network
from typing import Any

from feedsvc import config, plugins
from feedsvc.cli.common import start_logging
from feedsvc.run.ticker import Ticker
from feedsvc.run.worker import TICK
from feedsvc.wiring.collector import Outside
from feedsvc.wiring.hands import application
from feedsvc.wiring.work import collecting

OUTSIDE = Outside(
    lookup=lambda host, port: ["127.0.0.1"],
    networks=(ip_network("127.0.0.1/32"),),
    monotonic=time.monotonic,
)


def __getattr__(name: str) -> Any:
    """`app`, made when Celery asks for it."""
    if name == "app":
        return application(os.environ, outside=OUTSIDE)
    raise AttributeError(name)


def main(file: str) -> None:
    """Tick and publish until SIGTERM."""
    start_logging()
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    wired = collecting(config.load(file, {}, plugins=plugins.checks()), outside=OUTSIDE)
    ticker = Ticker(wired.worker.tick, seconds=TICK)
    wired.worker.start()
    ticker.start()
    stop.wait()
    ticker.stop()
    wired.worker.stop(3)
    wired.close()


if __name__ == "__main__":
    main(sys.argv[1])
