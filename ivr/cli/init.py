"""`ivr init`: a first centre, asked one by one."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import click

from ivr.centre import centre as answers
from ivr.centre.centre import Centre
from ivr.centre.folder import refuse_a_full_folder, write_centre
from ivr.cli.shared.files import DiskPath
from ivr.clock import SystemClock
from ivr.errors import AnswerRefused
from ivr.numbers import PhoneNumber

Wanted = TypeVar("Wanted")

_DEFAULT_COUNTRY = "Norway"
_DEFAULT_DEPARTMENTS = "kundeservice, faktura"
_DEFAULT_AGENT = "Kari"


@click.command("init")
@click.argument("folder", type=DiskPath())
@click.option("--country", help=f"Whose holidays count.  [default: {_DEFAULT_COUNTRY}]")
@click.option("--language", "languages", multiple=True, help="nb or en; may be repeated.")
@click.option("--number", help=f"What callers dial.  [default: {answers.MAIN_NUMBER}]")
@click.option(
    "--site",
    "sites",
    metavar="NAME=NUMBER",
    multiple=True,
    help="A place with a number of its own; may be repeated.  [default: none]",
)
@click.option(
    "--department",
    "departments",
    metavar="NAME",
    multiple=True,
    help=f"May be repeated.  [default: {_DEFAULT_DEPARTMENTS}]",
)
@click.option("--hours", help=f"When they are open.  [default: {answers.HOURS}]")
@click.option(
    "--agent",
    "agents",
    metavar="NAME",
    multiple=True,
    help=f"Who answers; may be repeated.  [default: {_DEFAULT_AGENT}]",
)
@click.option("--yes", is_flag=True, help="Ask nothing: take the defaults for what is not given.")
def init(
    folder: Path,
    country: str | None,
    languages: tuple[str, ...],
    number: str | None,
    sites: tuple[str, ...],
    departments: tuple[str, ...],
    hours: str | None,
    agents: tuple[str, ...],
    yes: bool,
) -> None:
    """Write a first centre into FOLDER: rules, calls that try them, prompts and settings.

    What no option says is asked. Nothing is ever overwritten, and nothing is written before the last answer.
    """
    refuse_a_full_folder(folder)
    ask = _Asking(asks=not yes)
    chosen_country = ask.one("Country", country, _DEFAULT_COUNTRY, answers.country)
    spoken = ask.several(
        "Languages that callers are spoken to in, the first first",
        languages,
        ", ".join(answers.LANGUAGES),
        answers.languages,
    )
    main = ask.one("Number that callers dial", number, answers.MAIN_NUMBER, answers.number)
    found_sites = _sites(ask, sites, main)
    found_departments = ask.several(
        "Departments",
        departments,
        _DEFAULT_DEPARTMENTS,
        lambda texts: answers.departments(texts, spoken),
    )
    opened = ask.one("Open", hours, answers.HOURS, answers.hours)
    people = ask.several("Who answers", agents, _DEFAULT_AGENT, answers.people)
    made = Centre(chosen_country, spoken, main, found_sites, found_departments, opened, people)
    _tell(folder, made, write_centre(folder, made, SystemClock().now()))


class _Asking:
    """Takes an answer from an option, from its default with --yes, or from the person; a wrong one is asked again."""

    def __init__(self, *, asks: bool) -> None:
        self._asks = asks

    def one(
        self, question: str, given: str | None, default: str, reads: Callable[[str], Wanted]
    ) -> Wanted:
        if given is not None or not self._asks:
            return reads(default if given is None else given)
        while True:
            typed: str = click.prompt(question, default=default, type=str)
            try:
                return reads(typed)
            except AnswerRefused as refused:
                click.echo(f"  {refused}")

    def several(
        self,
        question: str,
        given: Sequence[str],
        default: str,
        reads: Callable[[Sequence[str]], Wanted],
    ) -> Wanted:
        if given:
            return reads(given)
        told = f"{question}, with a comma between"
        return self.one(told, None, default, lambda text: reads(text.split(",")))


def _sites(ask: _Asking, given: tuple[str, ...], main: PhoneNumber) -> tuple[answers.NewSite, ...]:
    if given:
        titles = answers.site_titles([one.partition("=")[0] for one in given])
        numbers = [one.partition("=")[2].strip() or None for one in given]
        return answers.sites(titles, numbers, main)
    none = "none"
    titles = ask.several(
        f"Sites with a number of their own (or {none})",
        (),
        none,
        lambda texts: answers.site_titles([text for text in texts if text.strip() != none]),
    )
    found: list[answers.NewSite] = []
    for title in titles:
        taken = [main, *(site.number for site in found)]
        while True:
            typed: str = click.prompt(f"Number of {title}", type=str)
            try:
                found.append(
                    answers.NewSite(answers.name(title), title, answers.number(typed, taken))
                )
                break
            except AnswerRefused as refused:
                click.echo(f"  {refused}")
    return tuple(found)


def _tell(folder: Path, centre: Centre, unspoken: tuple[str, ...]) -> None:
    here = shlex.quote(str(folder))
    person = centre.people[0].name
    click.echo(f"wrote {folder}: a first centre. It listens on this machine only. Go on with:")
    click.echo(f"\n  cd {here}")
    for command, why in (
        ("ivr check && ivr test", "the rules are right, and calls end where they should"),
        ("ivr call", "talk to them, without a telephone"),
        ("ivr serve --home home", f"take calls; call {centre.number.spaced}"),
        (
            f"ivr agents credentials {person} --home home",
            "what to type into the phone that answers",
        ),
    ):
        click.echo(f"  {command:<44} {why}")
    if unspoken:
        click.echo(
            f"\nThe voice cannot say {', '.join(unspoken)} yet and gives a number instead. Record main.choices as "
            "prompts/script.yaml has it\n(ivr prompts import), or let espeak-ng read it: ivr prompts stand-ins"
        )
