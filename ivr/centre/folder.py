"""A first centre on disk: whole in its folder, or nothing at all."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from datetime import datetime
from pathlib import Path

from ivr.audio.catalogue import PromptCatalogue
from ivr.centre.calls import TESTS_FILE, CallTimes, tests_text
from ivr.centre.centre import Centre
from ivr.centre.rules import RULES_FILE, SCHEMA_FILE, rules_text
from ivr.centre.settings import SETTINGS_FILE, settings_text
from ivr.centre.voice import write_voice
from ivr.errors import AnswerRefused
from ivr.rules.load import load_rules
from ivr.showing.json_schema import json_schema

_SHOWN_FILES = 5


def refuse_a_full_folder(folder: Path) -> None:
    """Raises AnswerRefused unless there is room, where Asterisk can play from: no such folder, or an empty one."""
    whole = os.path.abspath(folder)
    if "," in whole or not whole.isprintable():
        raise AnswerRefused(
            f"Asterisk cannot play from {whole!r}; name a folder without a comma in its path"
        )
    try:
        there = sorted(one.name for one in folder.iterdir()) if os.path.lexists(folder) else []
    except NotADirectoryError as error:
        raise AnswerRefused(f"{folder} is a file; name a folder that does not exist yet") from error
    except OSError as error:
        raise AnswerRefused(
            f"{folder} cannot be read ({error.strerror}); name another folder"
        ) from error
    if there:
        more = f" and {len(there) - _SHOWN_FILES} more" if len(there) > _SHOWN_FILES else ""
        listed = ", ".join(there[:_SHOWN_FILES]) + more
        raise AnswerRefused(
            f"{folder} holds {listed}, and nothing is ever overwritten; name a folder that does not exist yet, "
            "or move these away"
        )


def write_centre(folder: Path, centre: Centre, now: datetime) -> tuple[str, ...]:
    """Write all of it beside `folder`, read it back, and put it in place; returns the titles without a voice yet.

    Raises:
        AnswerRefused: the folder cannot be written, or is not empty any more.
    """
    folder = Path(os.path.abspath(folder))
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
        try:
            unspoken = _fill(beside, centre, now)
            _put_in_place(beside, folder)
        finally:
            shutil.rmtree(beside, ignore_errors=True)
    except OSError as error:
        raise AnswerRefused(
            f"{folder} cannot be written ({error.strerror}); name a folder where this user may write"
        ) from error
    return unspoken


def _fill(folder: Path, centre: Centre, now: datetime) -> tuple[str, ...]:
    unspoken = write_voice(folder / "prompts", centre)
    text = rules_text(centre)
    names = PromptCatalogue.load(folder / "prompts").names()
    rules, _ = load_rules(text.encode(), RULES_FILE, names)
    files = {
        RULES_FILE: text,
        TESTS_FILE: tests_text(centre, CallTimes.found(rules, now)),
        SCHEMA_FILE: json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n",
        SETTINGS_FILE: settings_text(),
    }
    for name, words in files.items():
        (folder / name).write_text(words, encoding="utf-8")
    return unspoken


def _put_in_place(beside: Path, folder: Path) -> None:
    """An empty folder that is there stays the same folder: a shell may stand in it."""
    refuse_a_full_folder(folder)
    if not folder.exists():
        umask = os.umask(0)
        os.umask(umask)
        beside.chmod(0o777 & ~umask)
        beside.rename(folder)
        return
    moved: list[Path] = []
    try:
        for part in sorted(beside.iterdir()):
            moved.append(part.rename(folder / part.name))  # noqa: PERF401 - what went before a failure goes back
    except BaseException:
        for part in moved:
            part.rename(beside / part.name)
        raise
