"""`ivr speech`: what hears callers, and what it makes of recordings."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import click

from ivr.amount import counted
from ivr.asterisk.cache import ESPEAK, cache_folder, cached_program
from ivr.audio.decoding import decode_wav
from ivr.cli.shared.arguments import rules_in
from ivr.cli.shared.engines import recogniser_for
from ivr.cli.shared.facts import facts_text
from ivr.cli.shared.files import DEFAULT_RULES, DiskPath
from ivr.cli.shared.period import from_option, period_given, to_option
from ivr.cli.shared.rules_there import rules_there
from ivr.cli.shared.server import home_to_read
from ivr.cli.shared.settings import settings_file
from ivr.cli.shared.speech_lines import speech_lines
from ivr.kpi.speech import SpeechFigures, speech_figures
from ivr.menus.words import Phrase, Understood, meaning_of
from ivr.rules.decide.speech import phrases_of
from ivr.rules.model import RuleSet
from ivr.settings import SpeechSettings, load_settings
from ivr.speech.engines import EngineChoice, chosen_engines
from ivr.speech.phoneme.espeak import VOICES
from ivr.speech.recogniser import Recogniser, SpokenPhrase, spoken
from ivr.speech.rehearsal import MenuRehearsed, rehearse
from ivr.store.open import open_store

MOST_SHOWN = 5
_WORDS_OF_KEYS = {"star": "*", "hash": "#"}

_rules = click.option(
    "--rules", "file", type=DiskPath(), default=DEFAULT_RULES, help="The rules.", show_default=True
)
_home = click.option(
    "--home", type=DiskPath(), envvar="IVR_HOME", help="The home folder of a server (or IVR_HOME)."
)
_language = click.option("--language", default="nb", show_default=True, help="What is spoken.")
_json = click.option("--json", "as_json", is_flag=True, help="Print facts for scripts.")


@click.group("speech")
def speech() -> None:
    """What hears callers, and what it makes of recordings."""


@speech.command("models")
@_rules
@_home
@_json
def models(file: Path, home: Path | None, as_json: bool) -> None:
    """The engines, the languages that they hear, and what is missing."""
    found = [_engine_facts(one) for one in chosen_engines(_settings(file, home))]
    if as_json:
        click.echo(facts_text({"engines": found}))
        return
    for one in found:
        missing = "; ".join(one["missing"]) or "ready"
        click.echo(f"{one['engine']:8} {', '.join(one['languages'])}: {missing}")


def _engine_facts(choice: EngineChoice) -> dict[str, Any]:
    """The phoneme engine needs a program of its own besides."""
    missing = [choice.lacks] if choice.lacks else []
    if choice.engine == "phoneme" and not (
        shutil.which("espeak-ng") or cached_program(cache_folder(), ESPEAK)
    ):
        missing.append("ivr asterisk fetch --with espeak-ng")
    languages = [choice.language] if choice.language else sorted(VOICES)
    model = str(choice.model) if choice.model else None
    return {"engine": choice.engine, "languages": languages, "model": model, "missing": missing}


@speech.command("hear")
@click.argument("recording", type=DiskPath())
@click.option("--menu", required=True, help="The menu that it is said in.")
@_language
@_rules
@_json
def hear(recording: Path, menu: str, language: str, file: Path, as_json: bool) -> None:
    """What a caller who says what is in RECORDING (WAV, any rate) would choose, and how surely."""
    phrases = _phrases(rules_in(file), menu, language)
    spoken_phrases = [spoken(phrase) for phrase in phrases]
    engine = _taught(file, spoken_phrases, language)
    grammar = engine.grammar(spoken_phrases, language)
    likelihoods = grammar.likelihoods(_sound(recording))
    meaning = meaning_of(phrases, likelihoods, engine.thresholds)
    ranked = sorted(zip(likelihoods, phrases, strict=True), key=lambda one: -one[0])
    result, key = "not_understood", None
    if isinstance(meaning, Understood):
        result, key = "sure" if meaning.is_sure else "unsure", meaning.phrase.key
    if as_json:
        heard = [
            {"phrase": one.text, "key": one.key, "likelihood": round(how, 3)} for how, one in ranked
        ]
        click.echo(
            facts_text({"result": result, "key": key, "engine": engine.name, "heard": heard})
        )
        return
    told = {
        "sure": f"key {key}",
        "unsure": f"asked back: key {key}?",
        "not_understood": "not understood",
    }
    click.echo(told[result])
    for how, phrase in ranked[:MOST_SHOWN]:
        click.echo(f"  {how:4.0%}  {phrase.text} (key {phrase.key})")


@speech.command("rehearse")
@click.argument("folder", type=DiskPath())
@_language
@_rules
@_json
def rehearsal(folder: Path, language: str, file: Path, as_json: bool) -> None:
    """How well FOLDER/MENU/KEY/*.wav are understood in their menus; KEY is `none` for what means no key."""
    rules = rules_in(file)
    folders = sorted(one for one in folder.iterdir() if one.is_dir()) if folder.is_dir() else []
    if not folders:
        message = f"{folder} has no recordings; put them at {folder}/<menu>/<key or none>/*.wav"
        raise click.ClickException(message)
    menus = {one.name: _phrases(rules, one.name, language) for one in folders}
    engine = _taught(
        file, dict.fromkeys(spoken(one) for menu in menus.values() for one in menu), language
    )
    found = [
        rehearse(one.name, language, menus[one.name], engine, _recordings(one)) for one in folders
    ]
    if as_json:
        click.echo(facts_text({"menus": found}))
        return
    for one in found:
        _tell(one)


@speech.command("report")
@_home
@from_option
@to_option
@_json
def report(home: Path | None, first: str | None, last: str | None, as_json: bool) -> None:
    """How callers get on by voice, menu by menu: what is said, asked back, not understood, and taken for what."""
    folder = home_to_read(home)
    there = rules_there(folder)
    period = period_given(first, last, there.zone)
    with open_store(folder).reading() as stored:
        found = speech_figures(stored.calls.spoken(*period.bounds(there.zone)))
    if as_json:
        click.echo(facts_text({"from": period.first, "to": period.last, **_facts(found)}))
        return
    click.echo(f"{period}: {counted(found.calls, 'call')} in which somebody spoke")
    for one in found.menus:
        for line in speech_lines(one):
            click.echo(line)
    for why, count in found.gone.items():
        click.echo(f"{counted(count, 'call')} had only keys: {why}")


def _facts(found: SpeechFigures) -> dict[str, Any]:
    return {"calls": found.calls, "menus": found.menus, "gone": found.gone}


def _tell(one: MenuRehearsed) -> None:
    click.echo(
        f"menu {one.menu} ({one.language}, {one.engine}): {one.utterances} utterances, {one.right} right, "
        f"{one.wrong_way} the wrong way, {one.asked_back} asked back, {one.not_understood} not understood"
    )
    for meant, row in one.confusion.items():
        heard = ", ".join(f"{key} {count}" for key, count in row.items())
        click.echo(f"  {meant:>5}: {heard}")


def _phrases(rules: RuleSet, name: str, language: str) -> tuple[Phrase, ...]:
    menu = rules.menus.get(name)
    if menu is None:
        raise click.ClickException(f"there is no menu {name}; known: {', '.join(rules.menus)}")
    if language not in rules.languages:
        known = ", ".join(rules.languages)
        raise click.ClickException(f"the rules have no language {language}; known: {known}")
    if not menu.speech:
        raise click.ClickException(f"menu {name} does not listen; write speech: true there")
    return phrases_of(rules, menu, language)


def _settings(rules: Path, home: Path | None = None) -> SpeechSettings:
    return load_settings(settings_file(home, rules)).speech


def _taught(rules: Path, phrases: Iterable[SpokenPhrase], language: str) -> Recogniser:
    """The engine for this language, which knows them as well as it ever will: a second a phrase."""
    engine = recogniser_for(_settings(rules), language)
    for phrase in phrases:
        engine.learn(phrase, language)
    return engine


def _recordings(folder: Path) -> Iterator[tuple[str, bytes]]:
    for file in sorted(folder.glob("*/*.wav")):
        yield _WORDS_OF_KEYS.get(file.parent.name, file.parent.name), _sound(file)


def _sound(file: Path) -> bytes:
    """As the telephone brings it, whatever it was recorded with."""
    import numpy as np  # noqa: PLC0415 - comes with the engine

    from ivr.speech.phoneme.telephone import through_telephone  # noqa: PLC0415 - as above

    try:
        decoded = decode_wav(file)
    except (OSError, ValueError) as error:
        raise click.ClickException(f"{file}: {error}") from error
    if decoded is None:
        raise click.ClickException(f"{file} is no WAV file of PCM; convert it, as with ffmpeg")
    samples, rate = decoded
    return through_telephone(np.array(samples, dtype=np.float64), rate)
