"""A home folder that is held while no server runs: nobody else's server takes it between one of ours and the next."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Self

import structlog

from ivr.errors import StoreFailed
from ivr.store.lock import JOURNAL, LEFT, WriterLock

log = structlog.get_logger()


class HeldHome:
    """Held in the scope. What is started with these `words` in its environment and this `descriptor` shares it."""

    def __init__(self, home: Path) -> None:
        self.folder = home
        self._lock = WriterLock(home / JOURNAL)

    def __enter__(self) -> Self:
        """Raises StoreFailed where another server has it. What else is wrong is the server's to tell."""
        with suppress(OSError):
            self._lock.take()
        return self

    def __exit__(self, *_: object) -> None:
        self._lock.release()

    @property
    def descriptor(self) -> int | None:
        """None where it could not be taken."""
        return self._lock.descriptor

    @property
    def moved_to(self) -> Path | None:
        """Where it lies by now, where it was moved away."""
        return self._lock.moved_to

    @property
    def words(self) -> dict[str, str]:
        """For the environment of a server."""
        return {} if self.descriptor is None else {LEFT: str(self.descriptor)}

    def leave_nothing(self, made: Iterable[Path]) -> None:
        """Where no server came of it: take away the lock's file, if nothing else lies there, and what is empty then.

        `made` are those that were made for it, the innermost first.
        """
        with suppress(OSError):
            if [one.name for one in self.folder.iterdir()] == [self._lock.path.name]:
                self._lock.path.unlink()
            for folder in made:
                folder.rmdir()

    def hold_again(self) -> bool:
        """Have it again where its file was taken away, or it could not be taken; False where it is had all along."""
        if self._lock.is_found:
            return False
        self._lock.release()
        try:
            self._lock.take()
        except (OSError, StoreFailed) as error:
            log.warning("the home folder is not held between two servers", error=str(error))
        return True
