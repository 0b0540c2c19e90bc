"""What a store needs of this machine, looked at before anything is opened."""

from __future__ import annotations

import os
from pathlib import Path

from sqlalchemy import exc
from sqlalchemy.engine import make_url

from feedsvc.store.address import sqlite_file


def unusable(url: str) -> str:
    """Why a store cannot be written, and what to do; "" where nothing speaks against it.

    Nothing is made, and no server is asked.
    """
    try:
        make_url(url).get_dialect().import_dbapi()
    except (exc.ArgumentError, exc.NoSuchModuleError):
        return "[store] url: no such kind of database; write sqlite:///… or postgresql+psycopg://…"
    except ModuleNotFoundError:
        return "[store] url: the driver is missing; pip install 'feedsvc[postgres]'"
    return _of_file(Path(sqlite_file(url))) if sqlite_file(url) else ""


def _of_file(file: Path) -> str:
    folder = file.parent
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    if not folder.is_dir():
        words = f"{folder} is no folder"
    elif file.is_dir():
        words = f"{file} is a folder"
    elif not _may(folder, os.W_OK | os.X_OK):
        words = f"this user may not write in {folder} (SQLite needs more than one file), or it is read-only"
    elif file.exists() and not _may(file, os.R_OK | os.W_OK):
        words = f"this user may not write {file}"
    else:
        return ""
    return f"[store] url: {words}; give this user rights, or choose another place"


def _may(path: Path, mode: int) -> bool:
    return os.access(path, mode, effective_ids=True)
