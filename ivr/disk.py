"""Why a disk does not take what is written, and what mends it: each cause in its own words."""

from __future__ import annotations

import errno
import os
import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

PROBE_BYTES = 65_536
"""More than a file system has left over in a block that is in use already."""


@dataclass(frozen=True, slots=True)
class Cause:
    """Two parts of a sentence: what is in the way, and what to do about it."""

    says: str
    mend: str


MEND = ". To mend it, "
"""What stands between the two, where they are told in one."""

FULL = Cause("its disk is full", "make room on the disk")
OVER_QUOTA = Cause(
    "this user's share of the disk is used up", "raise the quota of this user, or remove files"
)
TOO_LARGE = Cause(
    "the file may not grow any more",
    "raise the limit on the size of files (`LimitFSIZE=`, `ulimit -f`), or use a disk that holds larger ones",
)
READ_ONLY = Cause(
    "its disk is mounted read-only",
    "find out why (`dmesg`: a disk that fails does this by itself), then mount it writable again",
)
NOT_ALLOWED = Cause(
    "this user may not write it",
    "give the home folder and all in it back to the user that the server runs as (`chown -R`, `chmod u+rwX`)",
)
NO_MORE_FILES = Cause(
    "no more files may be open",
    "raise the limit on open files (`LimitNOFILE=`, `ulimit -n`), then start again",
)
FOLDER_GONE = Cause(
    "its folder is not there",
    "put the home folder back where it was, or mount its disk",
)
IN_THE_WAY = Cause(
    "something else lies in its place, or its folder's",
    "look what it is, and move it away",
)
FAULTY = Cause(
    "its disk reports an error",
    "look at what the machine says of the disk (`dmesg`), and replace it",
)
UNKNOWN = Cause("it is not known why", "look at what the machine says of the disk (`dmesg`)")

_BY_NUMBER = {
    errno.ENOSPC: FULL,
    errno.EDQUOT: OVER_QUOTA,
    errno.EFBIG: TOO_LARGE,
    errno.EROFS: READ_ONLY,
    errno.EACCES: NOT_ALLOWED,
    errno.EPERM: NOT_ALLOWED,
    errno.EMFILE: NO_MORE_FILES,
    errno.ENFILE: NO_MORE_FILES,
    errno.ENOENT: FOLDER_GONE,
    errno.ENOTDIR: IN_THE_WAY,
    errno.EEXIST: IN_THE_WAY,
    errno.EISDIR: IN_THE_WAY,
    errno.EIO: FAULTY,
}


def cause_by(error: OSError) -> Cause:
    """What the system's error means for somebody who wanted to write."""
    return _BY_NUMBER.get(error.errno or 0, UNKNOWN)


def is_of(error: OSError, folder: Path) -> bool:
    """Whether it befell something in the folder, or (where it names no file) is one that only disks have."""
    named = [Path(os.fsdecode(one)) for one in (error.filename, error.filename2) if one]
    if not named:
        return error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS}
    return any(one.is_relative_to(folder) for one in named)


def cause_by_trial(folder: Path, name: str) -> Cause | None:
    """Why no file can be written in the folder; None where one can. Blocks: one is written, as `name`, and removed."""
    probe = folder / name
    try:
        descriptor = os.open(probe, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            os.write(descriptor, bytes(PROBE_BYTES))
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
            with suppress(OSError):
                probe.unlink()
    except OSError as error:
        return cause_by(error)
    return None


def cause_at_a_glance(folder: Path, wanted_bytes: int) -> Cause | None:
    """Why so much could not be written to the folder now, as far as can be seen without writing."""
    try:
        if os.statvfs(folder).f_flag & os.ST_RDONLY:
            return READ_ONLY
        if shutil.disk_usage(folder).free < wanted_bytes:
            return FULL
    except OSError as error:
        return cause_by(error)
    return None if os.access(folder, os.W_OK | os.X_OK) else NOT_ALLOWED
