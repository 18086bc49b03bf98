from __future__ import annotations

from collections.abc import Callable

from ivr.rules.lint.prompts import (
    ENGINE_PROMPTS,
    WANTED_PROMPTS,
    check_prompts,
    spoken_prompts,
)
from ivr.rules.model import RuleSet


def test_the_shipped_rules_speak_these_prompts_and_no_others(shipped: RuleSet) -> None:
    spoken = spoken_prompts(shipped)

    of_the_rules = {"welcome", "main.choices", "no_input", "no_match", "closed", "voicemail"}
    assert set(spoken) == of_the_rules | set(ENGINE_PROMPTS)
    assert [place.path for place in spoken["welcome"]] == ["menus.main"]
    assert spoken["sorry"] == ()


def test_a_closed_period_and_a_voicemail_speak_too(rules_of: Callable[[str], RuleSet]) -> None:
    rules = rules_of(
        """
version: 1
numbers: {anything else: {to: voicemail box}}
holidays: {closed: [{from: 2026-07-13, to: 2026-07-31, say: closed.summer}]}
voicemails: {box: {say: leave_a_message, at_most: 3m}}
"""
    )

    assert {"closed.summer", "leave_a_message"} <= set(spoken_prompts(rules))
    assert rules.voicemails["box"].longest_seconds == 180.0


def test_a_prompt_for_a_site_alone_does_not_replace_the_one_for_all(shipped: RuleSet) -> None:
    recorded = set(spoken_prompts(shipped)) - {"welcome"} | {"welcome.bergen"}

    faults = check_prompts(shipped, {"nb": recorded, "en": recorded})

    assert [(fault.code, fault.severity) for fault in faults] == [("IVR501", "error")]


def test_a_prompt_in_one_language_only_is_a_warning(shipped: RuleSet) -> None:
    everything = set(spoken_prompts(shipped))

    faults = check_prompts(shipped, {"nb": everything, "en": everything - {"closed", "welcome"}})

    assert {(fault.code, fault.severity) for fault in faults} == {("IVR601", "warning")}
    assert len(faults) == 2


def test_rules_are_not_at_fault_for_what_the_engine_speaks_since_a_newer_version(
    shipped: RuleSet,
) -> None:
    recorded = set(spoken_prompts(shipped)) - WANTED_PROMPTS.keys()

    assert check_prompts(shipped, {"nb": recorded, "en": recorded}) == ()
    in_one = check_prompts(shipped, {"nb": recorded | WANTED_PROMPTS.keys(), "en": recorded})
    assert {(one.code, one.severity) for one in in_one} == {("IVR601", "warning")}
