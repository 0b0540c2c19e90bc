"""Hours pass in seconds; what the service holds afterwards is what its articles need."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.lapse import Lapse, table


@pytest.mark.slow
def test_what_is_held_does_not_grow_while_nothing_is_published(tmp_path: Path) -> None:
    """Eight hours of a dozen sources. In the second half they only correct, and fail now and then."""
    lapse = Lapse(tmp_path, sources=12, hours=8, readers=2)
    lapse.live()
    assert not lapse.wrong, lapse.wrong
    seen = lapse.newsrooms.seen
    assert min(seen["200"], seen["304"], seen["failed"]) > 0, seen
    middle, end = lapse.held[-3], lapse.held[-1]
    shown = table(lapse.held)
    assert end.articles == middle.articles > 20, shown
    assert end.store < middle.store * 1.1 + 0.1, shown
    assert end.worker_handles <= middle.worker_handles + 8, shown
    assert end.worker_threads <= middle.worker_threads + 8, shown
    assert end.web_handles <= middle.web_handles + 2, shown
    assert end.web_threads <= middle.web_threads + 2, shown
    assert end.worker_mb < middle.worker_mb * 1.1 + 5, shown
    assert end.web_mb < middle.web_mb * 1.1 + 5, shown
