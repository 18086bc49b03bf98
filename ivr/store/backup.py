"""A copy of a home folder while its server runs: whole or not there, and proved when it is put back."""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

import msgspec

from ivr.errors import StoreFailed
from ivr.store.identity import IDENTITY
from ivr.store.lock import WriterLock
from ivr.store.readers import journal_is_there
from ivr.store.removals import RECORDINGS
from ivr.store.revisions import FOLDER
from ivr.store.schema import known_migrations, schema_version
from ivr.store.sqlite import JOURNAL

CONTENTS = "backup.json"
"""What is in the folder, with the sum of each file."""

_SINGLE = ("secrets.json", "pins.json", "tokens.json", IDENTITY, "addresses.json", "ivr.toml")
_BLOCK = 1 << 20


class BackedUp(msgspec.Struct, frozen=True, kw_only=True):
    """What a backup holds: `files` by their names from the home folder, with the SHA-256 of each; `begun_at` is UTC.

    `recordings` is false where messages were left out.
    """

    begun_at: datetime
    schema: int
    events: int
    calls: int
    recordings: bool
    files: dict[str, str]


def back_up(home: Path, to: Path, now: datetime, *, recordings: bool) -> BackedUp:
    """Copy what cannot be made again, as it was at one moment. Blocks; the server goes on meanwhile.

    Raises StoreFailed; then there is no folder `to`.
    """
    if not journal_is_there(home / JOURNAL):
        message = (
            f"there is no {home / JOURNAL}: no server has taken calls with this home folder yet"
        )
        raise StoreFailed(message)
    if to.exists():
        message = (
            f"{to} is there already: name a folder that is not, such as {to}-{now:%Y%m%dT%H%M}"
        )
        raise StoreFailed(message)
    building = to.with_name(f".{to.name}.{os.getpid()}")
    try:
        building.mkdir(mode=0o700, parents=True)
        schema, events, calls = _copy_journal(home / JOURNAL, building / JOURNAL)
        # After the journal: whatever recording it names is there, unless it was taken out meanwhile.
        for name in _names(home, recordings=recordings):
            _copy(home / name, building / name)
        found = BackedUp(
            begun_at=now,
            schema=schema,
            events=events,
            calls=calls,
            recordings=recordings,
            files={
                path.relative_to(building).as_posix(): _sum(path)
                for path in sorted(building.rglob("*"))
                if path.is_file()
            },
        )
        (building / CONTENTS).write_bytes(msgspec.json.format(msgspec.json.encode(found)))
        os.sync()
        building.rename(to)
    except (OSError, sqlite3.Error) as error:
        message = f"{home} cannot be backed up to {to}: {error}; nothing was left there"
        raise StoreFailed(message) from error
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return found


def restore(backup: Path, home: Path, now: datetime) -> tuple[BackedUp, Path | None]:
    """Make a home folder of a backup; one that is there is set aside, and returned. Blocks.

    Raises StoreFailed for a backup that is not whole, or a newer version's; then nothing was changed.
    """
    found = _read(backup)
    _prove(backup, found)
    building = home.with_name(f".{home.name}.{os.getpid()}")
    try:
        building.mkdir(mode=0o700, parents=True)
        for name in found.files:
            _copy(backup / name, building / name)
        os.sync()
        aside = _set_aside(home, now)
        building.rename(home)
    except OSError as error:
        message = f"{home} cannot be made of {backup}: {error}"
        raise StoreFailed(message) from error
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return found, aside


def _copy_journal(file: Path, to: Path) -> tuple[int, int, int]:
    """One snapshot, with its schema, events and calls."""
    os.close(os.open(to, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    uri = f"{file.absolute().as_uri()}?mode=rw"
    with closing(sqlite3.connect(uri, uri=True)) as here, closing(sqlite3.connect(to)) as there:
        here.execute("PRAGMA query_only = ON")
        here.backup(there)  # in one go: nobody who writes has it begin anew
        there.execute("PRAGMA journal_mode = DELETE")  # one file, without a log beside it
        (verdict,) = there.execute("PRAGMA quick_check(1)").fetchone()
        if verdict != "ok":
            message = f"{file} is damaged ({verdict}): start the server, which saves what can be read of it"
            raise StoreFailed(message)
        (events,) = there.execute("SELECT count(*) FROM call_event").fetchone()
        (calls,) = there.execute("SELECT count(*) FROM call").fetchone()
        return schema_version(there), int(events), int(calls)


def _names(home: Path, *, recordings: bool) -> Iterator[Path]:
    """From the home folder, what else is to be kept."""
    yield from (Path(name) for name in _SINGLE if (home / name).is_file())
    for folder in (FOLDER, *([RECORDINGS] if recordings else [])):
        for path in sorted((home / folder).rglob("*")):
            if path.is_file() and not path.is_symlink() and not path.name.startswith("."):
                yield path.relative_to(home)


def _copy(file: Path, to: Path) -> None:
    """For this user's eyes only. A file that has gone meanwhile was taken out: it is to be gone."""
    for folder in reversed(to.parents):
        folder.mkdir(mode=0o700, exist_ok=True)
    try:
        descriptor = os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with file.open("rb") as source, os.fdopen(descriptor, "wb") as target:
            shutil.copyfileobj(source, target, _BLOCK)
    except FileNotFoundError:
        to.unlink(missing_ok=True)


def _sum(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _read(backup: Path) -> BackedUp:
    try:
        found = msgspec.json.decode((backup / CONTENTS).read_bytes(), type=BackedUp)
    except (OSError, msgspec.DecodeError) as error:
        message = (
            f"{backup} is no backup of ours: {CONTENTS} cannot be read ({error}); name the folder that `ivr backup` "
            "made"
        )
        raise StoreFailed(message) from error
    newest = known_migrations()[-1].version
    if found.schema > newest:
        message = (
            f"{backup} has schema {found.schema} and this version knows {newest}: restore it with a version of "
            "Sentralbord that is as new as the one which made it"
        )
        raise StoreFailed(message)
    return found


def _prove(backup: Path, found: BackedUp) -> None:
    """Raises StoreFailed unless each file is there, and what it was."""
    for name, wanted in found.files.items():
        path = backup / name
        if Path(name).is_absolute() or ".." in Path(name).parts:
            message = f"{backup} is no backup of ours: it names {name}"
            raise StoreFailed(message)
        try:
            is_right = _sum(path) == wanted
        except OSError as error:
            message = (
                f"{backup} is not whole: {name} cannot be read ({error.strerror}); use an older one"
            )
            raise StoreFailed(message) from error
        if not is_right:
            message = f"{backup} is not whole: {name} is not what was backed up; use an older one"
            raise StoreFailed(message)


def _set_aside(home: Path, now: datetime) -> Path | None:
    if not home.exists():
        return None
    aside = home.with_name(f"{home.name}.before-{now:%Y%m%dT%H%M%SZ}")
    lock = WriterLock(home / JOURNAL)
    lock.take()  # whoever writes there would go on in the folder that is set aside
    try:
        home.rename(aside)
    finally:
        lock.release()
    return aside
