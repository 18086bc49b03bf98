"""What phones and commands cannot do without in the home folder: held, and put back where the folder was deleted."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import structlog

from ivr.aside import aside
from ivr.private_file import new_private_folder, write_private
from ivr.server.home import Home

log = structlog.get_logger()

LOOK_SECONDS = 2.0
"""How often it is looked whether the folder still is the one that was opened."""

HELD = ("secrets.json", "pins.json", "tokens.json", "speech.secret", "server.json", "ivr.toml")
"""Small files, which no other place has: passwords, sums of PINs and tokens, where we are, and the settings."""


@dataclass(slots=True)
class HomeFiles:
    """The files as they were last in the folder that the server was started with.

    One of them that is removed by itself stays away: whoever did so meant it. `also` puts back what Asterisk has there,
    where that is gone.
    """

    folder: Path
    descriptor: int
    also: Callable[[], None]
    _texts: dict[str, str] = field(default_factory=dict)
    _stamps: dict[str, tuple[int, int, int]] = field(default_factory=dict)
    _missing: set[str] = field(default_factory=set)
    _put_back: tuple[str, ...] = ()

    @classmethod
    def of(cls, home: Home, also: Callable[[], None]) -> Self:
        """Holds on to the folder, so that no later one is taken for it; until the process ends."""
        return cls(home.folder, os.open(home.folder, os.O_PATH | os.O_DIRECTORY), also)

    async def run(self) -> None:
        """Look again and again, until cancelled."""
        while True:
            await aside(self.look)
            await asyncio.sleep(LOOK_SECONDS)

    def problems(self) -> Iterator[str]:
        """What `/health` is to say."""
        if self._put_back:
            yield (
                f"the home folder {self.folder} was deleted, or another put in its place, while this server ran: "
                f"{', '.join(self._put_back)} were written again as they had been, and so was the journal; rules of "
                "before, messages and other recordings that lay there are gone: stop the server, and put them back "
                "from a backup (`ivr restore`)"
            )

    def look(self) -> None:
        """Read what is new; put back what is gone with its folder. Blocks, and never raises."""
        with suppress(OSError):
            held = os.fstat(self.descriptor)
            try:
                there = self.folder.stat()
            except FileNotFoundError:
                if (
                    held.st_nlink > 0
                ):  # moved away: the journal says so, and nothing is to be in the way of its return
                    return
                new_private_folder(self.folder)
                there = self.folder.stat()
            if os.path.samestat(held, there):
                self._read()
            else:
                self._write_again()
            self.also()

    def _read(self) -> None:
        for name in HELD:
            file = self.folder / name
            try:
                found = file.stat()
                stamp = (found.st_ino, found.st_size, found.st_mtime_ns)
                if self._stamps.get(name) != stamp:
                    self._texts[name] = file.read_text("utf-8")
                    self._stamps[name] = stamp
                self._missing.discard(name)
            except FileNotFoundError:
                if name in self._missing:  # else the folder itself may be about to go, file by file
                    self._texts.pop(name, None)
                    self._stamps.pop(name, None)
                self._missing.add(name)
            except ValueError:  # no text: nothing of ours
                continue

    def _write_again(self) -> None:
        """Another folder is in its place: from now on that is ours."""
        written = [name for name in self._texts if not (self.folder / name).exists()]
        for name in written:
            write_private(self.folder / name, self._texts[name])
        if written:
            self._put_back = tuple(written)
            log.error("the home folder was deleted", written_again=written, home=str(self.folder))
        before = self.descriptor
        self.descriptor = os.open(self.folder, os.O_PATH | os.O_DIRECTORY)
        os.close(before)
        self._stamps.clear()
