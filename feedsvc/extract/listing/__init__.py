"""The lists of a news page, found by themselves: no selectors, no rules for single sites.

`read` gives the page's main list, its boxes and where it goes on; `find_box` picks a box by its heading;
`select_items` reads the cards that a person's own CSS selectors choose, where the machine is wrong.
"""

from feedsvc.extract.listing.choice import find_box, select_items
from feedsvc.extract.listing.reading import read

__all__ = ["find_box", "read", "select_items"]
