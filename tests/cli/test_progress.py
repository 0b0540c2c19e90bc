"""Bars on a terminal; nothing of them where the output goes to a program or a file."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

from click.testing import CliRunner

from feedsvc.cli import main
from tests.stores import migrated

CONFIG = (
    '[site]\ntitle = "T"\nurl = "https://news.example/"\nnamespace = "6b2b5a0e-6c1d-4a41-9d54-6f2a6f6c9a11"\n'
    '[[section]]\nslug = "a"\nsources = []\n'
)
SCRIPT = """
from feedsvc.cli.progress import bars, pages
with bars() as watch:
    watch("feeds and pages", 3, 9)
with pages() as read:
    read("https://news.example/[politik]")
"""


def on_terminal(**env: str) -> str:
    """What the script writes on a terminal."""
    ours, theirs = pty.openpty()
    values = {**os.environ, "TERM": "xterm-256color", **env}
    done = subprocess.run([sys.executable, "-c", SCRIPT], stderr=theirs, env=values, timeout=60)
    os.close(theirs)
    said = os.read(ours, 65536).decode()
    os.close(ours)
    assert done.returncode == 0, said
    return said


def test_bars_are_shown_on_a_terminal() -> None:
    said = on_terminal()
    assert "feeds and pages" in said
    assert "3/9" in said
    assert "https://news.example/[politik]" in said
    assert "\x1b[38;5" in said or "\x1b[3" in said  # coloured


def test_no_color_takes_the_colours() -> None:
    said = on_terminal(NO_COLOR="1")
    assert "3/9" in said
    assert "\x1b[38;5" not in said
    assert "\x1b[32m" not in said


def test_nothing_is_written_where_there_is_no_terminal() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, timeout=60)
    assert (done.returncode, done.stdout, done.stderr.strip()) == (0, b"", b"")


def test_upgrade_and_members_as_json(tmp_path: Path) -> None:
    file = tmp_path / "feedsvc.toml"
    file.write_text(CONFIG + f'[store]\nurl = "sqlite:///{tmp_path}/s.db"\n')

    def said(*words: str) -> dict[str, object]:
        done = CliRunner().invoke(main, [*words, "--json", "--config", str(file)])
        assert done.exit_code == 0, done.output
        found: dict[str, object] = json.loads(done.stdout)
        return found

    assert said("upgrade", "--check")["store_exists"] is False
    migrated(f"sqlite:///{tmp_path}/s.db").close()
    assert said("upgrade", "--check")["outstanding"] == []
    assert said("upgrade")["done"] == []
    assert said("member", "list") == {"members": []}
