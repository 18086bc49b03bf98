"""What a carrier's answer means for the next trunk: a row each."""

from __future__ import annotations

import pytest

from ivr.trunks import answer_of

NEXT = (None, 408, 500, 502, 503, 504, 580, 401, 407, 403, 488, 400, 420, 481, 482, 483, 406)
ITS_OWN = {
    486: "busy",
    600: "busy",
    603: "busy",
    480: "no_answer",
    404: "wrong_number",
    410: "wrong_number",
    484: "wrong_number",
    604: "wrong_number",
    302: "gone",
    301: "gone",
    606: "gone",
}


@pytest.mark.parametrize("status", NEXT)
def test_a_trunk_that_did_not_get_the_call_there_leads_on_to_the_next(status: int | None) -> None:
    outcome = answer_of(status)

    assert outcome.leads_on
    assert outcome.result == "gone"


@pytest.mark.parametrize(("status", "result"), ITS_OWN.items())
def test_what_is_said_of_the_number_itself_no_other_trunk_is_asked(
    status: int, result: str
) -> None:
    outcome = answer_of(status)

    assert not outcome.leads_on
    assert outcome.result == result
