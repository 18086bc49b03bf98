"""Stories of callers who say it instead of pressing it, and of a recogniser that fails them: keys always work."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping

import pytest

from ivr.ari.fake.people import Caller
from ivr.records.events import MenuTry, SpeechGone, WordsHeard
from ivr.rules.load import load_rules
from ivr.showing.story import event_told
from ivr.speech.fake import FakeSpeech
from tests.flows.conftest import PROMPTS, Switchboard, answers, prompts

RULES = """
version: 1
country: Norway
timezone: Europe/Oslo
languages: [nb, en]
keep_words: true
pronunciations: {nb: {Faktura: [fakˈtʉːra, fakˈtʊra]}}
numbers:
  +47 21 00 00 02: {to: menu deaf}
  anything else: {to: menu main}
hours: {always: {daily: 00:00-24:00}}
menus:
  main:
    say: [welcome, choices]
    keys: {1: department kundeservice, 2: department faktura, star: repeat, 9: {language: en, to: menu main}}
    speech: true
    wait: 5s
    tries: 2
    nothing_chosen: hangup
  deaf: {say: [welcome], keys: {1: department faktura}, wait: 5s, tries: 1, nothing_chosen: hangup}
departments:
  kundeservice:
    words: {nb: [kundeservice, hjelp], en: customer service}
    hours: always
    national: queue main
    closed: {say: closed, to: hangup}
  faktura: {words: {nb: faktura}, hours: always, national: queue main, closed: {say: closed, to: hangup}}
queues: {main: {answer: 80% within 20s, while_waiting: [{after: 3m, to: hangup}]}}
agents: {kari: {phone: kari, queues: [main]}}
"""


@pytest.fixture
def speech() -> FakeSpeech:
    return FakeSpeech()


@pytest.fixture
async def board(speech: FakeSpeech) -> AsyncIterator[Switchboard]:
    rules, _ = load_rules(RULES.encode(), "rules.yaml")
    async with Switchboard(
        rules, prompts((*PROMPTS, "meant.faktura")), speech=speech
    ).running() as running:
        yield running
        await asyncio.sleep(300)
        assert running.supervisor.calls == 0
        assert running.asterisk.leftovers() == []
        assert speech.places == {}


async def is_listened_to(board: Switchboard, speech: FakeSpeech) -> Caller:
    """A caller in the main menu, whose speech comes to the worker."""
    caller = board.asterisk.ring("+4799887766", dialled="+4721000000")
    await caller.hears("welcome")
    await asyncio.sleep(0.1)
    assert speech.attending
    return caller


async def over(caller: Caller) -> None:
    """The caller has had enough; the journal then has all of it."""
    await asyncio.sleep(1)
    caller.hangs_up()
    await asyncio.sleep(1)


def chosen(board: Switchboard) -> list[str | None]:
    return [one.key for one in board.events(MenuTry)]


async def test_a_word_over_a_playing_prompt_stops_it_and_chooses(
    board: Switchboard, speech: FakeSpeech
) -> None:
    caller = await is_listened_to(board, speech)

    speech.says("faktura")
    await over(caller)

    assert "choices" not in caller.heard
    assert chosen(board) == ["2"]
    assert board.records[0].department == "faktura"


async def test_the_journal_says_what_was_heard_how_surely_and_what_else_it_could_have_been(
    board: Switchboard, speech: FakeSpeech
) -> None:
    caller = await is_listened_to(board, speech)

    speech.says("hjelp", 0.96, or_else="faktura")
    await over(caller)

    (heard,) = board.events(WordsHeard)
    assert (heard.result, heard.word, heard.key, heard.likelihood) == ("unsure", "hjelp", "1", 0.96)
    assert (heard.engine, heard.after_ms, heard.others) == ("twin", 500, ("faktura",))
    assert (heard.other_keys, heard.confirms) == (("2",), None)


async def test_without_leave_to_keep_words_the_journal_has_only_the_keys_that_they_stand_for(
    speech: FakeSpeech,
) -> None:
    rules, _ = load_rules(RULES.replace("keep_words: true", "").encode(), "rules.yaml")
    async with Switchboard(rules, prompts(PROMPTS), speech=speech).running() as board:
        caller = await is_listened_to(board, speech)
        speech.says("hjelp", 0.96, or_else="faktura")
        await over(caller)

        (heard,) = board.events(WordsHeard)
        assert (heard.word, heard.others) == (None, ())
        assert (heard.key, heard.other_keys) == ("1", ("2",))


async def test_a_menu_that_wants_to_be_surer_than_the_engine_asks_back(speech: FakeSpeech) -> None:
    text = RULES.replace("speech: true", "speech: true\n    minimum: 97%")
    rules, _ = load_rules(text.encode(), "rules.yaml")
    known = prompts((*PROMPTS, "meant.faktura"))
    async with Switchboard(rules, known, speech=speech).running() as board:
        caller = await is_listened_to(board, speech)
        speech.says("faktura", 0.95)
        await caller.hears("meant.faktura")
        await asyncio.sleep(0.5)
        speech.says("ja", 0.9)
        await over(caller)

        heard = board.events(WordsHeard)
        assert [(one.result, one.key, one.confirms) for one in heard] == [
            ("unsure", "2", None),
            ("sure", "1", "2"),
        ]
        assert chosen(board) == ["2"]


async def test_what_means_nothing_stops_no_prompt_and_is_asked_again_after_it(
    board: Switchboard, speech: FakeSpeech
) -> None:
    caller = await is_listened_to(board, speech)

    speech.says("agurk")
    await caller.hears("choices")
    await asyncio.sleep(3)
    speech.says("agurk")
    await caller.hears("no_match")
    speech.says("kundeservice")
    await over(caller)

    assert chosen(board) == [None, "1"]


async def unsure(board: Switchboard, speech: FakeSpeech) -> Caller:
    """A caller who has said `faktura` unclearly, and is asked whether that was meant."""
    caller = await is_listened_to(board, speech)
    speech.says("faktura", 0.6)
    await caller.hears("meant.faktura")
    return caller


@pytest.mark.parametrize(
    "answers",
    [
        lambda caller, _: caller.keys("1"),
        lambda _, speech: speech.says("ja"),
        lambda _, speech: speech.says("riktig"),
    ],
    ids=["key 1", "ja", "riktig"],
)
async def test_who_was_not_clear_is_asked_back_and_may_press_or_say_yes(
    board: Switchboard, speech: FakeSpeech, answers: Callable[[Caller, FakeSpeech], None]
) -> None:
    caller = await unsure(board, speech)
    await asyncio.sleep(0.5)
    answers(caller, speech)
    await over(caller)

    assert chosen(board) == ["2"]
    assert board.records[0].department == "faktura"


@pytest.mark.parametrize(
    "answers",
    [
        lambda caller, _: caller.keys("2"),
        lambda _, speech: speech.says("nei"),
        lambda _, __: None,
        lambda _, speech: speech.is_lost(),
    ],
    ids=["key 2", "nei", "silence", "the worker dies"],
)
async def test_whatever_is_not_yes_is_asked_again(
    board: Switchboard, speech: FakeSpeech, answers: Callable[[Caller, FakeSpeech], None]
) -> None:
    caller = await unsure(board, speech)
    await asyncio.sleep(0.5)
    answers(caller, speech)
    await caller.hears("no_match")
    caller.keys("1")
    await over(caller)

    assert chosen(board) == [None, "1"]


@pytest.mark.parametrize("likelihood", [0.5, 0.01], ids=["not for sure", "none of the words"])
@pytest.mark.parametrize(
    ("then", "choices"),
    [
        ("ja", ["2"]),
        ("1", ["2"]),
        ("nei", [None, "1"]),
        ("2", [None, "1"]),
        ("", [None, "1"]),
        ("unclear", [None, "1"]),
    ],
)
async def test_an_answer_that_is_not_understood_is_asked_back_once_more(
    board: Switchboard, speech: FakeSpeech, likelihood: float, then: str, choices: list[str | None]
) -> None:
    caller = await unsure(board, speech)
    await asyncio.sleep(3)  # what is none of the words stops no prompt
    speech.says("ja", likelihood)
    await asyncio.sleep(0.1)
    await caller.hears("meant.faktura")
    await asyncio.sleep(3)
    answers(caller, speech, then, likelihood)
    if choices[0] is None:
        await caller.hears("no_match")
        caller.keys("1")
    await over(caller)

    assert caller.heard.count("meant.faktura") == 2
    assert chosen(board) == choices


async def test_what_no_prompt_can_ask_back_is_asked_again(
    board: Switchboard, speech: FakeSpeech
) -> None:
    caller = await is_listened_to(board, speech)
    speech.says("kundeservice", 0.6)
    await caller.hears("no_match")
    await over(caller)

    assert [one.result for one in board.events(WordsHeard)] == ["unsure"]


async def test_who_is_not_understood_twice_has_only_keys(
    board: Switchboard, speech: FakeSpeech
) -> None:
    caller = await is_listened_to(board, speech)
    for _ in range(2):
        speech.says("kundeservice", 0.6)
        await asyncio.sleep(0.1)
    await asyncio.sleep(10)
    assert speech.places == {}
    await over(caller)

    assert [one.why for one in board.events(SpeechGone)] == ["not understood 2 times"]
    assert board.counts["speech_lost"] == 0


async def test_the_words_are_those_of_the_callers_language_and_of_the_menu(
    board: Switchboard, speech: FakeSpeech
) -> None:
    caller = await is_listened_to(board, speech)
    (norwegian,) = speech.attending.values()
    caller.keys("9")
    await board.asterisk.until(
        lambda: any(one.language == "en" for one in speech.attending.values())
    )
    (english,) = speech.attending.values()

    assert norwegian.language == "nb"
    said = {phrase.text: phrase.sounds for phrase in norwegian.phrases}
    assert {"kundeservice", "hjelp", "faktura", "to", "gjenta"} <= said.keys()
    assert said["faktura"] == ("fakˈtʉːra", "fakˈtʊra")
    assert said["hjelp"] == ()
    in_english = {phrase.text for phrase in english.phrases}
    assert {"customer service", "two", "repeat"} <= in_english
    assert "kundeservice" not in in_english


async def test_a_call_whose_menus_do_not_listen_has_no_tap(
    board: Switchboard, speech: FakeSpeech
) -> None:
    caller = board.asterisk.ring("+4799887766", dialled="+4721000002")
    await caller.hears("welcome")

    assert speech.places == {}
    assert not any("snoop" in request for request in board.asterisk.requests)


async def test_nobody_listens_while_a_caller_waits_or_talks(
    board: Switchboard, speech: FakeSpeech
) -> None:
    await board.signs_in("kari", answers_after=5)
    caller = await is_listened_to(board, speech)
    speech.says("faktura")
    await board.asterisk.until(lambda: "music:calm" in caller.heard)
    await asyncio.sleep(0.1)

    assert speech.places == {}
    assert not [one for one in board.asterisk.channels.values() if one.endpoint.startswith("Snoop")]
    await caller.is_talking_to("kari")
    caller.hangs_up()


async def test_who_begins_to_speak_as_the_wait_ends_is_heard_out(
    board: Switchboard, speech: FakeSpeech
) -> None:
    caller = await is_listened_to(board, speech)
    await caller.hears("choices")
    await asyncio.sleep(2 + 4.8)
    speech.begins()
    await asyncio.sleep(1)
    speech.says("faktura")
    await over(caller)

    assert chosen(board) == ["2"]


FAULTS: Mapping[str, tuple[Callable[[FakeSpeech], None], str]] = {
    "dead": (
        lambda speech: speech.is_lost("the worker is gone: it cannot be reached"),
        "the worker is gone: it cannot be reached",
    ),
    "hung": (
        lambda speech: speech.is_lost("the worker is gone: it does not answer"),
        "the worker is gone: it does not answer",
    ),
    "slow": (
        lambda speech: speech.is_lost("engine phoneme is too slow"),
        "engine phoneme is too slow",
    ),
    "the socket is cut": (
        lambda speech: speech.is_lost("Asterisk closed the socket"),
        "Asterisk closed the socket",
    ),
    "garbage": (FakeSpeech.answers_garbage, "the worker answers what it was not asked"),
    "full": (lambda speech: setattr(speech, "is_full", True), "all speech workers are full"),
    "no first frame": (
        lambda speech: setattr(speech, "hears_nothing", True),
        "nothing of the call comes to the worker",
    ),
}
"""Faults of a worker, and what the trace says of each. Those of the first call come before it, the others in a word."""


@pytest.mark.parametrize("fault", FAULTS)
async def test_whatever_is_wrong_with_a_worker_the_keys_work_within_three_seconds_and_it_is_told(
    board: Switchboard, speech: FakeSpeech, fault: str
) -> None:
    happens, why = FAULTS[fault]
    is_there_before = fault in {"full", "no first frame"}
    if is_there_before:
        happens(speech)
    caller = board.asterisk.ring("+4799887766", dialled="+4721000000")
    await caller.hears("choices")
    await asyncio.sleep(2 + 4.8)  # the menu's patience all but over, and then a word begins
    speech.begins()
    if not is_there_before:
        happens(speech)
    began = asyncio.get_running_loop().time()
    await caller.hears("no_input")
    assert asyncio.get_running_loop().time() - began <= 3.0

    caller.keys("2")
    await over(caller)
    assert chosen(board) == [None, "2"]
    (gone,) = board.events(SpeechGone)
    assert gone.why == why
    assert why in event_told(gone)
    assert board.counts["speech_lost"] == 1


async def test_a_worker_that_never_answers_costs_a_caller_three_seconds_at_most(
    board: Switchboard, speech: FakeSpeech
) -> None:
    caller = await is_listened_to(board, speech)
    await caller.hears("choices")
    await asyncio.sleep(2 + 4.9)
    speech.begins()
    began = asyncio.get_running_loop().time()
    await caller.hears("no_input")

    assert asyncio.get_running_loop().time() - began <= 3.1


@pytest.mark.parametrize("after_seconds", [0.001, 0.004, 0.02, 0.5, 3.0])
async def test_a_caller_who_hangs_up_while_the_tap_is_made_or_stands_leaves_nothing(
    board: Switchboard, speech: FakeSpeech, after_seconds: float
) -> None:
    caller = board.asterisk.ring("+4799887766", dialled="+4721000000")
    await asyncio.sleep(after_seconds)
    speech.begins()
    caller.hangs_up()
    await asyncio.sleep(1)

    assert board.asterisk.leftovers() == []
    assert board.records[0].ended_by == "caller"
