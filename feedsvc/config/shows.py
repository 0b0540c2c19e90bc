"""`podcast` of a section or taker → the show that its feed is."""

from __future__ import annotations

from collections.abc import Iterable

from feedsvc.config.list_models import PodcastConfig, SectionConfig, TakerConfig
from feedsvc.config.models import SiteConfig
from feedsvc.model import Access, Show


def section_show(entry: SectionConfig, site: SiteConfig) -> Show | None:
    """The show of a section; None where it is no podcast."""
    if not entry.podcast:
        return None
    contact, cover = entry.contact or site.contact, entry.logo or site.logo
    return _show(_table(entry.podcast), site, contact, cover, private=False)


def taker_show(entry: TakerConfig, sections: Iterable[SectionConfig], site: SiteConfig) -> Show | None:
    """The show of a taker's feed: with `podcast = true` as the first of its sections that is one says."""
    if not entry.podcast:
        return None
    private = entry.access is not Access.OPEN
    meant = [one for one in sections if one.podcast and (not entry.sections or one.slug in entry.sections)]
    like = meant[0] if meant else None
    given = like.podcast if entry.podcast is True and like is not None else entry.podcast
    contact = (like.contact if like is not None else "") or site.contact
    cover = entry.logo or (like.logo if like is not None else "") or site.logo
    table = _table(given)
    if given is not entry.podcast:  # another feed than the section's: it has a UUID of its own
        table = table.model_copy(update={"guid": None})
    return _show(table, site, contact, cover, private=private)


def _table(given: bool | PodcastConfig) -> PodcastConfig:
    return given if isinstance(given, PodcastConfig) else PodcastConfig()


def _show(given: PodcastConfig, site: SiteConfig, contact: str, cover: str, *, private: bool) -> Show:
    categories = [[part.strip() for part in one.partition(">")] for one in given.categories]
    return Show(
        author=given.author or site.title,
        owner=given.owner or contact,
        image=given.image or cover,
        categories=tuple((top, below) for top, _, below in categories),
        explicit=given.explicit,
        serial=given.type == "serial",
        guid=str(given.guid or ""),
        locked=given.locked or private,
        private=private,
    )
