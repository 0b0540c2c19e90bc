"""Article pages put together from the constructs of many themes, without any metadata.

A seed chooses each construct: where the date stands and how it is written, what the picture is made of, where
the boxes of other articles are, how the text is cut. No page is that of a real site.
"""

from __future__ import annotations

from dataclasses import dataclass

from tests.extract.article.construct_heads import Head

_NETS = "<a href=//n1.example/s>Net1</a> <a href=//n2.example/s>Net2</a>"
BASE = "https://kabar.example"


@dataclass(frozen=True)
class Page:
    """A page, and what a reader sees on it."""

    html: str
    url: str
    title: str
    published: str
    image: str
    author: str
    paragraphs: tuple[str, ...]  #: all of them belong to the text
    strange: tuple[str, ...]  #: none of this does
    choices: dict[str, str]


class _Maker(Head):
    # ── the text ──────────────────────────────────────────────────────────────────────────────────────

    def between(self) -> tuple[str, str]:
        """(markup, own text) of what stands in the middle of the text."""
        story = self.story
        link = f"<a href='/baca/91'>{story.others[5]}</a>"
        match self.pick(
            "between",
            "nothing",
            "nothing",
            "label",
            "strong",
            "card",
            "list",
            "advert",
            "quote",
            "share",
            "form",
        ):
            case "label":
                return f"<p>{story.also}: {link}</p>", ""
            case "strong":
                return f"<p><strong>{story.also}:</strong><br><strong>{link}</strong></p>", ""
            case "card":
                thumb = "<img src='/kecil/91.jpg'>"
                link = f"<a href='/baca/91'>{thumb}{story.others[5]}</a>"
                return f"<div{self.named()}><span>{story.also}</span>{link}</div>", ""
            case "list":
                items = "".join(f"<li><a href='/baca/{n}'>{story.others[n]}</a></li>" for n in (3, 4, 5))
                return f"<div{self.named()}><h4>{story.also}</h4><ul>{items}</ul></div>", ""
            case "advert":
                return (
                    f"<div{self.named()} id=gpt-1><small>{story.advert}</small><script>ad()</script></div>",
                    "",
                )
            case "quote":
                return f"<blockquote>{story.quote}</blockquote>", story.quote
            case "share":
                return (
                    f"<div>{story.share}: {_NETS}</div>",
                    "",
                )
            case "form":
                return "<form><p>Newsletter</p><input name=mail><button>OK</button></form>", ""
        return "", ""

    def text(self) -> tuple[str, tuple[str, ...]]:
        story = self.story
        middle, own = self.between()
        given = list(story.paragraphs)
        dateline = self.pick("dateline", "", "", f"{story.house}, Muara - ", f"<b>{story.house}</b> — ")
        first = [dateline + given[0], *given[1:]]
        halves = first[:3], first[3:]
        kind = self.pick(
            "text",
            "p",
            "p",
            "p spans",
            "br",
            "br br",
            "divs",
            "chunks",
            "unclosed",
            "td",
            "blank",
            "wrapped",
            "bare",
        )

        def joined(part: list[str], between: str) -> str:
            return between.join(part)

        match kind:
            case "br" | "br br" | "td":
                lines = "<br><br>" if kind != "br" else "<br>\n"
                inner = joined(halves[0], lines) + (middle or lines) + joined(halves[1], lines)
                if kind == "td":
                    return f"<table width=100%><tr><td>{inner}</td></tr></table>", (*given, own)
                return f"<div{self.named()}>{inner}</div>", (*given, own)
            case "bare":
                return "<br><br>" + joined(halves[0], "<br><br>") + (middle or "<br><br>") + joined(
                    halves[1], "<br><br>"
                ), (*given, own)
            case "divs":
                parts = [[f"<div>{each}</div>" for each in half] for half in halves]
            case "p spans":
                parts = [
                    [f'<p><span style="color:#333">{each}</span></p>' for each in half] for half in halves
                ]
            case "unclosed":
                parts = [[f"<p>{each}" for each in half] for half in halves]
            case "blank":
                parts = [[f"<p>{each}</p><p>&nbsp;</p>" for each in half] for half in halves]
            case "wrapped":
                parts = [[f"<div{self.named()}><p>{each}</p></div>" for each in half] for half in halves]
            case _:
                parts = [[f"<p>{each}</p>" for each in half] for half in halves]
        above, below = ("".join(half) for half in parts)
        if kind == "chunks":
            name = self.named()
            return f"<div{name}>{above}</div>{middle}<div{name}>{below}</div>", (*given, own)
        return f"<div{self.named()}>{above}{middle}{below}</div>", (*given, own)

    # ── what else stands there ────────────────────────────────────────────────────────────────────────

    def box(self, heading: str, first: int, count: int) -> str:
        story = self.story
        key = f"box{first}"
        over = self.pick(f"{key} heading", "h2", "h3", "h4", "p", "span", "div b")
        card = self.pick(f"{key} card", "li", "div", "article", "tr", "link", "flat")
        when = self.pick(f"{key} date", "above", "below", "in link", "none")
        thumb = self.pick(f"{key} thumb", "img", "lazy", "background", "none", "large")
        reporter = self.pick(f"{key} reporter", "no", "no", "yes")
        whole = self.pick(f"{key} linked", "title", "whole") == "whole"
        ranked = self.pick(f"{key} ranked", "no", "no", "yes") == "yes"
        cards = []
        for place in range(count):
            title = story.others[(first + place) % len(story.others)]
            date = story.other_dates[(first + place) % len(story.other_dates)]
            if reporter == "yes":
                date = f"{date} | {story.labels[0]}JOKO PRASETYO"
            image = {
                "img": f"<img src='/t/{place}.jpg'>",
                "lazy": f"<img src='/assets/spinner.gif' data-src='/t/{place}.jpg'>",
                "background": f"<div style=\"background-image:url('/t/{place}.jpg')\"></div>",
                "large": f"<img src='/t/{place}.jpg' width=640 height=360>",
            }.get(thumb, "")
            rank = f"<span>{place + 1}</span>" if ranked else ""
            shown = f"<p>{date}</p>" if when != "none" else ""
            href = f"'/baca/{first * 10 + place}-{title.lower().replace(' ', '-')}'"
            if whole or card == "link":
                inner = f"<a href={href}>{rank}{image}{shown if when == 'above' else ''}<div>{title}</div>"
                inner += f"{shown if when in ('below', 'in link') else ''}</a>"
            else:
                above = shown if when == "above" else ""
                inner = f"{rank}<a href={href}>{image}</a>{above}<a href={href}>{title}</a>"
                inner += shown if when in ("below", "in link") else ""
            match card:
                case "tr":
                    cards.append(f"<tr><td>{inner}</td></tr>")
                case "link" | "flat":
                    cards.append(inner)
                case _:
                    cards.append(f"<{card}{self.named()}>{inner}</{card}>")
        inner = "".join(cards)
        inner = f"<ul>{inner}</ul>" if card == "li" else f"<table>{inner}</table>" if card == "tr" else inner
        head = f"<div><b>{heading}</b></div>" if over == "div b" else f"<{over}>{heading}</{over}>"
        more = f"<a href='/index'>{story.more}</a>" if self.pick(f"{key} more", "yes", "no") == "yes" else ""
        return f"<div{self.named()}>{head}{inner}{more}</div>"

    def page(self) -> Page:
        story = self.story
        head, meta = self.headline(), self.meta()
        picture, image = self.picture()
        text, paragraphs = self.text()
        section = f"<a href='/{story.section.lower()}'>{story.section}</a>"
        crumbs = {
            "label": f"<h6>{section}</h6>",
            "trail": f"<div><a href='/'>{story.menu[0]}</a> › {section}</div>",
            "none": "",
        }[self.pick("crumbs", "label", "trail", "none")]
        order = self.pick("order", "chmp", "cmhp", "pchm", "cphm", "chpm", "hmpc", "pcmh")
        top = "".join({"c": crumbs, "h": head, "m": meta, "p": picture}[each] for each in order)
        share = f"<div{self.named()}>{story.share} {_NETS}</div>"
        shares = self.pick("share", "above", "below", "none")
        views = f"<span>{story.read}</span>" if self.pick("views", "no", "no", "yes") == "yes" else ""
        tags = self.pick("tags", "yes", "no")
        labels = f"<a href='/tag/a'>{story.menu[2]}</a> <a href='/tag/b'>{story.menu[3]}</a>"
        tagged = f"<div{self.named()}>{story.tags}: {labels}</div>" if tags == "yes" else ""
        below = self.box(story.also, 3, 3) if self.pick("below", "box", "none") == "box" else ""
        column = (
            top
            + (share if shares == "above" else "")
            + views
            + text
            + (share if shares == "below" else "")
            + tagged
            + below
        )
        wrap = self.pick("wrap", "div", "main", "article", "section", "td", "none")
        sides = self.box(story.most, 0, 5) + self.box(story.fresh, 2, 5)
        if wrap == "td":
            columns = f"<table><tr><td{self.named()}>{column}</td><td>{sides}</td></tr></table>"
            if self.pick("columns", "right", "left") == "left":
                columns = f"<table><tr><td>{sides}</td><td{self.named()}>{column}</td></tr></table>"
        else:
            body = f"<{wrap}{self.named()}>{column}</{wrap}>" if wrap != "none" else column
            aside = self.pick("side", "div", "div", "aside", "section")
            side = f"<{aside}{self.named()}>{sides}</{aside}>"
            columns = side + body if self.pick("columns", "right", "right", "left") == "left" else body + side
        menu = "".join(f"<li><a href='/{each.lower()}'>{each}</a></li>" for each in story.menu)
        bar = self.pick("bar", "header", "div")
        above = f"<{bar}><a href='/'><img src='/logo.png' alt='{story.house}'></a><ul>{menu}</ul></{bar}>"
        ticker = ""
        if self.pick("ticker", "no", "no", "yes") == "yes":
            ticker = (
                f"<div>{story.fresh}: "
                + "".join(f"<a href='/baca/{n}'>{t}</a> " for n, t in enumerate(story.others[:3]))
                + "</div>"
            )
        foot = f"<p>© 2026 {story.house}. {story.rights}</p><a href='/redaksi'>{story.house}</a>"
        foot = f"<div{self.named()}>{foot}</div>"
        only_house = () if self.choices["headline"] == "plain div" else ("house",)  # something has to tell it
        named = {
            "headline": story.title,
            "headline - house": f"{story.title} - {story.house}",
            "house | headline": f"{story.house} | {story.title}",
            "house": story.house,
        }[
            self.pick(
                "title", "headline", "headline - house", "headline - house", "house | headline", *only_house
            )
        ]
        language = f" lang={story.language}" if self.pick("lang", "yes", "yes", "no") == "yes" else ""
        html = (
            f"<!doctype html><html{language}><head><meta charset=utf-8><title>{named}</title></head>"
            f"<body>{above}{ticker}{columns}{foot}</body></html>"
        )
        return Page(
            html=html,
            url=f"{BASE}/read/2026/04/13/{700000 + self.seed}/museum-malam-hari",
            title=story.title,
            published=story.when,
            image=BASE + image,
            author="" if "unnamed" in self.choices else story.person,
            paragraphs=tuple(each for each in paragraphs if each),
            strange=(
                *story.others,
                *(date for date in story.other_dates),
                story.caption,
                story.title,
                self.line,
                story.read,
                story.rights,
                story.person,
                "JOKO PRASETYO",
                "Newsletter",
                f"{story.share} ",
            ),
            choices=self.choices,
        )


def page(seed: int) -> Page:
    """The page of a seed."""
    return _Maker(seed).page()
