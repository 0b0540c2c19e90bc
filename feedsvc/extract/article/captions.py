"""The text under a picture: caption and credit, apart."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborNode

from feedsvc.extract.article.page import class_of, text_in
from feedsvc.extract.clean import fold

MAX_CAPTION = 600
_SOURCE = (
    r"foto|photos?|fotos|bild(?:er)?|image|images|picture|kredit|credits?|dok|dokumentasi|sumber|source|"
    r"quelle|"
    r"ilustrasi|gambar|foto oleh|photo by|photo credit|crédito|crédit|crédits photo|fotografía|fotografia|"
    r"foto di|"
    r"фото|写真|撮影|사진|صورة"
)
_LEAD = r"[:：/]|\bby\b|\boleh\b"
#: `… (Foto: KBRi Beijing)`
_IN_BRACKETS = re.compile(
    rf"[\s(\[（]{{0,2}}[(\[（]\s?((?:(?:{_SOURCE})\s?(?:{_LEAD}|\.)|©).{{1,120}})[)\]）]\s?\.?$", re.I
)
#: `… Foto: Dok. Humas`, `… © dpa`
_AT_END = re.compile(
    rf"(?:^|[.!?…\"”»|)–—-]\s?|\s)((?:{_SOURCE})\s?[:：]\s?[^:：]{{2,120}}|©\s?.{{2,120}})$", re.I
)
#: `…/Net`, `… / Antara`
_SLASH = re.compile(r"\s?/\s?((?:[A-Z][\w.&-]*)(?:\s+[A-Z][\w.&-]*){0,3})\.?$")
#: `… (Getty Images)`, `… (ANTARA FOTO/Budi)`
_AGENCY_IN_BRACKETS = re.compile(
    r"[(\[（]\s*([^()\[\]]{0,40}\b(?:getty|reuters|afp|ap|dpa|antara|epa|shutterstock|istock|unsplash|"
    r"pexels|imago|"
    r"xinhua|bloomberg|alamy|pixabay|wikimedia|net|ist|istimewa|instagram|"
    r"youtube)\b[^()\[\]]{0,60})[)\]）]\s*\.?$",
    re.I,
)
#: `… (Kabar Kini/Hani Fatunnisa)`
_NAMES_IN_BRACKETS = re.compile(
    r"[(\[（]\s*([A-Z][\w.&'-]*(?:\s[A-Z][\w.&'-]*){0,4}(?:\s?/\s?[A-Za-z][\w.&'-]*(?:\s[A-Z][\w.&'-]*){0,4}){1,3})"
    r"\s*[)\]）]\s*\.?$"
)
#: `… Rabu. ANTARA FOTO/Hani Fatunnisa/nz`
_WIRE_AT_END = re.compile(
    r"(?<=[.!?\"”])\s+([A-Z]{3,}(?:\s[A-Z]{3,}){0,2}(?:\s?/\s?[A-Za-z][\w.&'-]*(?:\s[A-Z][\w.&'-]*){0,4}){1,3})\.?$"
)
#: The button that enlarges the picture, and the label of the caption
_BUTTON = re.compile(
    r"^(?:perbesar|(?:bild |klik untuk |click to )?(?:vergrößern|memperbesar|enlarge)|view larger|zoom|"
    r"(?:image )?caption(?=\s[A-Z])|bildunterschrift)\s*[:：]?\s+",
    re.I,
)
_CREDITS = (_IN_BRACKETS, _AGENCY_IN_BRACKETS, _NAMES_IN_BRACKETS, _WIRE_AT_END, _AT_END, _SLASH)
_LABEL = re.compile(rf"^(?:{_SOURCE}|©)\s*(?:{_LEAD}|\.)?\s*", re.I)
_CREDIT_CLASS = re.compile(r"credit|copyright|photographer|fotograf|source|sumber|author|rights", re.I)
_CAPTION_CLASS = re.compile(
    r"caption|bildunterschrift|keterangan|legend|bildtext|image-?desc|foto-?desc", re.I
)


def split_credit(text: str) -> tuple[str, str]:
    """(caption, credit) of a line like `Forum film di Beijing (Foto: KBRI Beijing)`."""
    text = _BUTTON.sub("", fold(text)[:MAX_CAPTION])
    for pattern in _CREDITS:
        if match := pattern.search(text):
            caption = text[: match.start()].rstrip(" -–—|/(,")
            # the full stop before `Foto:` belongs to the caption
            if pattern is _AT_END and text[match.start()] in '.!?…"”»)':
                caption += text[match.start()]
            return caption, _LABEL.sub("", match[1]).strip(" .")
    return text, ""


def caption_of(picture: LexborNode) -> tuple[str, str]:
    """(caption, credit) of an `<img>`, from the figure or box that it stands in; ("", "") if there is "
    "none."""
    box = picture.parent
    for _ in range(5):
        if box is None or box.tag in ("body", "html", "main"):
            break
        if box.tag == "article" or len(box.css("img")) > 3:
            break
        label = box.css_first("figcaption") or next(
            (node for node in box.css("[class]")[:20] if _CAPTION_CLASS.search(class_of(node))), None
        )
        if label is not None and (text := text_in(label)):
            return _from_label(label, text)
        box = box.parent
    return _from_neighbour(picture)


def _from_label(label: LexborNode, text: str) -> tuple[str, str]:
    inner = next(
        (
            node
            for node in label.css("[class]")[:10]
            if _CREDIT_CLASS.search(class_of(node)) and node.mem_id != label.mem_id
        ),
        None,
    )
    said = text_in(inner) if inner is not None else ""
    if said and text != said and said in text:
        credit = _LABEL.sub("", split_credit(said)[1] or said).strip(" .()")
        return fold(text.replace(said, " "))[:MAX_CAPTION].rstrip(" |/"), credit
    return split_credit(text)


def _says_nothing(node: LexborNode) -> bool:
    return node.tag == "br" or (node.tag == "-text" and not (node.text_content or "").strip())


def _from_neighbour(picture: LexborNode) -> tuple[str, str]:
    """A line that ends in a credit, right behind the picture or in its alternative text."""
    node = picture
    for _ in range(3):
        following = node.next
        while following is not None and _says_nothing(following):
            following = following.next
        if following is not None:
            text = fold((following.text_content or "") if following.tag == "-text" else text_in(following))
            if 3 < len(text) < 300 and split_credit(text)[1]:
                return split_credit(text)
            break
        if node.parent is None or node.parent.tag in ("body", "article", "main"):
            break
        node = node.parent
    caption, credit = split_credit(picture.attributes.get("alt") or "")
    return (caption, credit) if credit else ("", "")
