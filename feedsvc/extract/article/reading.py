"""One article page → one draft: every field reader in turn, with the evidence of each."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from feedsvc.extract.article.about import read_section, read_summary, read_tags
from feedsvc.extract.article.address import read_address
from feedsvc.extract.article.bylines import read_authors
from feedsvc.extract.article.confidence import confidence_of
from feedsvc.extract.article.headline import read_headline
from feedsvc.extract.article.lines import lines_around
from feedsvc.extract.article.page import open_page
from feedsvc.extract.article.pictures import read_image
from feedsvc.extract.article.times import read_times
from feedsvc.extract.article.verdict import is_probably_article
from feedsvc.model import ArticleReading, Draft


def read(
    text: str,
    *,
    url: str,
    language: str = "",
    zone: ZoneInfo | None = None,
    now: datetime | None = None,
    body: bool = True,
) -> ArticleReading:
    """Everything that an article page says.

    `url` is the address after redirects; `language` and `zone` are those of the source, where known, else the
    page's own; without `now` relative times ("2 jam lalu") are not read. `body=False` leaves out the text,
    which takes most of the time. Raises ReadError (TOO_LARGE, TOO_DEEP).
    """
    page = open_page(text, url=url, language=language, zone=zone, now=now)
    headline, title = read_headline(page)
    page = page.with_headline(headline.node)
    lines = lines_around(page, headline.node)
    times = read_times(page, lines)
    authors = read_authors(page, lines)
    image = read_image(page, headline.node, headline.text)
    address = read_address(page, headline.text)
    section = read_section(page, headline.text, lines)
    tags = read_tags(page)
    content, body_text = "", ""
    if body:
        from feedsvc.extract.article.body import read_body

        found = read_body(page, headline, authors.value, image.value, times.lines)
        content, body_text = found.content, found.text
    summary = read_summary(page, headline.text, body_text)
    origin = {
        "title": title.origin,
        "published": times.origin,
        "updated": times.updated_origin,
        "authors": authors.origin,
        "image": image.origin,
        "url": address.origin,
        "section": section.origin,
        "tags": tags.origin,
        "summary": summary.origin,
    }
    draft = Draft(
        url=address.url,
        title=headline.text,
        published=times.published,
        updated=times.updated,
        doubt=times.doubt,
        authors=authors.value,
        summary=summary.value,
        content=content,
        image=image.value,
        tags=tags.value,
        section=section.value,
        language=page.language,
        also=address.also,
        origin={field: where for field, where in origin.items() if where},
        confidence=confidence_of(headline.text, title, times, authors, image),
    )
    evidence = (title, times, authors, image, address, section, tags, summary)
    return ArticleReading(
        draft=draft,
        body_text=body_text,
        evidence=tuple(statement for finding in evidence for statement in finding.evidence),
        probably_article=is_probably_article(page, times, headline.node, body_text),
    )
