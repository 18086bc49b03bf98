"""`ivr prompts list`, `missing` and `script`: which prompts the rules speak, which are there, what is to be read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import click

from ivr.amount import counted
from ivr.audio.matrix import PromptCell, PromptMatrix, PromptRow, prompt_matrix
from ivr.cli.shared.facts import facts_text
from ivr.cli.shared.files import DiskPath
from ivr.cli.shared.language import language_option, language_told
from ivr.cli.shared.prompt_choice import (
    PromptChoice,
    mistakes_told,
    prompt_options,
    prompts_chosen,
)
from ivr.cli.shared.sheets import csv_text
from ivr.showing.columns import aligned
from ivr.showing.prompt_places import places_told
from ivr.showing.sentences import Language
from ivr.showing.speaker_page import SpeakerLine, speaker_page

_HEADS: Mapping[Language, tuple[str, str, str]] = {
    "nb": ("melding", "steder", "høres"),
    "en": ("prompt", "sites", "heard"),
}
_NOBODYS: Mapping[Language, str] = {
    "nb": "(lest inn, og sagt ingen steder)",
    "en": "(recorded, and said nowhere)",
}
_PARTS: Mapping[Language, tuple[str, str]] = {
    "nb": ("(deler av tall)", "{} av {}"),
    "en": ("(parts of numbers)", "{} of {}"),
}
_COUNTED: Mapping[Language, str] = {
    "nb": "{} på {}: opptak som mangler: {}; lest av en maskin: {}",
    "en": "{} in {}: recordings missing: {}; read by a machine: {}",
}
_PROMPTS: Mapping[Language, tuple[str, str]] = {
    "nb": ("melding", "meldinger"),
    "en": ("prompt", "prompts"),
}
_WROTE: Mapping[Language, str] = {
    "nb": "skrev {}: {} å lese inn",
    "en": "wrote {}: {} to read",
}
_MADE_NORWEGIAN: Mapping[str, str] = {
    "recorded": "lest inn",
    "stand-in": "maskinlest",
    "missing": "mangler",
    "unplayable": "kan ikke spilles",
}
_TITLES: dict[Language, tuple[str, ...]] = {
    "nb": ("melding", "språk", "ord", "høres", "høyst sekunder", "er", "når"),
    "en": ("prompt", "language", "words", "heard", "longest seconds", "is", "when"),
}


def _chosen(
    rules_file: Path | None, home: Path | None, folder: Path | None
) -> tuple[PromptChoice, PromptMatrix]:
    with mistakes_told():
        choice = prompts_chosen(rules_file, home, folder)
        return choice, prompt_matrix(choice.rules, choice.folder)


@click.command("list")
@prompt_options
@language_option
@click.option("--json", "as_json", is_flag=True, help="Print facts for a program.")
def list_(
    rules_file: Path | None,
    home: Path | None,
    folder: Path | None,
    language: Language | None,
    as_json: bool,
) -> None:
    """List every prompt that the rules speak, by language and site: recorded, read by a machine, or missing."""
    _, matrix = _chosen(rules_file, home, folder)
    told = language_told(language, as_json=as_json)
    if as_json:
        click.echo(facts_text(_facts(matrix, told)))
        return
    prompt, sites, heard = _HEADS[told]
    rows = [(prompt, *matrix.languages, sites, heard)]
    whole = [row for row in matrix.rows if not row.is_part]
    parts = [row for row in matrix.rows if row.is_part]
    rows += [_told(row, matrix.languages, told) for row in whole]
    if parts:
        rows.append(_told_together(parts, matrix.languages, told))
    for name in sorted({cell.prompt for cell in matrix.unheard}):
        there = {
            cell.language: _made(cell.made, told) for cell in matrix.unheard if cell.prompt == name
        }
        cells = (there.get(one, "-") for one in matrix.languages)
        rows.append((name, *cells, "-", _NOBODYS[told]))
    for line in aligned(rows, texts=len(rows[0])):
        click.echo(line)
    click.echo(
        _COUNTED[told].format(
            counted(len(matrix.rows), *_PROMPTS[told]),
            ", ".join(matrix.languages),
            len(matrix.missing),
            len(matrix.stand_ins),
        )
    )


def _told(row: PromptRow, languages: Sequence[str], told: Language) -> tuple[str, ...]:
    cells = (_made(row.cells[one].made, told) if one in row.cells else "-" for one in languages)
    sites = ", ".join(f"{site} ({'/'.join(there)})" for site, there in row.of_sites.items())
    return (row.prompt, *cells, sites or "-", places_told(row.prompt, row.heard, told))


def _made(made: str, told: Language) -> str:
    return _MADE_NORWEGIAN[made] if told == "nb" else made


def _told_together(
    parts: Sequence[PromptRow], languages: Sequence[str], told: Language
) -> tuple[str, ...]:
    """Numbers are made of dozens of parts: how many of them are there is enough."""
    name, of = _PARTS[told]
    counts = []
    for one in languages:
        cells = [row.cells[one] for row in parts if one in row.cells]
        there = sum(cell.made in {"recorded", "stand-in"} for cell in cells)
        counts.append(of.format(there, len(cells)) if cells else "-")
    places = dict.fromkeys(places_told(row.prompt, row.heard, told) for row in parts)
    return (name, *counts, "-", ", ".join(places))


def _facts(matrix: PromptMatrix, told: Language) -> dict[str, object]:
    return {
        "languages": list(matrix.languages),
        "prompts": [
            {
                "prompt": row.prompt,
                "heard": places_told(row.prompt, row.heard, told),
                "part": row.is_part,
                "languages": {one: _cell_facts(cell) for one, cell in row.cells.items()},
                "sites": {
                    site: {one: _cell_facts(cell) for one, cell in there.items()}
                    for site, there in row.of_sites.items()
                },
            }
            for row in matrix.rows
        ],
        "unheard": [{"prompt": one.prompt, "language": one.language} for one in matrix.unheard],
    }


def _cell_facts(cell: PromptCell) -> dict[str, object]:
    seconds = None if cell.seconds is None else round(cell.seconds, 3)
    return {"is": cell.made, "seconds": seconds}


@click.command()
@prompt_options
@click.option("--stand-ins", is_flag=True, help="List what a machine still reads, too.")
@click.option("--json", "as_json", is_flag=True, help="Print facts for a program.")
@click.pass_context
def missing(
    context: click.Context,
    rules_file: Path | None,
    home: Path | None,
    folder: Path | None,
    stand_ins: bool,
    as_json: bool,
) -> None:
    """List what callers do not hear because it is not recorded, or cannot be played.

    Exit 1 when there is any.
    """
    _, matrix = _chosen(rules_file, home, folder)
    cells = (*matrix.missing, *(matrix.stand_ins if stand_ins else ()))
    if as_json:
        facts = [{"prompt": c.prompt, "language": c.language, "is": c.made} for c in cells]
        click.echo(facts_text({"ok": not matrix.missing, "missing": facts}))
    else:
        for cell in cells:
            click.echo(f"{cell.made:<10}  {cell.language}/{cell.prompt}.wav")
        if not cells:
            click.echo("nothing is missing")
    context.exit(1 if matrix.missing else 0)


@click.command()
@prompt_options
@click.option("--html", type=DiskPath(), help="Write a page to print, in one file.")
@click.option("--csv", "csv_file", type=DiskPath(), help="Write rows for a spreadsheet.")
@click.option("--spoken", metavar="LANGUAGE", help="Only what is said in this language.")
@click.option("--all", "all_of_them", is_flag=True, help="Also what a person has recorded.")
@language_option
def script(
    rules_file: Path | None,
    home: Path | None,
    folder: Path | None,
    html: Path | None,
    csv_file: Path | None,
    spoken: str | None,
    all_of_them: bool,
    language: Language | None,
) -> None:
    """What is to be recorded, for whoever reads it: words, where they are heard, how long they may be.

    As rows for a spreadsheet, or as a page to print. What a person has recorded already is left out.
    """
    choice, matrix = _chosen(rules_file, home, folder)
    told = language_told(language)
    with mistakes_told():
        lines = [
            line
            for line in _lines(choice, matrix, told)
            if (all_of_them or line.made != "recorded") and spoken in {None, line.language}
        ]
        if spoken is not None and spoken not in matrix.languages:
            message = (
                f"the rules speak {', '.join(matrix.languages)}; name one of them after --spoken"
            )
            raise click.ClickException(message)
        if html is not None:
            html.write_text(speaker_page(lines, told), encoding="utf-8")
            click.echo(_WROTE[told].format(html, counted(len(lines), *_PROMPTS[told])))
        if csv_file is not None:
            csv_file.write_text(_sheet(lines, told), encoding="utf-8", newline="")
            click.echo(_WROTE[told].format(csv_file, counted(len(lines), *_PROMPTS[told])))
    if html is None and csv_file is None:
        click.echo(_sheet(lines, told), nl=False)


def _lines(choice: PromptChoice, matrix: PromptMatrix, told: Language) -> Iterator[SpeakerLine]:
    """By language, as one sits down once for each; in the order of the script, then what it lacks."""
    order = {line.name: place for place, line in enumerate(choice.script.lines)}
    words = {(line.language, line.name): line for line in choice.script.lines}
    cells = [(row, site, cell) for row, site, cell in matrix.each() if cell.prompt != "beep"]
    cells.sort(
        key=lambda one: (
            matrix.languages.index(one[2].language),
            order.get(one[2].prompt, len(order)),
        )
    )
    for row, site, cell in cells:
        line = words.get((cell.language, cell.prompt))
        heard = places_told(row.prompt, row.heard, told)
        yield SpeakerLine(
            cell.prompt,
            cell.language,
            " ".join(line.words.split()) if line else None,
            f"{heard} ({site})" if site else heard,
            line.when if line else "",
            cell.made,
        )


def _sheet(lines: Sequence[SpeakerLine], told: Language) -> str:
    titles = _TITLES[told]
    rows = [
        dict(
            zip(
                titles,
                (
                    one.prompt,
                    one.language,
                    one.words,
                    one.heard,
                    one.seconds,
                    _made(one.made, told),
                    one.when,
                ),
                strict=True,
            )
        )
        for one in lines
    ]
    return csv_text(titles, rows)
