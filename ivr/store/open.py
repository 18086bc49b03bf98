"""The one door to what is stored: whoever opens it here need not know where it lies, or in what."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from ivr.errors import StoreFailed
from ivr.settings import StoreSettings
from ivr.store.door import Store
from ivr.store.postgres.address import PostgresAddress, address_in
from ivr.store.sqlite import NOWHERE, SqliteStore

_NO_DRIVER = (
    "the store is on PostgreSQL, and this installation cannot speak to it: install the extra, "
    "`pip install 'sentralbord[postgresql]'`"
)


def open_store(home: Path, environment: Mapping[str, str] = os.environ) -> Store:
    """The store of the server with this home folder. Reads and makes nothing yet.

    With IVR_STORE__URL in the environment it is read from that PostgreSQL. Raises StoreFailed without a driver for it.
    """
    local = SqliteStore(home)
    address = address_in(environment)
    if address is None:
        return local
    try:
        from ivr.store.postgres.store import PostgresStore  # noqa: PLC0415 - only where there is a driver
    except ImportError as error:
        raise StoreFailed(_NO_DRIVER) from error
    return PostgresStore(address, local)


def open_server_store(home: Path, settings: StoreSettings) -> Store:
    """The same as the server has it that takes the calls: kept in the home folder, and sent on from there."""
    if settings.url is None:
        return SqliteStore(home, to=NOWHERE)
    try:
        import psycopg  # noqa: F401, PLC0415 - only to learn whether it is there
    except ImportError as error:
        raise StoreFailed(_NO_DRIVER) from error
    return SqliteStore(home, to=PostgresAddress(settings.url, settings.password_file))
