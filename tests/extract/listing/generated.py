# ruff: noqa: E501 - markup reads better whole
"""Whole pages out of the parts in `layouts`: sections, front pages, indexes."""

from __future__ import annotations

from tests.extract.listing.layouts import (
    CARDS,
    RARE_CARDS,
    Maker,
    Story,
    Truth,
    bare_whole,
    kicked,
    line,
    media,
    overlay,
    ranked,
    whole,
)


def make(seed: int, *, rare: bool = False) -> Truth:
    """The page of a seed; `rare` with odder cards and more furniture."""
    maker = Maker(seed)
    maker.rare = rare
    return maker.random.choice([section, section, front])(maker)


def section(m: Maker) -> Truth:
    """A section: one list with its pager, boxes beside or before it."""
    random = m.random
    name = random.choice(m.sections)
    card = random.choice(RARE_CARDS if m.rare else CARDS)
    main = m.stories(random.randint(6, 24), name)
    body = m.heading(name) if random.random() < 0.6 else ""
    hero: list[Story] = []
    if random.random() < 0.3 and card is not line:
        hero = m.stories(1, name)
        body += f"<div{m.skin('hero-card')}>{media(m, hero[0])}</div>"
    body += m.list_of(main, card, adverts=0.15 if random.random() < 0.3 else 0.0)
    if random.random() < 0.6:
        body += pager(m, name)
    if m.rare:
        body = furniture(m) + body + comments(m)
    boxes = side_boxes(m)
    return _page(m, name, body, [*hero, *main], boxes, layout=f"section/{card.__name__}")


def front(m: Maker) -> Truth:
    """A front page: a hero and a block for each of several sections."""
    random = m.random
    hero = m.stories(random.randint(1, 4))
    body = f"<div{m.skin('hero-box')}>{''.join(whole(m, s) for s in hero)}</div>"
    union = list(hero)
    card = random.choice(RARE_CARDS if m.rare else [media, overlay, whole, kicked, bare_whole])
    for name in m.sections[: random.randint(4, 6)]:
        lead, rest = m.stories(1, name), m.stories(random.randint(3, 6), name)
        head = m.heading(f"<a href='/{len(name)}{name}/'>{name}</a>")
        style = random.random()
        inner = m.list_of([*lead, *rest], card) if style < 0.6 else media(m, lead[0]) + m.list_of(rest, line)
        body += f"<section{m.skin('block-section')}>{head}{inner}</section>"
        union += [*lead, *rest]
        if m.rare and random.random() < 0.3:
            body += furniture(m)
    truth = _page(m, "", body, union, side_boxes(m), layout=f"front/{card.__name__}")
    truth.is_union = True
    return truth


def side_boxes(m: Maker) -> list[tuple[str, list[Story], str]]:
    """Boxes beside the content: heading, articles, HTML."""
    random, boxes = m.random, []
    if random.random() < 0.8:
        top = m.stories(random.randint(5, 10))
        cards = "".join(ranked(m, s, n) for n, s in enumerate(top, 1))
        boxes.append((m.tongue.popular, top, f"{m.heading(m.tongue.popular)}<ol>{cards}</ol>"))
    if random.random() < 0.6:
        news = m.stories(random.randint(5, 25))
        boxes.append((m.tongue.latest, news, m.heading(m.tongue.latest) + m.list_of(news, line)))
    if m.rare and random.random() < 0.5:
        shown = m.stories(random.randint(4, 6))
        clones = [shown[-1], *shown, shown[0]]
        cards = "".join(f"<div{m.skin('slide-one')}>{media(m, s)}</div>" for s in clones)
        boxes.append(("", shown, f"<div{m.skin('slide-track')}>{cards}</div>"))
    return boxes


def furniture(m: Maker) -> str:
    """What stands among the lists of a page: search, newsletter, topics, follow links."""
    words = m.tongue.vocabulary.split()
    topics = "".join(f"<a href='/topik/{n}'>#{m.random.choice(words)}</a> " for n in range(6))
    form = "<form action=/news-letter><h3>Newsletter</h3><input name=mail><button>OK</button></form>"
    follow = "".join(f"<a href='https://{n}.example/kabar'>{n}</a>" for n in ("facebook", "x", "telegram"))
    return f"<div{m.skin('topic-row')}>{topics}</div>{form}<div{m.skin('follow-row')}>{follow}</div>"


def comments(m: Maker) -> str:
    """The newest comments, each with a link to its article."""
    shown = m.stories(4)
    items = "".join(
        f"<li>{s.author}: “{s.summary[:60]}” <a href='{s.url}#comment-{n}'>{s.at:%H:%M}</a></li>"
        for n, s in enumerate(shown)
    )
    return f"<div{m.skin('talk-box')}><ul>{items}</ul></div>"


def pager(m: Maker, name: str) -> str:
    """Links to the following pages."""
    links = "".join(f"<a href='/{name}?page={n}'>{n}</a> " for n in range(2, 6))
    return f"<div{m.skin('pages-nav')}><span>1</span> {links}<a href='/{name}?page=2'>{m.tongue.following}</a></div>"


def menu(m: Maker) -> str:
    """The site's menu, with previews of articles in some."""
    links = "".join(f"<li><a href='/{n}{name}/'>{name}</a></li>" for n, name in enumerate(m.sections))
    preview = ""
    if m.random.random() < 0.3:
        inner = "".join(f"<li>{m.link(s, s.title)}</li>" for s in m.stories(4))
        preview = f"<div{m.skin('menu-preview')}><ul>{inner}</ul></div>"
    tag = "nav" if m.landmarks else "div"
    return f"<{tag}{m.skin('site-menu')}><ul>{links}</ul>{preview}</{tag}>"


def _page(
    m: Maker,
    name: str,
    body: str,
    main: list[Story],
    boxes: list[tuple[str, list[Story], str]],
    *,
    layout: str,
) -> Truth:
    random = m.random
    side = "".join(f"<div{m.skin('side-widget')}>{text}</div>" for _, _, text in boxes)
    if random.random() < 0.4:
        tags = "".join(f"<a href='/tag/{w}'>{w}</a> " for w in m.tongue.vocabulary.split()[:15])
        side += f"<div{m.skin('side-tags')}>{tags}</div>"
    main_tag, side_tag, foot_tag = ("main", "aside", "footer") if m.landmarks else ("div", "div", "div")
    content = f"<{main_tag}{m.skin('content-area')}>{body}</{main_tag}>"
    beside = f"<{side_tag}{m.skin('right-column')}>{side}</{side_tag}>" if side else ""
    parts = [content, beside] if random.random() < 0.75 else [beside, content]
    wrapped = "".join(parts)
    for depth in range(random.randint(0, 5)):
        wrapped = f"<div{m.skin(f'wrap-{depth}')}>{wrapped}</div>"
    foot = "".join(
        f"<a href='/{word}'>{text}</a> "
        for word, text in (("about", "About us"), ("contact", "Contact"), ("privacy", "Privacy policy"))
    )
    text = (
        f"<!doctype html><html lang={m.tongue.code}><head><title>{name or 'Kabar'}</title></head><body>"
        f"<div{m.skin('site-top')}><a href='/'><img src=/logo.svg></a>{menu(m)}</div>{wrapped}"
        f"<{foot_tag}{m.skin('site-foot')}>{foot}</{foot_tag}></body></html>"
    )
    url = f"{m.host}/{name}" if name else f"{m.host}/"
    found = [(heading, stories) for heading, stories, _ in boxes]
    return Truth(url, text, main, found, dated=m.dated, layout=layout)
