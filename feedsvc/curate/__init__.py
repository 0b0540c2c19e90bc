"""What a reading means: identity, merging, dates, what is new and what changed.

Pure: no clock, no I/O. The store answers a narrow question (`Known`), these functions decide (`Plan`).
"""

from feedsvc.curate.decide import decide, meant
from feedsvc.curate.duplicates import near_duplicates
from feedsvc.curate.identity import MintedIds
from feedsvc.curate.merge import merge, story_digest
from feedsvc.curate.paging import Walk
from feedsvc.curate.prepare import Context, prepare
from feedsvc.curate.same import twin
from feedsvc.curate.settle import release, settle

__all__ = [
    "Context",
    "MintedIds",
    "Walk",
    "decide",
    "meant",
    "merge",
    "near_duplicates",
    "prepare",
    "release",
    "settle",
    "story_digest",
    "twin",
]
