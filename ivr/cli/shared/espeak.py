"""The program that reads aloud: named, on the path, or fetched."""

from __future__ import annotations

import shlex
import shutil

import click

from ivr.asterisk.cache import FETCHABLE, cache_folder, cached_program
from ivr.audio.stand_ins import ESPEAK

espeak_option = click.option(
    "--espeak",
    envvar="IVR_ESPEAK",
    show_envvar=True,
    help="The espeak-ng to use: a command, with arguments if need be.  [default: the one on the path, or fetched]",
)


def found_espeak() -> str:
    """On the path, or what `ivr asterisk fetch --with espeak-ng` brought."""
    fetched = None if shutil.which(ESPEAK) else cached_program(cache_folder(), FETCHABLE[ESPEAK])
    return shlex.join(fetched or (ESPEAK,))
