"""Counts who reads the feeds: a request adds one to the number of those like it; a thread writes the sums.

Addresses stay in memory for a minute at most: they tell readers apart, and only how many there were is kept.
"""

from __future__ import annotations

import logging
import re
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from feedsvc.errors import FeedsvcError
from feedsvc.serve.clients import client_of

log = logging.getLogger(__name__)

EVERY = 60.0  #: seconds between two writes
MOST_KEYS = 20_000  #: different requests between two writes; of more only the sum is kept
MOST_AGENTS = 200  #: programs of one write; the rarer ones are "others"
MOST_REPORTED = 200  #: aggregators of one write, those with the most subscribers
LONGEST = 300  #: characters of a header that are looked at
OTHERS = "others"

_SUBSCRIBERS = re.compile(r"(\d{1,9})\s+(?:subscribers?|readers?|users?)\b", re.I)
_COMPATIBLE = re.compile(r"compatible;\s*([\w.-]+(?:/[\w.]+)?)", re.I)
_PRODUCT = re.compile(r"[\w.!#$%&'*+^`|~-]+(?:/[\w.-]+)?")

#: path, whether it was a 304, bytes, User-Agent, peer, X-Forwarded-For, whether it asked for changes alone
Seen = tuple[str, bool, int, str, str, str, bool]

#: moment, path → figures, program → figures, (path, aggregator) → subscribers; Figures of store.web.reach
Write = Callable[[datetime, Mapping[str, Any], Mapping[str, Any], Mapping[tuple[str, str], int]], None]


def subscribers(agent: str) -> int | None:
    """The subscribers that an aggregator reports in its User-Agent; None: it reports none."""
    match = _SUBSCRIBERS.search(agent)
    return int(match[1]) if match else None


def program(agent: str) -> str:
    """The name that a program gives itself, with its version, without what is particular to one reader."""
    match = _COMPATIBLE.search(agent) or _PRODUCT.match(agent)
    return (match[1] if match.re is _COMPATIBLE else match[0])[:120] if match else "(no name)"


def name_of(agent: str) -> str:
    """The same without its version: what an aggregator is called."""
    return program(agent).partition("/")[0][:60]


class Readers:
    """The requests for feeds in one process. `new` makes the Figures that `write` takes."""

    def __init__(
        self, write: Write, new: Callable[[], Any], now: Callable[[], datetime], *, every: float = EVERY
    ) -> None:
        self._write = write
        self._new = new
        self._now = now
        self._every = every
        self._counted: dict[Seen, int] = {}
        self._counting = threading.Lock()  # private feeds are answered in threads
        self._trouble = ""
        self._ended = threading.Event()

    def count(self, path: str, environ: Mapping[str, Any], size: int, *, unchanged: bool) -> None:
        """A feed was sent; takes about a microsecond."""
        get = environ.get
        conditional = "HTTP_IF_NONE_MATCH" in environ or "HTTP_IF_MODIFIED_SINCE" in environ
        agent = get("HTTP_USER_AGENT", "")[:LONGEST]
        passed = get("HTTP_X_FORWARDED_FOR", "")[-LONGEST:]
        seen = (path, unchanged, size, agent, get("REMOTE_ADDR", ""), passed, conditional)
        with self._counting:
            counted = self._counted
            if seen not in counted and len(counted) >= MOST_KEYS:
                seen = (path, unchanged, size, OTHERS, "", "", conditional)
            counted[seen] = counted.get(seen, 0) + 1

    def start(self) -> None:
        """Add up from a thread of its own."""
        threading.Thread(target=self._loop, name="who reads", daemon=True).start()

    def stop(self) -> None:
        """End; what was counted is written."""
        self._ended.set()

    def _loop(self) -> None:
        while not self._ended.wait(self._every):
            self.flush()
        self.flush()

    def flush(self) -> None:
        """Write what was counted; a fault is logged once, and the figures of that minute are lost."""
        with self._counting:
            counted, self._counted = self._counted, {}
        if not counted:
            return
        paths: dict[str, Any] = {}
        agents: dict[str, Any] = {}
        reported: dict[tuple[str, str], int] = {}
        asked: Counter[str] = Counter()
        for (_, _, _, agent, _, _, _), times in counted.items():
            asked[program(agent)] += times
        named = {name for name, _ in asked.most_common(MOST_AGENTS)}
        for (path, unchanged, size, agent, peer, passed, conditional), times in counted.items():
            who = program(agent)
            poller = f"{client_of({'REMOTE_ADDR': peer, 'HTTP_X_FORWARDED_FOR': passed})} {agent}"
            for figures in (
                paths.setdefault("", self._new()),
                paths.setdefault(path, self._new()),
                agents.setdefault(who if who in named else OTHERS, self._new()),
            ):
                figures.requests += times
                figures.not_modified += times if unchanged else 0
                figures.whole += 0 if unchanged or conditional else times
                figures.bytes += size * times
                figures.pollers.add(poller)
            told = subscribers(agent)
            if told is not None:
                key = (path, name_of(agent))
                reported[key] = max(told, reported.get(key, 0))
        largest = sorted(reported.items(), key=lambda one: -one[1])[:MOST_REPORTED]
        try:
            self._write(self._now(), paths, agents, dict(largest))
            self._trouble = ""
        except FeedsvcError as error:
            if str(error) != self._trouble:
                log.warning("%s", error)
            self._trouble = str(error)
