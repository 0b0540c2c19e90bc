"""An article page, in any language, → its headline, time, reporters, picture and text.

    page ──► headline ──► lines around it ──► times, bylines
      │ └──► pictures, address, about
      └────► body

Each field reader answers with a value, where it came from, and everything that spoke for or against it.
"""

from feedsvc.extract.article.reading import read

__all__ = ["read"]
