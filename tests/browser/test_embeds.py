"""Headlines on other people's pages, as a person sees them in Chromium."""

from __future__ import annotations

import html

import pytest
import requests

from feedsvc.demo import make_server
from feedsvc.render import assets
from tests.browser.conftest import Browser, Served
from tests.conftest import until
from tests.servers import ScriptedServer

PAGE = """<!doctype html><html lang="id"><head><meta charset="utf-8"><title>Situs lain</title>
<link rel="icon" href="data:,">
<script src="{base}/embed-{number}.js" integrity="{integrity}" crossorigin="anonymous" async></script></head>
<body><h1>Situs lain</h1>{body}</body></html>"""


def element(base: str, slug: str, **attributes: str) -> str:
    more = "".join(f' {name}="{html.escape(value)}"' for name, value in attributes.items())
    return (
        f'<feedsvc-headlines src="{base}/feeds/{slug}.json" count="4"{more}>'
        f'<a href="{base}/feeds/{slug}">cadangan</a></feedsvc-headlines>'
    )


def show(foreign: ScriptedServer, served: Served, body: str, *, stream: bool = True, path: str = "/") -> str:
    """Put a page with the elements on the other site, under a policy that allows nothing inline."""
    number = assets.newest()
    page = PAGE.format(base=served.base, number=number, integrity=assets.integrity(number), body=body)
    connect = f"{served.base} {served.stream}" if stream else served.base
    foreign.page(
        path,
        page.encode(),
        Content_Security_Policy=(
            f"default-src 'none'; script-src {served.base}; connect-src {connect}; img-src * data:; "
            f"frame-src {served.base} 'self'"
        ),
    )
    return foreign.url(path)


def test_three_elements_under_a_strict_policy_share_one_stream(
    browser: Browser, served: Served, foreign: ScriptedServer
) -> None:
    slugs = ("politik", "english", "populer")
    before = served.open_streams()
    browser.open(show(foreign, served, "".join(element(served.base, slug, live="") for slug in slugs)))
    for place, slug in enumerate(slugs):
        until(lambda place=place, slug=slug: browser.shown(place) == served.titles(slug, 4))  # type: ignore[misc]
    until(lambda: served.open_streams() == before + 1)
    assert browser.complaints() == []
    styled = browser.run(
        "return getComputedStyle(document.querySelector('feedsvc-headlines').shadowRoot.querySelector('li'))"
        ".display"
    )
    assert styled == "flex"
    fallback = browser.run(
        "return document.querySelector('feedsvc-headlines').shadowRoot.querySelector('slot')"
    )
    assert fallback is None

    headline = served.news()
    until(lambda: browser.shown(0)[:1] == [headline])
    said = browser.run(
        "return document.querySelector('feedsvc-headlines').shadowRoot.querySelector('[role=status]')"
        ".textContent"
    )
    assert headline in said
    browser.open("about:blank")
    until(lambda: served.open_streams() == before)


def test_without_a_stream_new_headlines_are_polled_for(
    browser: Browser, served: Served, foreign: ScriptedServer
) -> None:
    browser.open(show(foreign, served, element(served.base, "politik", live="5"), stream=False))
    until(lambda: browser.shown() == served.titles("politik", 4))
    headline = served.news()
    until(lambda: browser.shown()[:1] == [headline])


def test_a_page_in_the_background_asks_for_nothing(
    browser: Browser, served: Served, foreign: ScriptedServer
) -> None:
    before = served.open_streams()
    browser.open(show(foreign, served, element(served.base, "politik", live="")))
    until(lambda: served.open_streams() == before + 1)
    browser.run(
        "Object.defineProperty(document, 'hidden', {value: true, configurable: true});"
        "document.dispatchEvent(new Event('visibilitychange'))"
    )
    until(lambda: served.open_streams() == before)
    headline = served.news()
    assert headline not in browser.shown()
    browser.run("delete document.hidden; document.dispatchEvent(new Event('visibilitychange'))")
    until(lambda: browser.shown()[:1] == [headline])
    until(lambda: served.open_streams() == before + 1)


def test_the_last_list_is_kept_without_network(
    browser: Browser, served: Served, foreign: ScriptedServer
) -> None:
    url = show(foreign, served, element(served.base, "politik"))
    browser.open(url)
    until(lambda: len(browser.shown()) == 4)
    shown = browser.shown()
    browser.cdp("Network.enable")
    browser.cdp("Network.setBlockedURLs", urls=["*/feeds/*"])
    browser.cdp("Network.clearBrowserCache")
    browser.open(url)
    until(lambda: browser.shown() == shown)


def test_without_network_and_memory_the_fallback_stays(
    browser: Browser, served: Served, foreign: ScriptedServer
) -> None:
    browser.cdp("Network.enable")
    browser.cdp("Network.setBlockedURLs", urls=["*/feeds/*"])
    browser.open(show(foreign, served, element(served.base, "english")))
    until(lambda: browser.run("return Boolean(customElements.get('feedsvc-headlines'))"))
    assert browser.run("return document.querySelector('feedsvc-headlines a').checkVisibility()")


def test_storage_may_be_denied(browser: Browser, served: Served, foreign: ScriptedServer) -> None:
    show(foreign, served, element(served.base, "politik"), path="/inner")
    foreign.page(
        "/", b'<!doctype html><title>x</title><iframe src="/inner" sandbox="allow-scripts"></iframe>'
    )
    browser.open(foreign.url("/"))
    browser.driver.switch_to.frame(0)
    until(lambda: browser.shown() == served.titles("politik", 4))
    assert (
        browser.run("try { localStorage.x; return 'there' } catch (error) { return error.name }")
        == "SecurityError"
    )
    browser.driver.switch_to.default_content()


def test_hostile_feeds_become_text(browser: Browser, served: Served, foreign: ScriptedServer) -> None:
    feed = (
        '{"version": "https://jsonfeed.org/version/1.1", "items": ['
        '{"id": "1", "url": "https://news.example/1", "title": "<img src=x onerror=alert(1)>"},'
        '{"id": "2", "url": "javascript:alert(2)", "title": "Skrip"},'
        '{"id": "3", "url": "https://news.example/3", "title": "خبر عاجل", "date_published": "kemarin",'
        ' "image": "javascript:alert(3)"}, null, 7, {"id": "4"}]}'
    ).encode()
    foreign.page("/feed.json", feed, Content_Type="application/json", Access_Control_Allow_Origin="*")
    body = '<feedsvc-headlines src="/feed.json" images></feedsvc-headlines>'
    number = assets.newest()
    page = PAGE.format(base=served.base, number=number, integrity=assets.integrity(number), body=body)
    foreign.page("/", page.encode())
    browser.open(foreign.url("/"))
    until(lambda: browser.shown() == ["<img src=x onerror=alert(1)>", "خبر عاجل"])
    root = "document.querySelector('feedsvc-headlines').shadowRoot"
    assert browser.run(f"return {root}.querySelectorAll('img, time').length") == 0
    direction = browser.run(f"return getComputedStyle({root}.querySelectorAll('li')[1]).direction")
    assert direction == "rtl"


def test_attributes_change_what_is_shown(browser: Browser, served: Served, foreign: ScriptedServer) -> None:
    browser.open(show(foreign, served, element(served.base, "politik", timezone="Asia/Jakarta")))
    until(lambda: len(browser.shown()) == 4)
    one = "document.querySelector('feedsvc-headlines')"
    assert browser.run(f"return {one}.shadowRoot.querySelector('time').textContent").endswith("WIB")
    browser.run(f"{one}.setAttribute('count', 2); {one}.setAttribute('notime', '')")
    until(lambda: len(browser.shown()) == 2)
    assert browser.run(f"return {one}.shadowRoot.querySelector('time')") is None
    browser.run(f"{one}.src = ''; {one}.setAttribute('src', '{served.base}/feeds/english.json')")
    until(lambda: browser.shown() == served.titles("english", 2))


@pytest.mark.parametrize("number", sorted(assets.scripts()))
def test_every_script_that_was_released_still_works(
    browser: Browser, served: Served, foreign: ScriptedServer, number: int
) -> None:
    page = PAGE.format(
        base=served.base,
        number=number,
        integrity=assets.integrity(number),
        body=element(served.base, "politik"),
    )
    foreign.page("/", page.encode())
    browser.open(foreign.url("/"))
    until(lambda: browser.shown() == served.titles("politik", 4))


def test_the_frame_shows_the_list(browser: Browser, served: Served, foreign: ScriptedServer) -> None:
    query = "count=3&amp;images=1&amp;accent=06c"
    frame = f'<iframe src="{served.base}/embed/politik?{query}" title="Politik"></iframe>'
    browser.open(show(foreign, served, frame))
    browser.driver.switch_to.frame(0)
    titles = browser.run("return [...document.querySelectorAll('li a')].map(a => a.textContent)")
    assert titles == served.titles("politik", 3)
    assert browser.run("return getComputedStyle(document.querySelector('rect')).fill") == "rgb(0, 102, 204)"
    assert browser.run("return document.scripts.length") == 0
    assert browser.run("return document.querySelector('time').textContent").endswith("WIB")
    browser.driver.switch_to.default_content()
    assert browser.complaints() == []


def test_the_demo_newsroom_shows_what_the_service_says(browser: Browser, served: Served) -> None:
    with make_server(clock=served.clock, feeds=served.base) as newsroom:
        page = requests.get(newsroom.url, timeout=10).text
        assert f'type="application/feed+json" title="Kabar Merawan (feedsvc)" href="{served.base}/' in page
        browser.open(f"{newsroom.url}/politik")
        until(lambda: browser.shown() == served.titles("latest", 5))
        headline = served.news()
        until(lambda: headline in browser.shown())
        browser.open("about:blank")
