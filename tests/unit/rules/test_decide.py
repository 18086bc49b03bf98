from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.numbers import PhoneNumber, parse_number
from ivr.rules.decide import decide
from ivr.rules.decision import (
    Arrived,
    Decision,
    Facts,
    Finished,
    Keyed,
    NobodyLoggedIn,
    NothingChosen,
    Turn,
    WaitedLong,
)
from ivr.rules.model import Menu, Question, Queue, RuleSet, ToHangUp, Voicemail

OSLO = ZoneInfo("Europe/Oslo")
BERGEN = parse_number("+47 55 30 10 00")
TRONDHEIM = parse_number("+47 73 80 20 00")
MONDAY = datetime(2026, 11, 23, 9, tzinfo=OSLO)
SUNDAY = datetime(2026, 11, 22, 9, tzinfo=OSLO)


def facts(at: datetime = MONDAY, site: str | None = "bergen", **signed_in: int) -> Facts:
    """A caller who is in the main menu."""
    staffing = {name.replace("_", "-"): agents for name, agents in signed_in.items()}
    return Facts(at=at, dialled=BERGEN, site=site, signed_in=staffing, menus=("main",))


def ends(decision: Decision) -> str:
    match decision.then:
        case ToHangUp():
            return "hangup"
        case Menu(name=name) | Question(name=name) | Queue(name=name) | Voicemail(name=name):
            return f"{type(decision.then).__name__.lower()} {name}"


def taken(decision: Decision) -> list[str]:
    return [step.text for step in decision.steps if step.taken]


def why_not(decision: Decision) -> list[str]:
    return [step.text for step in decision.steps if not step.taken]


def test_a_number_leads_to_its_target_and_sets_the_site(shipped: RuleSet) -> None:
    decision = decide(shipped, Facts(at=MONDAY, dialled=BERGEN), Arrived())

    assert ends(decision) == "menu main"
    assert decision.facts.site == "bergen"
    assert decision.facts.menus == ("main",)
    assert taken(decision) == [
        "the caller dialled +47 55 30 10 00 (Bergen): menu main",
        "the number belongs to the site bergen",
        "menu main",
    ]


@pytest.mark.parametrize("dialled", [parse_number("22 33 44 55"), parse_number("100"), None])
def test_other_numbers_are_anything_else(shipped: RuleSet, dialled: PhoneNumber | None) -> None:
    decision = decide(shipped, Facts(at=MONDAY, dialled=dialled), Arrived())

    assert ends(decision) == "menu main"
    assert decision.facts.site is None
    assert why_not(decision)


def test_a_number_that_nobody_routes_hears_an_apology(rules_of: Callable[[str], RuleSet]) -> None:
    rules = rules_of(
        "version: 1\nnumbers:\n  +47 55 30 10 00: {to: queue main}\n"
        "queues: {main: {answer: 80% within 20s}}\n"
    )

    decision = decide(rules, Facts(at=MONDAY, dialled=TRONDHEIM), Arrived())

    assert ends(decision) == "hangup"
    assert decision.say == ("sorry",)
    assert "+47 73 80 20 00 is not among the numbers" in decision.steps[0].text


def test_a_caller_in_no_language_of_the_rules_gets_their_first(shipped: RuleSet) -> None:
    decision = decide(shipped, Facts(at=MONDAY, dialled=BERGEN, language="de"), Arrived())

    assert decision.facts.language == "nb"


@pytest.mark.parametrize(
    ("at", "key", "site", "expected"),
    [
        ("2025-02-28 15:00", "1", "bergen", "queue bergen"),
        ("2025-03-01 11:00", "1", "bergen", "queue kundeservice"),
        ("2025-03-03 09:00", "1", "bergen", "queue kundeservice"),
        ("2026-11-23 09:00", "2", "bergen", "queue bergen-henting"),
        ("2026-11-23 09:00", "3", "bergen", "queue faktura"),
        ("2027-01-29 09:00", "4", "bergen", "queue bergen"),
        ("2027-02-01 09:00", "4", "bergen", "queue kundeservice"),
        ("2025-05-30 09:00", "1", "trondheim", "queue trondheim"),
        ("2025-06-02 09:00", "1", "trondheim", "queue kundeservice"),
        ("2026-11-23 09:00", "2", "trondheim", "queue trondheim"),
        ("2026-11-23 09:00", "3", "trondheim", "queue faktura"),
        ("2026-11-23 09:00", "2", "oslo", "queue kundeservice"),
        ("2026-11-23 09:00", "2", None, "queue kundeservice"),
        ("2026-11-23 09:00", "2", "nowhere", "queue kundeservice"),
    ],
)
def test_the_site_and_the_day_say_local_or_national(
    shipped: RuleSet, at: str, key: str, site: str | None, expected: str
) -> None:
    moment = datetime.fromisoformat(at).replace(tzinfo=OSLO)

    decision = decide(shipped, facts(moment, site), Keyed("main", key))

    assert ends(decision) == expected


def test_a_migration_begins_at_midnight_where_the_rules_belong(
    rules_of: Callable[[str], RuleSet],
) -> None:
    rules = rules_of(
        """
version: 1
numbers:
  +47 55 30 10 00: {site: bergen, to: department vakt}
hours: {always: {daily: 00:00-24:00}}
sites: {bergen: {departments: {vakt: {local: queue bergen, migrated: 2026-07-01}}}}
departments: {vakt: {hours: always, national: queue oslo, closed: {say: closed, to: hangup}}}
queues: {bergen: {answer: 80% within 20s}, oslo: {answer: 80% within 20s}}
"""
    )
    last_local = datetime(2026, 6, 30, 21, 59, 59, tzinfo=UTC)
    first_national = datetime(2026, 6, 30, 22, 0, tzinfo=UTC)

    before = decide(rules, Facts(at=last_local, dialled=BERGEN), Arrived())
    after = decide(rules, Facts(at=first_national, dialled=BERGEN), Arrived())

    assert ends(before) == "queue bergen"
    assert ends(after) == "queue oslo"


def test_a_key_says_why_it_is_not_the_others(shipped: RuleSet) -> None:
    decision = decide(shipped, facts(), Keyed("main", "1"))

    assert why_not(decision) == [
        "not department henting: that is key 2",
        "not department faktura: that is key 3",
        "not department reklamasjon: that is key 4",
        "not menu main: that is key 9",
        "not repeat: that is key star",
        "not queue bergen: kundeservice in Bergen is national since 2025-03-01",
    ]
    assert decision.department == "kundeservice"
    assert not decision.closed


def test_a_department_that_stays_says_why_it_is_not_national(shipped: RuleSet) -> None:
    decision = decide(shipped, facts(), Keyed("main", "2"))

    assert why_not(decision)[-1] == (
        "not queue kundeservice: henting in Bergen is local, with no day of migration"
    )


def test_every_step_that_rests_on_the_file_has_its_line(shipped: RuleSet) -> None:
    decision = decide(shipped, facts(kundeservice=0), Keyed("main", "1"))

    assert all(step.at is not None and step.at.line > 0 for step in decision.steps)


@pytest.mark.parametrize(
    ("call", "turn", "text", "word"),
    [
        (facts(), Arrived(), "the caller dialled +47 55 30 10 00 (Bergen): menu main", "numbers"),
        (facts(), Keyed("main", "9"), "the caller chose in menu main: menu main in en", "menus"),
        (facts(), NothingChosen("main"), "kundeservice in Bergen is national since", "sites"),
        (facts(), Keyed("main", "2"), "henting in Bergen is local, with no day", "sites"),
        (facts(), Keyed("main", "3"), "faktura in Bergen is national since 2025-01-15", "sites"),
        (facts(site=None), Keyed("main", "3"), "the site is not known: faktura", "departments"),
        (facts(SUNDAY), Keyed("main", "1"), "department kundeservice is closed: sun 09", "hours"),
        (facts(kundeservice=0), Keyed("main", "1"), "nobody is logged in to queue kun", "queues"),
        (facts(), WaitedLong("bergen", 0), "the caller waited 90 s in queue bergen", "queues"),
        (facts(), NobodyLoggedIn("bergen"), "nobody is logged in to queue bergen", "queues"),
        (facts(), Keyed("main", "7"), "menu main has no such key", "menus"),
        (facts(), Finished(), "the call's story is finished", None),
        (facts(), Keyed("gone", "1"), "there is no menu gone in these rules", None),
    ],
)
def test_the_step_that_decided_is_named_not_where_it_led(
    shipped: RuleSet, call: Facts, turn: Turn, text: str, word: str | None
) -> None:
    decided_by = decide(shipped, call, turn).decided_by

    assert decided_by.text.startswith(text)
    assert (decided_by.at.path.split(".")[0] if decided_by.at else None) == word


def test_the_step_that_decided_holds_nothing_that_the_caller_keyed(shipped: RuleSet) -> None:
    decision = decide(shipped, facts(), Keyed("main", "9"))

    assert "the caller keyed 9 in menu main: menu main in en" in taken(decision)
    assert "9" not in decision.decided_by.text


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("1", "voicemail kundeservice"),
        ("2", "hangup"),
        ("3", "hangup"),
        ("4", "voicemail kundeservice"),
    ],
)
def test_a_closed_department_says_so_and_leads_elsewhere(
    shipped: RuleSet, key: str, expected: str
) -> None:
    decision = decide(shipped, facts(SUNDAY), Keyed("main", key))

    assert ends(decision) == expected
    assert decision.say == ("closed",)
    assert decision.closed
    assert any("is closed" in text for text in why_not(decision))


def test_a_closed_period_says_its_own_prompt(rules_of: Callable[[str], RuleSet]) -> None:
    rules = rules_of(
        """
version: 1
numbers: {anything else: {to: department vakt}}
hours: {always: {daily: 00:00-24:00}}
holidays: {closed: [{from: 2026-11-23, to: 2026-11-23, say: closed.storm}]}
departments: {vakt: {hours: always, national: queue main, closed: {say: closed, to: hangup}}}
queues: {main: {answer: 80% within 20s}}
"""
    )

    decision = decide(rules, Facts(at=MONDAY, dialled=None), Arrived())

    assert decision.say == ("closed.storm",)
    assert ends(decision) == "hangup"


def test_a_closed_department_may_lead_to_one_that_is_open(
    rules_of: Callable[[str], RuleSet],
) -> None:
    rules = rules_of(
        """
version: 1
numbers: {anything else: {to: department a}}
hours: {office: {mon-fri: 08:00-16:00}, always: {daily: 00:00-24:00}}
departments:
  a: {hours: office, national: queue main, closed: {say: closed, to: department b}}
  b: {hours: office, national: queue main, closed: {say: closed, to: department c}}
  c: {hours: always, national: queue main, closed: {say: closed, to: hangup}}
queues: {main: {answer: 80% within 20s}}
"""
    )

    decision = decide(rules, Facts(at=SUNDAY, dialled=None), Arrived())

    assert ends(decision) == "queue main"
    assert decision.say == ("closed",)
    assert decision.department == "c"
    assert not decision.closed


def test_another_language_is_spoken_from_then_on(shipped: RuleSet) -> None:
    decision = decide(shipped, facts(), Keyed("main", "9"))

    assert ends(decision) == "menu main"
    assert decision.facts.language == "en"
    assert "the language is now en" in taken(decision)


MENUS = """
version: 1
numbers: {anything else: {to: menu main}}
menus:
  main: {say: welcome, keys: {1: menu bills, 2: repeat, 3: back}, nothing_chosen: queue main}
  bills: {say: bills, keys: {1: menu old, 2: repeat, 3: back, 4: menu main}, nothing_chosen: back}
  old: {say: old, keys: {1: queue main, 3: back}, tries: 1, nothing_chosen: menu main}
queues: {main: {answer: 80% within 20s}}
"""


@pytest.mark.parametrize(
    ("visited", "turn", "expected", "left"),
    [
        (("main",), Keyed("main", "1"), "menu bills", ("main", "bills")),
        (("main", "bills"), Keyed("bills", "1"), "menu old", ("main", "bills", "old")),
        (("main", "bills", "old"), Keyed("old", "3"), "menu bills", ("main", "bills")),
        (("main", "bills"), Keyed("bills", "2"), "menu bills", ("main", "bills")),
        (("main", "bills"), Keyed("bills", "3"), "menu main", ("main",)),
        (("main", "bills"), Keyed("bills", "4"), "menu main", ("main",)),
        (("main",), Keyed("main", "3"), "menu main", ("main",)),
        (("main", "bills"), NothingChosen("bills"), "menu main", ("main",)),
        (("main", "bills", "old"), NothingChosen("old"), "menu main", ("main",)),
        ((), Keyed("bills", "3"), "menu bills", ("bills",)),
        (("main",), Keyed("main", "7"), "menu main", ("main",)),
    ],
)
def test_repeat_and_back_follow_the_menus_visited(
    rules_of: Callable[[str], RuleSet],
    visited: tuple[str, ...],
    turn: Turn,
    expected: str,
    left: tuple[str, ...],
) -> None:
    decision = decide(rules_of(MENUS), replace(facts(), menus=visited), turn)

    assert ends(decision) == expected
    assert decision.facts.menus == left


def test_who_chooses_nothing_still_reaches_a_person(shipped: RuleSet) -> None:
    decision = decide(shipped, facts(), NothingChosen("main"))

    assert ends(decision) == "queue kundeservice"
    assert taken(decision)[0] == (
        "nothing was chosen in menu main in 3 tries: department kundeservice"
    )


def test_a_queue_without_agents_leads_on_until_someone_is_there(shipped: RuleSet) -> None:
    one_empty = decide(shipped, facts(faktura=0), Keyed("main", "3"))
    both_empty = decide(shipped, facts(faktura=0, kundeservice=0), Keyed("main", "3"))

    assert ends(one_empty) == "queue kundeservice"
    assert "not queue faktura: nobody is logged in" in why_not(one_empty)
    assert ends(both_empty) == "voicemail kundeservice"


def test_a_queue_without_agents_and_without_another_way_is_waited_in(
    rules_of: Callable[[str], RuleSet],
) -> None:
    for nobody in ("", ", nobody_logged_in: queue main"):
        rules = rules_of(
            "version: 1\nnumbers: {anything else: {to: queue main}}\n"
            f"queues: {{main: {{answer: 80% within 20s{nobody}}}}}\n"
        )

        decision = decide(rules, Facts(MONDAY, None, signed_in={"main": 0}), Arrived())

        assert ends(decision) == "queue main"


def test_a_long_wait_leads_to_its_step(shipped: RuleSet) -> None:
    decision = decide(shipped, facts(), WaitedLong("faktura", 0))

    assert ends(decision) == "queue kundeservice"
    assert taken(decision)[0] == "the caller waited 180 s in queue faktura: queue kundeservice"


@pytest.mark.parametrize("step", [-1, 1, 99])
def test_a_wait_that_the_queue_says_nothing_of_goes_on(shipped: RuleSet, step: int) -> None:
    assert ends(decide(shipped, facts(), WaitedLong("faktura", step))) == "queue faktura"


def test_when_the_last_agent_signs_out_the_caller_is_led_on(shipped: RuleSet) -> None:
    decision = decide(shipped, facts(), NobodyLoggedIn("bergen"))

    assert ends(decision) == "queue kundeservice"


def test_an_overflow_that_points_back_keeps_the_caller_where_they_were(
    rules_of: Callable[[str], RuleSet],
) -> None:
    rules = rules_of(
        """
version: 1
numbers: {anything else: {to: queue a}}
queues:
  a: {answer: 80% within 20s, while_waiting: [{after: 60s, to: queue b}]}
  b: {answer: 80% within 20s, while_waiting: [{after: 60s, to: hangup}], nobody_logged_in: queue a}
"""
    )

    decision = decide(rules, facts(b=0), WaitedLong("a", 0))

    assert ends(decision) == "queue a"


def test_a_finished_story_is_hung_up(shipped: RuleSet) -> None:
    decision = decide(shipped, facts(), Finished())

    assert ends(decision) == "hangup"
    assert decision.say == ()


def test_rules_that_lead_round_end_the_call_and_say_so(shipped: RuleSet) -> None:
    # `ivr check` refuses such rules; a rule set made by hand must not hang a call all the same.
    target = replace(shipped.menus["main"].options["1"].target)
    kundeservice = shipped.departments["kundeservice"]
    ring = replace(kundeservice, closed=replace(kundeservice.closed, target=target))
    rules = replace(shipped, departments={**shipped.departments, "kundeservice": ring})

    decision = decide(rules, facts(SUNDAY), Keyed("main", "1"))

    assert ends(decision) == "hangup"
    assert decision.say == ("closed", "sorry")
    assert taken(decision)[-1] == ("the rules lead back to department kundeservice: the call ends")


@pytest.mark.parametrize(
    "turn",
    [Keyed("gone", "1"), NothingChosen("gone"), WaitedLong("gone", 0), NobodyLoggedIn("gone")],
)
def test_a_turn_at_a_place_that_these_rules_do_not_have_ends_with_an_apology(
    shipped: RuleSet, turn: Turn
) -> None:
    decision = decide(shipped, facts(), turn)

    assert ends(decision) == "hangup"
    assert decision.say == ("sorry",)


NAMES = st.sampled_from(
    ["main", "kundeservice", "faktura", "bergen", "bergen-henting", "trondheim", "?"]
)
TURNS = st.one_of(
    st.just(Arrived()),
    st.just(Finished()),
    st.builds(Keyed, NAMES, st.text("0123456789*#", max_size=3)),
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
    assert decision.decided_by.text != decision.to
    assert decision.facts.at == some.at
    assert ends(decision)
