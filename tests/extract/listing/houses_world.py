"""List pages by hand, as blogs, offices, agencies and universities of many countries write them."""

from __future__ import annotations

from tests.extract.listing.houses import BASE, Shown, stories, written


def japanese_dl() -> Shown:
    """A town's page: dt with the date and a mark, dd with the link."""
    main = stories("ja", "/soshiki/{n}.html")
    html = f"""<div id=header><a href=/>ルアン町</a><ul><li><a href="/kurashi/">くらし</a></li><li><a href="/kanko/">観光</a></li></ul></div><div id=main><h2>新着情報</h2><dl>{written('<dt>%(d)s<img src="/i/new.gif" alt="新着"></dt><dd><a href="%(u)s">%(t)s</a></dd>', main)}</dl><p><a href="/rss.xml">RSS</a> <a href="/news/archive.html">過去の一覧</a></p></div>"""
    return Shown("japanese-dl", "ja", f"{BASE}/news/", html, main)


def german_press() -> Shown:
    """A company's press room: accordions of filters, a card with 'more' and a download beside."""
    main = stories("de", "/presse/mitteilungen/{slug}")
    item = """<article><div><span>%(d)s</span><span>Pressemitteilung</span></div><h3>%(t)s</h3><p>%(s)s</p><p><a href="%(u)s">Mehr erfahren</a> <a href="/dl/%(i)s.pdf">PDF herunterladen</a></p></article>"""
    html = f"""<header><a href=/>Werk</a><nav><a href="/produkte">Produkte</a><a href="/karriere">Karriere</a><a href="/presse">Presse</a></nav></header><main><h1>Pressemitteilungen</h1><div><button>Jahr</button><label>2025</label><label>2024</label></div>{written(item, main)}<a href="/presse/mitteilungen?seite=2">Weitere laden</a></main><aside><h2>Pressekontakt</h2><p>Eva Sommer</p><a href="mailto:presse@werk.example">E-Mail</a></aside>"""
    return Shown("german-press", "de", f"{BASE}/presse/mitteilungen", html, main)


WORLD = (german_press, japanese_dl)
