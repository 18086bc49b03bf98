"""A server that is started ahead of its time: it has loaded its program, and waits for its turn.

To load it takes a second, and five where the machine has much to do; callers of a server that died hear nothing
meanwhile.
"""

from __future__ import annotations

import os
import signal
import sys
import sysconfig
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from select import select

import ivr

TURN = "SENTRALBORD_TURN"
"""In the environment of one that is to wait: the descriptor at which it is told."""

_GO = b"!"


def wait_for_turn() -> None:
    """Where this process was started ahead of its time, wait; it ends where nobody will need it any more. Blocks."""
    given = os.environ.pop(TURN, None)
    if given is None:
        return
    with os.fdopen(int(given), "rb", buffering=0) as turn:
        if turn.read(1) != _GO:
            sys.exit(0)


def start(argv: Sequence[str], environment: Mapping[str, str], left_open: Sequence[int]) -> int:
    """Start a program to which these descriptors are left open; its pid. Raises OSError."""
    return os.posix_spawn(
        argv[0],
        tuple(argv),
        environment,
        file_actions=[(os.POSIX_SPAWN_DUP2, one, one) for one in left_open],
        setpgroup=0,  # a key in the terminal reaches it through us, once
    )


class Spare:
    """One that waits, as whoever started it has it. Raises OSError where none can be started."""

    def __init__(
        self, argv: Sequence[str], environment: dict[str, str], left_open: Sequence[int]
    ) -> None:
        self._program = _program()
        turn, self._tell = os.pipe()
        try:
            self.pid = start(argv, {**environment, TURN: str(turn)}, (*left_open, turn))
            self._descriptor = os.pidfd_open(self.pid)
        except OSError:
            os.close(self._tell)
            raise
        finally:
            os.close(turn)

    @property
    def is_alive(self) -> bool:
        return not select([self._descriptor], [], [], 0)[0]

    def go(self) -> bool:
        """It is its turn, be it loaded by now or not, and it is no spare any more.

        False where it is gone, or its program is an old one: then it is to be ended.
        """
        with suppress(
            OSError
        ):  # a file of the program goes while it is looked at, or the spare itself
            if self.is_alive and _program() == self._program:
                os.write(self._tell, _GO)
                self._let_go()
                return True
        return False

    def end(self) -> None:
        """It is not needed, and has nothing to leave in order."""
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._descriptor, signal.SIGKILL)
        with suppress(ChildProcessError):  # it has been buried
            os.waitpid(self.pid, 0)
        self._let_go()

    def _let_go(self) -> None:
        os.close(self._tell)
        os.close(self._descriptor)


def _program() -> tuple[int, int, int]:
    """How many files the program has, when the newest was written, and when a library was last put in or taken out.

    Others after a new version was put there.
    """
    found = [file.stat().st_mtime_ns for file in Path(ivr.__file__).parent.rglob("*.py")]
    libraries = Path(sysconfig.get_path("purelib"))
    return len(found), max(found, default=0), libraries.stat().st_mtime_ns
