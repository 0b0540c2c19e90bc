# ruff: noqa: E501 - markup reads better whole
"""What stands around a page's list: menus, dialogs, side boxes, pagers, footers."""

from __future__ import annotations

from babel.dates import format_datetime

from tests.extract.listing.layouts import NOW
from tests.extract.listing.pens import NAMES, Drawn, Pen, link, slugged


def mega_menu(p: Pen, d: Drawn) -> str:
    """A menu that previews articles of every section, with pictures and days."""
    panels = []
    for name in p.tongue.sections.split():
        cards = "".join(
            f"<div{p.name('mega-item')}>{link(s, p.picture(s))}{p.title(link(s, s.title))}{p.when(s)}</div>"
            for s in p.stories(3, 5)
        )
        panels.append(f"<li><a href='/c/{slugged(name)}/'>{name}</a><div{p.name('panel')}>{cards}</div></li>")
    return p.part("nav", f"<ul>{''.join(panels)}</ul>", "main-menu")


def menu(p: Pen, d: Drawn) -> str:
    """A plain menu."""
    return p.part(
        "nav", "".join(f"<a href='/c/{slugged(n)}/'>{n}</a> " for n in p.tongue.sections.split()), "menu"
    )


def ticker(p: Pen, d: Drawn) -> str:
    """Headlines that run through a line."""
    its = p.stories(4, 6)
    return f"<div{p.name('ticker')}><span>{p.tongue.latest}</span><ul>{''.join(f'<li>{link(s, s.title)}</li>' for s in its)}</ul></div>"


def consent(p: Pen, d: Drawn) -> str:
    """A dialog about cookies, of many words."""
    text = "".join(f"<p>{p.tongue.words(p.random, 25, 40)}.</p>" for _ in range(6))
    return f"<div{p.name('consent')} {'role=dialog' if p.landmarks else ''}>{text}<button>OK</button> <a href='/privacy'>{p.tongue.words(p.random, 1, 2)}</a></div>"


def intro(p: Pen, d: Drawn) -> str:
    """What the section is about."""
    return "".join(f"<p>{p.tongue.words(p.random, 20, 40)}.</p>" for _ in range(2))


def most_read(p: Pen, d: Drawn) -> str:
    """The most read, numbered."""
    its = p.stories(5, 5)
    d.boxes[p.tongue.popular] = its
    rows = "".join(f"<li><span>{n}</span> {link(s, s.title)}</li>" for n, s in enumerate(its, 1))
    return p.part("aside", f"{p.head(p.tongue.popular)}<ol>{rows}</ol>", "aside")


def side_cards(p: Pen, d: Drawn) -> str:
    """A side box of small cards with pictures and days."""
    its = p.stories(4, 6)
    d.boxes[p.tongue.popular + " 2"] = its
    cards = "".join(
        f"<div{p.name('small')}>{link(s, p.picture(s))}<div>{link(s, s.title)}</div>{p.when(s)}</div>"
        for s in its
    )
    return p.part("aside", f"{p.head(p.tongue.popular + ' 2')}{cards}", "aside")


def footer(p: Pen, d: Drawn) -> str:
    """Columns of links and a long line about the house."""
    columns = ""
    for _ in range(3):
        words = p.random.sample(p.tongue.vocabulary.split(), 5)
        rows = "".join(f"<li><a href=/p/{slugged(word)}>{word}</a></li>" for word in words)
        columns += f"<div><div>{p.tongue.words(p.random, 1, 2)}</div><ul>{rows}</ul></div>"
    return p.part("footer", f"{columns}<p>{p.tongue.words(p.random, 30, 60)}.</p>", "footer")


def pager(p: Pen, d: Drawn) -> str:
    """Numbers of pages."""
    numbers = "".join(f"<a href='{d.url}?page={n}'>{n}</a> " for n in (2, 3, 4))
    return f"<div{p.name('pages')}>{numbers}</div>"


def authors(p: Pen, d: Drawn) -> str:
    """A strip of authors with portraits."""
    people = "".join(f"<a href='/by/{slugged(n)}'><img src=/a.png><b>{n}</b></a>" for n in NAMES)
    return f"<div>{people}</div>"


def topics(p: Pen, d: Drawn) -> str:
    """Keywords in a row."""
    words = p.random.sample(p.tongue.vocabulary.split(), 8)
    links = "".join(f"<a href='/topic/{slugged(word)}'>{word}</a> " for word in words)
    return f"<div{p.name('topics')}>{links}</div>"


def newsletter(p: Pen, d: Drawn) -> str:
    """A form with a heading."""
    return f"<form>{p.head(p.tongue.words(p.random, 2, 4))}<p>{p.tongue.words(p.random, 8, 14)}.</p><input type=email><button>OK</button></form>"


def months(p: Pen, d: Drawn) -> str:
    """An archive of months."""
    names = [(NOW.replace(month=m), m) for m in range(1, 13)]
    said = ((format_datetime(t, "MMMM", locale=p.tongue.code), m) for t, m in names)
    return "<ul>" + "".join(f"<li><a href='/2025/{m:02}/'>{name} 2025</a></li>" for name, m in said) + "</ul>"


def slider(p: Pen, d: Drawn) -> str:
    """A carousel of big pictures with headlines."""
    its = p.stories(3, 5)
    d.extra |= {s.url for s in its}
    cell = p.name("carousel-cell")
    cells = "".join(f"<div{cell}>{link(s, p.picture(s) + '<div>' + s.title + '</div>')}</div>" for s in its)
    return f"<div{p.name('carousel')}>{cells}</div>"


def hero(p: Pen, d: Drawn) -> str:
    """One big card."""
    s = p.story()
    d.extra.add(s.url)
    return f"<div{p.name('hero')}>{link(s, p.picture(s))}{p.title(link(s, s.title))}<p>{s.summary}</p>{p.when(s)}</div>"


def partners(p: Pen, d: Drawn) -> str:
    """Links to other sites."""
    head = p.head(p.tongue.words(p.random, 1, 2))
    links = (f"<a href='https://site{n}.example/'>{p.tongue.words(p.random, 3, 5)}</a><br>" for n in range(5))
    return f"<div>{head}{''.join(links)}</div>"


def comments(p: Pen, d: Drawn) -> str:
    """The latest comments."""
    its = p.stories(4, 5)
    rows = "".join(f"<li>{p.random.choice(NAMES)}: {link(s, s.title)}</li>" for s in its)
    return p.part("aside", f"{p.head(p.tongue.more)}<ul>{rows}</ul>", "aside")


ABOVE = {f.__name__: f for f in (mega_menu, ticker, consent, intro, topics, slider, hero, newsletter)}
BESIDE = {f.__name__: f for f in (most_read, side_cards, partners, comments, months)}
BELOW = {f.__name__: f for f in (pager, authors, topics, newsletter, most_read, consent, intro)}
