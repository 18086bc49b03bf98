from __future__ import annotations

from ivr.records.events import Reason, Routed
from ivr.rules.decision import Step
from ivr.rules.model import Location
from ivr.showing.steps import reason_told, reasons_told, step_told, steps_told
from ivr.store.texts import read_event
from ivr.why import OtherKey, SiteByNumber

AS_ONCE_WRITTEN = (
    '{"type":"routed","to":"queue bergen","language":"nb","site":"bergen","department":"faktura","steps":['
    '{"text":"the number belongs to the site bergen","file":"rules.yaml","line":7,"path":"numbers.x"},'
    '{"text":"not hangup: that is key 2","taken":false}]}'
)


def test_a_row_with_sentences_still_reads_and_shows_them() -> None:
    routed = read_event(AS_ONCE_WRITTEN)

    assert isinstance(routed, Routed)
    for language in ("en", "nb"):
        assert reasons_told(routed.steps, language) == [
            "rules.yaml:7  the number belongs to the site bergen",
            "                  not hangup: that is key 2",
        ]


def test_a_stored_step_is_told_in_the_readers_language() -> None:
    reason = Reason(because=OtherKey("hangup", "2"), taken=False)

    assert reason_told(reason) == "not hangup: that is key 2"
    assert reason_told(reason, "nb") == "ikke hangup: det er tasten 2"


def test_steps_stand_behind_their_places_and_what_was_passed_over_further_in() -> None:
    here = Location("rules.yaml", 7, 3, "numbers.x")
    steps = [Step(SiteByNumber("bergen"), here), Step(OtherKey("hangup", "2"), None, taken=False)]

    assert steps_told(steps, "nb", lambda line: f"({line})") == [
        "rules.yaml:7  nummeret hører til stedet bergen",
        "(                  ikke hangup: det er tasten 2)",
    ]
    assert step_told(steps[0]) == "the number belongs to the site bergen"
