"""`ivr check`: all that is wrong with a rules file, at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from ivr.amount import counted
from ivr.asterisk.blueprint import refuse_names_taken
from ivr.audio.catalogue import PromptCatalogue
from ivr.audio.inspection import silent_files
from ivr.cli.shared.choice import WordChoice
from ivr.cli.shared.engines import phrase_sounds
from ivr.cli.shared.facts import facts_text, finding_facts
from ivr.cli.shared.files import DEFAULT_RULES, DiskPath, prompts_beside, read_file, words_in
from ivr.cli.shared.settings import settings_file
from ivr.clock import SystemClock
from ivr.errors import ConfigRefused, IvrError, PromptRefused
from ivr.rulebook.emergency import emergency_faults
from ivr.rulebook.floor import floor_faults
from ivr.rulebook.folder import files_beside
from ivr.rulebook.in_force import accounts_in
from ivr.rulebook.outgoing import outgoing_faults
from ivr.rulebook.recording import recording_faults
from ivr.rulebook.speech import speech_faults
from ivr.rulebook.trunks import trunk_faults
from ivr.rules.fault import Fault, FaultKind, fault, in_reading_order
from ivr.rules.lint.prompts import Sounds
from ivr.rules.load import PromptsOnDisk, read_rules
from ivr.rules.model import Location, RuleSet
from ivr.settings import Settings, load_settings
from ivr.settings.lines import at_line


@click.command()
@click.argument("file", type=DiskPath(), default=DEFAULT_RULES)
@click.option(
    "--format",
    "form",
    type=WordChoice(["text", "json", "github"]),
    default="text",
    show_default=True,
    help="How the findings are printed; github makes annotations of them.",
)
@click.option("--strict", is_flag=True, help="Exit 1 for warnings too.")
@click.option(
    "--prompts",
    type=DiskPath(file_okay=False),
    help="The folder of recordings.  [default: prompts beside FILE]",
)
@click.option(
    "--home",
    type=DiskPath(),
    envvar="IVR_HOME",
    help="The home folder of a server: is FILE older than what is live there? (or IVR_HOME)",
)
def check(file: Path, form: str, strict: bool, prompts: Path | None, home: Path | None) -> None:
    """Say all that is wrong with the rules in FILE, and what to write instead.

    Exit 0 when there is nothing, or warnings only; 1 when there are errors.
    """
    rules, found, on_disk = _read(file, prompts)
    if rules is not None:
        there = settings_file(home, file)
        settings = load_settings(there, {})
        _refuse_names_taken(settings, rules, there)
        of_calls_out = outgoing_faults(settings, rules) if there else ()
        listens = any(menu.speech for menu in rules.menus.values())
        of_speech = speech_faults(settings.speech, rules, phrase_sounds() if listens else None)
        found = in_reading_order(
            [
                *found,
                *emergency_faults(settings.emergency, rules, has_trunks=bool(settings.trunk)),
                *floor_faults(settings, rules),
                *of_calls_out,
                *of_speech,
                *(trunk_faults(settings) if there else ()),
                *recording_faults(settings.prompts, rules, on_disk),
            ]
        )
    if rules is not None and home is not None:
        found = in_reading_order([*found, *_older(file, rules, home)])
    errors = sum(one.severity == "error" for one in found)
    refused = bool(errors or (strict and found))
    if form == "json":
        listed = {"ok": not refused, "findings": [finding_facts(one) for one in found]}
        click.echo(facts_text(listed))
    elif form == "github":
        for one in found:
            click.echo(_annotation(one))
    else:
        for one in found:
            click.echo(_coloured(one))
        click.echo(
            f"{file}: {_counted(errors, 'error')}, {_counted(len(found) - errors, 'warning')}"
        )
    raise SystemExit(1 if refused else 0)


def _refuse_names_taken(settings: Settings, rules: RuleSet, there: Path | None) -> None:
    """Raise ConfigRefused for a trunk that is called like a phone of these rules, which no server would take."""
    try:
        refuse_names_taken((trunk.name for trunk in settings.trunk), accounts_in(rules))
    except ConfigRefused as error:
        raise at_line(error, there) from error


def _read(
    file: Path, prompts: Path | None
) -> tuple[RuleSet | None, Sequence[Fault], PromptsOnDisk | None]:
    text = read_file(file)
    folder = prompts or prompts_beside(file)
    files = files_beside(file)
    if folder.is_dir():
        catalogue = _catalogue(folder)
        unheard = (*catalogue.faults, *silent_files(catalogue))
        sounds = Sounds(catalogue.music, {one.file: one.text for one in unheard}, words_in(folder))
        on_disk = catalogue.names()
        now = SystemClock().now()
        rules, found = read_rules(text, str(file), on_disk, files=files, sounds=sounds, at=now)
        return rules, found, on_disk
    if prompts is not None:
        message = f"there is no folder {prompts}; name the one with a folder for each language"
        raise click.ClickException(message)
    top = Location(str(file), 1, 1, "")
    unchecked = fault(
        FaultKind.PROMPTS_UNCHECKED,
        top,
        f"there is no folder {folder}, so no recording was looked for",
        "name it with --prompts DIR",
    )
    rules, found = read_rules(text, str(file), files=files, at=SystemClock().now())
    return rules, in_reading_order([*found, unchecked]), None


def _catalogue(folder: Path) -> PromptCatalogue:
    """As a server reads it, so that what is found here is what it plays."""
    try:
        return PromptCatalogue.load(folder)
    except PromptRefused as refused:
        raise click.ClickException(str(refused)) from refused


def _older(file: Path, rules: RuleSet, home: Path) -> Iterator[Fault]:
    """That the rules are older than what is live, where the home folder's history can be read and says so."""
    # Whoever names no home folder does not wait for what reads a history.
    from ivr.cli.shared.age import older_than_live  # noqa: PLC0415 - see above

    try:
        finding = older_than_live(file, rules.revision, home)
    except (IvrError, OSError) as error:
        told = f"whether {file} is older than what is live is not known: {error}"
        click.echo(f"{click.style('note', fg='yellow')}: {told}", err=True)
        return
    if finding is not None:
        yield finding


def _coloured(one: Fault) -> str:
    # click takes the colours out where the output is no terminal.
    colour = "red" if one.severity == "error" else "yellow"
    return str(one).replace(one.severity, click.style(one.severity, fg=colour), 1)


def _annotation(one: Fault) -> str:
    location = one.location
    said = f"{one.message}; {one.hint}" if one.hint else one.message
    where = f"file={_property(location.file)},line={location.line},col={location.column}"
    return f"::{one.severity} {where},title={one.code}::{_escaped(said)}"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")


def _counted(number: int, noun: str) -> str:
    return counted(number, noun) if number else f"no {noun}s"
