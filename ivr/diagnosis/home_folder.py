"""The home folder: who may read it, what is secret in it, and the journal."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from ivr.diagnosis.symptom import Symptom, doubtful, right, wrong
from ivr.errors import IvrError
from ivr.store.open import open_store

_SECRETS = "secrets.json"
_OTHERS = 0o077


def home_folder(home: Path) -> Iterator[Symptom]:
    """Look at the folder and the secrets in it."""
    yield _folder(home)
    secrets = home / _SECRETS
    if os.path.exists(secrets):
        yield _secrets(secrets)


def journal(home: Path) -> tuple[Symptom, datetime | None]:
    """Look at what is kept here, wherever it is sent; and the time of the newest call of all, where there is one."""
    store = open_store(home, {})
    try:
        if not store.has_begun():
            return right("journal", "none yet: the first server makes it"), None
        with store.reading() as stored:
            newest = stored.calls.latest(1)
            left = len(stored.calls.open_calls())
    except IvrError as error:
        return wrong("journal", str(error), "do what it says, or put a backup in its place"), None
    at = newest[0].arrived_at if newest else None
    told = f"the newest call is of {at:%Y-%m-%d %H:%M} UTC" if at else "no call has ended yet"
    return right("journal", f"{told}; {left} under way or not ended"), at


def _folder(home: Path) -> Symptom:
    if not os.path.exists(home):
        parent = next(folder for folder in home.parents if folder.exists())
        if os.access(parent, os.W_OK | os.X_OK):
            return right("home", f"{home} is not there yet: the first server makes it")
        return wrong("home", f"{home} is not there", f"make it, or let this user write in {parent}")
    if not home.is_dir():
        return wrong("home", f"{home} is no folder", "name another with --home")
    if not os.access(home, os.R_OK | os.W_OK | os.X_OK):
        mend = "ask as the user that the server runs as, or give it to this one (`chown -R`, `chmod u+rwX`)"
        return wrong("home", f"this user may not read and write {home}", mend)
    if stat.S_IMODE(home.stat().st_mode) & _OTHERS:
        mend = f"`chmod 700 {home}`: callers' numbers and messages lie in it"
        return doubtful("home", f"others of this machine may look into {home}", mend)
    return right("home", f"{home}, for this user only")


def _secrets(file: Path) -> Symptom:
    if stat.S_IMODE(file.stat().st_mode) & _OTHERS:
        mend = f"`chmod 600 {file}`, and renew the phones' passwords: somebody may know them"
        return wrong("secrets", f"others may read {file}", mend)
    return right("secrets", f"{file.name} is for this user only")
