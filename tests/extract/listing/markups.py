# ruff: noqa: E501 - markup reads better whole
"""Cards of entries, in the markups that sites write them in, and the containers that hold them."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from babel.dates import format_datetime

from tests.extract.listing.layouts import Story
from tests.extract.listing.pens import Pen, link, slugged

Card = Callable[[Pen, Story], str]


def heading_card(p: Pen, s: Story) -> str:
    """Picture link, linked headline, day, summary."""
    shot = link(s, p.picture(s)) if p.pictured else ""
    return f"<div{p.name('item')}>{shot}{p.title(link(s, s.title))}{p.when(s)}<p>{s.summary}</p></div>"


def dated_line(p: Pen, s: Story) -> str:
    """A list's line: the day, then the headline."""
    return f"<li>{p.when(s)} {link(s, s.title)}</li>"


def line_dated(p: Pen, s: Story) -> str:
    """A list's line: the headline, then the day."""
    return f"<li>{link(s, s.title)} {p.when(s, 'small')}</li>"


def all_linked(p: Pen, s: Story) -> str:
    """Everything in one link, in divs."""
    inner = f"{p.picture(s)}<div>{p.title(s.title)}<div>{s.summary}</div>{p.when(s, 'div')}</div>"
    return f"<div{p.name('item')}>{link(s, inner)}</div>"


def all_linked_spans(p: Pen, s: Story) -> str:
    """Everything in one link, in spans: section, headline, day."""
    inner = f"<span>{s.kicker}</span><span>{s.title}</span>{p.when(s)}"
    return f"<li{p.name('item')}>{link(s, inner)}</li>"


def kicker_link(p: Pen, s: Story) -> str:
    """The section's own link above the headline."""
    return (
        f"<div{p.name('item')}><a href='/c/{slugged(s.kicker)}/'>{s.kicker}</a>{p.title(link(s, s.title))}"
        f"<div>{s.author} · {p.when(s)}</div></div>"
    )


def table_download(p: Pen, s: Story) -> str:
    """A table's row; the link says "more" only."""
    return f"<tr><td>{p.date(s)}</td><td>{s.title}</td><td>{link(s, p.tongue.more)}</td></tr>"


def table_linked(p: Pen, s: Story) -> str:
    """A table's row: number, headline, section, day."""
    return (
        f"<tr><td>{p.count % 97}</td><td>{link(s, s.title)}</td><td>{s.kicker}</td><td>{p.date(s)}</td></tr>"
    )


def term(p: Pen, s: Story) -> str:
    """A term with its details."""
    return f"<dt>{link(s, s.title)}</dt><dd>{p.when(s)}</dd><dd>{s.summary}</dd>"


def details(p: Pen, s: Story) -> str:
    """A day, then the headline as its details."""
    return f"<dt>{p.date(s) or s.kicker}</dt><dd>{link(s, s.title)}</dd>"


def stretched(p: Pen, s: Story) -> str:
    """An empty link over the card."""
    return f"<div{p.name('item')}>{link(s, '', ' tabindex=-1')}{p.picture(s)}{p.title(s.title)}<p>{s.summary}</p>{p.when(s)}</div>"


def labelled(p: Pen, s: Story) -> str:
    """A link labelled by the headline's id."""
    mark = f"t{sum(map(ord, s.url)) % 99991}-{p.count % 7}-{len(s.title)}"
    return f"<div{p.name('item')}>{link(s, p.tongue.more, f' aria-labelledby={mark}')}<div id={mark}>{s.title}</div><p>{s.summary}</p>{p.when(s)}</div>"


def picture_label(p: Pen, s: Story) -> str:
    """A picture's link that only attributes name."""
    inner = f"<img src=/x.jpg alt='{escape(s.title, quote=True)}'>"
    return f"<div{p.name('item')}>{link(s, inner)}{p.when(s)}</div>"


def related_below(p: Pen, s: Story) -> str:
    """A card with two more headlines below its own."""
    more = "".join(f"<li>{link(t, t.title)}</li>" for t in (p.story(), p.story()))
    return f"<article{p.name('item')}>{p.title(link(s, s.title))}{p.when(s)}<p>{s.summary}</p><ul{p.name('more-on-this')}>{more}</ul></article>"


def tags_below(p: Pen, s: Story) -> str:
    """A card with keywords, author and counter as links."""
    tags = " ".join(
        f"<a href='/tag/{slugged(t)}/'>{t}</a>" for t in p.random.sample(p.tongue.vocabulary.split(), 3)
    )
    return (
        f"<div{p.name('item')}>{p.title(link(s, s.title))}<a href='/by/{slugged(s.author)}'>{s.author}</a> {p.when(s)}"
        f"<p>{s.summary} {link(s, p.tongue.more)}</p>{tags} <a href='{s.url}#comments'>{p.count % 40}</a></div>"
    )


def cut(p: Pen, s: Story) -> str:
    """A headline that is cut, whole in its attribute."""
    short = s.title[: max(8, len(s.title) * 3 // 5)].rstrip() + "…"
    whole = f" title='{escape(s.title, quote=True)}'"
    return f"<li{p.name('item')}>{link(s, short, whole)} {p.when(s)}</li>"


def day_badge(p: Pen, s: Story) -> str:
    """Day and month in boxes of their own."""
    badge = (
        f"<div><b>{s.at.day}</b><span>{format_datetime(s.at, 'MMM', locale=p.tongue.code)}</span><i>{s.at.year}</i></div>"
        if p.dated
        else ""
    )
    return f"<div{p.name('item')}>{badge}<div>{p.title(link(s, s.title))}<p>{s.summary}</p></div></div>"


def paragraph(p: Pen, s: Story) -> str:
    """A paragraph: headline, line break, day."""
    return f"<p>{link(s, s.title)}<br><small>{p.date(s)}</small></p>"


def flat(p: Pen, s: Story) -> str:
    """Headline, day and summary side by side, in no element of their own."""
    return f"<h4>{link(s, s.title)}</h4>{p.when(s, 'div')}<p>{s.summary}</p>"


def breaks(p: Pen, s: Story) -> str:
    """Lines parted by line breaks."""
    return f"{p.date(s)} {link(s, s.title)}<br>"


def figure(p: Pen, s: Story) -> str:
    """A figure with the headline in its caption."""
    return f"<figure>{link(s, p.picture(s) or '<i></i>')}<figcaption>{link(s, s.title)}{p.when(s)}</figcaption></figure>"


def bold(p: Pen, s: Story) -> str:
    """A bold headline in a div, the text beneath, "more" at the end."""
    return f"<div><b>{link(s, s.title)}</b><div>{p.date(s)}</div><div>{s.summary} {link(s, p.tongue.more)}</div></div>"


def linked_twice(p: Pen, s: Story) -> str:
    """Headline and summary are two links."""
    return f"<div{p.name('item')}><div>{link(s, s.title)}</div><div>{link(s, s.summary)}</div>{p.when(s, 'div')}</div>"


def shared(p: Pen, s: Story) -> str:
    """A card with buttons that share it."""
    buttons = "".join(
        f"<a href='https://{to}.example/share?u={s.url}'>{to}</a>" for to in ("post", "chat", "mail")
    )
    return f"<div{p.name('item')}>{p.title(link(s, s.title))}<p>{s.summary}</p>{p.when(s)}<div>{buttons}</div></div>"


CARDS: dict[str, tuple[str, Card]] = {
    each.__name__: (tag, each)
    for tag, each in (
        ("div", heading_card), ("ul", dated_line), ("ul", line_dated), ("div", all_linked), ("ul", all_linked_spans),
        ("div", kicker_link), ("table", table_download), ("table", table_linked), ("dl", term), ("dl", details),
        ("div", stretched), ("div", labelled), ("div", picture_label), ("div", related_below), ("div", tags_below), ("ul", cut),
        ("div", day_badge), ("div", paragraph), ("div", flat), ("p", breaks), ("div", figure), ("div", bold),
        ("div", linked_twice), ("div", shared), ("ol", line_dated), ("section", heading_card),
    )
}  # fmt: skip
_ONE_COLUMN = ("ul", "ol", "table", "dl", "p")


def contained(p: Pen, stories: list[Story], name: str, shape: str) -> str:
    """The cards of a list in their container: `one`, in `rows` or in `columns`."""
    tag, card = CARDS[name]
    cards = [card(p, story) for story in stories]
    if tag in _ONE_COLUMN or shape == "one":
        inner = "".join(cards)
        return (
            f"<table><tbody>{inner}</tbody></table>"
            if tag == "table"
            else f"<{tag}{p.name('list')}>{inner}</{tag}>"
        )
    size = p.random.choice([2, 3, 4]) if shape == "rows" else -(-len(cards) // 2)
    groups = ["".join(cards[at : at + size]) for at in range(0, len(cards), size)]
    rows = "".join(f"<div{p.name('row')}>{each}</div>" for each in groups)
    return f"<div{p.name('list')}>{rows}</div>"
