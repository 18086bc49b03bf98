"""`ivr serve --watched`: a small process that starts the server, ends it when it hangs, and starts the next.

It listens to what the server tells systemd elsewhere (watcher.py). In a container it is the first process, so that
Asterisk outlives the server there too. It has a second server wait for the first one's end (spare.py): whoever calls
does not hear how long a program takes to load. It holds the home folder all the while (ivr/store/held.py): between two
servers of ours, nobody else's takes it.
"""

from __future__ import annotations

import os
import selectors
import signal
import socket
import struct
import sys
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from time import monotonic
from types import FrameType
from typing import Self

import structlog

from ivr.server.home import Home
from ivr.server.spare import Spare, start
from ivr.server.watcher import SILENCE, SOCKET, WHOSE
from ivr.store.held import HeldHome

log = structlog.get_logger()

SILENCE_SECONDS = 10.0
"""A server whose loop has said nothing for so long is ended."""

START_SILENCE_SECONDS = 300.0
"""The same for one that takes no calls yet: it may look through a large journal."""

STOP_SILENCE_SECONDS = 30.0
"""The same for one that is stopping: its loop ends before Asterisk does."""

DUMP_SECONDS = 2.0
"""How long it has then to write down where it hangs."""

AGAIN_SECONDS = 1.0
"""Between a server that failed before it had taken calls for so long, and the next. After others there is no pause."""

SPARE_SECONDS = 1.0
"""A server that has taken calls for so long gets its spare: until then there are callers of the last one to take up."""

SPARE_AGAIN_SECONDS = 60.0
"""How often it is looked whether the spare is still there."""

LOOK_SECONDS = 1.0
"""How often its silence is looked at. Where we were held up ourselves, its silence grows by no more than this."""

_STOPS = (signal.SIGTERM, signal.SIGINT)
_PASSED_ON = (*_STOPS, signal.SIGHUP, signal.SIGUSR1)
_CREDENTIALS = struct.Struct("3i")


def watch(argv: Sequence[str], home: Path) -> int:
    """Have `argv` run until it is told to stop, or cannot begin; its exit code. Blocks.

    Raises ConfigRefused where that home folder cannot be made, and StoreFailed where it is another server's.
    """
    missing = [folder for folder in (home, *home.parents) if not folder.exists()]
    with (
        HeldHome(Home.open(home).folder) as held,
        _Ears() as ears,
        _Starter(argv, ears.address, held) as starter,
    ):
        has_served = False
        while True:
            server = _Served(starter.next(), ears, starter)
            code = server.follow()
            has_served |= server.is_ready
            if not has_served:
                held.leave_nothing(missing)
            if ears.is_stopping or not has_served:
                return code
            log.warning("the server has ended: the next is started", exit_code=code)
            if not _has_home(held, ears):
                return code
            if held.hold_again() or code == 0:  # a restart, and perhaps for a new version
                starter.drop_spare()
            is_hasty = code != 0 and server.served_seconds < AGAIN_SECONDS
            if is_hasty and ears.is_told_to_stop(AGAIN_SECONDS):
                return code


def _has_home(held: HeldHome, ears: _Ears) -> bool:
    """Wait while the home folder is moved away: the next server would begin another; False when told to stop first."""
    if (to := held.moved_to) is not None:
        mend = f"move it back: `mv {to} {held.folder}`"
        log.error(
            "no server is started, since the home folder was moved away", to=str(to), mend=mend
        )
    while held.moved_to is not None:
        if ears.is_told_to_stop(AGAIN_SECONDS):
            return False
    return True


class _Ears:
    """The signals that we get, and the socket at which the server talks to us."""

    def __init__(self) -> None:
        self.is_stopping = False
        self._open = ExitStack()

    def __enter__(self) -> Self:
        kind = socket.SOCK_DGRAM | socket.SOCK_NONBLOCK
        self.words = self._open.enter_context(socket.socket(socket.AF_UNIX, kind))
        self.words.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        self.words.bind("")  # the system chooses a name that is nobody else's
        self.address = "@" + self.words.getsockname()[1:].decode("ascii")
        pair = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
        self.signals, woken = map(self._open.enter_context, pair)
        before = signal.set_wakeup_fd(woken.fileno(), warn_on_full_buffer=False)
        self._open.callback(signal.set_wakeup_fd, before)
        for number in _PASSED_ON:
            self._open.callback(signal.signal, number, signal.signal(number, _heard))
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def heard(self) -> list[int]:
        """The signals since the last time."""
        try:
            numbers = [number for number in self.signals.recv(100) if number in _PASSED_ON]
        except BlockingIOError:
            return []
        self.is_stopping |= any(number in _STOPS for number in numbers)
        return numbers

    def is_told_to_stop(self, within_seconds: float) -> bool:
        """Wait so long for it, while no server runs."""
        ends_at = monotonic() + within_seconds
        with selectors.DefaultSelector() as waits:
            waits.register(self.signals, selectors.EVENT_READ)
            while not self.is_stopping and (left := ends_at - monotonic()) > 0:
                if waits.select(left):
                    self.heard()
        return self.is_stopping

    def words_of(self, pid: int) -> list[str]:
        """What that process has said since the last time; what others send counts for nothing."""
        found: list[str] = []
        with suppress(BlockingIOError):
            while True:
                said, ancillary, *_ = self.words.recvmsg(4096, socket.CMSG_SPACE(_CREDENTIALS.size))
                senders = [_CREDENTIALS.unpack(raw)[0] for _, _, raw in ancillary]
                if senders == [pid]:
                    found += said.decode("utf-8", "replace").splitlines()
        return found


class _Starter:
    """Starts servers, and has a spare. `address` is where they are to say how they are, `held` what is left to them."""

    def __init__(self, argv: Sequence[str], address: str, held: HeldHome) -> None:
        words = {SOCKET: address, SILENCE: str(round(SILENCE_SECONDS * 1e6))}
        self._argv = tuple(argv)
        self._given = {**os.environ, **words}
        self._given.pop(WHOSE, None)
        self._held = held
        self._spare: Spare | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.drop_spare()

    def next(self) -> int:
        """The pid of a server that begins now."""
        spare = self._spare
        if spare is not None and spare.go():
            self._spare = None
            return spare.pid
        self.drop_spare()
        return start(self._argv, self._environment, self._left_open)

    def have_spare(self) -> None:
        """Start one, or another in place of one that is gone."""
        if self._spare is None or not self._spare.is_alive:
            self.drop_spare()
            try:
                self._spare = Spare(self._argv, self._environment, self._left_open)
            except OSError as error:
                log.warning("no spare could be started", error=str(error))

    @property
    def _environment(self) -> dict[str, str]:
        return {**self._given, **self._held.words}

    @property
    def _left_open(self) -> tuple[int, ...]:
        return () if self._held.descriptor is None else (self._held.descriptor,)

    def drop_spare(self) -> None:
        """The next server loads its program as it is then."""
        spare, self._spare = self._spare, None
        if spare is not None:
            spare.end()


class _Served:
    """One server, from its start to its end. `served_seconds`: how long it has taken calls."""

    def __init__(self, pid: int, ears: _Ears, starter: _Starter) -> None:
        self._pid = pid
        self._descriptor = os.pidfd_open(pid)
        self._ears = ears
        self._starter = starter
        self._silence_seconds = 0.0
        self._spare_seconds = SPARE_SECONDS
        self.served_seconds = 0.0
        self.is_ready = False

    def follow(self) -> int:
        """Pass signals on, listen, and end it when it is silent; how it ended, in a shell's way of counting."""
        try:
            with selectors.DefaultSelector() as waits:
                for heard in (self._ears.words, self._ears.signals, self._descriptor):
                    waits.register(heard, selectors.EVENT_READ)
                while (status := self._buried()) is None:
                    before = monotonic()
                    waits.select(LOOK_SECONDS)
                    self._listen(monotonic() - before)
            self._listen(0.0)  # the last words of one that said them and was gone
        finally:
            os.close(self._descriptor)
        code = os.waitstatus_to_exitcode(status)
        return code if code >= 0 else 128 - code

    def _listen(self, passed_seconds: float) -> None:
        for number in self._ears.heard():
            self._signal(number)
        said = self._ears.words_of(self._pid)
        self.is_ready |= "READY=1" in said
        passed_seconds = min(passed_seconds, LOOK_SECONDS)
        self._silence_seconds += passed_seconds
        if self.is_ready:
            self._serves(passed_seconds)
        if said:
            self._silence_seconds = 0.0
        elif self._silence_seconds >= self._patience_seconds:
            self._end()

    def _serves(self, passed_seconds: float) -> None:
        self.served_seconds += passed_seconds
        if self.served_seconds >= self._spare_seconds and not self._ears.is_stopping:
            self._spare_seconds = self.served_seconds + SPARE_AGAIN_SECONDS
            self._starter.have_spare()

    @property
    def _patience_seconds(self) -> float:
        if not self.is_ready:
            return START_SILENCE_SECONDS
        return STOP_SILENCE_SECONDS if self._ears.is_stopping else SILENCE_SECONDS

    def _end(self) -> None:
        """What hangs writes down where (faulthandler, at SIGABRT), and is gone."""
        seconds = round(self._silence_seconds)
        log.error("the server hangs: ended", pid=self._pid, silent_seconds=seconds)
        self._signal(signal.SIGABRT)
        with selectors.DefaultSelector() as waits:
            waits.register(self._descriptor, selectors.EVENT_READ)
            if not waits.select(DUMP_SECONDS):
                self._signal(signal.SIGKILL)
                waits.select()

    def _signal(self, number: int) -> None:
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._descriptor, number)

    def _buried(self) -> int | None:
        """Bury all who have ended, those too that a container's first process inherits; the server's status."""
        found: int | None = None
        with suppress(ChildProcessError):
            while (ended := os.waitpid(-1, os.WNOHANG))[0] != 0:
                if ended[0] == self._pid:
                    found = ended[1]
        return found


def _heard(_number: int, _frame: FrameType | None) -> None:
    """It is read where it wakes us."""


def argv_of_server(words: Sequence[str]) -> tuple[str, ...]:
    """The same command without the watching. `words` are those after the program's name."""
    return (sys.executable, "-m", "ivr", *(word for word in words if word != "--watched"))
