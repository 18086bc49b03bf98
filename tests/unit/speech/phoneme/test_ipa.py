"""IPA as espeak-ng writes it, as sounds in a row."""

from __future__ import annotations

import pytest

from ivr.speech.phoneme.ipa import sounds_of


@pytest.mark.parametrize(
    ("written", "sounds"),
    [
        ("fˈɑktʉːrˌɑ\n", "f ɑ k t ʉː r ɑ"),
        ("tˈɛknɪsk sˈʉpːʊrt", "t ɛ k n ɪ s k s ʉ pː ʊ r t"),
        ("n̩ɹ̩ ʰa_b|c'", "n ɹ a b c"),
        ("ː", ""),
        ("", ""),
    ],
)
def test_stress_marks_and_spaces_are_left_out_and_length_stays_with_its_sound(
    written: str, sounds: str
) -> None:
    assert sounds_of(written) == tuple(sounds.split())
