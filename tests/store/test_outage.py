"""An outage of the store is said once, counted, and its end is said."""

from __future__ import annotations

import logging
import threading

import pytest

from feedsvc.errors import Code, StoreError
from feedsvc.model.outage import CALM, REMINDER, Outage


class Seconds:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_thousand_failures_are_two_lines(caplog: pytest.LogCaptureFixture) -> None:
    seconds = Seconds()
    outage = Outage(seconds)
    for _ in range(1000):
        error = StoreError(Code.STORE_GONE, "the file was deleted")
        outage.failed(error)
        assert error.level == logging.DEBUG
        seconds.now += 0.01
        outage.worked()  # parts of it can be read: that is no end
    seconds.now += CALM
    outage.worked()
    outage.worked()
    said = [record.getMessage() for record in caplog.records]
    assert len(said) == 2
    assert "STORE_GONE: the file was deleted" in said[0]
    assert "1000 times" in said[1]


def test_another_reason_is_said_and_a_long_outage_is_recalled(caplog: pytest.LogCaptureFixture) -> None:
    seconds = Seconds()
    outage = Outage(seconds)
    for text in ("deleted", "replaced", "deleted"):
        outage.failed(StoreError(Code.STORE_GONE, text))
    assert len(caplog.records) == 2
    seconds.now += REMINDER
    outage.failed(StoreError(Code.STORE_GONE, "replaced"))
    assert "600 s" in caplog.records[-1].getMessage()


def test_threads_together_say_it_once(caplog: pytest.LogCaptureFixture) -> None:
    outage = Outage()
    threads = [
        threading.Thread(target=lambda: outage.failed(StoreError(Code.STORE, "away"))) for _ in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (outage.count, len(caplog.records)) == (20, 1)


def test_what_can_be_read_proves_nothing_while_nothing_can_be_written(
    caplog: pytest.LogCaptureFixture,
) -> None:
    seconds = Seconds()
    outage = Outage(seconds)
    outage.failed(StoreError(Code.STORE, "the disk is full"), writing=True)
    seconds.now += 60
    outage.worked(writing=False)
    assert len(caplog.records) == 1
    outage.worked()
    assert "can be used again" in caplog.records[1].getMessage()
    outage.failed(StoreError(Code.STORE, "it cannot be read"))
    seconds.now += 60
    outage.worked(writing=False)
    assert len(caplog.records) == 4
