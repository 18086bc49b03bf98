"""The story of a menu."""

from __future__ import annotations

from typing import assert_never

from ivr.call import Call, Chosen, NoInput, NoMatch
from ivr.records.events import MenuTry
from ivr.rules.decision import Keyed, NothingChosen
from ivr.rules.model import Menu


async def run_menu(call: Call, menu: Menu, first: tuple[str, ...] = ()) -> Keyed | NothingChosen:
    """Offer the menu until the caller chooses; nothing and wrong are told apart, each with its own words.

    `first` is said before the menu; a key during it counts.
    """
    for _ in range(menu.tries):
        match await call.choose(menu, say=(*first, *menu.say)):
            case Chosen(key):
                call.note(MenuTry(menu=menu.name, result="chosen", key=key))
                return Keyed(menu.name, key)
            case NoInput():
                call.note(MenuTry(menu=menu.name, result="no_input"))
                first = (menu.no_input,)
            case NoMatch():
                call.note(MenuTry(menu=menu.name, result="no_match"))
                first = (menu.no_match,)
            case unknown:
                assert_never(unknown)
    return NothingChosen(menu.name)
