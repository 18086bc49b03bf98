"""`ivr prompts listen` and `say`: a call as one sound, and a prompt that a machine reads at once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import escape

import click

from ivr.audio.catalogue import PromptCatalogue
from ivr.audio.hearing_room import HeardPrompt, heard_as, one_sound
from ivr.audio.script import LANGUAGE, SCRIPT_FILE, Reader, Script, ScriptLine, read_script
from ivr.audio.stand_ins import lines_to_read, record_stand_ins, recording_path
from ivr.audio.wav import read_samples, write_recording
from ivr.cli.shared.arguments import (
    at_option,
    caller_given,
    caller_option,
    dialled_given,
    keys_given,
    moment_given,
)
from ivr.cli.shared.espeak import espeak_option, found_espeak
from ivr.cli.shared.files import DiskPath
from ivr.cli.shared.prompt_choice import mistakes_told, prompt_options, prompts_chosen
from ivr.rules.decision import Facts
from ivr.rules.model import RuleSet
from ivr.rules.values.plain import PROMPT_NAME
from ivr.showing.conversation import CallOver, Hears, MayAgree, MayKey, Waits, conversation
from ivr.showing.prompt_words import words_of

_READERS = {
    "nb": Reader("nb", 140, 50),
    "nn": Reader("nb", 140, 50),
    "en": Reader("en-gb", 150, 45),
}
"""Where a folder has no script, and so names no voices."""

_MOST_SCENES = 500


@click.command()
@prompt_options
@click.option(
    "--to", "dialled", metavar="NUMBER", required=True, help="The number that is dialled."
)
@caller_option
@at_option
@click.option("--press", default="", metavar="KEYS", help="The caller's keys; `,` is a pause.")
@click.option("-o", "--out", type=DiskPath(), help="Write what the caller hears as one WAV file.")
def listen(
    rules_file: Path | None,
    home: Path | None,
    folder: Path | None,
    dialled: str,
    caller: str | None,
    when: str | None,
    press: str,
    out: Path | None,
) -> None:
    """What a caller hears who dials this number at this time and presses these keys: as text, and as one file."""
    with mistakes_told():
        choice = prompts_chosen(rules_file, home, folder)
        catalogue = PromptCatalogue.load(choice.folder)
    rules = choice.rules
    calling = caller_given(caller)
    facts = Facts(
        at=moment_given(when, rules.timezone),
        dialled=dialled_given(dialled, "--to"),
        caller=calling.number,
        withheld=calling.is_withheld,
        language=rules.languages[0],
    )
    pressed = keys_given(press, "--press")
    words = {(line.name, line.language): line.words for line in choice.script.lines}
    heard: list[HeardPrompt] = []
    music = None
    for scene in _scenes(rules, facts, pressed):
        match scene:
            case Hears(prompts, then):
                for prompt in prompts:
                    language, site = then.language, then.site
                    one = heard_as(catalogue, prompt, language, site, rules.languages)
                    said = words_of(words, prompt, language, site, rules.languages)
                    heard.append(one)
                    click.echo(f"{_told(one):<28}{said or '(the script has no words for it)'}")
            case Waits(queue=queue):
                music = queue.music
                click.echo(f"{'music':<28}{queue.music}: waits in queue {queue.name}")
            case _:
                pass
    if out is not None:
        songs = [read_samples(path) for path in catalogue.music.get(music or "", ())[:1]]
        with mistakes_told():
            write_recording(out, one_sound(heard, songs))
        click.echo(f"wrote {out}")


def _told(one: HeardPrompt) -> str:
    if one.recording is None:
        return f"{one.language}/{one.prompt} (a tone)"
    file = f"{one.recording.language}/{one.recording.name}"
    return f"{file} (for {one.prompt})" if one.is_other else file


def _scenes(rules: RuleSet, facts: Facts, press: str) -> Iterator[object]:
    """The call to where nobody keys any more: the keys come in one go, then silence; in a queue it ends."""
    talk = conversation(rules, facts)
    scene = next(talk)
    row: str | None = press
    for _ in range(_MOST_SCENES):
        yield scene
        match scene:
            case MayKey():
                scene, row = talk.send(row or ""), None
            case MayAgree():
                scene = talk.send("")
            case Hears():
                scene = next(talk)
            case Waits() | CallOver():
                return
            case _:
                try:
                    scene = talk.send(None)
                except StopIteration:
                    return


@click.command()
@click.argument("name")
@click.argument("text", required=False)
@click.option("--language", required=True, help="The language spoken, such as nb or en.")
@click.option("--into", "folder", type=DiskPath(), default=Path("prompts"), show_default=True)
@click.option(
    "-o", "--out", type=DiskPath(), help="Write it to this WAV file; the folder stays as it is."
)
@espeak_option
def say(
    name: str, text: str | None, language: str, folder: Path, out: Path | None, espeak: str | None
) -> None:
    """Let a machine read TEXT (or the script's own words) as the prompt NAME, until a person does.

    A person's recording is never replaced.
    """
    with mistakes_told():
        if not PROMPT_NAME.fullmatch(name) or not LANGUAGE.fullmatch(language):
            message = "name a prompt with a-z, æøå, 0-9, _ and ., and a language such as nb or en"
            raise click.ClickException(message)
        script = read_script(folder) if (folder / SCRIPT_FILE).exists() else Script((), {})
        line = _line(name, language, text, script)
        voices = {**_READERS, **script.voices}
        if language not in voices:
            known = ", ".join(sorted(voices))
            message = f"no voice for the language {language}; name one of {known}, or add it to `voices:` in the script"
            raise click.ClickException(message)
        if out is None and not lines_to_read(folder, Script((line,), voices), again=True):
            path = recording_path(folder, language, name)
            message = f"{path} is a person's recording; to hear the words all the same: -o FILE.wav"
            raise click.ClickException(message)
        into = folder if out is None else out.parent / f".{out.name}.spoken"
        _read(into, Script((line,), voices), line, espeak or found_espeak(), out)


def _line(name: str, language: str, text: str | None, script: Script) -> ScriptLine:
    if text is not None and text.strip():
        return ScriptLine(name, language, text, escape(text))
    for line in script.lines:
        if (line.name, line.language) == (name, language):
            return line
    message = f"the script has no words for {name} in {language}; write them after the name"
    raise click.ClickException(message)


def _read(into: Path, script: Script, line: ScriptLine, espeak: str, out: Path | None) -> None:
    (path,) = record_stand_ins(into, script, [line], espeak)
    if out is None:
        click.echo(f"read {path}")
        return
    write_recording(out, read_samples(path))
    for left in sorted(into.rglob("*"), reverse=True):
        left.rmdir() if left.is_dir() else left.unlink()
    into.rmdir()
    click.echo(f"wrote {out}")
