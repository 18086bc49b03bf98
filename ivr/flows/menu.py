"""The story of a menu."""

from __future__ import annotations

from typing import assert_never

from ivr.call import Call, Chosen, NoInput, NoMatch
from ivr.records.events import MenuTry
from ivr.rules.decision import OptionChosen
from ivr.rules.visit import InVain, OfferMenu


async def run_menu(call: Call, offer: OfferMenu) -> OptionChosen | InVain:
    """Offer the menu once; nothing and wrong are told apart, for each has words of its own before the next try."""
    menu = offer.menu
    match await call.choose(menu, say=offer.say, phrases=offer.phrases):
        case Chosen(key):
            call.note(MenuTry(menu=menu.name, result="chosen", key=key))
            return OptionChosen(menu.name, key)
        case NoInput():
            call.note(MenuTry(menu=menu.name, result="no_input"))
            return InVain("no_input")
        case NoMatch():
            call.note(MenuTry(menu=menu.name, result="no_match"))
            return InVain("no_match")
        case unknown:
            assert_never(unknown)
