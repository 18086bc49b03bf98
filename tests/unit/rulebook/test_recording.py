"""What is said of prompts that are recorded by phone."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import pytest

from ivr.rulebook.recording import recording_faults
from ivr.rules.lint.prompts import DICTATION_PROMPTS
from ivr.rules.load import load_rules
from ivr.settings import Prompts

RULES = load_rules(
    b"""
version: 1
languages: [nb, en]
numbers: {anything else: {to: menu main}}
menus: {main: {say: closed.storm, keys: {1: queue main}, nothing_chosen: queue main}}
queues: {main: {answer: 80% within 20s, while_waiting: [{after: 5m, to: hangup}]}}
""",
    "rules.yaml",
)[0]

ALL = (
    *DICTATION_PROMPTS,
    *("agent.your_number", "agent.your_pin", "agent.wrong_pin", "agent.locked"),
)


def found(on_disk: Mapping[str, Collection[str]] | None, **settings: object) -> list[str]:
    read = Prompts.model_validate({"record_by_phone": "*73", **settings})
    return [one.code for one in recording_faults(read, RULES, on_disk)]


def test_nothing_is_said_where_all_is_recorded_in_the_first_language() -> None:
    assert found({"nb": ALL}) == []


@pytest.mark.parametrize("lacking", ALL)
def test_each_prompt_that_leads_through_it_is_wanted(lacking: str) -> None:
    assert found({"nb": set(ALL) - {lacking}, "en": ALL}) == ["IVR647"]


def test_nothing_is_said_where_no_code_records() -> None:
    assert found({}, record_by_phone=None, recordable=["unheard"]) == []


def test_recordings_that_were_not_looked_for_are_not_missed() -> None:
    assert found(None) == []
