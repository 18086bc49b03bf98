"""The language that steps are told in: `--language`, else the locale; scripts get English unless they ask."""

from __future__ import annotations

import os

import click

from ivr.cli.shared.choice import WordChoice
from ivr.rules.values.plain import language_meant
from ivr.showing.sentences import Language


def _meant(word: str) -> str | None:
    """`nb` for Norwegian of any kind."""
    code = language_meant(word)
    return "nb" if code == "nn" else code


language_option = click.option(
    "--language",
    type=WordChoice(["en", "nb"], _meant),
    help="The language of the answer.  [default: by LC_ALL, LC_MESSAGES, LANG; English with --json]",
)
_NORWEGIAN = {"nb", "nn", "no", "norwegian"}


def language_told(asked: Language | None, *, as_json: bool = False) -> Language:
    """The language asked for; else English for scripts, and for people what their locale says."""
    if asked is not None:
        return asked
    return "en" if as_json else _of_locale()


def _of_locale() -> Language:
    named = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    word = named.replace(".", "_").replace("-", "_").partition("_")[0].lower()
    return "nb" if word in _NORWEGIAN else "en"
