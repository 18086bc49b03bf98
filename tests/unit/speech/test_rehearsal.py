"""What comes of recordings that are rehearsed against a menu's phrases."""

from __future__ import annotations

from ivr.menus.words import Phrase
from ivr.speech.lengths import ScriptedRecogniser
from ivr.speech.recogniser import BYTES_A_SECOND
from ivr.speech.rehearsal import rehearse

PHRASES = (Phrase("faktura", "1"), Phrase("levering", "2"))


def test_recordings_are_counted_by_what_was_meant_and_what_was_heard() -> None:
    seconds = [("1", 1), ("1", 2), ("2", 2), ("2", 3), ("none", 4), ("none", 1)]

    found = rehearse(
        "main",
        "nb",
        PHRASES,
        ScriptedRecogniser(),
        [(meant, bytes(count * BYTES_A_SECOND)) for meant, count in seconds],
    )

    assert (found.menu, found.language, found.engine) == ("main", "nb", "scripted")
    assert found.utterances == 6
    assert (found.right, found.wrong_way, found.asked_back, found.not_understood) == (3, 2, 0, 1)
    assert found.confusion == {
        "1": {"1": 1, "2": 1},
        "2": {"2": 1, "none": 1},
        "none": {"1": 1, "none": 1},
    }
