"""What recordings of menus say themselves, as an engine writes it down, beside the menus' keys and the script."""

from __future__ import annotations

import re
from array import array
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

import click

from ivr.amount import counted
from ivr.audio.catalogue import AudioFault, PromptCatalogue, Recording
from ivr.audio.wav import read_samples
from ivr.errors import PromptMissing
from ivr.rules.lint.menu_words import KeyAstray, KeyUnspoken, keys_astray, keys_unspoken
from ivr.rules.model import RuleSet
from ivr.speech.recogniser import Scribe

ANOTHER_TEXT = 0.3
"""This share of their words two texts have in common, in their order, with all that an engine mishears."""

FEWEST_WORDS = 4
"""Of fewer there is nothing to say: one misheard would be a quarter of them."""

_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class WrittenDown:
    """What one recording says, as an engine heard it."""

    recording: Recording
    engine: str
    text: str

    @property
    def file(self) -> str:
        return f"{self.recording.language}/{self.recording.path.name}"


def write_down(
    rules: RuleSet,
    catalogue: PromptCatalogue,
    scribes: Mapping[str, Scribe],
    stand_ins: Collection[Recording],
) -> Iterator[WrittenDown]:
    """Each recording that a menu plays, in the languages that somebody writes. A second or two each.

    Not `stand_ins`: a machine has read them from the script, and says what stands there.
    """
    for language, scribe in scribes.items():
        played = {
            recording.path: recording
            for site in (None, *rules.sites)
            for recording in _played(rules, catalogue, language, site).values()
            if recording not in stand_ins
        }
        if played:
            told = f"listening to {counted(len(played), 'recording')} of menus ({language}) with {scribe.name}"
            click.echo(told, err=True)
        for recording in played.values():
            yield WrittenDown(recording, scribe.name, scribe.written(_sound(recording)))


def heard_warnings(
    rules: RuleSet,
    catalogue: PromptCatalogue,
    script: Mapping[str, Mapping[str, str]],
    written: Mapping[Recording, WrittenDown],
) -> Iterator[AudioFault]:
    """Keys that recordings speak of and menus lack, keys that they leave out, and recordings of another text."""
    told: set[AudioFault] = set()
    for language in dict.fromkeys(one.language for one in written):
        for site in (None, *rules.sites):
            played = _played(rules, catalogue, language, site)
            heard = {
                name: written[one].text if one in written else script[language][one.name]
                for name, one in played.items()
                if one in written or one.name in script.get(language, {})
            }
            for fault in _of_keys(rules, language, heard, played, written):
                if fault not in told:
                    told.add(fault)
                    yield fault
    for one in written.values():
        words = script.get(one.recording.language, {}).get(one.recording.name)
        if words is not None and not _is_same(words, one.text):
            said = (
                f"{one.engine} hears “{one.text.strip()}” in it"
                if one.text.strip()
                else "no words are heard in it"
            )
            yield AudioFault(one.file, f"{said}, and the script has “{words}”; listen to it")


def _of_keys(
    rules: RuleSet,
    language: str,
    heard: Mapping[str, str],
    played: Mapping[str, Recording],
    written: Mapping[Recording, WrittenDown],
) -> Iterator[AudioFault]:
    words = {language: heard}
    found: list[KeyAstray | KeyUnspoken] = [
        *keys_astray(rules, words),
        *keys_unspoken(rules, words),
    ]
    for one in found:
        by = written.get(played[one.prompt])
        if by is not None:
            yield AudioFault(
                by.file, f"{one}, as {by.engine} hears it; listen to it, and record it anew"
            )


def _played(
    rules: RuleSet, catalogue: PromptCatalogue, language: str, site: str | None
) -> dict[str, Recording]:
    """The recordings of what menus say, by prompt, as callers of this site hear them in this language."""
    names = dict.fromkeys(
        name for menu in rules.menus.values() for name in (*menu.greeting, *menu.say)
    )
    played = {}
    for name in names:
        try:
            played[name] = catalogue.find(name, language=language, site=site, languages=[language])
        except PromptMissing:
            continue  # told as missing already
    return played


def _sound(recording: Recording) -> bytes:
    """At twice the telephone's rate, which engines are given: each sample, and the mean of it and the next."""
    samples = read_samples(recording.path)
    pairs = zip(samples, (*samples[1:], 0), strict=True)
    return array(
        "h", (one for here, next_ in pairs for one in (here, (here + next_) // 2))
    ).tobytes()


def _is_same(script: str, heard: str) -> bool:
    one, other = (_WORD.findall(text.casefold()) for text in (script, heard))
    if len(one) < FEWEST_WORDS:
        return True
    return SequenceMatcher(None, one, other, autojunk=False).ratio() >= ANOTHER_TEXT
