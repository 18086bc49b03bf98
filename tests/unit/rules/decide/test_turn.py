from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.numbers import parse_number
from ivr.rules.decide import decide
from ivr.rules.decision import (
    CameIn,
    Facts,
    Finished,
    NobodyLoggedIn,
    NothingChosen,
    OptionChosen,
    Turn,
    WaitedLong,
)
from ivr.rules.model import RuleSet
from ivr.showing.steps import step_told
from tests.unit.rules.decide.calls import BERGEN, SUNDAY, TRONDHEIM, facts, taken


def test_every_step_that_rests_on_the_file_has_its_line(shipped: RuleSet) -> None:
    decision = decide(shipped, facts(kundeservice=0), OptionChosen("main", "1"))

    assert all(step.at is not None and step.at.line > 0 for step in decision.steps)


def test_rules_that_lead_round_end_the_call_and_say_so(shipped: RuleSet) -> None:
    # `ivr check` refuses such rules; a rule set made by hand must not hang a call all the same.
    target = replace(shipped.menus["main"].options["1"].target)
    kundeservice = shipped.departments["kundeservice"]
    closed = replace(kundeservice.closed, target=target)
    ring = replace(kundeservice, attended=replace(kundeservice.attended, closed=closed))
    rules = replace(shipped, departments={**shipped.departments, "kundeservice": ring})

    decision = decide(rules, facts(SUNDAY), OptionChosen("main", "1"))

    assert decision.to == "hangup"
    assert decision.say == ("closed", "sorry")
    assert taken(decision)[-1] == ("the rules lead back to department kundeservice: the call ends")


@pytest.mark.parametrize(
    ("call", "turn", "text", "word"),
    [
        (facts(), CameIn(), "the caller dialled +47 55 30 10 00 (Bergen): menu main", "numbers"),
        (
            facts(),
            OptionChosen("main", "9"),
            "the caller chose in menu main: menu main in en",
            "menus",
        ),
        (facts(), NothingChosen("main"), "kundeservice in Bergen is national since", "sites"),
        (facts(), OptionChosen("main", "2"), "henting in Bergen is local, with no day", "sites"),
        (
            facts(),
            OptionChosen("main", "3"),
            "faktura in Bergen is national since 2025-01-15",
            "sites",
        ),
        (
            facts(site=None),
            OptionChosen("main", "3"),
            "the site is not known: faktura",
            "departments",
        ),
        (
            facts(SUNDAY),
            OptionChosen("main", "1"),
            "department kundeservice is closed: sun 09",
            "hours",
        ),
        (
            facts(kundeservice=0),
            OptionChosen("main", "1"),
            "nobody is logged in to queue kun",
            "queues",
        ),
        (facts(), WaitedLong("bergen", 0), "the caller waited 90 s in queue bergen", "queues"),
        (facts(), NobodyLoggedIn("bergen"), "nobody is logged in to queue bergen", "queues"),
        (facts(), OptionChosen("main", "7"), "menu main has no such key", "menus"),
        (facts(), Finished(), "the call's story is finished", None),
        (facts(), OptionChosen("gone", "1"), "there is no menu gone in these rules", None),
    ],
)
def test_the_step_that_decided_is_named_not_where_it_led(
    shipped: RuleSet, call: Facts, turn: Turn, text: str, word: str | None
) -> None:
    decided_by = decide(shipped, call, turn).decided_by

    assert step_told(decided_by).startswith(text)
    assert (decided_by.at.path.split(".")[0] if decided_by.at else None) == word


def test_the_step_that_decided_holds_nothing_that_the_caller_keyed(shipped: RuleSet) -> None:
    decision = decide(shipped, facts(), OptionChosen("main", "9"))

    assert "the caller keyed 9 in menu main: menu main in en" in taken(decision)
    assert "9" not in step_told(decision.decided_by)


@pytest.mark.parametrize(
    "turn",
    [
        OptionChosen("gone", "1"),
        NothingChosen("gone"),
        WaitedLong("gone", 0),
        NobodyLoggedIn("gone"),
    ],
)
def test_a_turn_at_a_place_that_these_rules_do_not_have_ends_with_an_apology(
    shipped: RuleSet, turn: Turn
) -> None:
    decision = decide(shipped, facts(), turn)

    assert decision.to == "hangup"
    assert decision.say == ("sorry",)


NAMES = st.sampled_from(
    ["main", "kundeservice", "faktura", "bergen", "bergen-henting", "trondheim", "?"]
)


TURNS = st.one_of(
    st.just(CameIn()),
    st.just(Finished()),
    st.builds(OptionChosen, NAMES, st.text("0123456789*#", max_size=3)),
    st.builds(NothingChosen, NAMES),
    st.builds(WaitedLong, NAMES, st.integers(-2, 3)),
    st.builds(NobodyLoggedIn, NAMES),
)


FACTS = st.builds(
    Facts,
    at=st.datetimes(datetime(1980, 1, 1), datetime(2150, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - hypothesis wants naive bounds
    dialled=st.sampled_from([BERGEN, TRONDHEIM, parse_number("100"), None]),
    language=st.sampled_from(["nb", "en", "de"]),
    site=st.sampled_from(["bergen", "trondheim", "oslo", "?", None]),
    signed_in=st.dictionaries(NAMES, st.integers(0, 2)),
    menus=st.lists(NAMES, max_size=3).map(tuple),
)


@given(FACTS, TURNS)
def test_deciding_never_fails_and_is_the_same_each_time(
    shipped: RuleSet, some: Facts, turn: Turn
) -> None:
    decision = decide(shipped, some, turn)

    assert decision == decide(shipped, some, turn)
    assert decision.decided_by.at in {step.at for step in decision.steps if step.taken}
    assert step_told(decision.decided_by) != decision.to
    assert decision.facts.at == some.at
    assert decision.to
