"""What callers are offered or asked, and answer with their keys: menus and questions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ivr.rules.model.attendance import Attendance
from ivr.rules.model.destinations import Target
from ivr.rules.model.location import Location


@dataclass(frozen=True, slots=True)
class Option:
    """A key of a menu: digits, `*` or `#`. `in_all_menus` where the file has it once, for every menu.

    `words` are its own, by language: what may be said for it beside the words of a department that it leads to.
    """

    key: str
    target: Target
    at: Location
    in_all_menus: bool = False
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Pronounced:
    """How a phrase is said: each of `sounds` is one way, in IPA."""

    sounds: tuple[str, ...]
    at: Location


@dataclass(frozen=True, slots=True)
class Menu:
    """A menu. `wait_seconds` is the first-digit timeout, `between_seconds` the inter-digit timeout.

    `minimum` is how sure it must be what was said (0 to 1), beside what the engine wants; `keeps_words`: the journal
    may say which of our words it was. `greeting` is said before `say` when a call comes here for the first time only.
    """

    name: str
    say: tuple[str, ...]
    options: Mapping[str, Option]
    wait_seconds: float
    between_seconds: float
    tries: int
    no_input: str
    no_match: str
    barge_in: bool
    nothing_chosen: Target
    at: Location
    speech: bool = False
    minimum: float = 0.0
    keeps_words: bool = False
    greeting: tuple[str, ...] = ()
    attended: Attendance | None = None
    """None: at any time."""


@dataclass(frozen=True, slots=True)
class Question:
    """Digits that a caller is asked for. `finds_site` where they are a postcode.

    `target` is where a call goes that was sent here; None where no rule sends calls here.
    """

    name: str
    say: tuple[str, ...]
    digits: int
    confirm: bool
    wait_seconds: float
    between_seconds: float
    tries: int
    no_input: str
    no_match: str
    finds_site: bool
    target: Target | None
    at: Location
    speech: bool = False
