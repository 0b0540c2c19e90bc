"""How soon one host may be asked again."""

from __future__ import annotations

from feedsvc.fetch.pace import MemoryPace


class Monotonic:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_foreign_host_gets_one_request_and_a_gap() -> None:
    clock = Monotonic()
    pace = MemoryPace(clock)
    assert pace.acquire("news.example", own=False)
    assert not pace.acquire("news.example", own=False)
    assert pace.acquire("other.example", own=False)
    assert pace.full() == {"news.example", "other.example"}
    pace.release("news.example")
    assert not pace.acquire("news.example", own=False)
    clock.now += 0.99
    assert "news.example" in pace.full()
    clock.now += 0.02
    assert pace.full() == {"other.example"}
    assert pace.acquire("news.example", own=False)


def test_a_wished_gap_holds_within_bounds() -> None:
    clock = Monotonic()
    pace = MemoryPace(clock)
    for wished, kept in ((10.0, 10.0), (0.0, 1.0), (10_000.0, 60.0)):
        pace.slow_down("news.example", wished)
        assert pace.acquire("news.example", own=False)
        pace.release("news.example")
        clock.now += kept - 0.01
        assert not pace.acquire("news.example", own=False)
        clock.now += 0.02
        assert pace.full() == frozenset()


def test_an_own_host_gets_four_at_once_and_no_gap() -> None:
    pace = MemoryPace(Monotonic())
    assert [pace.acquire("own.example", own=True) for _ in range(5)] == [True] * 4 + [False]
    assert pace.full() == {"own.example"}
    pace.release("own.example")
    assert pace.acquire("own.example", own=True)
    for _ in range(4):
        pace.release("own.example")
    assert pace.full() == frozenset()  # not even for a moment: the parts of an import follow one another
