"""Figures of speech, as an operator reads them."""

from __future__ import annotations

import msgspec

from ivr.cli.shared.speech_lines import speech_lines
from ivr.kpi.speech import MenuSpeech

MENU = MenuSpeech(
    menu="main",
    chosen=8,
    by_voice=2,
    share_by_voice=0.25,
    utterances=5,
    sure=2,
    asked_back=2,
    confirmed=1,
    not_understood=1,
    confusions={"3": {"2": 1}},
    after_ms=600,
    after_ms_95=700,
)


def test_a_menu_says_who_speaks_what_comes_of_it_and_what_is_taken_for_what() -> None:
    assert list(speech_lines(MENU)) == [
        "menu main: 2 choices by voice (25% of 8)",
        "  5 utterances: 2 sure, 2 asked back (1 of them meant), 1 not understood",
        "  decided 600 ms after the end of speech at the median, 95 % within 700 ms",
        "  key 3 was heard, and then chosen: key 2 1 time",
    ]


def test_a_menu_without_choices_or_utterances_says_no_more_than_is_known() -> None:
    bare = msgspec.structs.replace(
        MENU, chosen=0, by_voice=0, share_by_voice=None, after_ms=None, confusions={}
    )

    assert len(list(speech_lines(bare))) == 2
