"""The newsroom's own feeds and its news sitemap: what feedsvc may read instead of pages."""

from __future__ import annotations

from datetime import datetime

from jinja2 import Environment

from feedsvc.demo.desks import CLAIM, DESKS, INDONESIAN, NAME, Desk
from feedsvc.demo.newsroom import Newsroom

IN_SECTION = 30
IN_ALL = 50
IN_SITEMAP = 500


class Feeds:
    """Renders the newsroom as XML."""

    def __init__(self, newsroom: Newsroom, env: Environment) -> None:
        self._newsroom = newsroom
        self._env = env

    def everything(self, base: str, now: datetime) -> str:
        """RSS of all Indonesian stories."""
        return self._env.get_template("rss.xml").render(
            title=NAME,
            about=CLAIM["id"],
            link="/",
            here="/rss",
            language="id",
            full=False,
            base=base,
            built=self._newsroom.changed(now),
            stories=self._newsroom.listing(now, *INDONESIAN, count=IN_ALL),
        )

    def desk(self, desk: Desk, base: str, now: datetime) -> str:
        """RSS of one section."""
        return self._env.get_template("rss.xml").render(
            title=f"{NAME} – {desk.title}",
            about=desk.about,
            link=desk.path,
            here=desk.feed,
            language=desk.language,
            full=desk.full_feed,
            base=base,
            built=self._newsroom.changed(now, desk),
            stories=self._newsroom.listing(now, desk, count=IN_SECTION),
        )

    def sitemap(self, base: str, now: datetime) -> str:
        """The newest stories of all desks, as search engines want them."""
        stories = self._newsroom.listing(now, *DESKS, count=IN_SITEMAP)
        return self._env.get_template("sitemap.xml").render(base=base, stories=stories)

    def robots(self, base: str) -> str:
        """Everything may be read."""
        return self._env.get_template("robots.txt").render(base=base)
