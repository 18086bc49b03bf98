"""The store on PostgreSQL, where the settings name one: is it there, is it this home folder's, and does it have all?"""

from __future__ import annotations

import importlib.util
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from ivr.diagnosis.symptom import Symptom, doubtful, right, wrong
from ivr.disk import MEND
from ivr.errors import StoreFailed
from ivr.settings import StoreSettings
from ivr.store.identity import known_identity
from ivr.store.postgres.address import PostgresAddress

_SUBJECT = "postgresql"
_OTHERS = 0o077


def postgresql(store: StoreSettings, home: Path) -> Iterator[Symptom]:
    """Look at it and its password; nothing where there is none. Calls wait for neither, so little of it is wrong."""
    if store.url is None:
        return
    if importlib.util.find_spec("psycopg") is None:
        mend = "install the extra: `pip install 'sentralbord[postgresql]'`"
        yield wrong(_SUBJECT, "this installation cannot speak to it", mend)
        return
    address = PostgresAddress(store.url, store.password_file)
    if store.password_file is not None and _is_open_to_others(store.password_file):
        mend = f"`chmod 600 {store.password_file}`"
        yield doubtful("password", f"others may read {store.password_file}", mend)
    yield _looked_at(address, home)


def _looked_at(address: PostgresAddress, home: Path) -> Symptom:
    from ivr.store.moving import what_is_there  # noqa: PLC0415 - only where there is a driver
    from ivr.store.schema import known_migrations  # noqa: PLC0415 - as above

    try:
        there = what_is_there(address)
        known = known_identity(home)
    except StoreFailed as error:
        says, _, mend = str(error).partition(MEND)
        return doubtful(_SUBJECT, says, mend or "put right what it names")
    newest = known_migrations()[-1].version
    if there.schema > newest:
        says = f"{address.told} has schema {there.schema}, and this version knows {newest}"
        mend = "start a version as new as the one which wrote it, or name another database in `[store] url`"
        return doubtful(_SUBJECT, says, mend)
    if there.home is None:
        return right(_SUBJECT, f"{address.told} has no calls yet: the server sends them")
    if there.home != known:
        says = f"{address.told} holds the calls of another home folder, last written {there.at}"
        mend = (
            "give this one a database of its own; or, if that home folder is gone, get its calls into a new one with "
            "`ivr store fetch`"
        )
        return doubtful(_SUBJECT, says, mend)
    if there.schema < newest or not there.is_whole:
        return right(_SUBJECT, f"{address.told} does not have everything yet: the server sends it")
    return right(_SUBJECT, f"{address.told}, last written {there.at}")


def _is_open_to_others(file: Path) -> bool:
    """One that cannot be looked at is told by whoever reads it; one that is not ours (a container's) is not."""
    try:
        found = file.stat()
    except OSError:
        return False
    return found.st_uid == os.getuid() and bool(stat.S_IMODE(found.st_mode) & _OTHERS)
