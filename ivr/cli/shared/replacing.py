"""Several files written as one: all of them, or none."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import click


def replace_all(texts: Mapping[Path, bytes], moves: Mapping[Path, Path]) -> None:
    """Write each text over its file and move each file; on an error, put back what was done and end the command."""
    done: list[tuple[Path, Path]] = []
    beside: list[Path] = []
    try:
        ready = []
        for path in texts:
            file = path.resolve()
            new, kept = _beside(file, texts[path]), _beside(file, file.read_bytes())
            beside += [new, kept]
            ready.append((new, kept, file))
        for new, kept, file in ready:
            new.replace(file)
            done.append((kept, file))
        for old, moved in moves.items():
            old.rename(moved)
            done.append((moved, old))
    except OSError as error:
        stranded = _put_back(done)
        beside = [path for path in beside if path not in stranded]
        told = f"cannot write {error.filename}: {error.strerror or error}"
        if not stranded:
            message = f"nothing was changed: {told}"
            raise click.ClickException(message) from error
        moves_left = ", ".join(f"{kept} to {file}" for kept, file in stranded.items())
        message = f"{told}, nor can all be put back: move {moves_left}"
        raise click.ClickException(message) from error
    finally:
        for path in beside:
            with suppress(OSError):
                path.unlink(missing_ok=True)


def _put_back(done: Sequence[tuple[Path, Path]]) -> dict[Path, Path]:
    """Undo in turn; what cannot be put back stays where it is kept, and where it belongs is told."""
    stranded = {}
    for kept, file in reversed(done):
        try:
            kept.replace(file)
        except OSError:
            stranded[kept] = file
    return stranded


def _beside(file: Path, text: bytes) -> Path:
    """A file with this text in the same folder, on the disk before it is needed."""
    with tempfile.NamedTemporaryFile(dir=file.parent, prefix=f".{file.name}-", delete=False) as new:
        new.write(text)
        new.flush()
        os.fsync(new.fileno())
    Path(new.name).chmod(stat.S_IMODE(file.stat().st_mode))
    return Path(new.name)
