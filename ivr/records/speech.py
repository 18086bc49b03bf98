"""A stored call as far as callers spoke in it."""

from __future__ import annotations

import msgspec

from ivr.records.events import MenuTry, SpeechGone, WordsHeard

SpokenEvent = MenuTry | WordsHeard | SpeechGone

SPOKEN_KINDS = ("menu_try", "words_heard", "speech_gone")
"""The types of those events, as the journal names them."""


class SpokenCall(msgspec.Struct, frozen=True, kw_only=True):
    """`events` are what was said in menus, and what came of it, in order; `test` marks a call whose time was set."""

    call_id: str
    test: bool
    events: tuple[SpokenEvent, ...] = ()
