"""A copy of a home folder while its server runs: whole or not there. `restoring` puts it back."""

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
from ivr.private_file import new_private, new_private_folder
from ivr.store.half_made import half_made
from ivr.store.identity import IDENTITY
from ivr.store.lock import JOURNAL
from ivr.store.reading import journal_is_there
from ivr.store.removals import RECORDINGS
from ivr.store.revisions import FOLDER
from ivr.store.schema import schema_version

CONTENTS = "backup.json"
"""What is in the folder, with the sum of each file."""

_SINGLE = ("secrets.json", "pins.json", "tokens.json", IDENTITY, "addresses.json", "ivr.toml")
_FOLDERS = (FOLDER, "drafts", "asterisk/log/cel-custom")
"""Texts of rules, prompts that somebody has read over the phone, and Asterisk's own ledger of calls."""

_BLOCK = 1 << 20

LEFT_FREE_BYTES = 50_000_000
"""On the disk that the server writes to: for messages and calls' events, while the backup is made and after it."""


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

    Raises StoreFailed; then there is no folder `to`, nor anything half-made.
    """
    named, to = to, to.resolve()  # where it lies, and on that disk, if it is named by a link
    if not journal_is_there(home / JOURNAL):
        message = (
            f"there is no {home / JOURNAL}: no server has taken calls with this home folder yet"
        )
        raise StoreFailed(message)
    _refuse_own_home(home, named, to, now)
    if to.exists():
        message = f"{named} is there already: name a folder that is not, such as {named}-{now:%Y%m%dT%H%M}"
        raise StoreFailed(message)
    try:
        with half_made(to.parent, to.name) as building:
            _refuse_full_disk(home, to.parent, recordings=recordings)
            schema, events, calls = _copy_journal(home / JOURNAL, building.folder / JOURNAL)
            # After the journal: whatever recording it names is there, unless it was taken out meanwhile.
            for name in _names(home, recordings=recordings):
                copy_file(home / name, building.folder / name)
            found = BackedUp(
                begun_at=now,
                schema=schema,
                events=events,
                calls=calls,
                recordings=recordings,
                files={
                    path.relative_to(building.folder).as_posix(): sum_of(path)
                    for path in building.files
                },
            )
            (building.folder / CONTENTS).write_bytes(
                msgspec.json.format(msgspec.json.encode(found))
            )
            building.becomes(to)
    except (OSError, sqlite3.Error) as error:
        message = f"{home} cannot be backed up to {named}: {error}; nothing was left there"
        raise StoreFailed(message) from error
    return found


def _refuse_own_home(home: Path, named: Path, to: Path, now: datetime) -> None:
    """By whatever name, so that it is not lost with what it is a copy of. Raises StoreFailed."""
    if any(folder.exists() and folder.samefile(home) for folder in (to, *to.parents)):
        message = (
            f"{named} lies in the home folder {home}, and would be lost with it: name a folder elsewhere, best on "
            f"another disk, such as /var/backups/{home.resolve().name}-{now:%Y%m%dT%H%M}"
        )
        raise StoreFailed(message)


def _refuse_full_disk(home: Path, within: Path, *, recordings: bool) -> None:
    """Before it is full: the server may write on the same one. Raises StoreFailed."""
    journal = home / JOURNAL
    files = [journal, journal.with_name(f"{JOURNAL}-wal")]
    files += (home / name for name in _names(home, recordings=recordings))
    wanted = sum(_size(file) for file in files)
    is_homes = within.stat().st_dev == home.stat().st_dev
    free = shutil.disk_usage(within).free
    if free < wanted + (LEFT_FREE_BYTES if is_homes else 0):
        besides = f", and the server's own disk is to keep {LEFT_FREE_BYTES / 1e6:.0f} MB free"
        message = (
            f"{within} has {free / 1e6:.0f} MB free and the backup takes {wanted / 1e6:.0f} MB"
            f"{besides if is_homes else ''}: make room, name a folder on another disk, or leave the messages' sound "
            "out (--without-recordings)"
        )
        raise StoreFailed(message)


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:  # it has gone meanwhile
        return 0


def _copy_journal(file: Path, to: Path) -> tuple[int, int, int]:
    """One snapshot, with its schema, events and calls."""
    os.close(new_private(to))
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
    for folder in (*_FOLDERS, *([RECORDINGS] if recordings else [])):
        for path in sorted((home / folder).rglob("*")):
            if path.is_file() and not path.is_symlink() and not path.name.startswith("."):
                yield path.relative_to(home)


def copy_file(file: Path, to: Path) -> None:
    """For this user's eyes only. A file that has gone meanwhile was taken out: it is to be gone."""
    new_private_folder(to.parent)
    try:
        with file.open("rb") as source, os.fdopen(new_private(to), "wb") as target:
            shutil.copyfileobj(source, target, _BLOCK)
    except FileNotFoundError:
        to.unlink(missing_ok=True)


def sum_of(file: Path) -> str:
    """Its SHA-256."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
