"""Reading feeds: RSS 0.9x, 1.0 and 2.0, Atom 0.3 and 1.0, JSON Feed 1.0 and 1.1.

Bytes are decoded (`decode`), recognised (`sniff`) and bounded (`limits`). Well-formed XML is read by our own
code over a strict parser (`strict`, `rss`, `atom`, `media`); what is not well-formed is mended and read so
(`mend`), or else by feedparser (`lenient`). All end in one neutral shape (`wire`), which `adapt` turns into
drafts.
"""

from feedsvc.extract.feed.reading import read

__all__ = ["read"]
