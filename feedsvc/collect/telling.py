"""The log of polls: one line a run with its counts; an outage is told when it begins, and when it is over."""

from __future__ import annotations

import logging

from feedsvc.model import RunReport
from feedsvc.protocols import Task

log = logging.getLogger(__name__)


def told(task: Task, run: RunReport) -> RunReport:
    """Log what a poll came to; returns it. Article pages are told of only where they fail or mend."""
    times = task.failures + 1
    extra = {
        "source": run.name,
        "outcome": run.outcome,
        "status": run.status,
        "code": run.code,
        "found": run.found,
        "new": run.new,
        "changed": run.changed,
        "seconds": round(run.seconds, 3),
        "failures": times if run.failed else 0,
    }
    if run.failed:
        words = f"{run.code}: {run.message.removeprefix(f'{run.name}: ')}"
        if times == 1:
            log.warning("%s fails: %s", run.name, words, extra=extra)
        else:
            log.info("%s: %s, %d times in a row", run.name, run.code, times, extra=extra)
    elif task.failures:
        log.info("%s works again after %d failures: %s", run.name, task.failures, _counts(run), extra=extra)
    elif task.article is None:
        log.info("%s: %s", run.name, _counts(run), extra=extra)
    return run


def _counts(run: RunReport) -> str:
    if run.outcome == "unchanged":
        return f"unchanged, {run.seconds:.2f} s"
    found = "" if run.found is None else f"{run.found} found, "
    return f"{found}{run.new} new, {run.changed} changed, {run.seconds:.2f} s"
