"""Stand-ins: recordings that a machine reads until a person does.

`stand-ins.yaml` lists them, with the sha256 of each file and of the words that it says. A recording
that is not in the list, or that has another sum, is a person's; so one that somebody puts in place
by hand counts as theirs. A stand-in whose words have changed in the script is read anew.
"""

from __future__ import annotations

import hashlib
import os
import shlex
import subprocess
import tempfile
import wave
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO

import yaml

from ivr.audio.mastering import master
from ivr.audio.script import Reader, Script, ScriptLine
from ivr.audio.wav import replace_file, samples_from_bytes, write_recording
from ivr.errors import ProgramMissing, PromptRefused
from ivr.on_disk import as_on_disk
from ivr.regular_file import read_regular, read_regular_text

STAND_INS_FILE = "stand-ins.yaml"
ESPEAK = "espeak-ng"

_HEADING = """\
# Recordings that a machine reads until a person does: sha256 of the file, and of the words it says.
# Kept by `ivr prompts`; there is nothing to change by hand.
"""

PromptKey = tuple[str, str]
"""Language and name of a prompt."""


@dataclass(frozen=True, slots=True)
class StandIn:
    """Sums (sha256, hex) of a file and of the words that it says."""

    file: str
    words: str

    @classmethod
    def of(cls, path: Path, line: ScriptLine) -> StandIn:
        """The stand-in at `path`, which says `line`."""
        return cls(hashlib.sha256(read_regular(path)).hexdigest(), _sum_of_words(line))

    def is_at(self, path: Path) -> bool:
        """The file is this stand-in, not a person's recording in its place."""
        return hashlib.sha256(read_regular(path)).hexdigest() == self.file

    def says(self, line: ScriptLine) -> bool:
        """The words are still those of the script."""
        return _sum_of_words(line) == self.words


def _sum_of_words(line: ScriptLine) -> str:
    return hashlib.sha256(line.stand_in.encode()).hexdigest()


def read_stand_ins(folder: Path) -> dict[PromptKey, StandIn]:
    """The list of a folder of prompts; empty where there is none.

    Raises:
        PromptRefused: the list cannot be understood.
    """
    path = folder / STAND_INS_FILE
    try:
        text = read_regular_text(path)
        tree = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - builds text only
        return {
            (language, name): StandIn(str(sums["file"]), str(sums["words"]))
            for language, names in (tree or {}).items()
            for name, sums in names.items()
        }
    except FileNotFoundError:
        return {}
    except (
        OSError,
        UnicodeDecodeError,
        yaml.YAMLError,
        AttributeError,
        LookupError,
        TypeError,
    ) as fault:
        raise PromptRefused(
            str(path), "cannot be read; delete it and run: ivr prompts stand-ins --force"
        ) from fault


def write_stand_ins(folder: Path, listed: Mapping[PromptKey, StandIn]) -> None:
    """Write the list, sorted, so that a change shows as few lines."""
    tree: dict[str, dict[str, dict[str, str]]] = {}
    for language, name in sorted(listed):
        tree.setdefault(language, {})[name] = asdict(listed[language, name])
    text = _HEADING + yaml.safe_dump(tree)

    def write(file: BinaryIO) -> None:
        file.write(text.encode())

    replace_file(folder / STAND_INS_FILE, write)


def lines_to_read(folder: Path, script: Script, *, again: bool) -> list[ScriptLine]:
    """Lines that the machine shall read: without a recording, or with a stand-in of other words.

    With `again` every stand-in is read anew. A person's recording is never among them.
    """
    listed = read_stand_ins(folder)
    wanted = []
    for line in script.lines:
        path = recording_path(folder, line.language, line.name)
        stand_in = listed.get((line.language, line.name))
        if not path.exists() or (
            stand_in and stand_in.is_at(path) and (again or not stand_in.says(line))
        ):
            wanted.append(line)
    return wanted


def record_stand_ins(
    folder: Path, script: Script, lines: Iterable[ScriptLine], espeak: str = ESPEAK
) -> list[Path]:
    """Let the machine read `lines`, and list them as stand-ins. `espeak` is a command line.

    Raises:
        ProgramMissing: there is no espeak-ng.
        PromptRefused: it fails, or a language has no voice in the script.
    """
    listed = read_stand_ins(folder)
    written = []
    for line in lines:
        voice = script.voices.get(line.language)
        if voice is None:
            raise PromptRefused(
                line.name,
                f"no voice for the language {line.language}; add it to `voices:` in the script",
            )
        samples, rate = _read_aloud(line, voice, espeak)
        path = recording_path(folder, line.language, line.name)
        write_recording(path, master(samples, rate))
        listed[line.language, line.name] = StandIn.of(path, line)
        written.append(path)
    write_stand_ins(folder, listed)
    return written


def recording_path(folder: Path, language: str, name: str) -> Path:
    """Where the recording of a prompt lies, or is to lie."""
    return as_on_disk(folder / language / f"{name}.wav")


def _read_aloud(line: ScriptLine, voice: Reader, espeak: str) -> tuple[Sequence[int], int]:
    with tempfile.TemporaryDirectory() as scratch:
        spoken = Path(scratch) / "spoken.wav"
        command = [
            *shlex.split(espeak),
            *("-v", voice.voice, "-s", str(voice.speed), "-p", str(voice.pitch)),
            *("-m", "-b", "1", "--stdin", "-w", os.fspath(spoken)),
        ]
        try:
            subprocess.run(  # noqa: S603 - our own arguments; the words go in by stdin
                command, input=line.stand_in.encode(), capture_output=True, check=True, timeout=60
            )
        except (FileNotFoundError, PermissionError, NotADirectoryError):
            raise ProgramMissing(
                command[0],
                "to read the stand-ins aloud",
                "Run `ivr asterisk fetch --with espeak-ng`, install the package espeak-ng, or name it with "
                "--espeak or IVR_ESPEAK",
            ) from None
        except subprocess.CalledProcessError as fault:
            said = fault.stderr.decode(errors="replace").strip()[:300]
            raise PromptRefused(line.name, f"{command[0]} failed: {said or fault}") from fault
        except subprocess.TimeoutExpired as fault:
            raise PromptRefused(line.name, f"{command[0]} took longer than 60 s") from fault
        with wave.open(os.fspath(spoken), "rb") as recording:
            pcm = recording.readframes(recording.getnframes())
            return samples_from_bytes(pcm), recording.getframerate()
