from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from ivr.numbers import parse_number
from ivr.rules.decision import Facts
from ivr.rules.load import load_rules
from ivr.rules.model import RuleSet
from ivr.showing.conversation import (
    CallOver,
    Decided,
    Hears,
    HearsRinging,
    LeavesMessage,
    MayAgree,
    MayKey,
    Reply,
    Scene,
    Waits,
    conversation,
)
from ivr.showing.paths import all_paths
from ivr.showing.prompt_words import words_of

MONDAY = datetime(2026, 11, 23, 9, tzinfo=ZoneInfo("Europe/Oslo"))


def called(
    rules: RuleSet, replies: Iterable[Reply], to: str = "+47 55 30 10 00", **facts: object
) -> list[Scene]:
    """What happens when the caller does this; after the last reply the caller hangs up."""
    talk = conversation(rules, Facts(**{"at": MONDAY, "dialled": parse_number(to), **facts}))  # type: ignore[arg-type]
    answers = iter(replies)
    happened = [next(talk)]
    while not isinstance(happened[-1], CallOver):
        asks = isinstance(happened[-1], MayKey | MayAgree | Waits | HearsRinging | LeavesMessage)
        happened.append(talk.send(next(answers, None) if asks else None))
    return happened


def heard(happened: list[Scene]) -> list[str]:
    return [prompt for one in happened if isinstance(one, Hears) for prompt in one.prompts]


def test_a_caller_chooses_waits_and_is_answered(shipped: RuleSet) -> None:
    happened = called(shipped, ["3", True])

    assert heard(happened) == ["welcome", "main.choices"]
    waits = next(one for one in happened if isinstance(one, Waits))
    assert waits.queue.name == "faktura"
    assert [agent.name for agent in waits.agents] == ["kari"]
    assert happened[-1] == CallOver(by_caller=False, talked_with=waits.agents[0])


def test_who_waits_on_is_taken_to_the_next_step_and_time_passes(shipped: RuleSet) -> None:
    happened = called(shipped, ["3", False, False])

    queues = [one.queue.name for one in happened if isinstance(one, Waits)]
    decided = [one.decision for one in happened if isinstance(one, Decided)]
    assert queues == ["faktura", "kundeservice"]
    assert decided[-1].to == "voicemail kundeservice"
    assert decided[-1].facts.at - MONDAY == timedelta(minutes=13)
    assert isinstance(happened[-2], LeavesMessage)
    assert happened[-1] == CallOver(by_caller=True)


def test_a_message_is_left_and_the_call_is_hung_up(shipped: RuleSet) -> None:
    sunday = MONDAY - timedelta(days=1)
    happened = called(shipped, ["1", "done"], at=sunday)

    assert heard(happened) == [
        "welcome", "main.choices", "closed", "voicemail", "beep", "message_saved",
    ]  # fmt: skip
    assert happened[-1] == CallOver(by_caller=False)


def test_silence_and_wrong_keys_are_told_apart(shipped: RuleSet) -> None:
    happened = called(shipped, ["", "7", "3"])

    assert heard(happened) == [
        "welcome", "main.choices", "no_input", "welcome", "main.choices",
        "no_match", "welcome", "main.choices",
    ]  # fmt: skip


def test_keys_typed_ahead_are_kept_for_the_next_menu(shipped: RuleSet) -> None:
    happened = called(shipped, ["93"])

    assert sum(isinstance(one, MayKey) for one in happened) == 1
    waits = next(one for one in happened if isinstance(one, Waits))
    assert waits.queue.name == "faktura"


def test_a_hang_up_ends_the_call_wherever_it_comes(shipped: RuleSet) -> None:
    every: list[list[Reply]] = [[], ["3"], [""], ["3", False]]
    for replies in every:
        assert called(shipped, replies)[-1] == CallOver(by_caller=True)


def test_without_agents_the_caller_can_only_wait(all_words: RuleSet) -> None:
    happened = called(all_words, [True], to="02222", signed_in={"rest": 0})

    waits = next(one for one in happened if isinstance(one, Waits))
    assert waits.agents == ()
    assert happened[-1] == CallOver(by_caller=False)


def test_a_phone_is_taken_or_the_call_goes_on(all_words: RuleSet) -> None:
    taken = called(all_words, ["", "", "", True])
    not_taken = called(all_words, ["", "", "", False, None])

    assert taken[-1] == CallOver(by_caller=False, talked_with=all_words.phones["vakt"])
    assert HearsRinging(all_words.phones["vakt"]) in not_taken
    assert any(isinstance(one, Waits) for one in not_taken)


def test_steps_that_keep_the_caller_are_taken_in_their_order(all_words: RuleSet) -> None:
    happened = called(all_words, ["", "", "", False, False, False, False, "done"])

    steps = [one.next_step for one in happened if isinstance(one, Waits)]
    assert [str(step) for step in steps] == [
        "offer callback",
        "also ring queue bergen",
        "voicemail box",
    ]


@pytest.mark.parametrize("name", ["shipped", "all_words"])
@pytest.mark.parametrize("day", [0, -1], ids=["Monday", "Sunday"])
def test_on_every_path_a_conversation_says_what_a_walk_says(
    name: str, day: int, request: pytest.FixtureRequest
) -> None:
    rules: RuleSet = request.getfixturevalue(name)
    facts = Facts(at=MONDAY + timedelta(days=day), dialled=None)

    for path in all_paths(rules, facts):
        if path.goes_round:
            continue
        silence: list[Reply] = [""] * 20
        happened = called(rules, [path.press, *silence], at=facts.at, dialled=path.number.number)
        decided = [one.decision for one in happened if isinstance(one, Decided)]
        first_wait = next((n for n, one in enumerate(happened) if isinstance(one, Waits)), None)
        said = [prompt for prompt in heard(happened[:first_wait]) if prompt not in AFTER_THE_TONE]
        assert said == list(path.said), path.keys
        assert path.ends in {decision.to for decision in decided}


AFTER_THE_TONE = {"beep", "message_saved"}


def test_a_question_is_answered_in_digits(all_words: RuleSet) -> None:
    happened = called(all_words, ["50*", "5003"], to="22 22 22 22")

    assert heard(happened) == ["ask", "no_match", "ask"]
    waits = next(one for one in happened if isinstance(one, Waits))
    assert waits.queue.name == "bergen"


def test_words_are_heard_where_the_menu_listens(written: Callable[[str], RuleSet]) -> None:
    rules = written(
        """\
        version: 1
        numbers: {anything else: menu main}
        hours: {office: {daily: 00:00-24:00}}
        menus:
          main: {say: welcome, speech: true, keys: {3: department faktura}, nothing_chosen: hangup}
        departments:
          faktura:
            words: {nb: [faktura]}
            hours: office
            national: queue main
            closed: {say: closed, to: hangup}
        queues: {main: {answer: 80% within 20s, while_waiting: [{after: 1m, to: hangup}]}}
        """
    )

    happened = called(rules, ["jeg har en faktura"])

    assert any(isinstance(one, Waits) for one in happened)


def test_a_prompt_has_the_words_of_the_site_then_those_of_another_language() -> None:
    script = {
        ("welcome", "nb"): "Hei",
        ("welcome.bergen", "nb"): "Hei  fra\nBergen",
        ("goodbye", "en"): "Bye",
    }

    assert words_of(script, "welcome", "nb", "bergen", ["nb", "en"]) == "Hei fra Bergen"
    assert words_of(script, "welcome", "nb", "oslo", ["nb", "en"]) == "Hei"
    assert words_of(script, "welcome", "en", None, ["nb", "en"]) == "Hei"
    assert words_of(script, "goodbye", "nb", None, ["nb", "en"]) == "Bye"
    assert words_of(script, "sorry", "nb", None, ["nb", "en"]) is None


def test_digits_that_are_said_are_read_back_and_count_when_the_caller_says_yes() -> None:
    rules, _ = load_rules(
        b"version: 1\nnumbers: {anything else: question code}\n"
        b"questions: {code: {say: ask, digits: 2, speech: true, to: voicemail code}}\n"
        b"voicemails: {code: {}}\n",
        "rules.yaml",
    )

    happened = called(rules, ["fire to", "2", "fire tre", "1"])

    assert heard(happened) == [
        "ask", "read_back.you_keyed", "number.4", "number.2", "read_back.is_it_right",
        "ask", "read_back.you_keyed", "number.4", "number.3", "read_back.is_it_right", "voicemail", "beep",
    ]  # fmt: skip
    assert "no_match" in heard(called(rules, ["hva", "fire tre", "1"]))


def test_an_answer_is_read_back_and_the_caller_lets_it_stand_or_not() -> None:
    rules, _ = load_rules(
        b"version: 1\nnumbers: {anything else: question code}\n"
        b"questions: {code: {say: ask, digits: 2, confirm: true, to: voicemail code}}\n"
        b"voicemails: {code: {}}\n",
        "rules.yaml",
    )

    happened = called(rules, ["42", "2", "43", "1"])

    assert heard(happened) == [
        "ask", "read_back.you_keyed", "number.4", "number.2", "read_back.is_it_right",
        "ask", "read_back.you_keyed", "number.4", "number.3", "read_back.is_it_right", "voicemail", "beep",
    ]  # fmt: skip
    assert called(rules, ["42"])[-1] == CallOver(by_caller=True)
