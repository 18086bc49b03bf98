"""What a person types: keys one by one at a terminal, lines where the input comes from elsewhere."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from ivr.cli.shared.call_words import CallWords
from ivr.menus.digits import Partial, match_digits
from ivr.rules.model import Menu, Question, Survey

_ROW = re.compile(r"[0-9*#,]*\Z", re.ASCII)
_SPELLED = {"star": "*", "hash": "#"}
_END_OF_INPUT = "\x04"
_ESCAPE = "\x1b"


class Keyboard:
    """Asks and reads. The end of the input is None."""

    def __init__(self, words: CallWords, *, by_key: bool) -> None:
        self._words = words
        self._by_key = by_key
        self._ahead = ""

    def row(self, place: Menu | Question | Survey) -> str | None:
        """The keys for a menu, a question or a survey, or words where the menu listens; an empty text is silence."""
        wanted = self._wanted(place)
        listens = isinstance(place, Menu) and place.speech
        while True:
            or_words = self._words.or_words if listens else ""
            typed = self._read(f"{wanted}{or_words}; {self._words.enter_nothing}")
            if typed is None:
                return None
            keys = _SPELLED.get(typed.lower(), typed)
            if _ROW.match(keys):
                return self._completed(keys, place)
            if listens and any(char.isalpha() for char in typed):
                return self._rest(typed)
            click.echo(self._words.no_key)

    def choice(self, choices: str) -> str | None:
        """A letter, or the empty text for Enter."""
        return self._read(choices)

    def key(self, wanted: str) -> str | None:
        """One key, or the empty text for silence."""
        while True:
            typed = self._read(wanted)
            key = _SPELLED.get(typed.lower(), typed) if typed else typed
            if not key or (len(key) == 1 and key in "0123456789*#"):
                return key
            click.echo(self._words.no_key)

    def _wanted(self, place: Menu | Question | Survey) -> str:
        match place:
            case Question():
                return self._words.digits.format(place.digits)
            case Survey():
                return self._words.scale.format(place.lowest, place.highest)
            case Menu():
                return self._words.a_key

    def _read(self, wanted: str) -> str | None:
        click.echo(click.style(f"({wanted}) ", dim=True), nl=False)
        typed = self._key() if self._by_key else _line()
        click.echo("" if typed is None else typed)
        return typed

    def _completed(self, keys: str, place: Menu | Question | Survey) -> str | None:
        """Read on while the keys are the beginning of something longer."""
        while self._by_key and keys and _wants_more(keys, place):
            more = self._key()
            if more is None:
                return None
            if not more or not _ROW.match(more):
                break
            click.echo(f"  {more}")
            keys += more
        return keys

    def _rest(self, begun: str) -> str | None:
        """The rest of a sentence that begins with this letter."""
        while self._by_key:
            more = self._key()
            if more is None:
                return None
            if not more:
                break
            click.echo(more, nl=False)
            begun += more
        return begun

    def _key(self) -> str | None:
        """The next key; the empty text for Enter. Keys pressed ahead wait for their turn."""
        if not self._ahead:
            try:
                self._ahead = os.read(sys.stdin.fileno(), 64).decode(errors="replace")
            except OSError:  # the terminal is gone
                return None
        key, self._ahead = self._ahead[:1], self._ahead[1:]
        if not key or key == _END_OF_INPUT:
            return None
        if key == _ESCAPE:
            self._ahead = ""  # an arrow or the like: its letters are none of the caller's
        return "" if key in {"\r", "\n"} else key


@contextmanager
def keyboard(words: CallWords) -> Iterator[Keyboard]:
    """The keyboard while a call lasts. At a terminal a key counts when it is pressed, without Enter."""
    if not sys.stdin.isatty():
        yield Keyboard(words, by_key=False)
        return
    try:
        import termios  # noqa: PLC0415 - not on every system
        import tty  # noqa: PLC0415
    except ImportError:
        yield Keyboard(words, by_key=False)
        return
    terminal = sys.stdin.fileno()
    before = termios.tcgetattr(terminal)
    # Keys pressed early are kept: nothing is flushed on the way in.
    tty.setcbreak(terminal, termios.TCSADRAIN)
    try:
        yield Keyboard(words, by_key=True)
    finally:
        termios.tcsetattr(terminal, termios.TCSADRAIN, before)


def _line() -> str | None:
    line = sys.stdin.readline()
    return line.strip() if line else None


def _wants_more(keys: str, place: Menu | Question | Survey) -> bool:
    if isinstance(place, Question):
        return keys.isdecimal() and len(keys) < place.digits
    if isinstance(place, Survey):
        return isinstance(match_digits(place.answers, keys), Partial)
    return isinstance(match_digits(place.options.keys(), keys), Partial)
