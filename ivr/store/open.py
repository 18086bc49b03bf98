"""The one door to what is stored: whoever opens it here need not know where it lies, or in what."""

from __future__ import annotations

from pathlib import Path

from ivr.store.door import Store
from ivr.store.sqlite import SqliteStore


def open_store(home: Path) -> Store:
    """The store of the server with this home folder. Reads and makes nothing yet."""
    return SqliteStore(home)
