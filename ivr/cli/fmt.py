"""`ivr fmt`: the rules in one layout, whoever wrote them."""

from __future__ import annotations

import difflib
import os
import stat
import tempfile
from pathlib import Path

import click

from ivr.cli.shared.files import DEFAULT_RULES, DiskPath, read_file
from ivr.showing.layout import lay_out


@click.command()
@click.argument("file", type=DiskPath(), default=DEFAULT_RULES)
@click.option(
    "--check", "only_check", is_flag=True, help="Change nothing; exit 1 and show what differs."
)
def fmt(file: Path, only_check: bool) -> None:
    """Lay out FILE: sections in order, two spaces, aligned tables; comments and meaning stay.

    A file that is no YAML is refused, with what is wrong.
    """
    written = read_file(file)
    laid, faults = lay_out(written, str(file))
    if laid is None:
        for one in faults:
            click.echo(str(one), err=True)
        message = f"{file} cannot be laid out before it can be read; mend what stands above"
        raise click.ClickException(message)
    if laid.encode() == written:
        click.echo(f"{file}: laid out as it should be")
    elif only_check:
        for line in _differences(written.decode(), laid, str(file)):
            click.echo(line)
        message = f"{file} is not laid out as it should be; write: ivr fmt {file}"
        raise click.ClickException(message)
    else:
        _replace(file.resolve(), laid.encode())
        click.echo(f"{file}: laid out anew")


def _differences(written: str, laid: str, file: str) -> list[str]:
    before, after = written.split("\n"), laid.split("\n")
    found = difflib.unified_diff(before, after, file, f"{file}, laid out", lineterm="", n=1)
    return [line.replace("\r", "␍") for line in found]


def _replace(file: Path, text: bytes) -> None:
    """Whole or not at all, whatever happens while it is written."""
    try:
        mode = stat.S_IMODE(file.stat().st_mode)
        with tempfile.NamedTemporaryFile(
            dir=file.parent, prefix=f".{file.name}-", delete=False
        ) as new:
            try:
                new.write(text)
                new.flush()
                os.fsync(new.fileno())
                Path(new.name).chmod(mode)
                Path(new.name).replace(file)
            except BaseException:
                Path(new.name).unlink(missing_ok=True)
                raise
    except OSError as error:
        message = f"cannot write {file}: {error.strerror or error}"
        raise click.ClickException(message) from error
