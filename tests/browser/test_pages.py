"""Our own pages, as a person sees them: with and without scripts, narrow and wide, light and dark."""

from __future__ import annotations

from importlib import resources

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select

from feedsvc.render import assets
from tests.browser.conftest import Browser, Served
from tests.conftest import until
from tests.servers import ScriptedServer

PAGES = ("/", "/feeds/politik", "/feeds/populer", "/embed", "/embed/politik", "/feeds/search?q=kota")


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("width", [320, 360, 768, 1280])
def test_pages_fit_and_the_browser_has_no_complaint(
    browser: Browser, served: Served, path: str, width: int
) -> None:
    browser.cdp(
        "Emulation.setDeviceMetricsOverride", width=width, height=800, deviceScaleFactor=1, mobile=width < 500
    )
    browser.open(served.base + path)
    assert browser.run("return document.documentElement.scrollWidth") <= width
    assert browser.complaints() == []
    assert browser.run("return document.querySelectorAll('h1').length") == 1


def test_pages_work_without_scripts(browser: Browser, served: Served) -> None:
    browser.cdp("Emulation.setScriptExecutionDisabled", value=True)
    browser.open(f"{served.base}/")
    find = browser.driver.find_element
    assert find(By.TAG_NAME, "html").get_attribute("lang") == "id"
    # a feed is found without a script: the address unfolds, to be copied
    field = find(By.ID, "politik-1")
    assert not field.is_displayed()
    find(By.CSS_SELECTOR, "section[aria-labelledby=h-politik] summary").click()
    assert field.is_displayed()
    assert field.get_attribute("value") == f"{served.base}/feeds/politik.rss"
    assert not find(By.CSS_SELECTOR, "button.copy").is_displayed()
    # the search is a form
    find(By.ID, "q").send_keys("kota")
    find(By.CSS_SELECTOR, "form.search button").click()
    until(lambda: "/feeds/search?q=kota" in browser.driver.current_url)
    assert find(By.TAG_NAME, "h1").text == "Cari"
    # so is the builder
    browser.open(f"{served.base}/embed")
    Select(find(By.ID, "section")).select_by_value("english")
    Select(find(By.ID, "theme")).select_by_value("dark")
    find(By.CSS_SELECTOR, "#builder button").click()
    until(lambda: "theme=dark" in browser.driver.current_url)  # click() need not wait for the next page
    snippet = find(By.ID, "snippet-frame").get_attribute("value") or ""
    assert f'src="{served.base}/embed/english?theme=dark"' in snippet


def test_the_builder_follows_what_is_chosen(browser: Browser, served: Served) -> None:
    browser.open(f"{served.base}/embed")
    find = browser.driver.find_element
    number = assets.newest()
    Select(find(By.ID, "section")).select_by_value("populer")
    count = find(By.ID, "count")
    count.clear()
    count.send_keys("3")
    until(lambda: (find(By.ID, "frame").get_attribute("src") or "").endswith("/embed/populer?count=3"))
    snippet = find(By.ID, "snippet-element").get_attribute("value") or ""
    assert f'src="{served.base}/embed-{number}.js" integrity="{assets.integrity(number)}"' in snippet
    assert f'src="{served.base}/feeds/populer.json" count="3" live timezone="Asia/Jakarta">' in snippet
    browser.driver.switch_to.frame("frame")
    until(lambda: len(browser.driver.find_elements(By.CSS_SELECTOR, "li")) == 3)
    browser.driver.switch_to.default_content()
    assert browser.complaints() == []


def test_light_and_dark(browser: Browser, served: Served) -> None:
    found = {}
    for scheme in ("light", "dark"):
        browser.cdp(
            "Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}]
        )
        browser.open(f"{served.base}/")
        found[scheme] = browser.run("return getComputedStyle(document.body).backgroundColor")
    browser.cdp("Emulation.setEmulatedMedia", features=[])
    assert found["light"] != found["dark"]


def test_a_navigation_to_a_feed_shows_its_page(browser: Browser, served: Served) -> None:
    browser.open(f"{served.base}/feeds/politik.rss")
    assert browser.driver.current_url == f"{served.base}/feeds/politik"
    assert browser.driver.find_element(By.TAG_NAME, "h1").text == "Politik"


def test_a_sentence_in_other_letters_ends_where_it_is_read_to(
    foreign: ScriptedServer, browser: Browser
) -> None:
    style = resources.files("feedsvc.render").joinpath("static/page.css").read_text()
    sentence = "<p>It may have been mistyped.</p>"
    foreign.page("/", f"<!doctype html><html dir='rtl'><style>{style}</style>{sentence}</html>".encode())
    browser.open(foreign.url("/"))
    first, last, right, width = browser.run(
        "const text = document.querySelector('p').firstChild, range = document.createRange();"
        "const left = at => { range.setStart(text, at); range.setEnd(text, at + 1);"
        " return range.getBoundingClientRect().left };"
        "const last = left(text.length - 1);"
        "return [left(0), last, range.getBoundingClientRect().right, innerWidth]"
    )
    assert first < last
    assert right > width / 2  # it stands where the page begins
