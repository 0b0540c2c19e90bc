"""The control room on a phone: nothing is wider than the window, and what is drawn can be read."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.browser.conftest import Browser, Served

PHONE = {"width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": True}
LEAST_LETTERS = 9  #: pixels that a line of letters takes


@pytest.fixture
def phone(browser: Browser) -> Iterator[Browser]:
    browser.cdp("Emulation.setDeviceMetricsOverride", **PHONE)
    yield browser
    browser.cdp("Emulation.clearDeviceMetricsOverride")


@pytest.mark.parametrize("path", ["/status", "/status/sources", "/status/feeds", "/status/readers"])
def test_a_page_is_as_wide_as_the_window(served: Served, phone: Browser, path: str) -> None:
    phone.open(served.base + path)
    assert phone.run("return document.documentElement.scrollWidth") == PHONE["width"]
    assert phone.run("return document.querySelector('h1').getBoundingClientRect().height") > 0
    # a figure stands in one line beside its unit
    split = (
        "return [...document.querySelectorAll('.one-line td:not(.name)')].filter(c => c.scrollHeight > 45)"
    )
    assert phone.run(f"{split}.map(c => c.textContent)") == []


def test_the_words_of_a_chart_can_be_read(served: Served, phone: Browser) -> None:
    phone.open(f"{served.base}/status")
    heights = phone.run(
        "return [...document.querySelectorAll('.plot text')].map(t => t.getBoundingClientRect().height)"
    )
    assert heights
    assert min(heights) >= LEAST_LETTERS
