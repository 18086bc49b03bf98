from __future__ import annotations

from ivr.settings import TrunkSettings
from ivr.trunks import NO_ANSWER, answer_of, mend_for_call, mends


def test_every_status_has_a_mend() -> None:
    assert all(mend_for_call(status) for status in range(300, 700))


def test_no_answer_has_its_own() -> None:
    assert mend_for_call(None) == NO_ANSWER


def test_what_is_the_numbers_own_answer_is_not_blamed_on_the_trunk() -> None:
    for status in (480, 486, 600):
        assert "the trunk works" in mend_for_call(status)
        assert not answer_of(status).leads_on


def test_keys_that_a_mend_names_are_keys_of_a_trunk_or_of_a_section() -> None:
    told = " ".join([*mends.TO_A_CALL.values(), mends.NO_KEY, mends.SIGNED_OUT, mends.NO_SOUND])
    named = set(told.split("`")[1::2])
    others = {"info", "inband", "auto", "sip.rtp", "sip.external_address", "sip.local_networks"}

    assert named - others <= set(TrunkSettings.keys())
