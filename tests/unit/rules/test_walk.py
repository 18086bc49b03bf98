from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.menus.digits import take_option
from ivr.numbers import parse_number
from ivr.rules.decision import Facts
from ivr.rules.model import RuleSet
from ivr.rules.walk import walk
from ivr.showing.steps import step_told

OSLO = ZoneInfo("Europe/Oslo")
MENU = ("welcome", "main.choices")


def call(at: str = "2026-11-23 09:00", signed_in: Mapping[str, int] | None = None) -> Facts:
    moment = datetime.fromisoformat(at).replace(tzinfo=OSLO)
    return Facts(at=moment, dialled=parse_number("+47 55 30 10 00"), signed_in=signed_in or {})


@pytest.mark.parametrize(
    ("facts", "row", "ends", "said"),
    [
        (call("2025-03-03 09:00"), "1", "queue kundeservice", MENU),
        (call("2025-02-28 15:00"), "1", "queue bergen", MENU),
        (call(signed_in={"faktura": 0}), "3", "queue kundeservice", MENU),
        (call(), "2", "queue bergen-henting", MENU),
        (call(), "*2", "queue bergen-henting", MENU * 2),
        (call(), "91", "queue kundeservice", MENU * 2),
        (call(), "7,1", "queue kundeservice", (*MENU, "no_match", *MENU, "no_input", *MENU)),
        (call(), ",1", "queue kundeservice", (*MENU, "no_input", *MENU)),
        (
            call(),
            "",
            "queue kundeservice",
            (*MENU, "no_input", *MENU, "no_input", *MENU),
        ),
        (call("2026-05-17 12:00"), "2", "hangup", (*MENU, "closed")),
        (call("2026-05-17 12:00"), "1", "voicemail kundeservice", (*MENU, "closed", "voicemail")),
    ],
)
def test_a_walk_ends_where_the_call_would(
    shipped: RuleSet, facts: Facts, row: str, ends: str, said: tuple[str, ...]
) -> None:
    walked = walk(shipped, facts, row, take_option)

    assert walked.ends == ends
    assert walked.said == said
    assert walked.site == "bergen"


def test_a_walk_tells_the_language_that_was_chosen(shipped: RuleSet) -> None:
    assert walk(shipped, call(), "91", take_option).language == "en"
    assert walk(shipped, call(), "1", take_option).language == "nb"


def test_a_walk_tells_what_was_keyed_in_vain(shipped: RuleSet) -> None:
    walked = walk(shipped, call(), "7,1", take_option)

    texts = [step_told(step) for step in walked.steps]
    assert "the caller keyed 7, which menu main does not offer" in texts
    assert "the caller keyed nothing in menu main" in texts


def test_in_a_queue_without_agents_the_time_goes_by(rules_of: Callable[[str], RuleSet]) -> None:
    rules = rules_of(
        """
version: 1
numbers: {anything else: {to: queue main}}
hours: {office: {mon-fri: 08:00-16:00}}
departments: {vakt: {hours: office, national: queue main, closed: {say: closed, to: hangup}}}
queues: {main: {answer: 80% within 20s, while_waiting: [{after: 2h, to: department vakt}]}}
"""
    )

    walked = walk(rules, call("2026-11-23 15:00", {"main": 0}), "", take_option)

    assert walked.ends == "hangup"
    assert walked.facts.at.hour == 17


@given(
    st.text("0123456789*#,", max_size=12),
    st.dictionaries(st.sampled_from(["kundeservice", "faktura", "bergen"]), st.integers(0, 1)),
)
def test_every_walk_ends_somewhere(shipped: RuleSet, row: str, staffing: dict[str, int]) -> None:
    walked = walk(shipped, call(signed_in=staffing), row, take_option)

    assert walked.ends.split(" ")[0] in {"queue", "voicemail", "hangup"}
    assert "the rules lead round in a loop: the walk ends here" not in {
        step_told(s) for s in walked.steps
    }
