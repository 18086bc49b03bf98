"""`ivr call` as a process: at a terminal keys count one by one, from a pipe a line at a time."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
import termios
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[3]
COMMAND = [sys.executable, "-m", "ivr", "call", "--at", "2026-11-23T09:00"]


class Terminal:
    """The person's side of a terminal."""

    def __init__(self, side: int) -> None:
        self._side = side
        self.seen = ""

    def reads(self, text: str) -> None:
        """Read until this is on the screen."""
        read_before = len(self.seen)
        while text not in self.seen[read_before:]:
            try:
                more = os.read(self._side, 4096)
            except OSError:  # Linux says so when the other side is closed
                more = b""
            assert more, f"{text!r} never came; the screen showed {self.seen!r}"
            self.seen += more.decode(errors="replace")

    def types(self, keys: str) -> None:
        os.write(self._side, keys.encode())


@contextmanager
def called(*options: str) -> Iterator[tuple[Terminal, subprocess.Popen[bytes]]]:
    ours, theirs = pty.openpty()
    child = subprocess.Popen(
        [*COMMAND, *options], stdin=theirs, stdout=theirs, stderr=theirs, cwd=ROOT
    )
    os.close(theirs)
    try:
        yield Terminal(ours), child
        assert child.wait(30) == 0
    finally:
        child.kill()
        child.wait()
        os.close(ours)


def test_at_a_terminal_a_key_counts_when_it_is_pressed() -> None:
    with called("--to", "+47 55 30 10 00") as (terminal, _):
        terminal.reads("(a key; Enter: nothing)")
        terminal.types("3")
        terminal.reads("Kari answers;")
        terminal.types("\r")
        terminal.reads("The call is over.")


def test_at_a_terminal_the_end_of_the_input_hangs_up() -> None:
    with called() as (terminal, _):
        terminal.reads("(a key; Enter: nothing)")
        terminal.types("\x04")
        terminal.reads("You hung up.")


def test_at_a_terminal_an_interrupt_hangs_up() -> None:
    with called() as (terminal, child):
        terminal.reads("(a key; Enter: nothing)")
        child.send_signal(signal.SIGINT)
        terminal.reads("You hung up.")


def test_the_terminal_is_left_as_it_was() -> None:
    ours, theirs = pty.openpty()
    try:
        before = termios.tcgetattr(theirs)
        os.write(ours, b"3\n\n")

        subprocess.run(COMMAND, stdin=theirs, capture_output=True, cwd=ROOT, check=True, timeout=60)

        assert termios.tcgetattr(theirs) == before
    finally:
        os.close(ours)
        os.close(theirs)


def test_from_a_pipe_a_line_is_what_is_keyed_and_there_are_no_colours() -> None:
    done = subprocess.run(
        COMMAND, input="93\n\n", capture_output=True, text=True, cwd=ROOT, check=True, timeout=60
    )

    assert "Hello, and welcome" in done.stdout
    assert done.stdout.endswith("Kari answers, and you talk. The call is over.\n")
    assert "\x1b" not in done.stdout
    assert done.stderr == ""
