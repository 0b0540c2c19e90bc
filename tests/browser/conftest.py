"""Debian's Chromium as a person's browser, a served newsroom, and somebody else's page with its headlines."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import requests
from selenium import webdriver
from selenium.webdriver.chrome.service import Service

from feedsvc.demo import make_server
from tests.conftest import Clock, missing, until
from tests.e2e.service import free_port
from tests.pipeline import Pipeline
from tests.servers import ScriptedServer

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --hide-scrollbars"
).split()

CONFIG = """
[site]
title = "Kabar Merawan"
url = "{newsroom}/"
language = "id"
timezone = "Asia/Jakarta"
description = "Berita dari pulau ke pulau."
namespace = "5b0c5f0e-6c1d-4a41-9d54-6f2a6f6c9a11"
[serve]
port = {port}
[fetch]
own = ["{host}"]
[store]
url = "sqlite:///{folder}/store.db"
[stream]
run = true
port = {stream}
heartbeat = "1s"
[[section]]
slug = "politik"
max_age = "10s"
sources = [{{ page = "{newsroom}/politik", every = "30s" }}]
[[section]]
slug = "english"
language = "en"
sources = [{{ feed = "{newsroom}/en/feed.xml", every = "30s" }}]
[[box]]
slug = "populer"
title = "Populer"
ranked = true
sources = [{{ page = "{newsroom}/", box = "Populer", every = "30s" }}]
"""


@dataclass
class Served:
    """A newsroom whose clock a test moves, served by real processes."""

    pipeline: Pipeline
    clock: Clock
    port: int
    stream_port: int

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def stream(self) -> str:
        return f"http://127.0.0.1:{self.stream_port}"

    def get(self, path: str, **headers: str) -> requests.Response:
        return requests.get(f"{self.base}{path}", headers=headers, timeout=10, allow_redirects=False)

    def titles(self, slug: str, count: int) -> list[str]:
        items: list[dict[str, Any]] = self.get(f"/feeds/{slug}.json").json()["items"]
        return [item["title"] for item in items[:count]]

    def news(self, slug: str = "politik") -> str:
        """Let the newsroom go on until a list has a new headline; returns it as it is served."""
        before = self.titles(slug, 1)
        for _ in range(40):
            self.pipeline.forward(minutes=1)
            published = str(self.pipeline.items(slug)[0]["title"])
            if [published] != before:
                until(partial(self._serves, slug, published))
                return published
        raise AssertionError("the newsroom published nothing")

    def _serves(self, slug: str, title: str) -> bool:
        return self.titles(slug, 1) == [title]

    def open_streams(self) -> int:
        return int(requests.get(f"{self.stream}/healthz", timeout=10).text.split()[1])


@pytest.fixture(scope="package")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("served")
    clock = Clock(datetime(2025, 12, 18, 12, 0, tzinfo=UTC))
    port, stream = free_port(), free_port()
    with make_server(clock=clock) as newsroom:
        host = newsroom.url.removeprefix("http://")
        file = folder / "feedsvc.toml"
        file.write_text(
            CONFIG.format(newsroom=newsroom.url, host=host, folder=folder, port=port, stream=stream)
        )
        pipeline = Pipeline(file, f"sqlite:///{folder}/store.db", clock)
        pipeline.settle()
        processes = [
            subprocess.Popen([sys.executable, "-m", "feedsvc", command, "--config", str(file)])
            for command in ("serve", "stream")
        ]
        found = Served(pipeline, clock, port, stream)
        try:
            until(lambda: _answers(f"{found.base}/feeds/latest.json"), 60)
            until(lambda: _answers(f"{found.stream}/healthz"), 60)
            yield found
        finally:
            for process in processes:
                process.terminate()
            for process in processes:
                process.wait(20)
            pipeline.close()


def _answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=5).status_code == 200
    except requests.RequestException:
        return False


class Browser:
    """One window."""

    def __init__(self, folder: Path) -> None:
        options = webdriver.ChromeOptions()
        options.binary_location = CHROMIUM or ""
        for flag in (*FLAGS, f"--user-data-dir={folder}", "--window-size=1280,900"):
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self.driver = webdriver.Chrome(options=options, service=Service(DRIVER or ""))

    def open(self, url: str) -> None:
        self.driver.get(url)

    def run(self, script: str, *arguments: Any) -> Any:
        return self.driver.execute_script(script, *arguments)

    def cdp(self, command: str, **values: Any) -> Any:
        return self.driver.execute_cdp_cmd(command, values)

    def complaints(self) -> list[str]:
        """What the console holds since the last time."""
        return [entry["message"] for entry in self.driver.get_log("browser")]  # type: ignore[no-untyped-call]

    def shown(self, place: int = 0) -> list[str]:
        """The headlines that the element shows, in order."""
        found: list[str] = self.run(
            "const one = document.querySelectorAll('feedsvc-headlines')[arguments[0]];"
            "return [...(one?.shadowRoot?.querySelectorAll('a') ?? [])].map(a => a.textContent)",
            place,
        )
        return found


@pytest.fixture(scope="package")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    if not CHROMIUM or not DRIVER:
        missing("Chromium with its driver")
    browser = Browser(tmp_path_factory.mktemp("profile"))
    yield browser
    browser.driver.quit()


@pytest.fixture
def browser(chromium: Browser) -> Iterator[Browser]:
    """The window as it was: nothing blocked, nothing stored."""
    chromium.open("about:blank")
    chromium.complaints()
    yield chromium
    chromium.open("about:blank")
    chromium.cdp("Network.enable")
    chromium.cdp("Network.setBlockedURLs", urls=[])
    chromium.cdp("Network.clearBrowserCache")
    chromium.cdp("Emulation.setScriptExecutionDisabled", value=False)
    chromium.cdp("Emulation.clearDeviceMetricsOverride")


@pytest.fixture
def foreign() -> Iterator[ScriptedServer]:
    """Somebody else's site."""
    server = ScriptedServer()
    yield server
    server.close()
