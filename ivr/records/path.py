"""The way that a call took through menus, queues and the like, as one line: `menu main 1 > queue faktura`."""

from __future__ import annotations

import re
from typing import Literal

import msgspec

BETWEEN = " > "
NOTHING = "nothing"
"""In the place of a key: all tries of the menu were used up."""

LEFT = "left"
"""Asked for in the place of a key: the call ended in the menu."""

MOST_STOPS = 16
"""A longer way (somebody who has a menu repeated for ever) is told by its first stops and its last."""

_LEFT_OUT = "…"
_MENU = re.compile(r"menu (?P<menu>\S+)(?: (?P<key>\S+))?")
_OVER_WITH = ("queue ", "voicemail ", "phone ")
_SURVEY = "survey "
_WITH_SURVEY = re.compile(r"(?P<way>.+?)(?: > survey \S+)+(?: > hangup)?")


class MenuStop(msgspec.Struct, frozen=True):
    """A visit to a menu. `key` is what was chosen, NOTHING where nothing was, and None where the call ended there."""

    menu: str
    key: str | None


class PathTaken:
    """Told by the events of one call, in their order."""

    def __init__(self) -> None:
        self._stops: list[str] = []

    def come(self, to: str) -> None:
        """The call came to a destination, as the rules write it; a survey after the talk is no part of the way."""
        if to.startswith(_SURVEY):
            return
        last = self._stops[-1] if self._stops else ""
        if _in_menu(last):
            self._stops[-1] = f"{last} {NOTHING}"
        is_farewell = to == "hangup" and last.startswith(_OVER_WITH)
        stays = to == last and not to.startswith("menu ")
        if not (is_farewell or stays):
            self._stops.append(to)

    def choose(
        self, menu: str, result: Literal["chosen", "no_input", "no_match"], key: str | None
    ) -> None:
        """What the caller did in a menu; only what was chosen leads on."""
        if result == "chosen" and key and self._stops and self._stops[-1] == f"menu {menu}":
            self._stops[-1] = f"menu {menu} {key}"

    @property
    def text(self) -> str | None:
        """None where nothing was decided: a call of another switchboard."""
        stops = self._stops
        if len(stops) > MOST_STOPS:
            stops = [*stops[: MOST_STOPS - 1], _LEFT_OUT, stops[-1]]
        return BETWEEN.join(stops) or None


def stops_of(path: str) -> list[str]:
    """Its stops, in order."""
    return path.split(BETWEEN)


def one_way(path: str) -> str:
    """The path as it is told today: earlier versions had a survey in it, and the end of the call after that."""
    found = _WITH_SURVEY.fullmatch(path)
    return found["way"] if found else path


def menu_stop(stop: str) -> MenuStop | None:
    """The visit to a menu that a stop is; None where it is another place."""
    found = _MENU.fullmatch(stop)
    return MenuStop(found["menu"], found["key"]) if found else None


def went(path: str | None, menu: str, key: str | None = None) -> bool:
    """Whether this menu is on the path, and was left so: by a key, with NOTHING, or (LEFT) with the end of the call."""
    stops = [menu_stop(stop) for stop in stops_of(path or "")]
    left_by = None if key == LEFT else key
    return any(
        stop is not None and stop.menu == menu and (key is None or stop.key == left_by)
        for stop in stops
    )


def _in_menu(stop: str) -> bool:
    found = menu_stop(stop)
    return found is not None and found.key is None
