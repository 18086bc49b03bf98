from __future__ import annotations

from collections.abc import Callable

from ivr.rules.decide import decide
from ivr.rules.decision import CameIn, Facts, OptionChosen
from ivr.rules.model import RuleSet
from tests.unit.rules.decide.calls import MONDAY, facts, why_not


def test_a_queue_without_agents_leads_on_until_someone_is_there(shipped: RuleSet) -> None:
    one_empty = decide(shipped, facts(faktura=0), OptionChosen("main", "3"))
    both_empty = decide(shipped, facts(faktura=0, kundeservice=0), OptionChosen("main", "3"))

    assert one_empty.to == "queue kundeservice"
    assert "not queue faktura: nobody is logged in" in why_not(one_empty)
    assert both_empty.to == "voicemail kundeservice"


def test_a_queue_without_agents_and_without_another_way_is_waited_in(
    rules_of: Callable[[str], RuleSet],
) -> None:
    for nobody in ("", ", nobody_logged_in: queue main"):
        rules = rules_of(
            "version: 1\nnumbers: {anything else: {to: queue main}}\n"
            f"queues: {{main: {{answer: 80% within 20s{nobody}}}}}\n"
        )

        decision = decide(rules, Facts(MONDAY, None, signed_in={"main": 0}), CameIn())

        assert decision.to == "queue main"
