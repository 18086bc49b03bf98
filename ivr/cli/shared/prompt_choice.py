"""Which rules and which folder of prompts a command looks at."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import click

from ivr.audio.script import SCRIPT_FILE, Script, read_script
from ivr.centre.voice import with_number_parts
from ivr.cli.shared.arguments import rules_in, rules_kept
from ivr.cli.shared.files import DEFAULT_RULES, DiskPath, prompts_beside
from ivr.cli.shared.in_force import text_taken
from ivr.errors import IvrError
from ivr.rules.model import RuleSet

F = TypeVar("F", bound=Callable[..., object])


@contextmanager
def mistakes_told() -> Iterator[None]:
    """A user's mistake ends as one sentence and exit 1."""
    try:
        yield
    except IvrError as mistake:
        raise click.ClickException(str(mistake)) from mistake
    except OSError as refusal:  # a folder that may not be written, a disk that is full
        message = f"{refusal.filename}: {(refusal.strerror or str(refusal)).lower()}"
        raise click.ClickException(message) from refusal


def prompt_options(command: F) -> F:
    """`--rules`, `--home` and `--prompts`."""
    for option in (
        click.option(
            "--prompts",
            "folder",
            type=DiskPath(),
            help="The folder of recordings.  [default: prompts beside the rules]",
        ),
        click.option(
            "--home",
            type=DiskPath(),
            envvar="IVR_HOME",
            help="The home folder of a server: the rules that are live there (or IVR_HOME).",
        ),
        click.option(
            "--rules",
            "rules_file",
            type=DiskPath(),
            help="The rules.  [default: those that are live, else routing_rules.yaml]",
        ),
    ):
        command = option(command)
    return command


@dataclass(frozen=True, slots=True)
class PromptChoice:
    """What was asked for, read."""

    rules: RuleSet
    folder: Path

    @property
    def script(self) -> Script:
        """What the prompts say, with the shipped words for parts of numbers; empty where the folder has no script."""
        if not (self.folder / SCRIPT_FILE).exists():
            return Script((), {})
        return with_number_parts(read_script(self.folder))


def prompts_chosen(rules_file: Path | None, home: Path | None, folder: Path | None) -> PromptChoice:
    """The rules in a file, or else those that are live; what is wrong with them ends the command."""
    kept = text_taken(home) if rules_file is None and home is not None else None
    if kept is not None:
        rules = rules_kept(kept)
        return PromptChoice(rules, folder or prompts_beside(Path(rules.file)))
    file = rules_file or DEFAULT_RULES
    return PromptChoice(rules_in(file), folder or prompts_beside(file))
