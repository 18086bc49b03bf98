"""A first centre's voice: the shipped stand-ins, the choices put together from parts, and the script."""

from __future__ import annotations

import shutil
from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from xml.sax.saxutils import escape

import yaml

from ivr.audio.script import SCRIPT_FILE, Script, ScriptLine, read_script
from ivr.audio.stand_ins import StandIn, read_stand_ins, recording_path, write_stand_ins
from ivr.audio.wav import RATE, read_samples, write_recording
from ivr.centre.centre import Centre
from ivr.numerals import PARTS

CHOICES = "main.choices"
_WELCOME_OF_A_SITE = "welcome."
_PAUSE_SECONDS = 0.25

_HEAD = """\
# What the voice says: one entry for each prompt, in every language that callers can choose.
#
# A person who records a prompt reads the words aloud; `when` says at which moment a caller hears it. Then, for each:
#
#   ivr prompts import FILE main.choices --language nb
#
# `stand_in` is for the machine only: the same words, spelled so that espeak-ng says them right.
# `ivr prompts check` says which recordings are still read by the machine.
"""


@dataclass(frozen=True, slots=True)
class SpokenChoice:
    """One sentence of the menu: the true `words`, and the `parts` that say them, or say as much as they can."""

    words: str
    stand_in: str
    parts: tuple[str, ...]
    is_true: bool


def write_voice(folder: Path, centre: Centre) -> tuple[str, ...]:
    """Fill `folder` with recordings, music and script; returns the titles that the voice cannot say yet."""
    shipped = shipped_prompts()
    listed = read_stand_ins(shipped)
    kept = {}
    for recording in sorted(shipped.glob("*/*.wav")):
        language, name = recording.parent.name, recording.stem
        if language in centre.languages and not _is_left_out(name):
            target = recording_path(folder, language, name)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(recording, target)
            if (language, name) in listed:
                kept[language, name] = listed[language, name]
    shutil.copytree(shipped / "music" / "calm", folder / "music" / "calm")
    choices = {language: tuple(_choices(centre, language)) for language in centre.languages}
    (folder / SCRIPT_FILE).write_text(_script(shipped, choices), encoding="utf-8")
    for language, spoken in choices.items():
        path = recording_path(folder, language, CHOICES)
        write_recording(path, _joined(language, spoken))
        kept[language, CHOICES] = StandIn.of(path, _line(language, spoken))
    write_stand_ins(folder, kept)
    return tuple(
        next(iter(department.titles.values()))
        for department in centre.departments
        if not department.is_spoken
    )


def shipped_prompts() -> Path:
    """The prompts that every centre needs: in the package when installed, at the repository's top otherwise."""
    inside = Path(str(resources.files("ivr.centre"))) / "prompts"
    return inside if inside.is_dir() else Path(__file__).parents[2] / "prompts"


def with_number_parts(script: Script) -> Script:
    """A centre's script, and in its languages what it lacks of numbers' parts and of what recording by phone says."""
    has = {(line.language, line.name) for line in script.lines}
    added = tuple(
        line
        for line in read_script(shipped_prompts()).lines
        if (line.name in PARTS or line.name.startswith("record."))
        and line.language in script.voices
        and (line.language, line.name) not in has
    )
    return Script(script.lines + added, script.voices)


def parts() -> Path:
    """The sentences' parts that choices are put together from."""
    return Path(str(resources.files("ivr.centre"))) / "parts"


def _is_left_out(name: str) -> bool:
    return name == CHOICES or name.startswith(_WELCOME_OF_A_SITE)


def _choices(centre: Centre, language: str) -> Iterator[SpokenChoice]:
    said = {line.name: line for line in read_script(parts()).lines if line.language == language}
    for key, department in enumerate(centre.departments, 1):
        press = said[f"press.{key}"]
        if department.is_spoken:
            names = (f"for.{department.name}", press.name)
            words = f"{said[names[0]].words} {press.words}"
            yield SpokenChoice(words, words, names, is_true=True)
        else:
            words = f"For {department.titles[language]}, {press.words}"
            yield SpokenChoice(words, escape(words), (f"number.{key}",), is_true=False)
    for name in ("other_language", "again"):
        if name == "again" or _is_offered(centre, language):
            yield SpokenChoice(said[name].words, said[name].stand_in, (name,), is_true=True)


def _is_offered(centre: Centre, language: str) -> bool:
    """The other language is offered to those who hear the first."""
    return len(centre.languages) > 1 and language == centre.languages[0]


def _joined(language: str, choices: tuple[SpokenChoice, ...]) -> array[int]:
    pause = array("h", bytes(2 * round(_PAUSE_SECONDS * RATE)))
    samples = array("h")
    for choice in choices:
        if samples:
            samples.extend(pause)
        for part in choice.parts:
            samples.extend(read_samples(recording_path(parts(), language, part)))
    return samples


def _line(language: str, choices: tuple[SpokenChoice, ...]) -> ScriptLine:
    """What the recording says: other words than the script's where a part stands in for a title, so it is read anew."""
    text = " ".join(choice.stand_in if choice.is_true else choice.parts[0] for choice in choices)
    return ScriptLine(CHOICES, language, text, text)


def _script(shipped: Path, choices: Mapping[str, tuple[SpokenChoice, ...]]) -> str:
    text = (shipped / SCRIPT_FILE).read_text("utf-8")
    # As it lies there and not as `read_script` reads it: `when` is for people.
    tree = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - builds text only
    blocks = [
        _HEAD,
        _block({"voices": {one: tree["voices"][one] for one in choices}}),
        "prompts:\n",
    ]
    for name, entry in tree["prompts"].items():
        if name.startswith(_WELCOME_OF_A_SITE):
            continue
        told: dict[str, object] = {"when": entry["when"]}
        for language, spoken in choices.items():
            told[language] = _entry(spoken) if name == CHOICES else entry[language]
        indented = _block({name: told}).splitlines(keepends=True)
        blocks.append("".join(f"  {line}" for line in indented))
    return blocks[0] + "\n" + blocks[1] + "\n" + blocks[2] + "\n".join(blocks[3:])


def _entry(choices: tuple[SpokenChoice, ...]) -> object:
    words = " ".join(choice.words for choice in choices)
    stand_in = " ".join(choice.stand_in for choice in choices)
    return words if stand_in == escape(words) else {"words": words, "stand_in": stand_in}


def _block(tree: object) -> str:
    return yaml.safe_dump(tree, allow_unicode=True, sort_keys=False, width=110)
