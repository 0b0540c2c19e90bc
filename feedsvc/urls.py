"""Rules for addresses: what is a link, when are two links the same page.

Pure functions over strings; nothing here looks anything up. Sources: RFC 3986 (section 6: normalisation),
WHATWG URL (white space and control characters inside addresses), UTS 46 (international host names).
"""

from __future__ import annotations

import hashlib
import ipaddress
import re
import unicodedata
from functools import lru_cache
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urljoin, urlsplit, urlunsplit

import idna

#: Query parameters that say how a visitor came, never what the page is. Names or prefixes ending in `*`.
TRACKING = frozenset(
    "fbclid gclid gclsrc dclid gbraid wbraid msclkid twclid yclid ysclid igshid igsh mc_cid mc_eid ref_src "
    "ref_url cmpid cmp_id ncid ocid xtor at_medium at_campaign smid smtyp spm share_source share_medium "
    "sharetype guccounter guce_referrer guce_referrer_sig _ga _gl _hsenc _hsmi mkt_tok vero_id wt_mc wt_zmc "
    "wickedid oly_anon_id oly_enc_id s_cid rss_id fromrss s_kwcid ef_id trk trkcampaign".split()
)
TRACKING_PREFIXES = ("utm_", "itm_", "pk_", "mtm_", "piwik_", "hsa_", "ga_", "at_custom", "__twitter_")
#: Parameters that only choose the AMP twin of a page.
AMP_QUERY = frozenset({("amp", "1"), ("amp", ""), ("amp", "true"), ("outputtype", "amp"), ("output", "amp")})
DEFAULT_PORTS = {"http": 80, "https": 443}
SHORT_NAME = 64  #: characters; of a longer name of a place in a page a digest is kept
MAX_LENGTH = 2000  #: longer addresses are not kept; no server accepts much more

_JUNK = re.compile(r"[\t\r\n]")  # WHATWG URL 4.4: removed wherever they stand
_EDGES = "".join(map(chr, range(0x21)))  # … and C0 controls and spaces at both ends
_HOST = re.compile(r"[a-z0-9]([a-z0-9._-]*[a-z0-9])?\.?", re.ASCII)
_TWIN_HOST = re.compile(r"^(?:www\d?|m|mobile|amp|wap)\.(?=[^.]+\.)")
_AMP_PATH = re.compile(r"(?:/amp|\.amp|/amp\.html)(?=/?$)|^/amp(?=/.)|\.amp(?=\.html?$)", re.I)
_INDEX = re.compile(r"/(?:index|default)\.(?:html?|php|aspx?|jsp)$", re.I)
_ESCAPE_SAFE = "!$&'()*+,;=:@/-._~"
_PLAIN = re.compile(
    r"(https?://(?![^/]{254})(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z](?:[a-z0-9-]*[a-z0-9])?)"
    r"/[A-Za-z0-9!$&'()*+,;=:@/._~%-]*(?:\?[A-Za-z0-9!$&'()*+,;=:@/._~%?-]*)?"
)
_PLAIN_PATH = re.compile(r"/(?!/)[A-Za-z0-9!$&'()*+,;=:@/._~%-]*(?:\?[A-Za-z0-9!$&'()*+,;=:@/._~%?-]*)?")


def may_move(old: str, new: str) -> bool:
    """Whether a permanent redirect from `old` to `new` is followed for good without asking a person.

    Yes within one registered domain (public suffix list), but never from https back to http.
    """
    one, two = urlsplit(old), urlsplit(new)
    if one.scheme == "https" and two.scheme != "https":
        return False
    return one.hostname == two.hostname or registered_domain(old) == registered_domain(new) != ""


def registered_domain(url: str) -> str:
    """`news.example.co.id` → `example.co.id` (public suffix list); "" for addresses and bare names.

    A suffix that the list does not know is a public one (its algorithm, rule 2).
    """
    from tld import get_fld  # its table takes a moment to load, and a web process never asks

    host = urlsplit(url).hostname or ""
    if ":" in host or host.rpartition(".")[2].isdecimal():
        return ""
    found = get_fld(url, fail_silently=True)
    return found or (".".join(host.split(".")[-2:]) if "." in host else "")


def absolute(base: str, href: str | None, *, fragment: bool = False) -> str | None:
    """The absolute http(s) address that `href` means on the page `base`, or None if it is no such address.

    The fragment goes, unless it is wanted (`fragment`): it may be all that tells two articles of one page
    apart. Host and scheme are lower case, international names are ASCII, the default port goes.
    """
    if href is None:
        return None
    href = _JUNK.sub("", href.strip(_EDGES))
    if len(href) > MAX_LENGTH:
        return None
    if _PLAIN.fullmatch(href) and "/." not in href:
        return href  # nothing to resolve or to mend, as in nine of ten
    if _PLAIN_PATH.fullmatch(href) and "/." not in href and (there := _PLAIN.fullmatch(base)):
        return f"{there[1]}{href}"
    try:
        parts = urlsplit(urljoin(base, href))
        host, port = _host_of(parts), parts.port
    except ValueError:  # an unclosed [, a port that is no number, a bad international name
        return None
    if parts.scheme not in DEFAULT_PORTS or host is None or port == 0 or parts.username or parts.password:
        return None
    netloc = f"[{host}]" if ":" in host else host
    if port is not None and port != DEFAULT_PORTS[parts.scheme]:
        netloc = f"{netloc}:{port}"
    path = quote(_without_dots(parts.path) or "/", safe=_ESCAPE_SAFE + "%")
    query = quote(parts.query, safe=_ESCAPE_SAFE + "%?")
    spot = quote(parts.fragment, safe=_ESCAPE_SAFE + "%?") if fragment else ""
    return urlunsplit((parts.scheme, netloc, path, query, spot))


def _host_of(parts: SplitResult) -> str | None:
    raw = (parts.hostname or "").rstrip(".")
    if not raw or "%" in raw:
        return None
    if ":" in raw:
        return str(ipaddress.IPv6Address(raw))
    host = raw if raw.isascii() else idna.encode(raw, uts46=True).decode("ascii")
    return host if _HOST.fullmatch(host) and len(host) <= 253 else None


def _without_dots(path: str) -> str:
    # urljoin removes dot segments of relative references only (RFC 3986 5.2.4 wants them gone everywhere)
    if "/." not in path:
        return path
    kept: list[str] = []
    segments = path.split("/")
    for segment in segments:
        if segment == "..":
            if len(kept) > 1:
                kept.pop()
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in (".", ".."):
        kept.append("")
    return "/".join(kept)


@lru_cache(maxsize=8192)
def clean(url: str) -> str:
    """`url` (absolute) as it is kept and shown: without tracking parameters, else as the site wrote it."""
    parts = urlsplit(url)
    if not parts.query and not parts.fragment:
        return url
    spot = parts.fragment
    if spot.startswith(":~:") or (spot and all(_is_tracking(pair) for pair in spot.split("&"))):
        spot = ""  # a passage that a browser is to mark, or how a visitor came
    kept = [pair for pair in parts.query.split("&") if pair and not _is_tracking(pair)]
    return urlunsplit(parts._replace(query="&".join(kept), fragment=spot))


def page(url: str) -> str:
    """`url` as it is requested: without its fragment."""
    return url.partition("#")[0]


def fragment(url: str) -> str:
    """What an address names inside its page; "" for the page itself.

    Routes of a script (`#/story/1`, `#!story`) are none: they name pages, and `key` holds them.
    """
    found = url.partition("#")[2]
    return "" if found.startswith(("/", "!")) else found


def _is_tracking(pair: str) -> bool:
    name = unquote(pair.partition("=")[0]).lower()
    return name in TRACKING or name.startswith(TRACKING_PREFIXES)


@lru_cache(maxsize=8192)
def key(url: str) -> str:
    """What two spellings of one page's address share; never shown, never requested.

    Folded: scheme, `www.`/`m.`/`amp.` hosts, AMP paths, tracking parameters, order of parameters, percent
    encoding, a last slash, an index file name.
    """
    parts = urlsplit(url)
    host = _TWIN_HOST.sub("", (parts.hostname or "").lower())
    port = f":{parts.port}" if parts.port and parts.port not in DEFAULT_PORTS.values() else ""
    path = _AMP_PATH.sub("", unquote(parts.path))
    path = _INDEX.sub("/", path).rstrip("/")
    pairs = [
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if not _is_tracking(name) and (name.lower(), value.lower()) not in AMP_QUERY
    ]
    query = f"?{urlencode(sorted(pairs))}" if pairs else ""
    route = parts.fragment if parts.fragment.startswith(("/", "!")) else ""  # of a page drawn by a script
    return f"{host}{port}{quote(path, safe=_ESCAPE_SAFE)}{query}{'#' if route else ''}{route}"


def place(page: str, name: str) -> str:
    """The key of a place in a page (`page`: that page's key), by `#fragment` or by a name of its own."""
    if len(name) > SHORT_NAME:
        name = name[0] + hashlib.blake2b(name.encode(), digest_size=16).hexdigest()
    return f"{page}{name}"


def old_address(text: str) -> str:
    """The address of a document that another system had, in the one spelling in which we compare it.

    Percent-encoding is undone (RFC 3986 2.1), letters are composed (NFC), parameters are sorted.
    """
    path, _, query = text.partition("?")
    pairs = sorted(parse_qsl(query, keep_blank_values=True))
    path = unicodedata.normalize("NFC", unquote(path))
    return f"{path}?{urlencode(pairs)}" if pairs else path


def host(url: str) -> str:
    """`host` or `host:port` (when the port is not the scheme's own) of an absolute address."""
    parts = urlsplit(url)
    name = parts.hostname or ""
    port = parts.port
    shown = f"[{name}]" if ":" in name else name
    return shown if port is None or port == DEFAULT_PORTS.get(parts.scheme) else f"{shown}:{port}"


def origin(url: str) -> str:
    """`scheme://host[:port]` of an absolute address."""
    return f"{urlsplit(url).scheme}://{host(url)}"


def same_site(one: str, other: str) -> bool:
    """Whether two addresses belong to one site: equal hosts, or one a sub-domain of the other."""
    a, b = (_TWIN_HOST.sub("", (urlsplit(u).hostname or "").lower()) for u in (one, other))
    return bool(a and b) and (a == b or a.endswith(f".{b}") or b.endswith(f".{a}"))


@lru_cache(maxsize=1024)
def same_publisher(one: str, other: str) -> bool:
    """Whether two addresses are of one publisher: the same host and port, or one registered domain.

    Of hosts without one (addresses, bare names) each port is another publisher.
    """
    return host(one) == host(other) or registered_domain(one) == registered_domain(other) != ""


def is_iri(text: str) -> bool:
    """Whether `text` is an absolute IRI that can serve as an Atom id (RFC 4287 4.2.6): scheme, colon, rest.

    Spaces, controls and angle brackets make it something else; `http:` needs a host.
    """
    match = re.fullmatch(r"([A-Za-z][A-Za-z0-9+.-]*):([^\s<>\"{}|\\^`\x00-\x1f\x7f]+)", text)
    if match is None or len(text) > MAX_LENGTH:
        return False
    scheme, rest = match[1].lower(), match[2]
    if scheme in DEFAULT_PORTS:
        return absolute("", text) is not None
    if scheme == "urn":
        return re.match(r"[A-Za-z0-9][A-Za-z0-9-]{0,31}:.", rest) is not None  # RFC 8141
    if scheme == "tag":
        return re.match(r"[^,:]+,\d{4}(-\d\d){0,2}:", rest) is not None  # RFC 4151
    return len(scheme) > 1 and scheme not in {"javascript", "data", "vbscript", "file", "about"}


_PASSWORD = re.compile(r"(?<=://)([^\s:/@]*):([^\s/]*)@")
_SECRET = re.compile(r"([?&;](?:password|passwd|pwd|secret|token|odbc_connect)=)[^&;\s]*", re.I)


def without_password(text: str) -> str:
    """`text` with the passwords in its addresses replaced by ***; for logs, reports and keys."""
    return _SECRET.sub(r"\1***", _PASSWORD.sub(r"\1:***@", text))
