"""What a plan says is so: its windows hold a moment just where the decision is another there."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import product

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from ivr.errors import RulesRefused
from ivr.numbers import PhoneNumber
from ivr.proving.outcomes import Outcome
from ivr.proving.plan import ChangedGroup, plan_ahead
from ivr.proving.plan.changes import ORDINARY, Callers, Difference, LikeAnswers, difference
from ivr.proving.rule_tests import PlayedCall
from ivr.proving.simulate import simulate
from ivr.rules.model import RuleSet
from ivr.rules.values.windows import contains
from tests.unit.proving.conftest import RULES, WHOLE_LANGUAGE, load

TODAY = date(2026, 11, 26)
EDITS = [
    ("office: {mon-fri: 08:00-16:00}", "office: {mon-fri: [08:00-11:30, 12:00-16:00]}"),
    ("office: {mon-fri: 08:00-16:00}", "office: {mon-fri: 08:00-16:00, sat: 10:00-14:00}"),
    ("office: {mon-fri: 08:00-16:00}", "office: {mon-thu: 09:00-17:00, fri: 22:00-03:00}"),
    ("office: {mon-fri: 08:00-16:00}", "office: {daily: 00:00-24:00}"),
    ("office: {mon-fri: 08:00-16:00}", "office: {first mon: 10:00-12:00, mon-fri: 08:00-16:00}"),
    ("  public: Norway\n", ""),
    ("closed: [", "closed: [{from: 2026-12-28, to: 2026-12-30}, "),
    ("until 12:00", "until 10:30"),
    ("migrated: 2027-02-01", "migrated: 2027-01-01"),
    ("migrated: 2027-02-01", "migrated: 2026-12-24"),
    ("say: closed, to: voicemail faktura", "say: shut, to: hangup"),
    ("menus:\n", "notices: [{from: 2026-12-01 08:00, to: 2026-12-20 00:00, say: news}]\nmenus:\n"),
    ("timezone: Europe/Oslo", "timezone: Europe/London"),
    ("  anything else", "  +47 22 00 00 00: {name: New, to: department faktura}\n  anything else"),
]  # fmt: skip
MORE_EDITS = [
    ("night: {daily: 22:00-06:00}", "night: {daily: 21:00-07:00}"),
    ("night: {daily: 22:00-06:00}", "night: {mon-fri: 22:00-06:00}"),
    ("night: {daily: 22:00-06:00}", "night: {06-01 to 08-31: {daily: 23:00-05:00}, daily: 22:00-06:00}"),
    ("from: 2026-12-01 08:00, to: 2026-12-20 00:00", "from: 2026-12-03 10:00, to: 2026-12-04 09:00"),
    ("easter-4: until 12:00", "easter-3: until 12:00"),
    ("easter-4: until 12:00", "easter-4: until 12:00, 12-24: until 09:00"),
    ("postcodes: 5000-5999", "postcodes: [5000-5499, 6000-6099]"),
    ("2: department vakt", "2: menu more"),
    (", ramp: 25% each week", ""),
    ("migrated: 2027-02-01, ramp: 25%", "migrated: 2027-01-25, ramp: 10%"),
    ("partners: {site: oslo", "partners: {site: bergen"),
    ("hospitals: [+47 55 97 00 00]", "hospitals: [+47 55 97 00 00, +47 55 97 00 01]"),
]  # fmt: skip
POSTCODE = 4
ALL = 100
NEAR = [
    datetime.fromisoformat(one)
    for one in (
        "2026-11-26", "2026-12-01 08:00", "2026-12-03 10:00", "2026-12-20", "2026-12-24", "2026-12-24 09:00",
        "2026-12-28", "2026-12-31", "2027-01-01", "2027-01-25", "2027-02-01", "2027-02-08", "2027-03-24 12:00",
        "2027-03-28 02:00", "2027-05-17", "2027-06-01", "2027-07-12", "2027-07-31", "2027-10-31 02:00", "2028-02-29",
        "2032-12-24 12:00",
    )
]  # fmt: skip


def edited(text: str, edits: Iterable[tuple[str, str]]) -> str:
    for old, new in edits:
        text = text.replace(old, new, 1)
    return text


@lru_cache(maxsize=512)
def rule_set(text: str) -> RuleSet:
    try:
        return load(text)
    except RulesRefused:
        reject()


@lru_cache(maxsize=256)
def groups(before: str, after: str) -> tuple[ChangedGroup, ...]:
    return plan_ahead(rule_set(before), rule_set(after), TODAY).groups


MOMENTS = st.one_of(
    st.builds(
        lambda near, minutes: near + timedelta(minutes=minutes),
        st.sampled_from(NEAR),
        st.one_of(st.sampled_from([-1, 0, 1]), st.integers(-3000, 3000)),
    ),
    st.builds(
        lambda minutes: NEAR[0] + timedelta(minutes=minutes),
        st.integers(0, 8 * 366 * 24 * 60),
    ),
).filter(lambda at: at.date() >= TODAY)
DIALLED = ("+4755301000", "+4721000000", "+4722000000", "+4799999900")


def changed(before: RuleSet, after: RuleSet, call: PlayedCall) -> tuple[Outcome, Outcome]:
    was, will_be = (simulate(one, call) for one in (before, after))
    return (
        Outcome.of(before, was),
        Outcome.of(after, will_be),
    )


def told(
    found: Iterable[ChangedGroup], call: PlayedCall, at: datetime, before: RuleSet, after: RuleSet
) -> list[Difference]:
    """What the groups say that changes for this call at this moment."""
    is_listed = call.dialled in before.numbers or call.dialled in after.numbers
    number = call.dialled if is_listed else None
    return [
        one.difference
        for one in found
        if one.around == ORDINARY
        and (not one.callers or Callers() in one.callers)
        and number in one.numbers
        and any(_keys(one, call.press))
        and contains(one.when, at)
    ]


def _keys(group: ChangedGroup, press: str) -> Iterable[bool]:
    """Whether the group has this row of keys, answers included."""
    yield not group.keys and not group.answers and not any(row.said for row in group.rows)
    for row in group.rows:
        rest = press.removeprefix(row.keys)
        if row.said or not press.startswith(row.keys):
            continue
        is_answer = len(rest) == POSTCODE
        for answers in group.answers:
            match answers:
                case None:
                    yield rest == ""
                case LikeAnswers(is_wrong=True):
                    yield rest != "" and not is_answer
                case LikeAnswers(_, postcodes):
                    yield is_answer and any(one.first <= rest <= one.last for one in postcodes)
        yield not group.answers and (rest == "" or is_answer)


def require_truth(
    before_text: str, after_text: str, moments: list[datetime], rows: list[str]
) -> None:
    """Each call changes at each moment as the plan says, and no call else does."""
    before, after = rule_set(before_text), rule_set(after_text)
    found = groups(before_text, after_text)
    for at, to, press in product(moments, DIALLED, rows):
        call = PlayedCall(PhoneNumber(to), at.replace(tzinfo=after.timezone), press=press)
        is_parted = told([one for one in found if one.percent != ALL], call, at, before, after)
        said = told([one for one in found if one.percent == ALL], call, at, before, after)
        was, will_be = changed(before, after, call)
        expected = [difference(was, will_be)] if was != will_be else []
        # Of callers whom a ramp parts, this one is on one side.
        assert said == expected or (is_parted and not said), (at, to, press)


@settings(max_examples=25, deadline=None)
@given(
    edits=st.lists(st.sampled_from(EDITS), min_size=1, max_size=3, unique=True),
    moments=st.lists(MOMENTS, min_size=10, max_size=20),
)
def test_windows_hold_just_the_moments_at_which_calls_change(
    edits: list[tuple[str, str]], moments: list[datetime]
) -> None:
    require_truth(RULES, edited(RULES, edits), moments, ["", "1", "9", "91", "*", "D", "9D"])


@settings(max_examples=25, deadline=None)
@given(
    edits=st.lists(st.sampled_from(MORE_EDITS), min_size=1, max_size=3, unique=True),
    moments=st.lists(MOMENTS, min_size=10, max_size=20),
)
def test_also_where_questions_nights_and_notices_are(
    edits: list[tuple[str, str]], moments: list[datetime]
) -> None:
    rows = ["", "1", "2", "3", "31", "D", "15003", "15500", "16050", "10000", "10150"]

    require_truth(WHOLE_LANGUAGE, edited(WHOLE_LANGUAGE, edits), moments, rows)


@pytest.mark.parametrize("edit", [one for one in MORE_EDITS if "ramp" in one[0]])
def test_as_many_callers_change_as_are_said_to(edit: tuple[str, str]) -> None:
    before_text, after_text = WHOLE_LANGUAGE, edited(WHOLE_LANGUAGE, [edit])
    before, after = rule_set(before_text), rule_set(after_text)
    found = groups(before_text, after_text)
    callers = [PhoneNumber(f"+479{number * 9973:07}") for number in range(400)]

    for day in range(0, 90, 3):
        at = datetime.fromisoformat("2027-01-20 10:00") + timedelta(days=day)
        calls = [
            PlayedCall(PhoneNumber(DIALLED[0]), at.replace(tzinfo=after.timezone), one, "1")
            for one in callers
        ]
        share = sum(
            was != will_be for was, will_be in (changed(before, after, one) for one in calls)
        )
        said = sum(one.percent for one in found if told([one], calls[0], at, before, after))

        assert abs(100 * share / len(callers) - said) < 5, at


def test_callers_who_come_onto_a_list_change_and_no_others() -> None:
    before = WHOLE_LANGUAGE
    after = before.replace(
        "partners: {site: oslo, numbers: [+47 22 00 00 01]}",
        "partners: {site: oslo, numbers: [+47 22 00 00 01, +47 22 00 00 02]}",
    )

    found = groups(before, after)

    assert {one.callers for one in found} == {(Callers((), ("partners",), 1),)}
    assert {one.difference.site for one in found} >= {(None, "oslo")}
