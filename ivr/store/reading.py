"""Opening what is stored so that it can be read and not changed, whether a server writes it meanwhile or not.

Every function blocks for as long as the database reads.
"""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

import msgspec
from sqlalchemy import Connection, Engine, QueuePool, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from ivr.errors import StoreFailed
from ivr.store.schema import known_migrations, require_current

_AS_ITS_USER = "; it is another user's: ask as the user that the server runs as"


def journal_is_there(path: Path) -> bool:
    """Whether any server has made this file. Raises StoreFailed where this user may not look."""
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        message = f"{path} cannot be read ({error.strerror}){_AS_ITS_USER}"
        raise StoreFailed(message) from error


def engine_for_reading(path: Path) -> Engine:
    """Reads the file and cannot change it. Raises StoreFailed where there is none, or another version's."""
    if not journal_is_there(path):
        message = f"there is no {path}: no server has taken calls with this home folder yet"
        raise StoreFailed(message)
    _require_known_schema(path)
    engine = create_engine("sqlite://", creator=partial(_connect, path), poolclass=QueuePool)
    event.listen(engine, "begin", _begin)
    return engine


@contextmanager
def session_on(engine: Engine, path: Path | str, *, use: str = "read") -> Iterator[Session]:
    """One snapshot of the store, however many queries. Raises StoreFailed: `path` cannot be put to this use."""
    try:
        with Session(engine) as session:
            yield session
    except DBAPIError as error:
        message = f"{path} cannot be {use}: {error.orig}"
        raise StoreFailed(message) from error
    except msgspec.ValidationError as error:
        message = f"{path} holds a word that this version does not know: {error}"
        raise StoreFailed(message) from error


def _require_known_schema(path: Path) -> None:
    try:
        with closing(_connect(path)) as connection:
            require_current(connection, known_migrations())
    except sqlite3.Error as error:
        is_ours = os.access(path, os.R_OK | os.W_OK, effective_ids=True)
        message = f"{path} cannot be read: {error}{'' if is_ours else _AS_ITS_USER}"
        raise StoreFailed(message) from error


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")  # the driver begins none by itself for reading


def _connect(path: Path) -> sqlite3.Connection:
    # Not `mode=ro`: the last reader of a server that was killed must be able to take up its log.
    uri = f"{path.absolute().as_uri()}?mode=rw"
    connection = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA query_only = ON")
    return connection
