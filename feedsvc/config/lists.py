"""Sections and boxes → the lists that have feeds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from feedsvc.config.list_models import BoxConfig, ListConfig, SectionConfig, TakerConfig
from feedsvc.config.models import FileConfig
from feedsvc.config.rights import own_rights
from feedsvc.config.shows import section_show, taker_show
from feedsvc.model import ListKind, ListSpec, Taker, tag_keys
from feedsvc.urls import old_address

#: The word for "new" in the titles of the feeds beside ranked boxes.
NEW = {"id": "baru", "ms": "baharu", "nl": "nieuw", "de": "neu", "fr": "nouveaux", "es": "nuevos"}


def key_of(entry: ListConfig) -> str:
    """A list's identity: the first slug that it ever had."""
    return entry.was[0] if entry.was else entry.slug


def list_specs(parsed: FileConfig) -> tuple[ListSpec, ...]:
    """`latest`, every section and box, and beside each ranked box the one of its newcomers."""
    latest = ListSpec(
        key="latest",
        slug="latest",
        kind=ListKind.LATEST,
        title=parsed.site.title,
        description=parsed.site.description,
        language=parsed.site.language,
        combined=True,
        size=parsed.latest.size,
        content=parsed.latest.content,
        max_age=int(parsed.latest.max_age),
        merge_duplicates=parsed.latest.merge_duplicates,
    )
    specs = [latest]
    for entry in (*parsed.section, *parsed.box):
        box = entry if isinstance(entry, BoxConfig) else None
        specs.append(
            ListSpec(
                key=key_of(entry),
                slug=entry.slug,
                kind=ListKind.BOX if box else ListKind.SECTION,
                title=entry.title or entry.slug.replace("-", " ").title(),
                description=entry.description,
                ranked=box.ranked if box else False,
                size=entry.size,
                content=entry.content,
                language=entry.language or parsed.site.language,
                max_age=int(entry.max_age),
                merge_duplicates=entry.merge_duplicates and not (box and box.ranked),
                keep=int(entry.keep) if entry.keep else None,
                keep_count=entry.keep_count,
                position=len(specs),
                logo=entry.logo,
                icon=entry.icon,
                copyright=entry.copyright,
                contact=entry.contact,
                was=tuple(entry.was),
                aliases=tuple(map(old_address, entry.aliases)),
                retired=entry.retired,
                show=section_show(entry, parsed.site) if isinstance(entry, SectionConfig) else None,
                rights=own_rights(entry.rights, parsed.rights) if isinstance(entry, SectionConfig) else None,
            )
        )
    return (*specs, *_newcomers(specs))


def taker_specs(parsed: FileConfig) -> tuple[ListSpec, ...]:
    """The feeds of takers: apart from all other lists, as no page, catalogue or search names them."""
    sections = {slug: key_of(entry) for entry in parsed.section for slug in (entry.slug, *entry.was)}
    return tuple(_taker_spec(entry, parsed, sections) for entry in parsed.taker)


def _taker_spec(entry: TakerConfig, parsed: FileConfig, sections: Mapping[str, str]) -> ListSpec:
    until = None
    if entry.until is not None:  # its last day is a whole one where the newsroom is
        until = datetime.combine(entry.until + timedelta(days=1), time(), ZoneInfo(parsed.site.timezone))
    return ListSpec(
        key=f"for:{entry.slug}",
        slug=entry.slug,
        kind=ListKind.TAKER,
        title=entry.title or parsed.site.title,
        description=entry.description,
        size=entry.size,
        content=entry.content,
        language=entry.language or parsed.site.language,
        max_age=int(entry.max_age),
        of="latest",
        logo=entry.logo,
        copyright=entry.copyright,
        merge_duplicates=parsed.latest.merge_duplicates,
        show=taker_show(entry, parsed.section, parsed.site),
        rights=own_rights(entry.rights, parsed.rights),
        taker=Taker(
            profile=entry.profile,
            access=entry.access,
            sections=frozenset(sections[slug] for slug in entry.sections if slug in sections),
            not_sections=frozenset(sections[slug] for slug in entry.not_sections if slug in sections),
            tags=tag_keys(entry.tags),
            not_tags=tag_keys(entry.not_tags),
            hours=entry.hours or 0.0,
            until=until,
            guid=entry.guid,
            picture=entry.picture or 0,
            footer=entry.footer,
            tracking=entry.tracking,
            pictures_licensed=entry.pictures_licensed,
            dark_logo=entry.dark_logo,
            analytics=entry.analytics,
        ),
    )


def _newcomers(specs: Sequence[ListSpec]) -> list[ListSpec]:
    """Beside each ranked box `<slug>-new`, unless the slug is taken: each article once, when it enters."""
    taken = {name for spec in specs for name in (spec.slug, *spec.was)}
    made: list[ListSpec] = []
    for spec in specs:
        slug, key = f"{spec.slug}-new", f"{spec.key}-new"
        if spec.ranked and not spec.retired and not {slug, key} & taken and max(len(slug), len(key)) <= 64:
            made.append(
                replace(
                    spec,
                    key=key,
                    slug=slug,
                    title=f"{spec.title}: {NEW.get(spec.language.partition('-')[0], 'new')}",
                    ranked=False,
                    of=spec.key,
                    by_entry=True,
                    was=(),
                    aliases=(),
                    position=len(specs) + len(made),
                )
            )
    return made
