"""Relative paths of a configuration begin at its file's folder, wherever a command is started."""

from __future__ import annotations

import os
from pathlib import Path


def located(written: str, folder: Path) -> str:
    """An absolute path; "" stays empty."""
    return os.path.normpath(folder / written) if written else ""


def located_database(url: str, folder: Path) -> str:
    """The address of a database, with an absolute path where it is a file (`sqlite:///relative`)."""
    head, mark, path = url.partition(":///")
    if not head.startswith("sqlite") or not mark or path in ("", ":memory:"):
        return url
    return f"{head}:///{located(path, folder)}"
