"""Pictures of the running demo for the documentation: starts it, waits for news, asks Chromium for its pages.

    .venv/bin/python tools/make_screenshots.py            # docs/images/*.png
    .venv/bin/python tools/make_screenshots.py --to /tmp/shots --axe axe.min.js

With --axe each page is also examined by axe-core (a file that you have), wide and as narrow as a phone; the
exit code is 1 if it finds fault, or if a page is wider than its window.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.chrome.service import Service

ROOT = Path(__file__).parents[1]
WIDE, PHONE = 1280, 390
FLAGS = "--headless --no-sandbox --disable-gpu --no-first-run --hide-scrollbars --force-device-scale-factor=1"
#: Name of the picture → path, width, height.
PAGES = {
    "directory": ("/", WIDE, 900),
    "status": ("/status", WIDE, 1000),
    "status-source": ("/status/sources/1", WIDE, 1300),
    "status-phone": ("/status", PHONE, 844),
}
#: What axe examines, wide and narrow.
EXAMINED = (
    "/ /feeds/politik /status /status/sources /status/sources/1 /status/feeds /status/feeds/politik "
    "/status/readers"
).split()
WAIT = 600.0  #: seconds for the demo to have news
AXE = """
const done = arguments[arguments.length - 1];
const where = (one) => one.nodes.slice(0, 3).map((node) => node.target.join(" ")).join("; ");
axe.run(document, {resultTypes: ["violations"]}).then((found) => done(found.violations.map(
  (one) => `${one.id} (${one.impact}): ${one.help}: ${where(one)}`
)));
"""


def free_ports(count: int) -> list[int]:
    """Ports that nobody has now."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


@contextmanager
def demo() -> Iterator[str]:
    """The address of a demo that has news and was polled a few times."""
    with tempfile.TemporaryDirectory() as folder:
        text = (ROOT / "config/demo.toml").read_text()
        ports = free_ports(3)
        for old, new in zip(("8080", "8081", "8082"), ports, strict=True):
            text = text.replace(f":{old}", f":{new}").replace(f"port = {old}", f"port = {new}")
        base = f"http://127.0.0.1:{ports[0]}"
        file = Path(folder, "config", "demo.toml")
        file.parent.mkdir()
        file.write_text(text)
        command = [sys.executable, "-m", "feedsvc", "run", "--config", str(file)]
        process = subprocess.Popen(command, cwd=ROOT, start_new_session=True, stdout=subprocess.DEVNULL)
        try:
            until(lambda: len(json.loads(get(f"{base}/feeds/latest.json"))["items"]) > 20)
            until(lambda: all(row["polled_at"] for row in json.loads(get(f"{base}/status"))["sources"]))
            yield base
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(30)


def get(url: str) -> bytes:
    """What an address answers, as JSON where it has it."""
    request = urllib.request.Request(url, headers={"Accept": "application/json"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        body: bytes = answer.read()
        return body


def until(is_so: Callable[[], bool]) -> None:
    """Wait. Raises TimeoutError."""
    end = time.monotonic() + WAIT
    while time.monotonic() < end:
        try:
            if is_so():
                return
        except OSError:
            pass  # it starts
        time.sleep(0.5)
    raise TimeoutError("the demo has no news")


def browser() -> webdriver.Chrome:
    """A Chromium without a window."""
    options = webdriver.ChromeOptions()
    for flag in FLAGS.split():
        options.add_argument(flag)
    page = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
    page.set_script_timeout(WAIT)
    return page


def look(page: webdriver.Chrome, url: str, width: int, height: int) -> None:
    """Open an address in a window of that size, as phones do where it is narrow."""
    size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
    page.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    page.get(url)


def faults(page: webdriver.Chrome, axe: str) -> list[str]:
    """What is wrong with the page that is open."""
    found: list[str] = []
    width, there = page.execute_script("return [document.documentElement.scrollWidth, innerWidth]")
    if width > there:
        found.append(f"is {width} pixels wide in a window of {there}")
    page.execute_script(axe)
    return found + list(page.execute_async_script(AXE))


def main() -> int:
    """The exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--to", type=Path, default=ROOT / "docs/images")
    parser.add_argument("--axe", type=Path)
    chosen = parser.parse_args()
    chosen.to.mkdir(parents=True, exist_ok=True)
    wrong = 0
    with demo() as base:
        page = browser()
        try:
            for name, (path, width, height) in PAGES.items():
                look(page, base + path, width, height)
                page.save_screenshot(str(chosen.to / f"{name}.png"))
                print(f"{name}.png")
            if chosen.axe:
                for path, width in product(EXAMINED, (WIDE, PHONE)):
                    look(page, base + path, width, 900)
                    for fault in faults(page, chosen.axe.read_text()):
                        wrong += 1
                        print(f"{path} at {width}: {fault}")
        finally:
            page.quit()
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
