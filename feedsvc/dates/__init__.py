"""Reading a printed date, in any language, into a moment, or saying why it cannot be read.

    read        a printed date or a machine's stamp → Moment | Doubt
    read_stamp  only what programs write (ISO 8601, RFC 822, Unix seconds …)
    find        the same as read, with the place in the text and how much of it the date fills
    is_date     is this short text a date line and nothing else?
    home_zone   the zone of a page, as far as address and language tell it

Dates are read, never invented: what is doubtful is a `Doubt` with its reason.
"""

from feedsvc.dates.datelines import is_date
from feedsvc.dates.hints import home_zone
from feedsvc.dates.moment import Doubt, Label, Moment, Precision, Reason
from feedsvc.dates.reading import Found, find, read, read_stamp

__all__ = [
    "Doubt",
    "Found",
    "Label",
    "Moment",
    "Precision",
    "Reason",
    "find",
    "home_zone",
    "is_date",
    "read",
    "read_stamp",
]
