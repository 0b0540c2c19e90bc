"""The log as people and programs read it."""

from __future__ import annotations

import io
import json
import logging
import subprocess
import sys
from collections.abc import Iterator

import pytest

from feedsvc.run.logs import QUIET, Formatter, Repeats


@pytest.fixture
def log() -> Iterator[logging.Logger]:
    found = logging.getLogger("tests.run.logs")
    found.propagate, found.handlers = False, []
    found.setLevel(logging.INFO)
    yield found
    found.handlers, found.propagate = [], True


def writing(log: logging.Logger, form: str) -> io.StringIO:
    text = io.StringIO()
    handler = logging.StreamHandler(text)
    handler.setFormatter(Formatter(form))
    log.addHandler(handler)
    return text


def test_programs_get_an_object_a_line_with_the_figures(log: logging.Logger) -> None:
    text = writing(log, "json")
    log.info("%s: %d new", "https://news.example/é", 3, extra={"source": "x", "new": 3})
    try:
        raise ValueError("broken")
    except ValueError:
        log.exception("a fault")
    first, second = map(json.loads, text.getvalue().splitlines())
    assert first["event"] == "https://news.example/é: 3 new"
    assert (first["new"], first["level"], first["logger"]) == (3, "info", "tests.run.logs")
    assert first["timestamp"].endswith("Z")
    assert "ValueError: broken" in second["exception"]


def test_people_get_a_sentence(log: logging.Logger) -> None:
    text = writing(log, "text")
    log.warning("%s fails: no address", "https://news.example/", extra={"new": 3, "source": "x"})
    line = text.getvalue()
    assert "https://news.example/ fails: no address" in line
    assert "warning" in line
    assert "new=" not in line
    assert line.count("\n") == 1


def test_what_repeats_is_told_once_and_counted(log: logging.Logger) -> None:
    now = [0.0]
    text = writing(log, "text")
    log.handlers[-1].addFilter(Repeats(lambda: now[0]))

    def tick() -> None:
        log.error("the tick was missed: %s", "the disk is full")

    for _ in range(50):
        tick()
        now[0] += 0.5
    assert text.getvalue().count("the disk is full") == 1
    log.error("the tick was missed: %s", "another reason")
    for _ in range(3):
        log.info("good news is never held back")
    now[0] += QUIET
    tick()
    lines = text.getvalue().splitlines()
    assert len(lines) == 6
    assert "(and 49 times more since)" in lines[-1]


@pytest.mark.parametrize(("wish", "is_json"), [("json", True), ("text", False), ("", True)])
def test_the_environment_chooses_and_a_pipe_gets_json(wish: str, is_json: bool) -> None:
    code = (
        "import logging; from feedsvc.run.logs import start_logging; start_logging(); "
        "logging.getLogger('x').info('good news')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env={"FEEDSVC_LOG": wish}, capture_output=True, text=True, check=True
    )
    assert done.stderr.startswith("{") is is_json
    assert "good news" in done.stderr
