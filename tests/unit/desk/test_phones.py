"""Phones in use: by an agent's own caller, and by others."""

from __future__ import annotations

from ivr.desk.phones import PhonesInUse


def test_an_agents_own_caller_is_nobody_else() -> None:
    phones = PhonesInUse()
    phones.caller_comes("kari", "office")

    assert not phones.by_others("kari", "office")
    assert phones.by_others("karin", "office")
    assert not phones.by_others("karin", "hall")


def test_the_caller_leaves_the_phone_where_they_were_wherever_the_agent_sits() -> None:
    phones = PhonesInUse()
    phones.begin("office")
    phones.caller_comes("kari", "office")

    assert phones.by_others("kari", "office")
    assert phones.caller_left("kari") == "office"
    assert phones.by_others("kari", "office")
    phones.end("office")
    assert not phones.by_others("kari", "office")
    assert phones.caller_left("kari") is None
