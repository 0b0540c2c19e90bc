"""The former name of `feedsvc.plugin_api`, for plug-ins written before 0.2; it goes with 0.3."""

import warnings

from feedsvc.plugin_api import *  # noqa: F403 - an alias has every name of what it stands for
from feedsvc.plugin_api import MAX_DRAFTS as MOST
from feedsvc.plugin_api import Poll as Look

__all__ = ["MOST", "Look"]

warnings.warn(
    "feedsvc.seams is now feedsvc.plugin_api, and its Look is Poll", DeprecationWarning, stacklevel=2
)
