"""What `ivr reload` says of what it did."""

from __future__ import annotations

from ivr.cli.reload import lines_of
from ivr.control import Reloaded


def test_each_change_is_named() -> None:
    told = Reloaded(added=("a",), changed=("b", "c"), removed=("d",), others=("outgoing",))

    assert lines_of(told) == [
        "taken: trunk a added, trunk b changed, trunk c changed, trunk d removed, outgoing changed"
    ]


def test_nothing_is_said_to_be_nothing_and_what_was_not_taken_is_named() -> None:
    told = Reloaded(not_taken=("telia",), warnings=("Asterisk does not answer",))

    assert lines_of(told) == [
        "nothing has changed in the settings",
        "Asterisk did not take telia: see the server's log",
        "Asterisk does not answer",
    ]
