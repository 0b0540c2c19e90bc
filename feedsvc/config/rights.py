"""`rights` of the site, of a section or of a taker → what others may do."""

from __future__ import annotations

from feedsvc.config.list_models import RightsConfig
from feedsvc.model import Rights


def rights_of(given: RightsConfig) -> Rights:
    """What a table says."""
    return Rights(
        statement=given.statement,
        licence=given.licence,
        permits=tuple(given.permits),
        prohibits=tuple(given.prohibits),
        usage=given.usage,
        items=given.items,
    )


def own_rights(own: RightsConfig | None, site: RightsConfig) -> Rights | None:
    """What the table of a section or taker says over that of the site; None where there is none."""
    if own is None:
        return None
    said = {name: getattr(own, name) for name in own.model_fields_set}
    return rights_of(site.model_copy(update=said))
