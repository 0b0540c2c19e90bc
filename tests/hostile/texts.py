"""What an upstream's articles say in the cases of group H, and what may be served of it."""

from __future__ import annotations

from html import escape
from typing import Any

import lxml.html

from tests.hostile.answers import item, rss
from tests.hostile.table import TABLE

SCHEMES = ("http:", "https:", "mailto:", "tel:", "#", "/")
#: Elements that foreign text must bring into no document.
ACTIVE = {
    *("script", "style", "iframe", "object", "embed", "form", "input", "meta", "base", "link", "template"),
    *("svg", "math", "frame", "frameset", "applet", "noscript", "button", "textarea"),
}
LINKS = (
    *("javascript:alert(1)", "vbscript:x", "data:text/html,x", "blob:https://news.example/1"),
    "java\tscript:alert(1)",
)


def encoded(text: str) -> str:
    return f"<content:encoded>{escape(text)}</content:encoded>"


def feed() -> bytes:
    """Every case of the group that is a text, as an item of one feed."""
    items = [
        item(name, f"Teks {name}", encoded(f"<p>Awal {name}.</p>{case['text']}"))
        for name, case in TABLE["H"].items()
        if "text" in case
    ]
    items.append(item("H16", escape(escape("<img src=x onerror=alert(1)> H16"))))
    items += [item(f"H17-{n}", f"Tautan {n}", link=escape(link)) for n, link in enumerate(LINKS)]
    items.append(item("H19", "Teks H19", encoded("<div>" * 20_000 + "dalam sekali")))
    items.append(item("H20", "Tutup ]]&gt; H20", encoded("<p>a ]]> b</p><p>]]&gt;</p>")))
    items.append(item("H21", "Larangan H21", encoded("<p>a\x0b\ufffeb</p>")).replace("H21", "H21\x02"))
    items.append(
        item("H22", "Baris&#13;&#10;X-Jahat: 1 H22", "<category>a&#13;&#10;Set-Cookie: b</category>")
    )
    return rss(*items)


def active(html: str, *, ours: bool = False) -> list[str]:
    """What in a piece of HTML could do something; of a page of ours its own scripts and styles are let be."""
    root = lxml.html.document_fromstring(html) if ours else lxml.html.fragment_fromstring(html, "div")
    found = []
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        if not ours and element.tag in ACTIVE:
            found.append(element.tag)
        if (
            ours
            and element.tag == "script"
            and not element.get("src")
            and "json" not in element.get("type", "")
        ):
            found.append("an inline script")
        for name, value in ((str(one), str(two)) for one, two in element.attrib.items()):
            if name.startswith("on") or (name == "style" and not ours) or name in ("srcdoc", "formaction"):
                found.append(f"{element.tag}[{name}]")
            if name in ("href", "src", "action", "xlink:href") and not _leads(value, ours=ours):
                found.append(f"{element.tag}[{name}={value[:60]}]")
    return found


def _leads(value: str, *, ours: bool) -> bool:
    plain = "".join(value.split()).lower()
    if ours:  # whose pages have links for readers (`feed:`) and an empty picture (`data:,`)
        return not plain.startswith(("javascript:", "vbscript:", "blob:", "data:text"))
    return plain.startswith(SCHEMES) or ":" not in plain


def by_case(items: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The entries of the feed by the last word of their headlines, which is the case."""
    return {one["title"].split()[-1]: one for one in items}
