"""What callers say in menus, counted."""

from __future__ import annotations

from typing import Literal

from ivr.kpi.speech import MenuSpeech, speech_figures
from ivr.records.events import MenuTry, SpeechGone, WordsHeard
from ivr.records.speech import SpokenCall, SpokenEvent


def said(
    result: Literal["sure", "unsure", "not_understood"],
    key: str | None = None,
    *,
    confirms: str | None = None,
    after_ms: int = 600,
) -> WordsHeard:
    return WordsHeard(
        menu="main",
        engine="twin",
        result=result,
        likelihood=0.9,
        after_ms=after_ms,
        key=key,
        confirms=confirms,
    )


def chosen(key: str, menu: str = "main") -> MenuTry:
    return MenuTry(menu=menu, result="chosen", key=key)


NOTHING = MenuTry(menu="main", result="no_match")


def call(*events: SpokenEvent, test: bool = False) -> SpokenCall:
    return SpokenCall(call_id="1", test=test, events=events)


def main(*calls: SpokenCall) -> MenuSpeech:
    (menu,) = speech_figures(calls).menus
    return menu


def test_a_choice_that_was_said_is_by_voice_and_one_that_was_keyed_is_not() -> None:
    menu = main(call(said("sure", "3"), chosen("3")), call(chosen("3")))

    assert (menu.chosen, menu.by_voice, menu.share_by_voice) == (2, 1, 0.5)
    assert (menu.utterances, menu.sure) == (1, 1)


def test_who_is_asked_back_and_says_yes_has_chosen_by_voice() -> None:
    menu = main(call(said("unsure", "3"), said("sure", "1", confirms="3"), chosen("3")))

    assert (menu.by_voice, menu.asked_back, menu.confirmed) == (1, 1, 1)
    assert menu.utterances == 1
    assert menu.confusions == {}


def test_what_was_heard_and_another_key_chosen_is_a_confusion() -> None:
    menu = main(
        call(said("unsure", "3"), said("sure", "2", confirms="3"), NOTHING, chosen("2")),
        call(said("unsure", "3"), NOTHING, said("sure", "2"), chosen("2")),
    )

    assert menu.confusions == {"3": {"2": 2}}
    assert (menu.asked_back, menu.confirmed, menu.by_voice) == (2, 0, 1)


def test_what_is_not_understood_is_counted_and_confused_with_nothing() -> None:
    menu = main(call(said("not_understood"), NOTHING, chosen("2")))

    assert (menu.not_understood, menu.confusions, menu.share_by_voice) == (1, {}, 0.0)


def test_times_are_told_as_median_and_as_what_most_stay_below() -> None:
    menu = main(call(*(said("not_understood", after_ms=ms) for ms in range(500, 600))))

    assert (menu.after_ms, menu.after_ms_95) == (549, 594)
    assert menu.share_by_voice is None


def test_menus_in_which_nobody_spoke_and_calls_of_tests_are_left_out() -> None:
    figures = speech_figures(
        [
            call(chosen("1", "other"), SpeechGone(why="the worker is gone")),
            call(said("sure", "1"), chosen("1"), test=True),
        ]
    )

    assert (figures.calls, figures.menus) == (0, ())
    assert figures.gone == {"the worker is gone": 1}
