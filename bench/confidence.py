"""How often is right what the readers call sure? The share by role or field, on two halves of the pages.

    bench/confidence.py [--scorer FOLDER] NAME=CORPUS...

Rules are set on the first half at most; the second tells whether they hold. Halves are by the file's name.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any
from zlib import crc32

from ablation import SCORER, found_lists, pages, scorer

from feedsvc.errors import ReadError
from feedsvc.extract import article

SURE = 0.9
_FIELDS = {
    "title right": "title",
    "day right": "published",
    "authors exact": "authors",
    "lead image file right": "image",
}
Verdict = tuple[str, float, bool]  #: what it is of, how sure, whether it is right


def of_lists(score: ModuleType, url: str, text: str, truth: dict[str, Any]) -> Iterator[Verdict]:
    """What the lists of a page are worth."""
    lists = found_lists(text, url).get("lists", [])
    for box in truth["boxes"]:
        true = {score.same_url(item["url"]) for item in box["items"]}
        main = box["role"] == "main" and truth.get("page_kind") != "sidebar-on-article"
        of = [each for each in lists if each["role"] == "main"] if main else lists
        sets = [({score.same_url(item["url"]) for item in each["items"]}, each) for each in of]
        got, best = max(sets, key=lambda pair: score.f1(pair[0], true), default=(set(), None))
        union = truth.get("main_is_union") or box.get("main_is_union")
        value = len(got & true) / len(true) if union and true else score.f1(got, true)
        if best is not None and (main or value > 0):
            yield "main list" if main else "box", best["confidence"], value >= SURE


def of_fields(score: ModuleType, url: str, text: str, file: str, truth: dict[str, Any]) -> Iterator[Verdict]:
    """What the fields of an article are worth."""
    try:
        draft = article.read(text, url=url, body=False).draft
    except ReadError:
        return
    found = {
        "title": draft.title,
        "published": draft.published and draft.published.at.isoformat(),
        "authors": list(draft.authors),
        "image": draft.image and draft.image.url,
    }
    judged: list[Verdict] = []

    def note(_: str, what: str, value: float) -> None:
        field = _FIELDS.get(what, "")
        if field and found[field]:
            judged.append((field, draft.confidence[field], value == 1))

    score.judge_article(found, truth, "all", file, note)
    yield from judged


def main() -> None:
    """Judge every page of the corpora."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--scorer", type=Path, default=SCORER)
    parser.add_argument("corpora", nargs="+", metavar="NAME=CORPUS")
    given = parser.parse_args()
    score, right = scorer(given.scorer), defaultdict[tuple[str, bool, int], list[bool]](list)
    for each in given.corpora:
        corpus = Path(each.partition("=")[2])
        for kind in ("listing", "article"):
            for url, text, file, truth in pages(score, corpus, kind):
                judged = (
                    of_lists(score, url, text, truth)
                    if kind == "listing"
                    else of_fields(score, url, text, file, truth)
                )
                half = crc32(Path(file).stem.encode()) % 2
                for what, sure, is_right in judged:
                    right[what, sure >= SURE, half].append(is_right)
    for (what, sure, half), values in sorted(right.items()):
        share = sum(values) / len(values)
        print(f"{what:10} {'>=' if sure else '<'} {SURE} half {half + 1}: {share:.3f} right of {len(values)}")


if __name__ == "__main__":
    main()
