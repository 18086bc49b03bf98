"""The rules and the prompts as they lie on disk, for the commands that look at them."""

from __future__ import annotations

import os
from pathlib import Path

import click

from ivr.audio.script import read_script
from ivr.errors import PromptRefused
from ivr.on_disk import as_on_disk
from ivr.regular_file import read_regular
from ivr.rules.reading.text import MAX_BYTES

DEFAULT_RULES = Path("routing_rules.yaml")


class DiskPath(click.Path):
    """A path that is typed: å may be typed in one piece and lie on the disk in two, or the reverse."""

    def __init__(
        self, *, exists: bool = False, file_okay: bool = True, dir_okay: bool = True
    ) -> None:
        super().__init__(exists=exists, file_okay=file_okay, dir_okay=dir_okay, path_type=Path)

    def convert(
        self,
        value: str | os.PathLike[str],
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> str | bytes | os.PathLike[str]:
        return super().convert(as_on_disk(Path(value)), param, ctx)


def read_file(path: Path, what: str = "rules") -> bytes:
    """The file's bytes, as many as rules may have and one more. A file that cannot be read ends the command."""
    try:
        return read_regular(path, MAX_BYTES + 1)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        message = f"cannot read the {what} {path}: {reason}; name the file to read"
        raise click.ClickException(message) from error


def prompts_beside(rules: Path) -> Path:
    """Where the recordings lie unless told otherwise."""
    return rules.parent / "prompts"


def words_in(folder: Path) -> dict[str, dict[str, str]]:
    """What each prompt says, by language, where the script says so; a script that cannot be read says nothing here."""
    try:
        lines = read_script(folder).lines
    except PromptRefused:
        return {}
    said: dict[str, dict[str, str]] = {}
    for line in lines:
        said.setdefault(line.language, {})[line.name] = line.words
    return said
