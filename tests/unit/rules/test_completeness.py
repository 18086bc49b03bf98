"""Every dialled number, menu path, minute, language and staffing: each call ends, or the rules are refused.

Random rules are followed twice: by `walk`, and by a naive reading of the text. Both must come to the same end, and what
`ivr check` calls never reached is never met.

Every number, row of keys and staffing is tried at each minute at which something begins or ends; and at every minute of
the week, one of them by lot. With `--hypothesis-profile=thorough` all of them are tried at every minute, which takes
some minutes for each file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import product
from pathlib import Path
from random import Random
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from ivr.menus.digits import take_option
from ivr.numbers import parse_number
from ivr.rules.decide.hours import opening
from ivr.rules.decision import Facts
from ivr.rules.load import load_rules, read_rules
from ivr.rules.model import RuleSet
from ivr.rules.walk import walk
from ivr.showing.steps import step_told
from tests.unit.rules.naive import ROUND, NaiveCall, is_open, read

OSLO = ZoneInfo("Europe/Oslo")
MONDAY = datetime(2027, 5, 10)  # noqa: DTZ001 - the clock on the wall; 16 and 17 May are holidays
A_WEEK_AND_A_DAY = 8 * 24 * 60
CLOCKS = ("00:00", "05:59", "06:00", "07:59", "08:00", "11:59", "12:00", "15:59", "16:00", "22:00")
MINUTES = [
    datetime.fromisoformat(f"2027-05-{day:02} {clock}") for day in range(10, 19) for clock in CLOCKS
]
EVERY_MINUTE = [MONDAY + timedelta(minutes=minute) for minute in range(A_WEEK_AND_A_DAY)]
IS_THOROUGH = settings.get_current_profile_name() == "thorough"
NUMBERS = ("+47 55 30 10 00", "+47 21 00 00 00", "+47 73 80 20 00")
PARSED = {number: parse_number(number) for number in NUMBERS}
NAMES = ("a", "b")
Call = tuple[str, str, Mapping[str, int], Mapping[str, int]]
"""The number, the row of keys, how many agents are signed in, and how many callers wait."""

T = TypeVar("T")

STAFFINGS = [dict(zip(NAMES, agents, strict=True)) for agents in product((0, 1), (0, 1))]
FULLNESS: list[dict[str, int]] = [{}, {"a": 3}, {"a": 3, "b": 9}]

END = st.sampled_from(["hangup", "voicemail a", "queue a", "queue b"])
ANYWHERE = st.one_of(
    *[END] * 6,
    st.sampled_from(
        ["menu a", "menu b", "department a", "department b", "question ask", "phone p"]
    ),
)
OFTEN_BY_DEPARTMENTS = st.sampled_from(["department a", "department b", "menu a"])
ROWS = st.text("1234,", max_size=4).map(lambda row: row + "5003")
SEASONS = st.sampled_from(["05-12 to 05-15", "05-14 to 05-14", "11-01 to 05-13", "05-16 to 05-12"])
OPENED = st.sampled_from(["day: 2027-05-13", "day: 05-16", "from: 2027-05-14, to: 2027-05-15"])
CLOSED = st.sampled_from(["day: 05-12", "from: 2027-05-11, to: 2027-05-17"])
DAYS = st.sampled_from(["2027-05-11", "2027-05-14", "2027-05-17", "2026-01-01"])


@dataclass
class WordsOfTime:
    """Words of time by lot, as they stand in a table of the rules; "" for none."""

    draw: st.DrawFn

    def maybe(self, text: str) -> str:
        return text if self.draw(st.booleans()) else ""

    def narrower(self) -> str:
        """A season and a day of the month, with hours of their own."""
        times = st.sampled_from(["closed", "12:00-22:00", "[06:00-08:00, 22:00-06:00]"])
        third = self.maybe(f", third tue: {self.draw(times)}")
        week = f"{{mon-thu: {self.draw(times.filter(lambda one: one != 'closed'))}{third}}}"
        season = f", {self.draw(SEASONS)}: {self.draw(st.one_of(times, st.just(week)))}"
        return self.maybe(f", second fri: {self.draw(times)}") + self.maybe(season)

    def breaks(self) -> str:
        to = self.maybe(f", to: {self.draw(ANYWHERE)}")
        return self.maybe(f", breaks: {{lunch: {{say: x{to}}}}}")

    def attended(self) -> str:
        hours = self.draw(st.sampled_from(["office", "night", "always"]))
        return f", hours: {hours}, closed: {self.draw(ANYWHERE)}{self.breaks()}"

    def opened(self) -> str:
        times = self.draw(st.sampled_from(["08:00-12:00", "[06:00-08:00, 22:00-06:00]"]))
        whom = self.maybe(", departments: [a]") + self.maybe(", sites: [t]")
        return self.maybe(f", open: [{{{self.draw(OPENED)}, hours: {times}{whom}}}]")

    def closed(self) -> str:
        whom = self.maybe(", departments: [b]") + self.maybe(", sites: [s]")
        return self.maybe(f", closed: [{{{self.draw(CLOSED)}{whom}}}]")


@st.composite
def rule_files(draw: st.DrawFn, begins: st.SearchStrategy[str] = ANYWHERE) -> str:
    """Rules whose numbers lead where `begins` says."""

    def maybe(text: str) -> str:
        return text if draw(st.booleans()) else ""

    def local() -> str:
        moves = maybe(f", migrated: {draw(DAYS)}" + maybe(", ramp: 40% each day"))
        return f"{{local: {draw(END)}{moves}}}"

    times = WordsOfTime(draw)
    site = maybe("site: s, ")
    lines = [
        "version: 1",
        "languages: [nb, en]",
        "numbers:",
        f"  {NUMBERS[0]}: {{{site}to: {draw(begins)}{maybe(times.attended())}}}",
        f"  {NUMBERS[1]}: {{to: {draw(begins)}}}",
        f"  anything else: {{to: {draw(begins)}}}",
        "hours:",
        f"  office: {{mon-fri: 08:00-16:00{times.narrower()}}}",
        f"  night: {{daily: 22:00-06:00{times.narrower()}}}",
        "  always: {daily: 00:00-24:00}",
        "  lunch: {daily: 11:59-12:30, 05-12 to 05-13: 23:00-00:30}",
        f"holidays: {{{maybe('public: Norway, ')}short_days: {{05-14: until 12:00}}{times.opened()}{times.closed()}}}",
        maybe("site_of_call: [dialled number, question ask]"),
        f"questions: {{ask: {{say: x, digits: 4, tries: 2, finds: site, to: {draw(ANYWHERE)}}}}}",
        f"phones: {{p: {{phone: p, no_answer: {draw(ANYWHERE)}}}}}",
        "sites:",
        f"  s: {{{maybe('holidays: Sweden, ')}postcodes: 5000-5999, "
        f"departments: {{a: {local()}{maybe(', b: ' + local())}}}}}",
        f"  t: {{postcodes: 7000-7999, departments: {{b: {local()}}}}}",
        maybe(f"keys: {{2: {draw(ANYWHERE)}, 4: {draw(st.one_of(ANYWHERE, st.just('back')))}}}"),
        "menus:",
    ]
    for name in NAMES:
        nothing = draw(st.one_of(ANYWHERE, ANYWHERE, st.sampled_from(["back", "repeat"])))
        lines.append(
            f"  {name}: {{say: x, tries: {draw(st.sampled_from('12'))}, keys: {{1: {draw(ANYWHERE)}, "
            f"2: {draw(st.one_of(ANYWHERE, st.just('back')))}, "
            f"3: {{language: en, to: {draw(ANYWHERE)}}}}}, nothing_chosen: {nothing}{maybe(times.attended())}}}"
        )
    lines.append("departments:")
    for name in NAMES:
        hours = draw(st.sampled_from(["office", "night", "always"]))
        national = draw(st.sampled_from(["queue a", "queue a", "queue b", "menu a", "phone p"]))
        lines.append(
            f"  {name}: {{hours: {hours}, national: {national}, "
            f"closed: {{say: x, to: {draw(ANYWHERE)}}}{times.breaks()}}}"
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


@dataclass
class Twice:
    """Rules and their text, and what `ivr check` says is never reached."""

    rules: RuleSet
    document: dict[str, Any]
    never: set[str]

    @classmethod
    def accepted(cls, text: str) -> Twice | None:
        """None where the rules are refused, which must be for a loop."""
        rules, faults = read_rules(text.encode(), "rules.yaml")
        if rules is None:
            errors = {fault.code for fault in faults if fault.severity == "error"}
            assert errors <= {"IVR402", "IVR403"}, [str(one) for one in faults]
            return None
        told = [one.message for one in faults if one.code == "IVR602"]
        never = {message.removeprefix("no call ever comes to ") for message in told}
        return cls(rules, read(text), never)

    def require_same_end(self, call: Call, at: datetime) -> None:
        """Both readings end this call, and in the same place."""
        number, row, signed_in, waiting = call
        naive = NaiveCall(self.document, at, row, signed_in, waiting)
        expected = naive.follow(number)
        facts = Facts(at.replace(tzinfo=OSLO), PARSED[number], signed_in=signed_in, waiting=waiting)

        walked = walk(self.rules, facts, row, take_option)

        assert expected != ROUND, (call, at)
        assert (walked.ends, walked.site, walked.language) == (
            expected,
            naive.site,
            naive.language,
        ), (call, at)
        assert not self.never & naive.met
        assert "the rules lead" not in " ".join(step_told(step) for step in walked.steps)


@settings(deadline=None, max_examples=120)
@given(
    rule_files(),
    st.lists(ROWS, min_size=1, max_size=3),
    st.lists(st.sampled_from(MINUTES), min_size=1, max_size=3, unique=True),
)
def test_rules_are_refused_or_every_call_ends_where_the_text_says(
    text: str, rows: list[str], minutes: list[datetime]
) -> None:
    twice = Twice.accepted(text)

    if twice is not None:
        for call, at in product(calls(rows), minutes):
            twice.require_same_end(call, at)


# Not shrunk: each smaller file would be followed for another second, and the message names the call and the minute.
@settings(deadline=None, max_examples=12, phases=(Phase.reuse, Phase.generate))
@given(rule_files(begins=OFTEN_BY_DEPARTMENTS), ROWS, st.integers(0, 1_000_000))
def test_at_every_minute_of_a_week_with_a_holiday_every_call_ends_where_the_text_says(
    text: str, row: str, lot: int
) -> None:
    twice = Twice.accepted(text)

    if twice is not None and not {"department a", "department b"} <= twice.never:
        for call, at in at_every_minute(calls([row]), lot):
            twice.require_same_end(call, at)


def calls(rows: list[str]) -> list[Call]:
    return list(product(NUMBERS, ("", *rows), STAFFINGS, FULLNESS))


def at_every_minute(calls: Sequence[T], lot: int = 0) -> Iterator[tuple[T, datetime]]:
    """Every call wherever something begins or ends, and at every minute one of them by lot; or all."""
    if IS_THOROUGH:
        yield from product(calls, EVERY_MINUTE)
        return
    yield from product(calls, MINUTES)
    drawn = Random(lot).choices(calls, k=len(EVERY_MINUTE))
    yield from zip(drawn, EVERY_MINUTE, strict=True)


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
        for at in EVERY_MINUTE:
            now = opening(rules, department, at.replace(tzinfo=OSLO))
            assert now.is_open == is_open(document, department.name, at), (department.name, at)


@pytest.mark.parametrize("file", REAL, ids=lambda file: file.stem)
def test_in_real_rules_every_call_ends_at_every_minute_with_a_person_a_box_or_a_goodbye(
    file: Path,
) -> None:
    rules = loaded(file)
    numbers = [*rules.numbers, parse_number("+47 99 99 99 99"), None]
    rows = ["", *(f"{first}{second}5003" for first in "12349*7," for second in ("", "1", "2"))]
    staffings = [{}, dict.fromkeys(rules.queues, 0)]

    tried = list(product(numbers, rows, staffings))
    for (number, row, signed_in), at in at_every_minute(tried):
        facts = Facts(at.replace(tzinfo=OSLO), number, signed_in=signed_in)
        walked = walk(rules, facts, row, take_option)
        assert walked.ends.split(" ")[0] in {"queue", "voicemail", "hangup"}
