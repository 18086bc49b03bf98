"""The script: what each prompt says in each language, and how the machine reads it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

import yaml

from ivr.errors import PromptRefused
from ivr.on_disk import composed
from ivr.regular_file import read_regular_text
from ivr.rules.values.plain import PROMPT_NAME

LANGUAGE = re.compile(r"[a-z]{2,3}")

SCRIPT_FILE = "script.yaml"


@dataclass(frozen=True, slots=True)
class Reader:
    """A voice of espeak-ng: `speed` in words a minute, `pitch` from 0 to 99."""

    voice: str
    speed: int
    pitch: int


@dataclass(frozen=True, slots=True)
class ScriptLine:
    """What the voice says for one prompt in one language; `stand_in` is SSML for espeak-ng."""

    name: str
    language: str
    words: str
    stand_in: str
    when: str = ""
    """For people: at which moment of a call it is heard."""


@dataclass(frozen=True, slots=True)
class Script:
    """All lines in the order of the file, and the voices of the stand-ins by language."""

    lines: tuple[ScriptLine, ...]
    voices: Mapping[str, Reader]


def read_script(folder: Path) -> Script:
    """Read `script.yaml` of a folder of prompts.

    Raises:
        PromptRefused: there is none, or it cannot be understood; the text says what to write.
    """
    path = folder / SCRIPT_FILE
    try:
        # BaseLoader builds text only: no word of Norwegian (`no`) turns into something else.
        text = composed(read_regular_text(path))
        tree = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - safer than safe
    except FileNotFoundError:
        raise PromptRefused(str(path), "there is no script; write what each prompt says") from None
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as fault:
        raise PromptRefused(str(path), f"cannot be read: {fault}") from fault
    if not isinstance(tree, dict):
        raise PromptRefused(str(path), "write `voices:` and `prompts:`")
    voices = _mapping(path, tree, "voices")
    prompts = _mapping(path, tree, "prompts")
    return Script(
        lines=tuple(line for name in prompts for line in _read_prompt(path, name, prompts)),
        voices={language: _read_voice(path, language, voices) for language in voices},
    )


def _read_prompt(path: Path, name: str, prompts: Mapping[str, object]) -> list[ScriptLine]:
    if not PROMPT_NAME.fullmatch(name):
        raise PromptRefused(
            str(path), f"{name!r} is not a prompt's name; use a-z, æøå, 0-9, _ and ."
        )
    lines = []
    told = _mapping(path, prompts, name)
    when = " ".join(str(told.get("when", "")).split())
    for language, entry in told.items():
        if language == "when":
            continue
        match entry:
            case str() if entry.strip():
                lines.append(ScriptLine(name, language, entry, escape(entry), when))
            case {"words": str() as words, **rest} if set(rest) <= {"stand_in"}:
                lines.append(
                    ScriptLine(
                        name, language, words, str(rest.get("stand_in", escape(words))), when
                    )
                )
            case _:
                wanted = "write the words, or {words: …, stand_in: …}"
                raise PromptRefused(str(path), f"{name}: {language}: {wanted}")
    return lines


def _read_voice(path: Path, language: str, voices: Mapping[str, object]) -> Reader:
    match voices[language]:
        case {"voice": str() as voice, "speed": str() as speed, "pitch": str() as pitch} if (
            speed.isdecimal() and pitch.isdecimal()
        ):
            return Reader(voice, int(speed), int(pitch))
    wanted = "write {voice: nb, speed: 140, pitch: 50}"
    raise PromptRefused(str(path), f"voices: {language}: {wanted}")


def _mapping(path: Path, tree: Mapping[str, object], key: str) -> dict[str, object]:
    value = tree.get(key)
    if not isinstance(value, dict):
        raise PromptRefused(str(path), f"`{key}:` needs lines below it")
    return value
