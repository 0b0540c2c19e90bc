"""Each target of the fuzzer, with what it begins with and with some of that changed by chance."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fuzz.targets import SEEDS, TARGETS
from tests.kinds import examples


def test_every_target_has_a_seed() -> None:
    assert SEEDS.keys() == TARGETS.keys()


@pytest.mark.parametrize("name", TARGETS)
@examples(25)
@given(data=st.data())
def test_bytes_of_chance(name: str, data: st.DataObject) -> None:
    seed = data.draw(st.sampled_from((b"", *SEEDS[name])))
    start, end = sorted((data.draw(st.integers(0, len(seed))), data.draw(st.integers(0, len(seed)))))
    TARGETS[name](seed[:start] + data.draw(st.binary(max_size=60)) + seed[end:])
