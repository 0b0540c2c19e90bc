"""Every regular expression that words of strangers reach grows with the text alone, whatever the text.

What is compared is processor time with processor time: of a text and of a quarter of it, the best of several
runs each. An expression that is linear takes four times as long, a quadratic one sixteen times.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from bench.linear import Expression, expressions, seconds

EVERY = list(expressions([]))
#: one of each kind of character, and pairs that quantifiers can share in two ways
PIECES = [
    *"a A 1 年 < , . - / | ( [ @ : ; = & ? _ # % \\ \" ' a. a- 1. a, a= a; a/ a_ a@b. (a <a &a".split(),
    *[" ", "\n", "a ", "1 ", "  \n"],
]
SIZE = 2_400  #: characters; the quarter of it is longer than nearly every bounded repetition
LONG_ENOUGH = 0.001  #: seconds of processor time from which a comparison means something
TIMES = 9.0


def growing(pattern: Expression) -> Iterator[str]:
    """The pieces of which four times as many take far more than four times as long."""
    for piece in PIECES:
        text = piece * (SIZE // len(piece))
        if seconds(pattern, text) > LONG_ENOUGH:
            quarter = min(seconds(pattern, text[: len(text) // 4]) for _ in range(5))
            if min(seconds(pattern, text) for _ in range(3)) > TIMES * max(quarter, LONG_ENOUGH / 40):
                yield f"{piece!r} × {SIZE // len(piece)}"


@pytest.mark.parametrize("pattern", [pytest.param(found, id=name) for name, found in EVERY])
def test_an_expression_grows_with_the_text_alone(pattern: Expression) -> None:
    assert not list(growing(pattern))


def test_a_quadratic_expression_would_be_seen() -> None:
    assert list(growing(Expression(re.compile(r"\s*x"))))
