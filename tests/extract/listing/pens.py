"""How one drawn page writes its entries and their parts: language, names of classes, headings, addresses."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta
from html import escape
from random import Random

from babel.dates import format_datetime

from tests.extract.listing.layouts import NOW, TONGUES, Story, Tongue

HOST = "https://shore.example"
NAMES = "Ina Berg,Tomas Vik,Lea Sund,Omar Field,Rita Salt,Jun Mori".split(",")
_UNSPACED = ("zh", "ja")


@dataclass
class Drawn:
    """A page, how it was drawn, and what is right for it."""

    html: str
    url: str
    main: list[Story]
    dated: bool
    boxes: dict[str, list[Story]] = field(default_factory=dict)
    parts: dict[str, str] = field(default_factory=dict)  #: what was drawn, by name
    extra: set[str] = field(default_factory=set)  #: addresses that may stand in the main list or not


class Pen:
    """Writes one page's parts in one habit."""

    def __init__(self, seed: int) -> None:
        self.random = random = Random(seed)
        self.tongue: Tongue = random.choice(TONGUES)
        self.naming = random.choice(["words", "hashed", "none"])
        self.level = random.choice(["h2", "h3", "h4", "h5", "div", "div"])  #: of titles
        self.landmarks = random.random() < 0.6
        self.dated = random.random() < 0.75
        self.pictured = random.random() < 0.6
        self.address = random.choice(["slug", "day", "number", "short"])
        self.count = random.randint(100, 9000)
        zones = {
            "zh": ["y-MM-dd", "y年M月d日 HH:mm"],
            "ja": ["y/MM/dd", "y年M月d日 HH:mm"],
            "en": ["d MMM y", "MMMM d, y", "y-MM-dd HH:mm"],
        }
        self.pattern = random.choice(zones.get(self.tongue.code, ["d MMMM y", "d MMM y, HH:mm", "dd.MM.y"]))
        self._names: dict[str, str] = {}

    # ── entries ──────────────────────────────────────────────────────────────────────────────────────

    def story(self, least: int = 4, most: int = 10) -> Story:
        """A new entry."""
        random, tongue = self.random, self.tongue
        self.count += random.randint(1, 9)
        title = tongue.words(random, least, most)
        slug = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-") if title.isascii() else f"n{self.count}"
        at = (NOW - timedelta(days=random.randint(0, 200), minutes=random.randint(0, 1400))).replace(second=0)
        path = {
            "slug": f"/{slug}/",
            "day": f"/{at:%Y/%m}/{slug}-{self.count}.html",
            "number": f"/news/{self.count}",
            "short": f"/?p={self.count}",
        }
        return Story(
            HOST + path[self.address],
            title,
            random.choice(tongue.sections.split()),
            random.choice(NAMES),
            tongue.words(random, 12, 30) + ".",
            at,
        )

    def stories(self, least: int, most: int) -> list[Story]:
        """Some entries, newest first."""
        found = [self.story() for _ in range(self.random.randint(least, most))]
        return sorted(found, key=lambda story: story.at, reverse=True)

    # ── habits ───────────────────────────────────────────────────────────────────────────────────────

    def name(self, name: str) -> str:
        """A class attribute, as this page writes them."""
        if self.naming == "none":
            return ""
        made = "".join(self.random.choice("bcdfghkmnprtvz") for _ in range(6))
        self._names.setdefault(name, name if self.naming == "words" else f"x{made}")
        return f" class='{self._names[name]}'"

    def part(self, tag: str, inner: str, name: str) -> str:
        """A part of the page: a landmark on pages that have them."""
        tag = tag if self.landmarks else "div"
        return f"<{tag}{self.name(name)}>{inner}</{tag}>"

    def title(self, inner: str) -> str:
        """A headline's element."""
        return f"<{self.level}{self.name('entry-title')}>{inner}</{self.level}>"

    def head(self, text: str) -> str:
        """The heading of a box."""
        tag = "div" if self.level == "div" else "h2"
        return f"<{tag}{self.name('box-head')}>{text}</{tag}>"

    def date(self, story: Story) -> str:
        """The day as text, or nothing on pages without."""
        return format_datetime(story.at, self.pattern, locale=self.tongue.code) if self.dated else ""

    def when(self, story: Story, tag: str = "span") -> str:
        """The day in an element."""
        return f"<{tag}{self.name('when')}>{self.date(story)}</{tag}>" if self.dated else ""

    def picture(self, story: Story, alt: str = "") -> str:
        """A picture, or nothing on pages without."""
        return (
            f"<img src='/up/{sum(map(ord, story.url)) % 9973}.jpg' alt='{escape(alt, quote=True)}'>"
            if self.pictured
            else ""
        )


def link(story: Story, inner: str, more: str = "") -> str:
    """A link to an entry."""
    return f"<a href='{story.url.removeprefix(HOST)}'{more}>{inner}</a>"


def slugged(text: str) -> str:
    """An address for a name."""
    return "".join(c.lower() if c.isascii() and c.isalpha() else chr(97 + ord(c) % 26) for c in text[:9])
