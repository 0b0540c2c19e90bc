"""Fronts over the store of a test, as a web process makes them; they end with the test."""

from __future__ import annotations

from feedsvc.config import Settings
from feedsvc.serve.front import Front
from feedsvc.wiring.spec import web_spec
from feedsvc.wiring.web import web_app

_open: list[Front] = []


def front_of(settings: Settings) -> Front:
    """A front that follows its store from threads of its own until the test ends."""
    front = web_app(web_spec(settings))
    _open.append(front)
    return front


def stop_fronts() -> None:
    """End those that were made: their threads would tell of stores that are gone, in other tests."""
    while _open:
        _open.pop().stop()
