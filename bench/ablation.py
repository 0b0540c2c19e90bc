"""What each rule of page reading is worth: it is switched off, and all pages are read again.

    python bench/ablation.py [--scorer FOLDER] [--only RULE,…] [--kind KIND] [--articles] NAME=CORPUS…

A corpus is a folder as the scorer (`score.py`, in FOLDER, default ../shared/score) reads it; the changed
copies of one that its `mutate.py` writes are corpora too. For each rule the figures that move by .001 or
more are printed, as the change that switching it off makes: a minus is what the rule is worth, a plus the
harm that it does. A rule that moves nothing anywhere should go. `--articles` counts article pages that are
taken for lists. Rules are replaced
within this process; nothing of the package knows of it. KIND is listing or article.
"""

from __future__ import annotations

import argparse
import gzip
import importlib
import importlib.util
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

from feedsvc.errors import ReadError
from feedsvc.extract import article, encoding, listing
from feedsvc.extract.article.body import drops
from feedsvc.extract.article.body.reading import ADDITIONS

SCORER = Path(__file__).resolve().parents[2] / "shared" / "score"
NEVER = re.compile(r"(?!)")
Figures = dict[str, float]


@dataclass(frozen=True)
class Rule:
    """One rule: what to put in the place of `package.module:attribute` to switch it off."""

    kind: str  #: listing | article
    place: str
    off: Any

    @contextmanager
    def switched_off(self) -> Iterator[None]:
        """The readers without the rule."""
        module, _, path = self.place.partition(":")
        owner: Any = importlib.import_module(f"feedsvc.extract.{module}")
        *outer, name = path.split(".")
        for each in outer:
            owner = getattr(owner, each)
        kept = vars(owner)[name]
        setattr(owner, name, self.off)
        try:
            yield
        finally:
            setattr(owner, name, kept)


def _gives(value: object) -> Callable[..., object]:
    return lambda *_, **__: value


def _same(given: object, *_: object, **__: object) -> object:
    return given


def _first(*given: object, **_: object) -> object:
    return given[-1]


#: name → rule; every rule that can be switched off has an entry here
RULES: dict[str, Rule] = {
    # which links lead to articles
    "dates and headings beside links": Rule("listing", "listing.judging:_is_shown", _gives(False)),
    "a lone plain column": Rule("listing", "listing.judging:_take_plain", _gives(None)),
    "links within sentences": Rule("listing", "listing.judging:Prose.holds", _gives(False)),
    "registers of sections": Rule("listing", "listing.judging:Group.is_register", property(_gives(False))),
    "titles beside silent links": Rule("listing", "listing.unlinked:adopt", _gives(None)),
    "slugs that repeat headlines": Rule("listing", "listing.judging:agreement", _gives(0.0)),
    # cards and runs
    "titles among a record's links": Rule("listing", "listing.cards:chosen_keys", _gives({})),
    "… by length": Rule("listing", "listing.collapse:_by_length", _gives({})),
    "… by kind": Rule("listing", "listing.collapse:_by_kind", _gives({})),
    "related links within a card": Rule(
        "listing", "listing.collapse:_related", lambda page, record: page.elements[record].end
    ),
    "rows over a gap": Rule("listing", "listing.cards:Grouping.row_goes_on", _gives(False)),
    "rows of one measure": Rule("listing", "listing.cards:Grouping._same_measure", _gives(True)),
    "headings end a list": Rule("listing", "listing.cards:Grouping.heading_among", _gives(False)),
    "lines that stand alone": Rule("listing", "listing.headings:Headings.alone", _gives("")),
    "tabs name lists": Rule("listing", "listing.headings:Headings._tab", _gives("")),
    # titles and times
    "slugs choose titles": Rule("listing", "listing.titles:agreement", _gives(None)),
    "attributes choose titles": Rule("listing", "listing.titles:Titles._names", _gives(frozenset())),
    "cut headlines whole": Rule("listing", "listing.blocks:complete", _gives(None)),
    "common ends of titles": Rule("listing", "listing.blocks:polish", _gives(None)),
    "times between cards": Rule("listing", "listing.times:_from_gaps", _gives(None)),
    "days above clocks": Rule("listing", "listing.times:_carry_days", _gives(None)),
    "days without a year": Rule("listing", "listing.times:Times.read_column", _gives(None)),
    "dates in tooltips": Rule("listing", "listing.times:Times._tooltip", _gives(None)),
    # which list is the page's own
    "words of secondary lists": Rule("listing", "listing.ranking:SECONDARY", NEVER),
    "names of places": Rule("listing", "listing.landmarks:_named", _gives(0)),
    "the page's name above a list": Rule("listing", "listing.ranking:_names", _gives(set())),
    "the page's headline": Rule("listing", "listing.ranking:_headline", _gives(-1)),
    "lists in the main part": Rule("listing", "listing.ranking:_is_content", _gives(False)),
    "addresses of the section": Rule("listing", "listing.ranking:_own_share", _gives(0.0)),
    "older pages follow": Rule("listing", "listing.ranking:_paged", _gives(set())),
    "far longer than all others": Rule("listing", "listing.ranking:_outgrows", _gives(False)),
    "sliders above a list": Rule("listing", "listing.ranking:_pass_over", _gives(None)),
    "big cards above a list": Rule("listing", "listing.roles:_heroes", _gives([])),
    "pages of many blocks": Rule("listing", "listing.roles:_is_many_blocks", _gives(False)),
    "second copies of a list": Rule("listing", "listing.roles:_once", _first),
    "short names are menus": Rule("listing", "listing.roles:_is_menu", _gives(False)),
    "adverts amid a list": Rule("listing", "listing.blocks:BlockMaker._without_adverts", _first),
    "article pages": Rule("listing", "listing.verdict:is_article", _gives(False)),
    "addresses like the items'": Rule("listing", "listing.verdict:is_like_most", _gives(False)),
    "alone in the content": Rule("listing", "listing.verdict:_needed", _gives(1.2)),
    # article pages: where a date, a byline, a picture stands
    "cards and side columns": Rule("article", "article.page:Page.is_beside", _gives(False)),
    "places of dates": Rule("article", "article.stamps:_by_place", _gives([])),
    "the day in the address": Rule("article", "article.times:with_address", _same),
    "date lines by the headline": Rule("article", "article.stamps:_near_lines", _gives(())),
    "elements called a date": Rule("article", "article.stamps:_date_elements", _gives(())),
    "elements called a byline": Rule("article", "article.bylines:byline_claims", _gives(())),
    "labelled lines": Rule("article", "article.bylines:line_claims", _gives(())),
    "names before dates": Rule("article", "article.bylines:dated_name_claims", _gives(())),
    "unmarked names": Rule("article", "article.bylines:head_name_claims", _gives(())),
    "editors are no authors": Rule("article", "article.bylines:_editors", _gives(set())),
    "the whole byline": Rule("article", "article.bylines:_holds_more", _gives(False)),
    "places of pictures": Rule("article", "article.pictures:_by_place", _gives(())),
    "forms of pictures": Rule("article", "article.pictures:_by_form", _gives(())),
    "headings that lead home": Rule("article", "article.headline:_leads_home", _gives(False)),
    # … and their text
    "hidden twins": Rule("article", "article.body.reading:_without_hidden_twins", _same),
    **{
        f"text: add {name}": Rule(
            "article", "article.body.reading:ADDITIONS", tuple(each for each in ADDITIONS if each[0] != name)
        )
        for name, _ in ADDITIONS
    },
    **{
        f"text: drop {name}": Rule(
            "article", "article.body.drops:RULES", tuple(each for each in drops.RULES if each[0] != name)
        )
        for name, _ in drops.RULES
    },
}


def scorer(folder: Path) -> ModuleType:
    """The scorer's module."""
    spec = importlib.util.spec_from_file_location("scorer", folder / "score.py")
    if spec is None or spec.loader is None:
        raise SystemExit(f"{folder}: no score.py there; name its folder with --scorer")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def pages(score: ModuleType, corpus: Path, kind: str) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    """Address, text, file and truth of each page of a corpus."""
    for request, truth in score.requests(corpus, {kind}):
        body = Path(request["file"]).read_bytes()
        text = encoding.decode(gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body, html=True)
        yield request["url"], text, request["file"], truth


def found_lists(text: str, url: str) -> dict[str, Any]:
    """The lists of a page, as the scorer wants them."""
    try:
        reading = listing.read(text, url=url)
    except ReadError:
        return {}
    lists = [
        {
            "role": found.role,
            "confidence": found.confidence,
            "items": [
                {"url": i.url, "title": i.title, "published": i.published and i.published.at.isoformat()}
                for i in found.items
            ],
        }
        for found in reading.lists
    ]
    return {"verdict": reading.verdict, "lists": lists}


def found_article(text: str, url: str) -> dict[str, Any]:
    """What an article page says, as the scorer wants it."""
    try:
        reading = article.read(text, url=url)
    except ReadError:
        return {}
    draft = reading.draft
    return {
        "title": draft.title,
        "published": draft.published and draft.published.at.isoformat(),
        "authors": list(draft.authors),
        "body_text": reading.body_text,
        "image": draft.image and draft.image.url,
    }


def figures(folder: Path, corpora: dict[str, Path], articles: bool, kind: str) -> Figures:
    """The means of every figure of each corpus."""
    score, sums = scorer(folder), defaultdict[str, list[float]](list)
    for name, corpus in corpora.items():
        for url, text, file, truth in pages(score, corpus, kind):

            def note(group: str, what: str, value: float, name: str = name) -> None:
                if group == "listing" or group.startswith("article"):
                    sums[f"{name} {what}"].append(value)

            if kind == "listing":
                score.judge_listing(found_lists(text, url), truth, note)
            else:
                score.judge_article(found_article(text, url), truth, "all", file, note)
        if kind == "listing" and articles:
            for url, text, _, _ in pages(score, corpus, "article"):
                wrong = found_lists(text, url).get("verdict") == "ok"
                sums[f"{name} articles taken for lists"].append(wrong)
    return {what: sum(values) / len(values) for what, values in sums.items()}


def worth(folder: Path, corpora: dict[str, Path], articles: bool, name: str) -> Figures:
    """The figures without a rule."""
    rule = RULES[name]
    with rule.switched_off():
        return figures(folder, corpora, articles, rule.kind)


def print_rules(folder: Path, corpora: dict[str, Path], articles: bool, names: list[str], jobs: int) -> None:
    """Print what each rule is worth."""
    with ProcessPoolExecutor(jobs, max_tasks_per_child=1) as pool:
        kinds = sorted({RULES[name].kind for name in names})
        whole = dict(zip(kinds, pool.map(partial(figures, folder, corpora, articles), kinds), strict=True))
        for kind in kinds:
            print(kind, *(f"{what} {value:.3f}" for what, value in sorted(whole[kind].items())), sep="\n  ")
        for name, without in zip(
            names, pool.map(partial(worth, folder, corpora, articles), names), strict=True
        ):
            base = whole[RULES[name].kind]
            moved = [
                f"{what} {without[what] - value:+.3f}"
                for what, value in base.items()
                if abs(without[what] - value) >= 0.001
            ]
            print(f"{name:34}", "; ".join(moved) or "nothing", flush=True)


def main() -> None:
    """Switch off rules, one by one."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--scorer", type=Path, default=SCORER)
    parser.add_argument("--only", default="", help="names of rules, parted by commas")
    parser.add_argument("--kind", default="", choices=["", "listing", "article"])
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--articles", action="store_true")
    parser.add_argument("corpora", nargs="+", metavar="NAME=CORPUS")
    given = parser.parse_args()
    corpora = {name: Path(folder) for name, _, folder in (each.partition("=") for each in given.corpora)}
    wanted = [name.strip() for name in given.only.split(",") if name.strip()] or list(RULES)
    if unknown := sorted(set(wanted) - RULES.keys()):
        parser.error(f"no such rule: {', '.join(unknown)}; there are {', '.join(RULES)}")
    names = [name for name in wanted if given.kind in ("", RULES[name].kind)]
    return print_rules(given.scorer, corpora, given.articles, names, given.jobs)


if __name__ == "__main__":
    main()
