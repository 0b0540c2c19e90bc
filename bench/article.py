"""Processor time for reading article pages, by stage: `python bench/article.py [DIRECTORY] [PAGES]`.

Prints median, mean and 95th percentile in milliseconds over the pages of the corpus (FEEDSVC_CORPUS or
../shared/corpus), in one process.
"""

from __future__ import annotations

import gzip
import json
import os
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, TypeVar

from feedsvc.extract import article, encoding
from feedsvc.extract.article.body import choose
from feedsvc.extract.article.body.blocks import read_blocks
from feedsvc.extract.article.page import open_page

P = ParamSpec("P")
T = TypeVar("T")
ROOT = Path(os.environ.get("FEEDSVC_CORPUS", Path(__file__).parents[2] / "shared" / "corpus"))


def main() -> None:
    """Measure and print."""
    directory = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "article" / "fundus"
    answers = sorted(directory.glob("*.json"))[: int(sys.argv[2]) if len(sys.argv) > 2 else None]
    spent: dict[str, list[float]] = defaultdict(list)

    def timed(stage: str, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        began = time.process_time()
        result = work(*args, **kwargs)
        spent[stage].append((time.process_time() - began) * 1000)
        return result

    article.read("<p>warm</p>" * 20, url="https://example.org/a-b-c")  # imports
    for answer in answers:
        truth = json.loads(answer.read_text("utf-8"))
        raw = answer.with_name(truth["html_file"]).read_bytes()
        raw = gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw
        url = truth["url"].strip()
        text = timed("decode", encoding.decode, raw, html=True)
        page = timed("open page", open_page, text, url=url)
        timed("all but the body", article.read, text, url=url, body=False)
        body = page.tree.body
        if body is not None:
            blocks = timed("body: blocks", read_blocks, body, page.outline)
            timed("body: choice", choose.base_choice, page.text, blocks, 0)
        timed("everything", article.read, text, url=url)
    print(f"{len(answers)} pages; milliseconds of one core\n{'stage':20}{'median':>9}{'mean':>9}{'p95':>9}")
    for stage, times in spent.items():
        times.sort()
        middle, high = times[len(times) // 2], times[int(len(times) * 0.95)]
        print(f"{stage:20}{middle:9.2f}{sum(times) / len(times):9.2f}{high:9.2f}")


if __name__ == "__main__":
    main()
