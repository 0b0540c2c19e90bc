"""Brings the catalogues of the pages' words up to date with the templates: python tools/make_catalogues.py

New texts are added untranslated, texts that no template has any more are dropped. Translations are kept.
"""

from __future__ import annotations

import io
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

RENDER = Path(__file__).parent.parent / "feedsvc/render"
METHODS = [("templates/*.html", "jinja2.ext:babel_extract"), ("**.py", "python")]
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "_words": None}
OPTIONS = {"templates/*.html": {"trimmed": "true", "silent": "false"}}


def texts() -> Catalog:
    """Every text that pages have."""
    found = Catalog(project="feedsvc", fuzzy=False)
    for name, line, message, comments, context in extract_from_dir(
        RENDER, METHODS, OPTIONS, keywords=KEYWORDS, comment_tags=()
    ):
        del line  # a catalogue that changes with every line of a template could not be compared
        found.add(message, locations=[(name, None)], auto_comments=comments, context=context)
    return found


def updated(file: Path) -> bytes:
    """A catalogue as it should be."""
    with file.open("rb") as stream:
        catalogue = read_po(stream)
    catalogue.update(texts(), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    out = io.BytesIO()
    write_po(out, catalogue, width=100, omit_header=False, include_lineno=False, sort_output=True)
    return out.getvalue()


if __name__ == "__main__":
    for file in sorted((RENDER / "locale").glob("*.po")):
        file.write_bytes(updated(file))
        print(file.name)
