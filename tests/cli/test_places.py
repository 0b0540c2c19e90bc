"""Machines that lack something: the command says what, or does without."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from feedsvc.config import load
from feedsvc.errors import Code, ReadError, StoreError, one_line
from feedsvc.run.logs import Formatter
from feedsvc.wiring import surroundings

CONFIG = """
[site]
title = "Новости порта"
url = "https://news.example/"
namespace = "6b2b5a0e-6c1d-4a41-9d54-6f2a6f6c9a11"
[store]
url = "{store}"
[[section]]
slug = "a"
sources = [{source}]
"""


def configured(folder: Path, store: str, source: str = "") -> Path:
    file = folder / "feedsvc.toml"
    file.write_text(CONFIG.format(store=store, source=source))
    return file


@pytest.mark.parametrize(
    ("store", "words"),
    [
        ("oracle+cx_oracle://db/x", "driver is missing"),
        ("nosuch://db/x", "no such kind of database"),
        ("sqlite:///{folder}/file/store.db", "is no folder"),
        ("sqlite:///{folder}/sub", "is a folder"),
    ],
)
def test_a_store_that_cannot_be_written_is_told(tmp_path: Path, store: str, words: str) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "sub").mkdir()
    chosen = load(configured(tmp_path, store.format(folder=tmp_path)), {})
    assert words in " ".join(surroundings.problems(chosen))
    with pytest.raises(StoreError, match=words):
        surroundings.prepare(chosen)


def test_a_command_ends_with_that_sentence(tmp_path: Path) -> None:
    command = ("-m", "feedsvc", "run", "--config", str(configured(tmp_path, f"sqlite:///{tmp_path}")))
    done = subprocess.run([sys.executable, *command], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, "Traceback" in done.stderr, "is a folder" in done.stderr) == (1, False, True)


def test_a_folder_without_rights_is_told(tmp_path: Path) -> None:
    (tmp_path / "ro").mkdir(mode=0o555)
    script = (
        "import ctypes, os; from feedsvc.store.places import unusable\n"
        "CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH = 1, 2\n"
        "libc = ctypes.CDLL(None)\n"
        "head, data = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()\n"
        "assert libc.capget(head, data) == 0\n"  # root without the right to pass over modes (capabilities(7))
        "data[0] &= ~(1 << CAP_DAC_OVERRIDE | 1 << CAP_DAC_READ_SEARCH)\n"
        "assert libc.capset(head, data) == 0\n"
        f"print(unusable('sqlite:///{tmp_path}/ro/store.db'))"
    )
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert "this user may not write in" in done.stdout


def test_the_driver_of_a_source_is_told(tmp_path: Path) -> None:
    table = 'table = "posts", map = { id = "id", title = "title" }'
    source = f'{{ sql = "oracle+cx_oracle://reader@db/news", {table} }}'
    chosen = load(configured(tmp_path, f"sqlite:///{tmp_path}/s.db", source), {})
    assert "driver is missing" in " ".join(surroundings.problems(chosen))


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252"])
def test_a_terminal_without_the_letters_gets_question_marks(encoding: str) -> None:
    env = {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0", "LC_ALL": "C"}
    script = (
        "import click, sys, feedsvc.cli.main\n"
        "@click.command()\ndef letters(): click.echo('\\u041f\\u0430\\u0440\\u043e\\u043c \\U0001f6a2')\n"
        "main = sys.modules['feedsvc.cli.main']\n"
        "main._Lazy.get_command = lambda self, ctx, name: letters\n"
        "main.main(['letters'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        env={**os.environ, **env},
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, b"????? ?\n"), done.stderr


@pytest.mark.parametrize("named", ["/nowhere/at/all", "/proc", "{folder}/" + "long/" * 30])
def test_a_temporary_folder_that_cannot_be_used_is_done_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: str
) -> None:
    folder = Path(named.format(folder=tmp_path))
    if named.startswith("{folder}"):
        folder.mkdir(parents=True)
    chosen = load(configured(tmp_path, f"sqlite:///{tmp_path}/s.db"), {})
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setenv("TMPDIR", str(folder))
    surroundings.prepare(chosen)
    assert os.environ["TMPDIR"] != str(folder)
    assert tempfile.gettempdir() == os.environ["TMPDIR"]
    with tempfile.TemporaryFile():
        pass


@pytest.mark.parametrize(
    "text", ["a\nb", "a\r\nERROR b", "\x1b[31m", "\x9b31m", "a\u202eb", "\u2028", "\ud800", "\x00", "\x85"]
)
def test_words_of_strangers_stay_in_their_line(text: str) -> None:
    shown = Formatter("text").format(logging.LogRecord("x", 30, "f", 1, "said %s", (text,), None))
    assert shown.isprintable()
    assert shown.encode()
    assert str(ReadError(Code.BAD_XML, f"the server said {text}")).isprintable()
    assert one_line("Größe 🚢 日本") == "Größe 🚢 日本"


def test_a_message_has_an_end() -> None:
    assert len(str(ReadError(Code.BAD_XML, "x" * 10**6))) < 3000
