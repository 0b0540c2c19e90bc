"""The pages that people see: home, sections, index, articles. Templates are in `templates/`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from feedsvc.demo import dateline
from feedsvc.demo.desks import CLAIM, DESKS, ENGLISH, INDONESIAN, NAME, Desk
from feedsvc.demo.dice import roll
from feedsvc.demo.metadata import head
from feedsvc.demo.newsroom import Newsroom, Story

PER_PAGE = 20
DEEPEST = 100  #: the last page of a list; older stories keep their addresses


@dataclass(frozen=True, slots=True)
class Box:
    """A list beside the main one."""

    kind: str
    heading: str
    stories: tuple[Story, ...]
    more: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A section's part of the home page."""

    desk: Desk
    stories: tuple[Story, ...]


@dataclass(frozen=True, slots=True)
class PageLink:
    """A numbered link below a list."""

    number: int
    path: str


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a list."""

    path: str
    number: int
    stories: tuple[Story, ...]
    has_more: bool

    def page(self, number: int) -> str:
        """The address of another page of it."""
        return self.path if number == 1 else f"{self.path}?page={number}"

    @property
    def previous(self) -> str:
        """The newer page, or ""."""
        return self.page(self.number - 1) if self.number > 1 else ""

    @property
    def next(self) -> str:
        """The older page, or ""."""
        return self.page(self.number + 1) if self.has_more else ""

    @property
    def pages(self) -> tuple[PageLink, ...]:
        """The pages around this one."""
        last = self.number + 3 if self.has_more else self.number
        numbers = range(max(1, self.number - 3), min(last, DEEPEST) + 1)
        return tuple(PageLink(number, self.page(number)) for number in numbers)


@dataclass(frozen=True, slots=True)
class Habit:
    """What an article page puts into and below its text; 0 means nowhere."""

    read_also_after: int
    box_after: int
    stray_alt: bool


def habit(story: Story) -> Habit:
    """Settled by the story alone, so that its page stays as it is."""
    chance = roll("habit", story.id)
    also, box = (2, 0, 0, 2)[chance % 4], (0, 3, 0, 4)[chance % 4]
    return Habit(also, box, stray_alt=chance // 4 % 3 == 0)


def environment() -> Environment:
    """Templates with everything escaped, XML too."""
    env = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    env.globals |= {"name": NAME, "desks": DESKS}
    env.filters |= {
        "stamp": dateline.stamp,
        "day": dateline.day,
        "rfc822": dateline.rfc822,
        "local_iso": dateline.local_iso,
        "body_html": body_html,
    }
    return env


def body_html(story: Story) -> str:
    """The text of a story as feeds carry it."""
    texts = (*story.body, story.note) if story.note else story.body
    return "".join(Markup("<p>{}</p>").format(text) for text in texts)


class Pages:
    """Renders the newsroom as HTML."""

    def __init__(self, newsroom: Newsroom, env: Environment, feeds: str = "") -> None:
        self._newsroom = newsroom
        self._service = feeds
        self._env = env

    def home(self, base: str, now: datetime) -> str:
        """Newest story, a block for each section, both boxes."""
        hero = next(self._newsroom.stories(now, *INDONESIAN), None)
        blocks = []
        for desk in INDONESIAN:
            stories = [story for story in self._newsroom.listing(now, desk, count=7) if story != hero]
            blocks.append(Block(desk, tuple(stories[:6])))
        return self._render("home.html", "id", now, base=base, hero=hero, blocks=blocks)

    def section(self, desk: Desk, number: int, base: str, now: datetime) -> str | None:
        """A section's page; None where there is no such page."""
        listing = self._listing(desk.path, number, (desk,), now)
        if listing is None:
            return None
        canonical = f"{base}/" if desk.lost_canonical else base + listing.page(number)
        return self._render(
            "section.html",
            desk.language,
            now,
            base=base,
            current=desk,
            heading=desk.title,
            about=desk.about,
            feed=desk.feed,
            listing=listing,
            canonical=canonical,
        )

    def index(self, number: int, base: str, now: datetime) -> str | None:
        """All Indonesian stories; None where there is no such page."""
        listing = self._listing("/indeks", number, INDONESIAN, now)
        if listing is None:
            return None
        return self._render(
            "section.html",
            "id",
            now,
            base=base,
            heading="Indeks Berita",
            about="Semua berita, yang terbaru lebih dulu.",
            feed="/rss",
            listing=listing,
            canonical=base + listing.page(number),
        )

    def article(self, story: Story, base: str, now: datetime) -> str:
        """A story's own page."""
        language = story.desk.language
        related = [self._newsroom.story(number, now) for number in story.related]
        return self._render(
            "article.html",
            language,
            now,
            current=story.desk,
            story=story,
            url=base + story.path,
            metadata=head(story, base),
            date_line=dateline.date_line(story.published, story.reporter, language),
            related=[other for other in related if other is not None and not other.gone],
            habit=habit(story),
        )

    def missing(self, now: datetime) -> str:
        """The page of a wrong address."""
        return self._message("Halaman tidak ditemukan", "Alamat ini tidak ada atau sudah tidak berlaku.", now)

    def withdrawn(self, now: datetime) -> str:
        """The page of a story that was taken out."""
        return self._message("Berita ditarik", "Redaksi menarik berita ini. / This story was withdrawn.", now)

    def login(self) -> str:
        """A page that asks for a password, as paywalls and strayed sessions send it with status 200."""
        return self._env.get_template("login.html").render()

    def _message(self, heading: str, text: str, now: datetime) -> str:
        return self._render("message.html", "id", now, heading=heading, text=text)

    def _render(self, template: str, language: str, now: datetime, **values: object) -> str:
        known = {
            "language": language,
            "claim": CLAIM[language],
            "today": dateline.day(now, language),
            "current": None,
            "boxes": self._boxes(language, now),
            "service": self._service,
        }
        return self._env.get_template(template).render(known | values)

    def _boxes(self, language: str, now: datetime) -> tuple[Box, ...]:
        if language == "en":
            return (
                Box("popular", "Most Read", self._newsroom.popular(now, *ENGLISH, count=5)),
                Box("update", "Latest", self._newsroom.listing(now, *ENGLISH, count=7), "/en/"),
            )
        return (
            Box("popular", "Populer", self._newsroom.popular(now)),
            Box("update", "UPDATE", self._newsroom.listing(now, *INDONESIAN, count=10), "/indeks"),
        )

    def _listing(self, path: str, number: int, desks: tuple[Desk, ...], now: datetime) -> Listing | None:
        if not 1 <= number <= DEEPEST:
            return None
        start = (number - 1) * PER_PAGE
        found = self._newsroom.listing(now, *desks, start=start, count=PER_PAGE + 1)
        if not found and number > 1:
            return None
        return Listing(path, number, found[:PER_PAGE], len(found) > PER_PAGE and number < DEEPEST)
