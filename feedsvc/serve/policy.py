"""Content Security Policies: what a browser may load for a document. Nothing inline, no scripts of others."""

from __future__ import annotations

from collections.abc import Sequence

#: Pages for people. Pictures are the newsroom's; the builder frames our own embeds. They fetch nothing; but
#: whoever audits a page looks for robots.txt from within it, under its policy.
PAGE = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' https: http: data:; "
    "connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
EMBED = (
    "default-src 'none'; style-src 'self'; img-src 'self' https: http: data:; connect-src 'self'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors {ancestors}"
)


def policy_of(path: str, ancestors: Sequence[str]) -> str:
    """The policy of an HTML document. `ancestors` are those who may frame embeds."""
    if not path.startswith("/embed/"):
        return PAGE
    if "*" in ancestors:
        allowed = "*"
    else:  # the builder's preview is ours
        allowed = " ".join(dict.fromkeys(("'self'", *(one for one in ancestors if one != "'none'"))))
    return EMBED.format(ancestors=allowed)
