"""`ivr check`: all that is wrong with a rules file, at once."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import click

from ivr.cli.rules_file import DEFAULT_RULES, prompts_beside, read_file, recordings_in, words_in
from ivr.rules.fault import Fault, Kind, fault, in_reading_order
from ivr.rules.load import read_rules
from ivr.rules.model import Place
from ivr.server.included import files_beside


@click.command()
@click.argument("file", type=click.Path(path_type=Path), default=DEFAULT_RULES)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    show_default=True,
    help="How the findings are printed; github makes annotations of them.",
)
@click.option("--strict", is_flag=True, help="Exit 1 for warnings too.")
@click.option(
    "--prompts",
    type=click.Path(path_type=Path, file_okay=False),
    help="The folder of recordings.  [default: prompts beside FILE]",
)
def check(file: Path, form: str, strict: bool, prompts: Path | None) -> None:
    """Say all that is wrong with the rules in FILE, and what to write instead.

    Exit 0 when there is nothing, or warnings only; 1 when there are errors.
    """
    found = _findings(file, prompts)
    errors = sum(one.severity == "error" for one in found)
    refused = bool(errors or (strict and found))
    if form == "json":
        listed = {"ok": not refused, "findings": [_as_fields(one) for one in found]}
        click.echo(json.dumps(listed, ensure_ascii=False, indent=2))
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


def _findings(file: Path, prompts: Path | None) -> Sequence[Fault]:
    text = read_file(file)
    folder = prompts or prompts_beside(file)
    files = files_beside(file)
    if folder.is_dir():
        words = words_in(folder)
        return read_rules(
            text, str(file), recordings_in(folder), files=files, words_of_prompts=words
        )[1]
    if prompts is not None:
        message = f"there is no folder {prompts}; name the one with a folder for each language"
        raise click.ClickException(message)
    top = Place(str(file), 1, 1, "")
    unchecked = fault(
        Kind.PROMPTS_UNCHECKED,
        top,
        f"there is no folder {folder}, so no recording was looked for",
        "name it with --prompts DIR",
    )
    return in_reading_order([*read_rules(text, str(file), files=files)[1], unchecked])


def _as_fields(one: Fault) -> dict[str, str | int | None]:
    return {
        "severity": one.severity,
        "code": one.code,
        "file": one.place.file,
        "line": one.place.line,
        "column": one.place.column,
        "path": one.place.path,
        "message": one.message,
        "hint": one.hint,
    }


def _coloured(one: Fault) -> str:
    # click takes the colours out where the output is no terminal.
    colour = "red" if one.severity == "error" else "yellow"
    return str(one).replace(one.severity, click.style(one.severity, fg=colour), 1)


def _annotation(one: Fault) -> str:
    place = one.place
    said = f"{one.message}; {one.hint}" if one.hint else one.message
    where = f"file={_property(place.file)},line={place.line},col={place.column}"
    return f"::{one.severity} {where},title={one.code}::{_escaped(said)}"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")


def _counted(number: int, noun: str) -> str:
    if number == 0:
        return f"no {noun}s"
    return f"{number} {noun}{'' if number == 1 else 's'}"
