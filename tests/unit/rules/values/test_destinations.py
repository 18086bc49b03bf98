from __future__ import annotations

import pytest

from ivr.rules.fault import FaultKind
from ivr.rules.model import (
    Destination,
    ToBack,
    ToDepartment,
    ToHangUp,
    ToMenu,
    ToPhone,
    ToQuestion,
    ToQueue,
    ToRepeat,
    ToVoicemail,
)
from ivr.rules.values import destinations
from ivr.rules.values.plain import ValueRefused


@pytest.mark.parametrize(
    ("text", "destination"),
    [
        ("menu main", ToMenu("main")),
        ("department faktura", ToDepartment("faktura")),
        ("queue bergen-henting", ToQueue("bergen-henting")),
        ("voicemail kundeservice", ToVoicemail("kundeservice")),
        ("phone vakt", ToPhone("vakt")),
        ("question postnummer", ToQuestion("postnummer")),
        ("hangup", ToHangUp()),
        ("repeat", ToRepeat()),
        ("back", ToBack()),
    ],
)
def test_a_destination_is_two_words_or_one(text: str, destination: Destination) -> None:
    assert destinations.destination(text) == destination
    assert str(destination) == text


@pytest.mark.parametrize(
    ("text", "kind", "advice"),
    [
        ("que bergen", FaultKind.DESTINATION, "did you mean 'queue bergen'?"),
        ("hang-up", FaultKind.DESTINATION, "did you mean 'hangup'?"),
        ("queue", FaultKind.DESTINATION, "write queue and one name, such as queue bergen"),
        (
            "queue bergen nord",
            FaultKind.DESTINATION,
            "write queue and one name, such as queue bergen",
        ),
        ("hangup now", FaultKind.DESTINATION, "write hangup alone"),
        ("queue Bergen", FaultKind.NAME, "write bergen"),
    ],
)
def test_what_is_no_destination_gets_what_to_write(text: str, kind: FaultKind, advice: str) -> None:
    with pytest.raises(ValueRefused) as refused:
        destinations.destination(text)

    assert refused.value.kind is kind
    assert refused.value.hint == advice
