"""A stored call as far as it takes to make it again: what was dialled, when, and what was keyed."""

from __future__ import annotations

import msgspec

from ivr.records.events import MenuTry


class KeyedCall(msgspec.Struct, frozen=True, kw_only=True):
    """`call_time` is ISO 8601, as the rules were asked; `test` marks a call whose time a test had set."""

    call_id: str
    dialled: str
    caller: str | None
    call_time: str
    test: bool
    tries: tuple[MenuTry, ...] = ()
