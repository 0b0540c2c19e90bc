"""The files that pages and other sites load: stylesheets and scripts of this package, served as they are.

`embed-<n>.js` never changes once it was released: other sites pin its bytes by their hash (Subresource
Integrity). A new version of the script is a new file with the next number; the old ones stay.
"""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from feedsvc.model import Snapshot
from feedsvc.render.freeze import freeze

FOLDER = Path(__file__).parent / "static"
FOREVER = 365 * 86400  #: seconds; answers this old are immutable
PAGE_AGE = 86400  #: our own pages name their files with a version
NEWEST_AGE = 600  #: /embed.js: how soon a new version reaches those who pin none
_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}
_EMBED = re.compile(r"embed-(\d+)\.js")


def scripts() -> dict[int, Path]:
    """Number → file of every version of the embedding script."""
    found = ((_EMBED.fullmatch(path.name), path) for path in FOLDER.iterdir())
    return {int(match[1]): path for match, path in found if match}


@cache
def newest() -> int:
    """The number of the newest embedding script."""
    return max(scripts())


@cache
def integrity(number: int) -> str:
    """What a page writes into `integrity=` for a version of the embedding script."""
    digest = hashlib.sha384(scripts()[number].read_bytes()).digest()
    return f"sha384-{b64encode(digest).decode()}"


@cache
def version(name: str) -> str:
    """A short hash of a file, for its address in our pages."""
    return hashlib.sha256((FOLDER / name).read_bytes()).hexdigest()[:10]


def assets() -> list[Snapshot]:
    """All of them, in every coding, with their addresses."""
    found = []
    for path in sorted(FOLDER.iterdir()):
        if path.suffix not in _TYPES:
            continue
        if _EMBED.fullmatch(path.name):
            found.append(_asset(path, f"/{path.name}", FOREVER))
        else:
            found.append(_asset(path, f"/static/{path.name}", PAGE_AGE))
    found.append(_asset(scripts()[newest()], "/embed.js", NEWEST_AGE))
    return found


def _asset(path: Path, address: str, max_age: int) -> Snapshot:
    return freeze(
        path.read_bytes(),
        path=address,
        media_type=_TYPES[path.suffix],
        stored=datetime.fromtimestamp(int(path.stat().st_mtime), UTC),
        max_age=max_age,
    )
