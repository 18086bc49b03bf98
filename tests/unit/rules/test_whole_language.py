"""Every word of the language, decided and told: what the example of the language says is what happens."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from ivr.menus.digits import take_option
from ivr.numbers import parse_number
from ivr.rules.decide import decide
from ivr.rules.decision import (
    AnswerKeyed,
    CameIn,
    ClosingTime,
    Decision,
    Facts,
    Finished,
    NothingAnswered,
    NotTaken,
    OptionChosen,
    Override,
    Spoken,
    SurveyDone,
    WaitedLong,
)
from ivr.rules.load import read_rules
from ivr.rules.model import Question, RuleSet
from ivr.rules.walk import Walk, walk
from ivr.showing.steps import step_told
from ivr.why import SurveyNotAsked

OSLO = ZoneInfo("Europe/Oslo")
BERGEN = "+47 55 30 10 00"
NATIONAL = "+47 21 00 00 00"
HOSPITAL = "+47 55 97 00 00"
WHOLE = Path(__file__).parents[2] / "data" / "rules" / "whole_language.yaml"


def facts(
    at: str = "2026-11-23 09:00", to: str = BERGEN, caller: str | None = None, **more: object
) -> Facts:
    moment = datetime.fromisoformat(at).replace(tzinfo=OSLO)
    calling = parse_number(caller) if caller else None
    return replace(Facts(at=moment, dialled=parse_number(to), caller=calling), **more)  # type: ignore[arg-type]


def walked(rules: RuleSet, call: Facts, row: str) -> Walk:
    return walk(rules, call, row, take_option)


def taken(found: Walk | Decision) -> list[str]:
    return [step_told(step) for step in found.steps if step.taken]


def why_not(found: Walk | Decision) -> list[str]:
    return [step_told(step) for step in found.steps if not step.taken]


def test_the_whole_example_loads_and_only_warns() -> None:
    rules, faults = read_rules(WHOLE.read_bytes(), WHOLE.name)

    assert rules is not None, [str(one) for one in faults]
    not_yet = sorted({one.message.split(" ")[0] for one in faults if one.code == "IVR617"})
    assert not_yet == ["offer", "record", "survey"]


# -- notices -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "to", "is_said"),
    [
        ("2026-11-30 23:59", BERGEN, False),
        ("2026-12-01 00:00", BERGEN, True),
        ("2026-12-19 23:59", BERGEN, True),
        ("2026-12-20 00:00", BERGEN, False),
        ("2026-12-10 09:00", NATIONAL, False),
    ],
)
def test_a_notice_is_said_before_the_menu_in_its_window_to_its_sites(
    whole: RuleSet, at: str, to: str, is_said: bool
) -> None:
    decision = decide(whole, facts(at, to), CameIn())

    assert decision.say == (("notice.christmas_deadlines",) if is_said else ())
    assert decision.to == "menu main"
    assert any("notice" in text for text in (taken if is_said else why_not)(decision))


def test_a_notice_is_said_once(whole: RuleSet) -> None:
    assert (
        walked(whole, facts("2026-12-10 09:00"), "*1").said.count("notice.christmas_deadlines") == 1
    )


def test_a_notice_for_a_site_is_said_when_the_answer_tells_the_site(whole: RuleSet) -> None:
    found = walked(whole, facts("2026-12-10 09:00", NATIONAL), "25003")

    assert found.said[-2:] == ("ask.postcode", "notice.christmas_deadlines")


# -- the site of a call, questions ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "ends", "site"),
    [
        ("25003", "queue bergen-henting", "bergen"),
        ("27999", "queue trondheim", "trondheim"),
        ("20150", "queue kundeservice", None),
        ("2", "queue kundeservice", None),
        ("250,5003", "queue bergen-henting", "bergen"),
        ("250*5003", "queue bergen-henting", "bergen"),
        ("250,50,5003", "queue kundeservice", None),
        ("1", "queue kundeservice", None),
    ],
)
def test_a_question_finds_the_site_where_a_department_needs_it(
    whole: RuleSet, row: str, ends: str, site: str | None
) -> None:
    found = walked(whole, facts(to=NATIONAL), row)

    assert (found.ends, found.site) == (ends, site)
    assert ("ask.postcode" in found.said) == (row[0] == "2")


def test_the_dialled_number_wins_over_the_question(whole: RuleSet) -> None:
    assert "ask.postcode" not in walked(whole, facts(), "2").said


def test_a_question_is_asked_once(whole: RuleSet) -> None:
    asked = decide(whole, facts(to=NATIONAL, menus=("main",)), OptionChosen("main", "2"))
    after = decide(whole, asked.facts, NothingAnswered("postnummer"))
    again = decide(whole, after.facts, OptionChosen("main", "2"))

    assert isinstance(asked.then, Question)
    assert asked.facts.on_the_way_to == "henting"
    assert (after.to, again.to) == ("queue kundeservice", "queue kundeservice")


def test_the_digits_of_an_answer_stand_in_no_step(whole: RuleSet) -> None:
    found = walked(whole, facts(to=NATIONAL), "25013")

    assert not any("5013" in text for text in taken(found))
    assert (
        "the answer to question postnummer is in 5000-5999, the postcodes of the site bergen"
        in taken(found)
    )


SITES = """
version: 1
numbers:
  +47 21 00 00 00: {{to: {to}}}
  +47 55 30 10 00: {{to: department a, site: near}}
  anything else: hangup
callers: {{hospitals: {{numbers: [+47 55 97 00 00], site: far}}}}
site_of_call: [{ways}]
questions: {{ask: {{say: x, digits: 4, finds: site, to: department a}}}}
hours: {{always: {{daily: 00:00-24:00}}}}
departments: {{a: {{hours: always, national: queue n, closed: {{say: x, to: hangup}}}}}}
sites:
  near: {{postcodes: [5000, 5002-5003], departments: {{a: {{local: queue near}}}}}}
  far: {{postcodes: 9000-9999, departments: {{a: {{local: queue far, migrated: 2026-12-01}}}}}}
queues:
  n: {{answer: 80% within 20s}}
  near: {{answer: 80% within 20s}}
  far: {{answer: 80% within 20s}}
"""


@pytest.mark.parametrize(
    ("ways", "to", "ends"),
    [
        ("dialled number, caller list", BERGEN, "queue near"),
        ("caller list, dialled number", BERGEN, "queue far"),
        ("caller list", NATIONAL, "queue far"),
        ("dialled number", NATIONAL, "queue n"),
        ("question ask, caller list", NATIONAL, "queue far"),
    ],
)
def test_the_first_way_that_answers_wins(
    rules_of: Callable[[str], RuleSet], ways: str, to: str, ends: str
) -> None:
    rules = rules_of(SITES.format(ways=ways, to="department a"))

    assert walked(rules, facts(to=to, caller=HOSPITAL), "").ends == ends


@pytest.mark.parametrize(
    ("digits", "ends"),
    [("5000", "near"), ("5001", "n"), ("5003", "near"), ("9999", "far"), ("0000", "n")],
)
def test_a_rule_may_lead_to_a_question(
    rules_of: Callable[[str], RuleSet], digits: str, ends: str
) -> None:
    rules = rules_of(SITES.format(ways="dialled number", to="question ask"))

    assert walked(rules, facts(to=NATIONAL), digits).ends == f"queue {ends}"
    assert walked(rules, facts(to=NATIONAL), "").ends == "queue n"


def test_nobody_is_asked_for_a_site_that_makes_no_difference_any_more(
    rules_of: Callable[[str], RuleSet],
) -> None:
    text = SITES.format(ways="question ask", to="department a").replace(
        "{local: queue near}", "{local: queue near, migrated: 2026-06-01}"
    )

    before = walked(rules_of(text), facts("2026-11-30 23:59", NATIONAL), "")
    after = walked(rules_of(text), facts("2026-12-01 00:00", NATIONAL), "")

    assert (before.said, after.said) == (("x", "no_input", "x"), ())


@pytest.mark.parametrize("turn", [AnswerKeyed("gone", "1234"), NothingAnswered("gone")])
def test_a_question_that_these_rules_do_not_have_ends_with_an_apology(
    whole: RuleSet, turn: AnswerKeyed | NothingAnswered
) -> None:
    decision = decide(whole, facts(), turn)

    assert (decision.to, decision.say) == ("hangup", ("sorry",))


# -- lists of callers, ramp ----------------------------------------------------------------------------


def test_callers_of_a_list_are_first_in_line(whole: RuleSet) -> None:
    hospital = walked(whole, facts(caller=HOSPITAL), "1")
    other = walked(whole, facts(caller="+47 55 97 00 01"), "1")

    assert hospital.facts.first_in_line
    assert "the caller is among hospitals: first in line" in taken(hospital)
    assert not other.facts.first_in_line
    assert "not first in line: the caller is not among hospitals" in why_not(other)


def test_during_a_ramp_the_trace_says_on_which_side_the_caller_is(whole: RuleSet) -> None:
    ends = {
        walked(whole, facts("2027-02-03 09:00", caller=f"+47 55 00 00 {n}"), "4").ends
        for n in range(10, 60)
    }
    told = taken(walked(whole, facts("2027-02-03 09:00"), "4"))

    assert ends == {"queue bergen", "queue kundeservice"}
    assert any("25% of the callers since 2027-02-01" in text for text in told)


# -- overrides -----------------------------------------------------------------------------------------

UNTIL = datetime(2026, 11, 23, 14, 0, tzinfo=OSLO)
STORM = Override("site", "bergen", UNTIL, "closed.storm", by="kari", why="storm")


def closed(override: Override, at: str = "2026-11-23 09:00") -> Facts:
    return facts(at, overrides=(override,))


def test_a_closed_site_turns_away_what_is_answered_there(whole: RuleSet) -> None:
    found = walked(whole, closed(STORM), "2")

    assert (found.ends, found.said[-1]) == ("hangup", "closed.storm")
    assert (
        "department henting is closed: its site is closed by hand by kari until 2026-11-23 14:00, "
        "because: storm" in taken(found)
    )


def test_a_closed_site_leaves_what_is_national_and_the_trace_says_so(whole: RuleSet) -> None:
    found = walked(whole, closed(STORM), "1")

    assert found.ends == "queue kundeservice"
    assert any("site bergen is closed by hand" in text for text in taken(found))


@pytest.mark.parametrize(("at", "ends"), [("13:59", "hangup"), ("14:00", "queue bergen-henting")])
def test_an_override_ends_by_itself(whole: RuleSet, at: str, ends: str) -> None:
    assert walked(whole, closed(STORM, f"2026-11-23 {at}"), "2").ends == ends


def test_an_override_that_is_known_has_begun_whatever_the_time_of_the_call(whole: RuleSet) -> None:
    # The call's time has no fractions of a second, and a test may have set it.
    since = replace(STORM, since=datetime(2026, 11, 23, 9, 0, 0, 400_000, tzinfo=OSLO))

    found = walked(whole, closed(since), "2")

    assert found.ends == "hangup"
    told = "closed by hand by kari since 2026-11-23 09:00 until 2026-11-23 14:00, because: storm"
    assert f"department henting is closed: its site is {told}" in taken(found)


@pytest.mark.parametrize("say", ["closed.storm", None])
def test_a_closed_department_behaves_as_outside_its_hours(whole: RuleSet, say: str | None) -> None:
    override = Override("department", "kundeservice", UNTIL, say)

    found = walked(whole, closed(override), "1")

    assert found.ends == "voicemail kundeservice"
    assert found.said[-2:] == (say or "closed", "voicemail")
    assert "closed by hand until 2026-11-23 14:00" in " ".join(taken(found))


def test_a_closed_queue_sends_callers_where_nobody_is_logged_in(whole: RuleSet) -> None:
    override = Override("queue", "bergen-henting", UNTIL, "closed.storm")

    found = walked(whole, closed(override), "2")

    assert (found.ends, found.said[-1]) == ("queue kundeservice", "closed.storm")
    assert any("queue bergen-henting is closed by hand" in text for text in taken(found))


def test_a_closed_queue_without_another_way_ends_the_call_with_a_word(
    rules_of: Callable[[str], RuleSet],
) -> None:
    rules = rules_of(
        "version: 1\nnumbers: {anything else: queue a}\nqueues: {a: {answer: 80% within 20s}}\n"
    )

    for say, said in (("closed.storm", ("closed.storm",)), (None, ("sorry",))):
        decision = decide(rules, closed(Override("queue", "a", UNTIL, say)), CameIn())
        assert (decision.to, decision.say) == ("hangup", said)


# -- queues --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("waiting", "ends"),
    [
        ({}, "queue kundeservice"),
        ({"kundeservice": 24}, "queue kundeservice"),
        ({"kundeservice": 25}, "voicemail kundeservice"),
    ],
)
def test_a_full_queue_says_where_to_go(
    whole: RuleSet, waiting: Mapping[str, int], ends: str
) -> None:
    found = walked(whole, facts(waiting=waiting), "1")

    assert found.ends == ends
    if waiting.get("kundeservice") == 25:
        assert "queue kundeservice is full, 25 wait: voicemail kundeservice" in taken(found)
        assert "not queue kundeservice: at most 25 wait there" in why_not(found)


def test_a_split_is_told(whole: RuleSet) -> None:
    told = taken(walked(whole, facts(), "1"))

    assert "queue kundeservice is split: oslo 50%, bergen 30%, partner 20%" in told


@pytest.mark.parametrize(
    ("step", "ends", "told"),
    [
        (0, "queue kundeservice", "the caller waited 60 s in queue kundeservice: offer callback"),
        (
            1,
            "queue kundeservice",
            "the caller waited 120 s in queue kundeservice: also ring queue bergen",
        ),
        (
            2,
            "voicemail kundeservice",
            "the caller waited 600 s in queue kundeservice: voicemail kundeservice",
        ),
    ],
)
def test_each_step_of_a_wait_is_decided_and_told(
    whole: RuleSet, step: int, ends: str, told: str
) -> None:
    decision = decide(whole, facts(), WaitedLong("kundeservice", step))

    assert decision.to == ends
    assert told in taken(decision)


def test_a_walk_takes_every_step_of_a_wait_in_its_time(rules_of: Callable[[str], RuleSet]) -> None:
    rules = rules_of(
        "version: 1\nnumbers: {anything else: queue a}\nqueues:\n"
        "  a: {answer: 80% within 20s, while_waiting: [{after: 1m, also_ring: queue b}, {after: 5m, to: hangup}]}\n"
        "  b: {answer: 80% within 20s}\n"
    )

    found = walked(rules, facts(signed_in={"a": 0}), "")

    assert found.ends == "hangup"
    assert (found.facts.at - facts().at).total_seconds() == 300


def test_at_closing_time_those_who_wait_are_served_or_sent_on(
    whole: RuleSet, rules_of: Callable[[str], RuleSet]
) -> None:
    rules = rules_of(
        "version: 1\nnumbers: {anything else: queue a}\n"
        "queues: {a: {answer: 80% within 20s, at_closing_time: voicemail a}}\n"
    )

    assert decide(whole, facts(), ClosingTime("kundeservice")).to == "queue kundeservice"
    assert decide(rules, facts(), ClosingTime("a")).to == "voicemail a"
    assert decide(rules, facts(), ClosingTime("gone")).to == "hangup"


def test_a_survey_is_told_when_the_talk_is_over(whole: RuleSet) -> None:
    told = decide(whole, facts(), Finished("kundeservice"))

    assert SurveyNotAsked("short", "sms", 1.0) in [one.because for one in told.steps]
    assert told.to == "hangup"
    assert len(decide(whole, facts(), Finished()).steps) == 1


ASKED = (
    "version: 1\nnumbers: {anything else: queue a}\nqueues: {a: {answer: 80% within 20s, survey: s}}\n"
    "surveys: {s: {by: voice, say: rate, share: 25%, not_again_within: 30d}}\n"
)


@pytest.mark.parametrize(
    ("lot", "days_ago", "to"),
    [
        (0.0, None, "survey s"),
        (0.2499, None, "survey s"),
        (0.25, None, "hangup"),
        (0.0, 29, "hangup"),
        (0.0, 30, "survey s"),
        (0.0, -1, "survey s"),
    ],
)
def test_who_is_drawn_and_was_not_asked_of_late_is_asked(
    rules_of: Callable[[str], RuleSet], lot: float, days_ago: int | None, to: str
) -> None:
    now = facts(lot=lot)
    at = now.at - timedelta(days=days_ago) if days_ago is not None else None

    assert decide(rules_of(ASKED), replace(now, surveyed_at=at), Finished("a")).to == to


def test_when_the_survey_is_over_a_word_of_thanks_ends_the_call(
    rules_of: Callable[[str], RuleSet],
) -> None:
    over = decide(rules_of(ASKED), facts(), SurveyDone("s", answered=False))

    assert (over.to, over.say) == ("hangup", ("goodbye",))
    assert decide(rules_of(ASKED), facts(), SurveyDone("gone", answered=True)).say == ("sorry",)


def test_a_walk_goes_on_into_the_survey_where_the_caller_rates(
    rules_of: Callable[[str], RuleSet],
) -> None:
    rules = rules_of(ASKED)

    assert walk(rules, facts(), "", take_option).ends == "queue a"
    rated = walk(rules, facts(), "", take_option, rates="0,9")
    assert rated.ends == "hangup"
    assert rated.said == ("rate", "no_match", "rate", "goodbye")
    deserted = walk(rules, facts(signed_in={"a": 0}), "", take_option, rates="9")
    assert deserted.ends == "queue a"


# -- phones, speech ------------------------------------------------------------------------------------


def test_a_phone_is_where_a_call_comes_to_and_leads_on_when_nobody_takes_it(
    rules_of: Callable[[str], RuleSet],
) -> None:
    rules = rules_of(
        "version: 1\nnumbers: {anything else: phone vakt}\nvoicemails: {x: {say: x}}\n"
        "phones: {vakt: {phone: +47 55 97 00 00, no_answer: voicemail x}}\n"
    )

    came, went_on = (decide(rules, facts(), turn) for turn in (CameIn(), NotTaken("vakt")))

    assert (came.to, went_on.to) == ("phone vakt", "voicemail x")
    assert taken(went_on) == ["nobody took phone vakt: voicemail x", "voicemail x"]


def test_a_phone_that_nobody_takes_and_that_leads_nowhere_ends_with_an_apology(
    rules_of: Callable[[str], RuleSet],
) -> None:
    rules = rules_of(
        "version: 1\nnumbers: {anything else: phone vakt}\nphones: {vakt: {phone: vakt}}\n"
    )

    decision = decide(rules, facts(), NotTaken("vakt"))

    assert (decision.to, decision.say) == ("hangup", ("sorry",))


@pytest.mark.parametrize(
    ("words", "language", "to"),
    [
        ("Jeg har et spørsmål om regning", "nb", "queue faktura"),
        ("tre", "nb", "queue faktura"),
        ("3", "nb", "queue faktura"),
        ("my INVOICE please", "en", "queue faktura"),
        ("invoice", "nb", "menu main"),
        ("faktura eller bestilling", "nb", "menu main"),
        ("fakturaen", "nb", "menu main"),
        ("", "nb", "menu main"),
    ],
)
def test_what_a_caller_says_is_a_departments_word_or_a_digit(
    whole: RuleSet, words: str, language: str, to: str
) -> None:
    call = facts(language=language, menus=("main",), site="bergen")

    decision = decide(whole, call, Spoken("main", words))

    assert decision.to == to
    assert not any("spørsmål" in text or "please" in text for text in taken(decision))


def test_a_menu_that_listens_to_nobody_stays_where_it_is(shipped: RuleSet) -> None:
    assert decide(shipped, facts(), Spoken("main", "faktura")).to == "menu main"


def test_a_walk_can_speak(whole: RuleSet) -> None:
    found = walk(whole, facts(), "", take_option, ["faktura"])

    assert found.ends == "queue faktura"
    assert "the caller said 'faktura' in menu main: department faktura" in taken(found)


def test_night_hours_cross_midnight(whole: RuleSet) -> None:
    night = whole.hours["night"]

    assert {span.weekday for span in night.week.ranges} == set(range(7))
    assert all(one.span.crosses_midnight for one in night.week.ranges)


@pytest.mark.parametrize(
    ("call", "ends", "language"),
    [
        (facts(caller="55 97 00 77"), "queue kundeservice", "nb"),
        (facts(caller="98 76 54 32"), "refuse", "nb"),
        (facts(withheld=True), "hangup", "nb"),
        (facts(to="21 00 00 01"), "queue kundeservice", "en"),
    ],
)
def test_who_calls_and_what_is_dialled_may_decide_at_once(
    whole: RuleSet, call: Facts, ends: str, language: str
) -> None:
    found = walked(whole, call, "")

    assert (found.ends, found.language) == (ends, language)
