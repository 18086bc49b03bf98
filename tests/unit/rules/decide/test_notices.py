"""Notices for the callers of some sites: said as soon as the site is known, in whatever way it became known."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ivr.menus.digits import take_option
from ivr.numbers import PhoneNumber, parse_number
from ivr.rules.decision import Facts
from ivr.rules.model import RuleSet
from ivr.rules.walk import walk
from ivr.showing.steps import step_told
from tests.unit.rules.decide.calls import BERGEN, MONDAY, TRONDHEIM

RULES = """
version: 1
numbers:
  +47 55 30 10 00: {site: bergen, to: department faktura}
  +47 73 80 20 00: {site: bergen, to: question postcode}
  anything else: department faktura
callers: {doctors: {numbers: +47 55 97 00 00, site: bergen}}
site_of_call: WAYS
questions: {postcode: {say: ask, digits: 4, tries: 1, finds: site, to: department faktura}}
notices:
  - {from: 2026-01-01, to: 2026-12-31, say: news}
  - {from: 2026-01-01, to: 2026-12-31, say: news.bergen, sites: bergen}
  - {from: 2026-01-01, to: 2026-12-31, say: news.oslo, sites: oslo}
  - {from: 2026-01-01, to: 2026-12-31, say: news.both, sites: [bergen, oslo]}
sites:
  bergen: {postcodes: 5000-5999, departments: {faktura: {local: queue bergen}}}
  oslo: {postcodes: 0000-1299}
hours: {always: {daily: 00:00-24:00}}
departments: {faktura: {hours: always, national: queue main, closed: {say: closed, to: hangup}}}
queues:
  main: {answer: 80% within 20s, while_waiting: [{after: 5m, to: hangup}]}
  bergen: {answer: 80% within 20s, while_waiting: [{after: 5m, to: hangup}]}
"""
ASKED_FIRST = "[question postcode, dialled number, caller list]"
ASKED_LAST = "[dialled number, caller list, question postcode]"
DOCTOR, OTHER = parse_number("55970000"), parse_number("22334455")


@pytest.mark.parametrize(
    ("ways", "facts", "row", "said"),
    [
        # The question is answered with nothing: the number, or the list of the caller, says the site.
        (ASKED_FIRST, Facts(MONDAY, BERGEN), "", ("news", "ask", "news.bergen", "news.both")),
        (ASKED_FIRST, Facts(MONDAY, OTHER, DOCTOR), "", ("news", "ask", "news.bergen", "news.both")),
        (ASKED_FIRST, Facts(MONDAY, BERGEN), "0150", ("news", "ask", "news.oslo", "news.both")),
        (ASKED_FIRST, Facts(MONDAY, OTHER), "", ("news", "ask")),
        # The site was known, and the caller's answer says another: what was said is not said again.
        (ASKED_LAST, Facts(MONDAY, TRONDHEIM), "0150", ("news", "news.bergen", "news.both", "ask", "news.oslo")),
        (ASKED_LAST, Facts(MONDAY, TRONDHEIM), "5003", ("news", "news.bergen", "news.both", "ask")),
    ],
)  # fmt: skip
def test_notices_of_a_site_are_said_as_soon_as_it_is_known(
    rules_of: Callable[[str], RuleSet],
    ways: str,
    facts: Facts,
    row: str,
    said: tuple[str, ...],
) -> None:
    walked = walk(rules_of(RULES.replace("WAYS", ways)), facts, row, take_option)

    assert walked.said == said


@pytest.mark.parametrize(
    ("keyed", "said"),
    [
        (("0150", "5003", "0150"), ("news.oslo", "news.both", "news.bergen")),
        (("5003", "0150", "5003", "0150"), ("news.bergen", "news.both", "news.oslo")),
    ],
)
def test_a_notice_that_was_heard_is_not_said_again_in_this_call(
    rules_of: Callable[[str], RuleSet], keyed: tuple[str, ...], said: tuple[str, ...]
) -> None:
    rules = rules_of(
        RULES.replace("WAYS", ASKED_FIRST)
        .replace("anything else: department faktura", "anything else: menu main")
        .replace(
            "tries: 1, finds: site, to: department faktura", "tries: 1, finds: site, to: menu main"
        )
        + "menus: {main: {say: choices, keys: {1: question postcode, 2: queue main}, nothing_chosen: queue main}}"
    )
    row = "".join(f"1{postcode}" for postcode in keyed)

    walked = walk(rules, Facts(MONDAY, OTHER), f"{row}2", take_option)

    assert tuple(one for one in walked.said if one.startswith("news.")) == said
    told = [step_told(step) for step in walked.steps]
    assert f"not the notice {said[0]}: this call has had it" in told


@pytest.mark.parametrize(
    ("hour", "caller", "said", "ends"),
    [
        (10, OTHER, (), "refuse"),
        (20, OTHER, ("news", "closed"), "voicemail messages"),
        (10, DOCTOR, ("news",), "queue main"),
        (20, DOCTOR, ("news",), "queue main"),
    ],
    ids=["refused", "closed", "on a list", "on a list, and closed"],
)
def test_a_number_that_is_refused_but_for_its_closing_time_has_news_then(
    rules_of: Callable[[str], RuleSet],
    hour: int,
    caller: PhoneNumber,
    said: tuple[str, ...],
    ends: str,
) -> None:
    rules = rules_of("""
version: 1
numbers:
  +47 55 30 10 00:
    {to: refuse, hours: office, closed: {say: closed, to: voicemail messages}}
callers: {doctors: {numbers: +47 55 97 00 00, to: queue main}}
notices: [{from: 2026-01-01, to: 2026-12-31, say: news}]
hours: {office: {daily: 08:00-16:00}}
voicemails: {messages: {}}
queues: {main: {answer: 80% within 20s, while_waiting: [{after: 5m, to: hangup}]}}
""")
    walked = walk(rules, Facts(MONDAY.replace(hour=hour), BERGEN, caller), "", take_option)

    assert walked.said[: len(said)] == said
    assert ("news" in walked.said, str(walked.ends)) == (bool(said), ends)
