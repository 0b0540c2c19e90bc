"""Licences for machines: Really Simple Licensing 1.0 (rslstandard.org/rsl, 6 November 2025)."""

from __future__ import annotations

from collections.abc import Sequence

from lxml import etree

from feedsvc.model import Element, ListSpec, Rights, Site
from feedsvc.render.extension import OPTIONAL, add
from feedsvc.render.text import legal


def content(url: str, rights: Rights, holder: str = "") -> Element:
    """What may be done with what stands at an address, or at those that a pattern (RFC 9309 2.2.3) names.

    `holder`: the line of the copyright.
    """
    uses = [
        Element(f"rsl:{name}", ",".join(some), attributes=(("type", "usage"),))
        for name, some in (("permits", rights.permits), ("prohibits", rights.prohibits))
        if some
    ]
    children = [Element("rsl:license", children=tuple(uses))]
    if rights.licence:
        children.append(Element("rsl:terms", legal(rights.licence)))
    if holder:
        children.append(Element("rsl:copyright", legal(holder)))
    return Element("rsl:content", attributes=(("url", legal(url)),), children=tuple(children))


def exists(site: Site, lists: Sequence[ListSpec]) -> bool:
    """Whether anything that is served has a licence."""
    return site.rights.rsl or any(spec.rights is not None and spec.rights.rsl for spec in lists)


def document(site: Site, lists: Sequence[ListSpec]) -> bytes:
    """/license.xml: of everything that is served here, and of the lists that have terms of their own.

    Takers stand in no document that others read: their feeds carry their terms themselves.
    """
    names: dict[str | None, str] = {None: OPTIONAL["rsl"]}
    root = etree.Element(f"{{{OPTIONAL['rsl']}}}rsl", nsmap=names)  # type: ignore[arg-type] # None is the default
    if site.rights.rsl:
        add(root, [content("/", site.rights, site.copyright)])
    for spec in lists:
        if spec.rights is not None and spec.rights.rsl and not spec.retired:
            about = spec.copyright or site.copyright
            add(root, [content(f"{spec.path}{ending}", spec.rights, about) for ending in ("$", ".*", "/*")])
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))
