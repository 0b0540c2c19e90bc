"""How sure the reader is of a list: the share of such lists that were right on pages with known truth.

A list begins as nearly certain; each doubt takes its share away. The factors were set so that of the main
lists of the corpora and their mutations that come out at 0.9 or more, at least 95 % have F1 of 0.9 or more
(`bench/confidence.py` prints the share). Of boxes 24 of 26 were (2026-12-01): too few to set by.
"""

from __future__ import annotations

from feedsvc.extract.listing.blocks import Block
from feedsvc.extract.listing.roles import CONTENT, Roles

SURE = 0.98  #: of a list that nothing speaks against
_FEW, _FEWEST = 0.88, 4  #: a list of so few cards may be a part of one
_BARE = 0.85  #: neither dates nor headings nor pictures: other columns of links look like it
_PARTLY = 0.9  #: dates on some cards only: two lists may have been taken for one
_BESIDE = 0.8  #: for a page's list that stands where others do not
_CLOSE, _LEAD = 0.85, 1.5  #: another list is worth nearly as much
_UNION = 0.9  #: many blocks together
_UNNAMED = 0.93  #: a box without a heading


def of_main(block: Block, roles: Roles) -> float:
    """How sure it is that `block` is the page's own list, and whole: 0 to 1."""
    sure = _of_cards(block)
    if roles.best is not None and block is not roles.best and len(block.items) > 2 * len(roles.best.items):
        return round(sure * _UNION, 2)
    if block.standing < CONTENT:
        sure *= _BESIDE
    if any(block.score < _LEAD * box.score for box in roles.boxes if not box.keys <= block.keys):
        sure *= _CLOSE
    return round(sure, 2)


def of_box(block: Block) -> float:
    """How sure it is that `block` is one list of the page, and whole: 0 to 1."""
    return round(_of_cards(block) * (1 if block.heading else _UNNAMED), 2)


def _of_cards(block: Block) -> float:
    sure = SURE
    if len(block.items) <= _FEWEST:
        sure *= _FEW
    if max(block.dated, block.headed, block.pictured) < 0.5:
        sure *= _BARE
    if 0 < block.dated < 0.9:
        sure *= _PARTLY
    return sure
