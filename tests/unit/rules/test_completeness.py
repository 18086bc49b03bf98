"""Every dialled number, menu path, minute, language and staffing: each call ends, or the rules are refused.

Random rules are followed twice: by `walk`, and by a naive reading of the text. Both must come to the same end, and what
`ivr check` calls never reached is never met.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import product
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.menus.digits import take_option
from ivr.numbers import parse_number
from ivr.rules.decision import Facts
from ivr.rules.hours import opening
from ivr.rules.load import load_rules, read_rules
from ivr.rules.model import RuleSet
from ivr.rules.walk import walk
from tests.unit.rules.naive import ROUND, NaiveCall, is_open, read

OSLO = ZoneInfo("Europe/Oslo")
MONDAY = datetime(2027, 5, 10)  # noqa: DTZ001 - the clock on the wall; 16 and 17 May are holidays
A_WEEK_AND_A_DAY = 8 * 24 * 60
CLOCKS = ("00:00", "05:59", "06:00", "07:59", "08:00", "11:59", "12:00", "15:59", "16:00", "22:00")
MINUTES = [
    datetime.fromisoformat(f"2027-05-{day:02} {clock}") for day in range(10, 19) for clock in CLOCKS
]
NUMBERS = ("+47 55 30 10 00", "+47 21 00 00 00", "+47 73 80 20 00")
NAMES = ("a", "b")

END = st.sampled_from(["hangup", "voicemail a", "queue a", "queue b"])
ANYWHERE = st.one_of(
    *[END] * 6,
    st.sampled_from(
        ["menu a", "menu b", "department a", "department b", "question ask", "phone p"]
    ),
)
DAYS = st.sampled_from(["2027-05-11", "2027-05-14", "2027-05-17", "2026-01-01"])


@st.composite
def rule_files(draw: st.DrawFn) -> str:
    def maybe(text: str) -> str:
        return text if draw(st.booleans()) else ""

    def local() -> str:
        moves = maybe(f", migrated: {draw(DAYS)}" + maybe(", ramp: 40% each day"))
        return f"{{local: {draw(END)}{moves}}}"

    site = maybe("site: s, ")
    lines = [
        "version: 1",
        "languages: [nb, en]",
        "numbers:",
        f"  {NUMBERS[0]}: {{{site}to: {draw(ANYWHERE)}}}",
        f"  {NUMBERS[1]}: {{to: {draw(ANYWHERE)}}}",
        f"  anything else: {{to: {draw(ANYWHERE)}}}",
        "hours:",
        "  office: {mon-fri: 08:00-16:00}",
        "  night: {daily: 22:00-06:00}",
        "  always: {daily: 00:00-24:00}",
        f"holidays: {{{maybe('public: Norway, ')}short_days: {{05-14: until 12:00}}}}",
        maybe("site_of_call: [dialled number, question ask]"),
        f"questions: {{ask: {{say: x, digits: 4, tries: 2, finds: site, to: {draw(ANYWHERE)}}}}}",
        f"phones: {{p: {{phone: p, no_answer: {draw(ANYWHERE)}}}}}",
        "sites:",
        f"  s: {{postcodes: 5000-5999, departments: {{a: {local()}{maybe(', b: ' + local())}}}}}",
        f"  t: {{postcodes: 7000-7999, departments: {{b: {local()}}}}}",
        "menus:",
    ]
    for name in NAMES:
        nothing = draw(st.one_of(ANYWHERE, ANYWHERE, st.sampled_from(["back", "repeat"])))
        lines.append(
            f"  {name}: {{say: x, tries: {draw(st.sampled_from('12'))}, keys: {{1: {draw(ANYWHERE)}, "
            f"2: {draw(st.one_of(ANYWHERE, st.just('back')))}, "
            f"3: {{language: en, to: {draw(ANYWHERE)}}}}}, nothing_chosen: {nothing}}}"
        )
    lines.append("departments:")
    for name in NAMES:
        hours = draw(st.sampled_from(["office", "night", "always"]))
        national = draw(st.sampled_from(["queue a", "queue a", "queue b", "menu a", "phone p"]))
        lines.append(
            f"  {name}: {{hours: {hours}, national: {national}, closed: {{say: x, to: {draw(ANYWHERE)}}}}}"
        )
    lines.append("queues:")
    for name in NAMES:
        full = maybe(f", at_most: 3 waiting, when_full: {draw(ANYWHERE)}")
        nobody = maybe(f", nobody_logged_in: {draw(ANYWHERE)}")
        other = maybe("{after: 1m, also_ring: queue a}, ")
        steps = maybe(f"{other}{{after: 5m, to: {draw(ANYWHERE)}}}")
        lines.append(
            f"  {name}: {{answer: 80% within 20s, while_waiting: [{steps}]{full}{nobody}}}"
        )
    return "\n".join(line for line in lines if line)


@settings(deadline=None, max_examples=120)
@given(
    rule_files(),
    st.lists(st.text("123,", max_size=4).map(lambda row: row + "5003"), min_size=1, max_size=3),
    st.lists(st.sampled_from(MINUTES), min_size=1, max_size=3, unique=True),
)
def test_rules_are_refused_or_every_call_ends_where_the_text_says(
    text: str, rows: list[str], minutes: list[datetime]
) -> None:
    rules, faults = read_rules(text.encode(), "rules.yaml")

    if rules is None:
        errors = {fault.code for fault in faults if fault.severity == "error"}
        assert errors <= {"IVR402", "IVR403"}, [str(one) for one in faults]
        return
    document = read(text)
    never = {
        one.message.removeprefix("no call ever comes to ") for one in faults if one.code == "IVR602"
    }
    staffings = [dict(zip(NAMES, agents, strict=True)) for agents in product((0, 1), (0, 1))]
    fullness: list[dict[str, int]] = [{}, {"a": 3}, {"a": 3, "b": 9}]
    for number, row, at, signed_in, waiting in product(
        NUMBERS, ("", *rows), minutes, staffings, fullness
    ):
        naive = NaiveCall(document, at, row, signed_in, waiting)
        expected = naive.follow(number)
        facts = Facts(
            at.replace(tzinfo=OSLO), parse_number(number), signed_in=signed_in, waiting=waiting
        )

        walked = walk(rules, facts, row, take_option)

        assert expected != ROUND, (number, row, at, signed_in, waiting)
        assert (walked.ends, walked.site, walked.language) == (
            expected,
            naive.site,
            naive.language,
        ), (number, row, at, signed_in, waiting)
        assert not never & naive.met
        assert "the rules lead" not in " ".join(step.text for step in walked.steps)


ROOT = Path(__file__).parents[3]
REAL = (ROOT / "routing_rules.yaml", ROOT / "tests" / "data" / "rules" / "whole_language.yaml")


def loaded(file: Path) -> RuleSet:
    return load_rules(file.read_bytes(), file.name)[0]


@pytest.mark.parametrize("file", REAL, ids=lambda file: file.stem)
def test_at_every_minute_of_a_week_with_a_holiday_a_department_is_open_as_the_text_says(
    file: Path,
) -> None:
    rules, document = loaded(file), read(file.read_text("utf-8"))

    for department in rules.departments.values():
        for minute in range(A_WEEK_AND_A_DAY):
            at = MONDAY + timedelta(minutes=minute)
            now = opening(rules, department, at.replace(tzinfo=OSLO))
            assert now.is_open == is_open(document, department.name, at), (department.name, at)


@pytest.mark.parametrize("file", REAL, ids=lambda file: file.stem)
def test_in_real_rules_every_call_ends_with_a_person_a_box_or_a_goodbye(file: Path) -> None:
    rules = loaded(file)
    numbers = [*rules.numbers, parse_number("+47 99 99 99 99"), None]
    rows = ["", *(f"{first}{second}5003" for first in "12349*7," for second in ("", "1", "2"))]
    staffings = [{}, dict.fromkeys(rules.queues, 0)]

    for number, row, at, signed_in in product(numbers, rows, MINUTES, staffings):
        facts = Facts(at.replace(tzinfo=OSLO), number, signed_in=signed_in)
        walked = walk(rules, facts, row, take_option)
        assert walked.ends.split(" ")[0] in {"queue", "voicemail", "hangup"}
