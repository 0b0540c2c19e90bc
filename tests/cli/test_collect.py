"""`feedsvc collect` ends, and tells of every source."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from feedsvc.cli.main import main
from tests.servers import ScriptedServer


@pytest.mark.slow
def test_a_host_that_asks_to_wait_is_told_and_not_waited_for(
    tmp_path: Path, upstream: ScriptedServer
) -> None:
    file = tmp_path / "feedsvc.toml"
    sources = ", ".join(f'{{ page = "{upstream.url(path)}" }}' for path in ("/ships", "/tide?day=1"))
    file.write_text(
        f'[site]\ntitle = "Harbour"\nurl = "{upstream.url("/")}"\n[fetch]\nown = ["{upstream.host}"]\n'
        f'[[section]]\nslug = "ships"\nsources = [{sources}]\n'
    )
    for path in ("/ships", "/tide?day=1"):
        upstream.page(path, b"", 429, Retry_After="3600")
    call = CliRunner().invoke(main, ["collect", "--config", str(file)])
    assert call.exit_code == 1
    assert "HTTP_WAIT" in call.output
    asked = len(upstream.paths())
    call = CliRunner().invoke(main, ["collect", "--json", "--config", str(file)])
    rows = [json.loads(line) for line in call.output.splitlines()]
    assert call.exit_code == 0
    assert [row["name"] for row in rows] == [upstream.url("/ships"), upstream.url("/tide?day=1")]
    assert {row["outcome"] for row in rows} == {"skipped"}
    assert all(row["message"].startswith("its host asked to wait until ") for row in rows)
    assert len(upstream.paths()) == asked
