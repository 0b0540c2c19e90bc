"""Sections and boxes → the lists that have feeds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from feedsvc.config.models import BoxConfig, FileConfig, ListConfig
from feedsvc.model import ListKind, ListSpec

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
                aliases=tuple(entry.aliases),
                retired=entry.retired,
            )
        )
    return (*specs, *_newcomers(specs))


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
