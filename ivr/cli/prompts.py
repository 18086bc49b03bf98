"""`ivr prompts`: what is recorded, what is wrong with it, and how a person's voice gets in."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import click

from ivr.amount import counted
from ivr.audio.catalogue import AudioFault, PromptCatalogue
from ivr.audio.importing import import_recording
from ivr.audio.inspection import Inspected, Inspection, inspect
from ivr.audio.script import SCRIPT_FILE, read_script
from ivr.audio.stand_ins import lines_to_read, record_stand_ins
from ivr.centre.voice import with_number_parts
from ivr.cli.prompt_drafts import publish_
from ivr.cli.prompt_hearing import heard_warnings, write_down
from ivr.cli.prompt_lists import list_, missing, script
from ivr.cli.prompt_sounds import listen, say
from ivr.cli.shared.arguments import rules_in
from ivr.cli.shared.engines import scribes
from ivr.cli.shared.espeak import espeak_option, found_espeak
from ivr.cli.shared.facts import facts_text
from ivr.cli.shared.files import DiskPath, words_in
from ivr.cli.shared.prompt_choice import mistakes_told
from ivr.cli.shared.settings import settings_file
from ivr.rules.lint.menu_words import check_spoken_keys, keys_unspoken
from ivr.rules.model import RuleSet
from ivr.settings import load_settings

FOLDER = Path("prompts")

_folder = click.argument("folder", metavar="[DIR]", type=DiskPath(), default=FOLDER)


@click.group()
def prompts() -> None:
    """The recordings that callers hear."""


for _command in (list_, missing, script, say, listen, publish_):
    prompts.add_command(_command)


@prompts.command()
@_folder
@click.option(
    "--rules", type=DiskPath(), help="Rules whose menus' keys the prompts are to speak of."
)
@click.option(
    "--no-hear",
    is_flag=True,
    help="Do not listen to recordings of menus, where an engine could write down what they say.",
)
@click.option("--json", "as_json", is_flag=True, help="Print facts for a program.")
@click.pass_context
def check(
    context: click.Context, folder: Path, rules: Path | None, no_hear: bool, as_json: bool
) -> None:
    """List the recordings in DIR (`prompts`), which are stand-ins, and every fault.

    Exit 1 when callers would miss a prompt.
    """
    with mistakes_told():
        inspection = inspect(folder)
        if rules is not None:
            read = rules_in(rules)
            found = [
                *_unspoken(folder, read),
                *(() if no_hear else _misheard(folder, rules, read, inspection)),
            ]
            inspection = replace(inspection, warnings=(*inspection.warnings, *found))
    if as_json:
        click.echo(facts_text(_facts(inspection)))
    else:
        _print_inspection(inspection)
    context.exit(1 if inspection.faults else 0)


def _misheard(
    folder: Path, file: Path, rules: RuleSet, inspection: Inspection
) -> Iterator[AudioFault]:
    """By what is heard in the recordings themselves: nothing where no engine writes a language."""
    catalogue = PromptCatalogue.load(folder)
    writing = scribes(load_settings(settings_file(None, file)).speech, rules.languages)
    machine = {one.recording for one in inspection.recordings if one.is_stand_in}
    written = {one.recording: one for one in write_down(rules, catalogue, writing, machine)}
    yield from heard_warnings(rules, catalogue, words_in(folder), written)


def _unspoken(folder: Path, rules: RuleSet) -> Iterator[AudioFault]:
    """By the script's words: keys that a menu's prompts speak of and it lacks, and keys that they leave out."""
    words = words_in(folder)
    for one in check_spoken_keys(rules, words):
        yield AudioFault(SCRIPT_FILE, f"{one.message}; {one.hint}")
    for left in keys_unspoken(rules, words):
        file = f"{left.language}/{left.prompt}.wav"
        yield AudioFault(file, f"{left}, by its words in the script; record it anew with the key")


def _print_inspection(inspection: Inspection) -> None:
    for one in inspection.recordings:
        measured = one.measured
        click.echo(
            f"{one.file:<34}{measured.seconds:6.1f} s{measured.speech:7.1f} dBFS"
            f"  peak{measured.peak:6.1f}  lead{measured.leading * 1000:5.0f} ms"
            f"{'  stand-in' if one.is_stand_in else ''}"
        )
    for warning in inspection.warnings:
        click.echo(f"warning {warning}")
    for fault in inspection.faults:
        click.echo(f"error {fault}")
    read_by_machine = sum(one.is_stand_in for one in inspection.recordings)
    click.echo(
        f"{counted(len(inspection.recordings), 'recording')}, "
        f"{counted(read_by_machine, 'stand-in')} among them; "
        f"{counted(len(inspection.faults), 'error')}, "
        f"{counted(len(inspection.warnings), 'warning')}"
    )


def _facts(inspection: Inspection) -> dict[str, object]:
    return {
        "ok": not inspection.faults,
        "findings": [
            *(_finding("error", fault) for fault in inspection.faults),
            *(_finding("warning", warning) for warning in inspection.warnings),
        ],
        "recordings": [_recording(one) for one in inspection.recordings],
    }


def _finding(severity: str, fault: AudioFault) -> dict[str, str]:
    return {"severity": severity, "file": fault.file, "message": fault.text}


def _recording(one: Inspected) -> dict[str, object]:
    return {
        "file": one.file,
        "language": one.recording.language,
        "name": one.recording.name,
        "seconds": round(one.measured.seconds, 3),
        "speech_dbfs": round(max(one.measured.speech, -120.0), 1),  # JSON has no −infinity
        "peak_dbfs": round(max(one.measured.peak, -120.0), 1),
        "leading_seconds": round(one.measured.leading, 3),
        "trailing_seconds": round(one.measured.trailing, 3),
        "stand_in": one.is_stand_in,
    }


@prompts.command("stand-ins")
@_folder
@click.option("--force", is_flag=True, help="Read those again that a machine has read before.")
@click.option(
    "--numbers",
    is_flag=True,
    help="Read the parts of numbers too, which places in line are made of.",
)
@espeak_option
def stand_ins(folder: Path, force: bool, numbers: bool, espeak: str | None) -> None:
    """Let a machine read what nobody has recorded yet (needs espeak-ng).

    A person's recording is never replaced.
    """
    with mistakes_told():
        script = read_script(folder)
        if numbers:
            script = with_number_parts(script)
        lines = lines_to_read(folder, script, again=force)
        for path in record_stand_ins(folder, script, lines, espeak or found_espeak()):
            click.echo(f"read {path}")
    if not lines:
        click.echo("nothing to read: every prompt of the script has a recording")


@prompts.command("import")
@click.argument("file", type=DiskPath())
@click.argument("name")
@click.option("--language", required=True, help="The language spoken, such as nb or en.")
@click.option(
    "--into",
    "folder",
    type=DiskPath(),
    default=FOLDER,
    show_default=True,
    help="The folder of prompts.",
)
def import_(file: Path, name: str, language: str, folder: Path) -> None:
    """Make FILE (WAV, MP3, FLAC, Ogg, AIFF; others with ffmpeg) the recording of the prompt NAME.

    It is turned into telephone format, trimmed, and brought to the level of the others.
    """
    with mistakes_told():
        path = import_recording(file, name, language=language, folder=folder)
        click.echo(f"wrote {path}")
        for doubt in _doubts(name, language, folder):
            click.echo(f"warning {doubt}", err=True)


def _doubts(name: str, language: str, folder: Path) -> list[str]:
    """A name or a language that the script does not have is more likely a slip than a wish."""
    if not (folder / SCRIPT_FILE).exists():
        return []
    script = read_script(folder)
    doubts = []
    names = sorted({line.name for line in script.lines})
    if name not in names:
        near = difflib.get_close_matches(name, names, n=1)
        new = f"if it is new, write what it says in {folder / SCRIPT_FILE}: `ivr call` shows that"
        meant = f"did you mean {near[0]}?" if near else new
        doubts.append(f"no prompt of the script is called {name}; {meant}")
    if language not in {line.language for line in script.lines}:
        doubts.append(f"nothing in the script is in language {language}")
    return doubts
