"""How sure the reader is of a list."""

from __future__ import annotations

from datetime import UTC, datetime

from feedsvc.extract import listing
from feedsvc.model import FoundList

NOW = datetime(2026, 3, 14, 12, tzinfo=UTC)
STEMS = ["Coal barge", "Night mail", "Glass dome", "Stone lion", "Tin whistle", "Paper moon"]


def item(n: int, stem: str, *, rich: bool) -> str:
    link = f"<a href=/tales/{n}-{stem.lower().replace(' ', '-')}-is-back>{stem} is back on the old square</a>"
    return f"<li><h3>{link}</h3><i>{n + 1} March 2026</i></li>" if rich else f"<li>{link}</li>"


def rows(stems: list[str], *, rich: bool = True) -> str:
    return f"<ul>{''.join(item(n, stem, rich=rich) for n, stem in enumerate(stems))}</ul>"


def lists(body: str) -> tuple[FoundList, ...]:
    return listing.read(f"<html lang=en><body>{body}", url="https://square.example/tales/", now=NOW).lists


def test_a_rich_list_alone_is_sure() -> None:
    assert lists(f"<main><h1>Tales</h1>{rows(STEMS)}</main>")[0].confidence >= 0.95


def test_each_doubt_takes_from_it() -> None:
    rich = lists(f"<main><h1>Tales</h1>{rows(STEMS)}</main>")[0]
    bare = lists(f"<main><h1>Tales</h1>{rows(STEMS, rich=False)}</main>")[0]
    few = lists(f"<main><h1>Tales</h1>{rows(STEMS[:3])}</main>")[0]
    both = lists(f"<main><h1>Tales</h1>{rows(STEMS[:3], rich=False)}</main>")[0]
    assert both.confidence < min(few.confidence, bare.confidence)
    assert max(few.confidence, bare.confidence) < 0.9 < rich.confidence


def test_a_rival_makes_the_main_list_doubtful() -> None:
    other = rows([f"{stem} again" for stem in STEMS])
    alone = lists(f"<div>{rows(STEMS)}</div>")[0]
    rivals = lists(f"<div><h2>Here</h2>{rows(STEMS)}</div><div><h2>There</h2>{other}</div>")
    assert rivals[0].role == "main"
    assert rivals[0].confidence < alone.confidence


def test_a_box_without_a_heading_is_less_sure() -> None:
    side = rows([f"{stem} again" for stem in STEMS])
    named, unnamed = (
        lists(f"<main><h1>Tales</h1>{rows(STEMS)}</main><aside>{heading}{side}</aside>")[1]
        for heading in ("<h3>Most read</h3>", "")
    )
    assert (named.role, unnamed.role) == ("box", "box")
    assert unnamed.confidence < named.confidence
