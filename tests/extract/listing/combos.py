# ruff: noqa: E501 - markup reads better whole
"""One set of entries in many markups and many surroundings: what is right stays the same, only the page changes.

`page(seed)` draws a markup of the card, a container, the furniture around it and a habit of naming (classes,
headings, landmarks), and says what the page's list is. `layouts` varies what newsrooms do; this varies
everything by itself, so that each reading that fails can be traced to one part.
"""

from __future__ import annotations

from tests.extract.listing.furniture import ABOVE, BELOW, BESIDE, footer, menu
from tests.extract.listing.markups import CARDS, contained
from tests.extract.listing.pens import HOST, Drawn, Pen, slugged


def page(seed: int) -> Drawn:
    """The page of a seed."""
    p = Pen(seed)
    random = p.random
    name, shape = random.choice(list(CARDS)), random.choice(["one", "one", "rows", "columns"])
    main = p.stories(*random.choice([(3, 5), (6, 12), (12, 25)]))
    url = f"{HOST}/{random.choice(['', 'c/' + slugged(p.tongue.sections) + '/', 'news/', 'blog'])}"
    d = Drawn("", url, main, p.dated)
    body = contained(p, main, name, shape)
    if random.random() < 0.5:
        body = p.head(p.tongue.latest) + body
    drawn = {"card": name, "shape": shape, "naming": p.naming, "level": p.level, "landmarks": str(p.landmarks), "dated": str(p.dated),
             "pictured": str(p.pictured), "address": p.address, "size": str(len(main)), "tongue": p.tongue.code}  # fmt: skip
    above = random.sample(list(ABOVE), random.choice([0, 1, 1, 2]))
    beside = random.sample(list(BESIDE), random.choice([0, 1, 1, 2]))
    below = random.sample(list(BELOW), random.choice([0, 1, 2]))
    head = (menu(p, d) if "mega_menu" not in above else "") + "".join(
        ABOVE[a](p, d) for a in above if a in ("mega_menu", "ticker", "consent")
    )
    inner = "".join(ABOVE[a](p, d) for a in above if a not in ("mega_menu", "ticker", "consent"))
    content = p.part("main", inner + body + "".join(BELOW[b](p, d) for b in below), "content")
    side = "".join(BESIDE[b](p, d) for b in beside)
    d.html = f"<html lang={p.tongue.code}><body>{p.part('header', head, 'top')}<div{p.name('wrap')}>{content}<div{p.name('side')}>{side}</div></div>{footer(p, d)}</body></html>"
    d.parts = drawn | {"above": "+".join(above), "beside": "+".join(beside), "below": "+".join(below)}
    return d
