"""Recordings of menus, by what an engine hears in them; here the engine knows what each recording says."""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ivr.audio.catalogue import PromptCatalogue
from ivr.audio.wav import write_recording
from ivr.cli.prompt_hearing import heard_warnings, write_down
from ivr.rules.load import load_rules

RULES = load_rules(
    b"""
version: 1
languages: [nb, en]
numbers: {anything else: {to: menu main}}
sites: {bergen: {name: Bergen}}
menus:
  main:
    greeting: welcome
    say: choices
    keys: {1: queue main, 2: queue main}
    nothing_chosen: queue main
queues: {main: {answer: 80% within 20s, while_waiting: [{after: 5m, to: hangup}]}}
""",
    "rules.yaml",
)[0]

SCRIPT = {
    "nb": {
        "welcome": "Hei og velkommen til oss",
        "choices": "For klær, trykk 1. For sko, trykk 2.",
        "choices.bergen": "For klær, trykk 1. For sko, trykk 2.",
    },
    "en": {"welcome": "Hello", "choices": "For clothes, press 1. For shoes, press 2."},
}


@dataclass(frozen=True)
class PlayedScribe:
    """Writes for each recording what a test says of it, told apart by its length."""

    texts: Mapping[int, str]
    name: str = "played"

    def written(self, samples: bytes) -> str:
        return self.texts[len(samples)]


def warned(
    folder: Path, texts: Mapping[str, str], *, stand_ins: frozenset[str] = frozenset()
) -> list[str]:
    """What is said of recordings that say this, by `language/name`; all others say their script."""
    played: dict[int, str] = {}
    for number, (language, name) in enumerate(
        (language, name) for language, words in SCRIPT.items() for name in words
    ):
        length = 800 + 80 * number
        path = folder / language / f"{name}.wav"
        path.parent.mkdir(exist_ok=True)
        write_recording(path, array("h", [9000, -9000] * (length // 2)))
        # Engines are given twice the samples, of two bytes each.
        played[4 * length] = texts.get(f"{language}/{name}", SCRIPT[language][name])
    catalogue = PromptCatalogue.load(folder)
    machine = {one for one in catalogue.recordings if f"{one.language}/{one.name}" in stand_ins}
    scribes = dict.fromkeys(("nb", "en"), PlayedScribe(played))
    written = {one.recording: one for one in write_down(RULES, catalogue, scribes, machine)}
    return [str(one) for one in heard_warnings(RULES, catalogue, SCRIPT, written)]


def test_recordings_that_say_their_script_are_right(tmp_path: Path) -> None:
    assert warned(tmp_path, {}) == []


def test_a_key_that_is_spoken_and_not_there_is_told_with_one_that_is_left_out(
    tmp_path: Path,
) -> None:
    told = warned(tmp_path, {"nb/choices": "for klær trykk en for sko trykk tre"})

    assert [one.partition(", as")[0] for one in told] == [
        "nb/choices.wav: speaks of key 3 in nb, and menu main has none",
        "nb/choices.wav: leaves out key 2 of menu main",
    ]


def test_the_recording_of_a_site_is_heard_as_well(tmp_path: Path) -> None:
    told = warned(tmp_path, {"nb/choices.bergen": "for klær trykk 1, for sko trykk 4"})

    assert {one.partition(":")[0] for one in told} == {"nb/choices.bergen.wav"}


def test_a_recording_of_another_text_is_told(tmp_path: Path) -> None:
    (told,) = warned(tmp_path, {"nb/welcome": "vi har dessverre stengt nå, ring oss i morgen"})

    assert told.startswith("nb/welcome.wav: played hears “vi har dessverre stengt")


def test_a_recording_without_words_is_told(tmp_path: Path) -> None:
    (told,) = warned(tmp_path, {"nb/welcome": ""})

    assert told.startswith("nb/welcome.wav: no words are heard in it")


def test_some_words_that_an_engine_mishears_are_no_other_text(tmp_path: Path) -> None:
    assert warned(tmp_path, {"nb/welcome": "hai og velkommen til åss"}) == []


def test_what_a_machine_has_read_is_not_listened_to(tmp_path: Path) -> None:
    texts = {"nb/choices": "for sko trykk 7"}

    assert warned(tmp_path, texts, stand_ins=frozenset({"nb/choices"})) == []
