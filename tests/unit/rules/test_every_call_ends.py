"""Whatever rules someone writes: either they are refused, or every call ends."""

from __future__ import annotations

from datetime import datetime
from itertools import product
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from ivr.menus.digits import take_option
from ivr.rules.decision import Facts
from ivr.rules.load import read_rules
from ivr.rules.walk import walk
from ivr.showing.steps import step_told

OSLO = ZoneInfo("Europe/Oslo")
OPEN_AND_CLOSED = (datetime(2026, 11, 23, 9, tzinfo=OSLO), datetime(2026, 11, 22, 9, tzinfo=OSLO))
NAMES = ("a", "b", "c")

END = st.sampled_from(["hangup", "voicemail a"])
QUEUE = st.sampled_from([f"queue {name}" for name in NAMES])
MENU = st.sampled_from([f"menu {name}" for name in NAMES])
DEPARTMENT = st.sampled_from([f"department {name}" for name in NAMES])
ANYWHERE = st.one_of(END, END, END, END, QUEUE, MENU, DEPARTMENT)
HOURS = st.sampled_from(["office", "always"])


@st.composite
def rule_files(draw: st.DrawFn) -> str:
    lines = ["version: 1", f"numbers: {{anything else: {{to: {draw(ANYWHERE)}}}}}"]
    lines += ["hours: {office: {mon-fri: 08:00-16:00}, always: {daily: 00:00-24:00}}", "menus:"]
    lines += [
        f"  {name}: {{say: x, tries: 1, keys: {{1: {draw(ANYWHERE)}, 2: back}}, "
        f"nothing_chosen: {draw(st.one_of(ANYWHERE, st.just('back')))}}}"
        for name in NAMES
    ]
    lines.append("departments:")
    lines += [
        f"  {name}: {{hours: {draw(HOURS)}, national: {draw(st.one_of(END, QUEUE, MENU))}, "
        f"closed: {{say: x, to: {draw(ANYWHERE)}}}}}"
        for name in NAMES
    ]
    lines.append("queues:")
    lines += [
        f"  {name}: {{answer: 80% within 20s, nobody_logged_in: {draw(ANYWHERE)}, "
        f"while_waiting: [{{after: 60s, to: {draw(ANYWHERE)}}}]}}"
        for name in NAMES
    ]
    return "\n".join(lines)


@given(rule_files(), st.text("123,", max_size=4))
def test_rules_are_refused_or_every_call_ends(text: str, row: str) -> None:
    rules, faults = read_rules(text.encode(), "rules.yaml")

    if rules is None:
        assert {fault.code for fault in faults if fault.severity == "error"} <= {"IVR402", "IVR403"}
        return
    for at, a, b, c in product(OPEN_AND_CLOSED, (0, 1), (0, 1), (0, 1)):
        signed_in = {"a": a, "b": b, "c": c}
        walked = walk(rules, Facts(at, None, signed_in=signed_in), row, take_option)

        told = " ".join(step_told(step) for step in walked.steps)
        assert walked.ends.split(" ")[0] in {"queue", "voicemail", "hangup"}, text
        assert "the rules lead" not in told, text
