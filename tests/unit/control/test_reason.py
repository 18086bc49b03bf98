"""Why somebody asks stands in one line of whatever shows it, and is no novel."""

from __future__ import annotations

import msgspec
import pytest

from ivr.control import AgentWish, Apply
from ivr.control.reason import LONGEST_WHY
from ivr.errors import ChangeRefused


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("  the dentist\ttook\nlong ", "the dentist took long"),
        ("\x1b[2Jgone\x07", "[2Jgone"),  # a terminal is not wiped by it
        ("a\x00b", "a b"),  # PostgreSQL keeps no such sign
        ("l\udcf8rdag", "l rdag"),  # typed in Latin-1
        ("kjøring — på lørdag", "kjøring — på lørdag"),
    ],
)
def test_what_cannot_be_looked_at_is_a_space(sent: str, kept: str) -> None:
    assert AgentWish(act="pause", why=sent).why == kept


def test_a_reason_that_came_over_the_net_is_read_in_the_same_way() -> None:
    sent = msgspec.json.encode({"act": "pause", "why": "a\nb"})

    assert msgspec.json.decode(sent, type=AgentWish).why == "a b"


def test_a_novel_is_refused() -> None:
    assert Apply(file="f", text="t", why="x" * LONGEST_WHY).why
    with pytest.raises(ChangeRefused, match=f"at most {LONGEST_WHY} characters"):
        Apply(file="f", text="t", why="x" * (LONGEST_WHY + 1))
